//! Compose documents, checked: against the schema, and by what a schema cannot say.

mod form;
mod forms;
mod hardening;
mod host;
mod limits;
mod mounts;
mod needs;
mod ports;
mod references;
mod schema;
mod services;
pub(super) mod variables;

use crate::{
    bundle::File,
    targets::check::{At, Finding, Rule, Weight, any_invalid, find},
    tree::Node,
};

/// What must hold before anything else can be said.
const SCHEMA: &[Rule] = &[Rule {
    name: "a Compose file has the keys of the specification, of their types",
    source: "Compose specification, as Docker Compose 2.40 reads it",
    weight: Weight::Invalid,
    find: schema::schema,
}];

const RULES: &[&[Rule]] = &[
    variables::RULES,
    forms::RULES,
    needs::RULES,
    references::RULES,
    ports::RULES,
    mounts::RULES,
    limits::RULES,
    hardening::RULES,
    host::RULES,
];

/// Every rule that documents are held against.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    std::iter::once(SCHEMA).chain(RULES.iter().copied()).flatten()
}

/// Everything that is wrong with documents in full; what is absent from an override may stand below it.
pub fn check(files: &[File]) -> Vec<Finding> {
    files.iter().enumerate().flat_map(|(document, file)| self::document(document, &file.root)).collect()
}

/// Each document stands alone.
pub fn document(document: usize, root: &Node) -> Vec<Finding> {
    let file = [At::root(document, root, super::document::merge_key)];
    let findings = find(SCHEMA, &file);
    if any_invalid(&findings) {
        return findings;
    }
    RULES.iter().flat_map(|rules| find(rules, &file)).collect()
}
