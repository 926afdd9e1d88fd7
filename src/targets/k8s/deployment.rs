//! Deployment: the workload itself.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment};

use super::{
    object::Object,
    pod,
    spelling::{number, surge},
    workload::Workload,
};
use crate::{
    app::{Process, Rollout},
    problem::Problem,
    tree::Notes,
};

/// Old ReplicaSets that are kept for a rollback.
const HISTORY: i32 = 3;

/// Seconds for which a new pod must stay ready before it counts.
const SETTLED: i32 = 5;

/// Seconds without progress after which a rollout counts as failed, at least (the API's default).
const PROGRESS: u32 = 600;

/// Seconds to pull a large image.
const PULL: u32 = 300;

pub fn deployment(workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Object {
    let process = workload.process;
    let mut notes = Notes::default();
    let metadata = workload.metadata(&mut notes);
    workload.selector_note(&mut notes, "spec.selector");
    let mut part = Notes::default();
    let template = pod::template(workload, &mut part, problems);
    notes.extend("spec.template", part);
    note(workload, &mut notes);
    let spec = DeploymentSpec {
        // An autoscaler owns the number: each apply would reset it.
        replicas: process.autoscale.is_none().then(|| number(workload.plan.replicas)),
        min_ready_seconds: Some(SETTLED),
        progress_deadline_seconds: Some(number(progress_deadline(process))),
        revision_history_limit: Some(HISTORY),
        selector: workload.selector(),
        strategy: Some(strategy(&process.rollout)),
        template,
        ..DeploymentSpec::default()
    };
    let deployment = Deployment { metadata, spec: Some(spec), status: None };
    Object::new(&deployment, "the workload", Vec::new(), notes)
}

fn note(workload: &Workload<'_>, notes: &mut Notes) {
    let process = workload.process;
    notes.add("spec.replicas", workload.plan.reason.clone(), workload.replica_keys());
    notes.add("spec.minReadySeconds", "a pod that fails at once does not count as rolled out", Vec::new());
    notes.add(
        "spec.progressDeadlineSeconds",
        "twice the longest start and the image's pull, at least ten minutes",
        process.keys(&["probes.startup.within"]),
    );
    notes.add("spec.revisionHistoryLimit", "enough for a rollback", Vec::new());
    notes.add("spec.strategy", "how a new version comes", process.keys(&["rollout", "state"]));
}

fn progress_deadline(process: &Process) -> u32 {
    let start = process.probes.startup.as_ref().map_or(0, |startup| startup.within.0);
    PROGRESS.max(start.saturating_mul(2).saturating_add(PULL))
}

fn strategy(rollout: &Rollout) -> DeploymentStrategy {
    match rollout {
        Rollout::Recreate => DeploymentStrategy { type_: Some("Recreate".into()), rolling_update: None },
        Rollout::Rolling { surge: more, unavailable } => DeploymentStrategy {
            type_: Some("RollingUpdate".into()),
            rolling_update: Some(RollingUpdateDeployment {
                max_surge: Some(surge(more)),
                max_unavailable: Some(surge(unavailable)),
            }),
        },
    }
}
