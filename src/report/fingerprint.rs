//! What a finding is recognised by, from one run to the next.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::entry::Entry;

/// One for each entry. They are made without line numbers, so that a line above changes none, and no two are equal:
/// GitLab would swallow the second.
pub(super) fn of(entries: &[Entry<'_>]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let fingerprint = |entry: &Entry<'_>| {
        let parts = [entry.code, entry.file().unwrap_or_default(), &entry.id].join("\0");
        let before = seen.entry(parts.clone()).or_default();
        *before += 1;
        hex(&format!("{parts}\0{before}"))
    };
    entries.iter().map(fingerprint).collect()
}

fn hex(text: &str) -> String {
    Sha256::digest(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
