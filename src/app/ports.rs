//! Ports that a process offers: `port`, `[ports]` and `[service]`.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map::Entry},
};

use super::{Ask, AskPort, Process, defaults, findings::Findings, labels};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, PortTable, Protocol, ServiceType},
};

/// A port beside the main one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPort {
    pub name: String,
    pub number: u16,
    pub protocol: Protocol,
}

/// How the ports are offered in a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub port: u16,
    pub type_: ServiceType,
    /// Of the Service alone.
    pub annotations: BTreeMap<String, String>,
    /// The sidecar that requests come in through.
    pub to: Option<String>,
    /// The port that they come to: the sidecar's, or the process' own.
    pub entrance: Option<u16>,
}

pub fn service(
    wanted: Option<profile::Service>,
    port: Option<u16>,
    named: &[NamedPort],
    at: &Key,
    findings: &mut Findings<'_>,
) -> Service {
    let profile::Service { port: offered, type_, to, annotations } = wanted.clone().unwrap_or_default();
    let entered = port.is_some() || to.is_some();
    if wanted.is_some() && !entered && named.is_empty() {
        findings.key(
            Code::Conflict,
            &at.below("service"),
            "a Service needs a port",
            "offers nothing",
            "set `port`, or drop `[service]`",
        );
    }
    if offered.is_some() && !entered && !named.is_empty() {
        findings.key(
            Code::Conflict,
            &at.below("service").below("port"),
            "there is no main port to offer",
            "of no port",
            "set `port`, or drop this: the ports of `[ports]` are offered under their own numbers",
        );
    }
    let type_ = type_.unwrap_or(ServiceType::ClusterIp);
    let default = match (type_, port) {
        // Clients reach the pods themselves, so the Service cannot offer another number.
        (ServiceType::Headless, Some(port)) => port,
        _ => defaults::SERVICE_PORT,
    };
    let own = port;
    let port = offered.unwrap_or(default);
    if let (true, Some(other)) =
        (entered, named.iter().find(|other| other.number == port && other.protocol == Protocol::Tcp))
    {
        findings.pair(
            Code::BadPort,
            (&at.below("ports").child(other.name.clone()), "offered under its own number"),
            (&at.below("service").below("port"), "the main port's"),
            format!("the Service would offer port {port} twice"),
            "give the Service another `port` for the main one, or let the process listen on another number",
        );
    }
    let annotations = labels::annotations(annotations, &at.below("service"), findings);
    Service { port, type_, annotations, entrance: own.filter(|_| to.is_none()), to }
}

pub fn named(
    wanted: Option<BTreeMap<String, profile::Port>>,
    main: Option<u16>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> Vec<NamedPort> {
    let table = at.below("ports");
    let mut ports: Vec<NamedPort> = Vec::new();
    let mut taken: BTreeMap<(u16, bool), Key> = BTreeMap::new();
    for (name, port) in wanted.unwrap_or_default() {
        let key = table.child(name.clone());
        let PortTable { port: number, protocol } = match port {
            profile::Port::Number(port) => PortTable { port, protocol: None },
            profile::Port::Table(table) => table,
        };
        let port = NamedPort { name, number, protocol: protocol.unwrap_or(Protocol::Tcp) };
        check_name(&port.name, &key, findings);
        let clash = match taken.entry((port.number, port.protocol == Protocol::Tcp)) {
            Entry::Occupied(other) => Some(other.get().clone()),
            Entry::Vacant(free) => {
                free.insert(key.clone());
                None
            }
        };
        let clash =
            clash.or_else(|| (main == Some(number) && port.protocol == Protocol::Tcp).then(|| at.below("port")));
        if let Some(other) = clash {
            findings.value(
                Code::BadPort,
                &key,
                format!("`{key}` and `{other}` are both {number}"),
                "taken",
                "give each port its own number",
            );
        }
        ports.push(port);
    }
    ports
}

/// IANA service names (RFC 6335, section 5.1), which Kubernetes wants for ports.
fn check_name(name: &str, key: &Key, findings: &mut Findings<'_>) {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let well_formed = name.len() <= 15
        && name.starts_with(word)
        && name.ends_with(word)
        && name.chars().all(|c| word(c) || c == '-')
        && !name.contains("--")
        && name.chars().any(|c| c.is_ascii_lowercase());
    if !well_formed {
        findings.key(
            Code::BadPort,
            key,
            format!("`{name}` cannot be the name of a port"),
            "not a port name",
            "use at most 15 lower-case letters, digits and `-`, with a letter among them",
        );
    }
}

/// The names that the main port may have, if no other has them.
const MAIN_PORT: &[&str] = &["http", "https", "grpc", "tcp"];

impl Process {
    /// Whether a name is that of the main port.
    pub(super) fn calls_main(&self, name: &str) -> bool {
        MAIN_PORT.contains(&name) && self.ports.iter().all(|port| port.name != name)
    }

    /// The name of the main port says what it speaks, as far as that is known; in the pod of another, where several
    /// containers have one, whose it is.
    pub fn main_port_name(&self) -> Cow<'static, str> {
        if self.is_attached() { self.attached_port().into() } else { self.spoken().into() }
    }

    /// What the main port speaks, as far as that is known.
    pub fn spoken(&self) -> &'static str {
        let asks = || self.probes.asks().map(|(ask, _)| ask);
        if asks().any(|ask| matches!(ask, Ask::Grpc { port: AskPort::Main, .. })) {
            return "grpc";
        }
        if self.speaks_tls() {
            return "https";
        }
        let http =
            self.start.server().is_some() || asks().any(|ask| matches!(ask, Ask::Http { port: AskPort::Main, .. }));
        if http { "http" } else { "tcp" }
    }
}

impl Process {
    /// Whether the main port is asked over TLS, so that it speaks nothing else.
    pub fn speaks_tls(&self) -> bool {
        self.tls_probes().next().is_some()
    }

    /// The keys of the probes that say so.
    pub fn tls_probes(&self) -> impl Iterator<Item = &'static str> {
        let is_tls = |ask: &Ask| matches!(ask, Ask::Http { port: AskPort::Main, tls: true, .. });
        let asks = self.probes.asks().filter(move |(ask, _)| is_tls(ask));
        asks.flat_map(|(_, keys)| keys.iter().copied())
    }
}

/// Another port must not bear the name that the main one has.
pub fn check_main_name(process: &Process, findings: &mut Findings<'_>) {
    let name = process.main_port_name();
    if process.port.is_some() && process.ports.iter().any(|port| port.name == name) {
        findings.key(
            Code::BadPort,
            &process.key("ports").child(name.as_ref()),
            format!("`{name}` is the name of the main port"),
            "taken by `port`",
            "name the port after what it serves, as in \"metrics\"",
        );
    }
}
