//! A map that keeps the order of its writing, and finds a key as fast among thousands as among a few.

use std::{collections::BTreeMap, ops::Deref, sync::OnceLock};

use super::{Name, Node};

/// Where the items of a list stand by their name at a key, the first of each name.
pub(super) fn names(items: &[Node], key: &str) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(name) = item.get(key).and_then(Node::as_name) {
            names.entry(name.into_owned()).or_insert(at);
        }
    }
    names
}

/// As many entries are searched one by one, which is faster than an index. Nearly all maps have no more.
pub(super) const FEW: usize = 16;

/// The entries of a map, in their order. Reads as a slice; of equal keys the first is found.
#[derive(Debug, Clone, Default)]
pub struct Map {
    entries: Vec<(Name, Node)>,
    /// Where the keys stand: made when somebody looks for one among many, and kept while keys are added. In a box, since
    /// hardly any map has it and every node is as large as a map.
    #[expect(clippy::box_collection, reason = "a pointer is a third of a map")]
    index: OnceLock<Box<BTreeMap<Name, usize>>>,
}

impl Map {
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.place(key).map(|at| &self.entries[at].1)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.place(key).map(|at| &mut self.entries[at].1)
    }

    /// Where a key stands.
    pub fn place(&self, key: &str) -> Option<usize> {
        if self.entries.len() <= FEW {
            return self.entries.iter().position(|(other, _)| other == key);
        }
        self.index.get_or_init(|| Box::new(index(&self.entries))).get(key).copied()
    }

    /// The value at a place, with its key.
    pub fn entry_mut(&mut self, place: usize) -> (&str, &mut Node) {
        let (key, node) = &mut self.entries[place];
        (key, node)
    }

    /// Puts a value in place of an equal key or at the end.
    pub fn set(&mut self, key: Name, node: Node) {
        match self.get_mut(&key) {
            Some(old) => *old = node,
            None => {
                if let Some(index) = self.index.get_mut() {
                    index.insert(key.clone(), self.entries.len());
                }
                self.entries.push((key, node));
            }
        }
    }

    /// Takes a key out. What follows it moves up, so [`Map::retain`] is for many of them.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let at = self.place(key)?;
        self.index.take();
        Some(self.entries.remove(at).1)
    }

    /// Takes out every key that is not to stay.
    pub fn retain(&mut self, mut stays: impl FnMut(&str) -> bool) {
        self.index.take();
        self.entries.retain(|(key, _)| stays(key));
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Node)> {
        self.entries.iter_mut().map(|(key, node)| (&**key, node))
    }

    /// Sorts by what is made of each key, once.
    pub fn sort_by_key<K: Ord>(&mut self, of: impl Fn(&Name) -> K) {
        if self.entries.len() > 1 {
            self.index.take();
            self.entries.sort_by_cached_key(|(key, _)| of(key));
        }
    }
}

fn index(entries: &[(Name, Node)]) -> BTreeMap<Name, usize> {
    let mut index = BTreeMap::new();
    for (at, (key, _)) in entries.iter().enumerate() {
        index.entry(key.clone()).or_insert(at);
    }
    index
}

impl Deref for Map {
    type Target = [(Name, Node)];

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

/// The index says nothing of its own.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl From<Vec<(Name, Node)>> for Map {
    fn from(entries: Vec<(Name, Node)>) -> Self {
        Map { entries, index: OnceLock::new() }
    }
}

impl FromIterator<(Name, Node)> for Map {
    fn from_iter<I: IntoIterator<Item = (Name, Node)>>(entries: I) -> Self {
        Vec::from_iter(entries).into()
    }
}

impl IntoIterator for Map {
    type Item = (Name, Node);
    type IntoIter = std::vec::IntoIter<(Name, Node)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}
