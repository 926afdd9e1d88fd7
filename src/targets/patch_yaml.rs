//! The YAML of a patch.

use serde_json::Value;

use super::yaml::{self, Refused};
use crate::{
    app::App,
    key::Key,
    problem::{Code, Problem},
};

/// # Errors
///
/// What is not taken as YAML, or says nothing.
pub fn read(text: &str, key: &Key, app: &App) -> Result<Value, Box<Problem>> {
    let provenance = &app.provenance;
    let bad = |title: String, label: &'static str| Problem::new(Code::BadPatch, title).at(provenance.value(key), label);
    match yaml::read(text) {
        Err(refused) => Err(self::refused(refused, text, key, app).into()),
        Ok(Value::Object(table)) if table.is_empty() => Err(Box::new(
            bad("the patch changes nothing".into(), "an empty map")
                .help("say what to change, as in `spec: { paused: true }`"),
        )),
        Ok(value) => Ok(value),
    }
}

/// Why it is not taken, where that stands in the profile.
fn refused(refused: Refused, text: &str, key: &Key, app: &App) -> Problem {
    let span = |place: Option<(u64, u64)>| {
        let inside = place.and_then(|(line, column)| app.provenance.inside(key, text, line, column));
        inside.or_else(|| app.provenance.value(key))
    };
    match refused {
        Refused::TooLarge(at) => {
            Problem::new(Code::BadPatch, "the patch is too large").at(span(at), "more than a document of any kind has")
        }
        Refused::Broken { why, at } => Problem::new(Code::BadPatch, format!("the patch is not YAML: {why}"))
            .at(span(at), "not YAML")
            .help("write one document without tags, as in `spec: { paused: true }`"),
        Refused::Ambiguous { at, spelled } => {
            let title = format!("`{spelled}` at `{at}` is one thing to Kubernetes and another to Compose");
            let help = format!("write \"{spelled}\" if the text is meant, otherwise `true`, `false` or a plain number");
            Problem::new(Code::BadPatch, title).at(span(None), "ambiguous YAML").help(help)
        }
    }
}
