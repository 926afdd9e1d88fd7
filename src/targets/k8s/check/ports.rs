//! Ports are declared where they are asked for.

use super::{
    pods::{Pods, declares, of_kind, pods},
    selectors::selected,
};
use crate::targets::check::{At, Found, Rule, Weight, twice};

pub const RULES: &[Rule] = &[
    Rule {
        name: "a Service leads to a port that a container declares",
        source: "kube-linter, invalid-target-ports",
        weight: Weight::Invalid,
        find: targets,
    },
    Rule {
        name: "a probe asks a port that its container declares",
        source: "kube-linter, liveness-port, readiness-port and startup-port",
        weight: Weight::Invalid,
        find: probes,
    },
    Rule {
        name: "a network policy opens ports by names that a container declares",
        source: "Kubernetes API, NetworkPolicyPort.port",
        weight: Weight::Invalid,
        find: opened,
    },
    Rule {
        name: "no two containers of a pod have one port, or one name for a port",
        source: "Kubernetes documentation, Pods: containers share the network",
        weight: Weight::Invalid,
        find: containers,
    },
    Rule {
        name: "the ports of a Service differ, and have names where there are several",
        source: "Kubernetes, ValidateService",
        weight: Weight::Invalid,
        find: services,
    },
];

fn shown(port: &At<'_>) -> String {
    port.scalar().unwrap_or_default().into_owned()
}

fn targets(objects: &[At<'_>], found: &mut Found) {
    let workloads = pods(objects);
    for service in of_kind(objects, "Service") {
        let pods = selected(service, &workloads);
        for port in service.at("spec.ports").items() {
            let target = port.key("targetPort");
            let target = if target.is_set() { target } else { port.key("port") };
            if !pods.is_empty() && !pods.iter().any(|pods| pods.has_port(&target)) {
                found.add(&target, format!("no container declares the port `{}`", shown(&target)));
            }
        }
    }
}

fn probes(objects: &[At<'_>], found: &mut Found) {
    for container in pods(objects).iter().flat_map(Pods::containers) {
        for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
            for ask in ["httpGet", "tcpSocket", "grpc"] {
                let port = container.key(probe).key(ask).key("port");
                if port.is_set() && !declares(&container, &port) {
                    let (name, port_name) = (container.name(), shown(&port));
                    found.add(
                        &port,
                        format!("`{probe}` asks port `{port_name}`, which container `{name}` does not declare"),
                    );
                }
            }
        }
    }
}

/// The names of ports are those of the pods that the policy selects; in `egress` they are another pod's.
fn opened(objects: &[At<'_>], found: &mut Found) {
    let workloads = pods(objects);
    for policy in of_kind(objects, "NetworkPolicy") {
        let pods = selected(policy, &workloads);
        for port in policy.at("spec.ingress").items().flat_map(|rule| rule.key("ports").items()) {
            let port = port.key("port");
            if port.text().is_some() && !pods.is_empty() && !pods.iter().any(|pods| pods.has_port(&port)) {
                found.add(&port, format!("no container declares the port `{}`", shown(&port)));
            }
        }
    }
}

fn protocol<'a>(port: &At<'a>) -> &'a str {
    port.key("protocol").text().unwrap_or("TCP")
}

fn containers(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        let ports: Vec<At<'_>> = pod.running().iter().flat_map(|container| container.key("ports").items()).collect();
        let numbers = ports.iter().map(|port| ((port.key("containerPort").number(), protocol(port)), port.clone()));
        for ((number, _), at) in twice(numbers) {
            found.add(&at, format!("port {} is declared twice in the pod", number.unwrap_or_default()));
        }
        let names = ports.iter().filter_map(|port| Some((port.key("name").text()?, port.clone())));
        for (name, at) in twice(names) {
            found.add(&at, format!("two ports of the pod are called `{name}`"));
        }
    }
}

fn services(objects: &[At<'_>], found: &mut Found) {
    for service in of_kind(objects, "Service") {
        let ports: Vec<At<'_>> = service.at("spec.ports").items().collect();
        for unnamed in ports.iter().filter(|port| ports.len() > 1 && !port.key("name").is_set()) {
            found.add(unnamed, "a port has no name, and there are several");
        }
        for (name, at) in twice(ports.iter().filter_map(|port| Some((port.key("name").text()?, port.clone())))) {
            found.add(&at, format!("two ports are called `{name}`"));
        }
        let numbers = ports.iter().map(|port| ((port.key("port").number(), protocol(port)), port.clone()));
        for ((number, _), at) in twice(numbers) {
            found.add(&at, format!("port {} is offered twice", number.unwrap_or_default()));
        }
    }
}
