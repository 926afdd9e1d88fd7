//! Probes, from the one description that all targets share, as far as the platform asks.

use std::collections::BTreeMap;

use super::{
    part::Part,
    types::{Amount, Grpc, Header, HttpGet, Probe, TcpSocket},
};
use crate::{
    app::{self, Ask, AskPort, Process, Seconds, Startup},
    targets::expansion,
    tree::{Notes, Path},
};

/// Whether it is asked for its health at all: Knative asks what requests come to, unless somebody switches on more
/// (Knative Serving, `config-features`, `multi-container-probing`).
fn is_asked(part: &Part<'_>) -> bool {
    !part.is_knative() || part.is_entrance()
}

/// What is asked of an instance before it gets requests. Cloud Run asks for readiness here, since it does not later.
pub fn startup(part: &Part<'_>, notes: &mut Notes) -> Option<Probe> {
    let (app, process) = (part.app, part.process);
    let startup = process.probes.startup.as_ref().filter(|_| is_asked(part))?;
    let (ask, keys) = question(part, startup);
    if !part.is_knative() && matches!(ask, Ask::Exec(_)) {
        return None;
    }
    let within = app.cloudrun.start(startup.within);
    let startup = Startup { within, ..startup.clone() };
    let (every, failures) = (startup.every(), startup.failures());
    let then = match (part.is_knative(), part.serves() && !part.is_entrance()) {
        (true, _) => "until then no other probe asks",
        (false, false) => "then it gets requests",
        (false, true) => "then those start that wait for it",
    };
    let reason = format!("a start may take {}s ({failures} × {}s); {then}", within.0, every.0);
    note(part, "startupProbe", reason, (ask, &keys), notes);
    let probe = Probe {
        period_seconds: Some(every.0.into()),
        failure_threshold: Some(failures.into()),
        // An answer that takes longer than the time between two probes says nothing more.
        timeout_seconds: Some(startup.timeout.min(every).0.into()),
        ..Probe::default()
    };
    Some(asking(ask, process, probe))
}

/// The question that startup has of its own, or readiness' on Cloud Run.
fn question<'a>(part: &Part<'a>, startup: &'a Startup) -> (&'a Ask, Vec<&'static str>) {
    let own = ["probes.startup.http", "probes.startup.tcp", "probes.startup.exec", "probes.startup.grpc"];
    let is_own = own.iter().any(|name| part.app.sets(part.process, name));
    match part.process.probes.readiness.as_ref().filter(|_| !part.is_knative() && !is_own) {
        Some(readiness) if !matches!(readiness.ask, Ask::Exec(_)) => {
            let keys = readiness.keys.iter().copied().chain(["probes.startup"]);
            (&readiness.ask, keys.collect())
        }
        _ => (&startup.ask, startup.keys.clone()),
    }
}

pub fn liveness(part: &Part<'_>, notes: &mut Notes) -> Option<Probe> {
    let probe = part.process.probes.liveness.as_ref().filter(|_| is_asked(part))?;
    // Cloud Run asks in two ways, and the others are told.
    if !part.is_knative() && !matches!(probe.ask, Ask::Http { .. } | Ask::Grpc { .. }) {
        return None;
    }
    let what = if part.host.is_some() { "a container" } else { "an instance" };
    let reason = format!("{what} that is stuck for {} × {}s is restarted", probe.failures, probe.every.0);
    note(part, "livenessProbe", reason, (&probe.ask, &probe.keys), notes);
    Some(repeated(probe, part.process))
}

/// Knative's proxy asks it; Cloud Run has no such probe for everybody.
pub fn readiness(part: &Part<'_>, notes: &mut Notes) -> Option<Probe> {
    let probe = part.process.probes.readiness.as_ref().filter(|_| part.is_knative() && is_asked(part))?;
    note(part, "readinessProbe", "no requests while this fails".into(), (&probe.ask, &probe.keys), notes);
    Some(repeated(probe, part.process))
}

/// Says why a probe is there, and why it asks the port that it asks.
fn note(part: &Part<'_>, field: &'static str, reason: String, (ask, keys): (&Ask, &[&'static str]), notes: &mut Notes) {
    let (app, process) = (part.app, part.process);
    notes.add(field, reason, app.ask_keys(process, ask, keys));
    let (how, port) = match ask {
        Ask::Http { port, .. } => ("httpGet", port),
        Ask::Tcp { port } => ("tcpSocket", port),
        Ask::Grpc { port, .. } => ("grpc", port),
        Ask::Exec(_) => return,
    };
    let (reason, because) = app.ask_port_note(process, port, keys, app.port_keys(process));
    notes.add(Path::new(field).key(how).key("port"), reason, because);
}

fn repeated(probe: &app::Probe, process: &Process) -> Probe {
    let app::Probe { ask, every, timeout, failures, keys: _ } = probe;
    let timing = Probe {
        period_seconds: Some(every.0.into()),
        // Cloud Run refuses more.
        timeout_seconds: Some(Seconds::min(*timeout, *every).0.into()),
        failure_threshold: Some((*failures).into()),
        ..Probe::default()
    };
    asking(ask, process, timing)
}

/// By number, wherever it is: Knative knows the main port by another name.
fn asking(ask: &Ask, process: &Process, probe: Probe) -> Probe {
    let number = |port: &AskPort| match port {
        AskPort::Main => process.port.unwrap_or_default(),
        AskPort::Named { number, .. } => *number,
    };
    match ask {
        Ask::Http { path, port, headers, tls } => Probe {
            http_get: Some(HttpGet {
                path: Some(path.clone()),
                port: Some(Amount::from(number(port))),
                scheme: tls.then(|| "HTTPS".into()),
                http_headers: super::template::some(self::headers(headers)),
                ..HttpGet::default()
            }),
            ..probe
        },
        Ask::Tcp { port } => {
            Probe { tcp_socket: Some(TcpSocket { host: None, port: Some(number(port).into()) }), ..probe }
        }
        Ask::Exec(command) => {
            let names = expansion::Names::of(process);
            let words: Vec<String> = command.iter().map(|word| expansion::text(word, &names)).collect();
            Probe { exec: Some(serde_json::json!({ "command": words })), ..probe }
        }
        Ask::Grpc { port, service } => {
            Probe { grpc: Some(Grpc { port: Some(number(port).into()), service: service.clone() }), ..probe }
        }
    }
}

fn headers(headers: &BTreeMap<String, String>) -> Vec<Header> {
    headers.iter().map(|(name, value)| Header { name: name.clone(), value: value.clone() }).collect()
}
