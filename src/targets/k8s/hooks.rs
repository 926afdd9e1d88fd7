//! Who runs a job in its order: annotations for Argo CD and Helm.
//!
//! The trap of both is the first time: what runs before everything else runs before its own ServiceAccount and
//! NetworkPolicy are there.
//!
//! * Argo CD: not `PreSync`, which has that trap, but a `Sync` hook. The job and all that it needs are in the wave before
//!   the others: inside a wave Argo CD applies by kind, so the account and the policy come before the job, and the next
//!   wave waits until the job has succeeded (Argo CD documentation, "Sync Phases and Waves").
//!   A backing service that the cluster runs is in a wave before all of them, which waits until it is healthy.
//! * Helm: `pre-install` and `pre-upgrade` come before every other object. So what the job needs is a hook as well, of a
//!   lower weight; it stays in the cluster, and is made anew with the next release (Helm documentation, "Chart Hooks").

use super::{claims, object::Object};
use crate::{
    app::{App, Job, Jobs, Volume, When},
    key::Key,
    problem::{Code, Problem},
    targets::object::order,
    tree::{Node, Note, Path},
};

/// An annotation, and why it is there.
type Mark = (&'static str, &'static str, &'static str);

const WAVE: &str = "argocd.argoproj.io/sync-wave";

const ARGO_BEFORE: &[Mark] = &[
    ("argocd.argoproj.io/hook", "Sync", "run at each sync; not PreSync, where its account is not there the first time"),
    ARGO_DELETE,
];

const ARGO_AFTER: &[Mark] =
    &[("argocd.argoproj.io/hook", "PostSync", "run at each sync, once all that was applied is healthy"), ARGO_DELETE];

const ARGO_DELETE: Mark = (
    "argocd.argoproj.io/hook-delete-policy",
    "BeforeHookCreation",
    "stays, with its logs, until the next sync: a Job cannot change",
);

const HELM_BEFORE: &[Mark] =
    &[("helm.sh/hook", "pre-install,pre-upgrade", "the release waits until the job has succeeded"), HELM_DELETE];

/// For what a job needs before there is a release.
const HELM_NEEDED: &[Mark] = &[
    ("helm.sh/hook", "pre-install,pre-upgrade", "what the job needs has to be there before the release"),
    HELM_DELETE,
];

const HELM_AFTER: &[Mark] =
    &[("helm.sh/hook", "post-install,post-upgrade", "once all of the release is applied"), HELM_DELETE];

const HELM_DELETE: Mark =
    ("helm.sh/hook-delete-policy", "before-hook-creation", "stays until the next release: a Job cannot change");

/// Annotates the objects of one job. What the profile itself says of an annotation holds.
pub fn mark(app: &App, job: &Job, objects: &mut [Object]) {
    let (followers, needs) = app.followed(job);
    // Any other job may need it.
    let decided_by = [needs, vec![Key::new("jobs")]].concat();
    for object in objects {
        let is_job = object.kind == "Job";
        for (name, value, reason) in marks(app.k8s.jobs, job.when, is_job) {
            annotate(&mut object.root, name, Node::text(*value), Note::new(*reason, own_keys(job, name)));
        }
        if let Some((name, place, reason)) = place(app.k8s.jobs, job.when, is_job, followers) {
            let because = [own_keys(job, name), decided_by.clone()].concat();
            annotate(&mut object.root, name, Node::text(place.to_string()), Note::new(reason, because));
        }
        order(&mut object.root);
    }
}

fn marks(tool: Jobs, when: When, is_job: bool) -> &'static [Mark] {
    match (tool, when) {
        (Jobs::Plain, _) | (_, When::Manual) => &[],
        (Jobs::Argocd, When::Before) if is_job => ARGO_BEFORE,
        (Jobs::Argocd, When::After) if is_job => ARGO_AFTER,
        (Jobs::Argocd, When::Before | When::After) => &[],
        (Jobs::Helm, When::Before) if is_job => HELM_BEFORE,
        (Jobs::Helm, When::Before) => HELM_NEEDED,
        (Jobs::Helm, When::After) if is_job => HELM_AFTER,
        (Jobs::Helm, When::After) => &[],
    }
}

/// Where an object of a job stands among others, lower ones first: jobs that others need come so much before them. What
/// says nothing is at 0.
fn place(tool: Jobs, when: When, is_job: bool, followers: u32) -> Option<(&'static str, i64, &'static str)> {
    let (wave, weight) = (WAVE, "helm.sh/hook-weight");
    let earlier = -i64::from(followers);
    match (tool, when) {
        (Jobs::Plain, _) | (_, When::Manual) => None,
        (Jobs::Argocd, When::Before) => Some((
            wave,
            earlier - 1,
            "before all others, which wait until the job has succeeded; what it needs comes first by its kind",
        )),
        (Jobs::Helm, When::Before) if is_job => Some((weight, earlier - 5, "after what it needs")),
        (Jobs::Helm, When::Before) => Some((weight, earlier - 10, "before the job")),
        (Jobs::Argocd, When::After) if is_job && followers > 0 => Some((wave, earlier, "before the jobs that need it")),
        (Jobs::Helm, When::After) if is_job && followers > 0 => Some((weight, earlier, "before the jobs that need it")),
        (Jobs::Argocd | Jobs::Helm, When::After) => None,
    }
}

/// The same for the claims that jobs before all others mount: who waits for the job would wait for its volume.
pub fn mark_claims(app: &App, claims: &mut [Object], problems: &mut Vec<Problem>) {
    // The earliest job decides.
    let mut before: Vec<(u32, &Job)> =
        app.jobs.iter().filter(|job| job.when == When::Before).map(|job| (app.followed(job).0, job)).collect();
    before.sort_by_key(|(followers, _)| std::cmp::Reverse(*followers));
    for (followers, job) in before {
        for volume in &job.process.volumes {
            let Some(lasting) = volume.lasting() else { continue };
            let name = claims::claim_name(app, volume, lasting);
            let Some(claim) = claims.iter_mut().find(|claim| claim.name == name) else { continue };
            match (app.k8s.jobs, place(app.k8s.jobs, job.when, false, followers)) {
                (Jobs::Argocd, Some((annotation, place, reason))) => {
                    let decided_by = vec![job.process.volume_key(volume), Key::new("jobs")];
                    let note = Note::new(reason, [own_keys(job, annotation), decided_by].concat());
                    annotate(&mut claim.root, annotation, Node::text(place.to_string()), note);
                    order(&mut claim.root);
                }
                (Jobs::Helm, _) => problems.push(lost(app, job, volume, &name)),
                (Jobs::Plain | Jobs::Argocd, _) => {}
            }
        }
    }
}

/// Helm deletes a hook before the next release, and the data of a claim with it.
fn lost(app: &App, job: &Job, volume: &Volume, claim: &str) -> Problem {
    let title = format!("Helm runs `{}` before it makes `{claim}`, which the job mounts", job.process.name);
    Problem::new(Code::BadVolume, title)
        .at(app.provenance.key(&job.process.volume_key(volume)), "not there the first time")
        .help(format!("leave it out of the job (`for`), or make it yourself and name it: `claim = \"{claim}\"`"))
}

/// Annotates what runs a backing service, which jobs may need.
pub fn needed(app: &App, object: &mut Object) {
    let before = || app.jobs.iter().filter(|job| job.when == When::Before);
    let first = before().map(|job| app.followed(job).0).max().map(i64::from);
    if let Some(first) = first.filter(|_| app.k8s.jobs == Jobs::Argocd) {
        let because = vec![Key::new("k8s.jobs"), Key::new("jobs")];
        let note = Note::new("before the jobs, which may need it, and wait until it is healthy", because);
        annotate(&mut object.root, WAVE, Node::text((-first - 2).to_string()), note);
        order(&mut object.root);
    }
}

fn own_keys(job: &Job, annotation: &'static str) -> Vec<Key> {
    vec![Key::new("k8s.jobs"), job.process.key("when"), job.process.key("annotations").child(annotation)]
}

fn annotate(root: &mut Node, name: &'static str, value: Node, note: Note) {
    let Some(metadata) = Path::new("metadata").find_mut(root) else { return };
    if metadata.get("annotations").is_none() {
        metadata.set("annotations", Node::map());
    }
    if let Some(annotations) = metadata.get_mut("annotations").filter(|all| all.get(name).is_none()) {
        annotations.set(name, value.noted(note));
    }
}
