//! What the probes of a process ask, and what decides it.

use super::{App, Ask, AskPort, Probes, Process};
use crate::key::Key;

impl Ask {
    /// The port that it asks; a command asks none.
    pub fn port(&self) -> Option<&AskPort> {
        match self {
            Ask::Http { port, .. } | Ask::Tcp { port } | Ask::Grpc { port, .. } => Some(port),
            Ask::Exec(_) => None,
        }
    }
}

impl Probes {
    /// Every question, with the keys that decided it, relative to the process.
    pub fn asks(&self) -> impl Iterator<Item = (&Ask, &[&'static str])> {
        let Probes { startup, liveness, readiness } = self;
        let startup = startup.iter().map(|probe| (&probe.ask, probe.keys.as_slice()));
        startup.chain(liveness.iter().chain(readiness).map(|probe| (&probe.ask, probe.keys.as_slice())))
    }

    /// The ports that they ask beside the main one.
    pub fn named_ports(&self) -> impl Iterator<Item = &str> {
        self.asks().filter_map(|(ask, _)| match ask.port()? {
            AskPort::Named { name, .. } => Some(name.as_str()),
            AskPort::Main => None,
        })
    }
}

impl App {
    /// What decides a question of a process, for a note; `keys`: those that the probe has itself.
    pub fn ask_keys(&self, process: &Process, ask: &Ask, keys: &[&'static str]) -> Vec<Key> {
        let mut because = process.keys(keys);
        // The probes that nobody asked for are there because the port is.
        if !self.sets(process, "probes.liveness") && !self.sets(process, "probes.readiness") {
            because.extend(self.served_keys(process));
        }
        if let Ask::Exec(command) = ask {
            because.extend(self.words_keys(process, command));
        }
        because
    }

    /// Why a question asks the port that it asks; `main`: what decides the main one, as it is asked.
    pub fn ask_port_note(
        &self,
        process: &Process,
        port: &AskPort,
        keys: &[&'static str],
        main: Vec<Key>,
    ) -> (&'static str, Vec<Key>) {
        let (reason, own) = match port {
            AskPort::Main => ("the main port", main),
            AskPort::Named { name, .. } => ("asked for", vec![process.key("ports").child(name)]),
        };
        (reason, process.keys(keys).into_iter().chain(own).collect())
    }
}
