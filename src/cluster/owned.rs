//! Who owns which fields: `metadata.managedFields` of a live object (Kubernetes API, `ManagedFieldsEntry`, `FieldsV1`).

use serde_json::{Map, Value};

/// What one manager has said of an object in one way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry<'a> {
    pub manager: &'a str,
    /// By server-side apply; otherwise by writing it.
    pub is_apply: bool,
    /// Through `scale` or `status`, if not the object itself.
    pub subresource: &'a str,
    pub fields: &'a Map<String, Value>,
}

pub(super) fn entries(live: &Value) -> Vec<Entry<'_>> {
    live["metadata"]["managedFields"].as_array().into_iter().flatten().filter_map(entry).collect()
}

fn entry(entry: &Value) -> Option<Entry<'_>> {
    Some(Entry {
        manager: entry["manager"].as_str()?,
        is_apply: entry["operation"] == "Apply",
        subresource: entry["subresource"].as_str().unwrap_or_default(),
        fields: entry["fieldsV1"].as_object()?,
    })
}

/// What owns a place itself, beside what is below it.
pub(super) const SELF: &str = ".";

/// Fields of several entries as one tree.
pub(super) fn together<'a>(entries: impl IntoIterator<Item = &'a Entry<'a>>) -> Map<String, Value> {
    let mut all = Map::new();
    for entry in entries {
        merge(&mut all, entry.fields);
    }
    all
}

/// What several entries were told to say, as one tree. Who writes an object instead of applying it owns the defaults of
/// the server as well: of these entries only what has no default counts.
pub(super) fn said<'a>(entries: impl IntoIterator<Item = &'a Entry<'a>>) -> Map<String, Value> {
    let mut all = Map::new();
    for entry in entries {
        match entry.is_apply {
            true => merge(&mut all, entry.fields),
            false => merge(&mut all, &without_defaults("", entry.fields)),
        }
    }
    all
}

/// Maps of which nobody but people fills in a key.
const FREE: &[&str] =
    &["f:annotations", "f:binaryData", "f:data", "f:labels", "f:limits", "f:nodeSelector", "f:requests"];

/// Fields that are there because somebody wants them.
const WANTED: &[&str] = &[
    "f:affinity",
    "f:args",
    "f:command",
    "f:egress",
    "f:envFrom",
    "f:hostAliases",
    "f:ingress",
    "f:lifecycle",
    "f:livenessProbe",
    "f:minReadySeconds",
    "f:priorityClassName",
    "f:readinessProbe",
    "f:startupProbe",
    "f:tolerations",
    "f:workingDir",
];

fn without_defaults(above: &str, fields: &Map<String, Value>) -> Map<String, Value> {
    let mut kept = Map::new();
    for (key, below) in fields.iter().filter(|(key, _)| *key != SELF) {
        let inner = below.as_object().map(|below| without_defaults(key, below)).unwrap_or_default();
        let is_wanted = key.starts_with("k:") || FREE.contains(&above) || WANTED.contains(&key.as_str());
        if is_wanted || !inner.is_empty() {
            kept.insert(key.clone(), Value::Object(inner));
        }
    }
    kept
}

fn merge(all: &mut Map<String, Value>, more: &Map<String, Value>) {
    for (key, value) in more {
        let below = all.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
        if let (Value::Object(below), Value::Object(value)) = (below, value) {
            // A leaf is owned itself, whatever others own below it.
            if value.is_empty() && key != SELF {
                below.insert(SELF.into(), Value::Object(Map::new()));
            }
            merge(below, value);
        }
    }
}

/// Whether an autoscaler has the last word on replicas.
pub(super) fn is_scaled(entries: &[Entry<'_>]) -> bool {
    entries.iter().any(|entry| {
        entry.manager == "kube-controller-manager"
            && entry.subresource == "scale"
            && entry.fields.get("f:spec").is_some_and(|spec| spec.get("f:replicas").is_some())
    })
}
