//! `[probes]`: how health is asked for, decided once for every target.

use std::collections::BTreeMap;

use super::{NamedPort, Seconds, defaults, findings::Findings};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, PortRef, ProbeTable, ProbesTable, Protocol},
};

/// The probes of a process. Without a port and without an `exec` probe there is nothing to ask.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Probes {
    pub startup: Option<Startup>,
    pub liveness: Option<Probe>,
    pub readiness: Option<Probe>,
}

/// A probe that is repeated while the process runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    pub ask: Ask,
    pub every: Seconds,
    /// At least one second.
    pub timeout: Seconds,
    pub failures: u32,
    /// The keys that decided it, relative to the process.
    pub keys: Vec<&'static str>,
}

/// The probe that holds the others back until it has succeeded once.
#[derive(Debug, Clone, PartialEq)]
pub struct Startup {
    pub ask: Ask,
    pub within: Seconds,
    pub timeout: Seconds,
    pub keys: Vec<&'static str>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    Http { path: String, port: AskPort, headers: BTreeMap<String, String> },
    Tcp { port: AskPort },
    Exec(Vec<String>),
    Grpc { port: AskPort, service: Option<String> },
}

/// Where it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskPort {
    Main,
    Named { name: String, number: u16 },
}

impl Startup {
    /// Seconds between two startup probes: thirty of them fill the time, a second to ten apart.
    pub fn every(&self) -> Seconds {
        Seconds(self.within.0.div_ceil(30).clamp(1, 10))
    }

    /// So many failures fill the time.
    pub fn failures(&self) -> u32 {
        self.within.0.div_ceil(self.every().0).max(1)
    }
}

/// The ports that a probe may ask.
pub struct Ports<'a> {
    pub main: Option<u16>,
    pub named: &'a [NamedPort],
}

pub fn probes(wanted: Option<profile::Probes>, ports: &Ports<'_>, at: &Key, findings: &mut Findings<'_>) -> Probes {
    let key = at.child("probes");
    match wanted {
        Some(profile::Probes::Off(_)) => Probes::default(),
        Some(profile::Probes::Table(table)) => from_table(*table, ports, &key, findings),
        None if ports.main.is_none() => Probes::default(),
        None => {
            findings.key(
                Code::NoProbes,
                &at.child("port"),
                "without `[probes]` only an open port is checked",
                "a stuck process would go unnoticed",
                "add `[probes]` with `liveness = \"/healthz\"` and `readiness = \"/readyz\"`, or `probes = false`",
            );
            let ask = Ask::Tcp { port: AskPort::Main };
            let readiness = Probe {
                ask: ask.clone(),
                every: defaults::PROBE_EVERY,
                timeout: defaults::PROBE_TIMEOUT,
                failures: defaults::PROBE_FAILURES,
                keys: vec!["probes"],
            };
            let startup = Startup {
                ask,
                within: defaults::STARTUP_WITHIN,
                timeout: defaults::PROBE_TIMEOUT,
                keys: vec!["probes"],
            };
            Probes { startup: Some(startup), liveness: None, readiness: Some(readiness) }
        }
    }
}

fn from_table(wanted: ProbesTable, ports: &Ports<'_>, key: &Key, findings: &mut Findings<'_>) -> Probes {
    let ProbesTable { liveness, readiness, startup } = wanted;
    let liveness = liveness.and_then(|probe| self::probe(probe, ports, key, "liveness", findings));
    let mut readiness = readiness.and_then(|probe| self::probe(probe, ports, key, "readiness", findings));
    if let (Some(live), Some(ready)) = (&liveness, &readiness)
        && live.ask == ready.ask
    {
        findings.value(
            Code::ProbesIdentical,
            &key.child("readiness"),
            "readiness and liveness ask the same",
            "a slow dependency would restart every replica",
            "let readiness ask what requests need, and liveness only the process itself",
        );
    }
    if let (Some(live), None) = (&liveness, &readiness) {
        findings.value(
            Code::ProbesIdentical,
            &key.child("liveness"),
            "without `readiness`, the liveness probe decides about traffic too",
            "asked for both",
            "add `readiness = \"/readyz\"`, which asks what requests need",
        );
        readiness = Some(Probe { keys: vec!["probes.liveness", "probes.readiness"], ..live.clone() });
    }
    let fallback = liveness.as_ref().or(readiness.as_ref()).map(|probe| probe.ask.clone());
    let startup = self::startup(startup.unwrap_or_default(), fallback, ports, key, findings);
    Probes { startup, liveness, readiness }
}

fn probe(
    wanted: profile::Probe,
    ports: &Ports<'_>,
    table: &Key,
    name: &'static str,
    findings: &mut Findings<'_>,
) -> Option<Probe> {
    let key = table.child(name);
    let wanted = match wanted {
        profile::Probe::Path(path) => ProbeTable { http: Some(path), ..ProbeTable::default() },
        profile::Probe::Table(table) => table,
    };
    let ProbeTable { http, tcp, exec, grpc, service, port, headers, every, timeout, failures } = wanted;
    let asked = Asked { http, tcp, exec, grpc, service, port, headers };
    let ask = ask(asked, None, ports, &key, findings)?;
    let every = every.as_ref().map_or(defaults::PROBE_EVERY, Seconds::parse);
    let timeout = timeout.as_ref().map_or(defaults::PROBE_TIMEOUT, Seconds::parse);
    for (field, value) in [("every", every), ("timeout", timeout)] {
        at_least_a_second(value, &key.child(field), findings);
    }
    let keys = match name {
        "liveness" => vec!["probes.liveness"],
        _ => vec!["probes.readiness"],
    };
    Some(Probe { ask, every, timeout, failures: failures.unwrap_or(defaults::PROBE_FAILURES), keys })
}

fn startup(
    wanted: profile::Startup,
    fallback: Option<Ask>,
    ports: &Ports<'_>,
    table: &Key,
    findings: &mut Findings<'_>,
) -> Option<Startup> {
    let key = table.child("startup");
    let profile::Startup { within, http, tcp, exec, grpc, service, port, headers, timeout } = wanted;
    let asked = Asked { http, tcp, exec, grpc, service, port, headers };
    let ask = ask(asked, fallback, ports, &key, findings)?;
    let within = within.as_ref().map_or(defaults::STARTUP_WITHIN, Seconds::parse);
    let timeout = timeout.as_ref().map_or(defaults::PROBE_TIMEOUT, Seconds::parse);
    for (field, value) in [("within", within), ("timeout", timeout)] {
        at_least_a_second(value, &key.child(field), findings);
    }
    Some(Startup { ask, within, timeout, keys: vec!["probes.startup", "probes.liveness", "probes.readiness"] })
}

fn at_least_a_second(value: Seconds, key: &Key, findings: &mut Findings<'_>) {
    if value.0 == 0 {
        findings.value(
            Code::OutOfRange,
            key,
            format!("`{key}` is out of range"),
            "no time at all",
            "give it a second or more",
        );
    }
}

/// What a table asks for, before exactly one of it is chosen.
struct Asked {
    http: Option<String>,
    tcp: Option<bool>,
    exec: Option<Vec<String>>,
    grpc: Option<bool>,
    service: Option<String>,
    port: Option<PortRef>,
    headers: Option<BTreeMap<String, String>>,
}

fn ask(asked: Asked, fallback: Option<Ask>, ports: &Ports<'_>, key: &Key, findings: &mut Findings<'_>) -> Option<Ask> {
    let Asked { http, tcp, exec, grpc, service, port, headers } = asked;
    let (tcp, grpc) = (tcp == Some(true), grpc == Some(true));
    let kinds = usize::from(http.is_some()) + usize::from(tcp) + usize::from(exec.is_some()) + usize::from(grpc);
    if kinds == 0 && fallback.is_some() && port.is_none() && headers.is_none() && service.is_none() {
        return fallback;
    }
    if kinds != 1 {
        let title =
            if kinds == 0 { "the probe does not say what to ask" } else { "the probe asks several things at once" };
        findings.value(
            Code::Conflict,
            key,
            title,
            "exactly one of `http`, `tcp`, `exec`, `grpc`",
            "write one of them, as in `{ http = \"/healthz\" }`",
        );
        return None;
    }
    let lost = [
        ("headers", headers.is_some() && http.is_none()),
        ("service", service.is_some() && !grpc),
        ("port", port.is_some() && exec.is_some()),
    ];
    for (name, _) in lost.into_iter().filter(|(_, lost)| *lost) {
        findings.key(
            Code::Conflict,
            &key.child(name),
            format!("`{name}` has no meaning for this probe"),
            "would be lost",
            "drop it",
        );
    }
    if let Some(command) = exec {
        return Some(Ask::Exec(command));
    }
    check_headers(headers.as_ref(), &key.child("headers"), findings);
    let port = ask_port(port, ports, key, findings)?;
    Some(match http {
        Some(path) => Ask::Http { path, port, headers: headers.unwrap_or_default() },
        None if grpc => Ask::Grpc { port, service: service.filter(|service| !service.is_empty()) },
        None => Ask::Tcp { port },
    })
}

/// Kubernetes checks names (`IsHTTPHeaderName`); a value that is no ASCII text fails where it is sent.
fn check_headers(headers: Option<&BTreeMap<String, String>>, table: &Key, findings: &mut Findings<'_>) {
    for (name, value) in headers.into_iter().flatten() {
        let key = table.child(name.clone());
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            findings.key(
                Code::BadFormat,
                &key,
                format!("`{name}` cannot be the name of an HTTP header"),
                "not a header",
                "use letters, digits and `-`, as in \"X-Probe\"",
            );
        }
        if !value.chars().all(|c| matches!(c, ' '..='~')) || value.trim() != value {
            findings.value(
                Code::BadFormat,
                &key,
                "the value of an HTTP header is one line of ASCII",
                "cannot be sent",
                "drop what is beyond ASCII, and blanks at both ends",
            );
        }
    }
}

/// A probe may only ask a port that the process declares.
fn ask_port(wanted: Option<PortRef>, ports: &Ports<'_>, key: &Key, findings: &mut Findings<'_>) -> Option<AskPort> {
    let tcp = || ports.named.iter().filter(|port| port.protocol == Protocol::Tcp);
    let found = match &wanted {
        None => ports.main.map(|_| AskPort::Main),
        Some(PortRef::Number(number)) if ports.main == Some(*number) => Some(AskPort::Main),
        Some(PortRef::Number(number)) => tcp().find(|port| port.number == *number).map(named),
        Some(PortRef::Name(name)) => tcp().find(|port| port.name == *name).map(named),
    };
    if found.is_none() {
        let (at, title) = match &wanted {
            None => (key.clone(), "the probe needs a port, and the process has none".to_owned()),
            Some(PortRef::Number(number)) => (key.child("port"), format!("the process has no port {number}")),
            Some(PortRef::Name(name)) => (key.child("port"), format!("the process has no port `{name}`")),
        };
        let known: Vec<&str> = tcp().map(|port| port.name.as_str()).collect();
        let help = match (ports.main, known.is_empty()) {
            (None, true) => "set `port`, or ask by `exec`".to_owned(),
            (_, true) => "declare it in `[ports]`, or leave `port` out to ask the main port".to_owned(),
            (_, false) => format!("declare it in `[ports]`, or use one of: {}", known.join(", ")),
        };
        findings.value(Code::UnknownPort, &at, title, "not declared", help);
    }
    found
}

fn named(port: &NamedPort) -> AskPort {
    AskPort::Named { name: port.name.clone(), number: port.number }
}
