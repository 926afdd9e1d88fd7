//! What asks inside a container whether a process is healthy: in exec form, without curl or a shell.

use std::collections::BTreeMap;

use crate::{
    app::{App, Ask, AskPort, Probe, Process, Seconds, Startup, Text, defaults},
    key::Key,
};

/// A command that asks, and how often.
pub struct Asking<'a> {
    pub probe: &'a Probe,
    /// In exec form.
    pub command: Vec<Text>,
    pub timing: Timing,
}

/// How often is asked, and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    pub every: Seconds,
    pub timeout: Seconds,
    pub failures: u32,
    /// Failures do not count so long.
    pub start: Seconds,
    /// How often is asked meanwhile.
    pub start_every: Seconds,
}

/// Liveness if that can be asked, else readiness: nobody restarts what does not answer, and others start by it.
/// `python`: whether there is an interpreter to ask with.
pub fn asking(process: &Process, python: bool) -> Option<Asking<'_>> {
    let probes = &process.probes;
    let mut asked = probes.liveness.iter().chain(&probes.readiness);
    let (probe, command) = asked.find_map(|probe| {
        let within = Seconds(timeout(probe).0 - 1);
        Some((probe, command(&probe.ask, process, within, python)?))
    })?;
    Some(Asking { probe, command, timing: timing(Some(probe), probes.startup.as_ref()) })
}

/// As often as a probe, or as probes are asked that say nothing.
pub fn timing(probe: Option<&Probe>, startup: Option<&Startup>) -> Timing {
    let (every, timeout, failures) = match probe {
        Some(probe) => (probe.every, timeout(probe), probe.failures),
        None => (defaults::PROBE_EVERY, Seconds(defaults::PROBE_TIMEOUT.0 + 2), defaults::PROBE_FAILURES),
    };
    Timing {
        every,
        timeout,
        failures,
        start: startup.map_or(defaults::STARTUP_WITHIN, |startup| startup.within),
        start_every: startup.map_or(Seconds(2), |startup| startup.every()),
    }
}

/// The program that asks has to start first: it gets more time, and ends by itself before it is killed.
fn timeout(probe: &Probe) -> Seconds {
    Seconds((probe.timeout.0 + 2).max(5))
}

/// What decides the check: the probe, what it asks, and what can ask it.
pub fn because(app: &App, process: &Process, probe: &Probe) -> Vec<Key> {
    let mut keys = process.keys(&probe.keys);
    // Liveness comes first, if anything can ask it.
    match &process.probes.liveness {
        None => keys.push(process.key("probes.liveness")),
        Some(liveness) if liveness != probe => {
            keys.extend([process.key("probes.liveness"), process.key("server"), process.key("command")]);
        }
        Some(_) => {}
    }
    match &probe.ask {
        Ask::Exec(command) => keys.extend(app.words_keys(process, command)),
        Ask::Http { port, .. } | Ask::Tcp { port } | Ask::Grpc { port, .. } => {
            match port {
                AskPort::Main => keys.extend(app.port_keys(process)),
                AskPort::Named { name, .. } => keys.push(process.key("ports").child(name)),
            }
            let python = if process.start.server().is_some() { "server" } else { "command" };
            keys.push(process.key(python));
        }
    }
    keys.extend(process.keys(&["probes.startup.within"]));
    keys
}

/// `None` where nothing in the image is known to be able to ask.
fn command(ask: &Ask, process: &Process, timeout: Seconds, has_python: bool) -> Option<Vec<Text>> {
    let port = |port: &AskPort| match port {
        AskPort::Main => process.port,
        AskPort::Named { number, .. } => Some(*number),
    };
    let script = match ask {
        Ask::Exec(command) => return Some(command.clone()),
        Ask::Grpc { .. } => return None,
        Ask::Http { path, port: at, headers, tls } => http((path, *tls), port(at)?, headers, timeout),
        Ask::Tcp { port: at } => {
            format!("import socket; socket.create_connection(('127.0.0.1', {}), {}).close()", port(at)?, timeout.0)
        }
    };
    // -I: neither the environment nor the working directory changes what is run.
    has_python.then(|| ["python", "-I", "-c", &script].map(Text::literal).to_vec())
}

/// `http.client`, because `urllib` would send the question to a proxy; 127.0.0.1, because `localhost` may be ::1.
fn http((path, tls): (&str, bool), port: u16, headers: &BTreeMap<String, String>, timeout: Seconds) -> String {
    let headers = if headers.is_empty() {
        String::new()
    } else {
        format!(
            ", headers={{{}}}",
            headers.iter().map(|(k, v)| format!("{}: {}", python(k), python(v))).collect::<Vec<_>>().join(", ")
        )
    };
    let (modules, before, class, context) = match tls {
        false => ("http.client, sys", "", "HTTPConnection", ""),
        // Nobody has a certificate for 127.0.0.1, and the kubelet verifies none either.
        true => (
            "http.client, ssl, sys",
            "t = ssl.create_default_context(); t.check_hostname = False; t.verify_mode = ssl.CERT_NONE; ",
            "HTTPSConnection",
            ", context=t",
        ),
    };
    format!(
        "import {modules}; {before}c = http.client.{class}('127.0.0.1', {port}, timeout={}{context}); \
         c.request('GET', {}{headers}); sys.exit(not 200 <= c.getresponse().status < 400)",
        timeout.0,
        python(path),
    )
}

/// A Python string literal, all of ASCII (Python language reference, "String and Bytes literals").
fn python(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('\'');
    out
}
