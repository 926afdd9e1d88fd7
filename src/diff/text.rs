//! Texts of lines.

use similar::TextDiff;

/// As many lines stand around a change.
const CONTEXT: usize = 3;

/// What differs between two texts, as `diff -u` says it, without the names of files.
pub fn unified(old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().context_radius(CONTEXT).missing_newline_hint(false).to_string()
}
