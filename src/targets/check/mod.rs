//! Rendered documents, checked again: what patches touched at run time, and everything in the tests.
//!
//! What our types print is right by construction, so nothing of this runs unless there is a patch. Each target knows
//! its own documents ([`Target::check`](super::Target)); here is what they share: a place, a rule, a finding, and the
//! patch that is to blame for it.

mod at;
mod blame;
pub mod form;
mod strict;
pub mod types;

pub use at::{At, Keys, twice};
pub use blame::{Patched, blame, inside_table};

use crate::{problem::Code, tree::Path};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The target refuses it, or it cannot work.
    Invalid,
    /// It works, with less protection than we render. A patch may ask for that; it is only said aloud.
    Unhardened,
}

impl Weight {
    pub fn code(self) -> Code {
        match self {
            Weight::Invalid => Code::PatchedInvalid,
            Weight::Unhardened => Code::PatchedUnhardened,
        }
    }
}

/// Something that must hold for all documents of a rendering.
pub struct Rule {
    /// A sentence that holds for good documents.
    pub name: &'static str,
    /// Who says so: a specification, or the tool that found it out.
    pub source: &'static str,
    pub weight: Weight,
    pub find: fn(&[At<'_>], &mut Found),
}

/// The places that break one rule, while it is held against the documents.
#[derive(Default)]
pub struct Found(Vec<Place>);

struct Place {
    document: usize,
    path: Path,
    message: String,
    help: Option<String>,
}

impl Found {
    /// What is wrong at a place, in one line without a full stop; keys and values in backticks.
    pub fn add(&mut self, at: &At<'_>, message: impl Into<String>) {
        self.0.push(Place { document: at.document, path: at.path.clone(), message: message.into(), help: None });
    }

    /// Like [`Found::add`], with what to write instead.
    pub fn add_with(&mut self, at: &At<'_>, message: impl Into<String>, help: Option<String>) {
        self.add(at, message);
        if let Some(place) = self.0.last_mut() {
            place.help = help;
        }
    }
}

/// One way in which a document is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub weight: Weight,
    /// The name and the source of the rule.
    pub rule: (&'static str, &'static str),
    /// Which of the documents.
    pub document: usize,
    pub path: Path,
    pub message: String,
    pub help: Option<String>,
}

/// What a finding is about.
pub type Identity = ((&'static str, &'static str), usize, Path);

impl Finding {
    /// Equal of findings that are about one thing: the words may tell of values that moved on.
    pub fn identity(&self) -> Identity {
        (self.rule, self.document, self.path.clone())
    }
}

/// Holds rules against documents.
pub fn find(rules: &[Rule], documents: &[At<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Rule { name, source, weight, find } in rules {
        let mut found = Found::default();
        find(documents, &mut found);
        findings.extend(found.0.into_iter().map(|Place { document, path, message, help }| Finding {
            weight: *weight,
            rule: (name, source),
            document,
            path,
            message,
            help,
        }));
    }
    findings
}

pub fn any_invalid(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.weight == Weight::Invalid)
}
