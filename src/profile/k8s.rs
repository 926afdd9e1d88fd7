//! `[k8s]`: settings that only Kubernetes has.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::closed;

#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct K8s {
    pub version: Option<Version>,
    /// Namespace of every object; absent: the namespace that it is applied to.
    #[schemars(
        length(min = 1, max = 63),
        regex(pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"),
        extend("patternErrorMessage" = "lower-case letters, digits and `-`, as in \"orders\"")
    )]
    pub namespace: Option<String>,
    pub pull_policy: Option<PullPolicy>,
    /// Renders a NetworkPolicy.
    #[schemars(extend("default" = true))]
    pub network_policy: Option<bool>,
    /// Renders a PodDisruptionBudget for two replicas or more.
    #[schemars(extend("default" = true))]
    pub disruption_budget: Option<bool>,
    pub jobs: Option<Jobs>,
    /// Secrets with the registry's credentials.
    pub image_pull_secrets: Option<Vec<String>>,
    /// Objects of your own, beside what is rendered: YAML files, relative to the file that names them, with `*` and `?` in
    /// their names.
    #[schemars(length(min = 1))]
    pub extra: Option<Vec<String>>,
    /// What the files of `extra` hold, pattern by pattern. Not the user's to write.
    #[schemars(skip)]
    pub found: Option<Vec<Vec<FoundExtra>>>,
    /// Of the main process; where its pods run holds for all.
    #[serde(flatten)]
    pub process: ProcessK8s,
}

/// A file of raw objects.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FoundExtra {
    /// As seen from the profile.
    pub path: String,
    pub text: String,
}

/// What Kubernetes alone is told of one workload. Where its pods run is the app's unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct ProcessK8s {
    /// Overrides the workers-versus-replicas rule: so many workers in each pod.
    #[schemars(range(min = 1, max = 64), extend("default" = 1))]
    pub workers_per_pod: Option<u32>,
    /// Overrides the workers-versus-replicas rule: so many pods.
    #[schemars(range(min = 1, max = 1000))]
    pub replicas: Option<u32>,
    /// Labels of the nodes that may run the pods.
    pub node_selector: Option<BTreeMap<String, String>>,
    /// Taints that the pods put up with.
    pub tolerations: Option<Vec<Toleration>>,
    /// An existing PriorityClass.
    #[schemars(length(min = 1))]
    pub priority_class: Option<String>,
    pub topology_spread: Option<Spread>,
}

/// The oldest server that the objects are for: fields that it lacks are not emitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[schemars(extend("default" = "1.33"))]
pub enum Version {
    #[serde(rename = "1.33")]
    V1_33,
    #[serde(rename = "1.34")]
    V1_34,
    #[serde(rename = "1.35")]
    V1_35,
    #[serde(rename = "1.36")]
    V1_36,
    #[serde(rename = "1.37")]
    V1_37,
}

/// When the node asks the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(extend("default" = "Always"))]
pub enum PullPolicy {
    /// At every start, so that credentials and tags are checked; cheap with a digest.
    Always,
    /// When the node does not have the image: kind, and clusters without a registry.
    IfNotPresent,
    /// Never.
    Never,
}

/// Who runs the jobs, and so in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "plain"))]
pub enum Jobs {
    /// The cluster alone, as soon as they are applied. Each content has a name of its own, and runs once.
    Plain,
    /// Argo CD, as hooks of each sync.
    Argocd,
    /// Helm, as hooks of each release; the objects are templates of a chart.
    Helm,
}

/// How replicas are spread over hosts and zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "soft"))]
pub enum Spread {
    /// As well as it goes.
    Soft,
    /// Evenly over zones, or not at all.
    Hard,
    /// As the scheduler likes.
    None,
}

/// A taint that the pods put up with.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Toleration {
    /// The taint's key; absent: every taint.
    pub key: Option<String>,
    /// The taint's value; absent: any.
    pub value: Option<String>,
    /// The taint's effect; absent: every effect.
    pub effect: Option<TolerationEffect>,
    /// With `NoExecute`: for so many seconds.
    #[schemars(range(min = 0, max = 2147483647u32))]
    pub seconds: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
pub enum TolerationEffect {
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}
