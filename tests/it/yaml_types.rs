//! The types that YAML reads into plain scalars, from the specifications' own expressions.

use std::sync::LazyLock;

use proptest::prelude::*;
use render::tree::{self, Node};

use crate::yaml_nasty;

/// The YAML 1.1 type repository (yaml.org/type), then the core schema of YAML 1.2.2 (10.3.2).
const TYPES: &[(&str, &str)] = &[
    ("bool", "y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"),
    ("int", "[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+"),
    ("float", r"[-+]?([0-9][0-9_]*)?\.[0-9.]*([eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*"),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
    ("merge", "<<"),
    ("null", "~|null|Null|NULL|"),
    ("timestamp", "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"),
    (
        "timestamp",
        r"[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?([Tt]|[ \t]+)[0-9][0-9]?:[0-9][0-9]:[0-9][0-9](\.[0-9]*)?(([ \t]*)Z|([ \t]*)[-+][0-9][0-9]?(:[0-9][0-9])?)?",
    ),
    ("value", "="),
    ("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
];

/// What a reader of either version may take a plain scalar for, if it is not a text.
fn types(plain: &str) -> Vec<&'static str> {
    static CHECKS: LazyLock<Vec<(&str, jsonschema::Validator)>> = LazyLock::new(|| {
        let check =
            |pattern: &str| jsonschema::validator_for(&serde_json::json!({ "pattern": format!("^({pattern})$") }));
        TYPES.iter().map(|(name, pattern)| (*name, check(pattern).unwrap())).collect()
    });
    let text = serde_json::Value::from(plain);
    CHECKS.iter().filter_map(|(name, check)| check.is_valid(&text).then_some(*name)).collect()
}

/// A key or value as written, without its quotes if it has some.
fn check(written: &str, text: &str) -> Result<(), TestCaseError> {
    if !written.starts_with(['"', '\'', '|']) {
        prop_assert_eq!(written, text);
        prop_assert_eq!(types(written), Vec::<&str>::new(), "{:?} is written plain", text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn a_plain_text_has_no_other_type_in_any_version(text in yaml_nasty::text()) {
        let value = tree::write(&Node::text(text.clone()), None);
        check(value.trim_end_matches('\n'), &text)?;
        let mut map = Node::map();
        map.set(text.clone(), Node::map());
        let entry = tree::write(&map, None);
        if !entry.starts_with("? ") {
            check(entry.strip_suffix(": {}\n").unwrap(), &text)?;
        }
    }

    #[test]
    fn a_word_is_written_as_the_library_writes_it(word in "[a-zA-Z]{2}[a-zA-Z0-9_./-]{0,12}") {
        let library = serde_yaml::to_string(&word).unwrap();
        prop_assert_eq!(tree::write(&Node::text(word), None), library);
    }

    #[test]
    fn a_number_is_a_number_in_every_version(number in any::<f64>(), whole in any::<i64>()) {
        for value in [serde_json::json!(number), serde_json::json!(whole)] {
            if value.is_number() {
                let written = tree::write(&Node::from(value), None);
                let found = types(written.trim_end());
                prop_assert!(found.contains(&"int") || found.contains(&"float"), "{}", written);
            }
        }
    }
}

#[test]
fn every_tricky_text_keeps_its_type() {
    for text in yaml_nasty::texts() {
        check(tree::write(&Node::text(text.clone()), None).trim_end_matches('\n'), &text).unwrap();
    }
}

#[test]
fn the_expressions_know_what_they_should() {
    for (plain, kind) in [
        ("no", "bool"),
        ("12:30", "int"),
        ("1_000", "int"),
        ("1.5e+3", "float"),
        ("127.0.0.1", "float"),
        ("~", "null"),
        ("", "null"),
    ] {
        assert!(types(plain).contains(&kind), "{plain} is a {kind}");
    }
    for (plain, kind) in
        [("<<", "merge"), ("=", "value"), ("2002-12-14", "timestamp"), ("0o7", "int"), ("1e3", "float")]
    {
        assert!(types(plain).contains(&kind), "{plain} is a {kind}");
    }
    assert!(types("orders").is_empty() && types("a: b").is_empty());
}
