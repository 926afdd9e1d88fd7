//! `[[patches]]` on objects, one file each.

use super::{
    check::{Finding, Patched, Weight, blame},
    object::{self, Object},
    patches::{self, Document},
};
use crate::{
    app::{App, Patch, PatchTarget},
    problem::{Problem, any_error},
    tree::{Node, Path, patch::MergeKeys},
};

/// How the objects of a target are patched.
pub struct Readers<'a> {
    pub target: PatchTarget,
    /// By which key the items of lists merge.
    pub keys: MergeKeys<'a>,
    /// What is wrong with all objects of a rendering.
    pub check: &'a dyn Fn(&[&Node]) -> Vec<Finding>,
}

/// Applies every patch for a target, brings what they touched into reading order again, and checks what came of it.
pub fn patch(app: &App, readers: &Readers<'_>, objects: &mut [Object], problems: &mut Vec<Problem>) {
    let patches: Vec<Patch> = app.patches.iter().filter(|patch| patch.target == readers.target).cloned().collect();
    if patches.is_empty() {
        return;
    }
    let plain: Vec<Object> = objects.to_vec();
    let mut found = Vec::new();
    apply(app, readers, &patches, objects, &mut found);
    // Half a patch would be blamed for what it did not get to do.
    if !any_error(&found) {
        found.extend(check(app, readers, patches, &plain));
    }
    problems.extend(found);
}

fn apply(app: &App, readers: &Readers<'_>, patches: &[Patch], objects: &mut [Object], problems: &mut Vec<Problem>) {
    let mut documents: Vec<Document<'_>> = objects
        .iter_mut()
        .map(|object| Document {
            kind: object.kind.to_owned(),
            name: object.name.clone(),
            root: &mut object.root,
            patched: false,
        })
        .collect();
    patches::apply(app, patches, &mut documents, readers.keys, problems);
    let patched: Vec<bool> = documents.iter().map(|document| document.patched).collect();
    for (object, _) in objects.iter_mut().zip(patched).filter(|(_, patched)| *patched) {
        object::order(&mut object.root);
    }
}

/// What patches made wrong.
fn check(app: &App, readers: &Readers<'_>, patches: Vec<Patch>, plain: &[Object]) -> Vec<Problem> {
    let titles: Vec<String> = plain.iter().map(|object| format!("{} `{}`", object.kind, object.name)).collect();
    let inside = |patch: &Patch, finding: &Finding| {
        let object = &plain[finding.document];
        let matches = patch.kind.as_deref().is_none_or(|kind| kind == object.kind)
            && patch.name.as_ref().is_none_or(|name| *name == object.name);
        matches.then(|| finding.path.steps().to_vec())
    };
    let findings = |patches: &[Patch]| {
        let mut objects = plain.to_vec();
        apply(app, readers, patches, &mut objects, &mut Vec::new());
        let other: Vec<Finding> = objects.iter().enumerate().filter_map(other_kind).collect();
        if !other.is_empty() {
            return other;
        }
        (readers.check)(&objects.iter().map(|object| &object.root).collect::<Vec<&Node>>())
    };
    blame(app, &Patched { patches, titles: &titles, inside: &inside, findings: &findings })
}

/// A patch leaves an object of its kind: other files, names and rules would be about it otherwise.
fn other_kind((document, object): (usize, &Object)) -> Option<Finding> {
    let kind = object.root.get("kind").and_then(Node::as_name).unwrap_or_default();
    (kind != object.kind.as_str()).then(|| Finding {
        weight: Weight::Invalid,
        rule: ("a patch leaves an object of its kind", "the kind decides what else is there"),
        document,
        path: Path::new("kind"),
        message: format!("`{kind}` is another kind: a patch cannot make another object of it"),
        help: Some("bring the other one as it is, by `[k8s] extra`".into()),
    })
}
