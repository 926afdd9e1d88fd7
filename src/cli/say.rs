//! What people read, on standard error.

use std::io::{IsTerminal, Write};

use crate::{
    problem::{self, Problem, Severity},
    source::Sources,
};

/// Problems, the worst last, where eyes are; `quiet` leaves only errors.
pub fn problems(problems: &[Problem], sources: &Sources, quiet: bool) {
    let mut out = anstream::stderr().lock();
    let shown = |problem: &&Problem| !quiet || problem.code.severity() == Severity::Error;
    let mut all: Vec<&Problem> = problems.iter().filter(shown).collect();
    all.sort_by_key(|problem| std::cmp::Reverse(problem.code.severity()));
    for problem in &all {
        let _ = writeln!(out, "{}", problem::show(problem, sources, true).trim_end());
        let _ = writeln!(out);
    }
    let errors = all.iter().filter(|problem| problem.code.severity() == Severity::Error).count();
    if errors > 1 {
        let _ = writeln!(out, "{errors} errors; nothing was rendered");
    }
}

pub fn error(text: impl std::fmt::Display) {
    let style = anstyle_red();
    let _ = writeln!(anstream::stderr(), "{}error{}: {text}", style.0, style.1);
}

/// Something that went as asked, for those who watch.
pub fn done(text: impl std::fmt::Display, quiet: bool) {
    let text = text.to_string();
    if !quiet && !text.is_empty() && std::io::stderr().is_terminal() {
        let _ = writeln!(anstream::stderr(), "{text}");
    }
}

fn anstyle_red() -> (&'static str, &'static str) {
    ("\u{1b}[1m\u{1b}[91m", "\u{1b}[0m")
}
