//! What the function has to say, for whoever runs it and for people.

use std::ops::Range;

use serde_json::{Value, json};

use super::{
    config::{Config, Wrong},
    identity::metadata,
};
use crate::{
    problem::{self, Problem, Severity},
    source::Sources,
    tree::{Node, Read, Spot, read},
};

/// One result, and what people read of it.
pub struct Finding {
    pub severity: Severity,
    pub told: String,
    result: Value,
}

impl Finding {
    /// What is wrong with a functionConfig.
    pub fn wrong(wrong: Wrong) -> Self {
        let Wrong { path, why } = wrong;
        let result = json!({ "message": why, "severity": "error", "field": { "path": path } });
        Finding { severity: Severity::Error, told: format!("error: {why}\n"), result }
    }

    /// What is to say about an item.
    pub fn about(severity: Severity, text: String, item: &Spot) -> Self {
        let result = json!({ "message": text, "severity": word(severity), "resourceRef": reference(item) });
        Finding { severity, told: format!("{}: {text}\n", severity.name()), result }
    }

    /// What is wrong with the profile, at the field that says it.
    pub fn problem(problem: &Problem, sources: &Sources, config: &Config<'_>) -> Self {
        let severity = problem.code.severity();
        let mut message = problem.title.clone();
        if let Some(help) = &problem.help {
            message.push_str(&format!("; {help}"));
        }
        let field = match problem.span.as_ref().filter(|span| span.source == 0) {
            Some(span) if config.has_fields() => field(config.text(), &span.range, problem),
            Some(span) => {
                message.push_str(&format!(" ({})", sources.line(span)));
                Some(json!({ "path": format!("data[{}]", config.name()) }))
            }
            None => None,
        };
        let mut result = json!({
            "message": message,
            "severity": word(severity),
            "resourceRef": reference(config.root),
            "tags": { "code": problem.code.name() },
        });
        if let Some(field) = field {
            result["field"] = field;
        }
        Finding { severity, told: problem::show(problem, sources, true), result }
    }

    pub fn result(&self) -> Node {
        Node::from(self.result.clone())
    }
}

/// As the specification calls it.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "info",
    }
}

fn reference(item: &Spot) -> Value {
    let word = |key| item.get(key).and_then(Spot::as_text).unwrap_or_default();
    let mut reference = json!({ "apiVersion": word("apiVersion"), "kind": word("kind") });
    for key in ["namespace", "name"] {
        if let Some(value) = metadata(item, key) {
            reference[key] = value.into();
        }
    }
    reference
}

/// The field in which a problem stands, its value, and the value that it should have, where that is certain.
fn field(text: &str, place: &Range<usize>, problem: &Problem) -> Option<Value> {
    let root = read(text).ok()?;
    let (path, spot) = deepest(&root, place.start, String::new())?;
    let mut field = json!({ "path": path });
    if !matches!(spot.value, Read::List(_) | Read::Map(_)) {
        field["currentValue"] = Value::from(spot);
        // A fix of the value itself, as TOML and JSON write it alike.
        let fix = problem.fix.as_ref().filter(|(span, _)| spot.at.contains(&span.range.start));
        if let Some(fixed) = fix.and_then(|(_, text)| serde_json::from_str::<Value>(text).ok()) {
            field["proposedValue"] = fixed;
        }
    }
    Some(field)
}

/// The field whose key or value is at a byte.
fn deepest(spot: &Spot, at: usize, path: String) -> Option<(String, &Spot)> {
    let is_at = |range: &Range<usize>| range.contains(&at) || (range.is_empty() && range.start == at);
    match &spot.value {
        Read::Map(entries) => {
            // What holds others is known by where it begins, so the last that begins before it is it.
            let (key, value) = entries.iter().rev().find(|(key, _)| key.at.start <= at)?;
            let name = key.as_text().unwrap_or_default();
            let path = match (path.is_empty(), name.contains(['.', '/'])) {
                (_, true) => format!("{path}[{name}]"),
                (true, false) => name.to_owned(),
                (false, false) => format!("{path}.{name}"),
            };
            match is_at(&key.at) {
                true => Some((path, value)),
                false => deepest(value, at, path),
            }
        }
        Read::List(items) => {
            let (index, item) = items.iter().enumerate().rev().find(|(_, item)| item.at.start <= at)?;
            deepest(item, at, format!("{path}[{index}]"))
        }
        _ => is_at(&spot.at).then_some((path, spot)),
    }
}
