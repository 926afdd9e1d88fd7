//! The schema of profiles, as far as these tests walk it.

use std::{collections::BTreeSet, sync::LazyLock};

use render::key::Key;
use serde_json::Value;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../schemas/profile.schema.json")).expect("the schema is JSON")
});

/// Every key, with `*` where users choose names and where items are counted.
pub fn keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    walk(&SCHEMA, "", &mut |key, _| {
        keys.insert(key.to_owned());
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
        if name != "defaults" {
            walk(property, &join(name), visit);
        }
    }
    let any = [schema.get("additionalProperties"), schema.get("items")];
    for (i, schema) in any.into_iter().enumerate().filter_map(|(i, any)| Some((i, any?))).filter(|(_, s)| s.is_object())
    {
        // Names are keys, numbers of items are not.
        if i == 0 {
            visit(&join("*"), schema);
        }
        // An environment is a profile again, and a process the main one: their keys are the same.
        let again = ["#", "#/definitions/Sibling"].map(Value::from);
        if schema.get("$ref").is_none_or(|target| !again.contains(target)) {
            walk(schema, &join("*"), visit);
        }
    }
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

pub fn find<'a>(model: &'a Value, key: &Key) -> Option<&'a Value> {
    key.segments().try_fold(model, |value, segment| match value {
        Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
        value => value.get(segment),
    })
}
