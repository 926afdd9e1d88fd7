//! From what the user wrote to what we decided: all defaults, all checks, all problems at once.

use super::{
    App, Process, attached, autoscale, checks, cloudrun, configuration, defaults, dev, entrance, files,
    findings::Findings,
    image, ingress, labels,
    lifecycle::{self, Ended},
    network,
    own::Own,
    patch, ports, probe_port, probes, recipe,
    reference::{Names, Others},
    reserved, resources, security, services, settings, sibling,
    start::{self, Wanted},
    volumes,
    workloads::{self, Beside},
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
    volumes::check_names(&profile, findings);
    let Profile {
        name,
        main,
        // Spent while the layers were merged.
        extends: _,
        unset: _,
        environments: _,
        process: wanted,
        processes,
        jobs,
        crons,
        // Spent when workloads inherited.
        defaults: _,
        ingress,
        services: wanted_services,
        sidecars,
        inits,
        companions,
        build,
        k8s,
        compose,
        dev,
        cloudrun,
        patches,
    } = profile;
    let name = self::name(name, findings);
    let main = main.unwrap_or_else(|| defaults::MAIN.to_owned());
    let main_image = wanted.image.clone();
    let (k8s, main_k8s) = settings::k8s(k8s, findings);
    let (compose, main_compose) = settings::compose(compose, &name, findings);
    let (cloudrun, main_cloudrun) = cloudrun::cloudrun(cloudrun);
    let profile::Build { process: build, recipe: wanted_recipe } = build.unwrap_or_default();
    let own = Own { k8s: main_k8s, compose: main_compose, cloudrun: main_cloudrun, dev, build: Some(build) };
    let wanted_services = wanted_services.unwrap_or_default();
    let others = Others {
        services: services::offers(&wanted_services, findings),
        processes: sibling::siblings((&main, &wanted), processes.as_ref()),
    };
    let mut process = self::process(Key::ROOT, main, wanted, own, &others, findings);
    let (recipe, platforms) = recipe::recipe(wanted_recipe, &process, findings);
    recipe.iter().for_each(|recipe| recipe.develop(&mut process, findings.provenance));
    let patches = patch::patches(patches, environment, findings);
    let wanted = workloads::Wanted { processes, jobs, crons, sidecars, inits, companions, others: &others };
    let mut beside = wanted.resolve(&name, &process, main_image.as_deref(), findings);
    let built_alike = beside.everything_mut().filter(|one| one.build.is_none() && one.image == process.image);
    built_alike.for_each(|one| recipe.iter().for_each(|recipe| recipe.develop(one, findings.provenance)));
    let names = std::iter::once(&process).chain(beside.everything()).map(|process| process.name.as_str()).collect();
    let around = services::Around { app: &name, main: &process, others: &others, names };
    let services = services::services(wanted_services, &around, findings);
    settings::check_networks(&compose, &services, findings);
    let Beside { processes, jobs, crons, sidecars, inits, companions } = beside;
    let mut processes: Vec<Process> = std::iter::once(process).chain(processes).collect();
    for process in &mut processes {
        entrance::settle(process, &sidecars, findings);
    }
    App {
        ingress: ingress::ingress(ingress, &name, (&processes, &sidecars), findings),
        sidecars,
        inits,
        companions,
        environment: environment.map(str::to_owned),
        k8s,
        compose,
        cloudrun,
        recipe,
        platforms,
        patches,
        processes,
        jobs,
        crons,
        services,
        name,
        provenance: Provenance::default(),
    }
}

fn missing(key: &Key, example: &str, findings: &mut Findings<'_>) {
    findings.key(
        Code::MissingKey,
        key,
        format!("the profile needs `{key}`"),
        "missing",
        format!("write it at the top, as in `{example}`"),
    );
}

fn name(name: Option<String>, findings: &mut Findings<'_>) -> String {
    match name.as_deref() {
        None => missing(&Key::new("name"), "name = \"orders\"", findings),
        Some(server @ ("uvicorn" | "granian")) => findings.value(
            Code::BadName,
            &Key::new("name"),
            format!("an app called `{server}` breaks its server"),
            "a server's own name",
            "choose another: a Service of this name sets variables that the server reads as its settings",
        ),
        Some(_) => {}
    }
    name.unwrap_or_default()
}

/// A process of which all that it inherits is its own by now.
pub fn process(
    at: Key,
    name: String,
    wanted: profile::Process,
    own: Own,
    others: &Others,
    findings: &mut Findings<'_>,
) -> Process {
    let profile::Process {
        image,
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
        env_from,
        secrets,
        inputs,
        files,
        volumes,
        security,
        network,
    } = wanted;
    if image.is_none() && at == Key::ROOT {
        missing(&Key::new("image"), "image = \"ghcr.io/acme/orders:1.4.2\"", findings);
    }
    let image = image.and_then(|image| self::image::image(&image, &at.below("image"), findings)).unwrap_or_default();
    let start = Wanted { server, command, args, workers_env: workers_env.map(|name| name.0) };
    let port_env = port_env.map(|name| name.0);
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
        services: &others.services,
        processes: Some(&others.processes),
    };
    let env = configuration::env(env, &names, &at.below("env"), findings);
    let start = start::start(start, &names, &at, findings);
    let files = files::files(files, &names, &at, findings);
    let Own { k8s, compose, cloudrun, dev, build } = own;
    let dev = dev::dev(dev, &at, &names, findings);
    let variables: [(&str, Vec<&str>); 3] = [
        ("env", env.iter().map(|one| one.name.as_str()).collect()),
        ("secrets", names.secrets.iter().copied().collect()),
        ("inputs", names.inputs.iter().copied().collect()),
    ];
    let in_dev = (at.below("dev").below("env"), dev.env.iter().map(|one| one.name.as_str()).collect());
    let tables = variables.iter().map(|(table, names): &(_, Vec<_>)| (at.child(*table), names.clone()));
    let tables: Vec<_> = tables.chain([in_dev]).collect();
    reserved::check(&start, port_env.as_deref(), &tables, &at, findings);
    configuration::check_twice(variables, &at, findings);
    if port_env.is_some() && port.is_none() {
        findings.key(
            Code::Conflict,
            &at.below("port_env"),
            "`port_env` needs a port",
            "tells nothing",
            "set `port`, or drop it",
        );
    }
    let state = state.unwrap_or(State::None);
    let security = security::security(security, &at, findings);
    let volumes = volumes::volumes(volumes, &name, &at, findings);
    let on_disk = volumes::on_disk(&volumes, &at) + security.on_disk();
    let resources = resources::resources(resources, &start, on_disk, &at, findings);
    let default_workers = match (state, is_server, &resources.gpu) {
        (State::None, true, None) => defaults::SERVER_WORKERS,
        _ => defaults::COMMAND_WORKERS,
    };
    let service = ports::service(service, port, &ports, &at, findings);
    let entered = port.is_some() || service.to.is_some();
    let asked = probe_port::Ports { main: port, named: &ports };
    let probes = probes::probes(probes, probes::About { ports: &asked, names: &names }, &at, findings);
    let published = entered.then(|| port.unwrap_or(defaults::SERVICE_PORT));
    let compose = settings::process_compose(compose, published, &names, &at, findings);
    let autoscale = autoscale::autoscale(autoscale, state, &at, findings);
    let labels = labels::labels(labels, &at, findings);
    let annotations = labels::annotations(annotations, &at, findings);
    let ended = match attached::is_attached(&at) {
        true => Ended::WithItsPod,
        false if !entered && ports.is_empty() => Ended::Alone,
        false => Ended::Offered(service.type_),
    };
    let shutdown = lifecycle::shutdown(shutdown, ended, &at, findings);
    let process = Process {
        volumes,
        name,
        image,
        labels,
        annotations,
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
        env_from: configuration::env_from(env_from, &at, findings),
        secrets,
        inputs,
        files,
        security,
        network: network::network(network, &at, findings),
        k8s: settings::process_k8s(k8s, &at, findings),
        compose,
        cloudrun: cloudrun::process_cloudrun(cloudrun, &at, findings),
        dev,
        build: build.map(recipe::build),
        at,
    };
    dev::check(&process, findings);
    process
}
