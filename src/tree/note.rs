//! Why a value is there.

use std::borrow::Cow;

use super::{
    Node, Path,
    path::{Finder, Going, going},
};
use crate::key::Key;

/// The reason for a value, and the keys of the profile that decided it. It speaks for everything below its node that
/// has no note of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// A fragment in lower case; a rule is named first: `workers-vs-replicas: one worker per pod`.
    pub reason: Cow<'static, str>,
    /// Every key whose change would change the value, whether the profile sets it or not.
    pub keys: Vec<Key>,
}

impl Note {
    pub fn new(reason: impl Into<Cow<'static, str>>, keys: Vec<Key>) -> Self {
        Note { reason: reason.into(), keys }
    }
}

/// The notes of one document, collected while its values are written.
#[derive(Debug, Clone, Default)]
pub struct Notes(Vec<(Place, Said)>);

/// What is said of a place: of its value, or of parts of it.
#[derive(Debug, Clone)]
enum Said {
    Why(Note),
    Within(Notes),
}

/// Where a note stands. Nearly all places are texts of our own, and are read when the value is looked for.
#[derive(Debug, Clone)]
pub enum Place {
    Text(&'static str),
    Path(Path),
}

impl Notes {
    pub fn add(&mut self, at: impl Into<Place>, reason: impl Into<Cow<'static, str>>, keys: Vec<Key>) {
        self.0.push((at.into(), Said::Why(Note::new(reason, keys))));
    }

    /// Takes over the notes of a part that stands there.
    pub fn extend(&mut self, at: impl Into<Place>, part: Notes) {
        self.0.push((at.into(), Said::Within(part)));
    }

    /// Keys that decide each of the values too.
    pub fn all_by(&mut self, keys: &[Key]) {
        for (_, said) in &mut self.0 {
            said.by(keys);
        }
    }

    /// Keys that decide those of the values, too, whose places begin with such a key.
    pub fn some_by(&mut self, keys: &[Key], such: fn(&str) -> bool) {
        for (place, said) in &mut self.0 {
            match (place.first(), said) {
                (Some(key), said) if such(key) => said.by(keys),
                (Some(_), _) | (None, Said::Why(_)) => {}
                (None, Said::Within(part)) => part.some_by(keys, such),
            }
        }
    }

    /// Attaches each note to its value. A note on a value that was not emitted is dropped; where two speak of one
    /// value, the later holds.
    pub fn join(self, root: &mut Node) {
        self.attach(root, &mut Finder::default());
    }

    fn attach(self, root: &mut Node, finder: &mut Finder) {
        for (place, said) in self.0 {
            let found = match &place {
                Place::Text(text) => finder.find_mut(going(text), root),
                Place::Path(path) => finder.find_mut(path.going(), root),
            };
            match (found, said) {
                (Some(node), Said::Why(note)) => node.note = Some(note),
                (Some(node), Said::Within(part)) => part.attach(node, finder),
                (None, _) => {}
            }
        }
    }
}

impl Said {
    fn by(&mut self, keys: &[Key]) {
        match self {
            Said::Why(note) => note.keys.extend(keys.iter().cloned()),
            Said::Within(part) => part.all_by(keys),
        }
    }
}

impl Place {
    fn first(&self) -> Option<&str> {
        let first = match self {
            Place::Text(text) => going(text).next(),
            Place::Path(path) => path.going().next(),
        };
        match first? {
            Going::Key(key) => Some(key),
            Going::Item { .. } | Going::Index(_) => None,
        }
    }
}

impl From<&'static str> for Place {
    fn from(text: &'static str) -> Self {
        Place::Text(text)
    }
}

impl From<Path> for Place {
    fn from(path: Path) -> Self {
        Place::Path(path)
    }
}
