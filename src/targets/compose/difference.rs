//! The smallest override that makes one Compose document another.
//!
//! Every part is tried on our model of the merge; a part that would not give what is wanted replaces as a whole
//! (`!override`, Compose 2.24.4 and later), so an override is right wherever the model is.

use std::collections::BTreeSet;

use super::{
    fields::{Class, Unique, class_at, group_at},
    forms::{canonical, child, counted, distinct, key, long, same_at},
    merge::{merge_at, other_driver},
};
use crate::tree::{Content, Map, Node, Note, Tag};

/// The override that Compose merges over `base` to get `wanted`. It always names the project (dclint,
/// `require-project-name-field`), and nothing else if nothing differs: Compose and dclint accept that.
///
/// Values keep the notes of `wanted`, in the order of `wanted`; a `!reset` says why `base` had the value.
pub fn difference(base: &Node, wanted: &Node) -> Node {
    difference_noted(base, wanted, &|_, was| was.map(removed))
}

/// Says why there is nothing at a path where the base has something for a reason.
pub type Gone<'a> = &'a dyn Fn(&[&str], Option<&Note>) -> Option<Note>;

/// The reason for a `!reset`, from the reason for what it takes away.
pub fn removed(was: &Note) -> Note {
    Note::new(format!("removed here; in the base file: {}", was.reason), was.keys.clone())
}

/// Like [`difference`]; `gone` says why `wanted` lacks what stands at a path in `base`.
pub fn difference_noted(base: &Node, wanted: &Node, gone: Gone<'_>) -> Node {
    let mut over = Node { note: wanted.note.clone(), ..Node::map() };
    if let Some(name) = wanted.get("name").or_else(|| base.get("name")) {
        over.set("name", name.clone());
    }
    let differs = Walk { gone }.maps(&[], base, wanted, None).unwrap_or_else(Node::map);
    if let Content::Map(entries) = differs.content {
        for (key, node) in entries.into_iter().filter(|(key, _)| key != "name") {
            over.set(key, node);
        }
    }
    over
}

struct Walk<'a> {
    gone: Gone<'a>,
}

impl Walk<'_> {
    /// What to write over a value; `None` if it is wanted as it is. `why` is the note that speaks for the base's value.
    fn at(&self, path: &[&str], base: &Node, wanted: &Node, why: Option<&Note>) -> Option<Node> {
        if same_at(path, base, wanted) {
            return None;
        }
        let why = base.note.as_ref().or(why);
        let class = class_at(path);
        let over = match class {
            Class::Value | Class::Choice | Class::Whole => Some(wanted.clone()),
            Class::Opaque => Some(wanted.clone()).filter(|node| is_scalar(node) && is_scalar(base)),
            Class::Logging if other_driver(base, wanted) => Some(wanted.clone()),
            Class::Pairs => self.pairs(path, base, wanted, why),
            Class::List(..) => additions(class, base, wanted),
            Class::Names | Class::DependsOn => {
                added_names(class, base, wanted).or_else(|| self.maps(path, base, wanted, why))
            }
            Class::Map | Class::Short(_) | Class::Logging => self.maps(path, base, wanted, why),
        };
        let right = |over: &Node| {
            merge_at(path, Some(base), over).is_ok_and(|merged| merged.is_some_and(|got| same_at(path, &got, wanted)))
        };
        Some(over.filter(right).unwrap_or_else(|| self.replaced(path, base, wanted, why)))
    }

    /// What differs between two maps; `None` if it cannot be said key by key.
    fn maps(&self, path: &[&str], base: &Node, wanted: &Node, why: Option<&Note>) -> Option<Node> {
        let class = class_at(path);
        let (left, right) = (long(class, base), long(class, wanted));
        let mut over = Node { note: wanted.note.clone(), ..Node::map() };
        for (key, value) in right.as_map()? {
            let stated = || wanted.get(key).unwrap_or(value).clone();
            match left.get(key) {
                None => over.set(key.clone(), stated()),
                Some(old) => {
                    let Some(value) = self.at(&child(path, key), old, value, why) else { continue };
                    // The tag would make a text of it, so what holds it is replaced.
                    if value.tag == Some(Tag::Override) && is_typed(&value) && !path.is_empty() {
                        return None;
                    }
                    over.set(key.clone(), value);
                }
            }
        }
        for (key, old) in left.as_map()?.iter().filter(|(key, _)| right.get(key).is_none()) {
            let path = child(path, key);
            if !needs(&path).is_empty() {
                return None;
            }
            over.set(key.clone(), self.reset(&path, old, old.note.as_ref().or(why)));
        }
        for key in needs(path).iter().filter(|key| over.get(key).is_none()).collect::<Vec<_>>() {
            over.set(*key, right.get(key)?.clone());
        }
        Some(over)
    }

    /// Compose can take a key out of a map, but not out of a list.
    fn pairs(&self, path: &[&str], base: &Node, wanted: &Node, why: Option<&Note>) -> Option<Node> {
        let (left, right) = (long(Class::Pairs, base), long(Class::Pairs, wanted));
        let differs = |key: &str| !left.get(key).zip(right.get(key)).is_some_and(|(a, b)| a.same(b));
        let content = match &wanted.content {
            Content::Seq(items) => {
                let name = |item: &Node| key(Unique::BeforeEquals, item).unwrap_or_default();
                let items = distinct(Unique::BeforeEquals, items.clone());
                Content::Seq(items.into_iter().filter(|item| differs(&name(item))).collect())
            }
            Content::Map(entries) => {
                let gone = left.as_map()?.iter().filter(|(key, _)| right.get(key).is_none());
                let reset =
                    gone.map(|(key, old)| (key.clone(), self.reset(&child(path, key), old, old.note.as_ref().or(why))));
                Content::Map(entries.iter().filter(|(key, _)| differs(key)).cloned().chain(reset).collect())
            }
            _ => return None,
        };
        Some(Node { content, note: wanted.note.clone(), tag: None })
    }

    /// Takes the place of whatever the base has.
    fn replaced(&self, path: &[&str], base: &Node, wanted: &Node, why: Option<&Note>) -> Node {
        match wanted.content {
            // `!override null` would be the text "null".
            Content::Null => self.reset(path, base, why),
            _ => {
                let whole = |note: Note| Note::new("replaces the base file's: a merge would only add to it", note.keys);
                let note = wanted.note.clone().or_else(|| below(&[wanted, base]).map(whole));
                Node { note, ..wanted.clone().tagged(Tag::Override) }
            }
        }
    }

    /// Takes a value away. Compose ignores what follows `!reset`, but dclint holds it against the specification's
    /// schema, `!reset null` as the text "null".
    fn reset(&self, path: &[&str], base: &Node, why: Option<&Note>) -> Node {
        let empty = match (class_at(path), &base.content) {
            (Class::Whole, _) => Content::Null,
            (Class::Map, _) | (_, Content::Map(_)) => Content::Map(Map::default()),
            (_, Content::Seq(_)) => Content::Seq(Vec::new()),
            (Class::Choice, content) => content.clone(),
            (Class::Opaque, content) if group_at(&path[..path.len() - 1]).is_some() => content.clone(),
            _ => Content::Null,
        };
        let was = base.note.clone().or_else(|| below(&[base]));
        Node { content: empty, note: (self.gone)(path, was.as_ref().or(why)), tag: Some(Tag::Reset) }
    }
}

/// One note out of those below nodes that have none: the first reason, and what decides any of them.
fn below(nodes: &[&Node]) -> Option<Note> {
    fn collect<'a>(node: &'a Node, notes: &mut Vec<&'a Note>) {
        notes.extend(&node.note);
        match &node.content {
            Content::Map(entries) => entries.iter().for_each(|(_, node)| collect(node, notes)),
            Content::Seq(items) => items.iter().for_each(|node| collect(node, notes)),
            _ => {}
        }
    }
    let mut notes = Vec::new();
    nodes.iter().for_each(|node| collect(node, &mut notes));
    let first = notes.first()?;
    let mut seen = BTreeSet::new();
    let keys = notes.iter().flat_map(|note| &note.keys).filter(|key| seen.insert(*key)).cloned().collect();
    Some(Note::new(first.reason.clone(), keys))
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.content, Content::Null | Content::Seq(_) | Content::Map(_))
}

fn is_typed(node: &Node) -> bool {
    matches!(node.content, Content::Bool(_) | Content::Number(_))
}

fn needs(path: &[&str]) -> &'static [&'static str] {
    group_at(path).map_or(&[], |group| group.needs)
}

/// The items that the base lacks, or has otherwise.
fn additions(class: Class, base: &Node, wanted: &Node) -> Option<Node> {
    let Class::List(..) = class else { return None };
    let (left, right) = (long(class, base), long(class, wanted));
    let mut left = counted(left.as_seq()?);
    let mut added = Vec::new();
    for item in right.as_seq()? {
        match left.get_mut(&canonical(item)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => added.push(item.clone()),
        }
    }
    Some(Node { content: Content::Seq(added), note: wanted.note.clone(), tag: None })
}

/// A list of names that only grows is continued as a list.
fn added_names(class: Class, base: &Node, wanted: &Node) -> Option<Node> {
    let left = long(class, base);
    let new = |item: &&Node| item.as_text().is_some_and(|name| left.get(name).is_none());
    let added: Vec<Node> = wanted.as_seq()?.iter().filter(new).cloned().collect();
    let over = Node { content: Content::Seq(added), note: wanted.note.clone(), tag: None };
    over.as_seq().is_some_and(|items| !items.is_empty()).then_some(over)
}
