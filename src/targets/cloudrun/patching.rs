//! `[[patches]]` on services and worker pools.

use super::check;
use crate::{
    app::{App, PatchTarget},
    problem::Problem,
    targets::{object::Object, object_patches},
    tree::{Path, Step},
};

/// Applies every patch for Cloud Run, and checks what came of it.
pub fn patch(app: &App, objects: &mut [Object], problems: &mut Vec<Problem>) {
    let readers = object_patches::Readers { target: PatchTarget::Cloudrun, keys: &merge_key, check: &check::objects };
    object_patches::patch(app, &readers, objects, problems);
}

/// The keys of Kubernetes' own strategic merge, for the lists that are the same here.
pub fn merge_key(list: &Path) -> Option<&'static str> {
    let Some(Step::Key(last)) = list.steps().last() else { return None };
    match last.as_ref() {
        "containers" | "initContainers" | "volumes" | "env" | "imagePullSecrets" => Some("name"),
        "volumeMounts" => Some("mountPath"),
        "ports" => Some("containerPort"),
        _ => None,
    }
}
