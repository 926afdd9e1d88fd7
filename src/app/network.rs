//! `[network]`: who may talk to a process, and to whom it may talk.

use std::net::IpAddr;

use super::{App, Backing, Process, findings::Findings, labels::is_label};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, Provision, ServiceType},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    pub ingress_from: Vec<Peer>,
    /// Absent: to anybody.
    pub egress: Option<Vec<Egress>>,
}

/// Who may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peer {
    SameNamespace,
    /// Where the gateway of `[ingress]` is.
    Gateway,
    /// Another app that we rendered.
    App(String),
    Namespace(String),
    Cidr(Cidr),
}

/// Where a process may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Egress {
    /// Name servers, wherever they are.
    Dns,
    /// Addresses that are not private.
    Internet,
    /// The backing services that it needs.
    Services,
    App(String),
    Namespace(String),
    Cidr {
        range: Cidr,
        port: Option<u16>,
    },
}

/// A range of addresses (RFC 4632), without host bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let range = Cidr { address: address.parse().ok()?, prefix: prefix.parse().ok()? };
        (range.masked()?.address == range.address).then_some(range)
    }

    /// The range without bits after its prefix; `None` if the address has not so many.
    fn masked(self) -> Option<Self> {
        let prefix = u32::from(self.prefix);
        let address = match self.address {
            IpAddr::V4(address) => {
                let rest = 32u32.checked_sub(prefix)?;
                IpAddr::V4((u32::from(address) & u32::MAX.checked_shl(rest).unwrap_or(0)).into())
            }
            IpAddr::V6(address) => {
                let rest = 128u32.checked_sub(prefix)?;
                IpAddr::V6((u128::from(address) & u128::MAX.checked_shl(rest).unwrap_or(0)).into())
            }
        };
        Some(Cidr { address, ..self })
    }

    /// The range that was meant by one with bits after its prefix.
    fn meant(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        Cidr { address: address.parse().ok()?, prefix: prefix.parse().ok()? }.masked()
    }
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

pub fn network(wanted: Option<profile::Network>, at: &Key, findings: &mut Findings<'_>) -> Network {
    let key = at.below("network");
    let profile::Network { ingress_from, egress } = wanted.unwrap_or_default();
    let ingress_from = match ingress_from {
        None => vec![Peer::SameNamespace],
        Some(peers) => each(&peers, &key.below("ingress_from"), findings, peer),
    };
    let egress = match egress {
        None => None,
        Some(peers) if peers == ["any"] => None,
        Some(peers) => Some(each(&peers, &key.below("egress"), findings, self::egress)),
    };
    Network { ingress_from, egress }
}

/// What a policy keeps out that another key calls in, or shuts in that has to get out.
pub fn reach(app: &App, process: &Process, findings: &mut Findings<'_>) {
    if !app.k8s.network_policy {
        return;
    }
    let Network { ingress_from, egress } = &process.network;
    let outside = matches!(process.service.type_, ServiceType::LoadBalancer | ServiceType::NodePort);
    if outside && !ingress_from.iter().any(|peer| matches!(peer, Peer::Cidr(_))) {
        findings.value(
            Code::CutOff,
            &process.key("service.type"),
            "the Service is offered outside of the cluster, and the NetworkPolicy lets nobody in from there",
            "for clients that are refused",
            "name them, as in `[network] ingress_from = [\"same-namespace\", \"203.0.113.0/24\"]`; \
             \"0.0.0.0/0\" is everybody",
        );
    }
    let Some(peers) = egress.as_ref() else { return };
    let key = process.key("network.egress");
    resolve(app, process, peers, &key, findings);
    if peers.is_empty() {
        return;
    }
    let reaches = |peer: &Egress| matches!(peer, Egress::Cidr { .. } | Egress::Namespace(_));
    if process.security.kube_api && !peers.iter().any(reaches) {
        findings.value(
            Code::CutOff,
            &key,
            "the process talks to the Kubernetes API, and the NetworkPolicy does not let it",
            "without the API server",
            "add the addresses of the API server, as in \"10.0.0.1/32:6443\" (`kubectl get endpointslices kubernetes`)",
        );
    }
    reach_services(app, process, peers, &key, findings);
}

/// Whether a closed list lets a process ask for names. The app's own processes let each other in and out, but somebody
/// has to know where they are.
fn resolve(app: &App, process: &Process, peers: &[Egress], key: &Key, findings: &mut Findings<'_>) {
    if peers.contains(&Egress::Dns) {
        return;
    }
    let led = |process| Process::texts(process).find_map(|(_, text)| Some(text.processes().next()?.0.to_owned()));
    match app.pod(process).find_map(led) {
        Some(other) => findings.value(
            Code::CutOff,
            key,
            format!("a value leads to the process `{other}`, and the NetworkPolicy lets nothing out to a name server"),
            "its name cannot be resolved",
            "add \"dns\"",
        ),
        None if peers.is_empty() => {}
        None => findings.value(
            Code::CutOff,
            key,
            "the NetworkPolicy lets nothing out to a name server",
            "no name can be resolved",
            "add \"dns\", unless everything is reached by its address",
        ),
    }
}

/// Whether a closed list lets a process get to the backing services that it refers to.
fn reach_services(app: &App, process: &Process, peers: &[Egress], key: &Key, findings: &mut Findings<'_>) {
    if peers.contains(&Egress::Services) {
        if app.services.is_empty() {
            let place = peers.iter().position(|peer| *peer == Egress::Services).unwrap_or_default();
            findings.value(
                Code::NoEffect,
                &key.child(place.to_string()),
                "there are no backing services that the process could go to",
                "opens nothing",
                "drop it, or describe what it needs in `[services.NAME]`",
            );
        }
        return;
    }
    let leads = |peer: &Egress| match peer {
        Egress::Cidr { .. } | Egress::Namespace(_) | Egress::App(_) | Egress::Internet => true,
        Egress::Dns | Egress::Services => false,
    };
    // Where somebody else's is, nobody knows here: another entry may lead there.
    let is_cut = |backing: &&Backing| match backing.provision {
        Provision::External => !peers.iter().any(leads),
        Provision::Cnpg => !peers.iter().any(|peer| leads(peer) && *peer != Egress::Internet),
        // One of the app's own, which always reach each other.
        Provision::Preview => false,
    };
    let refers = |backing: &&Backing| process.texts().any(|(_, text)| text.is_of(backing));
    let cut: Vec<String> =
        app.services.iter().filter(refers).filter(is_cut).map(|one| format!("`{}`", one.name())).collect();
    if !cut.is_empty() {
        findings.value(
            Code::CutOff,
            key,
            format!("the process refers to {}, and the NetworkPolicy does not let it go there", cut.join(" and ")),
            "without its backing services",
            "add \"services\"",
        );
    }
}

fn each<T>(
    texts: &[String],
    key: &Key,
    findings: &mut Findings<'_>,
    read: fn(&str, &Key, &mut Findings<'_>) -> Option<T>,
) -> Vec<T> {
    let texts = texts.iter().enumerate();
    texts.filter_map(|(i, text)| read(text, &key.child(i.to_string()), findings)).collect()
}

fn peer(text: &str, key: &Key, findings: &mut Findings<'_>) -> Option<Peer> {
    match text.split_once(':') {
        None if text == "same-namespace" => return Some(Peer::SameNamespace),
        None if text == "gateway" => return Some(Peer::Gateway),
        Some(("app", name)) if is_label(name) => return Some(Peer::App(name.to_owned())),
        Some(("namespace", name)) if is_label(name) => return Some(Peer::Namespace(name.to_owned())),
        _ => {}
    }
    let range = Cidr::parse(text);
    if range.is_none() {
        bad(
            text,
            "`same-namespace`, `gateway`, `app:NAME`, `namespace:NAME`, or a range such as \"10.0.0.0/8\"",
            key,
            findings,
        );
    }
    range.map(Peer::Cidr)
}

fn egress(text: &str, key: &Key, findings: &mut Findings<'_>) -> Option<Egress> {
    match text.split_once(':') {
        None if text == "dns" => return Some(Egress::Dns),
        None if text == "internet" => return Some(Egress::Internet),
        None if text == "services" => return Some(Egress::Services),
        None if text == "any" => {
            findings.value(
                Code::Conflict,
                key,
                "`any` opens what the rest of the list closes",
                "excludes the others",
                "write `egress = [\"any\"]` alone, or drop it",
            );
            return None;
        }
        Some(("app", name)) if is_label(name) => return Some(Egress::App(name.to_owned())),
        Some(("namespace", name)) if is_label(name) => return Some(Egress::Namespace(name.to_owned())),
        _ => {}
    }
    if let Some(range) = Cidr::parse(text) {
        return Some(Egress::Cidr { range, port: None });
    }
    let with_port = text.rsplit_once(':').and_then(|(range, port)| {
        let port = port.parse::<u16>().ok().filter(|port| *port > 0)?;
        Some(Egress::Cidr { range: Cidr::parse(range)?, port: Some(port) })
    });
    if with_port.is_none() {
        bad(
            text,
            "`any`, `dns`, `services`, `internet`, `app:NAME`, `namespace:NAME`, or a range such as \"10.0.0.0/8:5432\"",
            key,
            findings,
        );
    }
    with_port
}

fn bad(text: &str, forms: &str, key: &Key, findings: &mut Findings<'_>) {
    findings.value(
        Code::BadPeer,
        key,
        format!("`{text}` is nobody that traffic could come from or go to"),
        "not a peer",
        match (Cidr::meant(text), alone(text)) {
            (Some(range), _) => format!("write \"{range}\": a range has no bits set after its prefix"),
            (None, Some(range)) => format!("write \"{range}\": one address is a range as well"),
            (None, None) => format!("write {forms}"),
        },
    );
}

/// The range that is one address alone, with the port if there is one.
fn alone(text: &str) -> Option<String> {
    let range = |address: &str| {
        let address: IpAddr = address.parse().ok()?;
        Some(format!("{address}/{}", if address.is_ipv4() { 32 } else { 128 }))
    };
    range(text).or_else(|| {
        let (address, port) = text.rsplit_once(':')?;
        Some(format!("{}:{port}", range(address)?))
    })
}
