//! The files of one rendering: relative paths, trees and texts. Nothing here touches a disk.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{
    canonical::{self, Canonical},
    key::Key,
    layers::{self, Provenance},
    tree::{self, Content, Node, Note},
};

/// One rendered document.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Relative, without `..`.
    pub path: String,
    pub root: Node,
}

/// A file of lines beside the documents, and no part of their stream. `#` begins a comment in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Relative, without `..`.
    pub path: String,
    /// Says what the file is for; all others are below it.
    pub top: Paragraph,
    /// Paragraphs so deep below the top still stand apart, by a blank line.
    pub apart: usize,
}

/// Lines that stand together, for one reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// What it is about, as no other beside it.
    pub name: String,
    /// Without the last line end.
    pub lines: String,
    pub note: Note,
    /// What it is a heading of.
    pub below: Vec<Paragraph>,
}

/// A file that nobody renders, and without which what is rendered does not start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplied {
    /// Relative to the folder of what is rendered, or absolute.
    pub path: String,
    /// What it holds, on a line.
    pub about: String,
    /// The commands that make it, run in that folder.
    pub make: String,
}

/// The files of one rendering, in the order in which they are printed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bundle {
    pub files: Vec<File>,
    pub texts: Vec<Text>,
    pub supplied: Vec<Supplied>,
    /// The file that is printed where none is asked for by its name; absent: all documents.
    pub printed: Option<&'static str>,
}

impl File {
    pub fn new(path: impl Into<String>, root: Node) -> Self {
        File { path: path.into(), root }
    }

    /// What of merged profiles decides the file, by keys: as canonical JSON.
    pub fn decided_by(&self, models: &[&Value]) -> String {
        let mut keys = Vec::new();
        name_keys(&self.root, &mut keys);
        of_each(models, keys)
    }

    /// The text of the file; with reasons as comments if it is asked to explain itself. JSON has none: it explains itself
    /// as YAML.
    pub fn text(&self, explain: Option<&Provenance>) -> String {
        match explain {
            None if self.path.ends_with(".json") => json(&self.root),
            None => tree::write(&self.root, None),
            Some(provenance) => tree::write(&self.root, Some(&|note| provenance.explain(note))),
        }
    }
}

fn json(root: &Node) -> String {
    let text = serde_json::to_string_pretty(&Value::from(root));
    text.expect("a tree has text keys") + "\n"
}

/// Every key that a note of a tree names.
fn name_keys<'a>(node: &'a Node, keys: &mut Vec<&'a Key>) {
    if let Some(note) = &node.note {
        keys.extend(&note.keys);
    }
    match &node.content {
        Content::Map(entries) => entries.iter().for_each(|(_, value)| name_keys(value, keys)),
        Content::Seq(items) => items.iter().for_each(|item| name_keys(item, keys)),
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) | Content::Quoted(_) => {}
    }
}

/// The values of keys in merged profiles. What a key holds counts as a whole; a key that is not there does not count.
/// Of a process, a job or the like that is named by itself only counts that it is there: what of it decides a value is
/// named by keys of its own.
fn of_each(models: &[&Value], mut keys: Vec<&Key>) -> String {
    // Nearly all keys are named many times, and most of those are one in memory.
    keys.sort_unstable_by_key(|key| key.address());
    keys.dedup_by_key(|key| key.address());
    let mut keys: Vec<(String, &Key)> = keys.into_iter().map(|key| (key.to_string(), key)).collect();
    keys.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    keys.dedup_by(|(one, _), (other, _)| one == other);
    canonical::text(&models.iter().map(|model| Deciding { keys: &keys, model }).collect::<Vec<_>>())
}

/// The values of sorted keys in a merged profile.
struct Deciding<'a> {
    keys: &'a [(String, &'a Key)],
    model: &'a Value,
}

impl Serialize for Deciding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let found = self.keys.iter().filter_map(|(name, key)| Some((name, Counted::new(key, key.find(self.model)?))));
        serializer.collect_map(found)
    }
}

/// What of a value counts.
#[derive(Serialize)]
#[serde(untagged)]
enum Counted<'a> {
    There(bool),
    Names(Vec<&'a str>),
    Whole(Canonical<'a>),
}

impl<'a> Counted<'a> {
    fn new(key: &Key, value: &'a Value) -> Self {
        let mut segments = key.segments();
        let is_of_some = segments.next().is_some_and(|table| table == "services" || layers::WORKLOADS.contains(&table));
        match (is_of_some, segments.count(), value) {
            (true, 0, Value::Object(all)) => Counted::Names(all.keys().map(String::as_str).collect()),
            (true, 1, Value::Object(_)) => Counted::There(true),
            _ => Counted::Whole(Canonical(value)),
        }
    }
}

impl Text {
    /// What of merged profiles decides the file, by keys: as canonical JSON.
    pub fn decided_by(&self, models: &[&Value]) -> String {
        let mut keys = Vec::new();
        self.top.name_keys(&mut keys);
        of_each(models, keys)
    }

    /// The text of the file; with the reason above each paragraph if it is asked to explain itself.
    pub fn text(&self, explain: Option<&Provenance>) -> String {
        let mut text = String::new();
        self.top.write(explain, (0, self.apart), &mut text);
        text
    }
}

impl Paragraph {
    fn name_keys<'a>(&'a self, keys: &mut Vec<&'a Key>) {
        keys.extend(&self.note.keys);
        self.below.iter().for_each(|paragraph| paragraph.name_keys(keys));
    }

    fn write(&self, explain: Option<&Provenance>, (depth, apart): (usize, usize), out: &mut String) {
        let Paragraph { name: _, lines, note, below } = self;
        if !out.is_empty() && depth <= apart {
            out.push('\n');
        }
        if let Some(provenance) = explain {
            out.push_str(&format!("# why: {}\n", tree::one_line(&provenance.explain(note))));
        }
        out.push_str(lines);
        out.push('\n');
        below.iter().for_each(|paragraph| paragraph.write(explain, (depth + 1, apart), out));
    }
}
