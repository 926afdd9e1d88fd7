//! Sidecars, and what runs before a process: services in one network with what they stand beside.
//!
//! The first sidecar has the network, and all others of its pod join it, so that 127.0.0.1 is the same for all of them,
//! as in a pod. It is the sidecar because whoever joins a network loses it when its holder is restarted, and a proxy is
//! restarted less often than an app; and because it starts first and ends last then, as in a pod.

use docker_compose_types::{AdvancedNetworkSettings, AdvancedNetworks, MapOrEmpty, Networks, Ports};

use super::{
    depends,
    once::Once,
    service::{self, Part},
};
use crate::{
    app::{App, Backing, Process, defaults, keys},
    key::Key,
    tree::Path,
};

/// What a container stands beside.
#[derive(Clone, Copy)]
pub struct Host<'a> {
    pub process: &'a Process,
    /// If it ends.
    pub once: Option<Once<'a>>,
}

/// The services beside a service, in the order in which they start.
pub fn parts<'a>(host: &Part<'a>) -> Vec<Part<'a>> {
    let app = host.app;
    let beside = Host { process: host.process, once: host.once };
    let sidecars = app.sidecars(host.process).map(|process| Part::new(app, process, host.asked));
    let inits = app.inits(host.process).map(|process| Part::once(app, Once::Init(process), host.asked));
    sidecars.chain(inits).map(|part| part.beside(beside)).collect()
}

/// The name of the service of a container beside a process.
pub fn name(app: &App, host: &Process, process: &Process) -> String {
    format!("{}-{}", app.workload(host), process.name)
}

/// What runs in a service of a name.
pub fn named<'a>(app: &'a App, service: &str) -> Option<&'a Process> {
    let is_it = |host: &Process, one: &Process| match one.is_attached() {
        true => name(app, host, one) == service,
        false => app.workload(one) == service,
    };
    let companions = app.companions.iter().map(|one| &one.process);
    app.everything().chain(companions).find_map(|host| app.pod(host).find(|one| is_it(host, one)))
}

/// Whose network a service is in.
enum Place<'a> {
    Own,
    /// That of the process beside it, for which it speaks.
    Holds(Host<'a>),
    /// That of this sidecar.
    Joins(&'a Process),
}

fn place<'a>(part: &Part<'a>) -> Place<'a> {
    let process = part.host.map_or(part.process, |host| host.process);
    match (part.app.sidecars(process).next(), part.host) {
        (None, _) => Place::Own,
        (Some(first), Some(host)) if first.at == part.process.at => Place::Holds(host),
        (Some(first), _) => Place::Joins(first),
    }
}

/// How a service is reached.
#[derive(Default)]
pub struct Reached {
    pub network_mode: Option<String>,
    pub networks: Networks,
    pub ports: Ports,
}

pub fn reached(part: &mut Part<'_>) -> Reached {
    let host = part.host.map_or(part.process, |host| host.process);
    match place(part) {
        Place::Own => {
            let because = part.app.sidecar_keys(host);
            let networks = networks(part, &[part.process], &because);
            // What stands beside another is reached through it.
            let ports = if part.host.is_some() { Vec::new() } else { service::ports(part, &because) };
            Reached { networks, ports: Ports::Short(ports), ..Reached::default() }
        }
        Place::Joins(first) => {
            let holder = name(part.app, host, first);
            let reason = "one network with its sidecar, as in a pod: 127.0.0.1 is the same for both";
            let because = [part.app.sidecar_keys(host), keys(&["name"]), host.own_keys()].concat();
            part.notes.add("network_mode", reason, because);
            Reached { network_mode: Some(format!("service:{holder}")), ..Reached::default() }
        }
        Place::Holds(Host { process, once }) => {
            let mut other = match once {
                Some(once) => Part::once(part.app, once, part.asked),
                None => Part::new(part.app, process, part.asked),
            };
            let because = [part.app.sidecar_keys(process), keys(&["name"]), process.own_keys()].concat();
            let pod: Vec<&Process> = part.app.pod(process).collect();
            let networks = also_called(networks(part, &pod, &because), &other.name());
            let reason = "the network of both: others find the process here, by its own name";
            part.notes.add("networks.default", reason, because.clone());
            let ports = service::ports(&mut other, &because);
            part.notes.extend("", std::mem::take(&mut other.notes));
            Reached { networks, ports: Ports::Short(ports), ..Reached::default() }
        }
    }
}

/// The networks that a service joins for these containers.
fn networks(part: &mut Part<'_>, pod: &[&Process], because: &[Key]) -> Networks {
    let each = pod.iter().map(|process| depends::needs(&Part::new(part.app, process, part.asked)));
    let needs: Vec<(&Process, &Backing)> =
        pod.iter().zip(each).flat_map(|(process, needs)| needs.into_iter().map(|one| (*process, one))).collect();
    let needed = match needs.as_slice() {
        [] => Vec::new(),
        [(process, only)] => part.app.need_keys(process, only),
        // Of several, none alone decides.
        several => {
            let code = several.iter().flat_map(|(process, _)| part.app.code_keys(process));
            keys(&["services"]).into_iter().chain(code).collect()
        }
    };
    let path = |name: &str| Path::new("networks").key(name);
    // Either alone would do.
    let asked = if needs.is_empty() { keys(&["compose.networks"]) } else { Vec::new() };
    let asked = [asked, because.to_vec()].concat();
    part.notes.add("networks", "the project's own, and those asked for", asked.clone());
    for name in part.app.compose.networks.keys() {
        let because = [vec![Key::new("compose.networks").child(name)], because.to_vec()].concat();
        part.notes.add(path(name), "asked for", because);
    }
    if !needs.is_empty() {
        let because = [needed.clone(), because.to_vec()].concat();
        part.notes.add(path(defaults::BACKEND), "where the services are that the process needs", because);
    }
    let backend = (!needs.is_empty()).then(|| defaults::BACKEND.to_owned());
    let names: Vec<String> = part.app.compose.networks.keys().cloned().chain(backend).collect();
    if names.is_empty() {
        return Networks::default();
    }
    // Who names one network has to name its own too.
    part.notes.add(path("default"), "the project's own", [asked, needed].concat());
    let names = std::iter::once("default".to_owned()).chain(names);
    Networks::Advanced(AdvancedNetworks(names.map(|name| (name, MapOrEmpty::Empty)).collect()))
}

/// A name that others know it by, in each of its networks.
fn also_called(networks: Networks, name: &str) -> Networks {
    let named = || MapOrEmpty::Map(AdvancedNetworkSettings { aliases: vec![name.to_owned()], ..Default::default() });
    let all: Vec<String> = match networks {
        Networks::Advanced(all) if !all.0.is_empty() => all.0.into_keys().collect(),
        _ => vec!["default".to_owned()],
    };
    Networks::Advanced(AdvancedNetworks(all.into_iter().map(|network| (network, named())).collect()))
}

/// The reason for a service beside another, and what decides it.
pub fn note(part: &mut Part<'_>, host: Host<'_>) {
    let what = match part.once {
        Some(_) => "what runs before the process",
        None => "the sidecar of the process",
    };
    let because = [keys(&["name"]), host.process.own_keys(), vec![part.process.at.clone()]].concat();
    part.notes.add(Path::new(""), format!("`{}`: {what} `{}`", part.process.name, host.process.name), because);
}
