//! Which ports of the host lead to a process.

use super::{App, Backing, Build, Process, Publish, Runtime, findings::Findings};
use crate::{key::Key, problem::Code, profile::Protocol};

/// A port of the host, and the port of the process that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// With brackets if it is IPv6.
    pub address: String,
    pub host: u16,
    pub port: u16,
    pub protocol: Protocol,
    /// What asks for it.
    pub key: Key,
}

/// Within reach of one machine alone.
const LOOPBACK: &str = "127.0.0.1";

impl Published {
    fn meets(&self, other: &Published) -> bool {
        let everywhere = |one: &Published| matches!(one.address.as_str(), "0.0.0.0" | "[::]");
        let same = (self.host, self.protocol) == (other.host, other.protocol);
        same && (self.address == other.address || everywhere(self) || everywhere(other))
    }
}

impl Backing {
    /// Ports of the host that lead to it.
    fn published(&self) -> Vec<Published> {
        let at = |(publish, port): &(Publish, u16)| Published {
            address: publish.address.clone(),
            host: publish.port,
            port: *port,
            protocol: Protocol::Tcp,
            key: self.key("publish"),
        };
        self.publish.iter().map(at).collect()
    }
}

impl App {
    /// How the image of a process is built in development, and where the profile says so; nothing if it is not: an image
    /// other than those of processes that are built runs as it does elsewhere.
    pub fn build<'a>(&'a self, process: &'a Process) -> Option<(&'a Build, Key)> {
        let owner = self.built_with(process)?;
        Some((owner.build.as_ref()?, owner.key("build")))
    }

    /// The process whose build makes the image of a process: its own, or the first that has this image.
    pub fn built_with<'a>(&'a self, process: &'a Process) -> Option<&'a Process> {
        let built = |one: &&Process| one.build.is_some() && one.image == process.image;
        match process.build.is_some() || process.is_main() {
            true => Some(process).filter(|one| one.build.is_some()),
            false => self.processes.iter().find(built),
        }
    }

    /// What decides that a process is developed with a further one that has its image.
    pub fn built_keys(&self, process: &Process) -> Vec<Key> {
        let other = self.built_with(process).filter(|other| !other.is_main() && other.at != process.at);
        other.map(|other| other.keys(&["image", "build"])).unwrap_or_default()
    }

    /// How a process runs on one machine: as in production, if it is not built there.
    pub fn on_one_machine(&self, process: &Process, runtime: Runtime) -> Runtime {
        match runtime {
            Runtime::Dev if self.build(process).is_none() => Runtime::SingleHost,
            runtime => runtime,
        }
    }

    /// Ports of the host: in development within reach of this machine alone, wherever else they are published.
    pub fn published(&self, process: &Process, runtime: Runtime) -> Vec<Published> {
        let is_dev = self.on_one_machine(process, runtime) == Runtime::Dev;
        if let Some(companion) = self.companion(process) {
            let address = |one: &Published| if is_dev { LOOPBACK.to_owned() } else { one.address.clone() };
            return companion.publish.iter().map(|one| Published { address: address(one), ..one.clone() }).collect();
        }
        let Some(port) = process.service.entrance else { return Vec::new() };
        let protocol = Protocol::Tcp;
        let publish = process.compose.publish.as_ref();
        let key = process.key("compose.publish");
        if !is_dev {
            let at = |one: &Publish| Published { address: one.address.clone(), host: one.port, port, protocol, key };
            return publish.map(at).into_iter().collect();
        }
        let local = |host, port, key| Published { address: LOOPBACK.to_owned(), host, port, protocol, key };
        let main = if process.is_main() {
            Some(local(port, port, process.key(if process.service.to.is_some() { "service.to" } else { "port" })))
        } else {
            publish.map(|one| local(one.port, port, key))
        };
        let debug = process.dev.debug_port.map(|debug| local(debug, debug, process.key("dev.debug_port")));
        main.into_iter().chain(debug).collect()
    }

    /// A port of the host leads to one process.
    pub(super) fn check_published(&self, runtime: Runtime, findings: &mut Findings<'_>) {
        let mut seen: Vec<Published> = Vec::new();
        let companions = self.companions(runtime).map(|one| &one.process);
        let all = self.processes.iter().chain(companions).flat_map(|process| self.published(process, runtime));
        for one in all.chain(self.services.iter().flat_map(Backing::published)) {
            if let Some(other) = seen.iter().find(|other| one.meets(other)) {
                findings.pair(
                    Code::BadPublish,
                    (&one.key, "again here"),
                    (&other.key, "first here"),
                    format!("port {} of the host is published twice", one.host),
                    "give one of them another port of the host",
                );
            }
            seen.push(one);
        }
    }
}
