//! One rendered object of a cluster, or of what talks like one: from typed struct to tree, with its reasons.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    bundle::File,
    key::Key,
    tree::{Content, Node, Notes},
};

/// One object, as a tree that knows why.
#[derive(Clone)]
pub struct Object {
    pub kind: String,
    pub name: String,
    pub root: Node,
}

impl Object {
    /// Joins an object with the reasons for its values; the first is the reason that it is there at all.
    pub fn of(
        (kind, name): (&'static str, String),
        object: &impl Serialize,
        (reason, keys): (&'static str, Vec<Key>),
        notes: Notes,
    ) -> Self {
        let mut root = Node::typed(object);
        let mut all = Notes::default();
        all.add("apiVersion", "the stable version of its API", Vec::new());
        all.add("kind", reason, keys);
        all.extend("", notes);
        all.join(&mut root);
        order(&mut root);
        Object { kind: kind.to_owned(), name, root }
    }

    /// `deployment.yaml`, or `deployment-worker.yaml` for the object `orders-worker` of the app `orders`.
    fn short_path(&self, app: &str) -> String {
        match self.name.strip_prefix(app) {
            Some("") => format!("{}.yaml", self.kind.to_lowercase()),
            Some(own) if own.starts_with('-') => format!("{}{own}.yaml", self.kind.to_lowercase()),
            _ => self.long_path(),
        }
    }

    fn long_path(&self) -> String {
        format!("{}-{}.yaml", self.kind.to_lowercase(), self.name)
    }
}

/// A file for each object, under a short name as far as that is nobody else's.
pub fn files(objects: Vec<Object>, app: &str) -> Vec<File> {
    let mut short: BTreeMap<String, usize> = BTreeMap::new();
    for object in &objects {
        *short.entry(object.short_path(app)).or_default() += 1;
    }
    let mut taken = BTreeSet::new();
    let files = objects.into_iter().map(|object| {
        let mut path = object.short_path(app);
        if short[&path] > 1 {
            path = object.long_path();
        }
        // One name in two namespaces, or one kind in two groups.
        while !taken.insert(path.clone()) {
            path.insert_str(path.len() - ".yaml".len(), "-other");
        }
        File::new(path, object.root)
    });
    files.collect()
}

/// Identity first, then alphabetical: the reading order of every map.
pub fn order(node: &mut Node) {
    const FIRST: &[&str] = &["apiVersion", "kind", "metadata", "name", "namespace", "image"];
    match &mut node.content {
        Content::Map(entries) => {
            let rank = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
            entries.sort_by_key(|key| (rank(key), key.clone()));
            entries.iter_mut().for_each(|(_, value)| order(value));
        }
        Content::Seq(items) => items.iter_mut().for_each(order),
        _ => {}
    }
}
