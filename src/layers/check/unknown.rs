//! Keys that should not be there, and keys that should.

use jsonschema::ValidationError;
use serde_json::Value;

use super::{Checker, slid};
use crate::{
    key::Key,
    layers::near::near,
    problem::{Code, Problem},
};

/// As many keys are listed; more say less than the reference.
const FEW: usize = 12;

impl Checker<'_> {
    pub(super) fn unknown(&mut self, table: &Key, name: &str, error: &ValidationError<'_>) {
        let key = table.child(name);
        if self.is_laid_over(&key) {
            return;
        }
        let span = self.key_span(&key);
        let place = if *table == Key::ROOT { String::new() } else { format!(" in `{table}`") };
        let known = self.beside(error, "properties").and_then(Value::as_object);
        let known: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let unknown = Problem::new(Code::UnknownKey, format!("unknown key `{name}`{place}"));
        let problem = if self.beside(error, "patternProperties").is_some() {
            let words = self.beside(error, "patternErrorMessage").and_then(Value::as_str);
            let label = words.map_or("not a name for an entry".to_owned(), |words| format!("expected {words}"));
            Problem::new(Code::BadFormat, format!("`{name}` is no name for an entry{place}")).at(span, label)
        } else if let Some(problem) = self.lacking(&key) {
            problem
        } else if let Some(problem) = slid::into_closed(self.layered, &key) {
            problem
        } else if let Some(elsewhere) = self.elsewhere(&key) {
            unknown.at(span, "not a key of this table").help(elsewhere)
        } else if let Some(meant) = near(name, known.iter().copied()) {
            unknown.at(span.clone(), "no such key").help(format!("did you mean `{meant}`?")).fix(span, meant)
        } else if known.is_empty() || known.len() > FEW {
            unknown.at(span, "no such key")
        } else {
            unknown.at(span, "no such key").help(format!("it has: {}", known.join(", ")))
        };
        self.problems.push(problem);
    }

    pub(super) fn missing(&mut self, table: &Key, name: &str, error: &ValidationError<'_>) {
        // What an environment leaves out, the profile may have. Together they are checked when it is selected.
        if table.segments().next() == Some("environments") {
            return;
        }
        // It is there, one table too deep.
        if slid::from(self.layered, table, name) {
            return;
        }
        // It is there, misspelt, and complained about as that.
        let closed = self.beside(error, "additionalProperties") == Some(&Value::Bool(false));
        let known = self.beside(error, "properties").filter(|_| closed);
        let there = error.instance().as_object().into_iter().flatten().map(|(name, _)| name.as_str());
        if near(name, there.filter(|there| known.is_some_and(|known| known.get(*there).is_none()))).is_some() {
            return;
        }
        let key = table.child(name);
        let problem = |title: String| Problem::new(Code::MissingKey, title);
        let problem = if self.layered.provenance.has(&key) {
            problem(format!("missing key `{key}`")).at(self.key_span(&key), "removed here, but it is required")
        } else if *table == Key::ROOT {
            problem(format!("missing key `{name}`"))
                .at(self.key_span(table), format!("every profile needs `{name}`"))
                .help(format!("write `{name} = \"…\"` above the first [table]"))
        } else {
            problem(format!("missing key `{name}` in `{table}`"))
                .at(self.value_span(table), format!("`{name}` is required here"))
        };
        self.problems.push(problem);
    }
}
