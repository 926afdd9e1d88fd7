//! Does the merged profile follow the schema? And if not, what is wrong, in the words of the profile.
//!
//! The schema is compiled with the program, so a good profile costs microseconds. Words are looked for only when
//! there is something to say.

mod forms;
mod lacking;
mod language;
mod nul;
mod slid;
mod types;
mod unknown;
mod values;

use std::{borrow::Cow, collections::BTreeSet};

use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};
use serde_json::Value;

use super::{Layered, merge::inside, schema::Schema};
use crate::{
    key::Key,
    problem::{self, Code, Problem},
    source::Span,
};

// `regex` is the engine without backtracking: no profile, whoever wrote it, makes a pattern slow.
#[jsonschema::validator(
    path = "schemas/profile.schema.json",
    draft = Draft7,
    pattern_options = { engine = regex },
    methods = { is_valid = true, validate = false, iter_errors = true }
)]
struct ProfileSchema;

/// Every way in which the profile and its environments depart from the language, by position.
pub fn check(layered: &Layered) -> Vec<Problem> {
    let profile = whole(layered);
    let slid = slid::keys(layered);
    let mut checker =
        Checker { layered, schema: Schema::get, slid: slid.iter().map(|(key, _)| key).collect(), problems: Vec::new() };
    if !ProfileSchema::is_valid(&profile) {
        let errors: Vec<_> = ProfileSchema::iter_errors(&profile).collect();
        checker.explain_all(&errors);
    }
    checker.numbers(&profile, &Key::ROOT);
    checker.nuls(&profile);
    let mut problems = checker.problems;
    let place = |problem: &Problem| problem.span.as_ref().map(|span| (span.source, span.range.start, span.range.end));
    let same_code = |problem: &&Problem| problem.code == Code::KeyInWrongTable;
    let mut said: BTreeSet<_> = problems.iter().filter(same_code).map(place).collect();
    problems.extend(slid.into_iter().map(|(_, problem)| problem).filter(|problem| said.insert(place(problem))));
    problem::sort(&mut problems);
    problems
}

/// The profile with its environments in it again.
fn whole(layered: &Layered) -> Cow<'_, Value> {
    let mut profile = Cow::Borrowed(&layered.value);
    if !layered.environments.is_empty()
        && let Value::Object(table) = profile.to_mut()
    {
        table.insert("environments".to_owned(), Value::Object(layered.environments.clone()));
    }
    profile
}

/// Turns what the validator says into what the user should read.
struct Checker<'a> {
    layered: &'a Layered,
    /// A function, because reading the schema costs more than all that a good profile needs.
    schema: fn() -> Schema,
    slid: BTreeSet<&'a Key>,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    /// Errors that hold together: all of the profile, or all of one form of a value.
    fn explain_all(&mut self, errors: &[ValidationError<'_>]) {
        let path = |error: &ValidationError<'_>| error.instance_path().as_str().to_owned();
        let mistyped: BTreeSet<_> = errors.iter().filter(|e| matches!(e.kind(), Kind::Type { .. })).map(path).collect();
        for error in errors {
            // A value of the wrong type is none of the choices either; once is enough.
            if matches!(error.kind(), Kind::Type { .. }) || !mistyped.contains(&path(error)) {
                self.explain(error);
            }
        }
    }

    fn explain(&mut self, error: &ValidationError<'_>) {
        let key = Key::from_pointer(error.instance_path().as_str());
        if self.has_slid(&key) || self.is_laid_over(&key) {
            return;
        }
        let value = error.instance();
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                unexpected.iter().for_each(|name| self.unknown(&key, name, error));
            }
            Kind::Required { property } => self.missing(&key, property.as_str().unwrap_or_default(), error),
            Kind::Type { kind } => self.wrong_type(&key, value, types::names(kind), &[]),
            Kind::Enum { options } => self.not_among(&key, value, options.as_array().map_or(&[], Vec::as_slice), &[]),
            Kind::Constant { expected_value } => {
                self.not_among(&key, value, std::slice::from_ref(expected_value.as_ref()), &[]);
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => self.forms(&key, value, context),
            Kind::PropertyNames { error: inner } => self.bad_name(&key, inner),
            _ => self.bad_value(&key, error),
        }
    }

    /// Whether a key, or a table around it, stands in the wrong place: nothing more is said about it then.
    fn has_slid(&self, key: &Key) -> bool {
        !self.slid.is_empty()
            && std::iter::successors(Some(key.clone()), Key::parent).any(|key| self.slid.contains(&key))
    }

    /// Whether a value of an environment is the profile's now, as the environment was selected; so it is checked twice.
    fn is_laid_over(&self, key: &Key) -> bool {
        let origins = &self.layered.provenance.origins;
        let inner = inside(key).into_iter().fold(Key::ROOT, |key, segment| key.child(segment));
        inner != *key && origins.get(key).is_some_and(|origin| origins.get(&inner) == Some(origin))
    }

    /// Where the value of a key stands, or the table around it; else the beginning of the profile.
    fn value_span(&self, key: &Key) -> Option<Span> {
        self.layered.provenance.value(key).or(Some(Span::BEGINNING))
    }

    fn key_span(&self, key: &Key) -> Option<Span> {
        self.layered.provenance.key(key).or(Some(Span::BEGINNING))
    }

    fn text(&self, span: &Span) -> &str {
        self.layered.provenance.sources.text(span)
    }

    /// The word of the schema beside the one that an error is about.
    fn beside(&self, error: &ValidationError<'_>, word: &str) -> Option<&'static Value> {
        let (part, _) = error.schema_path().as_str().rsplit_once('/')?;
        (self.schema)().part(part)?.get(word)
    }
}

/// "a, b or c"
fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
