//! `[probes]`: how health is asked for, decided once for every target.

use std::collections::BTreeMap;

use super::{
    Seconds, Text,
    companions::is_companion,
    defaults,
    findings::Findings,
    lifecycle::{DAY, HOUR, time},
    probe_port::{self, AskPort, Ports},
    reference::{self, Names},
    start::check_program,
};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, PortRef, ProbeTable, ProbesTable},
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
    Http {
        path: String,
        port: AskPort,
        headers: BTreeMap<String, String>,
        tls: bool,
    },
    Tcp {
        port: AskPort,
    },
    /// Of the process itself alone: the kubelet fills in nothing that comes from elsewhere.
    Exec(Vec<Text>),
    Grpc {
        port: AskPort,
        service: Option<String>,
    },
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

/// What questions can be about.
#[derive(Clone, Copy)]
pub struct About<'a> {
    pub ports: &'a Ports<'a>,
    pub names: &'a Names<'a>,
}

pub fn probes(wanted: Option<profile::Probes>, about: About<'_>, at: &Key, findings: &mut Findings<'_>) -> Probes {
    let key = at.child("probes");
    let ProbesTable { liveness, readiness, startup } = match wanted {
        Some(profile::Probes::Off(_)) => return Probes::default(),
        Some(profile::Probes::Table(table)) => *table,
        None => ProbesTable::default(),
    };
    let wanted = (liveness.is_some(), readiness.is_some());
    let liveness = liveness.and_then(|probe| self::probe(probe, about, &key, "liveness", findings));
    let readiness = readiness.and_then(|probe| self::probe(probe, about, &key, "readiness", findings));
    // What is wrong with a probe is said already: nothing is made of it.
    let wrong = wanted != (liveness.is_some(), readiness.is_some());
    let readiness = match (&liveness, readiness) {
        (None, None) if !wrong && about.ports.main.is_some() => Some(open_port(at, &key, findings)),
        (_, None) if wanted.1 => None,
        (liveness, readiness) => as_liveness(liveness.as_ref(), readiness),
    };
    let fallback = liveness.as_ref().or(readiness.as_ref()).map(|probe| {
        // One that is not set would come first.
        let unset = if liveness.is_none() { vec!["probes.liveness"] } else { Vec::new() };
        (probe.ask.clone(), [probe.keys.clone(), unset].concat())
    });
    let startup = match (startup, fallback) {
        (None, None) => None,
        (Some(startup), None) if wrong && startup == only_time(&startup) => None,
        (startup, fallback) => self::startup(startup.unwrap_or_default(), fallback, about, &key, findings),
    };
    Probes { startup, liveness, readiness }
}

/// What can be asked of a process that says nothing about its health: whether it listens.
fn open_port(at: &Key, key: &Key, findings: &mut Findings<'_>) -> Probe {
    let places = [key.clone(), at.child("port"), at.child("server")];
    let spot = places.iter().find(|key| findings.provenance.has(key));
    let help = if spot == Some(key) {
        "say `liveness = \"/healthz\"` and `readiness = \"/readyz\"` here, or `probes = false` instead"
    } else {
        "add `[probes]` with `liveness = \"/healthz\"` and `readiness = \"/readyz\"`, or `probes = false`"
    };
    // Nobody sends a companion requests by its health.
    if !is_companion(at) {
        findings.key(
            Code::NoProbes,
            spot.unwrap_or(at),
            "nothing but an open port is checked",
            "a stuck process would go unnoticed",
            help,
        );
    }
    Probe {
        ask: Ask::Tcp { port: AskPort::Main },
        every: defaults::PROBE_EVERY,
        timeout: defaults::PROBE_TIMEOUT,
        failures: defaults::PROBE_FAILURES,
        keys: vec!["probes.readiness", "probes.liveness"],
    }
}

/// Without a question of its own, readiness asks what liveness asks.
fn as_liveness(liveness: Option<&Probe>, readiness: Option<Probe>) -> Option<Probe> {
    readiness
        .or_else(|| liveness.map(|live| Probe { keys: vec!["probes.liveness", "probes.readiness"], ..live.clone() }))
}

/// A startup probe that asks what the others do.
fn only_time(startup: &profile::Startup) -> profile::Startup {
    profile::Startup { within: startup.within.clone(), timeout: startup.timeout.clone(), ..profile::Startup::default() }
}

fn probe(
    wanted: profile::Probe,
    about: About<'_>,
    table: &Key,
    name: &'static str,
    findings: &mut Findings<'_>,
) -> Option<Probe> {
    let key = table.child(name);
    let wanted = match wanted {
        profile::Probe::Path(path) => ProbeTable { http: Some(path), ..ProbeTable::default() },
        profile::Probe::Table(table) => table,
    };
    let ProbeTable { http, https, tcp, exec, grpc, service, port, headers, every, timeout, failures } = wanted;
    let asked = Asked { http, https, tcp, exec, grpc, service, port, headers };
    let ask = ask(asked, None, about, &key, findings)?;
    let mut read = |text: Option<profile::Duration>, name: &str| {
        text.map(|text| time(&text, (1, HOUR), &key.child(name), findings))
    };
    let every = read(every, "every").unwrap_or(defaults::PROBE_EVERY);
    let timeout = read(timeout, "timeout").unwrap_or(defaults::PROBE_TIMEOUT);
    let keys = match name {
        "liveness" => vec!["probes.liveness"],
        _ => vec!["probes.readiness"],
    };
    Some(Probe { ask, every, timeout, failures: failures.unwrap_or(defaults::PROBE_FAILURES), keys })
}

fn startup(
    wanted: profile::Startup,
    fallback: Option<(Ask, Vec<&'static str>)>,
    about: About<'_>,
    table: &Key,
    findings: &mut Findings<'_>,
) -> Option<Startup> {
    let key = table.child("startup");
    let profile::Startup { within, http, https, tcp, exec, grpc, service, port, headers, timeout } = wanted;
    let asked = Asked { http, https, tcp, exec, grpc, service, port, headers };
    let own = asked.something();
    let (fallback, from) = fallback.unzip();
    let ask = ask(asked, fallback, about, &key, findings)?;
    let mut read = |text: Option<profile::Duration>, name: &str, most: u32| {
        text.map(|text| time(&text, (1, most), &key.child(name), findings))
    };
    let within = read(within, "within", DAY).unwrap_or(defaults::STARTUP_WITHIN);
    let timeout = read(timeout, "timeout", HOUR).unwrap_or(defaults::PROBE_TIMEOUT);
    let from = from.filter(|_| !own).into_iter().flatten();
    Some(Startup { ask, within, timeout, keys: from.chain(["probes.startup"]).collect() })
}

/// What a table asks for, before exactly one of it is chosen.
struct Asked {
    http: Option<profile::HttpPath>,
    https: Option<profile::HttpPath>,
    tcp: Option<bool>,
    exec: Option<Vec<String>>,
    grpc: Option<bool>,
    service: Option<String>,
    port: Option<PortRef>,
    headers: Option<BTreeMap<profile::HeaderName, profile::HeaderValue>>,
}

impl Asked {
    fn something(&self) -> bool {
        self.http.is_some()
            || self.https.is_some()
            || self.tcp == Some(true)
            || self.exec.is_some()
            || self.grpc == Some(true)
    }
}

fn ask(asked: Asked, fallback: Option<Ask>, about: About<'_>, key: &Key, findings: &mut Findings<'_>) -> Option<Ask> {
    let Asked { http, https, tcp, exec, grpc, service, port, headers } = asked;
    let (tcp, grpc) = (tcp == Some(true), grpc == Some(true));
    let asked = [http.is_some(), https.is_some(), tcp, exec.is_some(), grpc];
    let kinds = asked.into_iter().filter(|asked| *asked).count();
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
            "exactly one of `http`, `https`, `tcp`, `exec`, `grpc`",
            "write one of them, as in `{ http = \"/healthz\" }`",
        );
        return None;
    }
    let lost = [
        ("headers", headers.is_some() && http.is_none() && https.is_none()),
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
        return Some(Ask::Exec(self::command(&command, about.names, &key.child("exec"), findings)));
    }
    let port = probe_port::find(port, about.ports, key, findings)?;
    let tls = https.is_some();
    for (name, path) in [("http", &http), ("https", &https)] {
        no_text(name, path.as_ref(), about.names, (key, findings));
    }
    Some(match http.or(https) {
        Some(path) => {
            let headers = headers.unwrap_or_default().into_iter().map(|(name, value)| (name.0, value.0));
            Ask::Http { path: path.0, port, headers: headers.collect(), tls }
        }
        None if grpc => Ask::Grpc { port, service: service.filter(|service| !service.is_empty()) },
        None => Ask::Tcp { port },
    })
}

/// A path stands as it is.
fn no_text(
    name: &str,
    path: Option<&profile::HttpPath>,
    names: &Names<'_>,
    (key, findings): (&Key, &mut Findings<'_>),
) {
    let refers = |path: &str| path.contains("${port}") || reference::first(path, names).is_some();
    if path.is_some_and(|path| refers(&path.0)) {
        // Alone it needs no table.
        let table = key.child(name);
        findings.value(
            Code::BadReference,
            if findings.provenance.has(&table) { &table } else { key },
            "no reference is read in the path of a probe",
            "would be asked for as it stands here",
            "write the path itself; another port is `port = \"…\"`, a name of `[ports]`",
        );
    }
}

/// A command inside the container, about the process alone. The kubelet fills in variables that have a value in the pod,
/// and none of a Secret or of the pod (Kubernetes, `ExpandContainerCommandOnlyStatic`).
pub fn command(words: &[String], names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) -> Vec<Text> {
    check_program(words, key, findings);
    let texts = reference::command(words, names, key, findings);
    for (i, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_settled()) {
        let is_own = |name: &str| name == "port" || name.starts_with("ports.") || name.starts_with("inputs.");
        let name = text.refers_to.iter().find(|name| !is_own(name)).cloned().unwrap_or_default();
        findings.value(
            Code::BadReference,
            &key.child(i.to_string()),
            format!("`${{{name}}}` cannot stand in the command of a probe"),
            "a probe asks about its own process, and Kubernetes gives it no secrets",
            "name a program of the image, which has the variables of the process; `${port}`, `${ports.NAME}` and \
             `${inputs.NAME}` can stand here",
        );
    }
    texts
}
