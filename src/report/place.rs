//! Places in files that people write.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    layers::Provenance,
    source::{Sources, Span},
    tree::Note,
};

/// A place in a file that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// As people name it from the working folder, with `/`.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// From 1, in bytes: what Reviewdog counts.
    #[serde(skip)]
    pub byte: usize,
    /// The key of the profile that stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Place {
    /// Nothing of what is written in no file: `--set`, standard input, a shipped preset.
    pub fn at(span: &Span, sources: &Sources) -> Option<Self> {
        let source = sources.find(span.source).filter(|source| source.is_file())?;
        let (column, byte) = source.column(span.range.start);
        Some(Place { file: source.name.clone(), line: source.line(span.range.start), column, byte, key: None })
    }

    /// Where the key is written that decides a value, the first of several.
    pub fn of(note: &Note, provenance: &Provenance) -> Option<Self> {
        let mut keys = provenance.written_keys(note);
        keys.find_map(|(key, span)| Some(Place { key: Some(key.to_string()), ..Place::at(span, &provenance.sources)? }))
    }
}
