//! What differs between two renderings, and which notes speak for it.

use std::fmt;

use render::{
    key::Key,
    tree::{Content, Node, Note},
};

/// One file before and after; for an override also what it lies over.
pub struct Sides<'a> {
    pub file: &'a str,
    pub before: Option<&'a Node>,
    pub after: Option<&'a Node>,
    pub base: Option<&'a Node>,
    pub base_after: Option<&'a Node>,
}

/// A value that is not the same in both.
pub struct Move<'a> {
    pub file: &'a str,
    pub path: String,
    /// What speaks for it before; absent where it was not there.
    before: Option<Option<&'a Note>>,
    after: Option<Option<&'a Note>>,
    /// What speaks for its place: around it where it is missing, and in the file below an override.
    around: Vec<&'a Note>,
    /// Both are there, with other content, and in an override both replace or both merge.
    changed: bool,
}

impl Move<'_> {
    /// Whether the notes name one of the keys. A key that was dropped is named by both sides: it decides by not being
    /// there, too.
    pub fn is_named(&self, keys: &[Key], dropped: bool) -> bool {
        let names = |note: &Note| note.keys.iter().any(|named| keys.iter().any(|key| touches(named, key)));
        if self.around.iter().any(|note| names(note)) {
            return true;
        }
        let side = |side: &Option<Option<&Note>>| side.as_ref().is_none_or(|note| note.is_some_and(names));
        if self.changed && !dropped { side(&self.before) } else { side(&self.before) && side(&self.after) }
    }
}

/// Whether two keys are one, or one holds the other.
fn touches(a: &Key, b: &Key) -> bool {
    a.covers(b) || b.covers(a)
}

impl fmt::Display for Move<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |side: &Option<Option<&Note>>| match side {
            None => "absent".to_owned(),
            Some(None) => "without note".to_owned(),
            Some(Some(note)) => {
                let keys: Vec<String> = note.keys.iter().map(ToString::to_string).collect();
                format!("`{}` [{}]", note.reason, keys.join(" "))
            }
        };
        write!(f, "{} {} | {} | {}", self.file, self.path, show(&self.before), show(&self.after))
    }
}

pub fn moves<'a>(sides: &Sides<'a>) -> Vec<Move<'a>> {
    let mut walk = Walk { sides, moves: Vec::new() };
    match (sides.before, sides.after) {
        (Some(before), Some(after)) => walk.both("", (before, None), (after, None)),
        // A whole document is spoken for by its kind.
        (Some(one), None) => walk.document(one, true),
        (None, Some(one)) => walk.document(one, false),
        (None, None) => {}
    }
    walk.moves
}

struct Walk<'a, 'b> {
    sides: &'b Sides<'a>,
    moves: Vec<Move<'a>>,
}

type Noted<'a> = (&'a Node, Option<&'a Note>);

impl<'a> Walk<'a, '_> {
    fn both(&mut self, path: &str, before: Noted<'a>, after: Noted<'a>) {
        if before.0.same(after.0) {
            return;
        }
        let notes = (before.0.note.as_ref().or(before.1), after.0.note.as_ref().or(after.1));
        let (ours, theirs) = match (children(before.0), children(after.0)) {
            (Some(ours), Some(theirs)) if before.0.tag == after.0.tag => (ours, theirs),
            _ => {
                self.push(path, Some(notes.0), Some(notes.1), Vec::new(), before.0.tag == after.0.tag);
                return;
            }
        };
        for (name, node) in &ours {
            let path = format!("{path}/{name}");
            match theirs.iter().find_map(|(other, node)| (other == name).then_some(*node)) {
                Some(other) => self.both(&path, (node, notes.0), (other, notes.1)),
                None => self.alone(&path, (node, notes.0), true, notes.1),
            }
        }
        for (name, node) in theirs.iter().filter(|(name, _)| ours.iter().all(|(other, _)| other != name)) {
            self.alone(&format!("{path}/{name}"), (node, notes.1), false, notes.0);
        }
    }

    fn document(&mut self, root: &'a Node, before: bool) {
        let note = root.get("kind").and_then(|kind| kind.note.as_ref());
        let (first, second) = if before { (Some(note), None) } else { (None, Some(note)) };
        self.push("", first, second, Vec::new(), false);
    }

    /// A value that only one side has. On the other, a patch may have noted that it took it. What has no reason of its
    /// own is there for what it holds.
    fn alone(&mut self, path: &str, (node, note): Noted<'a>, before: bool, other: Option<&'a Note>) {
        if let (None, Some(children)) = (&node.note, children(node)) {
            for (name, node) in children {
                self.alone(&format!("{path}/{name}"), (node, note), before, other);
            }
            return;
        }
        let note = node.note.as_ref().or(note);
        let around = other.filter(|note| note.keys.iter().any(|key| Key::new("patches").covers(key)));
        let (first, second) = if before { (Some(note), None) } else { (None, Some(note)) };
        self.push(path, first, second, around.into_iter().collect(), false);
    }

    fn push(
        &mut self,
        path: &str,
        before: Option<Option<&'a Note>>,
        after: Option<Option<&'a Note>>,
        around: Vec<&'a Note>,
        changed: bool,
    ) {
        let mut around = around;
        // Whether a line stands in an override at all is decided by what it lies over, too.
        for base in [self.sides.base, self.sides.base_after].into_iter().flatten().filter(|_| !changed) {
            around.extend(speak_for(base, path));
        }
        self.moves.push(Move { file: self.sides.file, path: path.to_owned(), before, after, around, changed });
    }
}

/// The notes that speak for a path: its own or the nearest around it, and those below.
fn speak_for<'a>(root: &'a Node, path: &str) -> Vec<&'a Note> {
    fn below<'a>(node: &'a Node, notes: &mut Vec<&'a Note>) {
        notes.extend(&node.note);
        children(node).into_iter().flatten().for_each(|(_, node)| below(node, notes));
    }
    let (mut node, mut nearest) = (root, root.note.as_ref());
    for name in path.split('/').skip(1) {
        let found =
            children(node).and_then(|all| all.into_iter().find_map(|(other, node)| (other == name).then_some(node)));
        // It is not there.
        let Some(found) = found else { return nearest.into_iter().collect() };
        node = found;
        nearest = node.note.as_ref().or(nearest);
    }
    let mut notes: Vec<&Note> = nearest.into_iter().collect();
    below(node, &mut notes);
    notes
}

/// What a map holds by key, or a list of maps by what names each item. Other lists are one value.
fn children(node: &Node) -> Option<Vec<(String, &Node)>> {
    match &node.content {
        Content::Map(entries) => Some(entries.iter().map(|(key, node)| (key.replace('/', "~"), node)).collect()),
        Content::Seq(items) if items.iter().all(|item| item.as_map().is_some()) && !items.is_empty() => {
            let named = |(i, item): (usize, &'_ Node)| identity(item).unwrap_or_else(|| i.to_string());
            Some(items.iter().enumerate().map(|(i, item)| (named((i, item)).replace('/', "~"), item)).collect())
        }
        _ => None,
    }
}

fn identity(item: &Node) -> Option<String> {
    let metric = item.get("containerResource").unwrap_or(item);
    ["mountPath", "name", "target", "source"].iter().find_map(|key| {
        // The target of a port is no name of it.
        let found = metric.get(key)?.as_name()?;
        Some(format!("{key}={found}"))
    })
}

/// Leaves without a note of their own or around them, below the root.
pub fn bare(root: &Node) -> Vec<String> {
    fn walk(node: &Node, path: &str, noted: bool, out: &mut Vec<String>) {
        let noted = noted || (node.note.is_some() && !path.is_empty());
        match children(node).filter(|children| !children.is_empty()) {
            Some(children) => {
                children.iter().for_each(|(name, node)| walk(node, &format!("{path}/{name}"), noted, out))
            }
            None if noted => {}
            None => out.push(path.to_owned()),
        }
    }
    let mut out = Vec::new();
    walk(root, "", false, &mut out);
    out
}

/// A key that the note of a value names.
pub struct Claim {
    file: String,
    path: String,
    pub key: Key,
}

impl Claim {
    /// The environment that the file is rendered for.
    pub fn environment(&self) -> Option<&str> {
        self.file.split_once("--env ").and_then(|(_, rest)| rest.split_once(':')).map(|(name, _)| name)
    }

    /// Whether the key moved the value, something below it, or something that it is part of.
    pub fn is_borne_out(&self, moves: &[Move<'_>], keys: &[Key]) -> bool {
        let path = if self.path == "/kind" { "" } else { &self.path };
        keys.iter().any(|key| touches(&self.key, key))
            && moves
                .iter()
                .any(|moved| moved.file == self.file && (moved.path.starts_with(path) || path.starts_with(&moved.path)))
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} names `{}`, which moves nothing there", self.file, self.path, self.key)
    }
}

/// Every key that any note names.
pub fn named(files: &[(String, Node)]) -> Vec<Claim> {
    fn walk(file: &str, node: &Node, path: &str, out: &mut Vec<Claim>) {
        for key in node.note.iter().flat_map(|note| &note.keys) {
            out.push(Claim { file: file.to_owned(), path: path.to_owned(), key: key.clone() });
        }
        for (name, node) in children(node).into_iter().flatten() {
            walk(file, node, &format!("{path}/{name}"), out);
        }
    }
    let mut out = Vec::new();
    files.iter().for_each(|(name, root)| walk(name, root, "", &mut out));
    out
}
