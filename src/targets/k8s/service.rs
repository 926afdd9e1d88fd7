//! Service: one address for all replicas.

use k8s_openapi::{
    api::core::v1::{ContainerPort, Service, ServicePort, ServiceSpec},
    apimachinery::pkg::{apis::meta::v1::ObjectMeta, util::intstr::IntOrString},
};

use super::{object::Object, workload::Workload};
use crate::{
    app::{App, Ask, AskPort, Process, Protocol, ServiceType},
    key::Key,
    problem::{Code, Problem},
    tree::{Notes, Path},
};

/// The Service of a process with a port, be it the main one or another.
pub fn service(workload: &Workload<'_>) -> Option<Object> {
    let process = workload.process;
    if !process.is_offered() {
        return None;
    }
    let mut notes = Notes::default();
    let own = process.key("service.annotations");
    let metadata = workload.annotated(process.service.annotations.iter(), &own, &mut notes);
    workload.selector_note(&mut notes, "spec.selector");
    notes.add("spec.type", "who can reach it", process.keys(&["service.type"]));
    notes.add("spec.clusterIP", "headless: each pod is seen, instead of one address", process.keys(&["service.type"]));
    note_offered(workload, &mut notes);
    let (type_, headless) = match process.service.type_ {
        ServiceType::ClusterIp => ("ClusterIP", false),
        ServiceType::Headless => ("ClusterIP", true),
        ServiceType::LoadBalancer => ("LoadBalancer", false),
        ServiceType::NodePort => ("NodePort", false),
    };
    let spec = ServiceSpec {
        type_: Some(type_.into()),
        cluster_ip: headless.then(|| "None".into()),
        ports: Some(ports(workload)),
        selector: workload.selector().match_labels,
        ..ServiceSpec::default()
    };
    let service = Service { metadata, spec: Some(spec), status: None };
    Some(Object::new(&service, "one address for all replicas", workload.app.offered_keys(process), notes))
}

/// The name of the Service that knows each pod of a StatefulSet: its own, if that is headless.
pub fn governing_name(workload: &Workload<'_>) -> String {
    let own = workload.name();
    if governs_itself(workload.process) { own } else { format!("{own}-headless") }
}

fn governs_itself(process: &Process) -> bool {
    process.is_offered() && process.service.type_ == ServiceType::Headless
}

/// Why the name is what it is.
pub fn governing_note(workload: &Workload<'_>, path: &'static str, notes: &mut Notes) {
    let reason = "the headless Service by which each pod has a name in the network";
    let named =
        [vec![Key::new("name")], workload.process.own_keys(), workload.process.keys(&["service.type"])].concat();
    notes.add(path, reason, [named, workload.app.offered_keys(workload.process)].concat());
}

/// The Service that knows each pod of a StatefulSet, unless it has a headless one already (Kubernetes documentation,
/// "StatefulSets", "Stable Network ID").
pub fn governing(workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Option<Object> {
    let process = workload.process;
    if !process.has_own_volumes() || governs_itself(process) {
        return None;
    }
    let name = governing_name(workload);
    check_name(&name, workload, problems);
    let mut notes = Notes::default();
    let metadata = ObjectMeta { name: Some(name), ..workload.metadata(&mut notes) };
    governing_note(workload, "metadata.name", &mut notes);
    workload.selector_note(&mut notes, "spec.selector");
    notes.add("spec.clusterIP", "headless: each pod has a name of its own", Vec::new());
    notes.add("spec.type", "within the cluster", Vec::new());
    let early = "pods find each other before they are ready: some are ready only then";
    notes.add("spec.publishNotReadyAddresses", early, Vec::new());
    let spec = ServiceSpec {
        type_: Some("ClusterIP".into()),
        cluster_ip: Some("None".into()),
        publish_not_ready_addresses: Some(true),
        selector: workload.selector().match_labels,
        ..ServiceSpec::default()
    };
    let service = Service { metadata, spec: Some(spec), status: None };
    let keys = [workload.kind_keys(), process.own_keys(), process.keys(&["service.type"])].concat();
    Some(Object::new(&service, "a name in the network for each pod", keys, notes))
}

/// No other workload bears the name already, and it is a DNS label.
fn check_name(name: &str, workload: &Workload<'_>, problems: &mut Vec<Problem>) {
    let (app, process) = (workload.app, workload.process);
    let Some(other) = app.everything().find(|other| app.workload(other) == name) else { return };
    problems.push(
        Problem::new(
            Code::BadName,
            format!("`{name}` is the Service by which the pods of `{}` have names", process.name),
        )
        .at(app.provenance.key(&other.at), "would bear the same name")
        .help("call this one otherwise"),
    );
}

/// The number that the Service offers: without one of its own, what its type asks for.
pub fn number_keys(workload: &Workload<'_>) -> Vec<Key> {
    let (app, process) = (workload.app, workload.process);
    let own = process.keys(&["service.port"]);
    match process.service.type_ {
        _ if app.sets(process, "service.port") => own,
        ServiceType::Headless => [app.entrance_keys(process), process.keys(&["service.type"]), own].concat(),
        _ => [own, process.keys(&["service.type"])].concat(),
    }
}

/// Why the Service offers each port.
fn note_offered(workload: &Workload<'_>, notes: &mut Notes) {
    let (app, process) = (workload.app, workload.process);
    let entrance = app.entrance(process);
    let own = [process.keys(&["service.to"]), app.served_keys(entrance), spoken_keys(app, entrance)].concat();
    let reason = match &process.service.to {
        Some(sidecar) => format!("the port of the sidecar `{sidecar}`, through which requests come in"),
        None => "the main port, named after what it speaks: nobody else needs the number".to_owned(),
    };
    let main = Path::new("spec.ports").item("name", entrance.spoken());
    notes.add(main, reason, [number_keys(workload), own].concat());
    note_named(process, "spec.ports", notes);
}

/// Why the container has each port.
fn note_own(workload: &Workload<'_>, notes: &mut Notes) {
    let (app, process) = (workload.app, workload.process);
    let because = [app.port_keys(process), app.served_keys(process), name_keys(app, process)].concat();
    let reason = match process.is_attached() {
        true => "its port, named after whose it is: the containers of a pod have one network",
        false => "the main port, named after what it speaks: nobody else needs the number",
    };
    notes.add(Path::new("ports").item("name", process.main_port_name()), reason, because);
    note_named(process, "ports", notes);
}

fn note_named(process: &Process, path: &'static str, notes: &mut Notes) {
    for port in &process.ports {
        let at = Path::new(path).item("name", &port.name);
        notes.add(at, "asked for", vec![process.key("ports").child(&port.name)]);
    }
}

fn ports(workload: &Workload<'_>) -> Vec<ServicePort> {
    let process = workload.process;
    let entrance = workload.app.entrance(process);
    let name = entrance.spoken();
    let speaks = |name: &str| match name {
        "http" | "https" => Some(name.to_owned()),
        "grpc" => Some("kubernetes.io/h2c".to_owned()),
        _ => None,
    };
    let main = process.service.entrance.map(|_| ServicePort {
        name: Some(name.to_string()),
        port: process.service.port.into(),
        protocol: Some("TCP".into()),
        target_port: Some(IntOrString::String(entrance.main_port_name().into_owned())),
        app_protocol: speaks(name),
        ..ServicePort::default()
    });
    let named = process.ports.iter().map(|port| ServicePort {
        name: Some(port.name.clone()),
        port: port.number.into(),
        protocol: Some(protocol(port.protocol).into()),
        target_port: Some(IntOrString::String(port.name.clone())),
        app_protocol: Some(port).filter(|port| port.protocol == Protocol::Tcp).and_then(|port| speaks(&port.name)),
        ..ServicePort::default()
    });
    main.into_iter().chain(named).collect()
}

/// The ports of the container.
pub fn container_ports(workload: &Workload<'_>, notes: &mut Notes) -> Vec<ContainerPort> {
    let process = workload.process;
    note_own(workload, notes);
    let main = process.port.map(|port| ContainerPort {
        container_port: port.into(),
        name: Some(process.main_port_name().into_owned()),
        // Without it a second server-side apply fails.
        protocol: Some("TCP".into()),
        ..ContainerPort::default()
    });
    let named = process.ports.iter().map(|port| ContainerPort {
        container_port: port.number.into(),
        name: Some(port.name.clone()),
        protocol: Some(protocol(port.protocol).into()),
        ..ContainerPort::default()
    });
    main.into_iter().chain(named).collect()
}

pub fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
    }
}

/// What decides the name of the main port.
pub fn name_keys(app: &App, process: &Process) -> Vec<Key> {
    if process.is_attached() { Vec::new() } else { spoken_keys(app, process) }
}

/// What decides what the main port speaks.
pub fn spoken_keys(app: &App, process: &Process) -> Vec<Key> {
    let name = process.spoken();
    let names = |ask: &Ask| match ask {
        Ask::Http { port, tls, .. } => *port == AskPort::Main && name == if *tls { "https" } else { "http" },
        Ask::Grpc { port, .. } => *port == AskPort::Main && name == "grpc",
        Ask::Tcp { .. } | Ask::Exec(_) => false,
    };
    let said = process.probes.asks().filter(|(ask, _)| names(ask)).flat_map(|(_, keys)| keys).copied();
    let mut keys = process.keys(&said.collect::<Vec<_>>());
    if name == "http" && process.start.server().is_some() {
        // The server says it, and so do probes: none of them alone decides.
        keys = if keys.is_empty() { process.keys(&["server"]) } else { Vec::new() };
    }
    // Those that are not set could say something else.
    let others = ["probes.liveness", "probes.readiness", "probes.startup", "server"];
    keys.extend(others.into_iter().filter(|name| app.is_silent(process, name)).map(|name| process.key(name)));
    keys
}
