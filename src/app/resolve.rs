//! From what the user wrote to what we decided: all defaults, all checks, all problems at once.

use std::collections::BTreeMap;

use super::{
    App, Image, Process, autoscale, checks, configuration, defaults, dev,
    findings::Findings,
    image, labels, lifecycle, network, patch, ports, probe_port, probes,
    reference::Names,
    reserved, resources, security, settings,
    start::{self, Wanted},
};
use crate::{
    key::Key,
    layers::Provenance,
    problem::{self, Code, Problem, any_error},
    profile::{self, Profile, State},
};

/// An app, or nothing; and what is wrong with the profile, or worth knowing about it.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// Absent when an error is among the problems.
    pub app: Option<App>,
    pub problems: Vec<Problem>,
}

/// Decides everything that is common to all targets.
pub fn resolve(profile: Profile, provenance: Provenance, environment: Option<&str>) -> Resolved {
    let mut findings = Findings::new(&provenance);
    let app = decide(profile, environment, &mut findings);
    checks::check(&app, &mut findings);
    let mut problems = findings.problems;
    problem::sort(&mut problems);
    let app = (!any_error(&problems)).then(|| App { provenance, ..app });
    Resolved { app, problems }
}

/// An app even of a profile with errors, so that all its problems are found; then it must not be rendered.
fn decide(profile: Profile, environment: Option<&str>, findings: &mut Findings<'_>) -> App {
    let Profile {
        name,
        image,
        main,
        // Spent while the layers were merged.
        extends: _,
        unset: _,
        environments: _,
        labels,
        annotations,
        command,
        args,
        workers_env,
        port_env,
        port,
        workers,
        state,
        uid,
        gid,
        server,
        ports,
        service,
        probes,
        resources,
        autoscale,
        shutdown,
        rollout,
        env,
        secrets,
        inputs,
        security,
        network,
        build,
        k8s,
        compose,
        dev,
        patches,
    } = profile;
    let (name, image) = identity(name, image, findings);
    let shared = Shared { env, secrets, inputs, security, network };
    let wanted = WantedProcess {
        start: Wanted { server, command, args, workers_env: workers_env.map(|name| name.0) },
        port_env: port_env.map(|name| name.0),
        port,
        workers,
        state,
        uid,
        gid,
        ports,
        service,
        probes,
        resources,
        autoscale,
        shutdown,
        rollout,
    };
    let main = main.unwrap_or_else(|| defaults::MAIN.to_owned());
    let (process, dev) = self::process(Key::ROOT, main, wanted, shared, dev, findings);
    let labels = labels::labels(labels, findings);
    let annotations = labels::annotations(annotations, findings);
    let patches = patch::patches(patches, environment, findings);
    dev::check(&dev, &process, findings);
    let compose = settings::compose(compose, &name, process.port, findings);
    App {
        environment: environment.map(str::to_owned),
        labels,
        annotations,
        build: settings::build(build),
        k8s: settings::k8s(k8s, findings),
        compose,
        dev,
        patches,
        processes: vec![process],
        name,
        image,
        provenance: Provenance::default(),
    }
}

fn identity(name: Option<String>, image: Option<String>, findings: &mut Findings<'_>) -> (String, Image) {
    for (key, value, example) in
        [("name", &name, "name = \"orders\""), ("image", &image, "image = \"ghcr.io/acme/orders:1.4.2\"")]
    {
        if value.is_none() {
            findings.key(
                Code::MissingKey,
                &Key::ROOT.child(key),
                format!("the profile needs `{key}`"),
                "missing",
                format!("write it at the top, as in `{example}`"),
            );
        }
    }
    if let Some(server @ ("uvicorn" | "granian")) = name.as_deref() {
        findings.value(
            Code::BadName,
            &Key::new("name"),
            format!("an app called `{server}` breaks its server"),
            "a server's own name",
            "choose another: a Service of this name sets variables that the server reads as its settings",
        );
    }
    let image = image.and_then(|image| self::image::image(&image, findings));
    (name.unwrap_or_default(), image.unwrap_or_default())
}

/// Tables that all processes of an app share.
struct Shared {
    env: Option<BTreeMap<String, profile::EnvValue>>,
    secrets: Option<BTreeMap<String, profile::Secret>>,
    inputs: Option<BTreeMap<String, profile::Input>>,
    security: Option<profile::Security>,
    network: Option<profile::Network>,
}

/// Keys of one process.
struct WantedProcess {
    start: Wanted,
    port_env: Option<String>,
    port: Option<u16>,
    workers: Option<u32>,
    state: Option<State>,
    uid: Option<profile::Uid>,
    gid: Option<u32>,
    ports: Option<BTreeMap<String, profile::Port>>,
    service: Option<profile::Service>,
    probes: Option<profile::Probes>,
    resources: Option<profile::Resources>,
    autoscale: Option<profile::Autoscale>,
    shutdown: Option<profile::Shutdown>,
    rollout: Option<profile::Rollout>,
}

fn process(
    at: Key,
    name: String,
    wanted: WantedProcess,
    shared: Shared,
    dev: Option<profile::Dev>,
    findings: &mut Findings<'_>,
) -> (Process, dev::Dev) {
    let WantedProcess {
        start,
        port_env,
        port,
        workers,
        state,
        uid,
        gid,
        ports,
        service,
        probes,
        resources,
        autoscale,
        shutdown,
        rollout,
    } = wanted;
    let Shared { env, secrets, inputs, security, network } = shared;
    let is_server = start.server.is_some();
    let port = port.or(is_server.then_some(defaults::PORT));
    let ports = ports::named(ports, port, &at, findings);
    let secrets = configuration::secrets(secrets, &at, findings);
    let inputs = configuration::inputs(inputs, &at, findings);
    let names = Names {
        secrets: secrets.iter().filter(|secret| secret.file.is_none()).map(|secret| secret.name.as_str()).collect(),
        inputs: inputs.iter().map(|input| input.name.as_str()).collect(),
        ports: ports.iter().map(|port| (port.name.as_str(), port.number)).collect(),
        port,
    };
    let env = configuration::env(env, &names, &at.child("env"), findings);
    let start = start::start(start, &names, &at, findings);
    let dev = dev::dev(dev, &names, findings);
    let variables: [(&str, Vec<&str>); 3] = [
        ("env", env.iter().map(|one| one.name.as_str()).collect()),
        ("secrets", names.secrets.iter().copied().collect()),
        ("inputs", names.inputs.iter().copied().collect()),
    ];
    let in_dev = (Key::new("dev.env"), dev.env.iter().map(|one| one.name.as_str()).collect());
    let tables = variables.iter().map(|(table, names): &(_, Vec<_>)| (at.child(*table), names.clone()));
    let tables: Vec<_> = tables.chain([in_dev]).collect();
    reserved::check(&start, port_env.as_deref(), &tables, &at, findings);
    configuration::check_twice(variables, &at, findings);
    drop(names);
    if port_env.is_some() && port.is_none() {
        findings.key(
            Code::Conflict,
            &at.child("port_env"),
            "`port_env` needs a port",
            "tells nothing",
            "set `port`, or drop it",
        );
    }
    let state = state.unwrap_or(State::None);
    let default_workers = match (state, is_server) {
        (State::None, true) => defaults::SERVER_WORKERS,
        _ => defaults::COMMAND_WORKERS,
    };
    let security = security::security(security, &at, findings);
    let resources = resources::resources(resources, &start, &at, findings);
    let service = ports::service(service, port, &ports, &at, findings);
    let probes = probes::probes(probes, &probe_port::Ports { main: port, named: &ports }, &at, findings);
    let autoscale = autoscale::autoscale(autoscale, state, &at, findings);
    let shutdown = lifecycle::shutdown(shutdown, port.is_some() || !ports.is_empty(), &service, &at, findings);
    let process = Process {
        name,
        start,
        port,
        port_env,
        ports,
        service,
        workers: workers.unwrap_or(default_workers),
        state,
        user: security::user(uid, gid, &at, findings),
        probes,
        resources,
        autoscale,
        shutdown,
        rollout: lifecycle::rollout(rollout, state, &at, findings),
        env,
        secrets,
        inputs,
        security,
        network: network::network(network, &at, findings),
        at,
    };
    (process, dev)
}
