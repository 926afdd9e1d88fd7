//! Typed objects, straight into a tree: the names of their fields are borrowed from the program.

use std::fmt::{self, Display};

use serde::{
    Serialize, Serializer,
    ser::{self, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct},
};

use super::{Content, Name, Node};

/// What cannot be said in a document.
#[derive(Debug)]
pub struct Unsayable(String);

impl Display for Unsayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unsayable {}

impl ser::Error for Unsayable {
    fn custom<T: Display>(what: T) -> Self {
        Unsayable(what.to_string())
    }
}

type Result<T = Node> = std::result::Result<T, Unsayable>;

fn unsayable<T>(what: &str) -> Result<T> {
    Err(Unsayable(format!("{what} has no place in a document")))
}

impl Node {
    /// The tree of a typed object, as serde's JSON has it.
    ///
    /// # Panics
    /// The type has bytes, or variants that hold something and are not untagged: types of Kubernetes and of Compose
    /// have none.
    pub fn typed(object: &impl Serialize) -> Node {
        object.serialize(Tree).expect("types of documents hold what documents can say")
    }
}

struct Tree;

impl Serializer for Tree {
    type Ok = Node;
    type Error = Unsayable;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Impossible<Node, Unsayable>;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Impossible<Node, Unsayable>;

    fn serialize_bool(self, value: bool) -> Result {
        Ok(Node::new(Content::Bool(value)))
    }

    fn serialize_i8(self, value: i8) -> Result {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result {
        Ok(Node::new(Content::Number(value.into())))
    }

    fn serialize_u8(self, value: u8) -> Result {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result {
        Ok(Node::new(Content::Number(value.into())))
    }

    fn serialize_f32(self, value: f32) -> Result {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result {
        // JSON has no word for what is no number.
        Ok(Node::new(serde_json::Number::from_f64(value).map_or(Content::Null, Content::Number)))
    }

    fn serialize_char(self, value: char) -> Result {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result {
        Ok(Node::text(value))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result {
        unsayable("a text of bytes")
    }

    fn serialize_none(self) -> Result {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result {
        Ok(Node::new(Content::Null))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Result {
        unsayable(variant)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items> {
        Ok(Items(Vec::with_capacity(length.unwrap_or_default())))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        unsayable(variant)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Entries> {
        Ok(Entries { all: Vec::with_capacity(length.unwrap_or_default()), key: None })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Entries> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        unsayable(variant)
    }
}

/// A list on its way.
struct Items(Vec<Node>);

impl SerializeSeq for Items {
    type Ok = Node;
    type Error = Unsayable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.0.push(value.serialize(Tree)?);
        Ok(())
    }

    fn end(self) -> Result {
        Ok(Node::new(Content::Seq(self.0)))
    }
}

impl SerializeTuple for Items {
    type Ok = Node;
    type Error = Unsayable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result {
        SerializeSeq::end(self)
    }
}

impl SerializeTupleStruct for Items {
    type Ok = Node;
    type Error = Unsayable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result {
        SerializeSeq::end(self)
    }
}

/// A map on its way.
struct Entries {
    all: Vec<(Name, Node)>,
    key: Option<Name>,
}

impl SerializeMap for Entries {
    type Ok = Node;
    type Error = Unsayable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        match key.serialize(Tree)?.content {
            Content::Text(key) => self.key = Some(key.into()),
            Content::Null
            | Content::Bool(_)
            | Content::Number(_)
            | Content::Quoted(_)
            | Content::Seq(_)
            | Content::Map(_) => {
                return unsayable("a key that is no text");
            }
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let key = self.key.take().expect("serde gives the key first");
        self.all.push((key, value.serialize(Tree)?));
        Ok(())
    }

    fn end(self) -> Result {
        Ok(Node::new(Content::Map(self.all.into())))
    }
}

impl SerializeStruct for Entries {
    type Ok = Node;
    type Error = Unsayable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        self.all.push((key.into(), value.serialize(Tree)?));
        Ok(())
    }

    fn end(self) -> Result {
        SerializeMap::end(self)
    }
}
