//! Ports of the host, each published once.

use super::services::{replicas, services};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    Rule {
        name: "no port of the host is published twice",
        source: "Docker Engine: port is already allocated",
        weight: Weight::Invalid,
        find: twice,
    },
    Rule {
        name: "one container alone publishes a port of the host",
        source: "Docker Engine: port is already allocated",
        weight: Weight::Invalid,
        find: replicated,
    },
    Rule {
        name: "a port is published on an address of the host, not on all of them",
        source: "dclint, no-unbound-port-interfaces",
        weight: Weight::Unhardened,
        find: unbound,
    },
];

/// Ports of the host.
struct Published {
    address: String,
    first: u16,
    last: u16,
    protocol: String,
}

impl Published {
    fn meets(&self, other: &Published) -> bool {
        let every = |address: &str| matches!(address, "" | "0.0.0.0" | "::");
        self.protocol == other.protocol
            && self.first <= other.last
            && other.first <= self.last
            && (self.address == other.address || every(&self.address) || every(&other.address))
    }
}

/// `None` for a port that Docker chooses, or that a variable decides.
fn published(port: &At<'_>) -> Option<Published> {
    let (address, ports, protocol) = match port.text() {
        Some(text) => {
            let (text, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
            let (host, _) = text.rsplit_once(':')?;
            let (address, ports) = host.rsplit_once(':').unwrap_or(("", host));
            (address.trim_matches(['[', ']']).to_owned(), ports.to_owned(), protocol.to_owned())
        }
        None => {
            let field = |key: &str| port.key(key).scalar().unwrap_or_default().into_owned();
            let protocol = field("protocol");
            (field("host_ip"), field("published"), if protocol.is_empty() { "tcp".into() } else { protocol })
        }
    };
    let (first, last) = ports.split_once('-').unwrap_or((&ports, &ports));
    Some(Published { address, first: first.parse().ok()?, last: last.parse().ok()?, protocol })
}

fn twice(files: &[At<'_>], found: &mut Found) {
    let mut seen: Vec<(&str, Published)> = Vec::new();
    for (service, at) in services(files) {
        for port in at.key("ports").items() {
            let Some(published) = published(&port) else { continue };
            if let Some((other, _)) = seen.iter().find(|(_, other)| published.meets(other)) {
                let first = published.first;
                found.add(
                    &port,
                    format!("service `{service}` publishes port {first} of the host, and so does `{other}`"),
                );
            }
            seen.push((service, published));
        }
    }
}

fn replicated(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let Some(count) = replicas(&at).filter(|count| *count > 1) else { continue };
        let fixed = at.key("ports").items().filter(|port| published(port).is_some_and(|port| port.first == port.last));
        for port in fixed {
            found.add(&port, format!("{count} containers of `{service}` cannot publish one port of the host"));
        }
    }
}

fn unbound(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let everywhere = |port: &At<'_>| published(port).is_some_and(|port| port.address.is_empty());
        for port in at.key("ports").items().filter(everywhere) {
            found.add(&port, format!("service `{service}` publishes a port on every address of the host"));
        }
    }
}
