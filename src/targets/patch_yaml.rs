//! The YAML of a patch, taken only as all readers take it.
//!
//! `no` is false to Kubernetes and a text to Compose, `012` ten or twelve (YAML 1.1 and 1.2, "Core Schema"). Whoever
//! writes such a thing is asked to say which.

use serde_json::Value;
use serde_yaml::{Error, Options};

use crate::{
    app::App,
    key::Key,
    problem::{Code, Problem},
    tree::Path,
};

/// # Errors
///
/// What is no YAML, says nothing, bears tags (they would be lost), or is read differently by different readers.
pub fn read(text: &str, key: &Key, app: &App) -> Result<Value, Box<Problem>> {
    let provenance = &app.provenance;
    let bad = |title: String, label: &'static str| Problem::new(Code::BadPatch, title).at(provenance.value(key), label);
    let value = parse(text, plain()).map_err(|error| broken(&error, text, key, app))?;
    let otherwise = parse(text, lenient()).unwrap_or_default();
    if let Some((at, spelled)) = ambiguous(&value, &otherwise, Path::default()) {
        let title = format!("`{spelled}` at `{at}` is one thing to Kubernetes and another to Compose");
        let help = format!("write \"{spelled}\" if the text is meant, otherwise `true`, `false` or a plain number");
        return Err(Box::new(bad(title, "ambiguous YAML").help(help)));
    }
    match &value {
        Value::Object(table) if table.is_empty() => Err(Box::new(
            bad("the patch changes nothing".into(), "an empty map")
                .help("say what to change, as in `spec: { paused: true }`"),
        )),
        _ => Ok(value),
    }
}

/// What the reader stopped at, where it stands in the profile.
fn broken(error: &Error, text: &str, key: &Key, app: &App) -> Problem {
    let place = error.location().map(|at| (at.line(), at.column()));
    let inside = place.and_then(|(line, column)| app.provenance.inside(key, text, line, column));
    let span = inside.or_else(|| app.provenance.value(key));
    match error.without_snippet() {
        Error::Budget { .. } => {
            Problem::new(Code::BadPatch, "the patch is too large").at(span, "more than a document of any kind has")
        }
        error => Problem::new(Code::BadPatch, format!("the patch is not YAML: {}", said(error)))
            .at(span, "not YAML")
            .help("write one document without tags, as in `spec: { paused: true }`"),
    }
}

fn parse(text: &str, options: Options) -> Result<Value, Error> {
    serde_yaml::from_str_with_options(text, options)
}

/// Whatever somebody could take for something else is a text.
fn plain() -> Options {
    serde_yaml::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
    }
}

/// Whatever could be something else is that.
fn lenient() -> Options {
    serde_yaml::options! { strict_booleans: false, legacy_octal_numbers: true }
}

/// The first scalar that two readings take differently, as it is spelled.
fn ambiguous<'a>(one: &'a Value, other: &Value, at: Path) -> Option<(Path, &'a str)> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => one.iter().find_map(|(key, value)| {
            // A key is a text in the end, so only its value can differ.
            ambiguous(value, other.get(key)?, at.clone().key(key.as_str()))
        }),
        (Value::Array(one), Value::Array(other)) => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(i, (one, other))| ambiguous(one, other, at.clone().index(i)))
        }
        (Value::String(text), other) if one != other => Some((at, text)),
        _ => None,
    }
}

/// What the library says, without what it says to its own users.
fn said(error: &Error) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let ends = [" at line ", ";", ", set ", " rejected by"];
    ends.iter().fold(first, |text, end| text.split(end).next().unwrap_or(text)).to_owned()
}
