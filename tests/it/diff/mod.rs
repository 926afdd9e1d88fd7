//! What differs between two renderings of the same, and what that does.

mod any;
mod documents;
mod fields;
mod hidden;
mod impact;
mod pairs;
mod secrets;

use render::{
    diff::{Document, Rules, compare, documents},
    report::{Change, Kind},
};
use serde_json::{Value, json};

/// The one document of a text.
fn document(text: &str) -> Document {
    in_file(text, "object.yaml")
}

fn in_file(text: &str, file: &str) -> Document {
    let mut all = documents(text, file).unwrap_or_else(|why| panic!("{why}: {text}"));
    assert_eq!(all.len(), 1, "{text}");
    all.remove(0)
}

fn deployment(spec: &str) -> Document {
    document(&format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: orders, namespace: prod}}\nspec: {spec}\n"
    ))
}

/// A Deployment with one container that says this.
fn container(says: &str) -> Document {
    deployment(&format!("{{template: {{spec: {{containers: [{{name: app, {says}}}]}}}}}}"))
}

fn changes(old: &Document, new: &Document) -> Vec<Change> {
    compare(Some(old), Some(new), &Rules::PLAIN)
}

/// `~ path: old -> new` of each change.
fn lines(changes: &[Change]) -> Vec<String> {
    let value = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    let line = |change: &Change| match change.change {
        Kind::Add => format!("+ {}: {}", change.path, value(&change.new_value)),
        Kind::Remove => format!("- {}: {}", change.path, value(&change.old_value)),
        Kind::Replace => format!("~ {}: {} -> {}", change.path, value(&change.old_value), value(&change.new_value)),
        Kind::Reorder => format!("% {}: {} -> {}", change.path, value(&change.old_value), value(&change.new_value)),
    };
    changes.iter().map(line).collect()
}

fn told(old: &Document, new: &Document) -> Vec<String> {
    lines(&changes(old, new))
}

fn config_map(data: Value) -> Document {
    Document::new(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data}), "a.yaml")
}
