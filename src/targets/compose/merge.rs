//! Our model of Compose's merge of two files (compose-go v2.9.1, `loader/loader.go`, `loader/reset.go`, `override/`).

use std::{collections::BTreeSet, fmt};

use super::{
    fields::{Class, Unique, class_at},
    forms::{child, distinct, long, scalar},
};
use crate::tree::{Content, Name, Node, Tag};

/// Compose refuses to merge a value over another of a different form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where, as Compose says it: keys with dots between.
    pub path: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot override {}", self.path)
    }
}

/// What Compose reads when `over` follows `base`, in long forms and without tags.
///
/// An item that `over` repeats in a plain list is twice in it: Compose 2.40 refuses that where its schema wants items
/// to differ, and compose-go v2.16 drops the second. A difference never repeats one.
///
/// # Errors
/// If a map, list or value stands over one of another kind.
pub fn merge(base: &Node, over: &Node) -> Result<Node, Refused> {
    let merged = merge_at(&[], Some(base), over)?;
    Ok(merged.unwrap_or_else(Node::map))
}

/// `None` if the value is gone.
pub(super) fn merge_at(path: &[&str], base: Option<&Node>, over: &Node) -> Result<Option<Node>, Refused> {
    let class = class_at(path);
    let Some(base) = base.filter(|_| over.tag.is_none()) else {
        return Ok((over.tag != Some(Tag::Reset)).then(|| long(class, &untagged(over)).into_owned()));
    };
    let (left, right) = (long(class, base), long(class, over));
    let merged = match (class, &left.content, &right.content) {
        (Class::Whole, ..) => untagged(over),
        (Class::Logging, ..) if other_driver(&left, &right) => untagged(over),
        (Class::Pairs, Content::Map(pairs), Content::Map(_)) => {
            Node { content: merge_pairs(base, pairs, over, &right), note: right.note.clone(), tag: right.tag }
        }
        (Class::List(unique, _), Content::Seq(first), Content::Seq(second)) => {
            Node { content: append(unique, first, second), note: right.note.clone(), tag: right.tag }
        }
        (_, _, Content::Null) => left.into_owned(),
        (_, Content::Map(_), Content::Map(entries)) => {
            let mut map = Node { note: right.note.clone(), ..left.clone().into_owned() };
            merge_entries(path, &mut map, entries)?;
            map
        }
        (_, Content::Seq(first), Content::Seq(second)) => {
            Node { content: append(Unique::No, first, second), note: right.note.clone(), tag: right.tag }
        }
        (_, Content::Map(_) | Content::Seq(_), _) => return Err(Refused { path: path.join(".") }),
        _ => untagged(over),
    };
    Ok(Some(merged))
}

fn merge_entries(path: &[&str], map: &mut Node, entries: &[(Name, Node)]) -> Result<(), Refused> {
    let mut gone = BTreeSet::new();
    for (key, value) in entries {
        match merge_at(&child(path, key), map.get(key), value)? {
            Some(merged) => map.set(key.clone(), merged),
            None => drop(gone.insert(&**key)),
        }
    }
    remove(map, &gone);
    Ok(())
}

/// Only a map can lose a key: Compose takes nothing out of lists.
fn merge_pairs(base: &Node, pairs: &[(Name, Node)], over: &Node, right: &Node) -> Content {
    let mut map = Node::new(Content::Map(pairs.to_vec().into()));
    let mut gone = BTreeSet::new();
    for (key, value) in right.as_map().unwrap_or_default() {
        if value.tag != Some(Tag::Reset) {
            map.set(key.clone(), untagged(value));
        } else if base.as_map().is_some() && over.as_map().is_some() {
            gone.insert(&**key);
        }
    }
    remove(&mut map, &gone);
    map.content
}

fn remove(map: &mut Node, gone: &BTreeSet<&str>) {
    if let Content::Map(entries) = &mut map.content
        && !gone.is_empty()
    {
        entries.retain(|key| !gone.contains(key));
    }
}

fn append(unique: Unique, first: &[Node], second: &[Node]) -> Content {
    let second = second.iter().filter(|item| item.tag != Some(Tag::Reset)).map(untagged);
    Content::Seq(distinct(unique, first.iter().cloned().chain(second).collect()))
}

pub(super) fn other_driver(base: &Node, over: &Node) -> bool {
    matches!((base.get("driver"), over.get("driver")), (Some(a), Some(b)) if !a.same(b))
}

/// What is read of a value that stands over nothing: what it resets is not there.
fn untagged(node: &Node) -> Node {
    let stays = |node: &Node| node.tag != Some(Tag::Reset);
    let content = match &node.content {
        Content::Map(entries) => {
            Content::Map(entries.iter().filter(|(_, n)| stays(n)).map(|(k, n)| (k.clone(), untagged(n))).collect())
        }
        Content::Seq(items) => Content::Seq(items.iter().filter(|n| stays(n)).map(untagged).collect()),
        // A tag makes a text of any scalar: the YAML reader has no other type for it.
        scalar if node.tag == Some(Tag::Override) => Content::Text(scalar_text(scalar)),
        scalar => scalar.clone(),
    };
    Node { content, note: node.note.clone(), tag: None }
}

fn scalar_text(content: &Content) -> String {
    scalar(&Node::new(content.clone())).unwrap_or_else(|| "null".into())
}
