//! NetworkPolicy: who may come in, and where the workload may go.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::networking::v1::{
        IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
        NetworkPolicyPort, NetworkPolicySpec,
    },
    apimachinery::pkg::{apis::meta::v1::LabelSelector, util::intstr::IntOrString},
};

use super::{cnpg, object::Object, service, workload::Workload};
use crate::{
    app::{AskPort, Egress, Peer, Provision, Via, keys},
    key::Key,
    tree::Notes,
};

/// Addresses that are not the internet: private, shared, link-local and loopback (RFC 1918, 6598, 3927, 1122; for
/// version 6 RFC 4193 and 4291).
const PRIVATE_V4: &[&str] =
    &["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
const PRIVATE_V6: &[&str] = &["fc00::/7", "fe80::/10"];

/// The policy of a workload. Probes of the node are always let through.
pub fn network_policy(workload: &Workload<'_>) -> Option<Object> {
    if !workload.app.k8s.network_policy {
        return None;
    }
    let mut notes = Notes::default();
    let metadata = workload.metadata(&mut notes);
    notes.add("spec.podSelector", "every pod of this workload", keys(&["name"]));
    notes.add("spec.policyTypes", "what no rule lets through is refused, both ways", Vec::new());
    note_ingress(workload, &mut notes);
    note_egress(workload, &mut notes);
    let instance = BTreeMap::from([("app.kubernetes.io/instance".into(), workload.name())]);
    let spec = NetworkPolicySpec {
        pod_selector: Some(selector(instance)),
        policy_types: Some(vec!["Ingress".into(), "Egress".into()]),
        // A server drops empty lists, and takes every apply of one for a change.
        ingress: Some(ingress(workload)).filter(|rules| !rules.is_empty()),
        egress: Some(egress(workload)).filter(|rules| !rules.is_empty()),
    };
    let policy = NetworkPolicy { metadata, spec: Some(spec) };
    Some(Object::new(
        &policy,
        "least-privilege: who may talk to the pods, and to whom they may talk",
        [keys(&["k8s.network_policy"]), workload.process.own_keys()].concat(),
        notes,
    ))
}

fn note_ingress(workload: &Workload<'_>, notes: &mut Notes) {
    let (app, process) = (workload.app, workload.process);
    let entrance = app.entrance(process);
    let served = [process.keys(&["service.to", "ports"]), app.served_keys(entrance)].concat();
    notes.add("spec.ingress", "who may come in, and where; without a port nobody", served.clone());
    let mut from = process.keys(&["network.ingress_from"]);
    let reason = if process.network.ingress_from.contains(&Peer::SameNamespace) {
        "who may come in: the same namespace, and who else is named"
    } else {
        from.extend(keys(&["name"]));
        "who may come in: the app's own processes, and who else is named"
    };
    if process.network.ingress_from.contains(&Peer::Gateway) {
        from.extend(keys(&["ingress.gateway"]));
    }
    notes.add("spec.ingress[0].from", reason, from);
    let ports = [service::name_keys(app, entrance), served].concat();
    notes.add("spec.ingress[0].ports", "only where the process listens", ports.clone());
    let routes = keys(&["ingress.gateway", "ingress.routes"]);
    let from = [routes.clone(), process.keys(&["network.ingress_from"])].concat();
    notes.add("spec.ingress[1].from", "the gateway that leads requests here", from);
    notes.add("spec.ingress[1].ports", "only where it leads them", [routes, ports].concat());
}

fn note_egress(workload: &Workload<'_>, notes: &mut Notes) {
    let process = workload.process;
    let mut because = process.keys(&["network.egress"]);
    let peers = process.network.egress.as_deref();
    because.extend(peers.iter().flat_map(|_| keys(&["name"])));
    let reason = match peers {
        None => "where it may go: anywhere, until the profile closes it",
        Some(peers) if peers.contains(&Egress::Services) => {
            because.extend(services_keys(workload));
            "where it may go: the app's own processes, what is named, and by the port alone services of others"
        }
        Some(_) => "where it may go: the app's own processes, and what is named",
    };
    notes.add("spec.egress", reason, because);
}

/// One entry of the list is as many rules as the process needs services, by what refers to them.
fn services_keys(workload: &Workload<'_>) -> Vec<Key> {
    let (app, process) = (workload.app, workload.process);
    let tables = process.keys(&["env", "args", "command"]);
    let table = |key: Key| tables.iter().find(|table| table.covers(&key)).cloned().unwrap_or(key);
    let needs = app.needs(process, &[]).into_iter();
    let needs = needs.flat_map(|backing| [app.need_keys(process, backing), backing.process.keys(&["kind", "k8s"])]);
    // What refers to none could refer to one; of a command nobody expects it.
    let refers =
        |table: &Key| process.texts().any(|(key, text)| table.covers(&key) && text.services().next().is_some());
    let others = tables[..2].iter().filter(|table| !refers(table)).cloned();
    needs.flatten().map(table).chain(others).collect()
}

fn ingress(workload: &Workload<'_>) -> Vec<NetworkPolicyIngressRule> {
    let process = workload.process;
    let main = process.service.entrance.map(|_| main_port(workload));
    let named = process.ports.iter().map(|named| port(&named.name, service::protocol(named.protocol)));
    let ports: Vec<NetworkPolicyPort> = main.into_iter().chain(named).collect();
    if ports.is_empty() {
        return Vec::new();
    }
    let peers = &process.network.ingress_from;
    let mut from: Vec<NetworkPolicyPeer> = peers
        .iter()
        .map(|peer| match peer {
            Peer::SameNamespace => pods(BTreeMap::new()),
            Peer::Gateway => gateway(workload).unwrap_or_default(),
            Peer::App(name) => app(name),
            Peer::Namespace(name) => namespace(name),
            Peer::Cidr(range) => addresses(range.to_string(), &[]),
        })
        .collect();
    if !peers.contains(&Peer::SameNamespace) {
        from.insert(0, app(&workload.app.name));
    }
    let rule = NetworkPolicyIngressRule { from: Some(from), ports: Some(ports) };
    std::iter::once(rule).chain(routed(workload)).collect()
}

/// The gateway reaches what it leads to, whoever else may come in.
fn routed(workload: &Workload<'_>) -> Option<NetworkPolicyIngressRule> {
    let process = workload.process;
    let ports = workload.app.routed(process).into_iter().map(|ask| match ask {
        AskPort::Main => main_port(workload),
        AskPort::Named { name, number: _ } => port(name, "TCP"),
    });
    let ports: Vec<NetworkPolicyPort> = ports.collect();
    let peers = &process.network.ingress_from;
    let from = gateway(workload)?;
    let is_in = peers.contains(&Peer::Gateway) || peers.contains(&Peer::SameNamespace) && from == pods(BTreeMap::new());
    if ports.is_empty() || is_in {
        return None;
    }
    Some(NetworkPolicyIngressRule { from: Some(vec![from]), ports: Some(ports) })
}

/// Where the gateway is: its proxies run in its own namespace, or are none of the cluster's.
fn gateway(workload: &Workload<'_>) -> Option<NetworkPolicyPeer> {
    match &workload.app.ingress.as_ref()?.via {
        Via::Gateway { namespace: Some(name), .. } => Some(namespace(name)),
        Via::Gateway { namespace: None, .. } => Some(pods(BTreeMap::new())),
        Via::Class { .. } => None,
    }
}

/// What a sidecar stands before is reached through it alone.
fn main_port(workload: &Workload<'_>) -> NetworkPolicyPort {
    port(&workload.app.entrance(workload.process).main_port_name(), "TCP")
}

fn egress(workload: &Workload<'_>) -> Vec<NetworkPolicyEgressRule> {
    let Some(peers) = &workload.process.network.egress else {
        // An empty rule lets everything through, where an empty list would let nothing.
        return vec![NetworkPolicyEgressRule::default()];
    };
    let to = |to: Vec<NetworkPolicyPeer>| NetworkPolicyEgressRule { to: Some(to), ports: None };
    let rules = peers.iter().flat_map(|peer| match peer {
        Egress::Dns => {
            vec![NetworkPolicyEgressRule { to: None, ports: Some(vec![number(53, "UDP"), number(53, "TCP")]) }]
        }
        Egress::Internet => {
            vec![to(vec![addresses("0.0.0.0/0".into(), PRIVATE_V4), addresses("::/0".into(), PRIVATE_V6)])]
        }
        Egress::Services => services(workload),
        Egress::App(name) => vec![to(vec![app(name)])],
        Egress::Namespace(name) => vec![to(vec![namespace(name)])],
        Egress::Cidr { range, port } => vec![NetworkPolicyEgressRule {
            to: Some(vec![addresses(range.to_string(), &[])]),
            ports: port.map(|port| vec![number(port.into(), "TCP")]),
        }],
    });
    std::iter::once(to(vec![app(&workload.app.name)])).chain(rules).collect()
}

/// To every backing service that it needs. Where somebody else's is, the Secret alone knows: only the port of its kind
/// can be told.
fn services(workload: &Workload<'_>) -> Vec<NetworkPolicyEgressRule> {
    let needs = workload.app.needs(workload.process, &[]);
    let rules = needs.into_iter().filter_map(|backing| {
        let to = match backing.provision {
            Provision::External => None,
            Provision::Cnpg => Some(vec![pods(cnpg::pods(workload.app, backing))]),
            // One of the app's own.
            Provision::Preview => return None,
        };
        Some(NetworkPolicyEgressRule { to, ports: Some(vec![number(backing.port().into(), "TCP")]) })
    });
    rules.collect()
}

fn port(name: &str, protocol: &str) -> NetworkPolicyPort {
    NetworkPolicyPort {
        port: Some(IntOrString::String(name.into())),
        protocol: Some(protocol.into()),
        ..NetworkPolicyPort::default()
    }
}

fn number(number: i32, protocol: &str) -> NetworkPolicyPort {
    NetworkPolicyPort {
        port: Some(IntOrString::Int(number)),
        protocol: Some(protocol.into()),
        ..NetworkPolicyPort::default()
    }
}

fn selector(labels: BTreeMap<String, String>) -> LabelSelector {
    LabelSelector { match_labels: Some(labels).filter(|labels| !labels.is_empty()), ..LabelSelector::default() }
}

fn pods(labels: BTreeMap<String, String>) -> NetworkPolicyPeer {
    NetworkPolicyPeer { pod_selector: Some(selector(labels)), ..NetworkPolicyPeer::default() }
}

/// Every process of an app that was rendered like this one, in the same namespace.
fn app(name: &str) -> NetworkPolicyPeer {
    pods(BTreeMap::from([("app.kubernetes.io/part-of".into(), name.to_owned())]))
}

/// Every pod of a namespace (well-known label of every namespace).
fn namespace(name: &str) -> NetworkPolicyPeer {
    let labels = BTreeMap::from([("kubernetes.io/metadata.name".into(), name.to_owned())]);
    NetworkPolicyPeer { namespace_selector: Some(selector(labels)), ..NetworkPolicyPeer::default() }
}

fn addresses(range: String, except: &[&str]) -> NetworkPolicyPeer {
    let except: Vec<String> = except.iter().map(|range| (*range).to_owned()).collect();
    NetworkPolicyPeer {
        ip_block: Some(IPBlock { cidr: range, except: Some(except).filter(|except| !except.is_empty()) }),
        ..NetworkPolicyPeer::default()
    }
}
