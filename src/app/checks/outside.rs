//! What only matters where an orchestrator lets requests in from outside.

use std::collections::BTreeMap;

use crate::{
    app::{App, AskPort, Ingress, Peer, Process, Via, findings::Findings},
    key::Key,
    problem::Code,
};

pub(super) fn check(app: &App, findings: &mut Findings<'_>) {
    for process in app.everything() {
        gateway_peer(app, process, findings);
    }
    let Some(Ingress { hosts, via, annotations, routes: _ }) = &app.ingress else { return };
    for process in app.processes.iter().filter(|process| app.routed(process).contains(&&AskPort::Main)) {
        over_tls(app.entrance(process), via, annotations, findings);
    }
    match via {
        Via::Gateway { .. } => listener(findings),
        Via::Class { name, tls: _ } => {
            open(hosts.is_empty(), findings);
            for process in app.processes.iter().filter(|process| !app.routed(process).is_empty()) {
                controller(app, process, name, findings);
            }
        }
    }
}

/// A peer that there is not.
fn gateway_peer(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let has_gateway = app.ingress.as_ref().is_some_and(|ingress| matches!(ingress.via, Via::Gateway { .. }));
    let list = process.key("network.ingress_from");
    for (i, _) in process.network.ingress_from.iter().enumerate().filter(|(_, peer)| **peer == Peer::Gateway) {
        if !has_gateway {
            findings.value(
                Code::BadPeer,
                &list.child(i.to_string()),
                "`gateway` is nobody: `[ingress]` names none",
                "not a peer",
                "write `[ingress] gateway = \"infra/public\"`, or the namespace itself, as in \"namespace:infra\"",
            );
        }
    }
}

/// A listener has a certificate, or none: a route cannot say.
fn listener(findings: &mut Findings<'_>) {
    let key = Key::new("ingress.tls");
    if findings.provenance.sets(&key) {
        findings.key(
            Code::NoEffect,
            &key,
            "TLS is up to the listener of the gateway",
            "has no effect on an HTTPRoute",
            "drop it, or name the listener that speaks TLS, as in `gateway = \"infra/public/https\"`",
        );
    }
}

/// A process that speaks TLS itself: whoever leads requests there has to be told.
fn over_tls(process: &Process, via: &Via, annotations: &BTreeMap<String, String>, findings: &mut Findings<'_>) {
    const NGINX: &str = "nginx.ingress.kubernetes.io/backend-protocol";
    let help = match via {
        Via::Gateway { .. } => "attach a BackendTLSPolicy to its Service, by `[k8s] extra`".to_owned(),
        Via::Class { name, .. } if name == "nginx" && !annotations.contains_key(NGINX) => {
            format!("write `annotations = {{ \"{NGINX}\" = \"HTTPS\" }}`")
        }
        // Traefik goes by the name of the port, and what others are told is annotated somehow.
        Via::Class { .. } => return,
    };
    let Some(key) = process.tls_probes().find(|key| findings.provenance.sets(&process.key(key))) else { return };
    findings.value(
        Code::CutOff,
        &process.key(key),
        format!("`{}` speaks TLS, and who leads requests to it speaks plain HTTP unless told", process.name),
        "asked over TLS",
        help,
    );
}

/// What an Ingress serves to everybody who asks.
fn open(anybody: bool, findings: &mut Findings<'_>) {
    let (class, tls) = (Key::new("ingress.class"), Key::new("ingress.tls"));
    if !findings.provenance.sets(&tls) {
        findings.key(
            Code::OpenIngress,
            &class,
            "the Ingress speaks plain HTTP: anybody on the way can read along",
            "without TLS",
            "add `tls = true`; or `tls = false` if something before the controller ends TLS",
        );
    }
    if anybody {
        findings.key(
            Code::OpenIngress,
            &class,
            "the Ingress answers to every name that reaches its controller",
            "without a host",
            "name the host, as in `host = \"orders.example.com\"`",
        );
    }
}

/// Where the controller of a class runs is not known here.
fn controller(app: &App, process: &Process, class: &str, findings: &mut Findings<'_>) {
    let reaches = |peer: &Peer| matches!(peer, Peer::Namespace(_) | Peer::Cidr(_));
    if app.k8s.network_policy && !process.network.ingress_from.iter().any(reaches) {
        let namespace = if class == "nginx" { "ingress-nginx" } else { class };
        findings.value(
            Code::CutOff,
            &Key::new("ingress.class"),
            "the NetworkPolicy lets the controller in from no other namespace",
            "for requests that never arrive, unless it runs beside the app",
            format!(
                "name its namespace, as in `[network] ingress_from = [\"same-namespace\", \"namespace:{namespace}\"]`"
            ),
        );
    }
}
