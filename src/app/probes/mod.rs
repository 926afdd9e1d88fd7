//! `[probes]`: how health is asked for, decided once for every target.

mod ask;

pub use self::ask::{About, Ask, command};
use self::ask::{Asked, ask};
use super::{
    Seconds,
    companions::is_companion,
    defaults,
    findings::Findings,
    lifecycle::{DAY, HOUR, time},
    probe_port::AskPort,
};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, ProbeTable, ProbesTable},
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

pub fn probes(wanted: Option<profile::Probes>, about: About<'_>, at: &Key, findings: &mut Findings<'_>) -> Probes {
    let key = at.below("probes");
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
    let places = [key.clone(), at.below("port"), at.below("server")];
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
    let key = table.below("startup");
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
