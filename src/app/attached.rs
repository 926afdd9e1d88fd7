//! `[sidecars]` and `[inits]`: containers in the pods of processes, jobs and crons, with which they share a network.

use super::{App, Process, findings::Findings};
use crate::{key::Key, problem::Code};

/// A container in the pods of others.
#[derive(Debug, Clone, PartialEq)]
pub struct Attached {
    pub process: Process,
    /// Whose pods it is in, by name.
    pub with: Vec<String>,
}

/// The longest name of a port (RFC 6335, section 5.1).
const LONGEST_PORT_NAME: usize = 15;

/// Whether a workload of this key runs in the pods of others.
pub fn is_attached(at: &Key) -> bool {
    matches!(at.segments().next(), Some("sidecars" | "inits"))
}

impl Process {
    /// Whether it runs in the pods of others.
    pub fn is_attached(&self) -> bool {
        is_attached(&self.at)
    }

    /// What its main port is called in the pod of another, where several containers have one: by whose it is.
    pub(super) fn attached_port(&self) -> String {
        let short: String = self.name.chars().take(LONGEST_PORT_NAME).collect();
        let words: Vec<&str> = short.split('-').filter(|word| !word.is_empty()).collect();
        words.join("-")
    }
}

impl App {
    /// The sidecars of a process, in the order in which they start.
    pub fn sidecars(&self, process: &Process) -> impl Iterator<Item = &Process> {
        of(&self.sidecars, process)
    }

    /// What runs before a process, in its order.
    pub fn inits(&self, process: &Process) -> impl Iterator<Item = &Process> {
        of(&self.inits, process)
    }

    /// Every container of the pods of a process, its own first.
    pub fn pod<'a>(&'a self, process: &'a Process) -> impl Iterator<Item = &'a Process> {
        std::iter::once(process).chain(self.sidecars(process)).chain(self.inits(process))
    }

    /// In whose pods a container is, that says so.
    pub fn hosts<'a>(&'a self, container: &'a Process) -> impl Iterator<Item = &'a Process> {
        let beside = move |host: &&Process| host.at != container.at && self.pod(host).any(|one| one.at == container.at);
        self.everything().filter(beside)
    }

    /// Every container that the profile describes.
    pub fn containers(&self) -> impl Iterator<Item = &Process> {
        self.everything().chain(self.sidecars.iter().chain(&self.inits).map(|one| &one.process))
    }
}

fn of<'a>(all: &'a [Attached], process: &Process) -> impl Iterator<Item = &'a Process> {
    let name = Some(process.name.clone()).filter(|_| !process.is_attached());
    all.iter().filter(move |one| name.as_ref().is_some_and(|name| one.with.contains(name))).map(|one| &one.process)
}

/// A container of which the process is decided; `main` is whose pods it is in where it does not say it.
pub fn attached(with: Option<Vec<String>>, process: Process, main: &str, findings: &mut Findings<'_>) -> Attached {
    check_pod_keys(&process.at, findings);
    let with = with.unwrap_or_else(|| vec![main.to_owned()]);
    findings.twice(&process.key("with"), &with);
    Attached { process, with }
}

/// Keys of the tables that containers have as well, and what decides the same for the whole pod.
const OF_PODS: [(&str, &str); 4] = [
    ("security.service_account", "the rights are those of the pod"),
    ("security.kube_api", "the token is mounted for the pod"),
    ("security.user_namespace", "the users are those of the pod"),
    ("shutdown.pre_stop", "it is told to stop when nobody sends it requests any more"),
];

/// What a container says about its pod. What it has from the app is said for others too.
fn check_pod_keys(at: &Key, findings: &mut Findings<'_>) {
    for (name, why) in OF_PODS {
        let below = |at: &Key| name.split('.').fold(at.clone(), |key, part| key.child(part));
        let key = below(at);
        let place = findings.provenance.value(&key);
        if findings.provenance.sets(&key) && place != findings.provenance.value(&below(&Key::ROOT)) {
            findings.key(
                Code::Conflict,
                &key,
                format!("`{name}` is not for a container in the pod of another"),
                why,
                "say it where the process is described, or drop it",
            );
        }
    }
}
