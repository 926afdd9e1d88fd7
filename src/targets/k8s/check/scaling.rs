//! How many replicas there are, and how few there may be.

use super::{
    pods::{Pods, name, of_kind, pods, together},
    selectors::selected,
};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    Rule {
        name: "who has an autoscaler says nothing of replicas",
        source: "kube-score, deployment-targeted-by-hpa-does-not-have-replicas-configured",
        weight: Weight::Invalid,
        find: replicas,
    },
    Rule {
        name: "an autoscaler has room between its bounds",
        source: "Kubernetes, ValidateHorizontalPodAutoscaler",
        weight: Weight::Invalid,
        find: bounds,
    },
    Rule {
        name: "a disruption budget leaves room for a drain",
        source: "kube-linter pdb-min-available and pdb-max-unavailable",
        weight: Weight::Invalid,
        find: room,
    },
    Rule {
        name: "a disruption budget lets go of pods that are not ready",
        source: "kube-linter, pdb-unhealthy-pod-eviction-policy",
        weight: Weight::Unhardened,
        find: unhealthy,
    },
];

/// The autoscaler of a workload.
fn autoscaler<'a, 'o>(pods: &Pods<'a>, objects: &'o [At<'a>]) -> Option<&'o At<'a>> {
    let target = |at: &At<'a>| at.at("spec.scaleTargetRef.name").text() == Some(name(&pods.object));
    of_kind(objects, "HorizontalPodAutoscaler").find(|at| together(at, &pods.object) && target(at))
}

fn replicas(objects: &[At<'_>], found: &mut Found) {
    for pods in pods(objects) {
        let at = pods.object.at("spec.replicas");
        if at.is_set() && autoscaler(&pods, objects).is_some() {
            found.add(&at, "`replicas` is set, and each apply would undo what the autoscaler did");
        }
    }
}

fn bounds(objects: &[At<'_>], found: &mut Found) {
    for autoscaler in of_kind(objects, "HorizontalPodAutoscaler") {
        let (min, max) = (autoscaler.at("spec.minReplicas"), autoscaler.at("spec.maxReplicas"));
        let (least, most) = (min.number().unwrap_or(1), max.number().unwrap_or(i64::MAX));
        if least > most {
            found.add(&max, format!("`maxReplicas` is {most}, and `minReplicas` is {least}"));
        }
    }
}

fn room(objects: &[At<'_>], found: &mut Found) {
    let workloads = pods(objects);
    for budget in of_kind(objects, "PodDisruptionBudget") {
        let (stay, go) = (budget.at("spec.minAvailable"), budget.at("spec.maxUnavailable"));
        if stay.is_set() && go.is_set() {
            let help = "a patch merges into what is there: remove \"/spec/maxUnavailable\" in the same patch";
            found.add_with(&stay, "`minAvailable` and `maxUnavailable` exclude each other", Some(help.into()));
            continue;
        }
        if go.scalar().is_some_and(|go| go == "0" || go == "0%") || stay.text() == Some("100%") {
            found.add(if go.is_set() { &go } else { &stay }, "no pod may ever be evicted: a drain of its node hangs");
        }
        for pods in selected(budget, &workloads) {
            let fewest = match autoscaler(pods, objects) {
                Some(autoscaler) => autoscaler.at("spec.minReplicas").number(),
                None => pods.object.at("spec.replicas").number(),
            };
            let fewest = fewest.unwrap_or(1);
            if stay.number().is_some_and(|stay| stay >= fewest) {
                let least = stay.number().unwrap_or_default();
                found.add(&stay, format!("`minAvailable` is {least} of {fewest} replicas: a drain of a node hangs"));
            }
        }
    }
}

fn unhealthy(objects: &[At<'_>], found: &mut Found) {
    for budget in of_kind(objects, "PodDisruptionBudget") {
        let at = budget.at("spec.unhealthyPodEvictionPolicy");
        if !at.is_set() {
            found.add(&at, "`unhealthyPodEvictionPolicy` is not set: a crashing pod can block a drain");
        }
    }
}
