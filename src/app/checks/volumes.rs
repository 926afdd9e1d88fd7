//! Volumes of all workloads together: what is one everywhere, and whether those that mount it can.

use std::{collections::BTreeMap, iter};

use crate::{
    app::{Access, App, Companion, Lasting, Parallelism, Process, Rollout, Runtime, State, Volume, findings::Findings},
    key::Key,
    problem::Code,
};

/// What holds wherever the app runs.
pub(super) fn check(app: &App, findings: &mut Findings<'_>) {
    for process in app.containers() {
        disk(process, findings);
        is_replica(app, process, findings);
    }
    for (name, all) in by_name(app, app.companions.iter()) {
        one(name, &all, findings);
    }
    for (name, all) in by_name(app, iter::empty()) {
        length(app, name, &all, findings);
    }
}

/// A container that mounts a volume.
#[derive(Clone, Copy)]
struct User<'a> {
    /// In whose pods it is.
    host: &'a Process,
    process: &'a Process,
    volume: &'a Volume,
    lasting: &'a Lasting,
}

impl User<'_> {
    fn key(&self) -> Key {
        self.process.volume_key(self.volume)
    }
}

/// What outlives containers, with everybody that mounts it; those companions as well.
fn by_name<'a>(app: &'a App, companions: impl Iterator<Item = &'a Companion>) -> BTreeMap<&'a str, Vec<User<'a>>> {
    let mut all: BTreeMap<&str, Vec<User<'_>>> = BTreeMap::new();
    for host in app.everything().chain(companions.map(|one| &one.process)) {
        for (process, volume) in app.pod(host).flat_map(|one| one.volumes.iter().map(move |volume| (one, volume))) {
            if let Some(lasting) = volume.lasting() {
                all.entry(&volume.name).or_default().push(User { host, process, volume, lasting });
            }
        }
    }
    all
}

/// State on a disk needs one that stays.
fn disk(process: &Process, findings: &mut Findings<'_>) {
    let keeps = |volume: &Volume| volume.lasting().is_some_and(|lasting| !lasting.is_read_only());
    if process.state == State::Disk && !process.volumes.iter().any(keeps) {
        findings.value(
            Code::StateNeedsVolume,
            &process.key("state"),
            "a process with state on a disk needs a volume that it can write to",
            "gone with the container",
            "declare it: `[volumes]` with `data = { mount = \"/data\", size = \"10Gi\" }`",
        );
    }
}

/// What runs to its end has no replicas, and no volume waits for it under a number. A container beside a process shares
/// the volume of its replica.
fn is_replica(app: &App, process: &Process, findings: &mut Findings<'_>) {
    if app.processes.iter().any(|one| one.at == process.at) {
        return;
    }
    for volume in process.volumes.iter().filter(|one| one.lasting().is_some_and(|lasting| lasting.per_replica)) {
        let shares = |host: &Process| {
            app.process(&host.name).is_some() && host.volumes.iter().any(|one| one.name == volume.name)
        };
        if process.is_attached() && app.hosts(process).all(shares) {
            continue;
        }
        findings.key(
            Code::BadVolume,
            &process.volume_key(volume),
            format!("`{}` is one for each replica, and `{}` is none", volume.name, process.name),
            if process.is_attached() { "beside what has none" } else { "runs to its end" },
            format!("say whose replicas have it: `for = [\"{}\"]`", app.processes[0].name),
        );
    }
}

/// The claim bears both names (RFC 1123).
fn length(app: &App, name: &str, all: &[User<'_>], findings: &mut Findings<'_>) {
    let Some(user) = all.iter().find(|user| user.lasting.claim.is_none() && !user.lasting.per_replica) else { return };
    if app.name.len() + 1 + name.len() > 63 {
        let title = format!("`{}-{name}` is longer than a name can be", app.name);
        findings.key(Code::BadName, &user.key(), title, "more than 63 characters", "shorten it, or the app's `name`");
    }
}

/// One name is one volume, and its files belong to one group.
fn one(name: &str, all: &[User<'_>], findings: &mut Findings<'_>) {
    let Some((first, others)) = all.split_first() else { return };
    for other in others {
        if other.lasting != first.lasting {
            findings.pair(
                Code::Conflict,
                (&other.key(), "said otherwise"),
                (&first.key(), "one volume"),
                format!("`{name}` is one volume, whichever process mounts it"),
                "say it alike (only `mount` may differ), or give one of them another name",
            );
        } else if other.host.user.gid != first.host.user.gid && !first.lasting.is_read_only() {
            findings.pair(
                Code::BadVolume,
                (&group(other.host, findings), "one group"),
                (&group(first.host, findings), "another"),
                format!("the files of `{name}` belong to one group"),
                "give the processes that share it one `gid`",
            );
        }
    }
}

/// Where the number of the group comes from.
fn group(process: &Process, findings: &Findings<'_>) -> Key {
    findings.written(&process.at, &["gid", "uid"])
}

/// What a cluster can make and mount.
pub(super) fn orchestrated(app: &App, findings: &mut Findings<'_>) {
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
            &key.child("host"),
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
    let stays = app.processes.iter().any(|one| one.at == process.at);
    stays && matches!(process.rollout, Rollout::Rolling { .. }) && !process.has_own_volumes()
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
            &process.volume_key(volume).child("per_replica"),
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

/// What one host can mount.
pub(super) fn single_host(app: &App, findings: &mut Findings<'_>) {
    for process in app.everything() {
        let containers = app.parallelism(process, Runtime::SingleHost).replicas;
        for volume in &process.volumes {
            let Some(lasting) = volume.lasting().filter(|_| containers > 1) else { continue };
            let key = process.volume_key(volume);
            if lasting.per_replica {
                findings.pair(
                    Code::SharedVolume,
                    (&key.child("per_replica"), "one for each"),
                    (&process.key("workers"), "several containers"),
                    format!("Compose has no volume for each of {containers} containers of `{}`", process.name),
                    "run one of it on Compose: `workers = 1`, and more in an environment for Kubernetes",
                );
            } else if lasting.access == Access::Rwo {
                findings.pair(
                    Code::SharedVolume,
                    (&key, "for one to write"),
                    (&process.key("workers"), "several containers"),
                    format!("{containers} containers of `{}` would write to `{}` at once", process.name, volume.name),
                    "say `access = \"rwx\"` if they can, or ask for one worker",
                );
            }
        }
    }
    for (name, all) in by_name(app, app.companions(Runtime::SingleHost)) {
        let Some(first) = all.first() else { continue };
        if first.lasting.external || first.lasting.host.is_some() {
            on_host(first, findings);
        } else {
            one_owner(name, &all, findings);
        }
    }
}

/// A folder of the host is not made, nor given to anybody.
fn on_host(User { host: _, process, volume, lasting }: &User<'_>, findings: &mut Findings<'_>) {
    if let (Some(folder), Some(uid), false) = (&lasting.host, process.user.uid, lasting.is_read_only()) {
        findings.value(
            Code::HostFolder,
            &process.volume_key(volume).child("host"),
            format!("`{folder}` has to be on the host, and to belong to user {uid}"),
            "not made, and given to nobody",
            format!("make it once: `install -d -o {uid} {folder}`"),
        );
    }
}

/// A new Docker volume is given to one user.
fn one_owner(name: &str, all: &[User<'_>], findings: &mut Findings<'_>) {
    let Some((first, others)) = all.split_first() else { return };
    if first.lasting.is_read_only() {
        return findings.key(
            Code::NoEffect,
            &first.key().child("claim"),
            format!("Compose knows no claims: `{name}` is a new volume there, which nobody fills"),
            "has no effect on Compose",
            "name a folder that holds it, as in `host = \"./models\"`, or a Docker volume: `external = true`",
        );
    }
    for other in others.iter().filter(|other| other.process.user.uid != first.process.user.uid) {
        two_users(name, first.process, other.process, findings);
    }
}

pub(super) fn two_users(name: &str, first: &Process, other: &Process, findings: &mut Findings<'_>) {
    findings.pair(
        Code::BadVolume,
        (&findings.written(&other.at, &["uid"]), "one user"),
        (&findings.written(&first.at, &["uid"]), "another"),
        format!("a Docker volume belongs to one user, and `{name}` would have two"),
        "give the processes that share it one `uid`",
    );
}

/// Instances come and go, and keep nothing.
pub(super) fn serverless(process: &Process, findings: &mut Findings<'_>) {
    for volume in process.volumes.iter().filter(|volume| volume.lasting().is_some()) {
        findings.key(
            Code::BadVolume,
            &process.volume_key(volume),
            format!("no instance keeps the volume `{}`", volume.name),
            "nothing would be there",
            "keep the data in a service, such as an object store, or render it for Kubernetes or Compose",
        );
    }
}
