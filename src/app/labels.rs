//! Labels and annotations that users add.

use std::collections::BTreeMap;

use super::findings::Findings;
use crate::{key::Key, problem::Code};

/// Checks names and values as the Kubernetes API does (Kubernetes documentation, "Labels and Selectors").
pub fn labels(
    wanted: Option<BTreeMap<String, String>>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, String> {
    let table = at.below("labels");
    let wanted = wanted.unwrap_or_default();
    for (name, value) in &wanted {
        let key = table.child(name.clone());
        check_name(name, &key, findings);
        check_value(value, &key, findings);
        check_not_compose(name, &key, findings);
    }
    wanted
}

/// Labels of a Compose service alone: any name without blanks or `=`, and any value (Compose specification, `labels`).
pub fn compose_labels(
    wanted: Option<BTreeMap<String, String>>,
    table: &Key,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, String> {
    let wanted = wanted.unwrap_or_default();
    for name in wanted.keys() {
        let key = table.child(name.clone());
        let bad = |c: char| c == '=' || c == '$' || c.is_whitespace() || c.is_control();
        if name.is_empty() || name.contains(bad) {
            findings.key(
                Code::BadLabel,
                &key,
                format!("`{name}` cannot be the name of a label"),
                "not a name",
                "use a name without blanks, `=` and `$`, as in \"traefik.enable\"",
            );
        }
        check_not_compose(name, &key, findings);
    }
    wanted
}

/// Compose stops at its own labels (Compose specification, `labels`).
fn check_not_compose(name: &str, key: &Key, findings: &mut Findings<'_>) {
    if name.starts_with("com.docker.compose") {
        findings.key(
            Code::BadLabel,
            key,
            format!("`{name}` is a label that Compose writes itself"),
            "owned by Compose",
            "choose another name",
        );
    }
}

fn check_value(value: &str, key: &Key, findings: &mut Findings<'_>) {
    if !is_label_value(value) {
        findings.value(
            Code::BadLabel,
            key,
            format!("`{value}` cannot be the value of a label"),
            "not a label value",
            "use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends",
        );
    }
}

/// What all annotations of an object may hold together (Kubernetes, `TotalAnnotationSizeLimitB`).
const MOST_ANNOTATIONS: usize = 256 << 10;

/// Annotations of every object, by the rules of the Kubernetes API.
pub fn annotations(
    wanted: Option<BTreeMap<String, String>>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, String> {
    let wanted = wanted.unwrap_or_default();
    check_annotations(&wanted, &at.below("annotations"), findings);
    wanted
}

/// Names, and the size of all together.
pub fn check_annotations(wanted: &BTreeMap<String, String>, table: &Key, findings: &mut Findings<'_>) {
    for name in wanted.keys() {
        check_name(name, &table.child(name.clone()), findings);
    }
    let size: usize = wanted.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > MOST_ANNOTATIONS {
        findings.key(
            Code::BadLabel,
            table,
            format!("the annotations are {} KiB together", size.div_ceil(1024)),
            "more than the 256 KiB of an object",
            "keep large texts elsewhere, and annotate where they are",
        );
    }
}

/// Labels of nodes, to select by.
pub fn check_selector(wanted: &BTreeMap<String, String>, table: &Key, findings: &mut Findings<'_>) {
    for (name, value) in wanted {
        let key = table.child(name.clone());
        if !is_qualified_name(name) {
            not_qualified(name, &key, findings);
        }
        check_value(value, &key, findings);
    }
}

/// The key and value of a taint are those of a label.
pub fn check_taint(name: Option<&str>, value: Option<&str>, toleration: &Key, findings: &mut Findings<'_>) {
    if let Some(name) = name.filter(|name| !is_qualified_name(name)) {
        not_qualified(name, &toleration.below("key"), findings);
    }
    if let Some(value) = value {
        check_value(value, &toleration.below("value"), findings);
    }
}

/// The labels that Kubernetes recommends, below `app.kubernetes.io/`: every object has them from us (Kubernetes
/// documentation, "Recommended Labels").
const OWN: [&str; 6] = ["name", "instance", "version", "component", "part-of", "managed-by"];

fn check_name(name: &str, key: &Key, findings: &mut Findings<'_>) {
    if !is_qualified_name(name) {
        not_qualified(name, key, findings);
    } else if name.strip_prefix("app.kubernetes.io/").is_some_and(|name| OWN.contains(&name)) {
        findings.key(
            Code::BadLabel,
            key,
            format!("`{name}` is written by the renderer"),
            "owned by the renderer",
            "choose another name: selectors depend on these labels",
        );
    }
}

fn not_qualified(name: &str, key: &Key, findings: &mut Findings<'_>) {
    findings.key(
        Code::BadLabel,
        key,
        format!("`{name}` cannot be the name of a label, annotation or taint"),
        "not a qualified name",
        "write `name` or `example.com/name`: at most 63 letters, digits, `-`, `_` and `.` after the slash",
    );
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

/// The name of an object, or of a namespace.
pub fn check_object_name(name: &str, longest: usize, key: &Key, findings: &mut Findings<'_>) {
    if !is_subdomain(name) || name.len() > longest {
        findings.value(
            Code::BadName,
            key,
            if name.is_empty() {
                "an object in a cluster has a name".to_owned()
            } else {
                format!("`{name}` cannot be the name of an object in a cluster")
            },
            "not a name",
            format!("use at most {longest} lower-case letters, digits and `-`, with a letter or digit at both ends"),
        );
    }
}

/// A DNS-1123 label.
pub fn is_label(text: &str) -> bool {
    text.len() <= 63 && !text.contains('.') && is_subdomain(text)
}

/// A DNS-1123 subdomain.
pub fn is_subdomain(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let label =
        |part: &str| part.starts_with(edge) && part.ends_with(edge) && part.chars().all(|c| edge(c) || c == '-');
    text.len() <= 253 && text.split('.').all(label)
}
