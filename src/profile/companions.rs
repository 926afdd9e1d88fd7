//! `[companions.NAME]`: other programs beside the app, on Compose.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::{BackingPublish, ClosedBuild, EndingDev, Process, ProcessCompose, job::without};

/// Another program beside the app, on Compose alone: the pages of a database, a proxy, a collector. Its service bears its
/// own name. With an image of its own it has nothing of the app's configuration but what it says itself.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = companion)]
pub struct Companion {
    /// Where it stands, of `dev` and the names of environments; everywhere unless given.
    #[schemars(length(min = 1))]
    pub only: Option<Vec<String>>,
    /// The services, processes and companions that it waits for, by name. For services that it refers to it waits by
    /// itself.
    pub needs: Option<Vec<String>>,
    /// Host address and port of its main port; a table of them by the names of its ports, of which the main one is
    /// `http`; or `true`: every port under its own number on 127.0.0.1. Not published unless given.
    pub publish: Option<CompanionPublish>,
    #[serde(flatten)]
    pub process: Process,
    pub compose: Option<CompanionCompose>,
    pub dev: Option<EndingDev>,
    /// How its image is built in development. An image of another name is not built without this.
    pub build: Option<ClosedBuild>,
}

/// What Compose is told of a companion. `restart`, `logging` and `pids` are the app's unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = companion_compose)]
pub struct CompanionCompose {
    #[serde(flatten)]
    pub process: ProcessCompose,
}

/// Where ports are published: all of them, the main one, or each by its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum CompanionPublish {
    Each(BTreeMap<String, BackingPublish>),
    One(BackingPublish),
}

/// Has no keys that only a cluster reads, and no servers of ours.
fn companion(schema: &mut Schema) {
    without(schema, "annotations workers_env workers state server service autoscale rollout network");
}

/// What it publishes stands in its own table.
fn companion_compose(schema: &mut Schema) {
    without(schema, "publish workers");
}
