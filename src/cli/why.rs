//! Why a value is as it is: the note in the rendered tree that speaks for it, and the line of the profile.

use std::borrow::Cow;

use crate::{
    bundle::File,
    diff::{self, Document, Form},
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
pub fn explain(changes: &mut [Change], root: &Node, provenance: &Provenance, by_path: bool) {
    for change in changes {
        let Some(note) = note(root, change, by_path) else { continue };
        change.source = Place::of(note, provenance);
        change.reason = Some(one_line(&provenance.explain(note)));
    }
}

/// The nearest note: of the value, of what is below it, or of what it stands in.
fn note<'a>(root: &'a Node, change: &Change, by_path: bool) -> Option<&'a Note> {
    if change.path.is_empty() {
        return of_all(root);
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
    own.or(above).or_else(|| of_all(root))
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
