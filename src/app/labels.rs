//! Labels and annotations that users add.

use std::collections::BTreeMap;

use super::findings::Findings;
use crate::{key::Key, problem::Code};

/// Checks names and values as the Kubernetes API does (Kubernetes documentation, "Labels and Selectors").
pub fn labels(wanted: Option<BTreeMap<String, String>>, findings: &mut Findings<'_>) -> BTreeMap<String, String> {
    let table = Key::new("labels");
    let wanted = wanted.unwrap_or_default();
    for (name, value) in &wanted {
        let key = table.child(name.clone());
        check_name(name, &key, findings);
        if !is_label_value(value) {
            findings.value(
                Code::BadLabel,
                &key,
                format!("`{value}` cannot be the value of a label"),
                "not a label value",
                "use at most 63 letters, digits, `-`, `_` and `.`, or make it an annotation",
            );
        }
    }
    wanted
}

pub fn annotations(wanted: Option<BTreeMap<String, String>>, findings: &mut Findings<'_>) -> BTreeMap<String, String> {
    let table = Key::new("annotations");
    let wanted = wanted.unwrap_or_default();
    for name in wanted.keys() {
        check_name(name, &table.child(name.clone()), findings);
    }
    wanted
}

fn check_name(name: &str, key: &Key, findings: &mut Findings<'_>) {
    if !is_qualified_name(name) {
        findings.key(
            Code::BadLabel,
            key,
            format!("`{name}` cannot be the name of a label or annotation"),
            "not a qualified name",
            "write `name` or `example.com/name`: at most 63 letters, digits, `-`, `_` and `.` after the slash",
        );
    } else if name.starts_with("app.kubernetes.io/") {
        findings.key(
            Code::BadLabel,
            key,
            format!("`{name}` is written by the renderer"),
            "owned by the renderer",
            "choose another name: selectors depend on these labels",
        );
    }
}

/// At most 63 letters, digits, `-`, `_`, `.`, with a letter or digit at both ends; or nothing.
pub fn is_label_value(value: &str) -> bool {
    value.is_empty() || is_name(value)
}

fn is_name(name: &str) -> bool {
    let edge = |c: char| c.is_ascii_alphanumeric();
    name.len() <= 63
        && name.starts_with(edge)
        && name.ends_with(edge)
        && name.chars().all(|c| edge(c) || matches!(c, '-' | '_' | '.'))
}

fn is_qualified_name(name: &str) -> bool {
    match name.split_once('/') {
        None => is_name(name),
        Some((prefix, name)) => is_subdomain(prefix) && is_name(name),
    }
}

/// A DNS-1123 subdomain.
pub fn is_subdomain(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let label =
        |part: &str| part.starts_with(edge) && part.ends_with(edge) && part.chars().all(|c| edge(c) || c == '-');
    text.len() <= 253 && text.split('.').all(label)
}
