//! Which value of a file differs, and which line of the profile it comes from.

use std::fs;

use serde_json::Value;

use crate::{
    bundle::File,
    deliver::{Finding, State},
    layers::Provenance,
    report::Place,
    tree::{Content, Node, Note, one_line},
};

/// Longer ones are cut.
const LONGEST: usize = 48;

/// What is to say about a file that differs, beyond that.
pub struct Cause {
    pub text: String,
    /// The line of the profile that makes it so.
    pub place: Option<Place>,
}

pub fn of(finding: &Finding, file: &File, provenance: &Provenance) -> Option<Cause> {
    match finding.state {
        State::Missing => of_all(file, provenance),
        State::Stale | State::Edited | State::StaleEdited => {
            let text = fs::read_to_string(&finding.path).ok()?;
            of_difference(file, &serde_yaml::from_str(&text).ok()?, provenance)
        }
        _ => None,
    }
}

/// Why a document is rendered at all.
fn of_all(file: &File, provenance: &Provenance) -> Option<Cause> {
    let note = file.root.get("kind").and_then(|kind| kind.note.as_ref()).or(file.root.note.as_ref())?;
    Some(Cause { text: one_line(&provenance.explain(note)), place: Place::of(note, provenance) })
}

/// The first value of a document that is another on the disk, how many more there are, and why it is so.
fn of_difference(file: &File, disk: &Value, provenance: &Provenance) -> Option<Cause> {
    let mut differences = Vec::new();
    compare(&file.root, disk, &mut String::new(), file.root.note.as_ref(), &mut differences);
    let Some(Difference { path, was, is, note }) = differences.first() else {
        // Only what is hashed in its header, or a comment.
        return Some(Cause { text: "no value differs".into(), place: None });
    };
    let is_secret = file.root.get("kind").and_then(Node::as_text) == Some("Secret");
    let change = match (was, is) {
        _ if is_secret => path.clone(),
        (Some(was), Some(is)) => format!("{path}: {was} → {is}"),
        (None, Some(is)) => format!("{path}: {is} is new"),
        (Some(was), None) => format!("{path}: {was} is gone"),
        (None, None) => format!("{path} is new"),
    };
    let more = match differences.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let why = note.map(|note| format!("; {}", one_line(&provenance.explain(note)))).unwrap_or_default();
    let place = note.and_then(|note| Place::of(note, provenance));
    Some(Cause { text: format!("{change}{more}{why}"), place })
}

struct Difference<'a> {
    path: String,
    was: Option<String>,
    is: Option<String>,
    /// The nearest.
    note: Option<&'a Note>,
}

fn compare<'a>(
    node: &'a Node,
    disk: &Value,
    path: &mut String,
    above: Option<&'a Note>,
    found: &mut Vec<Difference<'a>>,
) {
    let note = node.note.as_ref().or(above);
    let length = path.len();
    match (&node.content, disk) {
        (Content::Map(entries), Value::Object(there)) => {
            for (key, value) in entries.iter() {
                step(path, key);
                match there.get(key) {
                    Some(disk) => compare(value, disk, path, note, found),
                    None => found.push(Difference {
                        path: path.clone(),
                        was: None,
                        is: brief(&Value::from(value)),
                        note: value.note.as_ref().or(first_note(value)).or(note),
                    }),
                }
                path.truncate(length);
            }
            for (key, value) in there.iter().filter(|(key, _)| node.get(key).is_none()) {
                step(path, key);
                let was = brief(value).or(Some("what was there".into()));
                found.push(Difference { path: path.clone(), was, is: None, note });
                path.truncate(length);
            }
        }
        (Content::Seq(items), Value::Array(there)) if items.len() == there.len() => {
            for (at, (item, disk)) in items.iter().zip(there).enumerate() {
                match item.get("name").and_then(Node::as_text) {
                    Some(name) => path.push_str(&format!("[{name}]")),
                    None => path.push_str(&format!("[{at}]")),
                }
                compare(item, disk, path, note, found);
                path.truncate(length);
            }
        }
        _ => {
            let is = Value::from(node);
            if !same(&is, disk) {
                // Of lists and the like, that they differ is all that fits on a line.
                let (was, is) = (brief(disk), brief(&is));
                found.push(Difference {
                    path: path.clone(),
                    was: was.or(Some("…".into())),
                    is: is.or(Some("…".into())),
                    note,
                });
            }
        }
    }
}

fn step(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// What is new has its reasons further down.
fn first_note(node: &Node) -> Option<&Note> {
    let below = |node: &'_ Node| node.note.is_some();
    match &node.content {
        Content::Map(entries) => entries.iter().map(|(_, value)| value).find(|value| below(value))?.note.as_ref(),
        Content::Seq(items) => items.iter().find(|value| below(value))?.note.as_ref(),
        _ => None,
    }
}

/// Numbers are equal as the text says them: `1` is no `1.0` to a reader, but both readers here agree on either.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}

/// A value on a line; nothing of one that holds others.
fn brief(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => one_line(text),
        Value::Array(_) | Value::Object(_) => return None,
        other => other.to_string(),
    };
    let cut = text.char_indices().nth(LONGEST).map(|(at, _)| at);
    Some(cut.map_or_else(|| text.clone(), |at| format!("{}…", &text[..at])))
}
