//! Our schema of Compose files: as wide as our table of fields, and as the specification.

use std::collections::BTreeSet;

use proptest::prelude::*;
use render::targets::compose::{
    difference::difference,
    fields::{Class, GROUPS},
};
use serde_json::{Value, json};

use super::compose_docs::document;

/// Fields of the specification since Docker Compose 2.40, the version that judges our output: it refuses them.
const NEWER: &[&str] = &[
    "jobs",
    "services.*.build.no_cache_filter",
    "services.*.networks.*.use_service_name_alias",
    "services.*.pre_start",
    "services.*.umask",
];

fn ours() -> Value {
    serde_json::from_str(include_str!("../../schemas/compose.schema.json")).unwrap()
}

/// The paths of all named fields of a schema; `*` is any key of a map and any item of a list.
fn paths(root: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(root, root, &mut Vec::new(), &mut found);
    found
}

fn walk<'a>(root: &'a Value, schema: &'a Value, path: &mut Vec<&'a str>, found: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return walk(root, root.pointer(&reference[1..]).unwrap(), path, found);
    }
    if path.last().is_some_and(|key| *key != "*") {
        found.insert(path.join("."));
    }
    for form in ["anyOf", "oneOf", "allOf"].iter().filter_map(|word| schema[*word].as_array()).flatten() {
        walk(root, form, path, found);
    }
    let named = schema["properties"].as_object().into_iter().flatten().map(|(key, schema)| (key.as_str(), schema));
    let patterns = schema["patternProperties"].as_object().into_iter().flatten();
    let patterns = patterns.filter(|(pattern, _)| *pattern != "^x-").map(|(_, schema)| ("*", schema));
    let others = ["items", "additionalProperties"].iter().map(|word| ("*", &schema[*word]));
    for (key, schema) in named.chain(patterns).chain(others.filter(|(_, schema)| schema.is_object())) {
        path.push(key);
        walk(root, schema, path, found);
        path.pop();
    }
}

fn table() -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for group in GROUPS {
        for (at, (_, names)) in group.at.iter().flat_map(|at| group.fields.iter().map(move |field| (at, field))) {
            for name in names.split(' ').filter(|name| *name != "*") {
                let new = paths.insert(if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") });
                assert!(new, "{at}.{name} is in the table twice");
            }
        }
    }
    paths
}

#[test]
fn the_table_and_the_schema_have_the_same_fields() {
    let (schema, table) = (paths(&ours()), table());
    assert_eq!(schema.difference(&table).collect::<Vec<_>>(), [""; 0], "only in the schema");
    assert_eq!(table.difference(&schema).collect::<Vec<_>>(), [""; 0], "only in the table");
}

#[test]
fn what_comes_first_and_what_is_needed_is_in_the_table() {
    let table = table();
    for group in GROUPS {
        for name in group.first.iter().chain(group.needs).filter(|name| !name.ends_with('*')) {
            assert!(group.at.iter().all(|at| table.contains(format!("{at}.{name}").trim_start_matches('.'))), "{name}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plausible_documents_are_valid(root in document()) {
        let validator = jsonschema::validator_for(&ours()).unwrap();
        let value = Value::from(&root);
        prop_assert!(validator.validate(&value).is_ok(), "{:?}", validator.iter_errors(&value).map(|e| e.to_string()).collect::<Vec<_>>());
    }

    /// dclint reads an override alone, and takes `!reset {}` for an empty map, `!reset null` for a text.
    #[test]
    fn overrides_are_valid_alone(base in document(), wanted in document()) {
        let validator = jsonschema::validator_for(&ours()).unwrap();
        let value = as_dclint_reads(&difference(&base, &wanted));
        prop_assert!(validator.validate(&value).is_ok(), "{:?}", validator.iter_errors(&value).map(|e| e.to_string()).collect::<Vec<_>>());
    }
}

/// The forms that a schema allows, as far as they stand in it.
fn forms<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    match (&schema["$ref"], &schema["anyOf"]) {
        (Value::String(reference), _) => forms(root, root.pointer(&reference[1..]).unwrap()),
        (_, Value::Array(any)) => any.iter().flat_map(|form| forms(root, form)).collect(),
        _ => vec![schema],
    }
}

/// The forms of what stands one step below.
fn below<'a>(root: &'a Value, schema: &'a Value, step: &str) -> Vec<&'a Value> {
    let other = || schema["patternProperties"].as_object()?.iter().find_map(|(key, s)| (key != "^x-").then_some(s));
    let next = if step == "*" { other().or(schema.get("items")) } else { schema["properties"].get(step) };
    next.map(|next| forms(root, next)).unwrap_or_default()
}

/// Whether `!reset null` passes where it is read as the text "null".
fn takes_null_as_text(root: &Value, path: &str) -> bool {
    let steps = path.split('.').filter(|step| !step.is_empty());
    let found = steps.fold(vec![root], |all, step| all.into_iter().flat_map(|s| below(root, s, step)).collect());
    found.into_iter().any(|form| jsonschema::is_valid(form, &json!("null")))
}

#[test]
fn values_may_be_any_text_and_choices_may_not() {
    let root = ours();
    for group in GROUPS {
        for (class, names) in group.fields {
            for path in names.split(' ').map(|name| format!("{}.{name}", group.at[0])) {
                match class {
                    Class::Value => assert!(takes_null_as_text(&root, &path), "{path}"),
                    Class::Choice => assert!(!takes_null_as_text(&root, &path), "{path}"),
                    _ => {}
                }
            }
        }
    }
}

fn as_dclint_reads(node: &render::tree::Node) -> Value {
    use render::tree::{Content, Tag};
    match &node.content {
        Content::Null if node.tag == Some(Tag::Reset) => json!("null"),
        Content::Map(entries) => {
            Value::Object(entries.iter().map(|(k, v)| (k.to_string(), as_dclint_reads(v))).collect())
        }
        Content::Seq(items) => Value::Array(items.iter().map(as_dclint_reads).collect()),
        _ => Value::from(node),
    }
}

#[test]
fn mistakes_are_found() {
    let validator = jsonschema::validator_for(&ours()).unwrap();
    let service = |service: Value| json!({ "services": { "web": service } });
    for (wrong, document) in [
        ("a misspelt key", service(json!({ "imagee": "a" }))),
        ("a misspelt key at the top", json!({ "service": {} })),
        ("a misspelt key deep below", service(json!({ "deploy": { "resources": { "limit": {} } } }))),
        ("a list for a text", service(json!({ "image": ["a"] }))),
        ("a condition there is none", service(json!({ "depends_on": { "db": { "condition": "healthy" } } }))),
        ("a volume without type", service(json!({ "volumes": [{ "source": "a", "target": "/a" }] }))),
        ("an option twice", service(json!({ "security_opt": ["a", "a"] }))),
        ("a policy there is none", service(json!({ "pull_policy": "sometimes" }))),
        ("a service name with a blank", json!({ "services": { "a b": {} } })),
    ] {
        assert!(!validator.is_valid(&document), "{wrong}");
    }
    assert!(
        validator
            .is_valid(&service(json!({ "x-team": { "a": [1] }, "deploy": null, "pull_policy": "${POLICY:-always}" })))
    );
}

#[test]
#[ignore = "needs the specification: COMPOSE_SPEC=/path/to/compose-spec.json"]
fn the_specification_has_our_fields() {
    let path = std::env::var_os("COMPOSE_SPEC").expect("COMPOSE_SPEC names a compose-spec.json");
    let spec: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let is_newer = |path: &&String| {
        NEWER.iter().any(|newer| path.strip_prefix(newer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    let (spec, ours) = (paths(&spec), paths(&ours()));
    assert_eq!(ours.difference(&spec).collect::<Vec<_>>(), [""; 0], "only ours");
    assert_eq!(spec.difference(&ours).filter(|path| !is_newer(path)).collect::<Vec<_>>(), [""; 0], "only theirs");
}
