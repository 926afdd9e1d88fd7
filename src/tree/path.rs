//! Where a value stands in a document: `spec.template.spec.containers[name=orders].image`.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use super::{
    Content, Node,
    map::{FEW, names},
};

/// A place in a document. Items of lists are found by a key of theirs, so that a place survives reordering.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The value of a key of a map.
    Key(Cow<'static, str>),
    /// The item of a list whose key has this text, or number.
    Item { key: Cow<'static, str>, value: Cow<'static, str> },
    /// An item of a list that has no key.
    Index(usize),
}

impl Path {
    /// Parses `a.b[name=x].c[0]`. Keys that contain dots are added with [`Path::key`].
    pub fn new(text: &'static str) -> Self {
        let mut path = Path::default();
        path.0.reserve_exact(1 + text.matches(['.', '[']).count());
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (item, tail) = inner.split_once(']').expect("a path closes its brackets");
                path.0.push(match item.split_once('=') {
                    Some((key, value)) => Step::Item { key: key.into(), value: value.into() },
                    None => Step::Index(item.parse().expect("an index is a number")),
                });
                rest = tail.strip_prefix('.').unwrap_or(tail);
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                path.0.push(Step::Key(rest[..end].into()));
                rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
            }
        }
        path
    }

    /// One key further, whatever it contains.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.0.push(Step::Key(Cow::Owned(key.into())));
        self
    }

    /// One item further, which has this value at `key`.
    pub fn item(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.0.push(Step::Item { key: Cow::Borrowed(key), value: Cow::Owned(value.into()) });
        self
    }

    /// One item further.
    pub fn index(mut self, index: usize) -> Self {
        self.0.push(Step::Index(index));
        self
    }

    /// Another path that begins here.
    pub fn join(&self, other: Path) -> Path {
        if self.0.is_empty() {
            return other;
        }
        let mut steps = Vec::with_capacity(self.0.len() + other.0.len());
        steps.extend_from_slice(&self.0);
        steps.extend(other.0);
        Path(steps)
    }

    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    pub fn find_mut<'a>(&self, root: &'a mut Node) -> Option<&'a mut Node> {
        Finder::default().find_mut(self, root)
    }
}

/// Finds many places in one document, whose lists stay as they are meanwhile: a long list is read once for all of them.
#[derive(Default)]
pub(super) struct Finder<'p> {
    /// Long lists, each by its place and the key of its items.
    lists: BTreeMap<(&'p [Step], &'p str), BTreeMap<String, usize>>,
}

impl<'p> Finder<'p> {
    pub fn find_mut<'n>(&mut self, path: &'p Path, root: &'n mut Node) -> Option<&'n mut Node> {
        path.0.iter().enumerate().try_fold(root, |node, (depth, step)| match (step, &mut node.content) {
            (Step::Key(key), Content::Map(entries)) => entries.get_mut(key),
            (Step::Index(index), Content::Seq(items)) => items.get_mut(*index),
            (Step::Item { key, value }, Content::Seq(items)) => {
                let place = if items.len() <= FEW {
                    items.iter().position(|item| item.is_named(key, value))
                } else {
                    let list = self.lists.entry((&path.0[..depth], key)).or_insert_with(|| names(items, key));
                    list.get(value.as_ref()).copied()
                };
                items.get_mut(place?)
            }
            _ => None,
        })
    }
}

impl From<&'static str> for Path {
    fn from(text: &'static str) -> Self {
        Path::new(text)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if i == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Item { key, value } => write!(f, "[{key}={value}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
