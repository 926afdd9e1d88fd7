//! YAML text → values that know where they stand.

use std::{fmt, ops::Range};

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use serde_json::Number;
use serde_yaml::Spanned;

/// A value, and where it begins; a scalar also ends there.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Bytes of the text.
    pub at: Range<usize>,
    pub value: Read,
}

/// What a document holds. Maps keep their order; their keys have places, too.
#[derive(Debug, Clone, PartialEq)]
pub enum Read {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Spot>),
    Map(Vec<(Spot, Spot)>),
}

/// Why a text is no document, and where it ends to be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub why: String,
    /// A byte of the text.
    pub at: Option<usize>,
}

/// Reads one document as readers of Kubernetes do: words are texts but for `true`, `false` and `null`, and numbers with a
/// leading zero are octal (`go.yaml.in/yaml/v3`, README, "Compatibility").
///
/// # Errors
/// What is no YAML, has a key twice, or is several documents.
pub fn read(text: &str) -> Result<Spot, Unreadable> {
    let budget = serde_yaml::budget! { max_nodes: MOST_NODES, max_events: 4 * MOST_NODES };
    let options = serde_yaml::options! {
        budget: budget,
        strict_booleans: true,
        legacy_octal_numbers: true,
        with_snippet: false,
    };
    let found: Spanned<Raw> = serde_yaml::from_str_with_options(text, options).map_err(|error| Unreadable {
        at: error.location().and_then(|place| byte(text, &place)),
        why: error.to_string(),
    })?;
    Ok(spot(found))
}

/// Whole clusters are smaller.
const MOST_NODES: usize = 10_000_000;

fn byte(text: &str, place: &serde_yaml::Location) -> Option<usize> {
    let at = usize::try_from(place.span().byte_offset()?).ok()?;
    (at <= text.len()).then_some(at)
}

fn spot(found: Spanned<Raw>) -> Spot {
    let number = |number: Option<u64>| number.and_then(|number| usize::try_from(number).ok()).unwrap_or_default();
    let span = found.referenced.span();
    let start = number(span.byte_offset());
    Spot { at: start..start + number(span.byte_len()), value: found.value.0 }
}

impl Spot {
    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Spot> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key of a map, and its value.
    pub fn entry(&self, key: &str) -> Option<&(Spot, Spot)> {
        self.entries().iter().find(|(own, _)| own.as_text() == Some(key))
    }

    /// Nothing of what is no map.
    pub fn entries(&self) -> &[(Spot, Spot)] {
        match &self.value {
            Read::Map(entries) => entries,
            _ => &[],
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Read::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&Spot> for serde_json::Value {
    fn from(spot: &Spot) -> Self {
        match &spot.value {
            Read::Null => Self::Null,
            Read::Bool(value) => Self::Bool(*value),
            Read::Number(number) => Self::Number(number.clone()),
            Read::Text(text) => Self::String(text.clone()),
            Read::List(items) => items.iter().map(Self::from).collect(),
            Read::Map(entries) => {
                let entry = |(key, value): &(Spot, Spot)| Some((key.as_text()?.to_owned(), Self::from(value)));
                Self::Object(entries.iter().filter_map(entry).collect())
            }
        }
    }
}

struct Raw(Read);

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading).map(Raw)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Read, E> {
        Ok(Read::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Read, E> {
        Ok(Read::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Read, E> {
        Ok(Read::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Read, E> {
        Ok(Read::Number(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Read, E> {
        Ok(Read::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Read, E> {
        Number::from_f64(value).map(Read::Number).ok_or_else(|| E::custom("a number that JSON has not"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Read, E> {
        Ok(Read::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Read, E> {
        Ok(Read::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Read, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Raw>>()? {
            all.push(spot(item));
        }
        Ok(Read::List(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Read, A::Error> {
        let mut all = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let key = Spanned::new(Raw(Read::Text(key.value)), key.referenced, key.defined);
            all.push((spot(key), spot(entries.next_value()?)));
        }
        Ok(Read::Map(all))
    }
}
