//! `[cloudrun]`: settings that only Cloud Run and Knative have.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Duration, Quantity, closed};

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct Cloudrun {
    pub flavor: Option<Flavor>,
    /// Of the main process; `timeout`, `ingress`, `service_account` and `cpu_boost` hold for all.
    #[serde(flatten)]
    pub process: ProcessCloudrun,
}

/// What Cloud Run and Knative alone are told of one workload. `timeout`, `ingress`, `service_account` and `cpu_boost` are
/// the app's unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct ProcessCloudrun {
    /// Instances that always run; without requests the others go. 1 where it keeps state in memory.
    #[schemars(range(min = 0, max = 1000), extend("default" = 0))]
    pub min: Option<u32>,
    /// The most instances; `[autoscale] max` unless given, or `workers`.
    #[schemars(range(min = 1, max = 1000))]
    pub max: Option<u32>,
    /// CPU of an instance on Cloud Run: 1, 2, 4, 6 or 8 cores, or a part of one from 80m on. What `[resources]` says
    /// unless given, rounded up.
    pub cpu: Option<Quantity>,
    /// Requests that an instance takes at once: 80 on Cloud Run, any number on Knative.
    #[schemars(range(min = 1, max = 1000))]
    pub concurrency: Option<u32>,
    /// Time for the answer to a request.
    #[schemars(extend("default" = "300s"))]
    pub timeout: Option<Duration>,
    pub ingress: Option<Exposure>,
    /// Who the instances are to others: the email address of an account of Google Cloud, or the name of a service account
    /// for Knative.
    #[schemars(length(min = 1))]
    pub service_account: Option<String>,
    /// Cloud Run: more CPU while an instance starts.
    #[schemars(extend("default" = true))]
    pub cpu_boost: Option<bool>,
}

/// Whose dialect is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "cloudrun"))]
pub enum Flavor {
    /// Cloud Run of Google Cloud.
    Cloudrun,
    /// Knative Serving in a cluster.
    Knative,
}

/// Whose requests reach the services. Who may call them is IAM's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "all"))]
pub enum Exposure {
    /// Everybody's.
    All,
    /// Those of the project's own networks; on Knative, of the cluster.
    Internal,
    /// Those, and what a load balancer of the project lets in.
    InternalAndCloudLoadBalancing,
}
