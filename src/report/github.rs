//! Workflow commands of GitHub Actions: annotations beside the lines of a pull request.

use super::{
    Report,
    entry::{Entry, entries},
    text::number,
};
use crate::problem::Severity;

/// GitHub shows ten annotations of a step, and drops the others without a word.
const MOST: usize = 10;

pub(super) fn write(report: &Report) -> String {
    let entries = entries(report);
    let shown = if entries.len() > MOST { MOST - 1 } else { entries.len() };
    let mut text: String = entries[..shown].iter().map(annotation).collect();
    if let Some(next) = entries.get(shown) {
        let count = number(entries.len() - shown, "more finding");
        let word = word(next.severity);
        text.push_str(&format!(
            "::{word} title=render::and {}\n",
            message(&format!("{count}: see the log, or the summary"))
        ));
    }
    text
}

fn annotation(entry: &Entry<'_>) -> String {
    let mut properties: Vec<String> = entry.file().iter().map(|file| format!("file={}", property(file))).collect();
    if let Some(place) = entry.place {
        properties.push(format!("line={},col={}", place.line, place.column));
    }
    properties.push(format!("title={}", property(&format!("render: {}", entry.code))));
    format!("::{} {}::{}\n", word(entry.severity), properties.join(","), message(&entry.message))
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// A line end would begin another command (actions/toolkit, `packages/core/src/command.ts`).
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
