//! Probes, from the one description that all targets share.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{ExecAction, GRPCAction, HTTPGetAction, HTTPHeader, Probe, TCPSocketAction},
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::{
    service::main_name,
    spelling::{literal, number},
};
use crate::{
    app::{self, Ask, AskPort, Process, Startup},
    tree::Notes,
};

pub fn startup(process: &Process, notes: &mut Notes) -> Option<Probe> {
    let startup = process.probes.startup.as_ref()?;
    let Startup { ask, within, timeout, keys } = startup;
    notes.add(
        "startupProbe",
        format!("holds the other probes back while the process starts, for up to {}s", within.0),
        with_port(process, keys),
    );
    let every = startup.every();
    let probe = Probe {
        period_seconds: Some(number(every.0)),
        failure_threshold: Some(number(startup.failures())),
        // An answer that takes longer than the time between two probes says nothing more.
        timeout_seconds: Some(number((*timeout).min(every).0)),
        ..Probe::default()
    };
    Some(asking(ask, process, probe))
}

pub fn liveness(process: &Process, notes: &mut Notes) -> Option<Probe> {
    let probe = process.probes.liveness.as_ref()?;
    notes.add("livenessProbe", "a stuck process is restarted", with_port(process, &probe.keys));
    Some(repeated(probe, process))
}

pub fn readiness(process: &Process, notes: &mut Notes) -> Option<Probe> {
    let probe = process.probes.readiness.as_ref()?;
    notes.add("readinessProbe", "no requests while this fails", with_port(process, &probe.keys));
    Some(repeated(probe, process))
}

fn with_port(process: &Process, keys: &[&'static str]) -> Vec<crate::key::Key> {
    let mut keys = process.keys(keys);
    keys.extend(process.keys(&["port", "ports", "server", "probes"]));
    keys
}

fn repeated(probe: &app::Probe, process: &Process) -> Probe {
    let app::Probe { ask, every, timeout, failures, keys: _ } = probe;
    let timing = Probe {
        period_seconds: Some(number(every.0)),
        timeout_seconds: Some(number(timeout.0)),
        failure_threshold: Some(number(*failures)),
        ..Probe::default()
    };
    asking(ask, process, timing)
}

/// Never with a `host`: Pod Security forbids it from 1.34 on.
fn asking(ask: &Ask, process: &Process, probe: Probe) -> Probe {
    match ask {
        Ask::Http { path, port, headers } => Probe {
            http_get: Some(HTTPGetAction {
                path: Some(path.clone()),
                port: by_name(port, process),
                http_headers: Some(self::headers(headers)).filter(|headers| !headers.is_empty()),
                ..HTTPGetAction::default()
            }),
            ..probe
        },
        Ask::Tcp { port } => Probe {
            tcp_socket: Some(TCPSocketAction { port: by_name(port, process), ..TCPSocketAction::default() }),
            ..probe
        },
        Ask::Exec(command) => Probe {
            exec: Some(ExecAction { command: Some(command.iter().map(|word| literal(word)).collect()) }),
            ..probe
        },
        Ask::Grpc { port, service } => Probe {
            // The API takes no name here.
            grpc: Some(GRPCAction { port: by_number(port, process), service: service.clone() }),
            ..probe
        },
    }
}

fn headers(headers: &BTreeMap<String, String>) -> Vec<HTTPHeader> {
    headers.iter().map(|(name, value)| HTTPHeader { name: name.clone(), value: value.clone() }).collect()
}

fn by_name(port: &AskPort, process: &Process) -> IntOrString {
    IntOrString::String(match port {
        AskPort::Main => main_name(process).into(),
        AskPort::Named { name, .. } => name.clone(),
    })
}

fn by_number(port: &AskPort, process: &Process) -> i32 {
    match port {
        AskPort::Main => process.port.unwrap_or_default().into(),
        AskPort::Named { number, .. } => (*number).into(),
    }
}
