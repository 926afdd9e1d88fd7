//! A place in a document, whether something stands there or not.

use std::{borrow::Cow, collections::BTreeSet};

use crate::tree::{Content, Node, Path};

/// The key by which the items of the list at a place are told apart, as for patches: places then read alike.
pub type Keys = fn(&Path) -> Option<&'static str>;

/// A place in one of the documents. What is absent has a place too: it may be what is missing.
#[derive(Clone)]
pub struct At<'a> {
    pub document: usize,
    pub path: Path,
    pub node: Option<&'a Node>,
    keys: Keys,
}

impl<'a> At<'a> {
    pub fn root(document: usize, node: &'a Node, keys: Keys) -> Self {
        At { document, path: Path::default(), node: Some(node), keys }
    }

    /// The place of a key, whatever it contains.
    pub fn key(&self, key: &str) -> At<'a> {
        let node = self.node.and_then(|node| node.get(key));
        At { path: self.path.clone().key(key), node, ..*self }
    }

    /// The place some keys further: `spec.template.spec`.
    pub fn at(&self, dotted: &str) -> At<'a> {
        dotted.split('.').fold(self.clone(), |at, key| at.key(key))
    }

    /// The place that a JSON pointer names (RFC 6901).
    pub fn pointer(&self, pointer: &str) -> At<'a> {
        let segments = pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"));
        segments.fold(self.clone(), |at, segment| {
            let item = segment.parse().ok().and_then(|index: usize| at.items().nth(index));
            item.unwrap_or_else(|| at.key(&segment))
        })
    }

    /// The entries of a map; of anything else none.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, At<'a>)> + use<'a> {
        let at = self.clone();
        let entries = self.node.and_then(Node::as_map).unwrap_or_default();
        entries
            .iter()
            .map(move |(key, node)| (&**key, At { path: at.path.clone().key(&**key), node: Some(node), ..at }))
    }

    /// The items of a list; of anything else none.
    pub fn items(&self) -> impl Iterator<Item = At<'a>> + use<'a> {
        let at = self.clone();
        let key = (self.keys)(&self.path);
        let items = self.node.and_then(Node::as_seq).unwrap_or_default();
        items.iter().enumerate().map(move |(index, node)| {
            let named = key.and_then(|key| Some((key, node.get(key)?.as_name()?)));
            let path = match named {
                Some((key, value)) => at.path.clone().item(key, value),
                None => at.path.clone().index(index),
            };
            At { path, node: Some(node), ..at }
        })
    }

    /// Every place below this one, itself first.
    pub fn all(&self) -> Vec<At<'a>> {
        let mut all = vec![self.clone()];
        let below = self.entries().map(|(_, at)| at).chain(self.items());
        all.extend(below.flat_map(|at| at.all()));
        all
    }

    pub fn is_set(&self) -> bool {
        self.node.is_some()
    }

    pub fn text(&self) -> Option<&'a str> {
        self.node?.as_text()
    }

    /// A text, or a number as text: a name, a port, a quantity.
    pub fn scalar(&self) -> Option<Cow<'a, str>> {
        self.node?.as_name()
    }

    pub fn number(&self) -> Option<i64> {
        match &self.node?.content {
            Content::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    pub fn is(&self, wanted: bool) -> bool {
        self.node.is_some_and(|node| node.content == Content::Bool(wanted))
    }

    /// Whether a list holds this text.
    pub fn holds(&self, text: &str) -> bool {
        self.items().any(|item| item.text() == Some(text))
    }

    /// The text at `name`, to say which one it is.
    pub fn name(&self) -> Cow<'a, str> {
        self.key("name").scalar().unwrap_or_default()
    }
}

/// The items whose `value` an earlier one has too, each with that value.
pub fn twice<'a, T: Ord + Clone>(items: impl IntoIterator<Item = (T, At<'a>)>) -> Vec<(T, At<'a>)> {
    let mut seen = BTreeSet::new();
    items.into_iter().filter(|(value, _)| !seen.insert(value.clone())).collect()
}
