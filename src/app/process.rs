//! One process of the app: what runs, how often, with what.

use std::collections::BTreeMap;

use super::{
    Autoscale, Image, Input, NamedPort, Network, Probes, Resources, Rollout, Secret, Security, Service, Shutdown,
    Start, Variable,
};
use crate::{key::Key, profile::State};

/// One process of the app.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {
    /// Where it stands in the profile; the root for the main one.
    pub at: Key,
    /// `web`.
    pub name: String,
    pub image: Image,
    pub labels: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    pub start: Start,
    pub port: Option<u16>,
    pub port_env: Option<String>,
    pub ports: Vec<NamedPort>,
    pub service: Service,
    /// Processes wanted in all, at rest.
    pub workers: u32,
    pub state: State,
    pub user: User,
    pub probes: Probes,
    /// Of one worker.
    pub resources: Resources,
    pub autoscale: Option<Autoscale>,
    pub shutdown: Shutdown,
    pub rollout: Rollout,
    /// By name.
    pub env: Vec<Variable>,
    /// By name.
    pub secrets: Vec<Secret>,
    /// By name.
    pub inputs: Vec<Input>,
    pub security: Security,
    pub network: Network,
}

/// Who the process runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// Absent: the image's.
    pub uid: Option<u32>,
    /// Absent: the image's.
    pub gid: Option<u32>,
}

impl Process {
    /// Whether it is the process that the top level of the profile describes, which the numbers of `[k8s]`, `[compose]`
    /// and `[dev]` are about.
    pub fn is_main(&self) -> bool {
        self.at == Key::ROOT
    }

    /// The key without which the process is not there, for a note; none for the main one.
    pub fn own_keys(&self) -> Vec<Key> {
        if self.is_main() { Vec::new() } else { vec![self.at.clone()] }
    }

    /// Whether one container can hold several workers. What a process forks would fight over its GPU.
    pub fn can_fork(&self) -> bool {
        self.start.can_fork() && self.resources.gpu.is_none()
    }

    /// Keys of this process, for a note.
    pub fn keys(&self, dotted: &[&'static str]) -> Vec<Key> {
        dotted.iter().map(|name| self.key(name)).collect()
    }

    pub fn key(&self, dotted: &'static str) -> Key {
        dotted.split('.').fold(self.at.clone(), |key, segment| key.child(segment))
    }
}
