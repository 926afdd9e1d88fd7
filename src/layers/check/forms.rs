//! Values that may have one of several forms: a text or a table, a number or a word.

use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};
use serde_json::Value;

use super::{Checker, types};
use crate::{key::Key, layers::near::near};

/// What one form has against a value.
type Form<'a> = Vec<&'a ValidationError<'static>>;

impl Checker<'_> {
    /// Says what the form that was meant has against a value, not that none of them fits.
    pub(super) fn forms(&mut self, key: &Key, value: &Value, context: &[Vec<ValidationError<'static>>]) {
        let forms = flat(context, key);
        let (other, fitting): (Vec<_>, Vec<_>) = forms.into_iter().partition(|form| refuses(form, key));
        let choices: Vec<Value> = other.iter().flat_map(|form| choices(form)).collect();
        let misspelt =
            value.as_str().is_some_and(|text| near(text, choices.iter().filter_map(Value::as_str)).is_some());
        if let (false, Some(meant)) = (misspelt, fitting.iter().min_by_key(|form| distance(form, key))) {
            meant.iter().for_each(|error| self.explain(error));
            return;
        }
        let mut names: Vec<&str> = Vec::new();
        for name in other.iter().filter(|form| choices_of(form).is_none()).flat_map(|form| taken(form)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mended = value.as_str().is_some_and(|text| names.contains(&"integer") && text.parse::<i64>().is_ok());
        if mended {
            self.wrong_type(key, value, names, &choices);
        } else {
            self.not_among(key, value, &choices, &names);
        }
    }
}

/// Forms within forms of the same value, side by side.
fn flat<'a>(context: &'a [Vec<ValidationError<'static>>], key: &Key) -> Vec<Form<'a>> {
    let mut forms = Vec::new();
    for form in context {
        match form.as_slice() {
            [error] if Key::from_pointer(error.instance_path().as_str()) == *key => match error.kind() {
                Kind::AnyOf { context } | Kind::OneOfNotValid { context } => forms.extend(flat(context, key)),
                _ => forms.push(vec![error]),
            },
            errors => forms.push(errors.iter().collect()),
        }
    }
    forms
}

/// Whether a form is for values of another kind altogether.
fn refuses(form: &Form<'_>, key: &Key) -> bool {
    form.iter().any(|error| {
        matches!(error.kind(), Kind::Type { .. } | Kind::Enum { .. } | Kind::Constant { .. })
            && Key::from_pointer(error.instance_path().as_str()) == *key
    })
}

/// How far a form is from what was meant: keys that it does not know weigh most, then the number of complaints.
fn distance(form: &Form<'_>, key: &Key) -> (usize, usize) {
    let unknown = form.iter().map(|error| match error.kind() {
        Kind::AdditionalProperties { unexpected } if Key::from_pointer(error.instance_path().as_str()) == *key => {
            unexpected.len()
        }
        _ => 0,
    });
    (unknown.sum(), form.len())
}

fn choices(form: &Form<'_>) -> Vec<Value> {
    choices_of(form).unwrap_or_default()
}

fn choices_of(form: &Form<'_>) -> Option<Vec<Value>> {
    form.iter().find_map(|error| match error.kind() {
        Kind::Enum { options } => options.as_array().cloned(),
        Kind::Constant { expected_value } => Some(vec![expected_value.as_ref().clone()]),
        _ => None,
    })
}

fn taken(form: &Form<'_>) -> Vec<&'static str> {
    let names = form.iter().filter_map(|error| match error.kind() {
        Kind::Type { kind } => Some(types::names(kind)),
        _ => None,
    });
    names.flatten().collect()
}
