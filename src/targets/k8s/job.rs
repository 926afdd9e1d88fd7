//! Job: a pod that runs to its end, and what a CronJob makes its Jobs of.

use k8s_openapi::api::batch::v1::{
    Job, JobSpec, PodFailurePolicy, PodFailurePolicyOnPodConditionsPattern, PodFailurePolicyRule,
};

use super::{hash, object::Object, pod, spelling::number, workload::Workload};
use crate::{
    app::{self, App, Jobs, Seconds, When},
    key::Key,
    problem::Problem,
    tree::{Node, Note, Notes},
};

/// How a Job ends.
pub struct End {
    pub retries: u32,
    pub deadline: Seconds,
    pub keep: Option<Seconds>,
}

impl From<&app::Job> for End {
    fn from(job: &app::Job) -> Self {
        End { retries: job.retries, deadline: job.deadline, keep: job.keep }
    }
}

/// The Job of a job that nobody starts by hand.
pub fn job(job: &app::Job, workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Object {
    let mut notes = Notes::default();
    let metadata = workload.metadata(&mut notes);
    // Who runs jobs decides whether a hash follows.
    let named = vec![Key::new("name"), job.process.at.clone(), Key::new("k8s.jobs")];
    notes.add("metadata.name", "the app's name, and the job's", named);
    let mut part = Notes::default();
    let spec = spec(&End::from(job), workload, &mut part, problems);
    notes.extend("spec", part);
    let reason = match job.when {
        When::Before => "runs once for each version, before the processes start",
        When::After | When::Manual => "runs once for each version, when the processes have started",
    };
    let because = vec![job.process.at.clone(), job.process.key("when")];
    Object::new(&Job { metadata, spec: Some(spec), status: None }, reason, because, notes)
}

/// The spec of a Job, with its notes relative to itself.
pub fn spec(end: &End, workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> JobSpec {
    let mut part = Notes::default();
    let mut template = pod::template(workload, &mut part, problems);
    part.add("spec.restartPolicy", "a pod that failed stays, with its logs; who tries again is another", Vec::new());
    notes.extend("template", part);
    if let Some(spec) = &mut template.spec {
        spec.restart_policy = Some("Never".into());
    }
    note(end, workload, notes);
    JobSpec {
        active_deadline_seconds: Some(end.deadline.0.into()),
        backoff_limit: Some(number(end.retries)),
        pod_failure_policy: Some(failure_policy()),
        pod_replacement_policy: Some("Failed".into()),
        template,
        ttl_seconds_after_finished: end.keep.map(|time| number(time.0)),
        ..JobSpec::default()
    }
}

fn note(end: &End, workload: &Workload<'_>, notes: &mut Notes) {
    let process = workload.process;
    let deadline = format!("what is not done after {}s, with all retries, has failed", end.deadline.0);
    notes.add("activeDeadlineSeconds", deadline, process.keys(&["deadline"]));
    notes.add("backoffLimit", "so many more pods after one that failed", process.keys(&["retries"]));
    notes.add("podFailurePolicy", "a pod that a node drain ended has not failed", Vec::new());
    notes.add("podReplacementPolicy", "single-writer: the next pod starts when the last one has ended", Vec::new());
    notes.add("ttlSecondsAfterFinished", "asked for: removed so long after its end", process.keys(&["keep"]));
}

/// Evictions are nobody's failure (Kubernetes documentation, "Handling retriable and non-retriable pod failures with
/// Pod failure policy").
fn failure_policy() -> PodFailurePolicy {
    let evicted = PodFailurePolicyOnPodConditionsPattern { type_: "DisruptionTarget".into(), status: "True".into() };
    let rule = PodFailurePolicyRule {
        action: "Ignore".into(),
        on_pod_conditions: Some(vec![evicted]),
        ..PodFailurePolicyRule::default()
    };
    PodFailurePolicy { rules: vec![rule] }
}

/// What of a Job's spec may change while it lives (Kubernetes, `ValidateJobSpecUpdate`).
const MUTABLE: &[&str] =
    &["activeDeadlineSeconds", "backoffLimit", "parallelism", "suspend", "ttlSecondsAfterFinished"];

/// Gives each Job that nobody runs again the name of its content: one that changed could not be applied, and one that
/// did not must not run a second time. Once all patches are applied, which find it by the name that stays.
pub fn seal(app: &App, objects: &mut [Object]) {
    if app.k8s.jobs != Jobs::Plain {
        return;
    }
    for object in objects.iter_mut().filter(|object| object.kind == "Job") {
        let Some(mut content) = object.root.get("spec").cloned() else { continue };
        MUTABLE.iter().for_each(|key| drop(content.remove(key)));
        let Some(name) = object.root.get_mut("metadata").and_then(|metadata| metadata.get_mut("name")) else {
            continue;
        };
        // Whoever patched the name wants that one.
        if name.as_text() != Some(&object.name) {
            continue;
        }
        let mut keys = name.note.take().map_or_else(Vec::new, |note| note.keys);
        keys.extend(deciding(&content));
        let reason =
            "content-hash: a Job cannot change, so that one with another content is another; the same runs once";
        *name = Node::text(format!("{}-{}", object.name, hash::short(&content))).noted(Note::new(reason, keys));
    }
}

/// Every key that any note below names.
fn deciding(node: &Node) -> Vec<Key> {
    fn walk(node: &Node, keys: &mut Vec<Key>) {
        keys.extend(node.note.iter().flat_map(|note| &note.keys).cloned());
        node.as_map().into_iter().flatten().for_each(|(_, node)| walk(node, keys));
        node.as_seq().into_iter().flatten().for_each(|node| walk(node, keys));
    }
    let mut keys = Vec::new();
    walk(node, &mut keys);
    keys.sort();
    keys.dedup();
    keys
}
