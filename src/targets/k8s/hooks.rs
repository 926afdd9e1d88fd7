//! Who runs a job in its order: annotations for Argo CD and Helm.
//!
//! The trap of both is the first time: what runs before everything else runs before its own ServiceAccount and
//! NetworkPolicy are there.
//!
//! * Argo CD: not `PreSync`, which has that trap, but a `Sync` hook. The job and all that it needs are in the wave before
//!   the others: inside a wave Argo CD applies by kind, so the account and the policy come before the job, and the next
//!   wave waits until the job has succeeded (Argo CD documentation, "Sync Phases and Waves").
//! * Helm: `pre-install` and `pre-upgrade` come before every other object. So what the job needs is a hook as well, of a
//!   lower weight; it stays in the cluster, and is made anew with the next release (Helm documentation, "Chart Hooks").

use super::object::Object;
use crate::{
    app::{App, Job, Jobs, When},
    key::Key,
    targets::object::order,
    tree::{Node, Note, Path},
};

/// An annotation, and why it is there.
type Mark = (&'static str, &'static str, &'static str);

/// Before all objects that say nothing, which are in wave 0.
const WAVE: Mark = (
    "argocd.argoproj.io/sync-wave",
    "-1",
    "before all others, which wait until the job has succeeded; what it needs comes first by its kind",
);

const ARGO_BEFORE: &[Mark] = &[
    ("argocd.argoproj.io/hook", "Sync", "run at each sync; not PreSync, where its account is not there the first time"),
    ARGO_DELETE,
    WAVE,
];

const ARGO_AFTER: &[Mark] =
    &[("argocd.argoproj.io/hook", "PostSync", "run at each sync, once all that was applied is healthy"), ARGO_DELETE];

const ARGO_DELETE: Mark = (
    "argocd.argoproj.io/hook-delete-policy",
    "BeforeHookCreation",
    "stays, with its logs, until the next sync: a Job cannot change",
);

const HELM_BEFORE: &[Mark] = &[
    ("helm.sh/hook", "pre-install,pre-upgrade", "the release waits until the job has succeeded"),
    HELM_DELETE,
    ("helm.sh/hook-weight", "-5", "after what it needs"),
];

/// For what a job needs before there is a release.
const HELM_NEEDED: &[Mark] = &[
    ("helm.sh/hook", "pre-install,pre-upgrade", "what the job needs has to be there before the release"),
    HELM_DELETE,
    ("helm.sh/hook-weight", "-10", "before the job"),
];

const HELM_AFTER: &[Mark] =
    &[("helm.sh/hook", "post-install,post-upgrade", "once all of the release is applied"), HELM_DELETE];

const HELM_DELETE: Mark =
    ("helm.sh/hook-delete-policy", "before-hook-creation", "stays until the next release: a Job cannot change");

/// Annotates the objects of one job. What the profile itself says of an annotation holds.
pub fn mark(app: &App, job: &Job, objects: &mut [Object]) {
    for object in objects {
        let is_job = object.kind == "Job";
        let marks: &[Mark] = match (app.k8s.jobs, job.when) {
            (Jobs::Plain, _) | (_, When::Manual) => &[],
            (Jobs::Argocd, When::Before) if is_job => ARGO_BEFORE,
            (Jobs::Argocd, When::Before) => &[WAVE],
            (Jobs::Argocd, When::After) if is_job => ARGO_AFTER,
            (Jobs::Helm, When::Before) if is_job => HELM_BEFORE,
            (Jobs::Helm, When::Before) => HELM_NEEDED,
            (Jobs::Helm, When::After) if is_job => HELM_AFTER,
            (Jobs::Argocd | Jobs::Helm, When::After) => &[],
        };
        for mark in marks {
            annotate(job, &mut object.root, *mark);
        }
        order(&mut object.root);
    }
}

fn annotate(job: &Job, root: &mut Node, (name, value, reason): Mark) {
    let Some(metadata) = Path::new("metadata").find_mut(root) else { return };
    if metadata.get("annotations").is_none() {
        metadata.set("annotations", Node::map());
    }
    let keys = vec![Key::new("k8s.jobs"), job.process.key("when"), job.process.key("annotations").child(name)];
    if let Some(annotations) = metadata.get_mut("annotations").filter(|all| all.get(name).is_none()) {
        annotations.set(name, Node::text(value).noted(Note::new(reason, keys)));
    }
}
