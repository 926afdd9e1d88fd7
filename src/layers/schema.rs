//! The profile's JSON Schema, read where words are needed: for `--set`, and to say what is wrong.
//!
//! A good profile is checked by compiled code (see [`super::check()`]); then none of this runs.

use std::sync::OnceLock;

use serde_json::Value;

use super::item::Data;
use crate::key::Key;

/// References lead into each other (an environment is a profile again), but never through this many without a key.
const MOST_REFERENCES: usize = 16;

#[derive(Clone, Copy)]
pub(super) struct Schema {
    root: &'static Value,
}

impl Schema {
    pub fn get() -> Self {
        static ROOT: OnceLock<Value> = OnceLock::new();
        let text = include_str!("../../schemas/profile.schema.json");
        // A test reads it too; a broken one would answer nothing, which is what an empty one says.
        Schema { root: ROOT.get_or_init(|| serde_json::from_str(text).unwrap_or_default()) }
    }

    /// The part that a JSON pointer names.
    pub fn part(self, pointer: &str) -> Option<&'static Value> {
        self.root.pointer(pointer)
    }

    /// The types of value that a key takes.
    pub fn types(self, key: &Key) -> Types {
        let mut types = Types::default();
        for form in self.forms_at(key) {
            types.add(form);
        }
        types
    }

    /// What a text has to look like there, in words.
    pub fn words(self, key: &Key) -> Option<&'static str> {
        self.forms_at(key).into_iter().find_map(|form| form.get("patternErrorMessage")?.as_str())
    }

    /// The largest integer of the type behind a key, which `format` names; no validator looks at it.
    pub fn largest(self, key: &Key) -> Option<u64> {
        let formats = self.forms_at(key).into_iter().filter_map(|form| form.get("format")?.as_str());
        let largest = formats.filter_map(|format| match format {
            "uint8" => Some(u8::MAX.into()),
            "uint16" => Some(u16::MAX.into()),
            "uint32" => Some(u32::MAX.into()),
            "int32" => Some(i32::MAX as u64),
            "int64" | "uint64" => Some(i64::MAX as u64),
            _ => None,
        });
        largest.max()
    }

    /// The names of the keys that the table of a key has; none for one that takes any name.
    pub fn keys(self, key: &Key) -> Vec<&'static str> {
        let tables = self.forms_at(key).into_iter().filter_map(|form| form.get("properties")?.as_object());
        tables.flat_map(|table| table.keys()).map(String::as_str).collect()
    }

    /// Every form that the value of a key may have; none for a key that is not in the schema.
    fn forms_at(self, key: &Key) -> Vec<&'static Value> {
        let mut forms = self.forms(self.root);
        for segment in key.segments() {
            forms =
                forms.into_iter().filter_map(|form| child(form, segment)).flat_map(|form| self.forms(form)).collect();
        }
        forms
    }

    /// The alternatives of a part, with references followed.
    fn forms(self, part: &'static Value) -> Vec<&'static Value> {
        let mut forms = Vec::new();
        self.collect(part, MOST_REFERENCES, &mut forms);
        forms
    }

    fn collect(self, part: &'static Value, depth: usize, forms: &mut Vec<&'static Value>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let pointer = part.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        if let Some(target) = pointer.and_then(|pointer| self.part(pointer)) {
            return self.collect(target, depth, forms);
        }
        let mut has_forms = false;
        for form in ["anyOf", "oneOf", "allOf"].iter().filter_map(|word| part.get(word)?.as_array()).flatten() {
            has_forms = true;
            self.collect(form, depth, forms);
        }
        if !has_forms || part.get("properties").is_some() {
            forms.push(part);
        }
    }
}

fn child(form: &'static Value, segment: &str) -> Option<&'static Value> {
    let named = || form.get("properties")?.get(segment);
    // Patterns only restrict names; the schema never has two for one table.
    let by_pattern = || form.get("patternProperties")?.as_object()?.values().next();
    let other = || form.get("additionalProperties").filter(|other| !other.is_boolean());
    let item = || form.get("items").filter(|_| segment.bytes().all(|byte| byte.is_ascii_digit()));
    named().or_else(by_pattern).or_else(other).or_else(item)
}

/// The types that the forms of a value have, by their JSON names.
#[derive(Debug, Default)]
pub(super) struct Types {
    names: Vec<String>,
    /// Single values that are taken.
    choices: Vec<Value>,
    /// The types of which any value is taken.
    open: Vec<String>,
}

impl Types {
    fn add(&mut self, form: &Value) {
        let choices: Vec<&Value> =
            form.get("enum").and_then(Value::as_array).into_iter().flatten().chain(form.get("const")).collect();
        let mut names = match form.get("type") {
            Some(Value::String(name)) => vec![name.clone()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => choices.iter().map(|value| json_type(value).to_owned()).collect(),
        };
        names.retain(|name| name != "null");
        if choices.is_empty() {
            self.open.extend(names.iter().cloned());
        }
        self.choices.extend(choices.into_iter().cloned());
        self.names.extend(names);
    }

    /// Nothing is known: not a key of the schema, or one that takes anything.
    pub fn any(&self) -> bool {
        self.names.is_empty()
    }

    pub fn text(&self) -> bool {
        self.takes("string")
    }

    pub fn only_text(&self) -> bool {
        self.text() && self.names.iter().all(|name| name == "string")
    }

    pub fn takes(&self, json_type: &str) -> bool {
        self.names.iter().any(|name| name == json_type)
    }

    /// Whether any value of a type is taken, and not some choices alone.
    pub fn takes_any(&self, json_type: &str) -> bool {
        self.open.iter().any(|name| name == json_type)
    }

    pub fn choices(&self) -> &[Value] {
        &self.choices
    }

    pub fn data(&self, data: &Data) -> bool {
        match data {
            Data::Scalar(value) => self.takes(json_type(value)) || value.is_number() && self.takes("number"),
            Data::Array(_) => self.takes("array"),
            Data::Table(_) => self.takes("object"),
        }
    }
}

pub(super) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
