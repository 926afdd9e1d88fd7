//! Whatever a profile holds: nothing panics, nothing unsafe is printed, and nothing wrong is passed on.

use proptest::prelude::*;
use render::{
    layers::{Request, check, load},
    problem::{Code, Problem, show},
    source::{Sources, Span},
};

use crate::layers::profile;

/// Words and signs that make TOML-ish text much faster than chance does.
fn toml_ish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("[".into()),
        Just("]".into()),
        Just("{".into()),
        Just("}".into()),
        Just("=".into()),
        Just(".".into()),
        Just(",".into()),
        Just("\n".into()),
        Just("\r\n".into()),
        Just("\"".into()),
        Just("'".into()),
        Just("#".into()),
        Just("\"\"\"".into()),
        Just("\\".into()),
        Just("\u{1b}[31m".into()),
        Just("1".into()),
        Just("1979-05-27".into()),
        Just("extends = 'a.toml'\n".into()),
        Just("[environments.a]\n".into()),
        Just("unset = ['a.b']\n".into()),
        Just("enabled = false\n".into()),
        Just("processes".into()),
        Just("patches".into()),
        Just("a".into()),
        Just("é😀".into()),
        Just("server".into()),
        Just("command".into()),
        Just("env".into()),
        ".".prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces: Vec<String>| pieces.concat())
}

fn load_and_show(text: &[u8], base: &[u8], set: &str) {
    let read = |_: &str| Ok(base.to_vec());
    let show_all = |problems: &[Problem], sources: &Sources| {
        for problem in problems {
            let shown = show(problem, sources, false);
            assert!(!shown.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "{shown:?}");
        }
    };
    match load(&Request { env: Some("a"), set: &[set.to_owned()], read: &read, ..Request::alone("p.toml", text) }) {
        Ok(layered) => {
            show_all(&layered.warnings, &layered.provenance.sources);
            show_all(&check(&layered), &layered.provenance.sources);
        }
        Err((problems, sources)) => show_all(&problems, &sources),
    }
}

fn schema() -> serde_json::Value {
    serde_json::from_str(include_str!("../../schemas/profile.schema.json")).unwrap()
}

/// Every key of the schema, dotted, with `x` for names that users choose.
fn keys_of(root: &serde_json::Value, part: &serde_json::Value, at: &str, found: &mut Vec<String>) {
    let join = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    if let Some(pointer) = part["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        // An environment is a profile again.
        if !pointer.is_empty() {
            keys_of(root, root.pointer(pointer).unwrap(), at, found);
        }
    }
    for form in ["anyOf", "oneOf", "allOf"].iter().filter_map(|word| part[word].as_array()).flatten() {
        keys_of(root, form, at, found);
    }
    for (name, part) in part["properties"].as_object().into_iter().flatten() {
        found.push(join(name));
        keys_of(root, part, &join(name), found);
    }
    if part["additionalProperties"].is_object() {
        found.push(join("x"));
        keys_of(root, &part["additionalProperties"], &join("x"), found);
    }
}

/// Values of every kind, for keys of every kind.
const VALUES: &str = "'' 'x' '/x' '8000' 'true' 'uvicorm' '256Mi' '30s' 'a.b:c' 0 1 300 70000 3000000000 5000000000 -1 1.0 \
                      1.33 true false [] ['a'] [1] {} {value=1} {port=1,x=2} {a={b=[{}]}} [{target='k8s'}] {path='/x'}";

#[test]
fn what_passes_the_check_fits_the_schema_and_the_types() {
    let schema = schema();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let mut keys = Vec::new();
    keys_of(&schema, &schema, "", &mut keys);
    assert!(keys.iter().any(|key| key == "resources.memory.limit"), "{keys:?}");
    keys.extend(["nonsense", "server.knd", "environments.a.port", "environments.a.env.B"].map(str::to_owned));
    for (key, value) in keys.iter().flat_map(|key| VALUES.split_whitespace().map(move |value| (key, value))) {
        let text = format!("{key} = {value}");
        let Ok(layered) = profile(&text) else { continue };
        let problems = check(&layered);
        for problem in &problems {
            assert!(problem.span.is_some() && !problem.title.contains("schemas"), "{text}: {problem:?}");
            show(problem, &layered.provenance.sources, false);
        }
        if problems.is_empty() {
            assert!(validator.is_valid(&layered.value), "{text}");
            let typed = serde_json::from_value::<render::profile::Profile>(layered.value);
            assert!(typed.is_ok(), "{text}: {typed:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(text: Vec<u8>, set: String) {
        load_and_show(&text, &text, &set);
    }

    #[test]
    fn no_text_makes_it_panic(text in toml_ish(), base in toml_ish(), set in toml_ish()) {
        load_and_show(text.as_bytes(), base.as_bytes(), &set);
    }

    #[test]
    fn no_span_makes_show_panic(text in toml_ish(), spans: [(usize, usize); 3], fix: String, source in 0usize..3) {
        let mut sources = Sources::default();
        sources.add("a\u{1b}.toml", text.as_str());
        sources.add("b", "");
        let span = |at: usize, len: usize| Some(Span { source, range: at % 60..(at % 60).saturating_add(len % 60) });
        let [a, b, c] = spans;
        let problem = Problem::new(Code::Syntax, &text)
            .at(span(a.0, a.1), &text).related(span(b.0, b.1), &text).fix(span(c.0, c.1), &fix).help(&text);
        let shown = show(&problem, &sources, false);
        assert!(!shown.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "{shown:?}");
        show(&problem, &sources, true);
    }
}
