//! `[sidecars.NAME]` and `[inits.NAME]`: containers in the pods of processes, jobs and crons.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::{ClosedBuild, EndingCompose, EndingDev, Process, ProcessCompose, job::without};

/// A container that starts before the process that it stands beside, and ends after it: a proxy, a collector. Both have
/// one network, so that 127.0.0.1 of one is that of the other. With an image of its own it has nothing of the app's
/// configuration but what it says itself.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = sidecar)]
pub struct Sidecar {
    /// The processes, jobs and crons that it stands beside, by name; the main process unless given.
    #[schemars(length(min = 1))]
    pub with: Option<Vec<String>>,
    #[serde(flatten)]
    pub process: Process,
    pub compose: Option<SidecarCompose>,
    pub dev: Option<EndingDev>,
    /// How its image is built in development. An image of another name is not built without this.
    pub build: Option<ClosedBuild>,
}

/// What Compose alone is told of a sidecar. `restart`, `logging` and `pids` are the app's unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = sidecar_compose)]
pub struct SidecarCompose {
    #[serde(flatten)]
    pub process: ProcessCompose,
}

/// What runs to its end before a process starts, each time that it starts; after the sidecars, and one after another in
/// the order in which they are written. With an image of its own it has nothing of the app's configuration but what it
/// says itself.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = init)]
pub struct Init {
    /// The processes, jobs and crons that it runs before, by name; the main process unless given.
    #[schemars(length(min = 1))]
    pub with: Option<Vec<String>>,
    #[serde(flatten)]
    pub process: Process,
    pub compose: Option<EndingCompose>,
    pub dev: Option<EndingDev>,
    /// How its image is built in development. An image of another name is not built without this.
    pub build: Option<ClosedBuild>,
}

/// Has no keys that are its pod's.
fn sidecar(schema: &mut Schema) {
    without(schema, "labels annotations workers_env workers state server service autoscale rollout network");
}

/// Its ports are published with those of the process.
fn sidecar_compose(schema: &mut Schema) {
    without(schema, "publish workers");
}

/// Has no keys of what lasts either.
fn init(schema: &mut Schema) {
    sidecar(schema);
    without(schema, "port_env port ports probes shutdown");
}
