//! `[ports]` and `[service]`: what the process offers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// A further port: its number, or a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Port {
    Number(#[schemars(range(min = 1, max = 65535))] u16),
    Table(PortTable),
}

/// A further port.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortTable {
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    pub protocol: Option<Protocol>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "tcp"))]
pub enum Protocol {
    Tcp,
    Udp,
}

/// A port by its name in `[ports]`, or by its number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum PortRef {
    Number(#[schemars(range(min = 1, max = 65535))] u16),
    Name(String),
}

/// How the port is offered in the cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Port of the Service.
    #[schemars(range(min = 1, max = 65535), extend("default" = 80))]
    pub port: Option<u16>,
    #[serde(rename = "type")]
    pub type_: Option<ServiceType>,
    /// A sidecar of this process, with a `port`: requests come in there instead of at the process. Compose publishes that
    /// port.
    #[schemars(length(min = 1))]
    pub to: Option<String>,
    /// Annotations of the Service alone, beside those of every object: what a cloud's load balancer reads.
    pub annotations: Option<BTreeMap<String, String>>,
}

/// Who can reach the Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "cluster-ip"))]
pub enum ServiceType {
    /// The cluster.
    ClusterIp,
    /// The outside, through the cloud's load balancer.
    LoadBalancer,
    /// The outside, through a port of every node.
    NodePort,
    /// The cluster, which sees each pod instead of one address.
    Headless,
}
