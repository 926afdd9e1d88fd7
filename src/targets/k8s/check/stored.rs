//! Objects that pods mount: claims and ConfigMaps, and what a StatefulSet needs beside them.

use super::pods::{Pods, name, of_kind, pods, together};
use super::selectors::selected;
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    Rule {
        name: "what is made to be mounted is mounted",
        source: "render: a claim or ConfigMap that no pod names was meant for one",
        weight: Weight::Invalid,
        find: unused,
    },
    Rule {
        name: "a file of a ConfigMap is in it",
        source: "kubelet: an empty folder appears instead",
        weight: Weight::Invalid,
        find: keys,
    },
    Rule {
        name: "a StatefulSet has a headless Service that finds its pods",
        source: "Kubernetes documentation, StatefulSets, Stable Network ID",
        weight: Weight::Invalid,
        find: governed,
    },
    Rule {
        name: "a volume of one node is for one pod at a time",
        source: "Kubernetes documentation, Persistent Volumes, Access Modes: Multi-Attach error",
        weight: Weight::Unhardened,
        find: shared,
    },
];

/// The places at which a pod names a claim or a ConfigMap.
fn named<'a>(pods: &Pods<'a>, kind: &str) -> Vec<At<'a>> {
    let volumes = pods.spec.key("volumes").items();
    let places: Vec<At<'a>> = match kind {
        "PersistentVolumeClaim" => volumes.map(|volume| volume.at("persistentVolumeClaim.claimName")).collect(),
        _ => {
            let projected =
                |volume: &At<'a>| volume.at("projected.sources").items().map(|one| one.at("configMap.name"));
            let volumes: Vec<At<'a>> = volumes.collect();
            let mounted =
                volumes.iter().flat_map(|one| std::iter::once(one.at("configMap.name")).chain(projected(one)));
            let containers = pods.containers();
            let all =
                containers.iter().flat_map(|one| one.key("envFrom").items().map(|from| from.at("configMapRef.name")));
            let single = containers
                .iter()
                .flat_map(|one| one.key("env").items().map(|env| env.at("valueFrom.configMapKeyRef.name")));
            mounted.chain(all).chain(single).collect()
        }
    };
    places.into_iter().filter(At::is_set).collect()
}

fn unused(objects: &[At<'_>], found: &mut Found) {
    let workloads = pods(objects);
    for kind in ["PersistentVolumeClaim", "ConfigMap"] {
        for object in of_kind(objects, kind) {
            let names = |pods: &Pods<'_>| named(pods, kind).iter().any(|at| at.text() == Some(name(object)));
            if !workloads.iter().any(|pods| together(object, &pods.object) && names(pods)) {
                let name = name(object);
                found.add(&object.at("metadata.name"), format!("no pod mounts the {kind} `{name}`"));
            }
        }
    }
}

fn keys(objects: &[At<'_>], found: &mut Found) {
    for pods in pods(objects) {
        let mut maps = Vec::new();
        for volume in pods.spec.key("volumes").items() {
            let wanted = volume.at("configMap.name");
            let is_it = |object: &&At<'_>| Some(name(object)) == wanted.text() && together(object, &pods.object);
            let Some(map) = of_kind(objects, "ConfigMap").find(|object| is_it(object)) else { continue };
            // Items are mounted under other names.
            if !volume.at("configMap.items").is_set() {
                maps.push((volume.name(), map.clone()));
            }
        }
        for container in pods.containers() {
            for mount in container.key("volumeMounts").items() {
                let Some((_, map)) = maps.iter().find(|(volume, _)| *volume == mount.name()) else { continue };
                let file = mount.key("subPath");
                let Some(key) = file.text() else { continue };
                if !map.key("data").key(key).is_set() && !map.key("binaryData").key(key).is_set() {
                    found.add(&file, format!("the ConfigMap `{}` has no `{key}`", name(map)));
                }
            }
        }
    }
}

fn governed(objects: &[At<'_>], found: &mut Found) {
    let workloads = pods(objects);
    for pods in workloads.iter().filter(|pods| pods.object.key("kind").text() == Some("StatefulSet")) {
        let at = pods.object.at("spec.serviceName");
        let wanted = at.text().unwrap_or_default();
        let is_it = |object: &&At<'_>| name(object) == wanted && together(object, &pods.object);
        let Some(service) = of_kind(objects, "Service").find(|object| is_it(object)) else {
            found.add(&at, format!("there is no Service `{wanted}`"));
            continue;
        };
        if service.at("spec.clusterIP").text() != Some("None") {
            found.add(&at, format!("the Service `{wanted}` is not headless: it hides the pods behind one address"));
        } else if !selected(service, &workloads).iter().any(|one| name(&one.object) == name(&pods.object)) {
            found.add(&at, format!("the Service `{wanted}` does not select these pods"));
        }
    }
}

/// Whether a claim can be mounted on one node alone.
fn is_single(claim: &At<'_>) -> bool {
    claim.at("spec.accessModes").items().all(|mode| mode.text().is_some_and(|mode| mode.starts_with("ReadWriteOnce")))
}

fn shared(objects: &[At<'_>], found: &mut Found) {
    let workloads = pods(objects);
    for claim in of_kind(objects, "PersistentVolumeClaim").filter(|claim| is_single(claim)) {
        let mounted = workloads.iter().filter(|pods| together(claim, &pods.object)).filter_map(|pods| {
            let at = named(pods, "PersistentVolumeClaim").into_iter().find(|at| at.text() == Some(name(claim)))?;
            Some((pods, at))
        });
        let mounted: Vec<_> = mounted.collect();
        for (pods, at) in &mounted {
            let claim = name(claim);
            let replicas = pods.object.at("spec.replicas").number().unwrap_or(1);
            if mounted.len() > 1 {
                found.add(at, format!("{} workloads mount `{claim}`, which is on one node at a time", mounted.len()));
            } else if replicas > 1 {
                found.add(at, format!("{replicas} pods mount `{claim}`, which is on one node at a time"));
            } else if is_rolled(pods) {
                found.add(at, format!("a new pod would wait for `{claim}`, which the old one holds"));
            }
        }
    }
}

/// Whether a new pod comes before the old one goes: that is the default of a Deployment.
fn is_rolled(pods: &Pods<'_>) -> bool {
    let is_deployment = pods.object.key("kind").text() == Some("Deployment");
    is_deployment && pods.object.at("spec.strategy.type").text() != Some("Recreate")
}
