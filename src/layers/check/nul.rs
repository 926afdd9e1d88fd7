//! The one character that nothing can hold: arguments and variables of a process end at it.

use serde_json::Value;

use super::Checker;
use crate::{
    key::Key,
    problem::{Code, Problem},
};

impl Checker<'_> {
    /// Reports every text and every name with a NUL in it.
    pub(super) fn nuls(&mut self, value: &Value) {
        // Where each lies is found out only if there is one.
        if has_nul(value) {
            self.nuls_at(value, &Key::ROOT);
        }
    }

    fn nuls_at(&mut self, value: &Value, key: &Key) {
        match value {
            Value::String(text) if text.contains('\0') => {
                let problem = Problem::new(Code::BadFormat, format!("`{key}` holds a NUL character"));
                let label = "programs would see the end of the text there";
                let help = "take it out; give bytes that are no text in Base64, or as a file";
                self.problems.push(problem.at(self.value_span(key), label).help(help));
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.nuls_at(item, &key.child(index.to_string()));
                }
            }
            Value::Object(table) => {
                for (name, value) in table {
                    let key = key.child(name);
                    if name.contains('\0') {
                        let problem = Problem::new(Code::BadFormat, "the name of a key holds a NUL character");
                        self.problems.push(problem.at(self.key_span(&key), "no name can hold it").help("take it out"));
                    }
                    self.nuls_at(value, &key);
                }
            }
            _ => {}
        }
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(table) => table.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
