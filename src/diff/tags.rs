//! Compose's merge tags in untyped values: `!override X` is the map `{"!override": X}`.

use serde_json::{Value, json};

use crate::tree::{Content, Node, Tag};

/// A value with a tag. What is reset has no value, and a tag makes a text of any scalar.
pub(super) fn tagged(tag: &str, value: Value) -> Value {
    json!({ tag: if tag == "!reset" { Value::Null } else { as_text(value) } })
}

fn as_text(value: Value) -> Value {
    match value {
        Value::Bool(_) | Value::Number(_) => value.to_string().into(),
        Value::Null => "null".into(),
        value => value,
    }
}

/// The tag of a value, and what stands behind it.
pub(super) fn untag(value: &Value) -> (Option<&str>, &Value) {
    if let Value::Object(map) = value
        && map.len() == 1
        && let Some((tag, inner)) = map.iter().next()
        && tag.starts_with('!')
    {
        return (Some(tag), inner);
    }
    (None, value)
}

/// A rendered tree, as the reader reads what is written of it.
pub fn value(node: &Node) -> Value {
    let value = match &node.content {
        Content::Seq(items) => Value::Array(items.iter().map(self::value).collect()),
        Content::Map(entries) => {
            Value::Object(entries.iter().map(|(key, node)| (key.to_string(), value(node))).collect())
        }
        _ => Value::from(node),
    };
    match node.tag {
        Some(Tag::Override) => tagged("!override", value),
        Some(Tag::Reset) => tagged("!reset", value),
        None => value,
    }
}

/// The tree of a value. Tags that are not Compose's stay what they are in the value.
pub fn node(value: &Value) -> Node {
    match untag(value) {
        (Some("!override"), inner) => node(inner).tagged(Tag::Override),
        (Some("!reset"), inner) => node(inner).tagged(Tag::Reset),
        _ => match value {
            Value::Array(items) => Node::new(Content::Seq(items.iter().map(node).collect())),
            Value::Object(map) => {
                Node::new(Content::Map(map.iter().map(|(key, value)| (key.clone().into(), node(value))).collect()))
            }
            value => Node::from(value.clone()),
        },
    }
}
