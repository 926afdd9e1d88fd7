//! Volumes of all workloads together: what is one everywhere, and whether those that mount it can.

mod orchestrated;
mod single_host;

use std::{collections::BTreeMap, iter};

pub(super) use self::{
    orchestrated::orchestrated,
    single_host::{single_host, two_users},
};
use crate::{
    app::{App, Companion, Lasting, Process, State, Volume, findings::Findings},
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
    if app.lasts(process) {
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
