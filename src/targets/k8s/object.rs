//! One rendered object of a cluster.

use k8s_openapi::{Metadata, Resource, apimachinery::pkg::apis::meta::v1::ObjectMeta};
use serde::Serialize;

pub use crate::targets::object::Object;
use crate::{key::Key, tree::Notes};

impl Object {
    /// Joins an object with the reasons for its values; the first is the reason that it is there at all.
    pub fn new<T>(object: &T, reason: &'static str, keys: Vec<Key>, notes: Notes) -> Self
    where
        T: Serialize + Resource + Metadata<Ty = ObjectMeta>,
    {
        let name = object.metadata().name.clone().unwrap_or_default();
        Object::of((T::KIND, name), object, (reason, keys), notes)
    }
}
