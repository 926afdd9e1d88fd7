//! Problems, collected while the profile is resolved.

use crate::{
    key::Key,
    layers::Provenance,
    problem::{Code, Problem},
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
        let span = self.provenance.value(key);
        self.report(Problem::new(code, title).at(span, label).help(help));
    }

    /// A problem at the name of a key, with what to do about it.
    pub fn key(&mut self, code: Code, key: &Key, title: impl Into<String>, label: &str, help: impl Into<String>) {
        let span = self.provenance.key(key);
        self.report(Problem::new(code, title).at(span, label).help(help));
    }

    /// Two keys that exclude each other.
    pub fn conflict(&mut self, a: &Key, b: &Key, title: impl Into<String>, help: impl Into<String>) {
        let (span, other) = (self.provenance.key(a), self.provenance.key(b));
        self.report(Problem::new(Code::Conflict, title).at(span, "this").related(other, "excludes this").help(help));
    }
}
