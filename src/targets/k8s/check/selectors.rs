//! What selects or names a workload finds it, and no other.

use super::pods::{Pods, name, of_kind, pods, together};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    Rule {
        name: "a workload selects the pods that it makes",
        source: "Kubernetes, ValidateDeploymentSpec",
        weight: Weight::Invalid,
        find: own,
    },
    Rule {
        name: "what selects pods finds a workload of the output",
        source: "kube-score service-targets-pod, kube-linter dangling-*",
        weight: Weight::Invalid,
        find: dangling,
    },
    Rule {
        name: "a Service and a disruption budget select one workload alone",
        source: "Kubernetes, pod eviction: a pod has at most one budget",
        weight: Weight::Invalid,
        find: several,
    },
    Rule {
        name: "a network policy opens one workload alone",
        source: "Kubernetes documentation, Network Policies: they add up",
        weight: Weight::Unhardened,
        find: opened,
    },
    Rule {
        name: "an autoscaler names a workload of the output, and its containers",
        source: "kube-linter dangling-horizontalpodautoscaler, Kubernetes API, ContainerResourceMetricSource",
        weight: Weight::Invalid,
        find: scaled,
    },
];

/// Where the selector of a kind stands.
const SELECTORS: &[(&str, &str)] =
    &[("Service", "spec.selector"), ("PodDisruptionBudget", "spec.selector"), ("NetworkPolicy", "spec.podSelector")];

fn own(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        let selector = pod.object.at("spec.selector");
        if selector.is_set() && !pod.selected_by(&selector) {
            found.add(&selector, "the selector does not match the labels of its own pods");
        }
    }
}

/// The selector of an object, and the workloads that it finds; `None` if the object means to select nothing.
pub fn selection<'a, 'p>(object: &At<'a>, workloads: &'p [Pods<'a>]) -> Option<(At<'a>, Vec<&'p Pods<'a>>)> {
    let kind = object.key("kind").text();
    let (kind, path) = SELECTORS.iter().find(|(name, _)| kind == Some(name))?;
    let selector = object.at(path);
    // A Service without a selector has its addresses from elsewhere, or is but a name.
    if *kind == "Service" && selector.entries().next().is_none() {
        return None;
    }
    let finds = |pods: &&Pods<'_>| together(object, &pods.object) && pods.selected_by(&selector);
    let found = workloads.iter().filter(finds).collect();
    Some((selector, found))
}

/// The workloads that an object selects.
pub fn selected<'a, 'p>(object: &At<'a>, workloads: &'p [Pods<'a>]) -> Vec<&'p Pods<'a>> {
    selection(object, workloads).map_or_else(Vec::new, |(_, found)| found)
}

fn dangling(objects: &[At<'_>], found: &mut Found) {
    let workloads = pods(objects);
    for (selector, finds) in objects.iter().filter_map(|object| selection(object, &workloads)) {
        if finds.is_empty() {
            found.add(&selector, "the selector finds no workload of this output");
        }
    }
}

fn several(objects: &[At<'_>], found: &mut Found) {
    for kind in ["Service", "PodDisruptionBudget"] {
        report_several(objects, kind, found);
    }
}

fn opened(objects: &[At<'_>], found: &mut Found) {
    report_several(objects, "NetworkPolicy", found);
}

fn report_several(objects: &[At<'_>], kind: &str, found: &mut Found) {
    let workloads = pods(objects);
    for (selector, finds) in of_kind(objects, kind).filter_map(|object| selection(object, &workloads)) {
        if finds.len() > 1 {
            let names: Vec<_> = finds.iter().map(|pods| format!("`{}`", name(&pods.object))).collect();
            found.add(&selector, format!("the selector finds {} workloads: {}", names.len(), names.join(", ")));
        }
    }
}

fn scaled(objects: &[At<'_>], found: &mut Found) {
    let workloads = pods(objects);
    for autoscaler in of_kind(objects, "HorizontalPodAutoscaler") {
        let target = autoscaler.at("spec.scaleTargetRef");
        let named = |pods: &&Pods<'_>| {
            pods.object.key("kind").text() == target.key("kind").text() && name(&pods.object) == target.name()
        };
        let Some(pods) = workloads.iter().filter(|pods| together(autoscaler, &pods.object)).find(named) else {
            let kind = target.key("kind").scalar().unwrap_or_default();
            found.add(&target, format!("there is no {kind} `{}` in this output", target.name()));
            continue;
        };
        for metric in autoscaler.at("spec.metrics").items() {
            let container = metric.at("containerResource.container");
            let is_there = |name: &str| pods.containers().iter().any(|container| container.name() == name);
            if let Some(name) = container.text().filter(|name| !is_there(name)) {
                found.add(&container, format!("the workload has no container `{name}`"));
            }
        }
    }
}
