//! What stands beside what in an instance.

use super::{annotation, instance, is_knative};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    Rule {
        name: "a container waits for others of its instance, each of which has a startup probe",
        source: "Cloud Run documentation, Deploying container images to services, Start up order",
        weight: Weight::Invalid,
        find: order,
    },
    Rule {
        name: "Knative asks for the health of what requests come to alone",
        source: "Knative Serving, validateSidecarContainer",
        weight: Weight::Invalid,
        find: unasked,
    },
];

/// Who waits for whom stands in an annotation, as JSON.
fn order(objects: &[At<'_>], found: &mut Found) {
    for object in objects {
        let at = annotation(object, "run.googleapis.com/container-dependencies");
        let Some(text) = at.text() else { continue };
        let Ok(needs) = serde_json::from_str::<std::collections::BTreeMap<String, Vec<String>>>(text) else {
            found.add(&at, "names of containers are wanted, each with a list of those that it waits for");
            continue;
        };
        let containers: Vec<At<'_>> = instance(object).key("containers").items().collect();
        let find = |name: &str| containers.iter().find(|container| container.name() == name);
        for (name, awaited) in &needs {
            for one in awaited.iter().chain([name]).filter(|one| find(one).is_none()) {
                found.add(&at, format!("there is no container `{one}`"));
            }
            for one in awaited.iter().filter(|one| find(one).is_some_and(|at| !at.key("startupProbe").is_set())) {
                found.add(
                    &at,
                    format!("`{name}` waits for `{one}`, which no startup probe asks whether it has started"),
                );
            }
        }
    }
}

fn unasked(objects: &[At<'_>], found: &mut Found) {
    for object in objects.iter().filter(|object| is_knative(object)) {
        let containers: Vec<At<'_>> = instance(object).key("containers").items().collect();
        let sidecar = |container: &&At<'_>| containers.len() > 1 && container.key("ports").items().next().is_none();
        for container in containers.iter().filter(sidecar) {
            for probe in ["startupProbe", "livenessProbe", "readinessProbe"].map(|name| container.key(name)) {
                if probe.is_set() {
                    found.add(&probe, format!("container `{}` has no port that requests come to", container.name()));
                }
            }
        }
    }
}
