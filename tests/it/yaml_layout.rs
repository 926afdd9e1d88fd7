//! How documents look.

use render::tree::{self, Content, Node, Note, Tag};
use serde_json::json;

use crate::yaml::explained;

/// Every value says what it is.
fn noted(mut node: Node, name: &str) -> Node {
    node.note = Some(Note::new(name.to_owned(), vec![]));
    node.content = match node.content {
        Content::Seq(items) => Content::Seq(items.into_iter().map(|item| noted(item, "item")).collect()),
        Content::Map(entries) => Content::Map(entries.into_iter().map(|(k, v)| (k.clone(), noted(v, &k))).collect()),
        content => content,
    };
    node
}

fn seq(items: impl IntoIterator<Item = Node>) -> Node {
    Node::new(Content::Seq(items.into_iter().collect()))
}

#[test]
fn lists_stand_below_their_key_and_empty_things_beside_it() {
    let root = Node::from(json!({
        "apiVersion": "apps/v1", "metadata": {"name": "orders", "labels": {}}, "replicas": 4, "paused": false, "none": null,
        "containers": [{"name": "orders", "args": ["--port", "8000"], "env": [{"name": "A", "value": "no"}], "ports": []}, "x"],
        "matrix": [[1, 2.5], []],
    }));
    let yaml = "\
apiVersion: apps/v1
metadata:
  name: orders
  labels: {}
replicas: 4
paused: false
none: null
containers:
  - name: orders
    args:
      - --port
      - \"8000\"
    env:
      - name: A
        value: \"no\"
    ports: []
  - x
matrix:
  -
    - 1
    - 2.5
  - []
";
    assert_eq!(tree::write(&root, None), yaml);
}

#[test]
fn reasons_stand_beside_values_and_above_items() {
    let root = Node::from(json!({
        "a": 1, "b": {"c": "x"}, "d": [{"e": "no", "f": {"g": 1}}, "h", [1], {}], "script": "a\nb\n", "empty": {},
    }));
    let yaml = "\
# root
a: 1  # a
b:  # b
  c: x  # c
d:  # d
  # item
  - e: \"no\"  # e
    f:  # f
      g: 1  # g
  - h  # item
  -  # item
    - 1  # item
  - {}  # item
script: |  # script
  a
  b
empty: {}  # empty
";
    assert_eq!(explained(&noted(root, "root")), yaml);
}

#[test]
fn tags_stand_before_the_value() {
    let mut root = Node::map();
    root.set("deploy", Node::new(Content::Null).tagged(Tag::Reset));
    root.set("ports", seq([Node::new(Content::Quoted("127.0.0.1:8000:8000".into()))]).tagged(Tag::Override));
    root.set("tmpfs", seq([]).tagged(Tag::Override));
    root.set("build", Node::from(json!({"context": "."})).tagged(Tag::Override));
    root.set("list", seq([Node::from(json!({"a": 1})).tagged(Tag::Override)]));
    let yaml = "\
deploy: !reset null  # deploy
ports: !override  # ports
  - '127.0.0.1:8000:8000'  # item
tmpfs: !override []  # tmpfs
build: !override  # build
  context: \".\"  # context
list:  # list
  - !override  # item
    a: 1  # a
";
    let mut root = noted(root, "");
    root.note = None;
    assert_eq!(explained(&root), yaml);
}

#[test]
fn a_document_may_be_anything() {
    assert_eq!(tree::write(&Node::map(), None), "{}\n");
    assert_eq!(tree::write(&seq([]), None), "[]\n");
    assert_eq!(tree::write(&seq([Node::text("a"), Node::from(json!({"b": 1}))]), None), "- a\n- b: 1\n");
    assert_eq!(tree::write(&Node::new(Content::Null).tagged(Tag::Reset), None), "!reset null\n");
    assert_eq!(tree::write(&Node::text("a\nb"), None), "|-\n  a\n  b\n");
}

#[test]
fn lines_of_a_text_stay_lines_where_all_readers_agree() {
    let value = |text: &str| tree::write(&Node::from(json!({"a": text})), None);
    assert_eq!(value("x\ny"), "a: |-\n  x\n  y\n");
    assert_eq!(value("#!/bin/sh\n\techo\n\n  b: # c\n"), "a: |\n  #!/bin/sh\n  \techo\n\n    b: # c\n");
    assert_eq!(value("x\n\n"), "a: \"x\\n\\n\"\n");
    assert_eq!(value(" x\ny"), "a: \" x\\ny\"\n");
    assert_eq!(value("\tx\ny"), "a: \"\\tx\\ny\"\n");
    assert_eq!(value("x \ny"), "a: \"x \\ny\"\n");
    assert_eq!(value("x\r\ny"), "a: \"x\\r\\ny\"\n");
    assert_eq!(value("x\u{2028}\ny"), "a: \"x\\L\\ny\"\n");
    let item = Node::from(json!([{"a": "x\ny", "b": ["x\ny\n"]}]));
    assert_eq!(tree::write(&item, None), "- a: |-\n    x\n    y\n  b:\n    - |\n      x\n      y\n");
}

#[test]
fn a_long_line_is_not_folded() {
    let words = "word ".repeat(100) + "end";
    assert_eq!(tree::write(&Node::from(json!({ "a": words })), None), format!("a: {words}\n"));
}

#[test]
fn single_quotes_are_kept_as_long_as_they_can_hold_the_text() {
    let quoted = |text: &str| tree::write(&Node::new(Content::Quoted(text.into())), None);
    assert_eq!(quoted("8000:80"), "'8000:80'\n");
    assert_eq!(quoted(""), "''\n");
    assert_eq!(quoted("a\nb"), "\"a\\nb\"\n");
    assert_eq!(quoted("it's"), "it's\n");
}

#[test]
fn keys_are_plain_only_where_nobody_reads_them_otherwise() {
    let key = |key: &str| tree::write(&Node::from(json!({ key: 1 })), None);
    for plain in ["app.kubernetes.io/name", "DB_URL", "x-common", "8000a", "cpu.max"] {
        assert_eq!(key(plain), format!("{plain}: 1\n"));
    }
    for quoted in ["on", "y", "No", "1", "1.5", "1_000", "null", "0x1F", "a b", "~", "<<", "=", "a:b", "*", "ä", ""] {
        assert_eq!(key(quoted), format!("\"{quoted}\": 1\n"));
    }
    assert_eq!(key("a\"b\n"), "\"a\\\"b\\n\": 1\n");
}

#[test]
fn a_key_longer_than_readers_look_is_announced() {
    let (fits, long) = ("k".repeat(1024), "k".repeat(1025));
    assert_eq!(tree::write(&Node::from(json!({ fits.clone(): 1 })), None), format!("{fits}: 1\n"));
    let root = Node::from(json!({"a": [{ long.clone(): {"b": 1} }, 2]}));
    let yaml = format!("a:  # a\n  # item\n  - ? {long}\n    :  # {long}\n      b: 1  # b\n  - 2  # item\n");
    assert_eq!(explained(&noted(root, "")), yaml);
}
