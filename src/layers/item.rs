//! One tree of values that know where they were written: what a layer is, and what layers become.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Origin;
use crate::key::Key;

/// Entries in the order of their writing. (`toml` has the ordered map that it parses into; no other is needed.)
pub(super) type Table = toml::map::Map<String, Item>;

/// A value, and where it and its key stand.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub origin: Origin,
    pub data: Data,
}

#[derive(Debug, Clone)]
pub(super) enum Data {
    /// Neither array nor table.
    Scalar(Value),
    Array(Vec<Item>),
    Table(Table),
}

impl Item {
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Scalar(Value::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    pub fn as_table(&self) -> Option<&Table> {
        match &self.data {
            Data::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn as_table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.data {
            Data::Table(table) => Some(table),
            _ => None,
        }
    }

    /// What it is, with its article.
    pub fn kind(&self) -> &'static str {
        match &self.data {
            Data::Scalar(value) => kind(value),
            Data::Array(_) => "an array",
            Data::Table(_) => "a table",
        }
    }

    fn flatten(self, at: &Key, origins: &mut BTreeMap<Key, Origin>) -> Value {
        origins.insert(at.clone(), self.origin);
        match self.data {
            Data::Scalar(value) => value,
            Data::Array(items) => {
                let items = items.into_iter().enumerate();
                Value::Array(items.map(|(i, item)| item.flatten(&at.child(i.to_string()), origins)).collect())
            }
            Data::Table(table) => Value::Object(flatten(table, at, origins)),
        }
    }
}

/// Parts a tree into its values and their origins.
pub(super) fn flatten(table: Table, at: &Key, origins: &mut BTreeMap<Key, Origin>) -> Map<String, Value> {
    let entry = |(key, item): (String, Item)| {
        let value = item.flatten(&at.child(key.as_str()), origins);
        (key, value)
    };
    table.into_iter().map(entry).collect()
}

/// What a value is, as messages say it.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a float",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "a table",
    }
}
