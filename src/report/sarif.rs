//! SARIF 2.1.0, for code scanning (OASIS Standard of 27 March 2020; GitHub Docs, "SARIF support for code scanning").

use serde_json::{Value, json};

use super::{
    Command, Fix, Report,
    entry::{Entry, entries},
    fingerprint,
    json::VERSION,
};
use crate::problem::{Code, Severity};

/// GitHub refuses a run with more, and shows the 5,000 that weigh most; ours come first.
const MOST: usize = 25_000;

pub(super) fn write(report: &Report) -> String {
    let entries = entries(report);
    let mut rules: Vec<(&str, Severity)> = entries.iter().map(|entry| (entry.code, entry.severity)).collect();
    rules.sort_unstable();
    rules.dedup_by_key(|(code, _)| *code);
    let results: Vec<Value> =
        entries.iter().zip(fingerprint::of(&entries)).take(MOST).map(|(entry, id)| result(entry, id, &rules)).collect();
    let command = match report.command {
        Command::Check => "check",
        Command::Diff => "diff",
    };
    let mut run = json!({
        "tool": {"driver": {"name": "render", "version": VERSION, "rules": rules.iter().map(rule).collect::<Vec<_>>()}},
        "automationDetails": {"id": format!("render/{command}/")},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.summary.errors == 0}],
        "results": results,
    });
    if entries.len() > MOST {
        let text = format!("{} results are left out: a run takes {MOST}", entries.len() - MOST);
        run["invocations"][0]["toolExecutionNotifications"] = json!([{"level": "warning", "message": {"text": text}}]);
    }
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    format!("{log:#}\n")
}

fn rule((code, severity): &(&str, Severity)) -> Value {
    let about = about(code);
    json!({
        "id": code,
        "shortDescription": {"text": about},
        "fullDescription": {"text": about},
        "help": {"text": "The message says what to do about it."},
        "defaultConfiguration": {"level": severity.name()},
    })
}

/// What a rule is about: GitHub shows none without.
fn about(code: &str) -> &str {
    match code {
        "missing" => "A rendered file is not there",
        "stale" => "A rendered file is of an older profile or renderer",
        "edited" => "A rendered file was edited by hand",
        "stale+edited" => "A rendered file was edited by hand, and something else is rendered now",
        "reformatted" => "A rendered file has another layout",
        "orphan" => "A file was rendered once, and is no more",
        "rival" => "A file would be read instead of what is rendered",
        "linked" => "A link lies where a rendered file belongs",
        "blocked" => "Something lies where a rendered file belongs",
        "rollout" => "Applying it replaces pods or containers",
        "recreate" => "The object has to be deleted and made again",
        "delete" => "The object is deleted",
        "create" => "The object is made",
        "in-place" => "Applied to what runs",
        "metadata" => "Labels and annotations alone change",
        "other" => "A rendered file is of another profile or environment",
        "foreign" => "A file that is not rendered lies among those that are",
        "none" => "No value changes",
        "cannot-compare" => "A folder cannot be compared",
        "same-folder" => "Two profiles would be written into one folder",
        problem => Code::ALL.iter().find(|known| known.name() == problem).map_or(problem, |known| known.about()),
    }
}

fn result(entry: &Entry<'_>, fingerprint: String, rules: &[(&str, Severity)]) -> Value {
    let mut result = json!({
        "ruleId": entry.code,
        "ruleIndex": rules.iter().position(|(code, _)| *code == entry.code),
        "level": entry.severity.name(),
        "message": {"text": entry.message},
        "partialFingerprints": {"renderFinding/v1": fingerprint},
    });
    if let Some(file) = entry.file() {
        let mut place = json!({"artifactLocation": artifact(file)});
        // Where no line is known it is of the whole file, which GitHub shows at its first line.
        let (line, column) = entry.place.map_or((1, 1), |place| (place.line, place.column));
        place["region"] = json!({"startLine": line, "startColumn": column});
        result["locations"] = json!([{"physicalLocation": place}]);
    }
    if let Some(fix) = entry.fix {
        result["fixes"] = json!([replacement(fix)]);
    }
    result
}

fn replacement(Fix { from, to, text }: &Fix) -> Value {
    let region = json!({
        "startLine": from.line, "startColumn": from.column, "endLine": to.line, "endColumn": to.column,
    });
    json!({
        "description": {"text": "write it like this"},
        "artifactChanges": [{
            "artifactLocation": artifact(&from.file),
            "replacements": [{"deletedRegion": region, "insertedContent": {"text": text}}],
        }],
    })
}

/// A file as a URI, relative to the root of the sources unless it lies elsewhere.
fn artifact(file: &str) -> Value {
    let encoded: String = file.bytes().map(encode).collect();
    match file.starts_with('/') {
        true => json!({"uri": format!("file://{encoded}")}),
        false => json!({"uri": encoded, "uriBaseId": "%SRCROOT%"}),
    }
}

/// RFC 3986, "Unreserved Characters", and the slash between the parts of a path.
fn encode(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    }
}
