//! Health checks inside the container, in exec form and without curl.

use std::collections::BTreeMap;

use docker_compose_types::{Healthcheck, HealthcheckTest};

use super::{service::Part, spelling};
use crate::{
    app::{Ask, AskPort, Probe, Probes, Process, Seconds, Startup, defaults},
    key::Key,
    problem::{Code, Problem},
};

/// The check, from liveness where that can be asked, else from readiness: Compose starts dependants by it, and restarts
/// nothing.
pub fn healthcheck(part: &mut Part<'_>, problems: &mut Vec<Problem>) -> Option<Healthcheck> {
    let process = part.process;
    let probes = &process.probes;
    if let Some(command) = &process.compose.healthcheck {
        return Some(asked_for(part, command));
    }
    let mut asked = probes.liveness.iter().chain(&probes.readiness);
    let first = asked.clone().next()?;
    let answer = asked.find_map(|probe| Some((probe, test(&probe.ask, process, Seconds(timeout(probe).0 - 1))?)));
    let Some((probe, test)) = answer else {
        // Where the profile has no probe, it is told that already.
        let given = first.keys.iter().any(|key| part.app.sets(process, key));
        problems.extend(given.then(|| without(part, &first.keys)));
        return None;
    };
    let reason = "asked inside the container, without curl or a shell; restarts nothing, others wait for it";
    let because = [because(part, probe), process.keys(&["compose.healthcheck"])].concat();
    part.notes.add("healthcheck", reason, because);
    Some(check(test, probe.every, timeout(probe), probe.failures, probes.startup.as_ref()))
}

/// The profile's own command, as often as the probe that it stands for.
fn asked_for(part: &mut Part<'_>, command: &[String]) -> Healthcheck {
    let Probes { startup, liveness, readiness } = &part.process.probes;
    let words = command.iter().map(|word| spelling::literal(word));
    let test = std::iter::once("CMD".to_owned()).chain(words).collect();
    let (every, timeout, failures) = match liveness.as_ref().or(readiness.as_ref()) {
        Some(probe) => (probe.every, timeout(probe), probe.failures),
        None => (defaults::PROBE_EVERY, Seconds(defaults::PROBE_TIMEOUT.0 + 2), defaults::PROBE_FAILURES),
    };
    // How often, not what: that the command knows.
    let timing: &[&str] = match liveness {
        Some(_) => &["probes.liveness.every", "probes.liveness.timeout", "probes.liveness.failures"],
        None => &["probes.readiness.every", "probes.readiness.timeout", "probes.readiness.failures", "probes.liveness"],
    };
    let because =
        [part.process.keys(&["compose.healthcheck", "probes.startup.within"]), part.process.keys(timing)].concat();
    part.notes.add("healthcheck", "asked for; restarts nothing, others wait for it", because);
    check(test, every, timeout, failures, startup.as_ref())
}

fn check(test: Vec<String>, every: Seconds, timeout: Seconds, failures: u32, startup: Option<&Startup>) -> Healthcheck {
    Healthcheck {
        test: Some(HealthcheckTest::Multiple(test)),
        interval: Some(spelling::seconds(every)),
        timeout: Some(spelling::seconds(timeout)),
        retries: failures.into(),
        start_period: Some(spelling::seconds(startup.map_or(defaults::STARTUP_WITHIN, |startup| startup.within))),
        start_interval: Some(spelling::seconds(startup.map_or(Seconds(2), |startup| startup.every()))),
        disable: false,
    }
}

/// The program that asks has to start first: it gets more time, and ends by itself before it is killed.
fn timeout(probe: &Probe) -> Seconds {
    Seconds((probe.timeout.0 + 2).max(5))
}

/// What decides the check: the probe, what it asks, and what can ask it.
fn because(part: &Part<'_>, probe: &Probe) -> Vec<Key> {
    let process = part.process;
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
        Ask::Exec(_) => {}
        Ask::Http { port, .. } | Ask::Tcp { port } | Ask::Grpc { port, .. } => {
            match port {
                AskPort::Main => keys.extend(part.app.port_keys(process)),
                AskPort::Named { name, .. } => keys.push(process.key("ports").child(name)),
            }
            let python = if process.start.server().is_some() { "server" } else { "command" };
            keys.push(process.key(python));
        }
    }
    keys.extend(process.keys(&["probes.startup.within"]));
    keys
}

fn without(part: &Part<'_>, keys: &[&'static str]) -> Problem {
    let key = keys.first().map(|key| part.process.key(key)).unwrap_or_else(|| part.process.key("probes"));
    let at = match part.process.is_main() {
        true => "[compose] healthcheck",
        false => "compose.healthcheck",
    };
    let elsewhere = if part.process.is_companion() { "" } else { "; Kubernetes goes on as it is" };
    Problem::new(Code::NoComposeHealthcheck, "Compose cannot ask this probe: nothing in the image is known to ask it")
        .at(part.app.provenance.key(&key), "no health check on Compose")
        .help(format!("name a command of the image that asks: `{at} = [\"/app/healthcheck\"]`{elsewhere}"))
}

/// `None` where nothing in the image is known to be able to ask.
fn test(ask: &Ask, process: &Process, timeout: Seconds) -> Option<Vec<String>> {
    let port = |port: &AskPort| match port {
        AskPort::Main => process.port,
        AskPort::Named { number, .. } => Some(*number),
    };
    let script = match ask {
        Ask::Exec(command) => {
            let words = command.iter().map(|word| spelling::literal(word));
            return Some(std::iter::once("CMD".to_owned()).chain(words).collect());
        }
        Ask::Grpc { .. } => return None,
        Ask::Http { path, port: at, headers, tls } => http((path, *tls), port(at)?, headers, timeout),
        Ask::Tcp { port: at } => {
            format!("import socket; socket.create_connection(('127.0.0.1', {}), {}).close()", port(at)?, timeout.0)
        }
    };
    // -I: neither the environment nor the working directory changes what is run.
    let command = ["CMD", "python", "-I", "-c"].into_iter().map(str::to_owned);
    process.start.has_python().then(|| command.chain([spelling::literal(&script)]).collect())
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
