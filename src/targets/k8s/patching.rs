//! `[[patches]]` on Kubernetes objects.

use super::{check, object::Object};
use crate::{
    app::{App, Patch, PatchTarget},
    problem::{Problem, any_error},
    targets::{
        check::{Finding, Patched, blame},
        patches::{self, Document},
    },
    tree::{Node, Path, Step},
};

/// Applies every patch for Kubernetes, brings what they touched into reading order again, and checks what came of it.
pub fn patch(app: &App, objects: &mut [Object], problems: &mut Vec<Problem>) {
    let patches: Vec<Patch> = app.patches.iter().filter(|patch| patch.target == PatchTarget::K8s).cloned().collect();
    if patches.is_empty() {
        return;
    }
    let plain: Vec<Object> = objects.to_vec();
    let mut found = Vec::new();
    apply(app, &patches, objects, &mut found);
    // Half a patch would be blamed for what it did not get to do.
    if !any_error(&found) {
        found.extend(check(app, patches, &plain));
    }
    problems.extend(found);
}

fn apply(app: &App, patches: &[Patch], objects: &mut [Object], problems: &mut Vec<Problem>) {
    let mut documents: Vec<Document<'_>> = objects
        .iter_mut()
        .map(|object| Document {
            kind: object.kind.to_owned(),
            name: object.name.clone(),
            root: &mut object.root,
            patched: false,
        })
        .collect();
    patches::apply(app, patches, &mut documents, &merge_key, problems);
    let patched: Vec<bool> = documents.iter().map(|document| document.patched).collect();
    for (object, _) in objects.iter_mut().zip(patched).filter(|(_, patched)| *patched) {
        super::object::order(&mut object.root);
    }
}

/// What patches made wrong.
fn check(app: &App, patches: Vec<Patch>, plain: &[Object]) -> Vec<Problem> {
    let titles: Vec<String> = plain.iter().map(|object| format!("{} `{}`", object.kind, object.name)).collect();
    let inside = |patch: &Patch, finding: &Finding| {
        let object = &plain[finding.document];
        let matches = patch.kind.as_deref().is_none_or(|kind| kind == object.kind)
            && patch.name.as_ref().is_none_or(|name| *name == object.name);
        matches.then(|| finding.path.steps().to_vec())
    };
    let findings = |patches: &[Patch]| {
        let mut objects = plain.to_vec();
        apply(app, patches, &mut objects, &mut Vec::new());
        check::objects(&objects.iter().map(|object| &object.root).collect::<Vec<&Node>>())
    };
    blame(app, &Patched { patches, titles: &titles, inside: &inside, findings: &findings })
}

/// The keys of the Kubernetes API's own strategic merge (`patchMergeKey` in its types).
pub fn merge_key(list: &Path) -> Option<&'static str> {
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
