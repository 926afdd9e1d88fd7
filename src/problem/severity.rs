//! How much a problem weighs.

use schemars::JsonSchema;
use serde::Serialize;

/// How much a problem weighs. Only errors change the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is rendered.
    Error,
    /// Rendered, but probably not what is wanted in production.
    Warning,
    /// Rendered as asked; worth knowing.
    Note,
}

impl Severity {
    /// As people read it, and as SARIF calls it. Other formats have words of their own.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}
