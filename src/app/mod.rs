//! What we decided: complete, valid, and free of any target.
//!
//! An [`App`] has no unset defaults: an `Option` in it means that absence itself was decided. No Kubernetes or Compose
//! word stands here, except in the settings that only one of them has.

mod asked;
mod attached;
mod autoscale;
mod checks;
mod cloudrun;
mod companions;
mod configuration;
mod deciding;
pub mod defaults;
mod dev;
mod entrance;
mod files;
mod findings;
mod image;
mod ingress;
mod job;
mod labels;
mod lifecycle;
mod network;
mod order;
mod own;
mod patch;
mod path;
mod ports;
mod probe_port;
mod probes;
mod process;
mod published;
mod quantity;
mod recipe;
mod reference;
mod reserved;
mod resolve;
mod resources;
mod rights;
mod rule;
mod run;
mod schedule;
mod secrecy;
mod security;
mod server;
mod services;
mod settings;
mod sibling;
mod start;
mod timezone;
mod volumes;
mod workloads;

pub use attached::Attached;
pub use autoscale::{Autoscale, Behavior, Policy, Scaling};
pub use cloudrun::{
    Cloudrun, Ending, Instances, ProcessCloudrun, Reader, Size, is_managed_label, managed_directory, readers,
};
pub use companions::Companion;
pub use configuration::{EnvGroup, Input, Secret, SecretFile, Variable, told};
pub use dev::{Dev, DevUser, Synced};
pub use files::{CHECKSUM, File};
pub use image::{Image, PINNED};
pub use ingress::{Ingress, Route, Via};
pub use job::{Cron, Job};
pub use lifecycle::{Rollout, Seconds, Shutdown};
pub use network::{Cidr, Egress, Network, Peer};
pub use patch::{Change, Patch};
pub use ports::{NamedPort, Service};
pub use probe_port::AskPort;
pub use probes::{Ask, Probe, Probes, Startup};
pub use process::{Process, User};
pub use published::Published;
pub use quantity::{Bytes, MilliCpu};
pub use recipe::{AppCode, Base, Build, Images, Installer, LabelPart, Lock, Recipe};
pub use reference::{Part, PodFact, Text};
pub use resolve::{Resolved, resolve};
pub use resources::{Demand, Gpu, Resources, times};
pub use rights::Right;
pub use rule::{Parallelism, Runtime};
pub use run::OwnVariable;
pub use schedule::Schedule;
pub use secrecy::{holds_secret, in_line, in_words, is_unreadable, names_secret, variable};
pub use security::{Account, Scratch, Security};
pub use server::{Run, Server};
pub use services::{
    Backing, Field, Settings,
    catalogue::CATALOGUE,
    facts::{Facts, Form as VersionForm, Health, Password, Scratch as ServiceScratch},
};
pub use settings::{Compose, Extra, K8s, ProcessCompose, ProcessK8s, Publish};
pub use sibling::{Address, Place};
pub use start::Start;
pub use timezone::Timezone;
pub use volumes::{Lasting, Volume, VolumeKind};

/// Words of the profile that need no deciding: a target knows them from here.
pub use crate::profile::{
    Access, BackingKind, Concurrency, Exposure, Flavor, Jobs, Medium, PatchTarget, PathMatch, Protocol, Provision,
    PullPolicy, Restart, ScalingSelect, ServiceType, Spread, State, Surge, Toleration, TolerationEffect, Version, When,
};
use crate::{key::Key, layers::Provenance};

/// An app, decided.
#[derive(Debug, Clone)]
pub struct App {
    /// A DNS-1123 label; what objects and services are called.
    pub name: String,
    /// The environment that was laid over the profile.
    pub environment: Option<String>,
    /// The main process first.
    pub processes: Vec<Process>,
    /// By name.
    pub jobs: Vec<Job>,
    /// By name.
    pub crons: Vec<Cron>,
    /// Absent: not reached from outside.
    pub ingress: Option<Ingress>,
    /// What it needs beside itself, by name.
    pub services: Vec<Backing>,
    /// In the order in which they start.
    pub sidecars: Vec<Attached>,
    /// In the order in which they run.
    pub inits: Vec<Attached>,
    /// What stands beside it on a single host, by name.
    pub companions: Vec<Companion>,
    pub k8s: K8s,
    pub compose: Compose,
    pub cloudrun: Cloudrun,
    /// What the main image is made of; absent: that is known to a Dockerfile of the project's own.
    pub recipe: Option<Recipe>,
    /// What the main image is built for; none: whatever the builder runs on.
    pub platforms: Vec<String>,
    /// In the order in which they apply.
    pub patches: Vec<Patch>,
    /// Where the profile says what.
    pub provenance: Provenance,
}

impl App {
    /// Everything that runs, whether it ends or not.
    pub fn everything(&self) -> impl Iterator<Item = &Process> {
        self.processes.iter().chain(self.ending())
    }

    /// What runs to its end.
    pub fn ending(&self) -> impl Iterator<Item = &Process> {
        self.jobs.iter().map(|job| &job.process).chain(self.crons.iter().map(|cron| &cron.process))
    }

    /// Whether it runs until it is stopped, in pods of its own.
    pub fn lasts(&self, process: &Process) -> bool {
        self.processes.iter().any(|one| one.at == process.at)
    }
}

/// Keys of the profile, for a note.
pub fn keys(dotted: &[&'static str]) -> Vec<Key> {
    dotted.iter().copied().map(Key::new).collect()
}
