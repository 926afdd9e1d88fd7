//! Reads a tree into a type, and notes what the type does not know.
//!
//! `k8s-openapi` skips unknown keys, and a derived error has no place. But its readers tell which fields they have
//! (`Deserializer::deserialize_struct`), so one pass finds every unknown key, and the place of the first wrong value.

use std::cell::RefCell;

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor, value},
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

/// What was found on the way; places are JSON pointers.
#[derive(Default)]
pub struct Seen {
    /// Keys that their type does not have, each with the keys that it has.
    pub unknown: Vec<(String, &'static [&'static str])>,
    /// The place of the value that could not be read.
    pub wrong: Option<String>,
}

/// Reads a value, and says what its type made of it.
///
/// # Errors
///
/// The first value of another type than its key takes, in serde's words; [`Seen::wrong`] is where.
pub fn read<'a, T: Deserialize<'a>>(value: &'a Value) -> (Result<T, value::Error>, Seen) {
    let seen = RefCell::default();
    let read = T::deserialize(Reader { value, pointer: String::new(), seen: &seen });
    (read, seen.into_inner())
}

struct Reader<'a, 's> {
    value: &'a Value,
    pointer: String,
    seen: &'s RefCell<Seen>,
}

impl<'a, 's> Reader<'a, 's> {
    fn child(&self, segment: &str, value: &'a Value) -> Self {
        Reader { value, pointer: pointer(&self.pointer, segment), seen: self.seen }
    }

    /// Reads into the type that a container wants here, and remembers the innermost place that failed.
    fn read<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, value::Error> {
        let (pointer, seen) = (self.pointer.clone(), self.seen);
        seed.deserialize(self).inspect_err(|_| {
            seen.borrow_mut().wrong.get_or_insert(pointer);
        })
    }
}

/// One segment further (RFC 6901).
pub fn pointer(parent: &str, segment: &str) -> String {
    format!("{parent}/{}", segment.replace('~', "~0").replace('/', "~1"))
}

impl<'a> Deserializer<'a> for Reader<'a, '_> {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => visitor.visit_i64(number),
                (_, Some(number)) => visitor.visit_u64(number),
                _ => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items { of: &self, items, next: 0 }),
            Value::Object(map) => visitor.visit_map(Entries { of: &self, entries: map.iter(), value: None }),
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let keys = self.value.as_object().into_iter().flat_map(Map::keys);
        let unknown = keys.filter(|key| !fields.contains(&key.as_str()));
        let unknown = unknown.map(|key| (pointer(&self.pointer, key), fields));
        self.seen.borrow_mut().unknown.extend(unknown);
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        <W: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

struct Items<'a, 'r, 's> {
    of: &'r Reader<'a, 's>,
    items: &'a [Value],
    next: usize,
}

impl<'a> SeqAccess<'a> for Items<'a, '_, '_> {
    type Error = value::Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Self::Error> {
        let Some(item) = self.items.get(self.next) else { return Ok(None) };
        let reader = self.of.child(&self.next.to_string(), item);
        self.next += 1;
        reader.read(seed).map(Some)
    }
}

struct Entries<'a, 'r, 's> {
    of: &'r Reader<'a, 's>,
    entries: serde_json::map::Iter<'a>,
    value: Option<Reader<'a, 's>>,
}

impl<'a> MapAccess<'a> for Entries<'a, '_, '_> {
    type Error = value::Error;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Self::Error> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(self.of.child(key, value));
        seed.deserialize(value::BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Self::Error> {
        match self.value.take() {
            Some(reader) => reader.read(seed),
            None => Err(serde::de::Error::custom("a value without a key")),
        }
    }
}
