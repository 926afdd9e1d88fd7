//! What is rendered, laid over what is there: what a server-side apply makes of both, but for what the server itself
//! decides.

use serde_json::{Map, Value};

use super::place::{Step, name};

/// Lists whose items the server merges by their keys (`x-kubernetes-list-type: map` and `set`); all others it replaces.
const MERGED: &[&str] = &[
    "containers",
    "env",
    "ephemeralContainers",
    "finalizers",
    "hostAliases",
    "imagePullSecrets",
    "initContainers",
    "ownerReferences",
    "secrets",
    "topologySpreadConstraints",
    "volumeDevices",
    "volumeMounts",
    "volumes",
];

/// Maps that the server replaces, too (`x-kubernetes-map-type: atomic`), and to which it adds nothing.
const REPLACED: &[&str] =
    &["labelSelector", "matchLabels", "namespaceSelector", "nodeSelector", "podSelector", "selector"];

/// What is there once an object is applied. Lists of the same items keep what the server added to these.
pub(super) fn overlay(at: &mut Vec<Step>, live: &Value, desired: &Value) -> Value {
    match (live, desired) {
        (Value::Object(live), Value::Object(desired)) => Value::Object(maps(at, live, desired)),
        (Value::Array(live), Value::Array(desired)) => Value::Array(lists(at, live, desired)),
        _ => desired.clone(),
    }
}

fn maps(at: &mut Vec<Step>, live: &Map<String, Value>, desired: &Map<String, Value>) -> Map<String, Value> {
    let mut all = live.clone();
    for (key, value) in desired {
        at.push(Step::Key(key.clone()));
        match live.get(key) {
            Some(_) if REPLACED.contains(&key.as_str()) => {
                all.insert(key.clone(), value.clone());
            }
            Some(there) => {
                let value = overlay(at, there, value);
                all.insert(key.clone(), value);
            }
            // The server drops empty lists.
            None if value.as_array().is_some_and(Vec::is_empty) || value.is_null() => {}
            None => {
                all.insert(key.clone(), value.clone());
            }
        }
        at.pop();
    }
    all
}

fn lists(at: &mut Vec<Step>, live: &[Value], desired: &[Value]) -> Vec<Value> {
    let names = |items: &[Value]| items.iter().map(|item| name(at, item)).collect::<Option<Vec<String>>>();
    let (Some(there), Some(wanted)) = (names(live), names(desired)) else {
        return by_place(at, live, desired);
    };
    let mut all = Vec::with_capacity(desired.len());
    for (name, item) in wanted.iter().zip(desired) {
        let was = there.iter().position(|other| other == name).map(|index| &live[index]);
        at.push(Step::Named(name.clone()));
        all.push(was.map_or_else(|| item.clone(), |was| overlay(at, was, item)));
        at.pop();
    }
    if is_merged(at, desired) {
        let others = there.iter().zip(live).filter(|(name, _)| !wanted.contains(name));
        all.extend(others.map(|(_, item)| item.clone()));
    }
    all
}

fn by_place(at: &mut Vec<Step>, live: &[Value], desired: &[Value]) -> Vec<Value> {
    let mut all = Vec::with_capacity(desired.len());
    for (index, item) in desired.iter().enumerate() {
        at.push(Step::At(index));
        all.push(live.get(index).map_or_else(|| item.clone(), |was| overlay(at, was, item)));
        at.pop();
    }
    all
}

/// Ports of containers and of Services are merged, those of NetworkPolicies are not.
fn is_merged(at: &[Step], desired: &[Value]) -> bool {
    match at {
        [.., above, Step::Key(key)] if key == "ports" => {
            *above == Step::Key("spec".into()) || desired.iter().any(|port| port.get("containerPort").is_some())
        }
        [.., Step::Key(key)] => MERGED.contains(&key.as_str()),
        _ => false,
    }
}
