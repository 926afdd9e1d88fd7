//! YAML as untyped values that keep their tags.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use serde_yaml::{Budget, DuplicateKeyPolicy, Options, Tagged};

use super::tags::tagged;

/// Reads every document of a stream.
///
/// `is_object`: as Kubernetes reads it, which takes `yes` for true (YAML 1.1); Compose takes it for a text.
///
/// # Errors
/// What is no YAML, in words.
pub(super) fn read(text: &str, is_object: bool) -> Result<Vec<Value>, String> {
    let read: Result<Vec<Tree>, _> = serde_yaml::from_multiple_with_options(text, options(text.len(), is_object));
    match read {
        Ok(trees) => Ok(trees.into_iter().map(|Tree(value)| value).filter(|value| !value.is_null()).collect()),
        Err(error) => {
            let line = error.location().map(|at| format!("line {}: ", at.line())).unwrap_or_default();
            let said = error.without_snippet().to_string();
            let said = said.lines().next().unwrap_or_default().trim_start_matches("error: ");
            Err(format!("{line}{}", said.split(" at line ").next().unwrap_or(said)))
        }
    }
}

/// A stream may be as long as the objects of a whole cluster are. What matters is that nothing small becomes large.
fn options(length: usize, is_object: bool) -> Options {
    let mut budget = Budget::default();
    budget.max_documents = length;
    budget.max_nodes = length.max(budget.max_nodes);
    budget.max_events = length.saturating_mul(4).max(budget.max_events);
    budget.max_total_scalar_bytes = length.saturating_mul(2).max(budget.max_total_scalar_bytes);
    serde_yaml::options! {
        budget: Some(budget),
        strict_booleans: !is_object,
        legacy_octal_numbers: true,
        duplicate_keys: DuplicateKeyPolicy::LastWins,
    }
}

struct Tree(Value);

/// What a tag stands before.
struct Bare(Value);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Tagged(Bare(value), tag) = Tagged::deserialize(from)?;
        Ok(Tree(match tag.filter(|tag| tag.starts_with('!')) {
            Some(tag) => tagged(&tag, value),
            None => value, // `!!str` and the like have had their effect
        }))
    }
}

impl<'de> Deserialize<'de> for Bare {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Values).map(Bare)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or_else(|| value.to_string().into(), Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Tree(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Tree(value))) = entries.next_entry::<String, Tree>()? {
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}
