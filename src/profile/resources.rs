//! `[resources]` and `[autoscale]`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Duration, Quantity};

/// What ONE worker of a known server, or one process, needs. A container gets the sum over its workers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// CPU: a request, or request and limit. The limit is 1 core for known Python servers, else none; "none" drops it.
    #[schemars(extend("default" = { "request": "250m", "limit": "1" }))]
    pub cpu: Option<Range>,
    /// Memory: request and limit in one, or apart.
    #[schemars(extend("default" = "256Mi"))]
    pub memory: Option<Range>,
    /// Local disk that a pod may use, logs and scratch space included: request and limit in one. The default makes room for
    /// `[security] writable`.
    #[schemars(extend("default" = "256Mi"))]
    pub ephemeral_storage: Option<Quantity>,
    /// GPUs: how many, or a table. A process with GPUs does not fork: it has replicas everywhere, and one unless `workers`
    /// says more.
    pub gpu: Option<Gpu>,
}

/// A number of GPUs, or a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Gpu {
    Count(#[schemars(range(min = 1, max = 64))] u32),
    Table(GpuTable),
}

/// What a device plugin of the cluster offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GpuTable {
    #[schemars(range(min = 1, max = 64), extend("default" = 1))]
    pub count: Option<u32>,
    /// The name of the resource. Compose knows `nvidia.com/gpu` alone.
    #[schemars(
        length(min = 1, max = 253),
        regex(pattern = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$"),
        extend(
            "default" = "nvidia.com/gpu",
            "patternErrorMessage" = "the name of a device plugin's resource, as in \"nvidia.com/gpu\""
        )
    )]
    pub resource: Option<String>,
}

/// An amount, or request and limit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Range {
    Amount(Quantity),
    Table(RangeTable),
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub struct RangeTable {
    /// What is set aside.
    pub request: Option<Quantity>,
    /// What may be used at most; "none" for no limit (CPU only).
    #[schemars(
        regex(pattern = r"^(none|[0-9]{1,15}(\.[0-9]{1,9})?([mkMGT]|[KMGT]i)?)$"),
        extend("patternErrorMessage" = "a Kubernetes quantity, as in \"1\" or \"512Mi\", or \"none\"")
    )]
    pub limit: Option<String>,
}

/// More replicas under load (Kubernetes). Absent: off.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Autoscale {
    /// The most replicas. Required when `[autoscale]` is used.
    #[schemars(range(min = 1, max = 1000))]
    pub max: Option<u32>,
    /// The fewest replicas; what `workers` gives unless set.
    #[schemars(range(min = 1, max = 1000))]
    pub min: Option<u32>,
    /// Average CPU that is aimed at, in per cent of the request; 70 unless `memory` is given.
    #[schemars(range(min = 1, max = 10000))]
    pub cpu: Option<u32>,
    /// Average memory that is aimed at, in per cent of the request. Python gives little back: CPU is the better signal.
    #[schemars(range(min = 1, max = 100))]
    pub memory: Option<u32>,
    pub behavior: Option<Behavior>,
}

/// How fast replicas come and go.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Behavior {
    pub scale_up: Option<Scaling>,
    pub scale_down: Option<Scaling>,
}

/// One direction.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// The gentlest recommendation of this time span holds.
    pub stabilization: Option<Duration>,
    /// Which policy holds when several are given.
    pub select: Option<ScalingSelect>,
    /// How much may change in which time.
    #[schemars(length(min = 1))]
    pub policies: Option<Vec<ScalingPolicy>>,
    /// Deviation from the target that is ignored, in per cent (Kubernetes 1.35 and later).
    #[schemars(range(min = 0, max = 100))]
    pub tolerance: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScalingSelect {
    Max,
    Min,
    /// No scaling in this direction.
    Disabled,
}

/// Exactly one of `percent` and `pods`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScalingPolicy {
    #[schemars(range(min = 1, max = 1000))]
    pub percent: Option<u32>,
    #[schemars(range(min = 1, max = 1000))]
    pub pods: Option<u32>,
    /// Within this time span, at most 30 minutes.
    pub every: Duration,
}
