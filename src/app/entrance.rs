//! `[service] to`: a process that requests come to through one of its sidecars.

use super::{App, Attached, Process, Publish, Runtime, findings::Findings};
use crate::{
    key::Key,
    problem::{Code, near::meant},
    profile::ServiceType,
};

impl App {
    /// What requests to a process come to: itself, or a sidecar.
    pub fn entrance<'a>(&'a self, process: &'a Process) -> &'a Process {
        let to = process.service.to.as_deref();
        let sidecar = to.and_then(|to| self.sidecars(process).find(|sidecar| sidecar.name == to));
        sidecar.unwrap_or(process)
    }

    /// Whether requests that come to an instance come to this container of it.
    pub fn is_entrance(&self, container: &Process) -> bool {
        match container.is_attached() {
            false => self.entrance(container).at == container.at,
            true => self.hosts(container).any(|host| self.entrance(host).at == container.at),
        }
    }

    /// What decides whether a platform tells a container its port by itself.
    pub fn told_keys(&self, container: &Process, runtime: Runtime) -> Vec<Key> {
        let hosts = self.hosts(container).filter(|_| runtime == Runtime::Serverless);
        hosts.map(|host| host.key("service.to")).collect()
    }

    /// What decides to which port requests come.
    pub fn entrance_keys(&self, process: &Process) -> Vec<Key> {
        [process.keys(&["service.to"]), self.port_keys(self.entrance(process))].concat()
    }
}

impl Process {
    /// Whether others can reach any port of it.
    pub fn is_offered(&self) -> bool {
        self.service.entrance.is_some() || !self.ports.is_empty()
    }
}

/// Once sidecars are known: finds the entrance, and what follows its port.
pub fn settle(process: &mut Process, sidecars: &[Attached], findings: &mut Findings<'_>) {
    let Some(to) = process.service.to.clone() else { return };
    let Some(port) = port(process, &to, sidecars, findings) else {
        // Nothing comes of it any more: nobody has to hear of a missing port, too.
        process.service.entrance = process.port.or(Some(process.service.port));
        return;
    };
    process.service.entrance = Some(port);
    let [number, publish] = ["service.port", "compose.publish"].map(|name| findings.provenance.has(&process.key(name)));
    if process.service.type_ == ServiceType::Headless && !number {
        process.service.port = port;
    }
    if process.is_main() && !publish {
        process.compose.publish = Some(Publish { address: "127.0.0.1".into(), port });
    }
}

fn port(process: &Process, to: &str, sidecars: &[Attached], findings: &mut Findings<'_>) -> Option<u16> {
    let (key, name) = (process.key("service.to"), &process.name);
    let Some(sidecar) = sidecars.iter().find(|one| one.process.name == to) else {
        unknown(process, to, sidecars, findings);
        return None;
    };
    let at = &sidecar.process.at;
    if !sidecar.with.contains(name) {
        let help = format!("add it, as in `with = [\"{name}\"]` of `[{at}]`");
        let title = format!("the sidecar `{to}` is not with `{name}`");
        findings.pair(Code::Conflict, (&key, "in no pod of this process"), (at, "with others"), title, help);
        return None;
    }
    let Some(port) = sidecar.process.port else {
        let title = format!("the sidecar `{to}` has no port that requests could come to");
        let help = format!("tell where it listens: `port` in `[{at}]`");
        findings.pair(Code::UnknownPort, (&key, "nothing listens"), (at, "without a `port`"), title, help);
        return None;
    };
    let spoken = sidecar.process.spoken();
    if process.ports.iter().any(|other| other.name == spoken) {
        findings.key(
            Code::BadPort,
            &process.key("ports").child(spoken),
            format!("`{spoken}` is the name of the port that requests come to"),
            "taken by `[service] to`",
            "name the port after what it serves, as in \"metrics\"",
        );
    }
    Some(port)
}

fn unknown(process: &Process, to: &str, sidecars: &[Attached], findings: &mut Findings<'_>) {
    let names: Vec<&str> = sidecars.iter().map(|one| one.process.name.as_str()).collect();
    let help = match names.is_empty() {
        true => format!("describe it: `[sidecars.{to}]` with an `image` and a `port`"),
        false => meant(to, &names),
    };
    let key = process.key("service.to");
    findings.value(Code::BadReference, &key, format!("there is no sidecar `{to}`"), "no sidecar", help);
}
