//! Code Quality of GitLab (GitLab Docs, "Code Quality report format").

use serde_json::{Value, json};

use super::{Report, entry::entries, fingerprint};
use crate::problem::Severity;

pub(super) fn write(report: &Report) -> String {
    let entries = entries(report);
    let findings = entries.iter().zip(fingerprint::of(&entries)).map(|(entry, fingerprint)| {
        json!({
            "description": entry.message,
            "check_name": entry.code,
            "fingerprint": fingerprint,
            "severity": match entry.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            },
            // Both are needed. What has no line is of the whole file.
            "location": {"path": entry.file().unwrap_or("."), "lines": {"begin": entry.line().unwrap_or(1)}},
        })
    });
    format!("{:#}\n", Value::Array(findings.collect()))
}
