//! The schema of profiles, as far as these tests walk it.

use std::{collections::BTreeSet, sync::LazyLock};

use render::key::Key;
use serde_json::Value;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../schemas/profile.schema.json")).expect("the schema is JSON")
});

/// Every key, with `*` where users choose names and where items are counted. What workloads have like the profile
/// itself is told there.
pub fn keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    walk(&SCHEMA, "", &mut |key, _| {
        keys.insert(key.to_owned());
    });
    let top: BTreeSet<String> = keys.iter().filter(|key| !key.contains('.')).cloned().collect();
    keys.retain(|key| match key.split('.').collect::<Vec<_>>().as_slice() {
        ["defaults", _, _, ..] => false,
        ["processes" | "jobs" | "crons" | "sidecars" | "inits" | "companions", "*", own, ..] => !top.contains(*own),
        _ => true,
    });
    keys
}

/// The default of a key, if the schema tells one.
pub fn default(key: &str) -> Option<Value> {
    let mut found = None;
    walk(&SCHEMA, "", &mut |other, schema| {
        if other == key {
            found = found.take().or(schema.get("default").or(follow(schema).get("default")).cloned());
        }
    });
    found
}

/// The words that a key takes, if it takes only some.
pub fn choices(path: &[String]) -> Vec<Value> {
    let mut choices = Vec::new();
    walk(&SCHEMA, "", &mut |key, schema| {
        if super::profiles::matches(key, path) {
            words(schema, &mut choices);
        }
    });
    choices
}

fn words(schema: &Value, out: &mut Vec<Value>) {
    let schema = follow(schema);
    out.extend(schema.get("const").cloned());
    out.extend(schema.get("enum").and_then(Value::as_array).into_iter().flatten().cloned());
    forms(schema).for_each(|form| words(form, out));
}

fn walk(schema: &Value, path: &str, visit: &mut dyn FnMut(&str, &Value)) {
    let schema = follow(schema);
    let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        visit(&join(name), property);
        walk(property, &join(name), visit);
    }
    let by_pattern = schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
    let by_name = schema.get("additionalProperties").into_iter().chain(by_pattern.map(|(_, schema)| schema));
    for schema in by_name.filter(|schema| schema.is_object()) {
        visit(&join("*"), schema);
        // An environment is a profile again.
        if schema.get("$ref") != Some(&"#".into()) {
            walk(schema, &join("*"), visit);
        }
    }
    // Names are keys, numbers of items are not.
    schema.get("items").into_iter().for_each(|items| walk(items, &join("*"), visit));
    forms(schema).for_each(|form| walk(form, path, visit));
}

fn forms(schema: &Value) -> impl Iterator<Item = &Value> {
    ["anyOf", "oneOf"].into_iter().filter_map(|form| schema.get(form)?.as_array()).flatten()
}

fn follow(schema: &Value) -> &Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix("#/definitions/"));
    name.map_or(schema, |name| &SCHEMA["definitions"][name])
}

/// The keys in which two merged profiles differ. Lists count as one value, but for patches.
pub fn differences(a: &Value, b: &Value) -> Vec<Key> {
    fn walk(a: Option<&Value>, b: Option<&Value>, at: &Key, out: &mut Vec<Key>) {
        match (a, b) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                    walk(a.get(key), b.get(key), &at.child(key.as_str()), out);
                }
            }
            _ if a == b => {}
            _ => out.push(at.clone()),
        }
    }
    let mut out = Vec::new();
    walk(Some(a), Some(b), &Key::ROOT, &mut out);
    out
}
