//! Why a value is there.

use std::borrow::Cow;

use super::{Node, Path, path::Finder};
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
pub struct Notes(Vec<(Path, Note)>);

impl Notes {
    pub fn add(&mut self, path: impl Into<Path>, reason: impl Into<Cow<'static, str>>, keys: Vec<Key>) {
        self.0.push((path.into(), Note::new(reason, keys)));
    }

    /// Takes over the notes of a part that stands at `path`.
    pub fn extend(&mut self, path: impl Into<Path>, part: Notes) {
        let path = path.into();
        self.0.extend(part.0.into_iter().map(|(at, note)| (path.join(at), note)));
    }

    /// Keys that decide each of the values too.
    pub fn all_by(&mut self, keys: &[Key]) {
        for (_, note) in &mut self.0 {
            note.keys.extend(keys.iter().cloned());
        }
    }

    /// Keys that decide those of the values that stand at such paths too.
    pub fn some_by(&mut self, keys: &[Key], such: impl Fn(&Path) -> bool) {
        for (_, note) in self.0.iter_mut().filter(|(path, _)| such(path)) {
            note.keys.extend(keys.iter().cloned());
        }
    }

    /// Attaches each note to its value. A note on a value that was not emitted is dropped; where two speak of one
    /// value, the later holds.
    pub fn join(self, root: &mut Node) {
        let (paths, notes): (Vec<Path>, Vec<Note>) = self.0.into_iter().unzip();
        let mut finder = Finder::default();
        for (path, note) in paths.iter().zip(notes) {
            if let Some(node) = finder.find_mut(path, root) {
                node.note = Some(note);
            }
        }
    }
}
