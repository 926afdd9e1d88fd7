//! Deployment: the workload itself.

use std::borrow::Cow;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment};

use super::{
    object::Object,
    replicas::{HISTORY, Replicas, SETTLED, replicas},
    spelling::{number, surge},
    workload::Workload,
};
use crate::{
    app::{Process, Rollout, State, defaults},
    problem::Problem,
    tree::{Notes, Path},
};

/// Seconds without progress after which a rollout counts as failed, at least (the API's default).
const PROGRESS: u32 = 600;

/// Seconds to pull a large image.
const PULL: u32 = 300;

/// What decides the longest start.
const STARTUP: &str = "probes.startup.within";

pub fn deployment(workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Object {
    let process = workload.process;
    let mut notes = Notes::default();
    let Replicas { metadata, selector, template, number: replicas } = replicas(workload, &mut notes, problems);
    note(workload, &mut notes);
    let spec = DeploymentSpec {
        replicas,
        min_ready_seconds: Some(SETTLED),
        progress_deadline_seconds: Some(number(progress_deadline(start(workload)))),
        revision_history_limit: Some(HISTORY),
        selector,
        strategy: Some(strategy(&process.rollout)),
        template,
        ..DeploymentSpec::default()
    };
    let deployment = Deployment { metadata, spec: Some(spec), status: None };
    let keys = [process.own_keys(), workload.kind_keys()].concat();
    Object::new(&deployment, "keeps the pods of this process running", keys, notes)
}

fn note(workload: &Workload<'_>, notes: &mut Notes) {
    notes.add(
        "spec.minReadySeconds",
        "a new pod must stay ready so long: one that fails at once does not count as rolled out",
        Vec::new(),
    );
    note_deadline(workload, notes);
    notes.add("spec.revisionHistoryLimit", "enough to roll back, without a heap of old ReplicaSets", Vec::new());
    note_strategy(workload, notes);
}

fn note_deadline(workload: &Workload<'_>, notes: &mut Notes) {
    let process = workload.process;
    let within = start(workload);
    let at_least = progress_deadline(within) == PROGRESS;
    let reason: Cow<'static, str> = match at_least {
        true => "a rollout without progress for ten minutes has failed".into(),
        false => format!("a rollout has failed after 2 × {within}s for the start + {PULL}s to pull the image").into(),
    };
    let starts = std::iter::once(process).chain(workload.app.sidecars(process));
    // What is written matters where the default would give another number.
    let by_default = |one: &Process| within.saturating_sub(longest(one)).saturating_add(defaults::STARTUP_WITHIN.0);
    let matters = |one: &Process| progress_deadline(by_default(one)) != progress_deadline(within);
    let matter = starts.filter(|one| !at_least || !workload.app.sets(one, STARTUP) || matters(one));
    let mut because: Vec<_> = matter.flat_map(|one| one.keys(&[STARTUP])).collect();
    if !at_least {
        because.extend(workload.app.sidecar_keys(process));
    }
    notes.add("spec.progressDeadlineSeconds", reason, because);
}

fn note_strategy(workload: &Workload<'_>, notes: &mut Notes) {
    let process = workload.process;
    let reason = match (&process.rollout, process.state) {
        (Rollout::Rolling { .. }, _) => "new pods first: the app answers all the time",
        (Rollout::Recreate, State::None) => "asked for: old pods go first",
        (Rollout::Recreate, _) => "single-writer: old pods go first, two with state never run at once",
    };
    let because = workload.app.first_set(process, &["rollout.strategy", "state"]);
    notes.add("spec.strategy", reason, because.clone());
    notes.add("spec.strategy.rollingUpdate", "how many pods at a time", because);
    let rolling = |name: &str| Path::new("spec.strategy.rollingUpdate").key(name);
    notes.add(rolling("maxSurge"), "pods above the wanted number", process.keys(&["rollout.surge"]));
    notes.add(rolling("maxUnavailable"), "pods below the wanted number", process.keys(&["rollout.unavailable"]));
}

/// The longest start of a pod that is still healthy: its sidecars start one after another, and then the process.
fn start(workload: &Workload<'_>) -> u32 {
    let process = workload.process;
    let all = std::iter::once(process).chain(workload.app.sidecars(process));
    all.map(longest).fold(0, u32::saturating_add)
}

/// The longest start of a container that is still healthy.
fn longest(process: &Process) -> u32 {
    process.probes.startup.as_ref().map_or(0, |startup| startup.within.0)
}

fn progress_deadline(start: u32) -> u32 {
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
