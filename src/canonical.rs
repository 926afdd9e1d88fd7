//! JSON of which there is one text alone: without spaces, the keys of all objects sorted, so that the order in which
//! layers were merged does not count.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A value, to be written so.
pub struct Canonical<'a>(pub &'a Value);

/// The text of a value.
pub fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("keys are texts")
}

impl Serialize for Canonical<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_unstable_by_key(|(key, _)| *key);
                serializer.collect_map(entries.into_iter().map(|(key, value)| (key, Canonical(value))))
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Canonical)),
            scalar => scalar.serialize(serializer),
        }
    }
}
