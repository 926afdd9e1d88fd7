//! The commonest trap of TOML: a key of the profile that stands below a table's header belongs to that table.

use serde_json::Value;

use crate::{
    key::Key,
    layers::{
        Layered,
        merge::{WORKLOADS, inside},
    },
    problem::{Code, Problem},
};

/// Keys of a profile or of a workload that are one line, so that they can slide; tables have headers of their own.
const LINES: [&str; 15] = [
    "name",
    "image",
    "main",
    "extends",
    "unset",
    "command",
    "args",
    "workers_env",
    "port_env",
    "port",
    "workers",
    "state",
    "uid",
    "gid",
    "env_from",
];

/// Tables that take any name, so that nothing else would notice.
const FREE: [&str; 6] = ["env", "labels", "annotations", "secrets", "inputs", "ports"];

/// Every key that slid into a table of free names. A name in quotes is meant.
pub(super) fn keys(layered: &Layered) -> Vec<(Key, Problem)> {
    let mut found = Vec::new();
    for (name, environment) in &layered.environments {
        slid_in(layered, environment, &Key::new("environments").child(name), &mut found);
    }
    slid_in(layered, &layered.value, &Key::ROOT, &mut found);
    found
}

/// In a profile or an environment, and in each of its workloads.
fn slid_in(layered: &Layered, profile: &Value, at: &Key, found: &mut Vec<(Key, Problem)>) {
    slid_from(layered, profile, at, found);
    for kind in WORKLOADS {
        for (name, workload) in profile.get(kind).and_then(Value::as_object).into_iter().flatten() {
            slid_from(layered, workload, &at.child(kind).child(name), found);
        }
    }
}

fn slid_from(layered: &Layered, owner: &Value, at: &Key, found: &mut Vec<(Key, Problem)>) {
    for free in FREE {
        for (name, _) in owner.get(free).and_then(Value::as_object).into_iter().flatten() {
            if !LINES.contains(&name.as_str()) {
                continue;
            }
            let key = at.child(free).child(name);
            if let Some(problem) = problem(layered, &key, at) {
                let entry = format!("if an entry of that name is meant, quote it: `\"{name}\" = …`");
                let help = format!("{}; {entry}", problem.help.as_deref().unwrap_or_default());
                found.push((key, problem.help(help)));
            }
        }
    }
}

/// The problem of an unknown key of a table, if it is one of the keys that slid there.
pub(super) fn into_closed(layered: &Layered, key: &Key) -> Option<Problem> {
    let line = LINES.contains(&key.last()?);
    line.then(|| problem(layered, key, &owner(key)?)).flatten()
}

/// Whether a key that a profile or workload lacks slid into one of its tables.
pub(super) fn from(layered: &Layered, owner_of: &Key, name: &str) -> bool {
    let below = layered.provenance.origins.range(owner_of..).map(|(key, _)| key);
    let keys = below.take_while(|key| owner_of.covers(key)).filter(|key| key.last() == Some(name));
    keys.filter(|key| owner(key).as_ref() == Some(owner_of)).any(|key| problem(layered, key, owner_of).is_some())
}

/// The profile, environment or workload around a key of one of its tables.
pub(super) fn owner(key: &Key) -> Option<Key> {
    let path = inside(key);
    let depth = match path.as_slice() {
        [kind, _, _, _, ..] if WORKLOADS.contains(kind) => path.len() - 2,
        [_, _, ..] => path.len(),
        _ => return None,
    };
    (0..depth).try_fold(key.clone(), |key, _| key.parent())
}

fn problem(layered: &Layered, key: &Key, owner: &Key) -> Option<Problem> {
    let (name, table) = (key.last()?, key.parent()?);
    let provenance = &layered.provenance;
    let (origin, header) = (provenance.origins.get(key)?, provenance.origins.get(&table)?);
    let slid = origin.key.source == header.value.source
        && origin.key.range.start > header.value.range.end
        && provenance.sources.text(&header.value).starts_with('[')
        && !provenance.sources.text(&origin.key).starts_with(['"', '\'']);
    // Who wrote it where it belongs as well means two things.
    let own = provenance.origins.get(&owner.child(name)).is_some_and(|own| own.key.source == origin.key.source);
    let help = match owner == &Key::ROOT {
        true => "move it above the first [table]".to_owned(),
        false => format!("move it to the other keys of [{owner}], above [{table}]"),
    };
    (slid && !own).then(|| {
        Problem::new(Code::KeyInWrongTable, format!("`{name}` stands below [{table}]"))
            .at(Some(origin.key.clone()), format!("this is `{key}`"))
            .related(Some(header.value.clone()), "this table goes on until the next header")
            .help(help)
    })
}
