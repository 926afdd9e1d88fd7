//! What the user wrote: one small file per group of TOML tables; sparse, without defaults or logic.
//!
//! The doc comments of these types are the descriptions in `schemas/profile.schema.json`, so they speak to users.

mod attached;
mod build;
mod cloudrun;
mod companions;
mod compose;
mod configuration;
mod in_order;
mod ingress;
mod job;
mod k8s;
mod lifecycle;
mod network;
mod patch;
mod probes;
mod process;
mod resources;
mod schema;
mod security;
mod server;
mod service;
mod services;
mod text;
mod volumes;

use std::collections::BTreeMap;

pub use attached::{Init, Sidecar, SidecarCompose};
pub use build::{
    Base, Build, ClosedBuild, CodeSource, LabelName, LabelValue, Lock, Packages, ProcessBuild, ProjectPath, Recipe,
    Syntax, SystemPackage,
};
pub use cloudrun::{Cloudrun, Exposure, Flavor, ProcessCloudrun};
pub use companions::{Companion, CompanionCompose, CompanionPublish};
pub use compose::{
    Compose, Dev, DevUser, DevUserKind, Logging, Network as ComposeNetwork, NetworkName, OptionName, ProcessCompose,
    Publish, Restart,
};
pub use configuration::{EnvScalar, EnvSource, EnvTable, EnvValue, Input, Secret, SecretTable};
pub use in_order::InOrder;
pub use ingress::{HostName, Ingress, PathMatch, Route, Tls, TlsTable};
pub use job::{
    Concurrency, Cron, CronDefaults, CronKeys, EndingCloudrun, EndingCompose, EndingDev, EndingK8s, EndingOwn, Job,
    JobDefaults, JobKeys, When,
};
pub use k8s::{FoundExtra, Jobs, K8s, ProcessK8s, PullPolicy, Spread, Toleration, TolerationEffect, Version};
pub use lifecycle::{Rollout, Shutdown, Strategy, Surge};
pub use network::Network;
pub use patch::{Patch, PatchTarget};
pub use probes::{Probe, ProbeTable, Probes, ProbesTable, Startup};
use process::closed;
pub use process::{ClosedCloudrun, ClosedCompose, ClosedK8s, Defaults, Own, Process, ProcessName, Sibling};
pub use resources::{
    Autoscale, Behavior, Gpu, GpuTable, Range, RangeTable, Resources, Scaling, ScalingPolicy, ScalingSelect,
};
pub use schema::schema;
use schemars::JsonSchema;
pub use security::{
    AccountRule, Medium, Security, ServiceAccount, ServiceAccountKind, ServiceAccountTable, Writable, WritableTable,
};
use serde::Deserialize;
pub use server::{Server, ServerKind};
pub use service::{Port, PortRef, PortTable, Protocol, Service, ServiceType};
pub use services::{
    Backing, BackingKind, BackingName, BackingPublish, BackingResources, BackingSecret, BackingSecretKeys,
    BackingSecretTable, Provision, SecretKey,
};
pub use text::{Directory, Duration, EnvName, HeaderName, HeaderValue, HttpPath, Quantity};
pub use volumes::{Access, File, FoundFile, Volume, VolumeMedium, VolumeName};

/// An app profile: what one app is. `render` derives from it what Docker Compose and Kubernetes need.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct Profile {
    /// Name of the app; its objects and Compose service bear it. Required.
    #[schemars(
        length(min = 1, max = 63),
        regex(pattern = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"),
        extend("patternErrorMessage" = "lower-case letters, digits and `-`, starting with a letter, as in \"orders-api\"")
    )]
    pub name: Option<String>,
    /// Name of the top-level process.
    #[schemars(
        length(min = 1, max = 40),
        regex(pattern = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"),
        extend("default" = "web", "patternErrorMessage" = "lower-case letters, digits and `-`, as in \"web\"")
    )]
    pub main: Option<String>,
    /// A shipped preset or a relative path; layered below this profile.
    #[schemars(length(min = 1))]
    pub extends: Option<String>,
    /// Dotted keys that a lower layer set and this one removes: `["autoscale", "probes.liveness"]`.
    pub unset: Option<Vec<String>>,
    /// The main process, and what all processes share.
    #[serde(flatten)]
    pub process: Process,
    /// Further processes of the app, by name: `worker` is `<name>-worker` on every target. Under the name of the main
    /// process stands what it does not share with the others.
    #[schemars(extend("patternErrorMessage" = "lower-case letters, digits and `-`, as in \"worker\""))]
    pub processes: Option<BTreeMap<ProcessName, Sibling>>,
    /// What runs once for each version of the app, by name: `migrate` is `<name>-migrate` on every target.
    #[schemars(extend("patternErrorMessage" = "lower-case letters, digits and `-`, as in \"migrate\""))]
    pub jobs: Option<BTreeMap<ProcessName, Job>>,
    /// What runs again and again, by name: `cleanup` is `<name>-cleanup` on every target.
    #[schemars(extend("patternErrorMessage" = "lower-case letters, digits and `-`, as in \"cleanup\""))]
    pub crons: Option<BTreeMap<ProcessName, Cron>>,
    pub defaults: Option<Defaults>,
    /// What the app needs beside itself, by name.
    #[schemars(extend("patternErrorMessage" = "lower-case letters, digits and `-`, as in \"db\""))]
    pub services: Option<BTreeMap<BackingName, Backing>>,
    /// Containers that start before a process and end after it, in its pod.
    #[schemars(extend("patternErrorMessage" = "lower-case letters, digits and `-`, as in \"proxy\""))]
    pub sidecars: Option<InOrder<Sidecar>>,
    /// What runs to its end before a process starts, in its pod.
    #[schemars(extend("patternErrorMessage" = "lower-case letters, digits and `-`, as in \"wait\""))]
    pub inits: Option<InOrder<Init>>,
    /// Other programs beside the app, on Compose alone, by name.
    #[schemars(extend("patternErrorMessage" = "lower-case letters, digits and `-`, as in \"adminer\""))]
    pub companions: Option<BTreeMap<ProcessName, Companion>>,

    pub ingress: Option<Ingress>,

    pub build: Option<Build>,
    pub k8s: Option<K8s>,
    pub compose: Option<Compose>,
    pub dev: Option<Dev>,
    pub cloudrun: Option<Cloudrun>,

    /// Overlays by name, chosen with `--env`: any key but `name`, `extends` and `environments`. `dev` is not a name here.
    pub environments: Option<BTreeMap<String, Profile>>,
    /// The way out: strategic merges over rendered documents.
    pub patches: Option<Vec<Patch>>,
}

/// What a process keeps that its siblings do not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "none"))]
pub enum State {
    /// Nothing: replicas are interchangeable.
    None,
    /// State in memory: one process, recreated rather than rolled, never scaled.
    Memory,
    /// State on its volume: one process, recreated rather than rolled.
    Disk,
}

/// A numeric user, or the image's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Uid {
    Number(#[schemars(range(min = 0, max = 2147483647u32))] u32),
    Image(ImageUser),
}

/// The image's own user. The cluster can only check that it is not root when the image names it by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImageUser {
    Image,
}
