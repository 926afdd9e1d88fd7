//! YAML that users write, taken only as all readers take it.
//!
//! `no` is false to Kubernetes and a text to Compose, `012` ten or twelve (YAML 1.1 and 1.2, "Core Schema"). Whoever
//! writes such a thing is asked to say which.

use serde_json::Value;
use serde_yaml::{Error, Options};

use crate::tree::Path;

/// Why a text is not taken. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// More than a document of any kind has.
    TooLarge(Option<(u64, u64)>),
    /// No YAML, or with tags: they would be lost.
    Broken { why: String, at: Option<(u64, u64)> },
    /// Different readers take it differently.
    Ambiguous { at: Path, spelled: String },
}

/// One document.
///
/// # Errors
///
/// What is no YAML, bears tags, or is read differently by different readers.
pub fn read(text: &str) -> Result<Value, Refused> {
    let value = parse(text, plain()).map_err(|error| broken(&error))?;
    let otherwise = parse(text, lenient()).unwrap_or_default();
    match ambiguous(&value, &otherwise, Path::default()) {
        Some((at, spelled)) => Err(Refused::Ambiguous { at, spelled: spelled.to_owned() }),
        None => Ok(value),
    }
}

/// What the reader stopped at.
fn broken(error: &Error) -> Refused {
    let at = error.location().map(|at| (at.line(), at.column()));
    match error.without_snippet() {
        Error::Budget { .. } => Refused::TooLarge(at),
        error => Refused::Broken { why: said(error), at },
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
