//! Values of the wrong type.

use jsonschema::error::TypeKind;
use serde_json::Value;

use super::{Checker, either};
use crate::{
    key::Key,
    layers::{item::kind, schema::json_type},
    problem::{Code, Problem},
    source::Span,
};

impl Checker<'_> {
    /// `types` are JSON's names of what is taken, `choices` single values that are taken besides.
    pub(super) fn wrong_type(&mut self, key: &Key, value: &Value, types: Vec<&str>, choices: &[Value]) {
        let span = self.value_span(key);
        let mut expected: Vec<String> = types.iter().map(|name| article(name).to_owned()).collect();
        expected.extend(choices.iter().map(|choice| format!("`{choice}`")));
        let problem = Problem::new(Code::WrongType, format!("`{key}` has the wrong type"))
            .at(span.clone(), format!("expected {}, found {}", either(&expected), kind(value)));
        let problem = match span {
            Some(span) => self.mend(problem, &span, (key, value), &types, choices),
            None => problem,
        };
        self.problems.push(problem);
    }

    /// How to write a value so that it has one of the types, or is one of the choices.
    fn mend(
        &self,
        problem: Problem,
        span: &Span,
        (key, value): (&Key, &Value),
        types: &[&str],
        choices: &[Value],
    ) -> Problem {
        let takes = |name: &str| types.contains(&name) || choices.iter().any(|choice| json_type(choice) == name);
        let written = self.text(span);
        let span = Some(span.clone());
        match value {
            Value::String(text) if written.starts_with(['"', '\'']) => {
                let whole = takes("integer") && text.parse::<i64>().is_ok();
                let number = takes("number") && text.parse::<f64>().is_ok_and(f64::is_finite);
                let truth = takes("boolean") && (text == "true" || text == "false");
                if whole || number || truth {
                    problem.help("remove the quotes").fix(span, text)
                } else if takes("array") {
                    as_list(problem, span, text)
                } else if is_input(key) {
                    problem
                        .help("write its value as the `default`: this is what is taken where nobody supplies one")
                        .fix(span, format!("{{ default = {written} }}"))
                } else if types == ["object"] {
                    problem.help(format!("write [{key}], and its keys below"))
                } else {
                    problem
                }
            }
            Value::Bool(truth) if types.contains(&"string") => {
                let title = if *truth { "True" } else { "False" };
                problem.help(format!("write `\"{truth}\"` or `\"{title}\"`: programs read them differently"))
            }
            Value::Number(number) if is_whole(number) && types.contains(&"integer") && !types.contains(&"string") => {
                problem
                    .help("write it without a decimal point")
                    .fix(span, format!("{:.0}", number.as_f64().unwrap_or_default()))
            }
            Value::Number(_) if takes("string") => match (self.schema)().words(key) {
                Some(words) => problem.help(format!("write in quotes {words}")),
                None => problem.help("put it in quotes").fix(span, format!("\"{written}\"")),
            },
            Value::Array(items) if takes("string") && items.len() == 1 => {
                problem.help("write the one value without brackets")
            }
            _ => problem,
        }
    }

    /// JSON has one kind of number, so its schemas take `8000.0` for an integer, and integers of any size. Neither the
    /// types behind the profile nor people do. Patches hold whatever their target takes.
    pub(super) fn numbers(&mut self, value: &Value, key: &Key) {
        match value {
            Value::Number(number) if is_whole(number) => {
                let types = (self.schema)().types(key);
                if types.takes("integer") && !types.takes("number") {
                    let names = ["string", "integer", "object"].into_iter().filter(|name| types.takes_any(name));
                    self.wrong_type(key, value, names.collect(), types.choices());
                }
            }
            Value::Number(number) => {
                let largest =
                    number.as_u64().filter(|number| *number > SMALL).and_then(|_| (self.schema)().largest(key));
                if let Some(largest) = largest.filter(|largest| number.as_u64() > Some(*largest)) {
                    let problem = Problem::new(Code::OutOfRange, format!("`{key}` is out of range"));
                    self.problems.push(problem.at(self.value_span(key), format!("must be at most {largest}")));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().filter(|(_, item)| is_suspect(item)) {
                    self.numbers(item, &key.child(index.to_string()));
                }
            }
            Value::Object(table) => {
                for (name, value) in table.iter().filter(|(name, value)| *name != "patches" && is_suspect(value)) {
                    self.numbers(value, &key.child(name));
                }
            }
            _ => {}
        }
    }
}

/// A whole number that is written as if it were none.
fn is_whole(number: &serde_json::Number) -> bool {
    number.is_f64() && number.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// The largest integer that the schema itself bounds wherever its type is narrow: a port.
const SMALL: u64 = u16::MAX as u64;

/// Most values are text or small; no key is built for them.
fn is_suspect(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64() || number.as_u64().is_some_and(|number| number > SMALL),
        Value::Array(_) | Value::Object(_) => true,
        _ => false,
    }
}

/// An entry of `[inputs]`, whose value one is led to write as that of a variable.
fn is_input(key: &Key) -> bool {
    let path: Vec<&str> = key.segments().collect();
    matches!(path.as_slice(), [.., "inputs", _])
}

/// A command line written as one text.
fn as_list(problem: Problem, span: Option<Span>, text: &str) -> Problem {
    if text.contains(|c: char| "\"'\\$|&;<>(){}*?`".contains(c)) {
        return problem.help("write each argument as one text of a list; there is no shell to split or expand it");
    }
    let items: Vec<_> = text.split_whitespace().map(|word| format!("\"{word}\"")).collect();
    problem.help("write a list").fix(span, format!("[{}]", items.join(", ")))
}

/// JSON's names of the types that a schema asks for. TOML has no null.
pub(super) fn names(kind: &TypeKind) -> Vec<&'static str> {
    let names: Vec<_> = match kind {
        TypeKind::Single(name) => vec![name.as_str()],
        TypeKind::Multiple(names) => names.iter().map(|name| name.as_str()).collect(),
    };
    names.into_iter().filter(|name| *name != "null").collect()
}

pub(super) fn article(json_type: &str) -> &str {
    match json_type {
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "an array",
        "object" => "a table",
        other => other,
    }
}
