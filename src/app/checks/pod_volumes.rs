//! Volumes that do not outlive their pod: what its containers share, and what a host makes of that.

use std::collections::BTreeMap;

use super::volumes::two_users;
use crate::{
    app::{App, Bytes, Process, Runtime, Volume, findings::Findings},
    key::Key,
    problem::Code,
};

/// What the containers of a pod mount.
fn mounted<'a>(app: &'a App, host: &'a Process) -> impl Iterator<Item = (&'a Process, &'a Volume)> {
    app.pod(host).flat_map(|one| one.volumes.iter().map(move |volume| (one, volume)))
}

/// What holds wherever the app runs.
pub(super) fn check(app: &App, findings: &mut Findings<'_>) {
    for host in app.everything() {
        alike(app, host, findings);
    }
}

/// One name is one volume for all containers of a pod. What outlives pods is compared wherever it is mounted.
fn alike(app: &App, host: &Process, findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<&str, (&Volume, Key)> = BTreeMap::new();
    for (process, volume) in mounted(app, host) {
        let key = process.volume_key(volume);
        let (first, at) = seen.entry(&volume.name).or_insert_with(|| (volume, key.clone()));
        let lasts = first.lasting().is_some() && volume.lasting().is_some();
        if !lasts && first.kind != volume.kind {
            findings.pair(
                Code::Conflict,
                (&key, "said otherwise"),
                (at, "one volume"),
                format!("`{}` is one volume for all containers of a pod", volume.name),
                "say it alike (only `mount` may differ), or give one of them another name",
            );
        }
    }
}

/// The disk of a pod is what its containers make room for; those that run before them are gone by then.
pub(super) fn orchestrated(app: &App, findings: &mut Findings<'_>) {
    for host in app.everything() {
        let mut seen: BTreeMap<&str, (Bytes, Key)> = BTreeMap::new();
        for (process, volume) in mounted(app, host) {
            let Some(size) = volume.scratch() else { continue };
            seen.entry(&volume.name).or_insert_with(|| (size, process.volume_key(volume)));
        }
        let running = || std::iter::once(host).chain(app.sidecars(host));
        let scratch = running().map(|process| process.security.on_disk());
        let needed: Bytes = seen.values().map(|(size, _)| *size).chain(scratch).sum();
        let room: Bytes = running().map(|process| process.resources.ephemeral_storage).sum();
        let own_fits = host.on_disk() <= host.resources.ephemeral_storage;
        if let Some((_, key)) = seen.into_values().max().filter(|_| own_fits && needed > room) {
            findings.value(
                Code::ScratchTooLarge,
                &key,
                format!("the pods of `{}` have no room for all that may be written", host.name),
                "the pod would be evicted before it is full",
                "raise `ephemeral_storage` in the `[resources]` of the process",
            );
        }
    }
}

/// A host knows no pods.
pub(super) fn single_host(app: &App, findings: &mut Findings<'_>) {
    for host in app.everything() {
        each_its_own(app, host, findings);
        one_writer(app, host, findings);
        in_memory(app, host, findings);
    }
}

/// Containers of one service have the volumes of the service.
fn each_its_own(app: &App, host: &Process, findings: &mut Findings<'_>) {
    let containers = app.parallelism(host, Runtime::SingleHost).replicas;
    for volume in host.volumes.iter().filter(|volume| volume.scratch().is_some() && containers > 1) {
        findings.pair(
            Code::SharedVolume,
            (&host.volume_key(volume), "one for each pod"),
            (&host.key("workers"), "several containers"),
            format!("Compose has no volume for each of {containers} containers of `{}`", host.name),
            "run one of it on Compose: `workers = 1`, and more in an environment for Kubernetes; or, if no other \
             container needs it, say it as `[security] writable`",
        );
    }
}

/// A Docker volume is given to one user.
fn one_writer(app: &App, host: &Process, findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<&str, &Process> = BTreeMap::new();
    for (process, volume) in mounted(app, host).filter(|(_, volume)| volume.scratch().is_some()) {
        let first = *seen.entry(&volume.name).or_insert(process);
        if first.user.uid != process.user.uid {
            two_users(&volume.name, first, process, findings);
        }
    }
}

/// Memory is each container's own there, where it is the pod's in a cluster.
fn in_memory(app: &App, host: &Process, findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<&str, Key> = BTreeMap::new();
    for (process, volume) in mounted(app, host).filter(|(_, volume)| volume.is_memory()) {
        let key = process.volume_key(volume);
        let first = seen.entry(&volume.name).or_insert_with(|| key.clone()).clone();
        if first != key {
            findings.pair(
                Code::SharedVolume,
                (&key, "memory of its own"),
                (&first, "and here"),
                format!("Compose does not share `{}` between containers: it lies in memory", volume.name),
                "say `medium = \"disk\"`, which containers share there, too",
            );
        }
    }
}
