//! `unset = ["autoscale", "probes.liveness"]`, and `enabled = false`: what a layer takes away.

use super::{
    Origin,
    item::{Data, Item, Table},
    merge::Merged,
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
                    self.unset_one(&path, &item, problems);
                }
            }
        }
    }

    fn unset_one(&mut self, path: &[String], item: &Item, problems: &mut Vec<Problem>) {
        let key = path.iter().fold(Key::ROOT, |key, segment| key.child(segment));
        let Some((last, parents)) = path.split_last() else { return };
        let mut table = &mut self.table;
        for (depth, parent) in parents.iter().enumerate() {
            if table.get(parent).is_none_or(|item| item.as_table().is_none()) {
                problems.push(nothing(&key, &path[..=depth], table, item));
                return;
            }
            let Some(deeper) = table.get_mut(parent).and_then(Item::as_table_mut) else { return };
            table = deeper;
        }
        match table.remove(last) {
            Some(_) => {
                self.removed.insert(key, Origin { key: item.origin.value.clone(), value: item.origin.value.clone() });
            }
            None => problems.push(nothing(&key, path, table, item)),
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
        let mut off = Vec::new();
        for (name, entry) in entries.iter_mut() {
            let Some(entry) = entry.as_table_mut() else { continue };
            off.extend(switched_off(entry, &at.child(name), problems).map(|by| (name.clone(), by)));
        }
        for (name, by) in off {
            entries.remove(&name);
            self.removed.insert(at.child(name), by);
        }
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

/// Nothing there; `missing` is the part of the key that is absent from `table`, with what leads to it.
fn nothing(key: &Key, missing: &[String], table: &Table, item: &Item) -> Problem {
    let problem = Problem::new(Code::UnsetNothing, format!("`{key}` is not set by any lower layer"))
        .at(Some(item.origin.value.clone()), "nothing to remove");
    let (Some(name), true) = (missing.last(), key.segments().count() == missing.len()) else { return problem };
    match near(name, table.keys().map(String::as_str)) {
        Some(meant) => {
            let meant = key.parent().unwrap_or(Key::ROOT).child(meant);
            problem.help(format!("did you mean `{meant}`?"))
        }
        None => problem,
    }
}
