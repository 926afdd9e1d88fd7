//! A table that inherits: others are laid over it, and with each value goes the place where it is written.

use std::{collections::BTreeMap, ops::Bound};

use serde_json::{Map, Value};

use super::{Origin, Provenance, merge::COMMAND};
use crate::key::Key;

/// A process while it inherits.
#[derive(Default)]
pub struct Heir {
    pub table: Map<String, Value>,
    /// Relative to the process.
    pub origins: BTreeMap<Key, Origin>,
}

impl Heir {
    /// Lays a table over what there is, as layers are laid over each other. Returns the keys that it takes away.
    pub fn take(&mut self, over: &Map<String, Value>, from: &Key, provenance: &Provenance) -> Vec<Key> {
        let replaced: &[&str] = match (over.contains_key("command"), over.contains_key("server")) {
            (true, false) => &["server"],
            (false, true) => &COMMAND,
            _ => &[],
        };
        for name in replaced {
            self.drop(&Key::ROOT.child(*name));
        }
        // What a table switches off, or unsets, it does not want to inherit either.
        let off = [&provenance.removed, &provenance.renewed].into_iter().flat_map(|keys| {
            let below = keys.range((Bound::Excluded(from.clone()), Bound::Unbounded));
            below.take_while(|key| from != &Key::ROOT && from.covers(key))
        });
        let dropped = off.filter(|key| self.drop(&moved(key, from, &Key::ROOT))).cloned().collect();
        let mut table = std::mem::take(&mut self.table);
        self.merge(&mut table, over, from, &Key::ROOT, provenance);
        self.table = table;
        dropped
    }

    fn merge(
        &mut self,
        base: &mut Map<String, Value>,
        over: &Map<String, Value>,
        from: &Key,
        to: &Key,
        all: &Provenance,
    ) {
        for (name, value) in over {
            let (from, to) = (from.child(name), to.child(name));
            if let Value::Object(over) = value {
                if !base.get(name).is_some_and(Value::is_object) {
                    self.forget(&to);
                    base.insert(name.clone(), Value::Object(Map::new()));
                }
                // What of a table is not handed on has no place in the new one either.
                self.origins.extend(all.origins.get(&from).map(|origin| (to.clone(), origin.clone())));
                let base = base[name].as_object_mut().expect("a table was put there");
                self.merge(base, over, &from, &to, all);
            } else {
                base.insert(name.clone(), value.clone());
                self.forget(&to);
                let written = below(&all.origins, &from);
                let moved = written.map(|(key, origin)| (moved(key, &from, &to), origin.clone()));
                self.origins.extend(moved.collect::<Vec<_>>());
            }
        }
    }

    /// Whose files are in an image is the same for all that run it: a workload of the app's image has the app's user,
    /// unless it names one. Returns the keys that it takes away.
    pub fn take_user(&mut self, line: &[Key], profile: &Value, provenance: &Provenance) -> Vec<Key> {
        if self.table.contains_key("uid") || self.table.get("image") != profile.get("image") {
            return Vec::new();
        }
        let mut user = Map::new();
        let mut dropped = Vec::new();
        for name in ["uid", "gid"].into_iter().filter(|name| !self.table.contains_key(*name)) {
            match line.iter().map(|key| key.child(name)).find(|key| provenance.removed.contains(key)) {
                Some(off) => dropped.push(off),
                None => user.extend(profile.get(name).map(|value| (name.to_owned(), value.clone()))),
            }
        }
        self.take(&user, &Key::ROOT, provenance);
        dropped
    }

    /// Takes a key away; false if it is not there.
    fn drop(&mut self, key: &Key) -> bool {
        let segments: Vec<&str> = key.segments().collect();
        let Some((last, parents)) = segments.split_last() else { return false };
        let mut table = Some(&mut self.table);
        for parent in parents {
            table = table.and_then(|table| table.get_mut(*parent)?.as_object_mut());
        }
        let found = table.and_then(|table| table.shift_remove(*last)).is_some();
        self.forget(key);
        found
    }

    fn forget(&mut self, key: &Key) {
        let gone: Vec<Key> = below(&self.origins, key).map(|(key, _)| key.clone()).collect();
        for key in &gone {
            self.origins.remove(key);
        }
    }

    /// Writes where everything comes from.
    pub fn settle(&self, at: &Key, provenance: &mut Provenance) {
        let own: Vec<Key> =
            below(&provenance.origins, at).map(|(key, _)| key.clone()).filter(|key| key != at).collect();
        // What it is like is spent; what its own table removes stays told.
        let stale = own.into_iter().filter(|key| !provenance.removed.contains(key)).collect::<Vec<_>>();
        for key in &stale {
            provenance.origins.remove(key);
        }
        for (key, origin) in &self.origins {
            provenance.origins.insert(moved(key, &Key::ROOT, at), origin.clone());
        }
    }
}

/// A key and all that it holds.
fn below<'a>(origins: &'a BTreeMap<Key, Origin>, key: &Key) -> impl Iterator<Item = (&'a Key, &'a Origin)> {
    let key = key.clone();
    origins.range((Bound::Included(key.clone()), Bound::Unbounded)).take_while(move |(other, _)| key.covers(other))
}

/// The same place below another key.
pub fn moved(key: &Key, from: &Key, to: &Key) -> Key {
    key.segments().skip(from.segments().count()).fold(to.clone(), |key, segment| key.child(segment))
}
