//! One process of the app: what runs, how often, with what.

use std::collections::BTreeMap;

use super::{
    Autoscale, Build, Bytes, Dev, EnvGroup, File, Image, Input, Medium, NamedPort, Network, PodFact, Probes,
    ProcessCloudrun, ProcessCompose, ProcessK8s, Resources, Rollout, Secret, Security, Service, Shutdown, Start, Text,
    Variable, Volume, volumes,
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
    /// A later one wins.
    pub env_from: Vec<EnvGroup>,
    /// By name.
    pub secrets: Vec<Secret>,
    /// By name.
    pub inputs: Vec<Input>,
    /// By path.
    pub files: Vec<File>,
    /// Those that it mounts, by name.
    pub volumes: Vec<Volume>,
    pub security: Security,
    pub network: Network,
    pub k8s: ProcessK8s,
    pub compose: ProcessCompose,
    pub cloudrun: ProcessCloudrun,
    pub dev: Dev,
    /// How its image is built in development; absent: as the main one's, if it is the same, and else not at all.
    pub build: Option<Build>,
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
    /// Whether it is the process that the top level of the profile describes.
    pub fn is_main(&self) -> bool {
        self.at == Key::ROOT
    }

    /// Whether it runs a backing service.
    pub fn is_service(&self) -> bool {
        self.at.segments().next() == Some("services")
    }

    /// The table that others share: a service takes the app's.
    pub fn shared(&self, table: &'static str) -> Key {
        self.sharing().below(table)
    }

    /// Where the tables are that others share.
    pub(in crate::app) fn sharing(&self) -> &Key {
        if self.is_service() { &Key::ROOT } else { &self.at }
    }

    /// The key without which the process is not there, for a note; none for the main one.
    pub fn own_keys(&self) -> Vec<Key> {
        if self.is_main() { Vec::new() } else { vec![self.at.clone()] }
    }

    /// Whether one container can hold several workers. What a process forks would fight over its GPU.
    pub fn can_fork(&self) -> bool {
        self.start.can_fork() && self.resources.gpu.is_none()
    }

    /// The profile's own command.
    pub fn command(&self) -> &[Text] {
        self.start.command()
    }

    /// The profile's own arguments.
    pub fn args(&self) -> &[Text] {
        self.start.args()
    }

    /// Everything in which references to others are read, with the key that it stands at. A list of words is one key.
    pub fn texts(&self) -> impl Iterator<Item = (Key, &Text)> {
        let (env, command, args) = (self.key("env"), self.key("command"), self.key("args"));
        let command = self.command().iter().map(move |text| (command.clone(), text));
        let args = self.args().iter().map(move |text| (args.clone(), text));
        let files = self.files.iter().map(|file| (self.file_key(file), &file.text));
        self.env.iter().map(move |one| (env.child(&one.name), &one.text)).chain(command).chain(args).chain(files)
    }

    /// The facts about the pod that are a part of something, each with the keys of the texts. A variable that is a fact
    /// by itself needs no text.
    pub fn facts_in_texts(&self) -> BTreeMap<PodFact, Vec<Key>> {
        let env = self.key("env");
        let mut facts: BTreeMap<PodFact, Vec<Key>> = BTreeMap::new();
        for (key, text) in self.texts().filter(|(key, text)| !env.covers(key) || text.fact().is_none()) {
            for fact in text.facts() {
                let keys = facts.entry(fact).or_default();
                keys.extend((!keys.contains(&key)).then(|| key.clone()));
            }
        }
        facts
    }

    /// Memory that volumes take.
    pub fn volumes_in_memory(&self) -> Bytes {
        self.volumes.iter().map(Volume::memory).sum()
    }

    /// What scratch directories and volumes may hold of it.
    pub fn written_in_memory(&self) -> Bytes {
        let scratch = self.security.scratch.iter().filter(|scratch| scratch.medium == Medium::Memory);
        scratch.map(|scratch| scratch.size).chain([self.volumes_in_memory()]).sum()
    }

    /// What scratch directories and volumes may hold of the disk that its container makes room for.
    pub fn on_disk(&self) -> Bytes {
        volumes::on_disk(&self.volumes, &self.at) + self.security.on_disk()
    }

    /// Whether each replica has a volume of its own, so that replicas are not interchangeable.
    pub fn has_own_volumes(&self) -> bool {
        self.volumes.iter().filter_map(Volume::lasting).any(|lasting| lasting.per_replica)
    }

    /// A volume, for a note.
    pub fn volume_key(&self, volume: &Volume) -> Key {
        self.key("volumes").child(&volume.name)
    }

    /// A file, for a note.
    pub fn file_key(&self, file: &File) -> Key {
        self.key("files").child(&file.path)
    }

    /// Keys of this process, for a note.
    pub fn keys(&self, dotted: &[&'static str]) -> Vec<Key> {
        dotted.iter().map(|name| self.key(name)).collect()
    }

    pub fn key(&self, dotted: &'static str) -> Key {
        self.at.below(dotted)
    }
}
