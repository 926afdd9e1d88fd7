//! `[[patches]]` on Kubernetes objects.

use super::object::Object;
use crate::{
    app::App,
    problem::Problem,
    profile::PatchTarget,
    targets::patches::{self, Document},
    tree::{Path, Step},
};

/// Applies every patch for Kubernetes, and brings what they touched into reading order again.
pub fn patch(app: &App, objects: &mut [Object], problems: &mut Vec<Problem>) {
    let mut documents: Vec<Document<'_>> = objects
        .iter_mut()
        .map(|object| Document {
            kind: object.kind.to_owned(),
            name: object.name.clone(),
            root: &mut object.root,
            patched: false,
        })
        .collect();
    patches::apply(app, PatchTarget::K8s, &mut documents, &merge_key, problems);
    let patched: Vec<bool> = documents.iter().map(|document| document.patched).collect();
    for (object, patched) in objects.iter_mut().zip(patched) {
        object.patched = patched;
        if patched {
            super::object::order(&mut object.root);
        }
    }
}

/// The keys of the Kubernetes API's own strategic merge (`patchMergeKey` in its types).
fn merge_key(list: &Path) -> Option<&'static str> {
    let mut steps = list.steps().iter().rev();
    let Some(Step::Key(last)) = steps.next() else { return None };
    match last.as_str() {
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
