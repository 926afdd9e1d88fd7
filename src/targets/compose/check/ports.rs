//! Ports of the host, each published once.

use super::{
    form,
    services::{replicas, services},
    variables::fixed,
};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    Rule {
        name: "a port in one text is `address:published:port/protocol`, all but the port optional",
        source: "docker/go-connections, nat.ParsePortSpec",
        weight: Weight::Invalid,
        find: short,
    },
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

fn short(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for port in at.key("ports").items() {
            let Some(text) = port.scalar() else {
                if !port.key("target").is_set() {
                    found.add(&port.key("target"), format!("service `{service}` publishes a port of no container"));
                }
                continue;
            };
            if let Some(wrong) = fixed(&text).and_then(|text| unreadable(&text)) {
                found.add(&port, format!("service `{service}` publishes `{text}`: {wrong}"));
            }
        }
    }
}

/// What is wrong with a port in one text.
fn unreadable(text: &str) -> Option<String> {
    let (text, protocol) = text.split_once('/').unwrap_or((text, ""));
    if !["", "tcp", "udp", "sctp"].contains(&protocol.to_ascii_lowercase().as_str()) {
        return Some(format!("`{protocol}` is none of tcp, udp and sctp"));
    }
    let (host, target) = text.rsplit_once(':').unwrap_or(("", text));
    let (address, published) = host.rsplit_once(':').unwrap_or(("", host));
    let plain = address.strip_prefix('[').and_then(|address| address.strip_suffix(']'));
    let is_address = match plain {
        Some(plain) => plain.parse::<std::net::Ipv6Addr>().is_ok(),
        None => address.is_empty() || address.parse::<std::net::Ipv4Addr>().is_ok(),
    };
    if !is_address {
        return Some(format!("`{address}` is not an IP address; one of version 6 stands in brackets"));
    }
    // 0 is chosen by Docker, like none.
    let chosen = matches!(published, "" | "0");
    let (from, to) = (form::ports(published), form::ports(target));
    let Some(to) = to else { return Some(format!("`{target}` is no port: they are from 1 to 65535")) };
    match from {
        None if !chosen => Some(format!("`{published}` is no port: they are from 1 to 65535")),
        Some(from) if to.1 > to.0 && from.1 - from.0 != to.1 - to.0 => {
            Some(format!("`{published}` are not as many ports as `{target}`"))
        }
        _ => None,
    }
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
