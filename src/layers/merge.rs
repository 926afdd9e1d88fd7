//! One layer over another.

use std::collections::BTreeMap;

use super::{
    Origin,
    item::{Data, Item, Table},
};
use crate::{key::Key, problem::Problem};

/// How a process is started without a server. They belong together, and go together.
pub(super) const COMMAND: [&str; 3] = ["command", "args", "workers_env"];

/// The tables of which each entry is a workload, with process keys and app-wide tables of its own.
pub const WORKLOADS: [&str; 6] = ["processes", "jobs", "crons", "sidecars", "inits", "companions"];

/// Those of them that often run a program of others, and then have nothing of the app's configuration.
pub(super) const BESIDE: [&str; 3] = ["sidecars", "inits", "companions"];

/// The layers so far.
#[derive(Default)]
pub(super) struct Merged {
    pub table: Table,
    /// What some layer set and a higher one took away, and where it said so.
    pub removed: BTreeMap<Key, Origin>,
    /// What some layer takes from a process that it can only have inherited; and what is wrong if it has not.
    pub disowned: Vec<(Key, Problem)>,
}

impl Merged {
    /// Takes away what the layer unsets, then lays it over the others.
    pub fn lay(&mut self, mut layer: Table, problems: &mut Vec<Problem>) {
        self.unset(&mut layer, problems);
        let mut table = std::mem::take(&mut self.table);
        self.merge(&mut table, layer, &Key::ROOT);
        self.table = table;
    }

    /// Tables merge deeply, patches append, and everything else replaces.
    fn merge(&mut self, base: &mut Table, over: Table, at: &Key) {
        if is_process(at) {
            self.drop_other_start(base, &over, at);
        }
        for (name, item) in over {
            match base.get_mut(&name) {
                Some(old) => self.put(old, item, &at.child(name)),
                None => {
                    base.insert(name, item);
                }
            }
        }
    }

    fn put(&mut self, old: &mut Item, new: Item, at: &Key) {
        match (&mut old.data, new.data) {
            (Data::Table(base), Data::Table(over)) => {
                // A header says more about where a table stands than the path to one of its keys.
                if new.origin.key != new.origin.value {
                    old.origin = new.origin;
                }
                self.merge(base, over, at);
            }
            (Data::Array(base), Data::Array(mut over)) if appends(at) => base.append(&mut over),
            (_, data) => *old = Item { origin: new.origin, data },
        }
    }

    /// A process is started by a server or by a command. Who sets one in a higher layer does not mean the other.
    /// Both in one layer stay, to be complained about.
    fn drop_other_start(&mut self, base: &mut Table, over: &Table, at: &Key) {
        let (dropped, by): (&[&str], _) = match (over.get("command"), over.get("server")) {
            (Some(command), None) => (&["server"], command),
            (None, Some(server)) if base.contains_key("command") => (&COMMAND, server),
            _ => return,
        };
        for name in dropped {
            if base.remove(*name).is_some() {
                let key = by.origin.key.clone();
                self.removed.insert(at.child(*name), Origin { value: key.clone(), key });
            }
        }
    }
}

/// The path of a key without the environment that it stands in.
pub(super) fn inside(at: &Key) -> Vec<&str> {
    let path: Vec<_> = at.segments().collect();
    match path.as_slice() {
        ["environments", _, rest @ ..] => rest.to_vec(),
        _ => path,
    }
}

fn is_process(at: &Key) -> bool {
    match inside(at).as_slice() {
        // `environments` alone is no process, and neither key can stand in it.
        [] | ["defaults", _] => true,
        [kind, _] => WORKLOADS.contains(kind),
        _ => false,
    }
}

/// Patches of every layer hold; so does what each layer's version of an environment takes away.
fn appends(at: &Key) -> bool {
    let in_environment = at.segments().next() == Some("environments");
    match inside(at).as_slice() {
        ["patches"] => true,
        ["unset"] => in_environment,
        _ => false,
    }
}
