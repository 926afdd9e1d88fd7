//! From texts to one tree of values that knows where each of them was written.
//!
//! preset or `extends` → profile → environment → `--set`. Every layer is parsed with spans and merged into one tree.

use std::collections::BTreeMap;

use crate::{
    key::Key,
    problem::Problem,
    source::{Sources, Span},
    tree::Note,
};

/// What to read, and how.
pub struct Request<'a> {
    /// The name of the profile as the user gave it; `extends` is relative to it.
    pub name: &'a str,
    pub text: Vec<u8>,
    /// The environment to lay over the profile.
    pub env: Option<&'a str>,
    /// Each `key=value`.
    pub set: &'a [String],
    /// Reads another file of the repository: path as resolved from `name`.
    pub read: &'a dyn Fn(&str) -> std::io::Result<Vec<u8>>,
}

/// The merged profile.
#[derive(Debug, Clone)]
pub struct Layered {
    /// All values, environments taken out.
    pub value: serde_json::Value,
    pub provenance: Provenance,
}

/// Where the key and the value of an entry stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub key: Span,
    pub value: Span,
}

/// Where everything in a merged profile came from.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    pub sources: Sources,
    pub origins: BTreeMap<Key, Origin>,
}

impl Provenance {
    /// Where a key, or the nearest table around it, got its value.
    pub fn value(&self, key: &Key) -> Option<Span> {
        self.nearest(key).map(|origin| origin.value.clone())
    }

    /// Where a key, or the nearest table around it, is written.
    pub fn key(&self, key: &Key) -> Option<Span> {
        self.nearest(key).map(|origin| origin.key.clone())
    }

    /// Whether the profile says anything about a key.
    pub fn has(&self, key: &Key) -> bool {
        self.origins.contains_key(key)
    }

    fn nearest(&self, key: &Key) -> Option<&Origin> {
        let mut key = key.clone();
        loop {
            if let Some(origin) = self.origins.get(&key) {
                return Some(origin);
            }
            key = key.parent()?;
        }
    }

    /// `reason (profile.toml:6)`: a note with the lines that decided it, or `(default)`.
    pub fn explain(&self, note: &Note) -> String {
        let mut lines: Vec<String> =
            note.keys.iter().filter_map(|key| self.origins.get(key)).map(|o| self.sources.line(&o.key)).collect();
        lines.dedup();
        let places = if lines.is_empty() { "default".to_owned() } else { lines.join(", ") };
        format!("{} ({places})", note.reason)
    }
}

/// Reads and merges every layer. All problems of one phase are found before it gives up.
///
/// # Errors
///
/// The problems, with the sources that they point into.
pub fn load(request: &Request<'_>) -> Result<Layered, (Vec<Problem>, Sources)> {
    let _ = request;
    todo!()
}
