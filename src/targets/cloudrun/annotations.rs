//! Annotations: the settings of Cloud Run and of Knative's autoscaler, and the profile's own, each where it is read.

use super::{part::Part, types::Texts};
use crate::{
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

/// What Cloud Run reads from a revision; the rest of its annotations belong to the object (Cloud Run Admin API v1,
/// `ObjectMeta.annotations`).
const OF_REVISIONS: &[&str] = &[
    "run.googleapis.com/base-images",
    "run.googleapis.com/cloudsql-instances",
    "run.googleapis.com/container-dependencies",
    "run.googleapis.com/cpu-throttling",
    "run.googleapis.com/encryption-key",
    "run.googleapis.com/encryption-key-shutdown-hours",
    "run.googleapis.com/gpu-zonal-redundancy-disabled",
    "run.googleapis.com/network-interfaces",
    "run.googleapis.com/post-key-revocation-action-type",
    "run.googleapis.com/secrets",
    "run.googleapis.com/secure-session-agent",
    "run.googleapis.com/sessionAffinity",
    "run.googleapis.com/vpc-access-connector",
    "run.googleapis.com/vpc-access-egress",
];

/// Who reads an annotation.
#[derive(PartialEq, Eq)]
enum Reader {
    Object,
    Revision,
    /// People, and their tools.
    Both,
}

fn reader(name: &str) -> Reader {
    match name.split_once('/') {
        Some(("autoscaling.knative.dev", _)) => Reader::Revision,
        Some(("run.googleapis.com", _)) if OF_REVISIONS.contains(&name) => Reader::Revision,
        Some(("run.googleapis.com" | "serving.knative.dev" | "networking.knative.dev", _)) => Reader::Object,
        _ => Reader::Both,
    }
}

pub fn of_object(part: &Part<'_>, own: Vec<Own>, notes: &mut Notes) -> Option<Texts> {
    all(part, own, &Reader::Revision, notes)
}

pub fn of_template(part: &Part<'_>, own: Vec<Own>, notes: &mut Notes) -> Option<Texts> {
    all(part, own, &Reader::Object, notes)
}

/// Those of the renderer, and the profile's but for what somebody else reads.
fn all(part: &Part<'_>, own: Vec<Own>, not: &Reader, notes: &mut Notes) -> Option<Texts> {
    let table = part.process.key("annotations");
    let at = |name: &str| Path::new("metadata.annotations").key(name);
    let mut annotations = Texts::new();
    for (name, value) in part.process.annotations.iter().filter(|(name, _)| reader(name) != *not) {
        notes.add(at(name), "asked for", vec![table.child(name)]);
        annotations.insert(name.clone(), value.clone());
    }
    for Own { name, value, reason, keys } in own {
        notes.add(at(name), reason, keys);
        annotations.insert(name.to_owned(), value);
    }
    Some(annotations).filter(|annotations| !annotations.is_empty())
}
