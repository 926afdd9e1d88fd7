//! `[probes]`: how health is asked for, once, for every target.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Duration, HeaderName, HeaderValue, HttpPath, PortRef};

/// Probes, or `false` for none. Absent: TCP startup and readiness probes, no liveness, and a warning.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Probes {
    Off(#[schemars(extend("const" = false))] bool),
    Table(Box<ProbesTable>),
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbesTable {
    /// Is the process stuck? It is restarted when this fails. Must not ask other services.
    pub liveness: Option<Probe>,
    /// Can it take requests now? It gets none while this fails.
    pub readiness: Option<Probe>,
    /// Has it started? Asks as liveness does unless given.
    pub startup: Option<Startup>,
}

/// An HTTP path on the port, or a table.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Probe {
    Path(HttpPath),
    Table(ProbeTable),
}

/// One probe: exactly one of `http`, `https`, `tcp`, `exec` and `grpc`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbeTable {
    pub http: Option<HttpPath>,
    /// The same over TLS; no certificate is verified.
    pub https: Option<HttpPath>,
    /// The port accepts connections.
    pub tcp: Option<bool>,
    /// A command inside the container; exit code 0 is healthy. `${port}`, `${ports.NAME}` and `${inputs.NAME}` are read.
    #[schemars(length(min = 1))]
    pub exec: Option<Vec<String>>,
    /// The gRPC health service.
    pub grpc: Option<bool>,
    /// The service to ask for, for gRPC.
    pub service: Option<String>,
    /// Another port than `port`: a name of `[ports]`, or a number.
    pub port: Option<PortRef>,
    /// HTTP headers.
    #[schemars(extend("patternErrorMessage" = "the name of an HTTP header, as in \"X-Probe\""))]
    pub headers: Option<BTreeMap<HeaderName, HeaderValue>>,
    /// Time between two probes.
    #[schemars(extend("default" = "10s"))]
    pub every: Option<Duration>,
    /// Time for an answer.
    #[schemars(extend("default" = "3s"))]
    pub timeout: Option<Duration>,
    /// So many failures in a row count.
    #[schemars(range(min = 1, max = 1000), extend("default" = 3))]
    pub failures: Option<u32>,
}

/// The startup probe: how long a start may take, and what is asked meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Startup {
    /// The longest start that is still healthy.
    #[schemars(extend("default" = "60s"))]
    pub within: Option<Duration>,
    pub http: Option<HttpPath>,
    /// The same over TLS; no certificate is verified.
    pub https: Option<HttpPath>,
    /// The port accepts connections.
    pub tcp: Option<bool>,
    /// A command inside the container; exit code 0 is healthy. `${port}`, `${ports.NAME}` and `${inputs.NAME}` are read.
    #[schemars(length(min = 1))]
    pub exec: Option<Vec<String>>,
    /// The gRPC health service.
    pub grpc: Option<bool>,
    /// The service to ask for, for gRPC.
    pub service: Option<String>,
    /// Another port than `port`: a name of `[ports]`, or a number.
    pub port: Option<PortRef>,
    /// HTTP headers.
    #[schemars(extend("patternErrorMessage" = "the name of an HTTP header, as in \"X-Probe\""))]
    pub headers: Option<BTreeMap<HeaderName, HeaderValue>>,
    /// Time for an answer.
    #[schemars(extend("default" = "3s"))]
    pub timeout: Option<Duration>,
}
