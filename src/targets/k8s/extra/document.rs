//! The documents of one file, each at its place.

use serde_json::Value;

use super::{Raw, object};
use crate::{
    app::{App, Extra},
    problem::{Code, Problem},
    source::Span,
    targets::yaml::{self, Refused},
    tree::{Path, Step},
};

/// Every object of a file; what is none is a problem.
pub fn read<'a>(app: &App, file: &'a Extra, problems: &mut Vec<Problem>) -> Vec<Raw<'a>> {
    let source = app.provenance.beside(&file.path);
    let mut all = Vec::new();
    let mut is_empty = true;
    for (start, text) in documents(&file.text).into_iter().filter(|(_, text)| has_content(text)) {
        is_empty = false;
        let here = Here { source, start, text };
        match yaml::read(text) {
            Ok(value) => all.extend(object::object(app, file, value, &here, problems)),
            Err(refused) => problems.push(here.refused(refused)),
        }
    }
    if is_empty {
        problems.push(
            Problem::new(Code::NoEffect, format!("`{}` holds no object", file.path))
                .at(app.provenance.value(&file.key), "found here")
                .help("write an object into it, or take it away"),
        );
    }
    all
}

/// A document in its file.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    source: Option<usize>,
    /// Where it begins.
    start: usize,
    text: &'a str,
}

impl Here<'_> {
    pub fn bad(&self, title: impl Into<String>, label: &str, help: &str) -> Problem {
        Problem::new(Code::BadExtra, title).at(self.span(), label).help(help)
    }

    /// Its first line that says something.
    pub fn span(&self) -> Option<Span> {
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            if says_something(line) {
                return self.range(at, line.trim_end().len());
            }
            at += line.len();
        }
        self.range(0, 0)
    }

    /// The line that begins with a key, if only one does.
    pub fn key(&self, key: &str) -> Option<Span> {
        let mut at = 0;
        let mut lines = Vec::new();
        for line in self.text.split_inclusive('\n') {
            let words = line.trim_start_matches([' ', '-']);
            if words.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')) {
                lines.push(at + line.len() - words.len());
            }
            at += line.len();
        }
        if let [only] = lines.as_slice() { self.range(*only, key.len()) } else { self.span() }
    }

    fn range(&self, at: usize, length: usize) -> Option<Span> {
        let start = self.start + at;
        Some(Span { source: self.source?, range: start..start + length })
    }

    /// A line and a column, both from 1.
    fn place(&self, (line, column): (u64, u64)) -> Option<Span> {
        let above = usize::try_from(line.checked_sub(1)?).ok()?;
        let before: usize = self.text.split_inclusive('\n').take(above).map(str::len).sum();
        let rest = self.text.get(before..)?.split('\n').next()?;
        let column = usize::try_from(column.checked_sub(1)?).ok()?;
        let (at, length) = rest.char_indices().nth(column).map_or((rest.len(), 0), |(at, c)| (at, c.len_utf8()));
        self.range(before + at, length)
    }

    fn refused(&self, refused: Refused) -> Problem {
        let at = |place: Option<(u64, u64)>| place.and_then(|place| self.place(place)).or_else(|| self.span());
        match refused {
            Refused::TooLarge(place) => Problem::new(Code::BadExtra, "the object is too large")
                .at(at(place), "more than an object of any kind has"),
            Refused::Broken { why, at: place } => Problem::new(Code::BadExtra, format!("this is not YAML: {why}"))
                .at(at(place), "not YAML")
                .help("write objects as they are applied, without tags and templates, and `---` between them"),
            Refused::Ambiguous { at: path, spelled } => {
                let title = format!("`{spelled}` at `{path}` is read in two ways");
                let help =
                    format!("write \"{spelled}\" if the text is meant, otherwise `true`, `false` or a plain number");
                Problem::new(Code::BadExtra, title).at(self.key(last_key(&path)), "ambiguous YAML").help(help)
            }
        }
    }
}

/// The last name on a way through a document.
pub fn last_key(path: &Path) -> &str {
    let keys = path.steps().iter().rev().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_ref()),
        Step::Item { .. } | Step::Index(_) => None,
    });
    keys.into_iter().next().unwrap_or_default()
}

/// Whether a document says anything at all.
fn has_content(text: &str) -> bool {
    text.lines().any(says_something)
}

fn says_something(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// The documents of a stream, each with where it begins. A marker at the beginning of a line ends a document wherever
/// it stands (YAML 1.2.2, 9.1.2).
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut starts = vec![(0, 0)];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let marker = ["---", "..."].iter().find_map(|marker| line.strip_prefix(marker));
        if marker.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) {
            starts.push((at, at + 3));
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).map(|(end, _)| *end).chain([text.len()]);
    starts.iter().zip(ends).map(|((_, start), end)| (*start, &text[*start..end])).collect()
}

/// Whether a value is there, and more than nothing.
pub fn is_said(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}
