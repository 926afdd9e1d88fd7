//! `[environments.NAME]`: what differs where the app runs.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    Origin,
    item::{self, Data, Item, Table},
    merge::Merged,
    near::near,
};
use crate::{
    key::Key,
    problem::{Code, Problem},
};

/// Keys that no environment may have, and why not.
const FORBIDDEN: [(&str, &str); 3] = [
    ("extends", "every environment is laid over the same layers"),
    ("environments", "environments do not nest"),
    ("name", "the name of the app is the same everywhere; it names objects and volumes"),
];

/// Takes the environments out of the merged layers and lays the selected one over them.
pub(super) fn apply(merged: &mut Merged, selected: Option<&str>, problems: &mut Vec<Problem>) -> Table {
    let mut environments = match merged.table.remove("environments") {
        None => Table::new(),
        Some(Item { data: Data::Table(table), .. }) => table,
        Some(other) => {
            let problem = Problem::new(Code::WrongType, "`environments` has the wrong type");
            let label = format!("expected a table, found {}", other.kind());
            problems.push(problem.at(Some(other.origin.value), label).help("write [environments.staging]"));
            Table::new()
        }
    };
    merged.switch(&mut environments, &Key::new("environments"), problems);
    for (name, environment) in &environments {
        check(name, environment, problems);
    }
    if let Some(name) = selected {
        match environments.get(name) {
            Some(environment) => {
                let layer = environment.as_table().cloned().unwrap_or_default();
                merged.lay(layer, problems);
            }
            None => problems.push(unknown(name, &environments)),
        }
    }
    environments
}

/// The environments as values, for the schema: without what only layers understand.
pub(super) fn values(
    mut environments: Table,
    origins: &mut BTreeMap<Key, Origin>,
    problems: &mut Vec<Problem>,
) -> Map<String, Value> {
    let at = Key::new("environments");
    // What is switched off in an environment says nothing about the profile without it.
    let mut aside = Merged::default();
    for (name, environment) in environments.iter_mut() {
        if let Some(table) = environment.as_table_mut() {
            table.remove("unset");
            aside.settle(table, &at.child(name), problems);
        }
    }
    item::flatten(environments, &at, origins)
}

/// Why no environment can have a name, and what to do about it.
pub(crate) fn unusable(name: &str) -> Option<(&'static str, &'static str)> {
    let help = "use at most 40 lower-case letters, digits, `-` and `_`, as in \"staging\": files bear the name";
    match name {
        "dev" => {
            let help = "write [dev] for development on one machine, rendered with `render compose --dev`; a cluster for \
                        developers is an environment by another name, as in [environments.development]";
            Some(("development is a target of its own", help))
        }
        "override" => Some(("the file of this name is for development", help)),
        _ => (!is_file_name(name)).then_some(("cannot be part of a file's name", help)),
    }
}

fn check(name: &str, environment: &Item, problems: &mut Vec<Problem>) {
    if let Some((why, help)) = unusable(name) {
        let problem = Problem::new(Code::BadEnvironment, format!("`{name}` is not the name of an environment"));
        problems.push(problem.at(Some(environment.origin.key.clone()), why).help(help));
    }
    let Some(table) = environment.as_table() else { return };
    for (key, why) in FORBIDDEN {
        if let Some(item) = table.get(key) {
            let problem = Problem::new(Code::BadEnvironment, format!("an environment cannot set `{key}`"));
            problems.push(problem.at(Some(item.origin.key.clone()), why));
        }
    }
}

fn is_file_name(name: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=40).contains(&name.len()) && name.starts_with(edge) && name.chars().all(|c| edge(c) || matches!(c, '-' | '_'))
}

fn unknown(name: &str, environments: &Table) -> Problem {
    let problem = Problem::new(Code::UnknownEnvironment, format!("the profile has no environment `{name}`"));
    let names: Vec<&str> = environments.keys().map(String::as_str).collect();
    if name == "dev" {
        problem.help("development is not an environment: render it with `render compose --dev`")
    } else if name.is_empty() && names.is_empty() {
        problem.help("drop `--env`: without it, the profile itself is rendered")
    } else if let Some((_, help)) = unusable(name).filter(|_| names.is_empty()) {
        problem.help(help)
    } else if let Some(meant) = near(name, names.iter().copied()) {
        problem.help(format!("did you mean `{meant}`? It has: {}", names.join(", ")))
    } else if names.is_empty() {
        problem.help(format!("write [environments.{}] with what differs there", Key::ROOT.child(name)))
    } else {
        problem.help(format!("it has: {}", names.join(", ")))
    }
}
