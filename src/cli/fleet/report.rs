//! What people read of a run over many profiles.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    path::Path,
};

use super::{super::say, look::Looked};
use crate::{deliver::Finding, problem::Severity};

/// An error as [`say::error`] tells it, to be told later.
pub fn error(text: &dyn Display) -> String {
    format!("{0}error{0:#}: {text}", say::ERROR)
}

/// Tells the problems of all profiles in their order. Of many profiles, warnings are counted.
pub fn problems(all: &[Looked], brief: bool, quiet: bool) {
    let mut counted: BTreeMap<Severity, usize> = BTreeMap::new();
    let mut of = BTreeSet::new();
    for looked in all {
        for (severity, text) in &looked.told {
            if brief && *severity != Severity::Error {
                *counted.entry(*severity).or_default() += 1;
                of.insert(&looked.path);
            } else if *severity == Severity::Error || !quiet {
                say::told(text);
            }
        }
    }
    let counts: Vec<String> = [(Severity::Warning, "warning"), (Severity::Note, "note")]
        .into_iter()
        .filter_map(|(severity, word)| Some(number(*counted.get(&severity)?, word)))
        .collect();
    if let Some(first) = of.first() {
        let text = format!(
            "{} about {}\nhelp: `render all {}` tells those of one",
            counts.join(" and "),
            number(of.len(), "profile"),
            first.display()
        );
        say::warning(text, quiet);
    }
}

/// `deploy: 3 profiles, 42 files: 2 stale, 1 missing`.
pub fn summary(root: &Path, all: &[Looked], kept: usize, findings: &[Finding]) -> String {
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *states.entry(finding.state.name()).or_default() += 1;
    }
    let files = number(kept + findings.len(), "file");
    let states: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let what = if states.is_empty() { " as rendered".to_owned() } else { format!(": {}", states.join(", ")) };
    format!("{}: {}, {files}{what}{}", root.display(), profiles(all), failed(all))
}

/// How many profiles were asked for.
pub fn profiles(all: &[Looked]) -> String {
    let asked = all.iter().filter(|looked| !looked.is_passed_over).count();
    match asked == all.len() {
        true => number(asked, "profile"),
        false => format!("{asked} of {}", number(all.len(), "profile")),
    }
}

/// How many of them were not rendered.
pub fn failed(all: &[Looked]) -> String {
    match all.iter().filter(|looked| looked.is_wrong).count() {
        0 => String::new(),
        count => format!("; {} with errors", number(count, "profile")),
    }
}

pub fn number(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
