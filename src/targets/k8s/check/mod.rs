//! Kubernetes objects, checked: each by itself, then all of them together.
//!
//! In phases, like problems: what is not an object of its kind would only be blamed again for what it lacks.

mod env;
mod forms;
mod hardening;
mod identity;
mod jobs;
mod one_of;
mod pods;
mod ports;
mod resources;
mod restricted;
mod routes;
mod scaling;
mod selectors;
mod stored;
mod types;
mod volumes;

use crate::{
    bundle::File,
    targets::check::{At, Finding, Rule, Weight, any_invalid, find},
    tree::Node,
};
pub use types::home;

/// What must hold before anything else can be said.
const TYPES: &[Rule] = &[
    Rule {
        name: "an object is of a kind that is rendered",
        source: "Kubernetes API, `apiVersion` and `kind`",
        weight: Weight::Invalid,
        find: types::known,
    },
    Rule {
        name: "an object has the keys of its kind, of their types, and all that are required",
        source: "Kubernetes API, by the types of k8s-openapi",
        weight: Weight::Invalid,
        find: types::typed,
    },
];

const FORMS: &[Rule] = &[Rule {
    name: "every value is written as its key needs it",
    source: "Kubernetes, pkg/apis/*/validation",
    weight: Weight::Invalid,
    find: forms::forms,
}];

/// Every rule over well-typed objects.
const RULES: &[&[Rule]] = &[
    FORMS,
    identity::OF_ALL,
    identity::RULES,
    one_of::RULES,
    volumes::RULES,
    stored::RULES,
    selectors::RULES,
    ports::RULES,
    routes::RULES,
    env::RULES,
    resources::RULES,
    scaling::RULES,
    jobs::RULES,
    restricted::RULES,
    hardening::RULES,
];

/// Every rule that documents are held against.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    std::iter::once(TYPES).chain(RULES.iter().copied()).flatten()
}

/// Whether a rule is about what an object finds beside it: a raw one may find it elsewhere in the cluster.
pub fn is_about_others(rule: &str) -> bool {
    selectors::RULES.iter().chain(routes::RULES).any(|other| other.name == rule)
}

/// Everything that is wrong with a whole rendering.
pub fn check(files: &[File]) -> Vec<Finding> {
    objects(&files.iter().map(|file| &file.root).collect::<Vec<_>>())
}

/// Like [`check`]; findings count the objects as they are given.
pub fn objects(roots: &[&Node]) -> Vec<Finding> {
    let keys = super::patching::merge_key;
    let objects: Vec<At<'_>> =
        roots.iter().enumerate().map(|(document, root)| At::root(document, root, keys)).collect();
    let (foreign, own): (Vec<At<'_>>, Vec<At<'_>>) = objects.into_iter().partition(types::is_foreign);
    let mut findings = find(TYPES, &own);
    findings.extend(find(identity::OF_ALL, &foreign));
    if any_invalid(&findings) {
        return findings;
    }
    findings.extend(RULES.iter().flat_map(|rules| find(rules, &own)));
    findings
}
