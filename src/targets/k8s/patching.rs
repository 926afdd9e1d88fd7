//! `[[patches]]` on Kubernetes objects.

use super::{check, object::Object};
use crate::{
    app::{App, PatchTarget},
    problem::Problem,
    targets::object_patches,
    tree::{Path, Step},
};

/// Applies every patch for Kubernetes, and checks what came of it.
pub fn patch(app: &App, objects: &mut [Object], problems: &mut Vec<Problem>) {
    let readers = object_patches::Readers { target: PatchTarget::K8s, keys: &merge_key, check: &check::objects };
    object_patches::patch(app, &readers, objects, problems);
}

/// The keys of the Kubernetes API's own strategic merge (`patchMergeKey` in its types).
pub fn merge_key(list: &Path) -> Option<&'static str> {
    let mut steps = list.steps().iter().rev();
    let Some(Step::Key(last)) = steps.next() else { return None };
    match last.as_ref() {
        "containers" | "initContainers" | "volumes" | "env" | "imagePullSecrets" => Some("name"),
        "volumeMounts" => Some("mountPath"),
        "topologySpreadConstraints" => Some("topologyKey"),
        "hostAliases" => Some("ip"),
        // A container's ports, or a Service's.
        "ports" => match steps.next() {
            Some(Step::Item { .. }) => Some("containerPort"),
            Some(Step::Key(parent)) if parent == "spec" => Some("port"),
            _ => None,
        },
        _ => None,
    }
}
