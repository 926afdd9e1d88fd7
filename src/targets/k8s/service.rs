//! Service: one address for all replicas.

use k8s_openapi::{
    api::core::v1::{ContainerPort, Service, ServicePort, ServiceSpec},
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::{object::Object, workload::Workload};
use crate::{
    app::{Ask, AskPort, Probes, Process},
    profile::{Protocol, ServiceType},
    tree::Notes,
};

/// The Service of a process with a port.
pub fn service(workload: &Workload<'_>) -> Option<Object> {
    let process = workload.process;
    process.port?;
    let mut notes = Notes::default();
    let metadata = workload.metadata(&mut notes);
    workload.selector_note(&mut notes, "spec.selector");
    notes.add("spec.type", "who can reach it", process.keys(&["service.type"]));
    notes.add("spec.clusterIP", "each pod is seen instead of one address", process.keys(&["service.type"]));
    notes.add("spec.ports", "what is offered, by the names of the container's ports", port_keys(process));
    let (type_, headless) = match process.service.type_ {
        ServiceType::ClusterIp => ("ClusterIP", false),
        ServiceType::Headless => ("ClusterIP", true),
        ServiceType::LoadBalancer => ("LoadBalancer", false),
        ServiceType::NodePort => ("NodePort", false),
    };
    let spec = ServiceSpec {
        type_: Some(type_.into()),
        cluster_ip: headless.then(|| "None".into()),
        ports: Some(ports(process)),
        selector: workload.selector().match_labels,
        ..ServiceSpec::default()
    };
    let service = Service { metadata, spec: Some(spec), status: None };
    Some(Object::new(&service, "one address for all replicas", process.keys(&["port", "server"]), notes))
}

/// What decides about ports: the probes, because they tell what the main port speaks.
fn port_keys(process: &Process) -> Vec<crate::key::Key> {
    process.keys(&["port", "ports", "service.port", "probes", "server"])
}

fn ports(process: &Process) -> Vec<ServicePort> {
    let name = main_name(process);
    let main = process.port.map(|_| ServicePort {
        name: Some(name.into()),
        port: process.service.port.into(),
        protocol: Some("TCP".into()),
        target_port: Some(IntOrString::String(name.into())),
        app_protocol: match name {
            "http" => Some("http".into()),
            "grpc" => Some("kubernetes.io/h2c".into()),
            _ => None,
        },
        ..ServicePort::default()
    });
    let named = process.ports.iter().map(|port| ServicePort {
        name: Some(port.name.clone()),
        port: port.number.into(),
        protocol: Some(protocol(port.protocol).into()),
        target_port: Some(IntOrString::String(port.name.clone())),
        ..ServicePort::default()
    });
    main.into_iter().chain(named).collect()
}

/// The ports of the container.
pub fn container_ports(process: &Process, notes: &mut Notes) -> Vec<ContainerPort> {
    notes.add("ports", "what the process listens on; named, so that others need no number", port_keys(process));
    let main = process.port.map(|port| ContainerPort {
        container_port: port.into(),
        name: Some(main_name(process).into()),
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

/// The name of the main port says what it speaks, as far as that is known.
pub fn main_name(process: &Process) -> &'static str {
    let Probes { startup, liveness, readiness } = &process.probes;
    let asks = [
        startup.as_ref().map(|probe| &probe.ask),
        liveness.as_ref().map(|probe| &probe.ask),
        readiness.as_ref().map(|probe| &probe.ask),
    ];
    let mut asks = asks.into_iter().flatten();
    if asks.clone().any(|ask| matches!(ask, Ask::Grpc { port: AskPort::Main, .. })) {
        return "grpc";
    }
    let http = process.start.server().is_some() || asks.any(|ask| matches!(ask, Ask::Http { port: AskPort::Main, .. }));
    if http { "http" } else { "tcp" }
}
