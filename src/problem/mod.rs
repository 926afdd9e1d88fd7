//! What the user must know or fix, and where it stands.

mod code;
mod excerpt;
pub(crate) mod near;
mod severity;
mod show;

pub use code::Code;
pub use severity::Severity;
pub use show::show;

use crate::source::Span;

/// One thing that is wrong, or worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub code: Code,
    /// What is wrong, in one line without a full stop; keys and values in backticks.
    pub title: String,
    /// Where, if it stands anywhere.
    pub span: Option<Span>,
    /// A few words under the caret.
    pub label: String,
    /// Other places that take part, each with a few words.
    pub related: Vec<(Span, String)>,
    /// What to do about it, as a sentence fragment.
    pub help: Option<String>,
    /// The text to put at a place instead, if it is certain.
    pub fix: Option<(Span, String)>,
}

impl Problem {
    pub fn new(code: Code, title: impl Into<String>) -> Self {
        Problem {
            code,
            title: title.into(),
            span: None,
            label: String::new(),
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    pub fn at(mut self, span: Option<Span>, label: impl Into<String>) -> Self {
        self.span = span;
        self.label = label.into();
        self
    }

    pub fn related(mut self, span: Option<Span>, label: impl Into<String>) -> Self {
        self.related.extend(span.map(|span| (span, label.into())));
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn fix(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        self.fix = span.map(|span| (span, text.into()));
        self
    }
}

/// Whether any of them keeps the profile from being rendered.
pub fn any_error(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.code.severity() == Severity::Error)
}

/// Sorts problems by where they stand, those without a place first, and keeps one of each.
pub fn sort(problems: &mut Vec<Problem>) {
    problems.sort_by_key(position);
    for problem in std::mem::take(problems) {
        let mut beside = problems.iter().rev().take_while(|other| other.span == problem.span);
        if !beside.any(|other| other.code == problem.code && other.title == problem.title) {
            problems.push(problem);
        }
    }
}

fn position(problem: &Problem) -> Option<(usize, usize, usize)> {
    problem.span.as_ref().map(|span| (span.source, span.range.start, span.range.end))
}
