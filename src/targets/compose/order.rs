//! The order in which people read a Compose document, and dclint 3.1.0 wants it: `top-level-properties-order`,
//! `service-keys-order`, and alphabetical services, dependencies and ports.

use std::cmp::Ordering;

use super::{
    fields::{Class, Unique, class_at, group_at},
    forms::{child, scalar},
};
use crate::tree::{Content, Name, Node};

/// Puts a document in its reading order; lists keep theirs unless it means nothing and dclint wants another.
pub fn order(root: &mut Node) {
    order_at(&[], root);
}

fn order_at(path: &[&str], node: &mut Node) {
    match &mut node.content {
        Content::Map(entries) => {
            let first = group_at(path).map_or(&[][..], |group| group.first);
            entries.sort_by_key(|key| (place(first, key), ByName(key.clone())));
            // What follows `x-` is the author's own.
            for (key, node) in entries.iter_mut().filter(|(key, _)| !key.starts_with("x-")) {
                order_at(&child(path, key), node);
            }
        }
        Content::Seq(items) => {
            match class_at(path) {
                Class::DependsOn => items.sort_by(|a, b| by_name(&label(a), &label(b))),
                Class::List(Unique::Port, _) => items.sort_by(|a, b| by_port(&published(a), &published(b))),
                _ => {}
            }
            for item in items {
                order_at(&child(path, "*"), item);
            }
        }
        _ => {}
    }
}

/// Where a key stands among those that come first.
fn place(first: &[&str], key: &str) -> usize {
    let is = |name: &&str| name.strip_suffix('*').map_or(*name == key, |beginning| key.starts_with(beginning));
    first.iter().position(is).unwrap_or(first.len())
}

fn label(item: &Node) -> String {
    scalar(item).unwrap_or_default()
}

/// What dclint sorts a port by: the port published, or the only one there is.
fn published(item: &Node) -> String {
    let Some(text) = scalar(item) else { return item.get("published").and_then(scalar).unwrap_or_default() };
    let text = text.split('/').next().unwrap_or_default();
    let (address, ports) = match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
        Some((address, ports)) => (address, ports),
        None => text.split_once(':').unwrap_or(("", text)),
    };
    let port = if address.is_empty() || address.contains(['.', ':']) { ports } else { address };
    port.split(':').next().unwrap_or_default().into()
}

/// Ports as numbers, ranges by their first; what is none (a variable, or not published) comes before them.
fn by_port(a: &str, b: &str) -> Ordering {
    let number = |text: &str| text.split('-').next().unwrap_or_default().parse().unwrap_or(0u32);
    number(a).cmp(&number(b)).then_with(|| by_name(a, b))
}

/// A name, ordered as such.
#[derive(PartialEq, Eq)]
struct ByName(Name);

impl Ord for ByName {
    fn cmp(&self, other: &Self) -> Ordering {
        by_name(&self.0, &other.0)
    }
}

impl PartialOrd for ByName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As ECMAScript's `localeCompare` puts the names that Compose allows: `_`, `-`, `.`, digits, letters, and case only
/// between names that are otherwise equal, small letters first.
fn by_name(a: &str, b: &str) -> Ordering {
    let weight = |c: char| {
        if c.is_ascii_alphanumeric() {
            return (usize::MAX, c.to_ascii_lowercase());
        }
        let class = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$".find(c);
        (class.unwrap_or(usize::MAX), c.to_ascii_lowercase())
    };
    let swapped = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    a.chars().map(weight).cmp(b.chars().map(weight)).then_with(|| a.chars().map(swapped).cmp(b.chars().map(swapped)))
}
