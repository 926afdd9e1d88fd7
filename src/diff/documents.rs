//! Texts to documents: what each of them is.

use serde_json::Value;

use super::{tags, yaml};
use crate::{report::Identity, targets::compose::forms};

/// How a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// An object of a cluster.
    Object,
    Compose,
    /// Other YAML, or JSON.
    Data,
    /// Lines.
    Text,
}

/// One of the things that are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub form: Form,
    pub identity: Identity,
    /// Of lines their text.
    pub value: Value,
    /// The file that it stands in, with `/`; empty where there is none.
    pub file: String,
}

/// The documents of a file, by its path: YAML, JSON or lines. Lists of objects are taken apart.
///
/// # Errors
/// What is not what its name says, in words.
pub fn documents(text: &str, file: &str) -> Result<Vec<Document>, String> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let values = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("json") => vec![serde_json::from_str(text).map_err(|error| error.to_string())?],
        Some("yaml" | "yml") => stream(text, name)?,
        None if file.is_empty() => stream(text, name)?,
        _ => return Ok(vec![lines(text, file)]),
    };
    let mut all = Vec::new();
    for value in values {
        take_apart(value, file, &mut all);
    }
    number(&mut all);
    Ok(all)
}

/// Whoever reads a file decides what `no` means in it.
fn stream(text: &str, name: &str) -> Result<Vec<Value>, String> {
    let plain = yaml::read(text, false)?;
    if plain.iter().any(is_object) {
        return yaml::read(text, true);
    }
    // A file by the name of Compose's holds nothing else.
    let is_compose = |value: &Value| value.get("services").is_some() || name.starts_with("docker-compose");
    let normal =
        |value: Value| if is_compose(&value) { tags::value(&forms::plain(&tags::node(&value))) } else { value };
    Ok(plain.into_iter().map(normal).collect())
}

fn is_object(value: &Value) -> bool {
    ["apiVersion", "kind"].iter().all(|key| value.get(key).is_some_and(Value::is_string))
}

fn take_apart(mut value: Value, file: &str, all: &mut Vec<Document>) {
    let kind = text(&value, "/kind").unwrap_or_default();
    let items = match value.get_mut("items") {
        Some(Value::Array(items)) if kind.ends_with("List") => std::mem::take(items),
        _ => return all.push(Document::new(value, file)),
    };
    let (api_version, kind) = (text(&value, "/apiVersion"), kind.trim_end_matches("List").to_owned());
    for mut item in items {
        // What a server lists has no kind of its own.
        if let (Value::Object(map), Some(api_version), false) = (&mut item, &api_version, kind.is_empty()) {
            map.entry("apiVersion").or_insert_with(|| api_version.clone().into());
            map.entry("kind").or_insert_with(|| kind.clone().into());
        }
        take_apart(item, file, all);
    }
}

/// What is no object is known by its file, and by its place in it.
fn number(all: &mut [Document]) {
    let others = all.iter_mut().filter(|document| document.identity.kind.is_empty());
    for (at, document) in others.enumerate().skip(1) {
        document.identity.name = format!("{}#{}", document.identity.name, at + 1);
    }
}

fn lines(text: &str, file: &str) -> Document {
    let identity = Identity { name: file.to_owned(), ..Identity::default() };
    Document { form: Form::Text, identity, value: text.into(), file: file.to_owned() }
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

impl Document {
    /// What a value is.
    pub fn new(mut value: Value, file: &str) -> Self {
        let named = text(&value, "/metadata/name").or_else(|| text(&value, "/metadata/generateName"));
        let (form, identity) = match named.filter(|_| is_object(&value)) {
            Some(name) => {
                let identity = Identity {
                    api_version: text(&value, "/apiVersion").unwrap_or_default(),
                    kind: text(&value, "/kind").unwrap_or_default(),
                    namespace: text(&value, "/metadata/namespace"),
                    name,
                };
                (Form::Object, identity)
            }
            None => {
                let own = file.rsplit('/').next().unwrap_or(file);
                let is_compose = value.get("services").is_some() || own.starts_with("docker-compose");
                let form = if is_compose { Form::Compose } else { Form::Data };
                (form, Identity { name: file.to_owned(), ..Identity::default() })
            }
        };
        if let Value::Object(map) = &mut value
            && file.ends_with(".json")
        {
            map.shift_remove("//"); // its header
        }
        Document { form, identity, value, file: file.to_owned() }
    }
}
