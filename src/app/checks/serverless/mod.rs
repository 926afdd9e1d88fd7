//! What only matters where the platform runs instances as requests need them: Cloud Run, and Knative in a cluster.

mod beside;
mod jobs;
mod knative;
mod managed;
mod secrets;
mod sizes;

use super::orchestrated;
use crate::{
    app::{App, Flavor, Process, Runtime, Start, findings::Findings},
    key::Key,
    problem::Code,
    profile::State,
};

pub(super) fn whole(app: &App, findings: &mut Findings<'_>) {
    if app.cloudrun.flavor == Flavor::Knative && app.processes.iter().all(|process| process.service.entrance.is_none())
    {
        findings.key(
            Code::NothingToRender,
            &findings.written(&Key::ROOT, &["server", "command"]),
            "no process has a port, and Knative runs what answers requests",
            "nothing to render",
            "set `port`, or render it for Kubernetes: `render k8s`",
        );
    }
    jobs::check(app, findings);
    beside::check(app, findings);
    match app.cloudrun.flavor {
        Flavor::Cloudrun => secrets::services(app, findings),
        Flavor::Knative => knative::whole(app, findings),
    }
    if app.ingress.is_some() {
        idle(
            &Key::new("ingress"),
            "`[ingress]` is a route of a cluster, and none is rendered here",
            match app.cloudrun.flavor {
                Flavor::Cloudrun => "map the name by a load balancer: `[cloudrun] ingress` says whose requests come in",
                Flavor::Knative => "map the name by a DomainMapping: `[cloudrun] ingress` says whose requests come in",
            },
            findings,
        );
    }
}

pub(super) fn check(app: &App, process: &Process, findings: &mut Findings<'_>) {
    if process.is_attached() {
        // Inits are refused.
        if app.sidecars.iter().any(|one| one.process.at == process.at) {
            container(app, process, findings);
        }
        return;
    }
    match app.cloudrun.flavor {
        Flavor::Cloudrun => managed::check(app, process, findings),
        // Said already: nothing of it is rendered.
        Flavor::Knative if !app.lasts(process) => return,
        Flavor::Knative if process.service.entrance.is_none() => return knative::unserved(process, findings),
        Flavor::Knative => knative::check(process, findings),
    }
    container(app, process, findings);
    if process.service.entrance.is_some() {
        instances(app, process, findings);
    }
    state(process, findings);
    annotations(process, findings);
    idle(
        &process.key("network"),
        "`[network]` is a policy of a cluster, and none is rendered here",
        "drop it, or render it for Kubernetes; `[cloudrun] ingress` says whose requests come in",
        findings,
    );
    orchestrated::recycling(app, process, Runtime::Serverless, findings);
}

/// What concerns a container, whoever's instance it is in.
fn container(app: &App, process: &Process, findings: &mut Findings<'_>) {
    match app.cloudrun.flavor {
        Flavor::Cloudrun => managed::container(app, process, findings),
        Flavor::Knative => knative::container(app, process, findings),
    }
    if app.is_entrance(process) {
        plain_http(process, findings);
    }
    reserved(app, process, findings);
    facts(process, findings);
    others(process, findings);
}

/// A key that the profile sets, and the platform has nothing for.
fn idle(key: &Key, title: impl Into<String>, help: &str, findings: &mut Findings<'_>) {
    if findings.provenance.sets(key) {
        findings.key(Code::NoEffect, key, title, "has no effect", help);
    }
}

fn instances(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let instances = app.instances(process);
    let given = [("cloudrun.min", process.cloudrun.min), ("cloudrun.max", process.cloudrun.max)];
    for (name, count) in given.into_iter().filter_map(|(name, count)| Some((name, count.filter(|count| *count > 1)?))) {
        super::needs_one(process, &process.key(name), count, "instances", findings);
    }
    if instances.min > instances.max && process.state == State::None {
        findings.value(
            Code::BadAutoscale,
            &process.key("cloudrun.min"),
            format!("at least {} instances, where there are at most {}", instances.min, instances.max),
            "above the maximum",
            "lower it, or raise `[cloudrun] max`, `[autoscale] max` or `workers`",
        );
    }
}

/// The platform ends TLS, and speaks plain HTTP to an instance.
fn plain_http(process: &Process, findings: &mut Findings<'_>) {
    if let Some(key) = process.tls_probes().find(|key| findings.provenance.sets(&process.key(key))) {
        findings.value(
            Code::Conflict,
            &process.key(key),
            "requests come to an instance as plain HTTP, and its main port is asked over TLS",
            "nobody speaks TLS to it",
            "let the app speak plain HTTP in an environment for this platform, and ask by `http`: the platform has the \
             certificate",
        );
    }
}

/// A new revision starts before the old one ends, whatever the bounds are.
fn state(process: &Process, findings: &mut Findings<'_>) {
    if process.state != State::None {
        findings.value(
            Code::StateMayOverlap,
            &process.key("state"),
            "a new revision starts before the old one ends: two may run for a moment, each with state of its own",
            "one process at a time",
            "keep the state elsewhere; or render it for Kubernetes or Compose, which stop the old one first",
        );
    }
}

/// What the platform sets itself, and refuses to be set (Cloud Run documentation, "Container runtime contract"; Knative
/// Serving, `reservedEnvVars`).
const RESERVED: &[&str] = &["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"];

fn reserved(app: &App, process: &Process, findings: &mut Findings<'_>) {
    // What nobody sends requests to is told no port, so it may be told one.
    let is_told = |name: &str| RESERVED.contains(&name) && (name != "PORT" || app.is_entrance(process));
    let env = process.env.iter().map(|one| ("env", &one.name));
    let secrets = process.secrets.iter().filter(|one| one.file.is_none()).map(|one| ("secrets", &one.name));
    let inputs = process.inputs.iter().map(|one| ("inputs", &one.name));
    for (table, name) in env.chain(secrets).chain(inputs).filter(|(_, name)| is_told(name)) {
        let help = match name.as_str() {
            "PORT" => "drop it: the process is told its `port` by this name",
            _ => "choose another name",
        };
        findings.key(
            Code::ReservedEnv,
            &process.key(table).child(name),
            format!("`{name}` is set by the platform"),
            "refused",
            help,
        );
    }
    // The port is what it says, so it may be told by that name; the number of workers may not.
    let workers = match &process.start {
        Start::Command { workers_env, .. } | Start::Image { workers_env, .. } => workers_env.as_deref(),
        Start::Server { .. } => None,
    };
    let names = [("port_env", process.port_env.as_deref(), "PORT"), ("workers_env", workers, "")];
    let given = names.into_iter().filter_map(|(key, name, told)| Some((key, name?, told)));
    for (key, name, _) in given.filter(|(_, name, told)| name != told && is_told(name)) {
        findings.value(
            Code::ReservedEnv,
            &process.key(key),
            format!("`{name}` is set by the platform"),
            "refused",
            match key {
                "port_env" => "choose another name, or \"PORT\", by which the process is told its port anyway",
                _ => "choose another name",
            },
        );
    }
}

/// Neither platform tells an instance about itself, but for its revision.
fn facts(process: &Process, findings: &mut Findings<'_>) {
    for (key, text) in process.texts() {
        for fact in text.facts() {
            findings.value(
                Code::BadReference,
                &key,
                format!("`${{pod.{}}}` is told by Kubernetes alone", fact.name()),
                "not known to an instance",
                "let the app read `K_REVISION`, which names its revision, or ask the platform",
            );
        }
    }
}

/// Annotations that the renderer writes, and the key that says what they say.
const OWN: &[(&str, &str)] = &[
    ("autoscaling.knative.dev/minScale", "[cloudrun] min"),
    ("autoscaling.knative.dev/min-scale", "[cloudrun] min"),
    ("autoscaling.knative.dev/maxScale", "[cloudrun] max"),
    ("autoscaling.knative.dev/max-scale", "[cloudrun] max"),
    ("run.googleapis.com/execution-environment", "[cloudrun] cpu"),
    ("run.googleapis.com/ingress", "[cloudrun] ingress"),
    ("run.googleapis.com/manualInstanceCount", "workers"),
    ("run.googleapis.com/scalingMode", "workers"),
    ("run.googleapis.com/startup-cpu-boost", "[cloudrun] cpu_boost"),
];

fn annotations(process: &Process, findings: &mut Findings<'_>) {
    for (name, key) in OWN.iter().filter(|(name, _)| process.annotations.contains_key(*name)) {
        findings.key(
            Code::BadLabel,
            &process.key("annotations").child(*name),
            format!("`{name}` is written by the renderer"),
            "owned by the renderer",
            format!("drop it, and say `{key}`"),
        );
    }
}

/// What no container has: further ports, the file of a group, a capability.
fn others(process: &Process, findings: &mut Findings<'_>) {
    let asked: Vec<&str> = process.probes.named_ports().collect();
    for port in process.ports.iter().filter(|port| !asked.contains(&port.name.as_str())) {
        idle(
            &process.key("ports").child(&port.name),
            "an instance is reached at its main port alone",
            "drop it, or serve it at the main port; a probe may ask it all the same",
            findings,
        );
    }
    for secret in &process.secrets {
        let Some(file) = secret.file.as_ref().filter(|file| file.mode & 0o004 == 0) else { continue };
        idle(
            &process.key("secrets").child(&secret.name).below("mode"),
            format!(
                "the process could not read a file of mode 0{:o}: it has no group here that the file is given to",
                file.mode
            ),
            "write \"0444\", or drop it: nobody else is in the instance",
            findings,
        );
    }
    idle(
        &process.key("security.capabilities"),
        "an instance has no further capabilities",
        "drop it: a port below 1024 needs none there",
        findings,
    );
}
