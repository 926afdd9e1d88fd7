//! The schema of Compose files, and what it finds in words.

use std::sync::OnceLock;

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde_json::Value;

use crate::{
    problem::near::near,
    targets::check::{At, Found},
};

struct Schema {
    root: Value,
    validator: Validator,
}

/// Compiled when the first patched document is checked, and never in a plain run.
fn compiled() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../../../schemas/compose.schema.json");
        let root = serde_json::from_str(text).expect("a test reads the schema");
        let validator = jsonschema::validator_for(&root).expect("a test compiles the schema");
        Schema { root, validator }
    })
}

/// A file has the keys of the specification, with values of their types.
pub fn schema(documents: &[At<'_>], found: &mut Found) {
    for root in documents {
        let Some(node) = root.node else { continue };
        let value = Value::from(node);
        for error in compiled().validator.iter_errors(&value) {
            explain(&error, root, found);
        }
    }
}

fn explain(error: &ValidationError<'_>, root: &At<'_>, found: &mut Found) {
    let at = root.pointer(error.instance_path().as_str());
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            let known = beside(error, "properties").and_then(Value::as_object);
            let known: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            for name in unexpected {
                let meant = near(name, known.iter().copied()).map(|meant| format!("did you mean `{meant}`?"));
                let at = at.key(name);
                found.add_with(&at, format!("Compose does not know `{}`", at.path), meant);
            }
        }
        Kind::Required { property } => {
            let at = at.key(property.as_str().unwrap_or_default());
            found.add(&at, format!("`{}` is missing", at.path));
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => forms(error, context, root, found),
        Kind::UniqueItems => found.add(&at, format!("`{}` holds something twice", at.path)),
        _ => found.add(&at, format!("`{}` cannot be so: {error}", at.path)),
    }
}

/// Says what the form that was meant has against a value: the one that takes its type, and most of what it holds.
fn forms(error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>], root: &At<'_>, found: &mut Found) {
    let here = error.instance_path();
    let refuses = |form: &&Vec<ValidationError<'static>>| {
        let whole = |one: &ValidationError<'_>| matches!(one.kind(), Kind::Type { .. } | Kind::Enum { .. });
        form.iter().any(|one| whole(one) && one.instance_path() == here)
    };
    match context.iter().filter(|form| !refuses(form)).min_by_key(|form| form.len()) {
        Some(meant) => meant.iter().for_each(|error| explain(error, root, found)),
        None => {
            let at = root.pointer(here.as_str());
            let shown = at.scalar().map_or_else(|| "this".to_owned(), |value| format!("`{value}`"));
            found.add(&at, format!("`{}` cannot be {shown}: {}", at.path, taken(context)));
        }
    }
}

fn taken(context: &[Vec<ValidationError<'static>>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for error in context.iter().flatten() {
        let shown = match error.kind() {
            Kind::Enum { options } => options.to_string(),
            _ => beside(error, "type").map(ToString::to_string).unwrap_or_default(),
        };
        if !shown.is_empty() && !names.contains(&shown) {
            names.push(shown);
        }
    }
    format!("it takes {}", names.join(" or ").replace('"', ""))
}

/// The word of the schema beside the one that an error is about.
fn beside(error: &ValidationError<'_>, word: &str) -> Option<&'static Value> {
    let (part, _) = error.schema_path().as_str().rsplit_once('/')?;
    compiled().root.pointer(part)?.get(word)
}
