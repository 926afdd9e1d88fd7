//! Why a value is as it is: the note in the rendered tree that speaks for it, and the line of the profile.

use std::{borrow::Cow, collections::BTreeSet};

use super::blame::{self, Known, blame};
use crate::{
    bundle::File,
    diff::{self, Document, Form},
    key::Key,
    layers::Provenance,
    report::{Change, Kind, Place},
    targets::compose::forms,
    tree::{Content, Node, Note, one_line},
};

/// A rendered file as it is compared, and its tree in the form of that, so that what points into one points into the
/// other. `shown`: the file as people find it.
pub fn document<'a>(file: &'a File, shown: &str) -> (Document, Cow<'a, Node>) {
    let plain = Document::new(diff::value(&file.root), shown);
    if plain.form != Form::Compose {
        return (plain, Cow::Borrowed(&file.root));
    }
    let root = forms::plain(&file.root);
    (Document { value: diff::value(&root), ..plain }, Cow::Owned(root))
}

/// Says of each change of a document why it is so. `by_path`: the new document is not the tree to the letter, so that only
/// keys lead to the same place in both.
pub fn explain(changes: &mut [Change], root: &Node, provenance: &Provenance, known: &Known<'_>, by_path: bool) {
    for change in changes {
        let Some((note, speaks)) = note(root, change, by_path) else { continue };
        change.source = match speaks {
            Speaks::OfIt => blame(note, change, provenance, known),
            // Of what is gone nothing is left that speaks.
            Speaks::OfOthers if change.change == Kind::Remove => continue,
            Speaks::OfOthers => Place::of(note, provenance),
        };
        if change.path.is_empty() && change.source.is_none() {
            // It would be there under any name, and is there under this one.
            let name = root.get("metadata").and_then(|metadata| metadata.get("name")?.note.as_ref());
            change.source = name.and_then(|note| Place::of(note, provenance));
        }
        change.reason = Some(one_line(&provenance.explain(note)));
    }
}

/// Says why an autoscaled workload has no number of replicas any more: because of what scales it.
pub fn explain_scaled(changes: &mut [Change], scaler: &Node, provenance: &Provenance) {
    let gone = changes.iter_mut().filter(|change| change.path == "/spec/replicas" && change.change == Kind::Remove);
    for change in gone {
        let Some(note) = of_all(scaler) else { continue };
        change.source = Place::of(note, provenance);
        change.reason = Some(one_line(&provenance.explain(note)));
    }
}

/// The keys that have changed without doubt: they alone decide a changed value, or they alone say what is new.
pub fn sure(changes: &[Change], root: &Node, provenance: &Provenance, by_path: bool) -> BTreeSet<Key> {
    let decides = |change: &Change| match note(root, change, by_path)? {
        (note, Speaks::OfIt) => blame::sure(note, change, provenance),
        (_, Speaks::OfOthers) => None,
    };
    changes.iter().filter(|change| !change.path.is_empty()).filter_map(decides).collect()
}

/// Whether a note is the one of a value, or of what stands around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    OfIt,
    OfOthers,
}

/// The nearest note: of the value, of what is below it, or of what it stands in.
fn note<'a>(root: &'a Node, change: &Change, by_path: bool) -> Option<(&'a Note, Speaks)> {
    if change.path.is_empty() {
        return of_all(root).map(|note| (note, Speaks::OfIt));
    }
    // What is gone has a place in the other document alone, and its path goes as far as there is anything.
    let path = if by_path || change.change == Kind::Remove { &change.path } else { &change.pointer };
    let (mut node, mut above, mut is_there) = (root, root.note.as_ref(), true);
    for token in path.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")) {
        let Some(next) = step(node, &token) else {
            is_there = false;
            break;
        };
        node = next;
        above = node.note.as_ref().or(above);
    }
    let own = if is_there { node.note.as_ref().or_else(|| first(node)) } else { None };
    let above = || {
        // Where others beside it have notes, it would have had one of its own.
        let speaks = if is_there || first(node).is_none() { Speaks::OfIt } else { Speaks::OfOthers };
        above.map(|note| (note, speaks))
    };
    own.map(|note| (note, Speaks::OfIt)).or_else(above).or_else(|| of_all(root).map(|note| (note, Speaks::OfOthers)))
}

/// Why a document is there at all.
pub fn of_all(root: &Node) -> Option<&Note> {
    root.get("kind").and_then(|kind| kind.note.as_ref()).or(root.note.as_ref()).or_else(|| first(root))
}

fn step<'a>(node: &'a Node, token: &str) -> Option<&'a Node> {
    match &node.content {
        Content::Map(entries) => entries.get(token),
        Content::Seq(items) => match token.split_once('=') {
            Some((key, rest)) => {
                let name = rest.split_once(',').map_or(rest, |(name, _)| name);
                items.iter().find(|item| item.is_named(key, name))
            }
            None => items.get(token.parse::<usize>().ok()?),
        },
        _ => None,
    }
}

/// The first note below.
fn first(node: &Node) -> Option<&Note> {
    let of = |node: &'_ Node| node.note.is_some();
    match &node.content {
        Content::Map(entries) => entries.iter().map(|(_, value)| value).find(|value| of(value))?.note.as_ref(),
        Content::Seq(items) => items.iter().find(|value| of(value))?.note.as_ref(),
        _ => None,
    }
}
