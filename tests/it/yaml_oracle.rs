//! Cases for readers of other languages: what they are to find, and what we wrote.

use render::tree::{self, Content, Node, Note};
use serde_json::{Value, json};

use crate::{
    yaml::explained,
    yaml_nasty::{self, PIECES},
};

/// A linear congruential generator (Knuth's constants): the same cases everywhere, for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }

    fn text(&mut self) -> String {
        const LENGTHS: [usize; 11] = [1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 12];
        let length = LENGTHS[self.roll(LENGTHS.len())];
        (0..length).map(|_| PIECES[self.roll(PIECES.len())]).collect()
    }
}

/// The text in every position: value, item, key of an item, deep key, alone.
fn positions(text: &str) -> Vec<Value> {
    vec![
        json!({"k": text, "z": 1}),
        json!([text, 1]),
        json!({"a": [{"b": text, "c": {text: 1, "zz": text}}, [text]]}),
        json!({text: {text: [{text: text}]}}),
        json!(text),
    ]
}

/// Everything is noted with the text, so that comments try to break out as well.
fn noted(node: Node, text: &str) -> Node {
    let content = match node.content {
        Content::Seq(items) => Content::Seq(items.into_iter().map(|item| noted(item, text)).collect()),
        Content::Map(entries) => Content::Map(entries.into_iter().map(|(k, v)| (k, noted(v, text))).collect()),
        content => content,
    };
    Node::new(content).noted(Note::new(text.to_owned(), vec![]))
}

fn case(want: Value, text: &str, explain: bool) -> Value {
    let node = Node::from(want.clone());
    let yaml = if explain { explained(&noted(node, text)) } else { tree::write(&node, None) };
    json!({"want": want, "yaml": yaml})
}

fn cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for text in yaml_nasty::texts() {
        for want in positions(&text) {
            cases.extend([case(want.clone(), &text, false), case(want, &text, true)]);
        }
    }
    let mut dice = Dice(7);
    for i in 0..6000 {
        let text = dice.text();
        let want = positions(&text).swap_remove(i % 5);
        cases.push(case(want, &text, i % 2 == 0));
    }
    cases
}

#[test]
fn there_are_enough_cases() {
    assert!(yaml_nasty::texts().len() >= 376);
}

#[test]
#[ignore = "writes the file that RENDER_YAML_CASES names, for PyYAML, Go and js-yaml to read"]
fn other_languages_get_their_cases() {
    let path = std::env::var_os("RENDER_YAML_CASES").expect("RENDER_YAML_CASES names a file");
    std::fs::write(path, serde_json::to_vec(&cases()).unwrap()).unwrap();
}
