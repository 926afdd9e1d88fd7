//! Amounts and times that have to fit each other.

use super::pods::{Pods, pods};
use crate::targets::check::{At, Found, Rule, Weight, form::quantity};

/// What Kubernetes takes where nothing is said (Kubernetes API, `PodSpec.terminationGracePeriodSeconds`).
const DEFAULT_GRACE: i64 = 30;

pub const RULES: &[Rule] = &[
    Rule {
        name: "no container requests more than its limit",
        source: "Kubernetes, ValidateResourceRequirements",
        weight: Weight::Invalid,
        find: requests,
    },
    Rule {
        name: "every container requests CPU and memory, and has a limit of memory",
        source: "kube-score container-resources, Polaris, Checkov CKV_K8S_10 to 13",
        weight: Weight::Unhardened,
        find: set,
    },
    Rule {
        name: "the grace period is longer than the sleep before the stop",
        source: "Kubernetes documentation, Pod Lifecycle: the hook counts as part of it",
        weight: Weight::Invalid,
        find: grace,
    },
];

fn requests(objects: &[At<'_>], found: &mut Found) {
    for container in pods(objects).iter().flat_map(Pods::containers) {
        let limits = container.at("resources.limits");
        for (resource, at) in container.at("resources.requests").entries() {
            let (Some(wanted), Some(limit)) = (at.scalar(), limits.key(resource).scalar()) else { continue };
            if quantity(&wanted).zip(quantity(&limit)).is_some_and(|(wanted, limit)| wanted > limit) {
                let name = container.name();
                found.add(&at, format!("container `{name}` requests {wanted} {resource}, and its limit is {limit}"));
            }
        }
    }
}

fn set(objects: &[At<'_>], found: &mut Found) {
    for container in pods(objects).iter().flat_map(Pods::containers) {
        for path in ["resources.requests.cpu", "resources.requests.memory", "resources.limits.memory"] {
            let at = container.at(path);
            if !at.is_set() {
                found.add(&at, format!("container `{}` has no `{path}`", container.name()));
            }
        }
    }
}

fn grace(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        let at = pod.spec.key("terminationGracePeriodSeconds");
        let grace = at.number().unwrap_or(DEFAULT_GRACE);
        let sleeps = pod.containers().into_iter().filter_map(|container| {
            container.at("lifecycle.preStop.sleep.seconds").number().filter(|sleep| *sleep >= grace)
        });
        if let Some(longest) = sleeps.max() {
            found
                .add(&at, format!("the pod is killed after {grace}s, and sleeps {longest}s before it is told to stop"));
        }
    }
}
