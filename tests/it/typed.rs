//! Typed objects as trees.

use std::collections::BTreeMap;

use render::tree::Node;
use serde::Serialize;

#[derive(Serialize)]
enum Policy {
    Always,
}

#[derive(Serialize)]
struct Quantity(String);

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
#[serde(untagged)]
enum Port {
    Number(i32),
    Name(String),
}

#[derive(Serialize)]
struct All {
    text: &'static str,
    sign: char,
    small: i8,
    negative: i64,
    large: u64,
    fraction: f64,
    no_number: f64,
    is: bool,
    nothing: Option<u8>,
    something: Option<u8>,
    unit: (),
    policy: Policy,
    memory: Quantity,
    empty: Unit,
    ports: Vec<Port>,
    pair: (u16, String),
    labels: BTreeMap<String, String>,
    #[serde(flatten)]
    more: BTreeMap<&'static str, Vec<u32>>,
}

#[test]
fn a_typed_object_is_the_tree_that_its_json_is() {
    let all = All {
        text: "12:30",
        sign: 'é',
        small: -8,
        negative: i64::MIN,
        large: u64::MAX,
        fraction: 0.5,
        no_number: f64::NAN,
        is: true,
        nothing: None,
        something: Some(7),
        unit: (),
        policy: Policy::Always,
        memory: Quantity("1Gi".into()),
        empty: Unit,
        ports: vec![Port::Number(8000), Port::Name("http".into())],
        pair: (1, "two".into()),
        labels: BTreeMap::from([("b".into(), "1".into()), ("a".into(), "2".into())]),
        more: BTreeMap::from([("x-more", vec![1, 2])]),
    };
    assert_eq!(Node::typed(&all), Node::from(serde_json::to_value(&all).expect("JSON")));
}
