//! `--set key=value`: a layer on the command line.

use serde_json::Value;

use super::{
    Origin,
    item::{Data, Item, Table},
    parse, path,
    schema::Schema,
};
use crate::{
    key::Key,
    problem::{Code, Problem},
    source::{Sources, Span},
};

/// Keys that do not replace what lower layers say, so that setting them would not do what it seems to; and what does.
const FILES_ALONE: [(&str, &str); 3] = [
    ("extends", "name it in the profile, and set the keys that differ themselves: --set workers=4"),
    ("environments", "choose an environment with `--env`, and set its keys themselves: --set workers=4"),
    (
        "patches",
        "write the patch in the profile, with `env` if it is for one environment: patches append, so none goes away",
    ),
];

/// Every `--set` as a layer, and as a source of its own.
pub(super) fn layers(set: &[String], sources: &mut Sources, problems: &mut Vec<Problem>) -> Vec<Table> {
    let mut layers = Vec::new();
    for text in set {
        let source = sources.add("--set", text);
        match layer(source, text, problems) {
            Ok(layer) => layers.push(layer),
            Err(problem) => problems.push(*problem),
        }
    }
    layers
}

fn layer(source: usize, text: &str, problems: &mut Vec<Problem>) -> Result<Table, Box<Problem>> {
    let span = |range| Some(Span { source, range });
    let Some((written, value)) = path::split_assignment(text) else {
        let problem =
            Problem::new(Code::BadSet, "`--set` takes `key=value`").at(span(0..text.len()), "there is no `=`");
        return Err(problem.help("for example: --set workers=4, --set resources.memory=512Mi").into());
    };
    let Some(segments) = path::dotted(written) else {
        let problem = Problem::new(Code::BadSet, "`--set` takes `key=value`").at(span(0..written.len()), "not a key");
        return Err(problem.help("write keys as in TOML, with dots between tables; quote what is no plain name: labels.\"acme.io/team\"=shop").into());
    };
    let first = &segments[0];
    if let Some((name, help)) = FILES_ALONE.iter().find(|(name, _)| *name == first.name) {
        let problem = Problem::new(Code::BadSet, format!("`{name}` cannot be set on the command line"));
        return Err(problem.at(span(first.range.clone()), "this can only be said in a file").help(*help).into());
    }
    let key = segments.iter().fold(Key::ROOT, |key, segment| key.child(segment.name.as_str()));
    let at = text.len() - value.len();
    let mut data = typed(&key, source, text, at, problems);
    let value = Span { source, range: at..text.len() };
    let mut table = Table::new();
    for segment in segments.into_iter().rev() {
        let key = Span { source, range: segment.range };
        let origin = Origin { value: if table.is_empty() { value.clone() } else { key.clone() }, key };
        let item = Item { origin, data };
        table = Table::new();
        table.insert(segment.name, item);
        data = Data::Table(table.clone());
    }
    Ok(table)
}

/// The value from byte `at` on, as the schema wants it: text where only text is taken; what TOML reads in it where
/// that is taken; else text again. What is taken nowhere is left for the schema to refuse.
fn typed(key: &Key, source: usize, text: &str, at: usize, problems: &mut Vec<Problem>) -> Data {
    let verbatim = || Data::Scalar(Value::String(text[at..].to_owned()));
    let takes = Schema::get().types(key);
    if takes.only_text() {
        return verbatim();
    }
    let mut wrong = Vec::new();
    let parsed = parse::value(source, text, at, &mut wrong);
    match parsed {
        Some(data) if wrong.is_empty() && (takes.any() || takes.data(&data)) => data,
        Some(data) if !takes.text() => {
            problems.append(&mut wrong);
            data
        }
        _ => verbatim(),
    }
}
