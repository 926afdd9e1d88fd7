//! `[shutdown]` and `[rollout]`: how a process ends, and how its successor comes.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Duration;

/// How a process ends. Grace periods derive from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shutdown {
    /// Time for requests in flight.
    #[schemars(extend("default" = "20s"))]
    pub drain: Option<Duration>,
    /// Kubernetes: time until every proxy has learned that the pod goes, before it is told to stop; 15s behind a
    /// load balancer, 0s without a Service.
    #[schemars(extend("default" = "5s"))]
    pub pre_stop: Option<Duration>,
}

/// How a new version comes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    pub strategy: Option<Strategy>,
    /// Replicas above the wanted number: a number, or per cent.
    #[schemars(extend("default" = 1))]
    pub surge: Option<Surge>,
    /// Replicas below the wanted number: a number, or per cent.
    #[schemars(extend("default" = 0))]
    pub unavailable: Option<Surge>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "rolling"))]
pub enum Strategy {
    /// New pods first, then old ones go.
    Rolling,
    /// Old pods go first: a gap, but never two versions at once.
    Recreate,
}

/// A number of pods, or per cent of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Surge {
    Pods(#[schemars(range(min = 0, max = 1000))] u32),
    Percent(
        #[schemars(
            regex(pattern = r"^(100|[0-9]{1,2})%$"),
            extend("patternErrorMessage" = "a number of pods, or per cent as in \"25%\"")
        )]
        String,
    ),
}
