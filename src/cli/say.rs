//! What people read, on standard error.

use std::io::Write;

use clap::builder::styling::{AnsiColor, Style};

use super::color;
use crate::{
    deliver,
    problem::{self, Problem, Severity},
    source::Sources,
};

/// Problems, the worst last, where eyes are; `quiet` leaves only errors.
pub fn problems(problems: &[Problem], sources: &Sources, quiet: bool) {
    let mut out = color::stderr();
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

/// What was asked for, on standard output. A reader that has seen enough is no failure.
///
/// # Errors
/// Anything else that keeps it from being written: a report that nobody gets is no report.
pub fn printed(text: &str, styled: bool) -> Result<(), deliver::Error> {
    match styled {
        true => deliver::pass(text, &mut color::stdout()),
        false => deliver::pass(text, &mut std::io::stdout().lock()),
    }
}

/// Help, or what is wrong with the arguments. A reader that went away is no failure of ours.
pub fn usage(text: impl std::fmt::Display, is_wrong: bool) {
    let _ = if is_wrong { write!(color::stderr(), "{text}") } else { write!(color::stdout(), "{text}") };
}

/// Something that went wrong outside the profile.
pub fn error(text: impl std::fmt::Display) {
    let _ = writeln!(color::stderr(), "{ERROR}error{ERROR:#}: {text}");
}

/// What [`error`] would tell.
pub fn shown(text: &str) {
    let _ = writeln!(color::stderr(), "{text}");
}

/// A problem that was shown as text before.
pub fn told(text: &str) {
    let _ = writeln!(color::stderr(), "{}\n", text.trim_end());
}

/// Something that is not wrong yet.
pub fn warning(text: impl std::fmt::Display, quiet: bool) {
    if !quiet {
        let _ = writeln!(color::stderr(), "{WARNING}warning{WARNING:#}: {text}");
    }
}

/// Something that went as asked.
pub fn done(text: impl std::fmt::Display, quiet: bool) {
    if !quiet {
        let _ = writeln!(color::stderr(), "{text}");
    }
}

/// As warnings about a profile are shown.
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// As errors in a profile are shown.
pub const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
