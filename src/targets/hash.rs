//! A short hash of texts: it tells a platform that something changed which it does not look at by itself.

use sha2::{Digest, Sha256};

/// The first 64 bits of a SHA-256 in hexadecimal, over the texts and their lengths, so that none can pass for two.
pub fn hash<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
