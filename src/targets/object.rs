//! One rendered object of a cluster, or of what talks like one: from typed struct to tree, with its reasons.

use serde::Serialize;

use crate::{
    bundle::File,
    key::Key,
    tree::{Content, Node, Notes},
};

/// One object, as a tree that knows why.
#[derive(Clone)]
pub struct Object {
    pub kind: &'static str,
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
        let value = serde_json::to_value(object).expect("typed objects have text keys");
        let mut root = Node::from(value);
        let mut all = Notes::default();
        all.add("apiVersion", "the stable version of its API", Vec::new());
        all.add("kind", reason, keys);
        all.extend("", notes);
        all.join(&mut root);
        order(&mut root);
        Object { kind, name, root }
    }

    /// `deployment.yaml`, or `deployment-worker.yaml` for the object `orders-worker` of the app `orders`.
    pub fn into_file(self, app: &str) -> File {
        let own = self.name.strip_prefix(app).map(|rest| rest.trim_start_matches('-')).unwrap_or(&self.name);
        let kind = self.kind.to_lowercase();
        let path = if own.is_empty() { format!("{kind}.yaml") } else { format!("{kind}-{own}.yaml") };
        File::new(path, self.root)
    }
}

/// Identity first, then alphabetical: the reading order of every map.
pub fn order(node: &mut Node) {
    const FIRST: &[&str] = &["apiVersion", "kind", "metadata", "name", "namespace", "image"];
    match &mut node.content {
        Content::Map(entries) => {
            let rank = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
            entries.sort_by(|a, b| (rank(a), a).cmp(&(rank(b), b)));
            entries.iter_mut().for_each(|(_, value)| order(value));
        }
        Content::Seq(items) => items.iter_mut().for_each(order),
        _ => {}
    }
}
