//! What belongs together in one object: containers, ports, variables, volumes.

use std::collections::BTreeSet;

use super::{containers, instance};
use crate::targets::check::{At, Found, Rule, Weight, twice};

pub const RULES: &[Rule] = &[
    Rule {
        name: "no two objects of a kind have one name",
        source: "Cloud Run Admin API v1, ObjectMeta.name",
        weight: Weight::Invalid,
        find: names,
    },
    Rule {
        name: "one container of a service has one port, and none of a worker pool or a job has any",
        source: "Cloud Run documentation, Container runtime contract; Knative Serving, validateContainersPorts",
        weight: Weight::Invalid,
        find: ports,
    },
    Rule {
        name: "no two containers of an instance have one name, and each has an image",
        source: "Knative Serving, validateContainers",
        weight: Weight::Invalid,
        find: named,
    },
    Rule {
        name: "no variable of a container is set twice, or is one of the platform's",
        source: "Cloud Run documentation, Container runtime contract; Knative Serving, reservedEnvVars",
        weight: Weight::Invalid,
        find: variables,
    },
    Rule {
        name: "every mount is of a volume of its instance, and every volume is mounted",
        source: "Knative Serving, ValidateVolumes",
        weight: Weight::Invalid,
        find: mounts,
    },
    Rule {
        name: "no two volumes of an instance have one name, and no two mounts of a container one path",
        source: "Knative Serving, ValidateVolumes and validateVolumeMounts",
        weight: Weight::Invalid,
        find: volumes,
    },
    Rule {
        name: "a probe asks in one way, a variable has a value or a source, a volume has one source",
        source: "Cloud Run Admin API v1; Knative Serving, k8s_validation.go",
        weight: Weight::Invalid,
        find: one_of,
    },
];

fn names(objects: &[At<'_>], found: &mut Found) {
    let named = objects.iter().map(|object| {
        let name = object.at("metadata.name");
        ((object.key("kind").text(), name.text()), name)
    });
    for ((kind, name), at) in twice(named) {
        found.add(&at, format!("there is another {} `{}`", kind.unwrap_or_default(), name.unwrap_or_default()));
    }
}

fn ports(objects: &[At<'_>], found: &mut Found) {
    for object in objects {
        let list = instance(object).key("containers");
        let ports: Vec<At<'_>> = list.items().flat_map(|container| container.key("ports").items()).collect();
        match (object.key("kind").text(), ports.as_slice()) {
            (Some("WorkerPool"), [port, ..]) => found.add(port, "nobody sends requests to a worker pool"),
            (Some("Job"), [port, ..]) => found.add(port, "nobody sends requests to a job"),
            (Some("Service"), []) => found.add(&list, "no container has the port that requests come to"),
            (Some("Service"), [_, another, ..]) => found.add(another, "a service has one port"),
            _ => {}
        }
    }
}

fn named(objects: &[At<'_>], found: &mut Found) {
    for object in objects {
        let containers: Vec<At<'_>> = instance(object).key("containers").items().collect();
        for (name, at) in twice(containers.iter().map(|container| (container.name(), container.clone()))) {
            found.add(&at, format!("there is another container `{name}`"));
        }
        for container in containers.iter().filter(|container| container.key("image").text().is_none_or(str::is_empty)) {
            found.add(&container.key("image"), format!("container `{}` has no image", container.name()));
        }
    }
}

const RESERVED: &[&str] = &["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"];

fn variables(objects: &[At<'_>], found: &mut Found) {
    for container in containers(objects) {
        let own = container.key("ports").items().next().is_some();
        let variables: Vec<At<'_>> = container.key("env").items().collect();
        for variable in &variables {
            // A sidecar is told no port, so it may be told one.
            if RESERVED.contains(&variable.name().as_ref()) && (own || variable.name() != "PORT") {
                found.add(variable, format!("`{}` is set by the platform", variable.name()));
            }
        }
        for (name, at) in twice(variables.into_iter().map(|variable| (variable.name(), variable))) {
            found.add(&at, format!("container `{}` sets `{name}` twice", container.name()));
        }
    }
}

fn mounts(objects: &[At<'_>], found: &mut Found) {
    for object in objects {
        let spec = instance(object);
        let volumes: BTreeSet<_> = spec.key("volumes").items().map(|volume| volume.name()).collect();
        let mut used = BTreeSet::new();
        for container in spec.key("containers").items() {
            for mount in container.key("volumeMounts").items() {
                if !volumes.contains(&mount.name()) {
                    let (container, volume) = (container.name(), mount.name());
                    found
                        .add(&mount, format!("container `{container}` mounts `{volume}`, and there is no such volume"));
                }
                used.insert(mount.name());
            }
        }
        for volume in spec.key("volumes").items().filter(|volume| !used.contains(&volume.name())) {
            found.add(&volume, format!("no container mounts the volume `{}`", volume.name()));
        }
    }
}

fn volumes(objects: &[At<'_>], found: &mut Found) {
    for object in objects {
        let spec = instance(object);
        for (name, at) in twice(spec.key("volumes").items().map(|volume| (volume.name(), volume))) {
            found.add(&at, format!("there is another volume `{name}`"));
        }
        for container in spec.key("containers").items() {
            let path =
                |mount: &At<'_>| mount.key("mountPath").text().unwrap_or_default().trim_end_matches('/').to_owned();
            for (path, at) in twice(container.key("volumeMounts").items().map(|mount| (path(&mount), mount))) {
                found.add(&at, format!("container `{}` has two mounts at `{path}`", container.name()));
            }
        }
    }
}

fn one_of(objects: &[At<'_>], found: &mut Found) {
    const ASKS: &[&str] = &["exec", "grpc", "httpGet", "tcpSocket"];
    let mut check = |at: &At<'_>, keys: &[&str], least: usize| {
        let set: Vec<&str> = keys.iter().copied().filter(|key| at.key(key).is_set()).collect();
        match set.as_slice() {
            [first, .., last] => found.add_with(
                at,
                format!("`{}` has both `{first}` and `{last}`", at.path),
                Some(
                    "a patch merges into what is there: remove the other one with `remove`, or with null in `yaml`"
                        .into(),
                ),
            ),
            [] if least > 0 => {
                found.add(at, format!("`{}` says nothing: it needs one of {}", at.path, keys.join(", ")))
            }
            _ => {}
        }
    };
    for container in containers(objects) {
        for probe in ["startupProbe", "livenessProbe", "readinessProbe"].map(|name| container.key(name)) {
            check(&probe, ASKS, usize::from(probe.is_set()));
        }
        for variable in container.key("env").items() {
            check(&variable, &["value", "valueFrom"], 0);
        }
    }
    for volume in objects.iter().flat_map(|object| instance(object).key("volumes").items()) {
        let own: Vec<&str> = volume.entries().map(|(key, _)| key).filter(|key| *key != "name").collect();
        check(&volume, if own.is_empty() { &["csi", "emptyDir", "nfs", "secret"] } else { &own }, 1);
    }
}
