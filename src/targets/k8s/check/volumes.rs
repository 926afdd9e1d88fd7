//! Volumes and where they are mounted.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::pods::pods;
use crate::targets::check::{At, Found, Rule, Weight, twice};

pub const RULES: &[Rule] = &[
    Rule {
        name: "no two volumes of a pod have one name",
        source: "Kubernetes API, PodSpec.volumes",
        weight: Weight::Invalid,
        find: names,
    },
    Rule {
        name: "every mount is of a volume of its pod",
        source: "Kubernetes API, VolumeMount.name",
        weight: Weight::Invalid,
        find: dangling,
    },
    Rule {
        name: "every volume is mounted by a container",
        source: "render: what nobody mounts was meant for somebody",
        weight: Weight::Invalid,
        find: unused,
    },
    Rule {
        name: "no two mounts of a container have one path",
        source: "Kubernetes API, VolumeMount.mountPath",
        weight: Weight::Invalid,
        find: paths,
    },
    Rule {
        name: "nothing is mounted inside a file or a read-only volume",
        source: "runc: the mount point cannot be made",
        weight: Weight::Invalid,
        find: inside,
    },
];

fn names(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        for (name, at) in twice(pod.volumes()) {
            found.add(&at, format!("there is another volume `{name}`"));
        }
    }
}

fn dangling(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        let volumes: BTreeSet<_> = pod.volumes().into_iter().map(|(name, _)| name).collect();
        for container in pod.containers() {
            for mount in mounts(&container).filter(|mount| !volumes.contains(&mount.name())) {
                let (container, volume) = (container.name(), mount.name());
                found.add(&mount, format!("container `{container}` mounts `{volume}`, and there is no such volume"));
            }
        }
    }
}

fn unused(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        let used: BTreeSet<_> = pod.containers().iter().flat_map(mounts).map(|mount| mount.name()).collect();
        for (name, volume) in pod.volumes().into_iter().filter(|(name, _)| !used.contains(name)) {
            found.add(&volume, format!("no container mounts the volume `{name}`"));
        }
    }
}

/// Mounts of files and of block devices.
fn mounts<'a>(container: &At<'a>) -> impl Iterator<Item = At<'a>> + use<'a> {
    container.key("volumeMounts").items().chain(container.key("volumeDevices").items())
}

fn paths(objects: &[At<'_>], found: &mut Found) {
    for container in pods(objects).iter().flat_map(|pod| pod.containers()) {
        let mounts = container.key("volumeMounts").items();
        for (path, at) in twice(mounts.map(|mount| (path(&mount), mount))) {
            found.add(&at, format!("container `{}` has two mounts at `{path}`", container.name()));
        }
    }
}

fn path(mount: &At<'_>) -> String {
    let path = mount.key("mountPath").text().unwrap_or_default();
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/".into() } else { trimmed.into() }
}

/// Runtimes mount the shorter path first, so that a mount inside another one is seen, wherever it stands in the list
/// (containerd, `sortMounts`; CRI-O likewise). It needs a place in the other one, though.
fn inside(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        let mut volumes = BTreeMap::new();
        for (name, volume) in pod.volumes() {
            volumes.entry(name).or_insert(volume);
        }
        for container in pod.containers() {
            let mounts: Vec<_> = container.key("volumeMounts").items().collect();
            for (inner, outer) in mounts.iter().zip(around(&mounts, &volumes)) {
                let Some(outer) = outer.map(|outer| path(&mounts[outer])) else { continue };
                found.add(inner, format!("`{}` cannot be mounted inside `{outer}`, a file or read-only", path(inner)));
            }
        }
    }
}

/// For each mount, the first closed one that it lies inside.
fn around(mounts: &[At<'_>], volumes: &Volumes<'_>) -> Vec<Option<usize>> {
    // No character comes before a slash then, so that what lies inside a path follows it.
    let paths: Vec<String> = mounts.iter().map(|mount| path(mount).replace('/', "\0")).collect();
    let mut order: Vec<usize> = (0..mounts.len()).collect();
    order.sort_by_key(|mount| &paths[*mount]);
    let first = |a: Option<usize>, b: Option<usize>| a.into_iter().chain(b).min();
    let mut around = vec![None; mounts.len()];
    // The paths around the current one, each with the first closed mount at it or around it.
    let mut outer: Vec<(&str, Option<usize>)> = Vec::new();
    for mount in order {
        let path = paths[mount].as_str();
        let is_inside = |outer: &str| path.strip_prefix(outer).is_some_and(|rest| rest.starts_with('\0'));
        while outer.last().is_some_and(|(outer, _)| *outer != path && !is_inside(outer)) {
            outer.pop();
        }
        let same = outer.pop_if(|(outer, _)| *outer == path).and_then(|(_, closed)| closed);
        around[mount] = outer.last().and_then(|(_, closed)| *closed);
        let own = closed(&mounts[mount], volumes).then_some(mount);
        outer.push((path, first(first(around[mount], same), own)));
    }
    around
}

/// Volumes by name.
type Volumes<'a> = BTreeMap<Cow<'a, str>, At<'a>>;

/// Whether no mount point can be made in a mount: files of Secrets and the like, and what is mounted to be read.
fn closed(mount: &At<'_>, volumes: &Volumes<'_>) -> bool {
    let volume = volumes.get(&mount.name());
    let read_only = |volume: &At<'_>| {
        ["secret", "configMap", "downwardAPI", "projected"].iter().any(|source| volume.key(source).is_set())
    };
    mount.key("readOnly").is(true) || volume.is_some_and(read_only)
}
