//! What nobody may read in a report.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Form,
    step::{Step, key_from_end},
};
use crate::app::{Text, in_line, in_words, is_unreadable, names_secret};

/// What is shown of a secret.
const MASK: &str = "***";

/// Which side of a change a masked value is on; two masked values must not look alike.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Alone,
    Before,
    After,
}

pub(super) fn mask(side: Side) -> Value {
    Value::from(match side {
        Side::Alone => MASK.to_owned(),
        Side::Before => format!("{MASK} (before)"),
        Side::After => format!("{MASK} (after)"),
    })
}

/// What is secret in a document.
pub(super) struct Secrets<'a> {
    pub form: Form,
    pub kind: &'a str,
    /// The names of variables that are secrets.
    pub names: &'a BTreeSet<String>,
}

impl Secrets<'_> {
    /// Whether a value that holds no others is one, at its place.
    pub fn is(&self, at: &[Step], value: &Value) -> bool {
        let whole = self.form == Form::Object && self.kind == "Secret" && at.len() > 1;
        if whole && at.first().is_some_and(|step| step.is_key("data") || step.is_key("stringData")) {
            return true;
        }
        if key_from_end(at, 0) == "kubectl.kubernetes.io/last-applied-configuration" {
            return true; // holds a Secret in clear, if the object is one
        }
        let Value::String(text) = value else { return false };
        let said = without_references(text);
        let is_object = self.form == Form::Object && !self.is_data(at);
        let name = variable(at, is_object);
        if COMMANDS.contains(&name) && Secrets::in_command(at, std::slice::from_ref(value)) {
            return true;
        }
        !said.is_empty() && (self.names.contains(name) || is_unreadable(name, &said) || holds_json(&said))
    }

    /// Whether a value is of a map that users name the keys of.
    fn is_data(&self, at: &[Step]) -> bool {
        at.first().is_some_and(|step| ["data", "stringData", "binaryData"].iter().any(|key| step.is_key(key)))
    }

    /// Whether a text is a file of its own, of which lines are told: whole, nobody would see what changed.
    pub fn is_file(&self, at: &[Step], text: &str) -> bool {
        let name = variable(at, false);
        let is_whole = self.kind == "Secret" || self.names.contains(name) || names_secret(name);
        self.form == Form::Object && self.is_data(at) && !is_whole && text.trim_end().contains('\n')
    }

    /// Whether words of a command line have one among them.
    pub fn in_command(at: &[Step], items: &[Value]) -> bool {
        if !COMMANDS.contains(&key_from_end(at, 0)) {
            return false;
        }
        let texts = items.iter().filter_map(Value::as_str).map(|text| Text::literal(without_references(text)));
        let texts: Vec<Text> = texts.collect();
        !in_words(&texts.iter().collect::<Vec<_>>()).is_empty()
    }

    /// A text of `NAME=value` lines, such as an `.env`, without the values of secrets.
    pub fn lines(&self, text: &str, side: Side) -> String {
        let mask = mask(side);
        let line = |line: &str| match line.split_once('=') {
            Some((name, value)) if !value.trim().is_empty() && self.is_named(name) => {
                format!("{name}={}", mask.as_str().unwrap_or_default())
            }
            _ if is_unreadable("", &without_references(line)) => mask.as_str().unwrap_or_default().to_owned(),
            _ => match line.find(['=', ':']).filter(|_| in_line(&without_references(line)).is_some()) {
                Some(at) => format!("{} {}", &line[..=at], mask.as_str().unwrap_or_default()),
                None => line.to_owned(),
            },
        };
        text.split('\n').map(line).collect::<Vec<_>>().join("\n")
    }

    fn is_named(&self, name: &str) -> bool {
        let name = name.trim_start_matches(['#', ' ']).trim_start_matches("export ").trim();
        self.names.contains(name) || names_secret(name)
    }
}

/// Where command lines stand, as a list or as one text.
const COMMANDS: [&str; 4] = ["command", "args", "entrypoint", "test"];

/// The name of the variable that a value is one of. In fields of objects `key` is the name of one, and no secret.
fn variable(at: &[Step], is_object: bool) -> &str {
    match at {
        [.., Step::Key(key)] if is_object && key == "key" => "",
        [.., Step::Item(item), Step::Key(value)] if value == "value" => item.strip_prefix("name=").unwrap_or(""),
        [.., Step::Key(key)] => key,
        _ => "",
    }
}

/// A text without what stands for something else: `$(NAME)`, `${NAME}`, `${NAME:?why}`. A default is text.
fn without_references(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = match from.as_bytes().get(1) {
            Some(b'(') => from.find(')'),
            Some(b'{') => from.find('}').filter(|end| !from[..*end].contains(":-") && !from[..*end].contains(":+")),
            _ => None,
        };
        match end {
            Some(end) => rest = &from[end + 1..],
            None => {
                out.push('$');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The credentials of a registry, as a text.
fn holds_json(text: &str) -> bool {
    text.contains("\"auths\"") && text.trim_start().starts_with('{')
}
