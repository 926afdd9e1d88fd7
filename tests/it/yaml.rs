//! Whatever is written reads back as what it was.

use proptest::prelude::*;
use render::tree::{self, Content, Node, Tag};

use crate::yaml_nasty;

/// The document with the notes as comments.
pub fn explained(root: &Node) -> String {
    tree::write(root, Some(&|note| note.reason.to_string()))
}

/// What a reader is to find: no notes, no quotes.
fn bare(node: &Node) -> Node {
    let content = match &node.content {
        Content::Quoted(text) => Content::Text(text.clone()),
        Content::Seq(items) => Content::Seq(items.iter().map(bare).collect()),
        Content::Map(entries) => Content::Map(entries.iter().map(|(key, node)| (key.clone(), bare(node))).collect()),
        content => content.clone(),
    };
    Node { content, note: None, tag: node.tag }
}

/// As serde-saphyr reads it, which has no tags.
fn saphyr(yaml: &str) -> Result<Node, TestCaseError> {
    let options = serde_yaml::options! { strict_booleans: true };
    let read = serde_yaml::from_str_with_options::<serde_json::Value>(yaml, options);
    read.map(Node::from).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))
}

/// As libyaml reads it.
fn libyaml(yaml: &str) -> Result<Node, TestCaseError> {
    let read = serde_norway::from_str(yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
    Ok(from_libyaml(read))
}

fn from_libyaml(value: serde_norway::Value) -> Node {
    use serde_norway::Value;
    Node::new(match value {
        Value::Null => Content::Null,
        Value::Bool(value) => Content::Bool(value),
        Value::Number(number) => Content::Number(serde_json::from_str(&number.to_string()).unwrap()),
        Value::String(text) => Content::Text(text),
        Value::Sequence(items) => Content::Seq(items.into_iter().map(from_libyaml).collect()),
        Value::Mapping(map) => {
            let key = |key: Value| key.as_str().expect("keys are texts").to_owned();
            Content::Map(map.into_iter().map(|(k, v)| (key(k).into(), from_libyaml(v))).collect())
        }
        Value::Tagged(tagged) => {
            let tag = if tagged.tag == "!reset" { Tag::Reset } else { Tag::Override };
            return from_libyaml(tagged.value).tagged(tag);
        }
    })
}

fn untagged(node: &Node) -> Node {
    Node::from(serde_json::Value::from(node))
}

fn reads_back(root: &Node) -> Result<(), TestCaseError> {
    let want = bare(root);
    for yaml in [tree::write(root, None), explained(root)] {
        prop_assert_eq!(&saphyr(&yaml)?, &untagged(&want), "saphyr:\n{}", yaml);
        prop_assert_eq!(&libyaml(&yaml)?, &want, "libyaml:\n{}", yaml);
    }
    Ok(())
}

/// A text wherever one can stand.
fn everywhere(text: &str) -> Node {
    let value = || Node::text(text);
    let mut inner = Node::map();
    inner.set("value", value());
    inner.set(text.to_owned(), Node::new(Content::Quoted(text.into())));
    let mut root = Node::map();
    root.set(text.to_owned(), inner.clone());
    root.set("list", Node::new(Content::Seq(vec![value(), inner, Node::new(Content::Seq(vec![value()])), value()])));
    root.set("last", value());
    root
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn any_tree_reads_back_with_and_without_its_notes(root in yaml_nasty::tree()) {
        reads_back(&root)?;
    }

    #[test]
    fn any_text_reads_back_wherever_it_stands(text in yaml_nasty::text()) {
        reads_back(&everywhere(&text))?;
    }
}

#[test]
fn every_tricky_text_reads_back_wherever_it_stands() {
    for text in yaml_nasty::texts() {
        reads_back(&Node::text(text.clone())).unwrap();
        reads_back(&everywhere(&text)).unwrap();
    }
}
