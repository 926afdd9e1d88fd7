//! Problems, collected while the profile is resolved.

use std::collections::BTreeMap;

use super::Process;
use crate::{
    key::Key,
    layers::Provenance,
    problem::{Code, Problem},
    source::Span,
};

/// All problems of the phase, with the means to point at the profile.
pub struct Findings<'a> {
    pub provenance: &'a Provenance,
    pub problems: Vec<Problem>,
}

impl<'a> Findings<'a> {
    pub fn new(provenance: &'a Provenance) -> Self {
        Findings { provenance, problems: Vec::new() }
    }

    pub fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// A problem at the value of a key, with what to do about it.
    pub fn value(&mut self, code: Code, key: &Key, title: impl Into<String>, label: &str, help: impl Into<String>) {
        let span = self.provenance.value(key).or(Some(Span::BEGINNING));
        self.report(Problem::new(code, title).at(span, label).help(help));
    }

    /// A problem at the name of a key, with what to do about it.
    pub fn key(&mut self, code: Code, key: &Key, title: impl Into<String>, label: &str, help: impl Into<String>) {
        let span = self.provenance.key(key).or(Some(Span::BEGINNING));
        self.report(Problem::new(code, title).at(span, label).help(help));
    }

    /// Whatever a list holds a second time, where that is nothing but a slip.
    pub fn twice<T: Ord>(&mut self, list: &Key, items: &[T]) {
        let mut seen = BTreeMap::new();
        for (i, item) in items.iter().enumerate() {
            let first = *seen.entry(item).or_insert(i);
            if first != i {
                let (key, first) = (list.child(i.to_string()), list.child(first.to_string()));
                let title = format!("`{list}` lists something twice");
                self.pair(Code::ListedTwice, (&key, "again"), (&first, "first"), title, "keep one of them");
            }
        }
    }

    /// The first of these keys of a process that the profile has: where to point when something is missing. A process
    /// beside the main one has at least its own table, and every profile has an image.
    pub fn written(&self, at: &Key, names: &[&'static str]) -> Key {
        let keys = names.iter().map(|name| name.split('.').fold(at.clone(), |key, part| key.child(part)));
        keys.into_iter()
            .find(|key| self.provenance.has(key))
            .unwrap_or_else(|| if *at == Key::ROOT { Key::new("image") } else { at.clone() })
    }

    /// Whether a key of a process is written for it alone, or it is the main one: what it inherits is said elsewhere.
    pub fn is_own(&self, process: &Process, path: &[&'static str]) -> bool {
        let key = |at: &Key| path.iter().fold(at.clone(), |key, part| key.child(*part));
        process.is_main() || self.provenance.value(&key(&process.at)) != self.provenance.value(&key(&Key::ROOT))
    }

    /// Two keys that exclude each other.
    pub fn conflict(&mut self, a: &Key, b: &Key, title: impl Into<String>, help: impl Into<String>) {
        self.pair(Code::Conflict, (a, "either this"), (b, "or this"), title, help);
    }

    /// Two keys that do not go together, the first to be changed, each with its label.
    pub fn pair(
        &mut self,
        code: Code,
        (key, label): (&Key, &str),
        (other, about): (&Key, &str),
        title: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (span, other) = (self.provenance.key(key).or(Some(Span::BEGINNING)), self.provenance.key(other));
        // Where neither is written, both would point at the table around them.
        let other = other.filter(|other| span.as_ref() != Some(other));
        self.report(Problem::new(code, title).at(span, label).related(other, about).help(help));
    }
}
