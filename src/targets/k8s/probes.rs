//! Probes, from the one description that all targets share.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{ExecAction, GRPCAction, HTTPGetAction, HTTPHeader, Probe, TCPSocketAction},
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::{
    service::name_keys as main_name_keys,
    spelling::{Names, number, text},
    workload::Workload,
};
use crate::{
    app::{self, Ask, AskPort, Process, Startup},
    tree::{Notes, Path},
};

pub fn startup(workload: &Workload<'_>, notes: &mut Notes) -> Option<Probe> {
    let process = workload.process;
    let startup = process.probes.startup.as_ref()?;
    let Startup { ask, within, timeout, keys } = startup;
    let every = startup.every();
    let reason = format!(
        "a start may take {}s ({} × {}s); until then no other probe asks",
        within.0,
        startup.failures(),
        every.0
    );
    note(workload, "startupProbe", reason, (ask, keys), notes);
    let probe = Probe {
        period_seconds: Some(number(every.0)),
        failure_threshold: Some(number(startup.failures())),
        // An answer that takes longer than the time between two probes says nothing more.
        timeout_seconds: Some(number((*timeout).min(every).0)),
        ..Probe::default()
    };
    Some(asking(ask, process, probe))
}

pub fn liveness(workload: &Workload<'_>, notes: &mut Notes) -> Option<Probe> {
    let probe = workload.process.probes.liveness.as_ref()?;
    let reason = format!("a process that is stuck for {} × {}s is restarted", probe.failures, probe.every.0);
    note(workload, "livenessProbe", reason, (&probe.ask, &probe.keys), notes);
    Some(repeated(probe, workload.process))
}

pub fn readiness(workload: &Workload<'_>, notes: &mut Notes) -> Option<Probe> {
    let probe = workload.process.probes.readiness.as_ref()?;
    let reason = "no requests while this fails".to_owned();
    note(workload, "readinessProbe", reason, (&probe.ask, &probe.keys), notes);
    Some(repeated(probe, workload.process))
}

/// Says why a probe is there, and why it asks the port that it asks.
fn note(
    workload: &Workload<'_>,
    field: &'static str,
    reason: String,
    asked: (&Ask, &[&'static str]),
    notes: &mut Notes,
) {
    let (app, process) = (workload.app, workload.process);
    let (ask, keys) = asked;
    notes.add(field, reason, app.ask_keys(process, ask, keys));
    let (how, port, numbered) = match ask {
        Ask::Http { port, .. } => ("httpGet", port, false),
        Ask::Tcp { port } => ("tcpSocket", port, false),
        Ask::Grpc { port, .. } => ("grpc", port, true),
        Ask::Exec(_) => return,
    };
    let main = if numbered { app.port_keys(process) } else { main_name_keys(app, process) };
    let (reason, because) = app.ask_port_note(process, port, keys, main);
    notes.add(Path::new(field).key(how).key("port"), reason, because);
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
        Ask::Http { path, port, headers, tls } => Probe {
            http_get: Some(HTTPGetAction {
                path: Some(path.clone()),
                port: by_name(port, process),
                // The kubelet verifies no certificate.
                scheme: tls.then(|| "HTTPS".into()),
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
            exec: Some(ExecAction {
                command: Some(command.iter().map(|word| text(word, &Names::of(process))).collect()),
            }),
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
        AskPort::Main => process.main_port_name().into_owned(),
        AskPort::Named { name, .. } => name.clone(),
    })
}

fn by_number(port: &AskPort, process: &Process) -> i32 {
    match port {
        AskPort::Main => process.port.unwrap_or_default().into(),
        AskPort::Named { number, .. } => (*number).into(),
    }
}
