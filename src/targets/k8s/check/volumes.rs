//! Volumes and where they are mounted.

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
        for (name, at) in twice(pod.spec.key("volumes").items().map(|volume| (volume.name(), volume))) {
            found.add(&at, format!("there is another volume `{name}`"));
        }
    }
}

fn dangling(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        let volumes: Vec<_> = pod.spec.key("volumes").items().map(|volume| volume.name()).collect();
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
        let used: Vec<_> = pod.containers().iter().flat_map(mounts).map(|mount| mount.name()).collect();
        for volume in pod.spec.key("volumes").items().filter(|volume| !used.contains(&volume.name())) {
            found.add(&volume, format!("no container mounts the volume `{}`", volume.name()));
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
        let volumes: Vec<_> = pod.spec.key("volumes").items().collect();
        for container in pod.containers() {
            let mounts: Vec<_> = container.key("volumeMounts").items().collect();
            for inner in &mounts {
                let below =
                    |outer: &&At<'_>| path(inner).strip_prefix(&path(outer)).is_some_and(|rest| rest.starts_with('/'));
                let Some(outer) = mounts.iter().filter(below).find(|outer| closed(outer, &volumes)) else { continue };
                let (inner_path, outer_path) = (path(inner), path(outer));
                found
                    .add(inner, format!("`{inner_path}` cannot be mounted inside `{outer_path}`, a file or read-only"));
            }
        }
    }
}

/// Whether no mount point can be made in a mount: files of Secrets and the like, and what is mounted to be read.
fn closed(mount: &At<'_>, volumes: &[At<'_>]) -> bool {
    let volume = volumes.iter().find(|volume| volume.name() == mount.name());
    let read_only = |volume: &At<'_>| {
        ["secret", "configMap", "downwardAPI", "projected"].iter().any(|source| volume.key(source).is_set())
    };
    mount.key("readOnly").is(true) || volume.is_some_and(read_only)
}
