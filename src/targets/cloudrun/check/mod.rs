//! Services, worker pools and jobs, checked: each by itself, then all of them together.

mod forms;
mod instances;
mod parts;
mod sidecars;

use super::types::{Job, Service, WorkerPool};
use crate::{
    bundle::File,
    targets::check::{
        At, Finding, Found, Rule, Weight, any_invalid, find,
        types::{self, Kind, read},
    },
    tree::Node,
};

const KINDS: &[Kind] = &[
    Kind { version: "serving.knative.dev/v1", name: "Service", read: read::<Service>, home: None },
    Kind { version: "run.googleapis.com/v1", name: "WorkerPool", read: read::<WorkerPool>, home: None },
    Kind { version: "run.googleapis.com/v1", name: "Job", read: read::<Job>, home: None },
];

/// What must hold before anything else can be said.
const TYPES: &[Rule] = &[
    Rule {
        name: "an object is of a kind that is rendered",
        source: "Cloud Run Admin API v1 and Knative Serving v1, `apiVersion` and `kind`",
        weight: Weight::Invalid,
        find: known,
    },
    Rule {
        name: "an object has the keys of its kind, of their types, and all that are required",
        source: "Cloud Run Admin API v1 and Knative Serving v1",
        weight: Weight::Invalid,
        find: typed,
    },
];

/// Every rule over well-typed objects.
const RULES: &[&[Rule]] = &[forms::RULES, parts::RULES, instances::RULES, sidecars::RULES];

/// Every rule that documents are held against.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    std::iter::once(TYPES).chain(RULES.iter().copied()).flatten()
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
    let findings = find(TYPES, &objects);
    if any_invalid(&findings) {
        return findings;
    }
    RULES.iter().flat_map(|rules| find(rules, &objects)).collect()
}

fn known(documents: &[At<'_>], found: &mut Found) {
    types::known(documents, KINDS, found);
}

fn typed(documents: &[At<'_>], found: &mut Found) {
    let (knative, managed): (Vec<At<'_>>, Vec<At<'_>>) = documents.iter().cloned().partition(is_knative);
    types::typed(&knative, KINDS, "Knative", found);
    types::typed(&managed, KINDS, "Cloud Run", found);
}

/// Whether an object is one of Knative's, by how it spells the bounds of the autoscaler.
fn is_knative(object: &At<'_>) -> bool {
    annotation(object, "autoscaling.knative.dev/max-scale").is_set()
}

/// An annotation of the revision.
fn annotation<'a>(object: &At<'a>, name: &str) -> At<'a> {
    object.at("spec.template.metadata.annotations").key(name)
}

/// What says of what an instance is made: a job has templates of what it runs as, one in the other.
fn instance<'a>(object: &At<'a>) -> At<'a> {
    match object.key("kind").text() {
        Some("Job") => object.at("spec.template.spec.template.spec"),
        _ => object.at("spec.template.spec"),
    }
}

fn containers<'a>(objects: &[At<'a>]) -> Vec<At<'a>> {
    objects.iter().flat_map(|object| instance(object).key("containers").items()).collect()
}
