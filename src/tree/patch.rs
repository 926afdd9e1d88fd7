//! Strategic merge: what `[[patches]]` do to a document.
//!
//! Maps merge deeply, lists with a merge key merge item by item, everything else replaces; null removes. What a merge
//! does not touch keeps its place.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Content, Map, Node, Note, Path, map::names};

/// The key by which the items of the list at a place are told apart, `None` where a patch replaces the list.
///
/// It is asked about lists only, with the place of the list: `spec.template.spec.containers[name=orders].ports`.
pub type MergeKeys<'a> = &'a dyn Fn(&Path) -> Option<&'static str>;

/// Why a patch cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// A patch of a document is a map; this one is something else, or empty.
    NotAMap,
    /// A list where the document has a map, or the other way round: what there is would be lost.
    OtherForm { at: Path, list: bool },
    /// An item of a list does not say which item it is: it has no text or number at the list's merge key.
    NoMergeKey { list: Path, index: usize, key: &'static str },
}

/// Merges a patch into a document. Each outermost value that the patch sets gets the note, and so does what it takes a
/// value from.
///
/// # Errors
///
/// Every misfit of the patch. The document is then merged in part and of no use.
pub fn merge(root: &mut Node, patch: &Value, keys: MergeKeys, note: &Note) -> Result<(), Vec<Misfit>> {
    if !matches!((&root.content, patch), (Content::Map(_), Value::Object(_))) {
        return Err(vec![Misfit::NotAMap]);
    }
    let mut merge = Merge { keys, note, misfits: Vec::new() };
    merge.node(root, patch, &Path::default(), None);
    if merge.misfits.is_empty() { Ok(()) } else { Err(merge.misfits) }
}

/// The nulls of a patch that have nothing to remove from a document: most likely they were meant as empty values.
pub fn idle(root: &Node, patch: &Value, keys: MergeKeys) -> Vec<Path> {
    let mut found = Vec::new();
    idle_at(Some(root), patch, &Path::default(), keys, &mut found);
    found
}

fn idle_at(node: Option<&Node>, patch: &Value, at: &Path, keys: MergeKeys, found: &mut Vec<Path>) {
    match patch {
        Value::Object(patch) => {
            for (key, value) in patch {
                let (below, at) = (node.and_then(|node| node.get(key)), at.clone().key(key.as_str()));
                match (value, below) {
                    (Value::Null, None) => found.push(at),
                    _ => idle_at(below, value, &at, keys, found),
                }
            }
        }
        Value::Array(patch) => {
            let items = node.and_then(Node::as_seq).unwrap_or_default();
            for (index, value) in patch.iter().enumerate() {
                let item = Node::from(value.clone());
                let name = keys(at).and_then(|key| Some((key, item.get(key)?.as_name()?)));
                let (merged, at) = match name {
                    Some((key, name)) => {
                        (items.iter().find(|item| item.is_named(key, &name)), at.clone().item(key, name))
                    }
                    None => (None, at.clone().index(index)),
                };
                idle_at(merged, value, &at, keys, found);
            }
        }
        _ => {}
    }
}

/// Takes out the value at a JSON pointer (RFC 6901), and nothing around it. In a list, a segment is the value of an
/// item's merge key (or `name`, if the list has none), otherwise an index.
///
/// What it was taken from gets the note. False if nothing is there; the document itself cannot be removed.
pub fn remove(root: &mut Node, pointer: &str, keys: MergeKeys, note: &Note) -> bool {
    let Some((parents, last)) = pointer.rsplit_once('/') else { return false };
    if !parents.is_empty() && !parents.starts_with('/') {
        return false;
    }
    let mut at = Path::default();
    let mut node = root;
    let mut speaks = None;
    for segment in parents.split('/').skip(1) {
        let Some(index) = find(node, &unescape(segment), &at, keys) else { return false };
        speaks = node.note.clone().or(speaks);
        (node, at) = match &mut node.content {
            Content::Map(entries) => {
                let (key, node) = entries.entry_mut(index);
                (node, at.key(key))
            }
            Content::Seq(items) => {
                let place = place(&items[index], index, &at, keys);
                (&mut items[index], place)
            }
            _ => return false,
        };
    }
    let last = unescape(last);
    let found = find(node, &last, &at, keys);
    match (&mut node.content, found) {
        (Content::Map(entries), Some(_)) => drop(entries.remove(&last)),
        (Content::Seq(items), Some(index)) => drop(items.remove(index)),
        _ => return false,
    }
    node.note = Some(without(&last, note, node.note.take().or(speaks)));
    true
}

/// What is gone has no line to say why, so what it was taken from says it, beside what spoke for that before.
fn without(what: &str, note: &Note, before: Option<Note>) -> Note {
    let lost = format!("{}: without `{what}`", note.reason);
    match before {
        None => Note::new(lost, note.keys.clone()),
        Some(mut before) => {
            // In place: one patch can take away thousands, and each adds to the same reason.
            before.reason.to_mut().push_str(&format!("; {lost}"));
            before.keys.retain(|key| !note.keys.contains(key));
            before.keys.splice(0..0, note.keys.iter().cloned());
            before
        }
    }
}

fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// Where a segment of a pointer stands in a map or list.
fn find(node: &Node, segment: &str, at: &Path, keys: MergeKeys) -> Option<usize> {
    match &node.content {
        Content::Map(entries) => entries.place(segment),
        Content::Seq(items) => {
            let key = keys(at).unwrap_or("name");
            let named = items.iter().position(|item| item.is_named(key, segment));
            // Compared as text: `01` and `+1` are no indices.
            named.or_else(|| (0..items.len()).find(|index| index.to_string() == segment))
        }
        _ => None,
    }
}

/// The place of an item of a list, by its merge key if it has one.
fn place(item: &Node, index: usize, list: &Path, keys: MergeKeys) -> Path {
    let named = keys(list).and_then(|key| Some((key, item.get(key)?.as_name()?)));
    match named {
        Some((key, value)) => list.clone().item(key, value),
        None => list.clone().index(index),
    }
}

struct Merge<'a> {
    keys: MergeKeys<'a>,
    note: &'a Note,
    misfits: Vec<Misfit>,
}

impl Merge<'_> {
    /// `around` is the note that speaks for the target if it has none.
    fn node(&mut self, target: &mut Node, patch: &Value, at: &Path, around: Option<&Note>) {
        let own = target.note.clone();
        let speaks = own.as_ref().or(around);
        match (&mut target.content, patch) {
            (Content::Map(entries), Value::Object(patch)) => {
                for key in self.map(entries, patch, at, speaks) {
                    let before = target.note.take().or_else(|| around.cloned());
                    target.note = Some(without(&key, self.note, before));
                }
            }
            (Content::Seq(items), Value::Array(patch)) if (self.keys)(at).is_some() => {
                self.seq(items, patch, at, speaks);
            }
            (Content::Map(entries), Value::Array(_)) if !entries.is_empty() => self.other_form(at, true),
            (Content::Seq(items), Value::Object(_)) if !items.is_empty() => self.other_form(at, false),
            _ => *target = self.set(patch, at),
        }
    }

    fn other_form(&mut self, at: &Path, list: bool) {
        self.misfits.push(Misfit::OtherForm { at: at.clone(), list });
    }

    /// Returns the keys that it took out.
    fn map(
        &mut self,
        entries: &mut Map,
        patch: &serde_json::Map<String, Value>,
        at: &Path,
        around: Option<&Note>,
    ) -> Vec<String> {
        let mut lost = Vec::new();
        for (key, value) in patch {
            let at = at.clone().key(key.as_str());
            match entries.get_mut(key) {
                Some(_) if value.is_null() => lost.push(key.clone()),
                Some(node) => self.node(node, value, &at, around),
                None if value.is_null() => {}
                None => entries.set(key.clone().into(), self.set(value, &at)),
            }
        }
        if !lost.is_empty() {
            let gone: BTreeSet<&str> = lost.iter().map(String::as_str).collect();
            entries.retain(|key| !gone.contains(key));
        }
        lost
    }

    fn seq(&mut self, items: &mut Vec<Node>, patch: &[Value], at: &Path, around: Option<&Note>) {
        let Some(key) = (self.keys)(at) else { return };
        let mut places = names(items, key);
        for (index, value) in patch.iter().enumerate() {
            let Some((key, name)) = self.identity(value, index, at) else { continue };
            let at = at.clone().item(key, name.as_str());
            match places.get(&name).map(|place| &mut items[*place]) {
                Some(item) => {
                    // The merge key is an address here, not a value to set: it keeps its reason and its form.
                    let mut rest = value.clone();
                    if let Value::Object(entries) = &mut rest {
                        entries.shift_remove(key);
                    }
                    self.node(item, &rest, &at, around);
                }
                None => {
                    places.insert(name, items.len());
                    items.push(self.set(value, &at));
                }
            }
        }
    }

    fn set(&mut self, patch: &Value, at: &Path) -> Node {
        self.fresh(patch, at).noted(self.note.clone())
    }

    /// A value where there was none: nulls in its maps have nothing to remove.
    fn fresh(&mut self, patch: &Value, at: &Path) -> Node {
        Node::new(match patch {
            Value::Object(patch) => {
                let set = patch.iter().filter(|(_, value)| !value.is_null());
                Content::Map(set.map(|(k, v)| (k.clone().into(), self.fresh(v, &at.clone().key(k.as_str())))).collect())
            }
            Value::Array(patch) => {
                let items = patch.iter().enumerate().map(|(index, value)| {
                    let at = match self.identity(value, index, at) {
                        Some((key, name)) => at.clone().item(key, name),
                        None => at.clone().index(index),
                    };
                    self.fresh(value, &at)
                });
                Content::Seq(items.collect())
            }
            scalar => return Node::from(scalar.clone()),
        })
    }

    /// The merge key of a list and an item's value there. An item without one is a misfit.
    fn identity(&mut self, item: &Value, index: usize, list: &Path) -> Option<(&'static str, String)> {
        let key = (self.keys)(list)?;
        match item.get(key) {
            Some(Value::String(name)) => return Some((key, name.clone())),
            Some(Value::Number(number)) => return Some((key, number.to_string())),
            _ => self.misfits.push(Misfit::NoMergeKey { list: list.clone(), index, key }),
        }
        None
    }
}
