//! Volumes on a cluster: what it can make, and whose pods can have one at once.

use std::iter;

use super::{User, by_name};
use crate::{
    app::{Access, App, Lasting, Parallelism, Process, Rollout, Runtime, findings::Findings},
    problem::Code,
};

/// What a cluster can make and mount.
pub fn orchestrated(app: &App, findings: &mut Findings<'_>) {
    for process in app.everything() {
        own_replicas(app, process, findings);
    }
    for (name, all) in by_name(app, iter::empty()) {
        made(name, &all, findings);
        if let Some(first) = all.first()
            && first.lasting.access == Access::Rwo
            && !first.lasting.per_replica
        {
            one_node(app, name, &all, findings);
        }
    }
}

/// A volume comes from somewhere.
fn made(name: &str, all: &[User<'_>], findings: &mut Findings<'_>) {
    let Some(User { lasting, .. }) = all.first() else { return };
    let key = all[0].key();
    match lasting {
        Lasting { claim: Some(_), .. } | Lasting { size: Some(_), .. } => {}
        Lasting { host: Some(_), .. } => findings.key(
            Code::BadVolume,
            &key.below("host"),
            format!("no cluster gives `{name}` a folder of its nodes"),
            "for Compose alone",
            "add `size` (or `claim`): Kubernetes makes a volume of that size, and Compose keeps the folder",
        ),
        Lasting { .. } => findings.key(
            Code::MissingKey,
            &key,
            format!("the volume `{name}` needs `size` on Kubernetes"),
            "nobody knows how large",
            "say how much it holds, as in `size = \"10Gi\"`, or name a `claim` that is there",
        ),
    }
}

/// Pods may run on any node, and a disk is attached to one of them at a time: others wait for it, perhaps for ever.
fn one_node(app: &App, name: &str, all: &[User<'_>], findings: &mut Findings<'_>) {
    let [first, others @ ..] = all else { return };
    // Containers of one pod are on one node.
    let others: Vec<&User<'_>> = others.iter().filter(|other| other.host.at != first.host.at).collect();
    for other in &others {
        findings.pair(
            Code::SharedVolume,
            (&other.key(), "mounted here"),
            (&first.key(), "and here"),
            format!(
                "`{name}` is on one node at a time, and `{}` and `{}` may run on two",
                first.host.name, other.host.name
            ),
            format!(
                "let one of them have it: `for = [\"{}\"]`; or, on a network file system, `access = \"rwx\"`",
                first.process.name
            ),
        );
    }
    if !others.is_empty() {
        return;
    }
    let process = first.host;
    let most = most(app, process);
    if most > 1 {
        findings.pair(
            Code::SharedVolume,
            (&first.key(), "on one node at a time"),
            (&process.key("workers"), "several pods"),
            format!("{most} pods of `{}` cannot all mount `{name}`", process.name),
            "a volume for each: `per_replica = true`; a network file system: `access = \"rwx\"`; one process alone: \
             `workers = 1` and `state = \"disk\"`",
        );
    } else if is_rolled(app, process) {
        findings.pair(
            Code::SharedVolume,
            (&first.key(), "held by the old pod"),
            (&process.key("state"), "rolled: the new pod starts first"),
            format!("a new pod of `{}` would wait for `{name}`, which the old one holds", process.name),
            "say `state = \"disk\"`: the old pod goes first; or `access = \"rwx\"` on a network file system",
        );
    }
}

/// Whether a new pod starts while the old one still runs. Pods with volumes of their own go first.
fn is_rolled(app: &App, process: &Process) -> bool {
    app.lasts(process) && matches!(process.rollout, Rollout::Rolling { .. }) && !process.has_own_volumes()
}

fn most(app: &App, process: &Process) -> u32 {
    let Parallelism { replicas, .. } = app.parallelism(process, Runtime::Orchestrated);
    process.autoscale.as_ref().map_or(replicas, |autoscale| autoscale.max)
}

/// Replicas with volumes of their own have names with a number, and a service that knows each.
fn own_replicas(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let Some(volume) = process.volumes.iter().find(|one| one.lasting().is_some_and(|lasting| lasting.per_replica))
    else {
        return;
    };
    let name = app.workload(process);
    // Its pods have a label of the name and a hash (Kubernetes, issue 64023).
    if name.len() > 52 {
        findings.key(
            Code::BadName,
            &process.volume_key(volume).below("per_replica"),
            format!("`{name}` is longer than the name of pods with volumes of their own can be"),
            "at most 52 characters",
            "shorten the name of the app, or of the process",
        );
    }
    for field in ["rollout.strategy", "rollout.surge", "rollout.unavailable"] {
        let key = process.key(field);
        if findings.provenance.sets(&key) {
            findings.key(
                Code::NoEffect,
                &key,
                "replicas with volumes of their own are replaced one by one, the old one first",
                "has no effect",
                "drop it",
            );
        }
    }
}
