//! The profiles that set every key, and what can be done to them.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::schema;

/// A profile that renders without errors.
pub struct Case {
    pub name: &'static str,
    /// Keys that cannot be dropped or changed here, because others need them as they are; they are elsewhere.
    pub stuck: &'static [&'static str],
    pub profile: Value,
}

macro_rules! cases {
    ($($name:literal: $stuck:expr),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../cases/every-key-", $name, ".toml")), &$stuck)),*]
    };
}

const TEXTS: &[(&str, &str, &[&str])] = cases![
    // An autoscaler and Compose have numbers of their own; one effect alone takes seconds.
    "uvicorn": ["workers", "k8s.tolerations.0.effect"],
    // No other server has its settings.
    "gunicorn": ["server.kind"],
    "fastapi": [],
    "granian": [],
    // Replicas cannot share what is on one node.
    "hypercorn": ["volumes.hot.medium"],
    "command": [],
    // A process that cannot fork cannot be published.
    "image": ["compose.publish"],
    // A patch names the app, and what others merge fits one kind alone.
    "patches": ["name", "patches.0.kind", "patches.4.kind"],
    // What keeps state runs once.
    "processes": ["processes.beat.workers"],
    "jobs": [],
    // Who is needed runs at the same time.
    "hooks": ["jobs.tell.when", "jobs.warm.when"],
    // No other kind has what is said of it.
    "services": ["services.db.kind"],
    "pods": [],
    "companions": [],
    // The operator runs one kind alone.
    "cnpg": ["services.db.kind", "services.audit.kind", "services.db.k8s"],
    // No other kind has what is said of it.
    "preview": ["services.db.kind"],
    "layers": ["environments.staging.compose.publish"],
    // A port that a route names, and words that are among few.
    "gateway": [
        "ingress.routes.3.to", "processes.image.ports.previews", "security.service_account.rules.0.verbs",
        "security.service_account.rules.1.verbs"
    ],
    // One way of asking.
    "class": ["processes.ws.probes.readiness.grpc"],
    // What else it could ask is no probe of Cloud Run; when a cron runs is told, and written nowhere.
    "cloudrun": ["crons.report.schedule", "processes.admin.probes.liveness.grpc"],
    // What containers share is nothing else, and is for them all; one port can be asked.
    "instances": [
        "volumes.pages.medium", "volumes.pages.for", "sidecars.proxy.with", "sidecars.proxy.probes.startup.port",
        "sidecars.proxy.probes.liveness.port",
    ],
    // The other dialect cannot write a secret into a text.
    "knative": ["services.books.kind", "services.books.k8s", "services.events.kind", "services.cache.kind"],
    // What is on one node alone is recreated, and not shared.
    "volumes": ["processes.store.state", "processes.web.volumes.media.access"],
    "shared": [],
    "reached": [],
    // Whatever holds a digest is held as it is.
    "build": ["build.python", "build.base", "build.uv"],
    // No other lock has requirements.
    "requirements": ["build.lock"],
];

pub static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let read = |(name, text, stuck): &(&'static str, &str, &'static [&'static str])| Case {
        name,
        stuck,
        profile: toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}")),
    };
    TEXTS.iter().map(read).collect()
});

/// A profile with one thing other than before.
pub struct Variant {
    pub what: String,
    pub dropped: bool,
    pub profile: Value,
}

/// The place of every key, tables included; array items that are tables are walked through.
pub fn paths(profile: &Value) -> Vec<Vec<String>> {
    fn walk(value: &Value, path: &mut Vec<String>, out: &mut Vec<Vec<String>>) {
        match value {
            Value::Object(table) => {
                for (key, value) in table {
                    path.push(key.clone());
                    out.push(path.clone());
                    walk(value, path, out);
                    path.pop();
                }
            }
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    path.push(i.to_string());
                    walk(item, path, out);
                    path.pop();
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    walk(profile, &mut Vec::new(), &mut out);
    // What a patch merges has no keys of ours.
    out.retain(|path| !(path.first().is_some_and(|first| first == "patches") && path.len() > 3));
    out
}

pub fn get<'a>(profile: &'a Value, path: &[String]) -> Option<&'a Value> {
    profile.pointer(&pointer(path))
}

fn pointer(path: &[String]) -> String {
    path.iter().map(|segment| format!("/{}", segment.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Whether a path is one of a pattern, in which `*` stands for any segment.
pub fn matches(pattern: &str, path: &[String]) -> bool {
    let pattern: Vec<&str> = pattern.split('.').collect();
    pattern.len() == path.len() && pattern.iter().zip(path).all(|(want, segment)| *want == "*" || want == segment)
}

/// The profile without a key, and with other values for it.
pub fn variants(profile: &Value, path: &[String]) -> Vec<Variant> {
    let dotted = path.join(".");
    let mut variants = Vec::new();
    let (last, parents) = path.split_last().expect("a path is not empty");
    let mut without = profile.clone();
    if let Some(Value::Object(table)) = without.pointer_mut(&pointer(parents)) {
        table.shift_remove(last);
        variants.push(Variant { what: format!("without `{dotted}`"), dropped: true, profile: without });
    }
    let old = get(profile, path).expect("a path of the profile");
    for other in others(path, old) {
        let mut changed = profile.clone();
        *changed.pointer_mut(&pointer(path)).expect("a path of the profile") = other.clone();
        variants.push(Variant { what: format!("`{dotted}` = {other}"), dropped: false, profile: changed });
    }
    variants
}

/// Values that a key could have as well; those that the schema or the program refuses are left out later.
fn others(path: &[String], old: &Value) -> Vec<Value> {
    match old {
        Value::Bool(value) => vec![json!(!value)],
        Value::Number(number) => {
            let number = number.as_i64().unwrap_or(1);
            // The small numbers are where rules turn.
            [number + 1, 1, 2].into_iter().filter(|other| *other != number).map(|other| json!(other)).collect()
        }
        Value::String(text) => {
            let choices = schema::choices(path);
            if choices.is_empty() { texts(text) } else { choices.into_iter().filter(|choice| choice != old).collect() }
        }
        Value::Array(items) => {
            let mut other = items.clone();
            if let Some(Value::String(last)) = other.last_mut() {
                last.push('2');
            }
            vec![json!([]), json!(other)]
        }
        _ => Vec::new(),
    }
}

/// Another text of the same form.
fn texts(text: &str) -> Vec<Value> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &text[..text.len() - unit.len()];
    match digits.parse::<u32>() {
        // A time, an amount, a percentage, a mode.
        Ok(number) if unit.len() < 3 => {
            vec![json!(format!("{:0width$}{unit}", number - 1, width = digits.len())), json!(format!("2{unit}"))]
        }
        _ => vec![json!(format!("{text}2")), json!(format!("/other{text}"))],
    }
}

/// A value as TOML: every top-level key on a line of its own, its tables inline.
pub fn toml(profile: &Value) -> String {
    let table = profile.as_object().expect("a profile is a table");
    table.iter().map(|(key, value)| format!("{} = {}\n", json!(key), inline(value))).collect()
}

fn inline(value: &Value) -> String {
    let table = |table: &Map<String, Value>| {
        table.iter().map(|(key, value)| format!("{} = {}", json!(key), inline(value))).collect::<Vec<_>>().join(", ")
    };
    match value {
        Value::Object(entries) => format!("{{ {} }}", table(entries)),
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        // Strings of JSON are strings of TOML.
        scalar => scalar.to_string(),
    }
}
