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

/// A step, wherever its words lie.
#[derive(Clone, Copy)]
pub(super) enum Going<'a> {
    Key(&'a str),
    Item { key: &'a str, value: &'a str },
    Index(usize),
}

/// The steps of `a.b[name=x].c[0]`, one by one.
pub(super) fn going(text: &str) -> impl Iterator<Item = Going<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if let Some(inner) = rest.strip_prefix('[') {
            let (item, tail) = inner.split_once(']').expect("a path closes its brackets");
            rest = tail.strip_prefix('.').unwrap_or(tail);
            return Some(match item.split_once('=') {
                Some((key, value)) => Going::Item { key, value },
                None => Going::Index(item.parse().expect("an index is a number")),
            });
        }
        let end = rest.bytes().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(rest.len());
        let (key, tail) = rest.split_at(end);
        rest = tail.strip_prefix('.').unwrap_or(tail);
        Some(Going::Key(key)).filter(|_| !key.is_empty())
    })
}

impl Step {
    pub(super) fn going(&self) -> Going<'_> {
        match self {
            Step::Key(key) => Going::Key(key),
            Step::Item { key, value } => Going::Item { key, value },
            Step::Index(index) => Going::Index(*index),
        }
    }
}

impl From<Going<'static>> for Step {
    fn from(going: Going<'static>) -> Self {
        match going {
            Going::Key(key) => Step::Key(key.into()),
            Going::Item { key, value } => Step::Item { key: key.into(), value: value.into() },
            Going::Index(index) => Step::Index(index),
        }
    }
}

impl Path {
    /// Parses `a.b[name=x].c[0]`. Keys that contain dots are added with [`Path::key`].
    pub fn new(text: &'static str) -> Self {
        Path(going(text).map(Step::from).collect())
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

    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    pub fn find_mut<'a>(&self, root: &'a mut Node) -> Option<&'a mut Node> {
        Finder::default().find_mut(self.going(), root)
    }

    pub(super) fn going(&self) -> impl Iterator<Item = Going<'_>> {
        self.0.iter().map(Step::going)
    }
}

/// Finds many places in one document, whose lists stay as they are meanwhile: a long list is read once for all of them.
#[derive(Default)]
pub(super) struct Finder {
    /// Long lists, each by where it lies in memory, and the key of its items.
    lists: BTreeMap<(usize, String), BTreeMap<String, usize>>,
}

impl Finder {
    pub fn find_mut<'n, 'p>(
        &mut self,
        mut path: impl Iterator<Item = Going<'p>>,
        root: &'n mut Node,
    ) -> Option<&'n mut Node> {
        path.try_fold(root, |node, step| match (step, &mut node.content) {
            (Going::Key(key), Content::Map(entries)) => entries.get_mut(key),
            (Going::Index(index), Content::Seq(items)) => items.get_mut(index),
            (Going::Item { key, value }, Content::Seq(items)) => {
                let place = if items.len() <= FEW {
                    items.iter().position(|item| item.is_named(key, value))
                } else {
                    let list = (items.as_ptr().addr(), key.to_owned());
                    self.lists.entry(list).or_insert_with(|| names(items, key)).get(value).copied()
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
