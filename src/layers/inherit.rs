//! What workloads have from the app: each gets a table that says everything, with the places where it is written.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::{Map, Value};

use super::{
    Layered, Origin, Provenance, find,
    heir::{Heir, moved},
    merge::{BESIDE, WORKLOADS},
};
use crate::{
    key::Key,
    problem::{Code, Problem, near::near},
};

/// What every workload shares, and may repeat: its own merge over the app's.
const SHARED: &[&str] = &[
    "image",
    "labels",
    "annotations",
    "env",
    "env_from",
    "secrets",
    "inputs",
    "files",
    "volumes",
    "security",
    "network",
    "k8s.node_selector",
    "k8s.tolerations",
    "k8s.priority_class",
    "k8s.topology_spread",
    "compose.restart",
    "compose.logging",
    "compose.pids",
    "cloudrun.timeout",
    "cloudrun.ingress",
    "cloudrun.service_account",
    "cloudrun.cpu_boost",
    "dev.reload",
    "dev.sync",
    "dev.watch",
    "dev.env",
    "dev.mounts",
    "dev.user",
];

/// What a container beside others shares if its image is not the app's: the rest is the configuration of another
/// program, with its secrets, and says where that one writes. Volumes that name it are its own as well.
const SHARED_WITH_ANY_IMAGE: &[&str] = &["labels", "annotations", "compose.restart", "compose.logging", "compose.pids"];

/// The main process, unless the profile names it.
pub const MAIN: &str = "web";

/// The table of `[defaults]` that a kind of workload has beside, if it has one.
const DEFAULTS: [(&str, &str); 3] = [("processes", "process"), ("jobs", "job"), ("crons", "cron")];

/// Completes the table of every workload: what is shared, the defaults of its kind, what it is `like`, its own.
pub fn inherit(layered: &mut Layered) -> Vec<Problem> {
    let Layered { value, environments: _, provenance, warnings: _, disowned } = layered;
    let mut problems = Vec::new();
    let mut dropped = BTreeSet::new();
    // What the main process has to itself is not there yet while the others inherit.
    let own = take_main(value);
    for kind in WORKLOADS {
        inherit_kind(kind, value, provenance, &mut dropped, &mut problems);
    }
    if let Some((key, own)) = own {
        dropped.extend(lay_main(&key, &own, value, provenance, &mut problems));
    }
    let in_vain = std::mem::take(disowned).into_iter().filter(|(key, _)| !dropped.contains(key));
    problems.extend(in_vain.map(|(_, problem)| problem));
    problems
}

/// All workloads of one kind, each by what the profile says, not by what others have inherited.
fn inherit_kind(
    kind: &'static str,
    profile: &mut Value,
    provenance: &mut Provenance,
    dropped: &mut BTreeSet<Key>,
    problems: &mut Vec<Problem>,
) {
    let Some(workloads) = profile.get(kind).and_then(Value::as_object) else { return };
    let defaults = DEFAULTS.iter().find(|(of, _)| *of == kind).map(|(_, name)| Key::new("defaults").child(*name));
    let mut complete = Vec::new();
    for name in workloads.keys() {
        let mut heir = Heir::default();
        heir.take(&shared(kind, name, profile), &Key::ROOT, provenance);
        if let Some(defaults) = &defaults {
            heir.take(table(profile, defaults), defaults, provenance);
        }
        let line = ancestry(kind, name, profile, provenance, problems);
        for key in line.iter().rev() {
            dropped.extend(heir.take(table(profile, key), key, provenance));
        }
        dropped.extend(heir.take_user(&line, profile, provenance));
        complete.push((name.clone(), heir));
    }
    let mut all = Map::new();
    for (name, heir) in complete {
        heir.settle(&Key::new(kind).child(&name), provenance);
        all.insert(name, Value::Object(heir.table));
    }
    profile[kind] = Value::Object(all);
}

/// The table of `[processes]` that bears the name of the main process, and where it stands.
fn take_main(profile: &mut Value) -> Option<(Key, Map<String, Value>)> {
    let name = profile.get("main").and_then(Value::as_str).unwrap_or(MAIN).to_owned();
    match profile.get_mut("processes")?.as_object_mut()?.shift_remove(&name)? {
        Value::Object(own) => Some((Key::new("processes").child(name), own)),
        _ => None,
    }
}

/// Lays what the main process has to itself over the top level. Returns the keys that it takes away.
fn lay_main(
    from: &Key,
    own: &Map<String, Value>,
    profile: &mut Value,
    provenance: &mut Provenance,
    problems: &mut Vec<Problem>,
) -> Vec<Key> {
    if own.contains_key("like") {
        let at = provenance.value(&from.below("like"));
        let problem = Problem::new(Code::BadReference, "the main process is like none of the others");
        problems.push(problem.at(at, "not for the main process").help("let the others be like one of themselves"));
    }
    let Some(table) = profile.as_object_mut() else { return Vec::new() };
    let at_top = |(key, _): &(&Key, &Origin)| !from.covers(key);
    let origins = provenance.origins.iter().filter(at_top).map(|(key, origin)| (key.clone(), origin.clone())).collect();
    let mut heir = Heir { table: std::mem::take(table), origins };
    let dropped = heir.take(own, from, provenance);
    let off: Vec<Key> = provenance.removed.iter().filter(|key| from.covers(key)).cloned().collect();
    for key in off.iter().filter(|key| *key != from) {
        let at = moved(key, from, &Key::ROOT);
        heir.origins.extend(provenance.origins.get(key).map(|origin| (at.clone(), origin.clone())));
        provenance.removed.remove(key);
        provenance.removed.insert(at);
    }
    *table = heir.table;
    provenance.removed.retain(|key| find(profile, key).is_none());
    provenance.origins = heir.origins;
    dropped
}

/// What the top level says for a workload, as for all of its kind.
fn shared(kind: &str, name: &str, profile: &Value) -> Map<String, Value> {
    let own = profile[kind][name].get("image");
    let is_foreign = BESIDE.contains(&kind) && own.is_some() && own != profile.get("image");
    let mut shared = Map::new();
    for &key in if is_foreign { SHARED_WITH_ANY_IMAGE } else { SHARED } {
        match key.split_once('.') {
            None => shared.extend(profile.get(key).map(|value| (key.to_owned(), value.clone()))),
            Some((table, name)) => {
                let Some(value) = profile.get(table).and_then(|table| table.get(name)) else { continue };
                let table = shared.entry(table).or_insert_with(|| Value::Object(Map::new()));
                table[name] = value.clone();
            }
        }
    }
    if is_foreign {
        let volumes = named_volumes(name, &profile[kind][name], profile);
        shared.extend((!volumes.is_empty()).then(|| ("volumes".to_owned(), Value::Object(volumes))));
    }
    shared
}

/// The app's volumes for a container of another program: those that are for it by its name, and those that it names,
/// which is said once; for whom else does not concern it then.
fn named_volumes(name: &str, own: &Value, profile: &Value) -> Map<String, Value> {
    let own = own.get("volumes").and_then(Value::as_object);
    let is_for = |volume: &Map<String, Value>| {
        let list = volume.get("for").and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|other| other.as_str() == Some(name)))
    };
    let shared = table(profile, &Key::new("volumes")).iter().filter_map(|(volume, wanted)| {
        let mut wanted = wanted.as_object()?.clone();
        if !is_for(&wanted) {
            own?.get(volume)?;
            wanted.shift_remove("for");
        }
        Some((volume.clone(), Value::Object(wanted)))
    });
    shared.collect()
}

fn table<'a>(profile: &'a Value, key: &Key) -> &'a Map<String, Value> {
    static NOTHING: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    let found = key.segments().try_fold(profile, |value, segment| value.get(segment));
    found.and_then(Value::as_object).unwrap_or(&NOTHING)
}

/// The workload itself, and those of its kind that it is `like`, the nearest first.
fn ancestry(
    kind: &'static str,
    name: &str,
    profile: &Value,
    provenance: &Provenance,
    problems: &mut Vec<Problem>,
) -> Vec<Key> {
    let all = Key::new(kind);
    let mut line = vec![all.child(name)];
    while let Some(like) = line.last().and_then(|key| table(profile, key).get("like")).and_then(Value::as_str) {
        let next = all.child(like);
        let at = line.last().expect("the workload itself").below("like");
        let bad =
            |title: String, label: String| Problem::new(Code::BadReference, title).at(provenance.value(&at), label);
        if line.contains(&next) {
            // Told by the first of the circle, and by nobody who only leads there.
            if next == line[0] && line.iter().all(|other| line[0] <= *other) {
                let names: Vec<&str> = line.iter().chain([&next]).filter_map(Key::last).collect();
                let title = format!("a circle of likeness: {}", names.join(" → "));
                problems.push(bad(title, "leads back".to_owned()).help("let one of them say what it is"));
            }
            break;
        }
        if table(profile, &all).get(like).is_none() {
            // Its own line tells it.
            if line.len() == 1 {
                let names = table(profile, &all).keys().map(String::as_str).filter(|other| *other != name);
                let near = near(like, names);
                let main = if kind == "processes" { "; the main process is like none" } else { "" };
                let help = near.map_or_else(
                    || format!("name another of `[{kind}]`{main}"),
                    |near| format!("did you mean `{near}`?"),
                );
                let one = if kind == "processes" { "process" } else { &kind[..kind.len() - 1] };
                problems.push(bad(format!("there is no {one} `{like}` to be like"), format!("no {one}")).help(help));
            }
            break;
        }
        line.push(next);
    }
    line
}
