//! A process, the main one or another.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::{
    Autoscale, ClosedBuild, CronDefaults, Dev, EnvName, EnvSource, EnvValue, File, Input, JobDefaults, Network, Port,
    Probes, ProcessCloudrun, ProcessCompose, ProcessK8s, Resources, Rollout, Secret, Security, Server, Service,
    Shutdown, State, Uid, Volume, VolumeName,
};

/// A process: how it starts, what it needs, and how it is told.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct Process {
    /// Image reference with a tag, a digest, or both: `ghcr.io/acme/orders:1.4.2`.
    #[schemars(length(min = 1))]
    pub image: Option<String>,
    /// Labels for every Kubernetes object and pod, and for the Compose service.
    pub labels: Option<BTreeMap<String, String>>,
    /// Annotations for every Kubernetes object and pod.
    pub annotations: Option<BTreeMap<String, String>>,

    /// Replaces the image's ENTRYPOINT and drops its CMD; never a shell. `${…}` references are read. Excludes `[server]`.
    #[schemars(length(min = 1))]
    pub command: Option<Vec<String>>,
    /// Replaces the image's CMD, or follows `command`. `${…}` references are read.
    pub args: Option<Vec<String>>,
    /// The variable by which `command` learns how many workers to fork; without it the process cannot fork.
    pub workers_env: Option<EnvName>,
    /// A variable that also tells the process its port.
    pub port_env: Option<EnvName>,
    /// Port that the process listens on; 8000 with `[server]`, else none. Without a port there is no Service.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// App processes wanted in all, at rest: 2 for a known server, else 1. Kubernetes gets replicas of one worker each,
    /// a Compose host one container of as many workers, development one reloading process.
    #[schemars(range(min = 1, max = 1000))]
    pub workers: Option<u32>,
    /// What a process keeps that its siblings do not see.
    pub state: Option<State>,
    /// User that the process runs as; `"image"` keeps the image's user. What runs the app's image has the app's unless it
    /// names one.
    #[schemars(extend("default" = 10001))]
    pub uid: Option<Uid>,
    /// Group that the process runs as; follows `uid`, and is shared with it.
    #[schemars(range(min = 0, max = 2147483647u32))]
    pub gid: Option<u32>,

    pub server: Option<Server>,
    /// Further named ports.
    pub ports: Option<BTreeMap<String, Port>>,
    pub service: Option<Service>,
    pub probes: Option<Probes>,
    pub resources: Option<Resources>,
    pub autoscale: Option<Autoscale>,
    pub shutdown: Option<Shutdown>,
    pub rollout: Option<Rollout>,

    /// Environment variables; never secrets. Booleans are written as strings.
    pub env: Option<BTreeMap<String, EnvValue>>,
    /// Variables of whole objects that somebody else keeps: `secret/NAME` and `configmap/NAME`. Compose reads each from
    /// `./NAME.env`. What the profile sets by itself wins, and a later object over an earlier one.
    pub env_from: Option<Vec<EnvSource>>,
    /// Secrets by name; never values.
    pub secrets: Option<BTreeMap<String, Secret>>,
    /// Plain values that whoever deploys supplies.
    pub inputs: Option<BTreeMap<String, Input>>,
    /// Files by their path in the container.
    pub files: Option<BTreeMap<String, File>>,
    /// Volumes by name.
    #[schemars(extend("patternErrorMessage" = "lower-case letters, digits and `-`, as in \"media\""))]
    pub volumes: Option<BTreeMap<VolumeName, Volume>>,
    pub security: Option<Security>,
    pub network: Option<Network>,
}

/// The name of a process, as a part of others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$")
)]
pub struct ProcessName(pub String);

/// Another process of the app, beside the main one. It shares the app's image, env, secrets, inputs, files, volumes,
/// security, network, labels and annotations, and may repeat any of them: its own merge over the app's.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct Sibling {
    /// A sibling whose keys this process takes where it has none of its own.
    pub like: Option<String>,
    #[serde(flatten)]
    pub process: Process,
    #[serde(flatten)]
    pub own: Own,
}

/// What single targets are told of a workload beside the main process.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct Own {
    pub k8s: Option<ClosedK8s>,
    pub compose: Option<ClosedCompose>,
    pub cloudrun: Option<ClosedCloudrun>,
    /// Over the app's `[dev]`, of which `command` and `debug_port` are the main process'.
    pub dev: Option<Dev>,
    /// How its image is built in development. An image of another name is not built without this.
    pub build: Option<ClosedBuild>,
}

/// What Kubernetes alone is told of this workload.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct ClosedK8s {
    #[serde(flatten)]
    pub process: ProcessK8s,
}

/// What Compose alone is told of this workload.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct ClosedCompose {
    #[serde(flatten)]
    pub process: ProcessCompose,
}

/// What Cloud Run and Knative alone are told of this workload.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct ClosedCloudrun {
    #[serde(flatten)]
    pub process: ProcessCloudrun,
}

/// What all workloads of a kind share.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// For every process but the main one.
    pub process: Option<ClosedProcess>,
    /// For every job.
    pub job: Option<JobDefaults>,
    /// For every cron.
    pub cron: Option<CronDefaults>,
}

/// A process by itself.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct ClosedProcess {
    #[serde(flatten)]
    pub process: Process,
    #[serde(flatten)]
    pub own: Own,
}

/// Has no other keys. serde's own refusal of unknown keys does not go with `flatten`.
pub(super) fn closed(schema: &mut Schema) {
    schema.insert("additionalProperties".into(), false.into());
}
