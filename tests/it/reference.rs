//! `profiles/reference.toml` is the manual of the language: whole, and true.

use std::{fs, process::Command};

use serde_json::Value;

const PATH: &str = "profiles/reference.toml";

/// The same app, with nothing said that has a default.
const SILENT: &str = "name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\n[server]\napp = \"orders.main:app\"\n";

fn render(arguments: &[&str], profile: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.toml");
    fs::write(&path, profile).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_render")).args(arguments).arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_the_reference_writes_is_the_default() {
    let reference = fs::read_to_string(PATH).unwrap();
    for arguments in [
        &["k8s"][..],
        &["compose"],
        &["compose", "--dev", "--full"],
        &["cloudrun"],
        &["dockerfile"],
        &["dockerfile", "--dev"],
    ] {
        assert_eq!(render(arguments, &reference), render(arguments, SILENT), "{arguments:?}");
    }
}

#[test]
fn the_reference_names_every_key_of_the_language() {
    let reference = fs::read_to_string(PATH).unwrap();
    let schema = render::profile::schema();
    let mut missing = Vec::new();
    keys(&schema, &schema, "", &mut |table, key| {
        if !section(&reference, table).any(|line| names(line, key)) {
            missing.push(format!("{table}.{key}"));
        }
    });
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Every key, with the table of the reference that must show it. Tables below the second level are shown inline.
fn keys(schema: &Value, part: &Value, table: &str, found: &mut dyn FnMut(&str, &str)) {
    let part = resolve(schema, part);
    // What workloads have like the profile itself is shown there.
    let is_again = |key: &str| !table.is_empty() && is_workload(part) && !schema["properties"][key].is_null();
    for (key, value) in part["properties"].as_object().into_iter().flatten().filter(|(key, _)| !is_again(key)) {
        let inner = resolve(schema, value);
        let is_table = ["properties", "additionalProperties", "patternProperties", "items"]
            .iter()
            .any(|one| inner[one]["$ref"].is_string() || inner[one].is_object())
            || inner["patternProperties"].is_object()
            || inner["anyOf"].is_array();
        if is_table && table.is_empty() && forms(schema, inner).next().is_some() {
            // Shown as a table of its own, or as a value.
            forms(schema, inner).for_each(|form| keys(schema, form, key, found));
        } else {
            found(table, key);
            forms(schema, inner).for_each(|form| keys(schema, form, table, found));
        }
    }
}

/// A value's alternatives, its items and the values of its entries; a profile within a profile is an environment, and
/// what all workloads of a kind share are their keys again.
fn forms<'a>(schema: &'a Value, part: &'a Value) -> impl Iterator<Item = &'a Value> {
    let own = part["properties"].is_object().then_some(part);
    let any = part["anyOf"].as_array().into_iter().flatten();
    let inside = [&part["items"], &part["additionalProperties"]].into_iter().filter(|inner| inner.is_object());
    let by_pattern = part["patternProperties"].as_object().into_iter().flatten().map(|(_, inner)| inner);
    let forms = own.into_iter().chain(any).chain(inside).chain(by_pattern).map(|form| resolve(schema, form));
    let is_again = |form: &Value| !form["properties"]["command"].is_null() && !is_workload(form);
    forms.filter(move |form| form["title"] != "Profile" && !is_again(form))
}

/// One of several, by its name.
fn is_workload(part: &Value) -> bool {
    ["like", "with", "only"].iter().any(|own| !part["properties"][own].is_null())
}

fn resolve<'a>(schema: &'a Value, part: &'a Value) -> &'a Value {
    match part["$ref"].as_str() {
        Some("#") => schema,
        Some(reference) => schema.pointer(reference.trim_start_matches('#')).unwrap(),
        None => part,
    }
}

/// The lines of a table, commented out or not, with its header; for the top level its own lines, and every header.
fn section<'a>(reference: &'a str, table: &'a str) -> impl Iterator<Item = &'a str> {
    let mut inside = table.is_empty();
    reference.lines().filter(move |line| {
        let header = line.trim_start_matches("# ").strip_prefix('[').map(|rest| rest.trim_start_matches('['));
        if let Some(header) = header {
            let own = header.strip_prefix(table).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
            inside = own && !table.is_empty();
            return inside || table.is_empty();
        }
        // A new part of the manual.
        inside = inside || table.is_empty() && line.starts_with("# ──");
        inside || names(line, table)
    })
}

/// Whether a line shows `key = …`, or `[key…`.
fn names(line: &str, key: &str) -> bool {
    let header = line.trim_start_matches("# ");
    let is_header = header.starts_with('[') && header.trim_start_matches('[').starts_with(key);
    !key.is_empty()
        && (is_header
            || line.match_indices(key).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                let after = line[at + key.len()..].trim_start();
                before.is_none_or(|c| " {,[#".contains(c)) && after.starts_with('=')
            }))
}
