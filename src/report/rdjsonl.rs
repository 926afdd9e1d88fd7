//! A line of JSON for each finding, for Reviewdog (reviewdog, `proto/rdf/reviewdog.proto`).

use serde_json::json;

use super::{Fix, Place, Report, entry::entries};
use crate::problem::Severity;

pub(super) fn write(report: &Report) -> String {
    let mut text = String::new();
    for entry in entries(report) {
        let mut location = json!({"path": entry.file().unwrap_or(".")});
        if let Some(place) = entry.place {
            location["range"] = json!({"start": {"line": place.line, "column": place.byte}});
        }
        let severity = match entry.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Note => "INFO",
        };
        let mut finding = json!({
            "message": entry.message,
            "location": location,
            "severity": severity,
            "source": {"name": "render"},
            "code": {"value": entry.code},
        });
        if let Some(Fix { from, to, text }) = entry.fix.filter(|fix| entry.file() == Some(fix.from.file.as_str())) {
            let at = |place: &Place| json!({"line": place.line, "column": place.byte});
            finding["suggestions"] = json!([{"range": {"start": at(from), "end": at(to)}, "text": text}]);
        }
        text.push_str(&format!("{finding}\n"));
    }
    text
}
