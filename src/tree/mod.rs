//! The one ordered tree that every rendered document is, from typed object to text.
//!
//! A target turns its typed objects into a tree, joins the reasons with the values, and everything after that
//! (patches, order, differences, text) happens here, so that a reason travels with its value.

mod map;
mod note;
pub mod patch;
mod path;
mod read;
mod scalar;
mod typed;
mod write;

use std::borrow::Cow;

pub use map::Map;
pub use note::{Note, Notes, Place};
pub use path::{Path, Step};
pub use read::{Read, Spot, Unreadable, read};
pub use write::{one_line, write};

/// A value, why it is there, and how it is tagged.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub content: Content,
    pub note: Option<Note>,
    pub tag: Option<Tag>,
}

/// A key of a map: in the words of a format, or of users.
pub type Name = Cow<'static, str>;

/// What a node holds. Maps keep their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    /// A text in single quotes, whatever it holds: Compose linters want ports so. Printable ASCII without `'`.
    Quoted(String),
    Seq(Vec<Node>),
    Map(Map),
}

/// Compose's merge tags (Compose specification, "Reset value" and "Replace value").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Override,
    Reset,
}

impl Node {
    pub fn new(content: Content) -> Self {
        Node { content, note: None, tag: None }
    }

    pub fn text(text: impl Into<String>) -> Self {
        Node::new(Content::Text(text.into()))
    }

    pub fn map() -> Self {
        Node::new(Content::Map(Map::default()))
    }

    pub fn noted(mut self, note: Note) -> Self {
        self.note = Some(note);
        self
    }

    pub fn tagged(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }

    pub fn as_map(&self) -> Option<&[(Name, Node)]> {
        match &self.content {
            Content::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.content {
            Content::Seq(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) | Content::Quoted(text) => Some(text),
            _ => None,
        }
    }

    /// What names an item of a list: a text, or a number as text.
    pub fn as_name(&self) -> Option<Cow<'_, str>> {
        match &self.content {
            Content::Number(number) => Some(number.to_string().into()),
            _ => self.as_text().map(Cow::Borrowed),
        }
    }

    /// Whether this is the item of a list that has this name at `key`.
    pub fn is_named(&self, key: &str, name: &str) -> bool {
        self.get(key).and_then(Node::as_name).is_some_and(|found| found == name)
    }

    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.content {
            Content::Map(entries) => entries.get(key),
            _ => None,
        }
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.content {
            Content::Map(entries) => entries.get_mut(key),
            _ => None,
        }
    }

    /// Puts a value into a map, in place of an equal key or at the end. Anything else becomes a map.
    pub fn set(&mut self, key: impl Into<Name>, node: Node) {
        match &mut self.content {
            Content::Map(entries) => entries.set(key.into(), node),
            _ => self.content = Content::Map(vec![(key.into(), node)].into()),
        }
    }

    /// Takes a key out of a map.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        match &mut self.content {
            Content::Map(entries) => entries.remove(key),
            _ => None,
        }
    }

    /// Equal in what readers see: content and tags, whatever the notes and quotes, and the order of maps.
    pub fn same(&self, other: &Node) -> bool {
        self.tag == other.tag
            && match (&self.content, &other.content) {
                (Content::Map(a), Content::Map(b)) => {
                    a.len() == b.len() && a.iter().all(|(k, v)| other.get(k).is_some_and(|w| v.same(w)))
                }
                (Content::Seq(a), Content::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(v, w)| v.same(w)),
                (Content::Text(a) | Content::Quoted(a), Content::Text(b) | Content::Quoted(b)) => a == b,
                (a, b) => a == b,
            }
    }
}

/// Untyped JSON, as serde makes it of typed objects.
impl From<serde_json::Value> for Node {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        Node::new(match value {
            Value::Null => Content::Null,
            Value::Bool(value) => Content::Bool(value),
            Value::Number(value) => Content::Number(value),
            Value::String(value) => Content::Text(value),
            Value::Array(items) => Content::Seq(items.into_iter().map(Node::from).collect()),
            Value::Object(map) => Content::Map(map.into_iter().map(|(k, v)| (k.into(), Node::from(v))).collect()),
        })
    }
}

/// Untyped JSON, for reading back into types; tags and notes are left behind.
impl From<&Node> for serde_json::Value {
    fn from(node: &Node) -> Self {
        use serde_json::Value;
        match &node.content {
            Content::Null => Value::Null,
            Content::Bool(value) => Value::Bool(*value),
            Content::Number(value) => Value::Number(value.clone()),
            Content::Text(text) | Content::Quoted(text) => Value::String(text.clone()),
            Content::Seq(items) => Value::Array(items.iter().map(Value::from).collect()),
            Content::Map(entries) => Value::Object(entries.iter().map(|(k, v)| (k.to_string(), v.into())).collect()),
        }
    }
}
