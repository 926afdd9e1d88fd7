//! A comment stays a comment, whatever is in it.

use proptest::prelude::*;
use render::tree::{Content, Node, Note};

use crate::{yaml::explained, yaml_nasty};

fn comment(reason: &str) -> String {
    let yaml = explained(&Node::text("a").noted(Note::new(reason.to_owned(), vec![])));
    yaml.strip_suffix('\n').and_then(|line| line.strip_prefix('a')).expect("one line, the value first").to_owned()
}

#[test]
fn a_comment_cannot_end_its_line() {
    for sign in ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}", "\t"] {
        let comment = comment(&format!("x{sign}b: 2"));
        assert!(comment == "  # x b: 2" || comment == "  # x  b: 2", "{comment:?}");
    }
}

#[test]
fn a_comment_shows_what_cannot_be_seen() {
    assert_eq!(comment("a\0b"), r"  # a\u{0}b");
    assert_eq!(comment("\u{1B}[31mred"), r"  # \u{1b}[31mred");
    assert_eq!(comment("\u{FEFF}a\u{7F}\u{9B}"), r"  # \u{feff}a\u{7f}\u{9b}");
    assert_eq!(comment("\u{202E}gnp.exe\u{2066}"), r"  # \u{202e}gnp.exe\u{2066}");
    assert_eq!(comment("größer # als 😀: ja"), "  # größer # als 😀: ja");
}

#[test]
fn an_empty_reason_is_no_comment() {
    assert_eq!(comment(" \n "), "");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reason_adds_no_line_where_the_line_is_shared(reason in yaml_nasty::text(), text in yaml_nasty::text()) {
        let mut map = Node::map();
        map.set("a", Node::new(Content::Seq(vec![Node::text(text)])));
        let lines = |root: &Node| explained(root).lines().count();
        let before = lines(&map);
        map.get_mut("a").unwrap().note = Some(Note::new(reason, vec![]));
        prop_assert_eq!(lines(&map), before);
    }
}
