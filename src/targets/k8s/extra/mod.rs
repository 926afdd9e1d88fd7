//! `[k8s] extra`: objects that the profile brings as they are, beside ours.

mod against;
mod document;
mod object;

use super::object::Object;
use crate::{app::App, problem::Problem};

/// An object of the profile's own, and where it is written.
struct Raw<'a> {
    object: Object,
    here: document::Here<'a>,
}

/// What others have to find when they are applied.
const FIRST: &[&str] = &[
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "CustomResourceDefinition",
    "LimitRange",
    "Namespace",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "PriorityClass",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Secret",
    "ServiceAccount",
    "StorageClass",
];

/// Adds the objects of the profile to ours: before them what may be needed, after them what may need them.
pub fn add(app: &App, objects: &mut Vec<Object>, problems: &mut Vec<Problem>) {
    let mut raw = Vec::new();
    for file in &app.k8s.extra {
        raw.extend(document::read(app, file, problems));
    }
    against::check(&raw, objects, problems);
    let all = raw.into_iter().map(|raw| raw.object);
    let (before, after): (Vec<Object>, Vec<Object>) = all.partition(|object| FIRST.contains(&object.kind.as_str()));
    objects.splice(0..0, before);
    objects.extend(after);
}
