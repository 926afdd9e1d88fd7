//! `[k8s]`: what only Kubernetes is told.

use std::collections::BTreeMap;

use crate::{
    app::{findings::Findings, labels},
    key::Key,
    problem::Code,
    profile::{self, FoundExtra, Jobs, PullPolicy, Spread, Toleration, TolerationEffect, Version},
};

/// Settings that only Kubernetes has.
#[derive(Debug, Clone, PartialEq)]
pub struct K8s {
    pub version: Version,
    pub namespace: Option<String>,
    pub pull_policy: PullPolicy,
    pub network_policy: bool,
    pub disruption_budget: bool,
    pub jobs: Jobs,
    pub image_pull_secrets: Vec<String>,
    /// By pattern, and by name.
    pub extra: Vec<Extra>,
}

/// A file of objects that are not rendered, but brought as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// The pattern that found it.
    pub key: Key,
    /// As seen from the profile.
    pub path: String,
    pub text: String,
}

/// What Kubernetes alone is told of one process.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessK8s {
    pub workers_per_pod: u32,
    /// Overrides the rule.
    pub replicas: Option<u32>,
    pub node_selector: BTreeMap<String, String>,
    pub tolerations: Vec<Toleration>,
    pub priority_class: Option<String>,
    pub topology_spread: Spread,
}

/// The settings of the app, and those of its main process, which are decided with it.
pub fn k8s(wanted: Option<profile::K8s>, findings: &mut Findings<'_>) -> (K8s, profile::ProcessK8s) {
    let profile::K8s {
        version,
        namespace,
        pull_policy,
        network_policy,
        disruption_budget,
        jobs,
        image_pull_secrets,
        // Spent when its files were read.
        extra: _,
        found,
        process,
    } = wanted.unwrap_or_default();
    let key = Key::new("k8s");
    let image_pull_secrets = image_pull_secrets.unwrap_or_default();
    findings.twice(&key.below("image_pull_secrets"), &image_pull_secrets);
    for (i, name) in image_pull_secrets.iter().enumerate() {
        labels::check_object_name(name, 253, &key.below("image_pull_secrets").child(i.to_string()), findings);
    }
    let k8s = K8s {
        version: version.unwrap_or(Version::V1_33),
        namespace,
        pull_policy: pull_policy.unwrap_or(PullPolicy::Always),
        network_policy: network_policy.unwrap_or(true),
        disruption_budget: disruption_budget.unwrap_or(true),
        jobs: jobs.unwrap_or(Jobs::Plain),
        image_pull_secrets,
        extra: extra(found.unwrap_or_default(), &key.below("extra")),
    };
    (k8s, process)
}

/// A file that several patterns find is there once.
fn extra(found: Vec<Vec<FoundExtra>>, list: &Key) -> Vec<Extra> {
    let mut all: Vec<Extra> = Vec::new();
    for (i, files) in found.into_iter().enumerate() {
        for FoundExtra { path, text } in files {
            if all.iter().all(|other| other.path != path) {
                all.push(Extra { key: list.child(i.to_string()), path, text });
            }
        }
    }
    all
}

pub fn process_k8s(wanted: profile::ProcessK8s, at: &Key, findings: &mut Findings<'_>) -> ProcessK8s {
    let profile::ProcessK8s { workers_per_pod, replicas, node_selector, tolerations, priority_class, topology_spread } =
        wanted;
    let key = at.child("k8s");
    let node_selector = node_selector.unwrap_or_default();
    labels::check_selector(&node_selector, &key.below("node_selector"), findings);
    let tolerations = tolerations.unwrap_or_default();
    findings.twice(&key.below("tolerations"), &tolerations);
    for (i, toleration) in tolerations.iter().enumerate() {
        check_toleration(toleration, &key.below("tolerations").child(i.to_string()), findings);
    }
    if let Some(name) = &priority_class {
        labels::check_object_name(name, 253, &key.below("priority_class"), findings);
    }
    ProcessK8s {
        workers_per_pod: workers_per_pod.unwrap_or(1),
        replicas,
        node_selector,
        tolerations,
        priority_class,
        topology_spread: topology_spread.unwrap_or(Spread::Soft),
    }
}

/// What the API server refuses (Kubernetes, `ValidateTolerations`).
fn check_toleration(toleration: &Toleration, at: &Key, findings: &mut Findings<'_>) {
    let Toleration { key, value, effect, seconds } = toleration;
    labels::check_taint(key.as_deref(), value.as_deref(), at, findings);
    if value.is_some() && key.is_none() {
        findings.key(
            Code::Conflict,
            &at.below("value"),
            "a toleration with a `value` needs a `key`",
            "of no taint",
            "add the taint's `key`, or drop it",
        );
    }
    if seconds.is_some() && *effect != Some(TolerationEffect::NoExecute) {
        findings.key(
            Code::Conflict,
            &at.below("seconds"),
            "only a taint that evicts leaves time",
            "needs `effect = \"NoExecute\"`",
            "set the effect, or drop `seconds`",
        );
    }
}
