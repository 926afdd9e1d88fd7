//! Is a document an object of a kind that a target renders? Every key known and of its type, none missing.

use std::collections::BTreeSet;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{At, Found, strict};
use crate::problem::near::near;

/// A kind that a target renders.
pub struct Kind {
    pub version: &'static str,
    pub name: &'static str,
    /// Usually [`read`].
    pub read: fn(&Value) -> (Result<Value, String>, strict::Seen),
    /// Where every cluster has objects of it.
    pub home: Option<Home>,
}

/// Where a cluster has objects of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Home {
    /// Their folder.
    pub plural: &'static str,
    /// Whether each is in a namespace.
    pub has_namespace: bool,
}

/// Into the type and out again: what it requires appears.
pub fn read<T: Serialize + DeserializeOwned>(value: &Value) -> (Result<Value, String>, strict::Seen) {
    let (typed, seen) = strict::read::<T>(value);
    let written = typed.map_err(|error| error.to_string());
    (written.map(|typed| serde_json::to_value(typed).expect("typed objects have text keys")), seen)
}

/// An object is of a kind that we render, at the version that we render.
pub fn known(documents: &[At<'_>], kinds: &[Kind], found: &mut Found) {
    for object in documents {
        let (version, name) = (object.key("apiVersion"), object.key("kind"));
        match kinds.iter().find(|kind| name.text() == Some(kind.name)) {
            None => {
                let kind = name.scalar().unwrap_or_default();
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
                let help = match near(&kind, names.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("there are {}", names.join(", ")),
                };
                found.add_with(&name, format!("`{kind}` is not a kind that is known here"), Some(help));
            }
            Some(kind) if version.text() != Some(kind.version) => {
                let shown = version.scalar().unwrap_or_default();
                found.add(&version, format!("{} is of `{}`, not of `{shown}`", kind.name, kind.version));
            }
            Some(_) => {}
        }
    }
}

/// An object has the keys that its reader knows, with values of their types, and all that it requires.
pub fn typed(documents: &[At<'_>], kinds: &[Kind], reader: &str, found: &mut Found) {
    for object in documents {
        let Some(node) = object.node else { continue };
        let named = |kind: &&Kind| object.key("kind").text() == Some(kind.name);
        let versioned = |kind: &&Kind| object.key("apiVersion").text() == Some(kind.version);
        if let Some(kind) = kinds.iter().filter(named).find(versioned) {
            let (taken, unknown, known) = Default::default();
            Reading { object, reader, read: kind.read, value: node.into(), taken, unknown, known }.report(found);
        }
    }
}

struct Reading<'a> {
    object: &'a At<'a>,
    /// Who reads such objects, for people.
    reader: &'a str,
    read: fn(&Value) -> (Result<Value, String>, strict::Seen),
    /// What is left to read.
    value: Value,
    /// Where values were taken out, because they are wrong: what follows them can then be read.
    taken: BTreeSet<String>,
    unknown: Vec<(String, &'static [&'static str])>,
    /// The places in `unknown`.
    known: BTreeSet<String>,
}

impl Reading<'_> {
    fn report(mut self, found: &mut Found) {
        loop {
            let (written, seen) = (self.read)(&self.value);
            let known = &mut self.known;
            self.unknown.extend(seen.unknown.into_iter().filter(|(pointer, _)| known.insert(pointer.clone())));
            match written {
                Ok(written) => break self.missing(&self.value, &written, "", found),
                Err(error) => {
                    let wrong = seen.wrong.unwrap_or_default();
                    let at = self.object.pointer(&wrong);
                    found.add(&at, format!("`{}` has a value of the wrong type: {}", at.path, plain(&error)));
                    if !self.take(&wrong) {
                        break;
                    }
                }
            }
        }
        for (pointer, fields) in &self.unknown {
            let at = self.object.pointer(pointer);
            let name = pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
            let meant = near(&name, fields.iter().copied()).map(|meant| format!("did you mean `{meant}`?"));
            found.add_with(&at, format!("{} does not know `{}`", self.reader, at.path), meant);
        }
    }

    /// Takes out a wrong value, or the nearest entry of a map around it: items of lists keep their numbers so.
    fn take(&mut self, pointer: &str) -> bool {
        let mut rest = pointer;
        while let Some((parent, last)) = rest.rsplit_once('/') {
            if let Some(Value::Object(map)) = self.value.pointer_mut(parent) {
                self.taken.insert(rest.to_owned());
                return map.shift_remove(&last.replace("~1", "/").replace("~0", "~")).is_some();
            }
            rest = parent;
        }
        false
    }

    /// What the type wrote although nobody gave it.
    fn missing(&self, given: &Value, written: &Value, pointer: &str, found: &mut Found) {
        match (given, written) {
            (Value::Object(given), Value::Object(written)) => {
                for (key, value) in written {
                    let pointer = strict::pointer(pointer, key);
                    match given.get(key) {
                        Some(given) => self.missing(given, value, &pointer, found),
                        None if self.taken.contains(&pointer) => {}
                        // What stands where only a claim can stand need not say that it is one.
                        None if pointer.contains("/volumeClaimTemplates/")
                            && matches!(&**key, "apiVersion" | "kind") => {}
                        None => {
                            let at = self.object.pointer(&pointer);
                            found.add(&at, format!("`{}` is missing", at.path));
                        }
                    }
                }
            }
            (Value::Array(given), Value::Array(written)) => {
                for (index, (given, written)) in given.iter().zip(written).enumerate() {
                    self.missing(given, written, &strict::pointer(pointer, &index.to_string()), found);
                }
            }
            _ => {}
        }
    }
}

/// Serde's words without its prefix: ``string "three", expected i32``.
fn plain(error: &str) -> String {
    let words = error.strip_prefix("invalid type: ").or_else(|| error.strip_prefix("invalid value: ")).unwrap_or(error);
    words.replace("i32", "a number").replace("i64", "a number")
}
