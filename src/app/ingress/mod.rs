//! `[ingress]`: which requests from outside reach which process.

mod routes;
mod strip;

use std::{collections::BTreeMap, net::Ipv4Addr};

pub use routes::Route;

use super::{
    App, AskPort, Attached, Process, Seconds,
    findings::Findings,
    labels,
    lifecycle::{DAY, time},
};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, HostName, Tls, TlsTable},
};

/// How the app is reached from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Ingress {
    /// None: under any name.
    pub hosts: Vec<String>,
    pub via: Via,
    pub annotations: BTreeMap<String, String>,
    /// At least one.
    pub routes: Vec<Route>,
}

/// Who lets requests in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    Gateway {
        /// Absent: the app's own.
        namespace: Option<String>,
        name: String,
        /// Absent: all that admit it.
        listener: Option<String>,
        /// The longest that a request may take; zero: as long as it likes.
        timeout: Option<Seconds>,
    },
    Class {
        name: String,
        /// The Secret with the certificate; absent: plain HTTP.
        tls: Option<String>,
    },
}

impl App {
    /// The ports of a process that are reached from outside, each once.
    pub fn routed(&self, process: &Process) -> Vec<&AskPort> {
        let mut ports = Vec::new();
        for route in self.ingress.iter().flat_map(|ingress| &ingress.routes) {
            if self.processes[route.process].at == process.at && !ports.contains(&&route.port) {
                ports.push(&route.port);
            }
        }
        ports
    }
}

/// Reads the table; `name` is the app's.
pub fn ingress(
    wanted: Option<profile::Ingress>,
    name: &str,
    (processes, sidecars): (&[Process], &[Attached]),
    findings: &mut Findings<'_>,
) -> Option<Ingress> {
    let at = Key::new("ingress");
    let profile::Ingress { host, hosts, gateway, class, annotations, tls, timeout, routes } = wanted?;
    let annotations = annotations.unwrap_or_default();
    labels::check_annotations(&annotations, &at.below("annotations"), findings);
    let hosts = self::hosts(host, hosts, &at, findings);
    let timeout = timeout.map(|text| time(&text, (0, DAY), &at.below("timeout"), findings));
    let routes = routes::routes(routes, (processes, sidecars), &at.below("routes"), findings);
    let via = match (gateway, class) {
        (Some(gateway), None) => {
            own_certificate(tls.as_ref(), &at, findings);
            Some(self::gateway(&gateway, timeout, &at.below("gateway"), findings))
        }
        (None, Some(class)) => {
            check_class(&class, &annotations, timeout.is_some(), &at, findings);
            strip::check_class(&class, &routes, &at, findings);
            Some(Via::Class { name: class, tls: certificate(tls, name, &at, findings) })
        }
        (Some(_), Some(_)) => {
            let help = "keep `gateway` for an HTTPRoute, or `class` for an Ingress";
            let title = "an app is reached through a gateway, or by an Ingress";
            findings.conflict(&at.below("gateway"), &at.below("class"), title, help);
            None
        }
        (None, None) => {
            findings.key(
                Code::MissingKey,
                &at,
                "`[ingress]` needs `gateway` or `class`",
                "nobody lets requests in",
                "name the gateway of an HTTPRoute, as in `gateway = \"infra/public\"`, or the class of an Ingress, as in \
                 `class = \"nginx\"`",
            );
            None
        }
    };
    Some(Ingress { hosts, via: via?, annotations, routes })
}

/// All names, the one before the others.
fn hosts(host: Option<HostName>, hosts: Option<Vec<HostName>>, at: &Key, findings: &mut Findings<'_>) -> Vec<String> {
    let (one, list) = (at.below("host"), at.below("hosts"));
    let hosts = hosts.unwrap_or_default();
    findings.twice(&list, &hosts);
    for (i, _) in hosts.iter().enumerate().filter(|(_, other)| Some(*other) == host.as_ref()) {
        let title = format!("`{list}` lists what `host` names already");
        let help = "drop it from the list: both hold";
        findings.pair(Code::ListedTwice, (&list.child(i.to_string()), "again"), (&one, "first"), title, help);
    }
    let all = host.into_iter().map(|host| (host, one.clone()));
    let all = all.chain(hosts.into_iter().enumerate().map(|(i, host)| (host, list.child(i.to_string()))));
    let checked = all.map(|(HostName(host), key)| {
        check_host(&host, &key, findings);
        host
    });
    checked.collect()
}

/// `[namespace/]name[/listener]`.
fn gateway(text: &str, timeout: Option<Seconds>, key: &Key, findings: &mut Findings<'_>) -> Via {
    let parts: Vec<&str> = text.split('/').collect();
    let (namespace, name, listener) = match parts.as_slice() {
        [name] => (None, *name, None),
        [namespace, name] => (Some(*namespace), *name, None),
        [namespace, name, listener, ..] => (Some(*namespace), *name, Some(*listener)),
        [] => (None, "", None),
    };
    if let Some(namespace) = namespace.filter(|namespace| !labels::is_label(namespace)) {
        findings.value(
            Code::BadName,
            key,
            format!("`{namespace}` cannot be the name of a namespace"),
            "not a name",
            "write `namespace/name`: a namespace has at most 63 lower-case letters, digits and `-`",
        );
    }
    for name in std::iter::once(name).chain(listener) {
        labels::check_object_name(name, 253, key, findings);
    }
    Via::Gateway {
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
        listener: listener.map(str::to_owned),
        timeout,
    }
}

/// A route has no certificate of its own.
fn own_certificate(tls: Option<&Tls>, at: &Key, findings: &mut Findings<'_>) {
    if let Some(Tls::Table(TlsTable { secret: Some(_) })) = tls {
        let help = "drop it: the listener of the gateway names the certificate";
        let title = "a gateway has its certificate from elsewhere";
        findings.conflict(&at.below("tls").below("secret"), &at.below("gateway"), title, help);
    }
}

fn certificate(tls: Option<Tls>, name: &str, at: &Key, findings: &mut Findings<'_>) -> Option<String> {
    let secret = match tls? {
        Tls::Wanted(false) => return None,
        Tls::Wanted(true) => None,
        Tls::Table(TlsTable { secret }) => secret,
    };
    let secret = secret.unwrap_or_else(|| format!("{name}-tls"));
    labels::check_object_name(&secret, 253, &at.below("tls").below("secret"), findings);
    Some(secret)
}

/// The annotation that named the class before there was a field (Kubernetes, `ValidateIngressCreate`).
const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

fn check_class(
    class: &str,
    annotations: &BTreeMap<String, String>,
    timed: bool,
    at: &Key,
    findings: &mut Findings<'_>,
) {
    labels::check_object_name(class, 253, &at.below("class"), findings);
    if annotations.contains_key(CLASS_ANNOTATION) {
        let help = "drop the annotation: `class` is written as the field that took its place";
        let key = at.below("annotations").child(CLASS_ANNOTATION);
        findings.conflict(&key, &at.below("class"), "the class is named twice, and a cluster refuses that", help);
    }
    if timed {
        let help = "annotate it for its controller, as in `annotations = { \
                    \"nginx.ingress.kubernetes.io/proxy-read-timeout\" = \"30\" }`, or use a `gateway`";
        findings.conflict(&at.below("timeout"), &at.below("class"), "an Ingress has no field for a timeout", help);
    }
}

fn check_host(host: &str, key: &Key, findings: &mut Findings<'_>) {
    let labels = host.strip_prefix("*.").unwrap_or(host);
    let is_address = labels.parse::<Ipv4Addr>().is_ok();
    if is_address || !labels::is_subdomain(labels) || labels.split('.').any(|label| label.len() > 63) {
        findings.value(
            Code::BadName,
            key,
            format!("`{host}` is not a name that a server could have"),
            if is_address { "an address" } else { "not a host name" },
            "write a DNS name, as in \"orders.example.com\"; without `host` the app answers to any name",
        );
    }
}
