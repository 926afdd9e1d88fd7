//! Hashes of content, as parts of names.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::tree::Node;

/// Eight hexadecimal digits that are the same as long as the content is, in whatever order its maps are written.
pub fn short(content: &Node) -> String {
    let mut canonical = serde_json::Value::from(content);
    canonical.sort_all_objects();
    let digest = Sha256::digest(canonical.to_string());
    digest.iter().take(4).fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}
