//! Values of the right type that say nothing sensible.

use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};
use serde_json::Value;

use super::{Checker, either};
use crate::{
    key::Key,
    layers::{near::near, schema::json_type},
    problem::{Code, Problem},
};

impl Checker<'_> {
    /// `types` are JSON's names of what is taken besides the choices.
    pub(super) fn not_among(&mut self, key: &Key, value: &Value, choices: &[Value], types: &[&str]) {
        if choices.iter().any(|choice| json_type(choice) == json_type(value)) {
            self.bad_choice(key, value, choices, types);
        } else {
            self.wrong_type(key, value, types.to_vec(), choices);
        }
    }

    fn bad_choice(&mut self, key: &Key, value: &Value, choices: &[Value], types: &[&str]) {
        let span = self.value_span(key);
        let title = format!("`{}` is not a choice for `{key}`", bare(value));
        let problem = Problem::new(Code::BadChoice, title).at(span.clone(), "not one of the choices");
        let meant = value.as_str().and_then(|text| near(text, choices.iter().filter_map(Value::as_str)));
        self.problems.push(match meant {
            Some(meant) => {
                let quoted = span.as_ref().is_some_and(|span| self.text(span).starts_with(['"', '\'']));
                let text = if quoted { format!("\"{meant}\"") } else { meant.to_owned() };
                problem.help(format!("did you mean `{meant}`?")).fix(span, text)
            }
            None if types.contains(&"string") && (self.schema)().words(key).is_some() => {
                problem.help(format!("write {}", (self.schema)().words(key).unwrap_or_default()))
            }
            None => {
                let mut words: Vec<_> = choices.iter().map(|choice| format!("`{}`", bare(choice))).collect();
                words.extend(types.iter().map(|name| super::types::article(name).to_owned()));
                problem.help(format!("write {}", either(&words)))
            }
        });
    }

    /// A number out of range, a text or list too short or too long, a text not written as it should be.
    pub(super) fn bad_value(&mut self, key: &Key, error: &ValidationError<'_>) {
        let (code, title, label) = match error.kind() {
            Kind::Pattern { pattern } => {
                let title = format!("`{}` is not written as `{key}` needs it", bare(error.instance()));
                (Code::BadFormat, title, self.format(error, pattern))
            }
            _ => match self.limit(error) {
                Some((how, label)) => (Code::OutOfRange, format!("`{key}` {how}"), label),
                // The schema has no other word; should it get one, its own message is better than none.
                None => (Code::BadFormat, format!("`{key}`: {error}"), String::new()),
            },
        };
        self.problems.push(Problem::new(code, title).at(self.value_span(key), label));
    }

    /// How a value exceeds a limit, and what the limit is.
    fn limit(&self, error: &ValidationError<'_>) -> Option<(&'static str, String)> {
        Some(match error.kind() {
            Kind::Minimum { .. } | Kind::Maximum { .. } => ("is out of range", self.range(error)),
            Kind::ExclusiveMinimum { limit } => ("is out of range", format!("must be more than {limit}")),
            Kind::ExclusiveMaximum { limit } => ("is out of range", format!("must be less than {limit}")),
            Kind::MinLength { limit: 1 } | Kind::MinItems { limit: 1 } | Kind::MinProperties { limit: 1 } => {
                ("is empty", "must not be empty".to_owned())
            }
            Kind::MinLength { limit } => ("is too short", format!("must have at least {limit} characters")),
            Kind::MaxLength { limit } => ("is too long", format!("must have at most {limit} characters")),
            Kind::MinItems { limit } => ("is too short", format!("must have at least {limit} entries")),
            Kind::MaxItems { limit } => ("is too long", format!("must have at most {limit} entries")),
            Kind::MinProperties { limit } => ("is too short", format!("must have at least {limit} keys")),
            Kind::MaxProperties { limit } => ("is too long", format!("must have at most {limit} keys")),
            Kind::UniqueItems => ("lists something twice", String::new()),
            _ => return None,
        })
    }

    fn range(&self, error: &ValidationError<'_>) -> String {
        let bound = |word: &str| self.beside(error, word).map(Value::to_string);
        match (bound("minimum"), bound("maximum")) {
            (Some(least), Some(most)) => format!("must be between {least} and {most}"),
            (Some(least), None) => format!("must be at least {least}"),
            (None, most) => format!("must be at most {}", most.unwrap_or_default()),
        }
    }

    /// A key of a table of free names that is no such name.
    pub(super) fn bad_name(&mut self, table: &Key, error: &ValidationError<'_>) {
        let name = bare(error.instance());
        let label = match error.kind() {
            Kind::Pattern { pattern } => self.format(error, pattern),
            _ => "not a name for an entry".to_owned(),
        };
        let problem = Problem::new(Code::BadFormat, format!("`{name}` is no name for an entry of `{table}`"));
        self.problems.push(problem.at(self.key_span(&table.child(name)), label));
    }

    fn format(&self, error: &ValidationError<'_>, pattern: &str) -> String {
        match self.beside(error, "patternErrorMessage").and_then(Value::as_str) {
            Some(words) => format!("expected {words}"),
            None => format!("expected a text like the pattern {pattern}"),
        }
    }
}

/// A value as prose has it: text without quotes.
fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
