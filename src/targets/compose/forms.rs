//! The short and long forms of Compose fields, and when two documents say the same.
//!
//! Forms: compose-go v2.9.1, `override/merge.go` (`convertIntoMapping`, `convertIntoSequence`) and `transform/`.
//! Keys of items: `override/uncity.go` and `format/volume.go`.

use std::{borrow::Cow, collections::BTreeMap};

use super::fields::{Class, Order, Unique, class_at};
use crate::tree::{Content, Map, Name, Node};

/// Whether Compose reads two documents alike: whatever the forms, the order of maps, and the order of lists that have
/// none.
pub fn same(a: &Node, b: &Node) -> bool {
    same_at(&[], a, b)
}

pub(super) fn same_at(path: &[&str], a: &Node, b: &Node) -> bool {
    // Nearly everything is written alike, too.
    if a.same(b) {
        return true;
    }
    let class = class_at(path);
    let (a, b) = (long(class, a), long(class, b));
    match (&a.content, &b.content) {
        (Content::Map(x), Content::Map(y)) if class != Class::Opaque && class != Class::Whole => {
            x.len() == y.len() && x.iter().all(|(k, v)| b.get(k).is_some_and(|w| same_at(&child(path, k), v, w)))
        }
        (Content::Seq(x), Content::Seq(y)) if matches!(class, Class::List(_, Order::Free)) => {
            x.len() == y.len() && counted(x) == counted(y)
        }
        _ => a.same(&b),
    }
}

/// A document in the one form in which its fields are merged and compared, with its notes and tags.
pub fn plain(root: &Node) -> Node {
    plain_at(&[], root)
}

fn plain_at(path: &[&str], node: &Node) -> Node {
    let class = class_at(path);
    let node = long(class, node);
    let content = match &node.content {
        Content::Map(entries) if class != Class::Opaque => {
            Content::Map(entries.iter().map(|(key, node)| (key.clone(), plain_at(&child(path, key), node))).collect())
        }
        Content::Seq(items) if matches!(class, Class::List(..)) => {
            Content::Seq(items.iter().map(|item| plain_at(&child(path, "*"), item)).collect())
        }
        _ => return node.into_owned(),
    };
    Node { content, note: node.note.clone(), tag: node.tag }
}

pub(super) fn child<'a>(path: &[&'a str], key: &'a str) -> Vec<&'a str> {
    [path, &[key]].concat()
}

/// How often a list holds each item, whatever its order.
pub(super) fn counted(items: &[Node]) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for item in items {
        *counted.entry(canonical(item)).or_default() += 1;
    }
    counted
}

/// One text for all nodes that are [`Node::same`].
pub(super) fn canonical(node: &Node) -> String {
    let content = match &node.content {
        Content::Text(text) | Content::Quoted(text) => format!("{text:?}"),
        Content::Seq(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Content::Map(entries) => {
            let sorted: BTreeMap<&str, String> = entries.iter().map(|(key, node)| (&**key, canonical(node))).collect();
            format!("{sorted:?}")
        }
        scalar => format!("{scalar:?}"),
    };
    format!("{:?} {content}", node.tag)
}

/// The one form in which fields of a class are merged and compared.
pub(super) fn long(class: Class, node: &Node) -> Cow<'_, Node> {
    let content = match (class, &node.content) {
        (Class::Map | Class::Short(_) | Class::Names | Class::DependsOn | Class::Pairs, Content::Null) => {
            Content::Map(Map::default())
        }
        (Class::Short(key), Content::Text(_) | Content::Quoted(_)) => {
            Content::Map(vec![(key.into(), Node::new(node.content.clone()))].into())
        }
        (Class::Names | Class::DependsOn | Class::Pairs, Content::Seq(items)) => named(class, items),
        (Class::DependsOn, Content::Map(entries)) => {
            Content::Map(entries.iter().map(|(name, node)| (name.clone(), started(node))).collect())
        }
        (Class::Pairs, Content::Map(entries)) => {
            Content::Map(entries.iter().map(|(key, node)| (key.clone(), as_text(node))).collect())
        }
        (Class::List(unique, _), _) => Content::Seq(distinct(unique, items(node))),
        _ => return Cow::Borrowed(node),
    };
    Cow::Owned(Node { content, note: node.note.clone(), tag: node.tag })
}

/// A list of names, or of `key=value`, as a map.
fn named(class: Class, items: &[Node]) -> Content {
    let mut map = Node::map();
    for item in items {
        let text = scalar(item).unwrap_or_default();
        let (key, value) = match (class, text.split_once('=')) {
            (Class::Pairs, Some((key, value))) => (key, Content::Text(value.into())),
            _ => (text.as_str(), Content::Null),
        };
        let value = Node { content: value, ..item.clone() };
        map.set(key.to_owned(), if class == Class::DependsOn { started(&value) } else { value });
    }
    map.content
}

/// A dependency with what Compose reads where it says nothing.
fn started(node: &Node) -> Node {
    let mut full = long(Class::Map, node).into_owned();
    for (key, default) in [("condition", Content::Text("service_started".into())), ("required", Content::Bool(true))] {
        if full.as_map().is_some() && full.get(key).is_none() {
            full.set(key, Node::new(default));
        }
    }
    full
}

fn as_text(node: &Node) -> Node {
    match scalar(node) {
        Some(text) => Node { content: Content::Text(text), ..node.clone() },
        None => node.clone(),
    }
}

/// What `key=value` says of a value.
pub(super) fn scalar(node: &Node) -> Option<String> {
    match &node.content {
        Content::Bool(value) => Some(value.to_string()),
        Content::Number(number) => Some(number.to_string()),
        Content::Text(text) | Content::Quoted(text) => Some(text.clone()),
        Content::Null | Content::Seq(_) | Content::Map(_) => None,
    }
}

/// The items of a list that may be written as one text, or as a map.
fn items(node: &Node) -> Vec<Node> {
    let pair = |key: &str, value: &Node| {
        let text = scalar(value).map_or_else(|| key.into(), |value| format!("{key}={value}"));
        Node { content: Content::Text(text), ..value.clone() }
    };
    match &node.content {
        Content::Null => Vec::new(),
        Content::Seq(items) => items.clone(),
        Content::Map(entries) => {
            let each = |(key, value): &(Name, Node)| match value.as_seq() {
                Some(values) => values.iter().map(|value| pair(key, value)).collect(),
                None => vec![pair(key, value)],
            };
            entries.iter().flat_map(each).collect()
        }
        _ => vec![Node { tag: None, ..node.clone() }],
    }
}

/// The items that stay when a later one replaces an earlier one, in its place.
pub(super) fn distinct(unique: Unique, items: Vec<Node>) -> Vec<Node> {
    let mut kept: Vec<Node> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for item in items {
        let place = key(unique, &item).map(|key| *places.entry(key).or_insert(kept.len()));
        match place.and_then(|place| kept.get_mut(place)) {
            Some(earlier) => *earlier = item,
            None => kept.push(item),
        }
    }
    kept
}

/// What an item is known by; `None` if two of it are two.
/// What makes an appended item replace an earlier one; nothing where nothing does.
pub fn key(unique: Unique, item: &Node) -> Option<String> {
    let short = scalar(item);
    let field = |name: &str| item.get(name).and_then(scalar);
    match unique {
        Unique::No => None,
        Unique::Text => short,
        Unique::BeforeEquals => short.map(|text| text.split('=').next().unwrap_or_default().into()),
        Unique::Path => short.or_else(|| field("path")),
        Unique::Target => short.map_or_else(|| field("target"), |text| Some(volume_target(&text))),
        Unique::Device => short.map_or_else(|| field("target"), |text| text.split(':').take(2).last().map(Into::into)),
        Unique::Mount(folder) => match (short.or_else(|| field("source")), field("target")) {
            (_, Some(target)) => Some(target),
            (source, None) => source.map(|source| format!("{folder}/{source}")),
        },
        Unique::Port => match short {
            Some(text) => Some(port(&text)),
            None => Some(long_port(item)).filter(|_| item.as_map().is_some()),
        },
    }
}

/// The path in the container of `source:target:options`; a letter alone is the drive of the path after it.
fn volume_target(text: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(':') {
        match parts.last_mut() {
            Some(drive) if drive.len() == 1 && drive.as_bytes()[0].is_ascii_alphabetic() => {
                drive.push(':');
                drive.push_str(part);
            }
            _ => parts.push(part.into()),
        }
    }
    let target = parts.get(1).or(parts.first()).map_or("", String::as_str);
    if target.len() > 1 { target.trim_end_matches('/').into() } else { target.into() }
}

/// `address:published:port/protocol`, all but the port optional.
fn port(text: &str) -> String {
    let (rest, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (rest, target) = rest.rsplit_once(':').unwrap_or(("", rest));
    let (address, published) = rest.rsplit_once(':').unwrap_or(("", rest));
    let address = address.trim_matches(['[', ']']);
    port_key(address, published, target, protocol)
}

fn long_port(item: &Node) -> String {
    let field = |name: &str| item.get(name).and_then(scalar).unwrap_or_default();
    let protocol = field("protocol");
    let published = match item.get("published").map(|node| &node.content) {
        // Compose tells the number 80 from the text "80", which is what the short form gives.
        Some(Content::Number(number)) => format!("number {number}"),
        _ => field("published"),
    };
    port_key(&field("host_ip"), &published, &field("target"), if protocol.is_empty() { "tcp" } else { &protocol })
}

fn port_key(address: &str, published: &str, target: &str, protocol: &str) -> String {
    let address = if address.is_empty() { "0.0.0.0" } else { address };
    format!("{address}:{published}:{target}/{protocol}")
}
