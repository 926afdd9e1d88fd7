//! The report itself, for programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::Report;

/// What the JSON is called. Another number is another language; keys that are added do not change it.
pub const SCHEMA: &str = "render/report/v1";

/// A report, and what wrote it.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Report")]
pub struct Signed<'a> {
    /// The language of this document: `render/report/v1`.
    schema: &'static str,
    tool: Tool,
    #[serde(flatten)]
    report: &'a Report,
}

/// The program that wrote the report.
#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

pub(super) fn write(report: &Report) -> String {
    let signed = Signed { schema: SCHEMA, tool: Tool { name: "render", version: VERSION }, report };
    let mut text = serde_json::to_string_pretty(&signed).unwrap_or_default();
    text.push('\n');
    text
}

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
