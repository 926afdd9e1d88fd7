//! Annotations: the settings of Cloud Run and of Knative's autoscaler, and the profile's own, each where it is read.

use super::{part::Part, types::Texts};
use crate::{
    app::{Reader, readers},
    key::Key,
    tree::{Notes, Path},
};

/// An annotation that the renderer writes.
pub struct Own {
    pub name: &'static str,
    pub value: String,
    pub reason: String,
    pub keys: Vec<Key>,
}

/// Those of the renderer, and the profile's but for what is read elsewhere.
pub fn annotations(part: &Part<'_>, own: Vec<Own>, on: Reader, notes: &mut Notes) -> Option<Texts> {
    let table = part.process.key("annotations");
    let at = |name: &str| Path::new("metadata.annotations").key(name);
    let mut annotations = Texts::new();
    let read = |name: &str| readers(name).is_none_or(|readers| readers.contains(&on));
    for (name, value) in part.process.annotations.iter().filter(|(name, _)| read(name)) {
        notes.add(at(name), "asked for", vec![table.child(name)]);
        annotations.insert(name.clone(), value.clone());
    }
    for Own { name, value, reason, keys } in own {
        notes.add(at(name), reason, keys);
        annotations.insert(name.to_owned(), value);
    }
    Some(annotations).filter(|annotations| !annotations.is_empty())
}
