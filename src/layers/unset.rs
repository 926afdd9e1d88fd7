//! `unset = ["autoscale", "probes.liveness"]`, and `enabled = false`: what a layer takes away.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Origin,
    item::{Data, Item, Table},
    merge::{Merged, WORKLOADS},
    near::near,
    path,
};
use crate::{
    key::Key,
    problem::{Code, Problem},
};

/// The tables of which each entry can be switched off. They are app-wide, or of one workload.
const NAMED: [&str; 12] = [
    "ports",
    "secrets",
    "inputs",
    "files",
    "volumes",
    "processes",
    "jobs",
    "crons",
    "services",
    "sidecars",
    "inits",
    "companions",
];

impl Merged {
    /// Applies the `unset` of a layer, before the layer itself, and takes it out of the layer.
    pub(super) fn unset(&mut self, layer: &mut Table, problems: &mut Vec<Problem>) {
        let Some(unset) = layer.remove("unset") else { return };
        let Data::Array(items) = unset.data else {
            problems.push(wrong_type(&unset));
            return;
        };
        let mut gone = BTreeSet::new();
        for item in items {
            match (item.as_str(), item.as_str().and_then(path::dotted)) {
                (None, _) => problems.push(wrong_type(&item)),
                (Some(_), None) => problems.push(
                    Problem::new(Code::BadFormat, "`unset` takes keys")
                        .at(Some(item.origin.value), "not a key")
                        .help("write keys as in TOML, with dots between tables: \"probes.liveness\""),
                ),
                (Some(_), Some(path)) => {
                    let path: Vec<String> = path.into_iter().map(|segment| segment.name).collect();
                    self.unset_one(&path, &item, &mut gone, problems);
                }
            }
        }
        self.take_out(&gone);
    }

    /// Finds one key, and adds it to what is gone: out of a long table, keys are taken all at once.
    fn unset_one(&mut self, path: &[String], item: &Item, gone: &mut BTreeSet<Key>, problems: &mut Vec<Problem>) {
        let key = path.iter().fold(Key::ROOT, |key, segment| key.child(segment));
        let (mut table, mut at) = (&self.table, Key::ROOT);
        for (depth, segment) in path.iter().enumerate() {
            let child = at.child(segment);
            let there = table.get(segment).filter(|_| !gone.contains(&child));
            let last = depth + 1 == path.len();
            match (there, there.and_then(Item::as_table)) {
                (Some(_), _) if last => break,
                (_, Some(deeper)) => (table, at) = (deeper, child),
                _ => {
                    let names = table.keys().filter(|name| !gone.contains(&at.child(name.as_str())));
                    let nothing = nothing(&key, &path[..=depth], names.map(String::as_str), item);
                    // A workload has more than its layers say, and may be of this very one.
                    if path.len() < 3 || !WORKLOADS.contains(&path[0].as_str()) {
                        problems.push(nothing);
                        return;
                    }
                    self.disowned.push((key.clone(), nothing));
                    break;
                }
            }
        }
        let origin = Origin { key: item.origin.value.clone(), value: item.origin.value.clone() };
        self.removed.insert(key.clone(), origin);
        gone.insert(key);
    }

    fn take_out(&mut self, gone: &BTreeSet<Key>) {
        let mut by_table: BTreeMap<Key, BTreeSet<&str>> = BTreeMap::new();
        for (key, name) in gone.iter().filter_map(|key| Some((key.parent()?, key.last()?))) {
            by_table.entry(key).or_default().insert(name);
        }
        for (at, names) in by_table {
            // A table around it may be gone as well.
            let table = at.segments().try_fold(&mut self.table, |table, name| table.get_mut(name)?.as_table_mut());
            if let Some(table) = table {
                table.retain(|name, _| !names.contains(name));
            }
        }
    }

    /// Removes every named entry that says `enabled = false`, once all layers have spoken. `at` is where `table` stands.
    pub(super) fn settle(&mut self, table: &mut Table, at: &Key, problems: &mut Vec<Problem>) {
        for (name, item) in table.iter_mut().filter(|(name, _)| NAMED.contains(&name.as_str())) {
            let at = at.child(name);
            let Some(entries) = item.as_table_mut() else { continue };
            self.switch(entries, &at, problems);
            for (name, entry) in entries.iter_mut() {
                if let Some(entry) = entry.as_table_mut() {
                    self.settle(entry, &at.child(name), problems);
                }
            }
        }
    }

    /// Removes the entries of one table that are off.
    pub(super) fn switch(&mut self, entries: &mut Table, at: &Key, problems: &mut Vec<Problem>) {
        let mut off = BTreeMap::new();
        for (name, entry) in entries.iter_mut() {
            let Some(entry) = entry.as_table_mut() else { continue };
            off.extend(switched_off(entry, &at.child(name), problems).map(|by| (name.clone(), by)));
        }
        if !off.is_empty() {
            entries.retain(|name, _| !off.contains_key(name));
        }
        self.removed.extend(off.into_iter().map(|(name, by)| (at.child(name), by)));
    }
}

/// Takes `enabled` out of an entry, and returns it if it says that the entry is off.
fn switched_off(entry: &mut Table, at: &Key, problems: &mut Vec<Problem>) -> Option<Origin> {
    let on = entry.get("enabled")?;
    let value = on.as_bool();
    if value.is_none() {
        let problem = Problem::new(Code::WrongType, format!("`{at}.enabled` has the wrong type"));
        problems.push(
            problem.at(Some(on.origin.value.clone()), format!("expected `true` or `false`, found {}", on.kind())),
        );
    }
    let origin = entry.remove("enabled")?.origin;
    (value == Some(false)).then_some(origin)
}

fn wrong_type(item: &Item) -> Problem {
    Problem::new(Code::WrongType, "`unset` has the wrong type")
        .at(Some(item.origin.value.clone()), format!("expected an array of strings, found {}", item.kind()))
        .help("list the keys that lower layers set: unset = [\"autoscale\", \"probes.liveness\"]")
}

/// Nothing there; `missing` is the part of the key that is absent among `names`, with what leads to it.
fn nothing<'a>(key: &Key, missing: &[String], names: impl Iterator<Item = &'a str>, item: &Item) -> Problem {
    let problem = Problem::new(Code::UnsetNothing, format!("`{key}` is not set by any lower layer"))
        .at(Some(item.origin.value.clone()), "nothing to remove");
    let (Some(name), true) = (missing.last(), key.segments().count() == missing.len()) else { return problem };
    match near(name, names) {
        Some(meant) => {
            let meant = key.parent().unwrap_or(Key::ROOT).child(meant);
            problem.help(format!("did you mean `{meant}`?"))
        }
        None => problem,
    }
}
