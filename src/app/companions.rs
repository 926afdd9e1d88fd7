//! `[companions]`: other programs beside the app, which a single host runs and no cluster.

use std::collections::BTreeMap;

use super::{App, NamedPort, Process, Publish, Published, Runtime, defaults, findings::Findings};
use crate::{
    key::Key,
    layers::unusable_environment,
    problem::{Code, near::near},
    profile::{self, BackingPublish, CompanionPublish, Protocol},
};

/// A program beside the app.
#[derive(Debug, Clone, PartialEq)]
pub struct Companion {
    /// Its name is the whole name of its service.
    pub process: Process,
    /// `dev` and names of environments; everywhere if there are none.
    pub only: Vec<String>,
    /// Services, processes and companions by name.
    pub needs: Vec<String>,
    pub publish: Vec<Published>,
}

/// Where `only` says that it stands in development.
pub const DEV: &str = "dev";

/// Whether a workload of this key is a companion.
pub fn is_companion(at: &Key) -> bool {
    at.segments().next() == Some("companions")
}

impl Process {
    /// Whether it is a companion.
    pub fn is_companion(&self) -> bool {
        is_companion(&self.at)
    }
}

impl Companion {
    /// Whether it stands beside an app in one runtime, and in an environment of it.
    fn stands(&self, runtime: Runtime, environment: Option<&str>) -> bool {
        let place = if runtime == Runtime::Dev { Some(DEV) } else { environment };
        self.only.is_empty() || place.is_some_and(|place| self.only.iter().any(|only| only == place))
    }
}

impl App {
    /// Those that stand beside the app in one runtime.
    pub fn companions(&self, runtime: Runtime) -> impl Iterator<Item = &Companion> {
        self.companions.iter().filter(move |one| one.stands(runtime, self.environment.as_deref()))
    }

    /// What the profile says of a companion beside what it says of every process.
    pub fn companion(&self, process: &Process) -> Option<&Companion> {
        self.companions.iter().find(|one| one.process.at == process.at)
    }

    /// What decides whether a process is there at all, where it does not stand everywhere.
    pub fn only_keys(&self, process: &Process) -> Vec<Key> {
        if process.is_companion() { process.keys(&["only"]) } else { Vec::new() }
    }

    /// Every container that a single host runs for the profile, but for backing services.
    pub fn on_host(&self, runtime: Runtime) -> impl Iterator<Item = &Process> {
        self.containers().chain(self.companions(runtime).map(|one| &one.process))
    }

    /// The same with them.
    pub fn hosted(&self, runtime: Runtime) -> impl Iterator<Item = &Process> {
        self.on_host(runtime).chain(self.services.iter().map(|backing| &backing.process))
    }
}

/// A companion of which the process is decided.
pub fn companion(
    (only, needs): (Option<Vec<String>>, Option<Vec<String>>),
    publish: Option<CompanionPublish>,
    process: Process,
    findings: &mut Findings<'_>,
) -> Companion {
    let (only, needs) = (only.unwrap_or_default(), needs.unwrap_or_default());
    check_only(&process.key("only"), &only, findings);
    findings.twice(&process.key("needs"), &needs);
    check_idle(&process, findings);
    Companion { publish: self::publish(publish, &process, findings), process, only, needs }
}

/// A limit of development alone is nobody's risk: the default does, without a warning.
pub fn with_memory(wanted: &mut profile::Process) {
    let resources = wanted.resources.get_or_insert_default();
    let default = profile::Quantity(defaults::MEMORY.to_string());
    resources.memory.get_or_insert(profile::Range::Amount(default));
}

/// A companion for an environment that nobody can select would stand nowhere.
fn check_only(list: &Key, only: &[String], findings: &mut Findings<'_>) {
    findings.twice(list, only);
    let environments = Key::new("environments");
    for (i, name) in only.iter().enumerate().filter(|(_, name)| *name != DEV) {
        if findings.provenance.has(&environments.child(name)) {
            continue;
        }
        let help = match (near(name, [DEV]), unusable_environment(name)) {
            (Some(_), _) => "did you mean `dev`?".to_owned(),
            (None, Some((why, _))) => format!("{why}: name \"dev\", or an environment of the profile"),
            (None, None) => format!("declare `[environments.{name}]`, or drop it here"),
        };
        let title = format!("the profile has no environment `{name}`");
        findings.value(Code::UnknownEnvironment, &list.child(i.to_string()), title, "it would not stand there", help);
    }
}

/// Keys of which only a cluster makes something, and what does the same on a host.
const IDLE: [(&str, &str); 10] = [
    ("probes.startup.exec", ONE_QUESTION),
    ("probes.startup.grpc", ONE_QUESTION),
    ("probes.startup.http", ONE_QUESTION),
    ("probes.startup.tcp", ONE_QUESTION),
    ("resources.cpu", "drop it, or limit it by `compose.cpus`"),
    ("resources.ephemeral_storage", "drop it: Docker has no bound for it"),
    ("security.service_account", "drop it"),
    ("security.kube_api", "drop it"),
    ("security.user_namespace", "drop it: the daemon of a host decides for all of its containers"),
    ("shutdown.pre_stop", "drop it: no proxy of a cluster has to learn that it stops"),
];

const ONE_QUESTION: &str = "ask it by `probes.liveness`: Compose has one question, from the start on";

/// The same, of each of its volumes and of each of its secrets.
const IDLE_IN: [(&str, &[&str]); 2] = [("volumes", &["claim", "class", "per_replica"]), ("secrets", &["from"])];

/// What it says for a cluster, which does not run it. What it has from the app is said for others too.
fn check_idle(process: &Process, findings: &mut Findings<'_>) {
    let below = |dotted: &str| dotted.split('.').fold(process.at.clone(), |key, part| key.child(part));
    let mut idle: Vec<(Key, &str)> = IDLE.iter().map(|(name, help)| (below(name), *help)).collect();
    for (table, fields) in IDLE_IN {
        let names: Vec<&str> = match table {
            "volumes" => process.volumes.iter().map(|one| one.name.as_str()).collect(),
            _ => process.secrets.iter().map(|one| one.name.as_str()).collect(),
        };
        let entries = names.into_iter().map(|name| process.at.child(table).child(name));
        idle.extend(entries.flat_map(|entry| fields.iter().map(move |field| (entry.child(*field), "drop it"))));
    }
    for (key, help) in idle {
        let shared = key.segments().skip(2).fold(Key::ROOT, |key, part| key.child(part));
        let place = findings.provenance.value(&key);
        if findings.provenance.sets(&key) && place != findings.provenance.value(&shared) {
            let title = format!("`{shared}` is for a cluster, and a companion stands on Compose alone");
            findings.key(Code::NoEffect, &key, title, "has no effect", help);
        }
    }
}

/// A port that can be published.
#[derive(Clone, Copy)]
struct Port {
    number: u16,
    protocol: Protocol,
}

impl Port {
    fn at(self, publish: Publish, key: &Key) -> Published {
        let Publish { address, port: host } = publish;
        Published { address, host, port: self.number, protocol: self.protocol, key: key.clone() }
    }

    /// Under its own number, within reach of this machine.
    fn own(self, key: &Key) -> Published {
        self.at(Publish { address: "127.0.0.1".into(), port: self.number }, key)
    }
}

fn publish(wanted: Option<CompanionPublish>, process: &Process, findings: &mut Findings<'_>) -> Vec<Published> {
    let key = process.key("publish");
    let main = process.port.map(|number| Port { number, protocol: Protocol::Tcp });
    let named = process.ports.iter().map(|one| (one, Port { number: one.number, protocol: one.protocol }));
    let named: Vec<(&NamedPort, Port)> = named.collect();
    let all = || main.into_iter().chain(named.iter().map(|(_, port)| *port));
    match wanted {
        None | Some(CompanionPublish::One(BackingPublish::Own(false))) => Vec::new(),
        Some(CompanionPublish::One(BackingPublish::Own(true))) => {
            if all().next().is_none() {
                none(&key, findings);
            }
            all().map(|port| port.own(&key)).collect()
        }
        Some(CompanionPublish::One(BackingPublish::At(text))) => match (main, named.as_slice()) {
            (Some(port), _) | (None, &[(_, port)]) => one(&text, port, &key, findings).into_iter().collect(),
            (None, []) => {
                none(&key, findings);
                Vec::new()
            }
            (None, [(first, _), ..]) => {
                let help = format!("say it of each, as in `publish = {{ {} = \"{text}\" }}`", first.name);
                findings.value(Code::BadPublish, &key, "there is no main port to publish", "of several ports", help);
                Vec::new()
            }
        },
        Some(CompanionPublish::Each(each)) => {
            let find = |name: &str| match process.calls_main(name) {
                true => main,
                false => named.iter().find(|(one, _)| one.name == name).map(|(_, port)| *port),
            };
            each_by_name(each, &key, process, &find, findings)
        }
    }
}

fn each_by_name(
    each: BTreeMap<String, BackingPublish>,
    table: &Key,
    process: &Process,
    find: &dyn Fn(&str) -> Option<Port>,
    findings: &mut Findings<'_>,
) -> Vec<Published> {
    let mut published = Vec::new();
    for (name, wanted) in each {
        let key = table.child(&name);
        match (find(&name), wanted) {
            (None, _) => unknown(&name, &key, process, findings),
            (Some(_), BackingPublish::Own(false)) => {}
            (Some(port), BackingPublish::Own(true)) => published.push(port.own(&key)),
            (Some(port), BackingPublish::At(text)) => published.extend(one(&text, port, &key, findings)),
        }
    }
    published
}

fn one(text: &str, port: Port, key: &Key, findings: &mut Findings<'_>) -> Option<Published> {
    Publish::read(text, port.number, key, findings).map(|publish| port.at(publish, key))
}

fn none(key: &Key, findings: &mut Findings<'_>) {
    let help = "say where it listens, by `port` or `[ports]`, or drop it";
    findings.key(Code::BadPublish, key, "there is no port to publish", "publishes nothing", help);
}

fn unknown(name: &str, key: &Key, process: &Process, findings: &mut Findings<'_>) {
    let main = process.port.map(|_| "http");
    let names: Vec<&str> = main.into_iter().chain(process.ports.iter().map(|port| port.name.as_str())).collect();
    let help = match near(name, names.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if names.is_empty() => "say where it listens, by `port` or `[ports]`".to_owned(),
        None => format!("it has: {}", names.join(", ")),
    };
    let title = format!("`{}` has no port `{name}` to publish", process.name);
    findings.key(Code::UnknownPort, key, title, "no port", help);
}
