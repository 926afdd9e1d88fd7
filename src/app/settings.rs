//! Settings that only one target has: `[build]`, `[k8s]`, `[compose]`, `[dev]`.

use std::collections::BTreeMap;

use super::{Variable, configuration, defaults, findings::Findings, reference::Names};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, ComposeNetwork, DevUserKind, Logging, PullPolicy, Restart, Spread, Toleration, Version},
};

/// How the image is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Relative to the Compose file.
    pub context: String,
    /// The project's own.
    pub dockerfile: Option<String>,
    pub target: Option<String>,
    pub args: BTreeMap<String, String>,
}

pub fn build(wanted: Option<profile::Build>) -> Build {
    let profile::Build { context, dockerfile, target, args } = wanted.unwrap_or_default();
    Build { context: context.unwrap_or_else(|| ".".into()), dockerfile, target, args: args.unwrap_or_default() }
}

/// Settings that only Kubernetes has.
#[derive(Debug, Clone, PartialEq)]
pub struct K8s {
    pub version: Version,
    pub namespace: Option<String>,
    pub pull_policy: PullPolicy,
    pub workers_per_pod: u32,
    /// Overrides the rule.
    pub replicas: Option<u32>,
    pub network_policy: bool,
    pub disruption_budget: bool,
    pub node_selector: BTreeMap<String, String>,
    pub tolerations: Vec<Toleration>,
    pub priority_class: Option<String>,
    pub topology_spread: Spread,
    pub image_pull_secrets: Vec<String>,
}

pub fn k8s(wanted: Option<profile::K8s>) -> K8s {
    let profile::K8s {
        version,
        namespace,
        pull_policy,
        workers_per_pod,
        replicas,
        network_policy,
        disruption_budget,
        node_selector,
        tolerations,
        priority_class,
        topology_spread,
        image_pull_secrets,
    } = wanted.unwrap_or_default();
    K8s {
        version: version.unwrap_or(Version::V1_33),
        namespace,
        pull_policy: pull_policy.unwrap_or(PullPolicy::Always),
        workers_per_pod: workers_per_pod.unwrap_or(1),
        replicas,
        network_policy: network_policy.unwrap_or(true),
        disruption_budget: disruption_budget.unwrap_or(true),
        node_selector: node_selector.unwrap_or_default(),
        tolerations: tolerations.unwrap_or_default(),
        priority_class,
        topology_spread: topology_spread.unwrap_or(Spread::Soft),
        image_pull_secrets: image_pull_secrets.unwrap_or_default(),
    }
}

/// Settings that only Compose has.
#[derive(Debug, Clone, PartialEq)]
pub struct Compose {
    pub project: String,
    /// Where the main port is published.
    pub publish: Option<Publish>,
    pub restart: Restart,
    /// Overrides the rule.
    pub workers: Option<u32>,
    /// In cores.
    pub cpus: Option<f64>,
    pub networks: BTreeMap<String, ComposeNetwork>,
    /// Absent: json-file with rotation.
    pub logging: Option<Logging>,
    pub pids: u32,
}

/// An address and port of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// With brackets if it is IPv6.
    pub address: String,
    pub port: u16,
}

pub fn compose(
    wanted: Option<profile::Compose>,
    name: &str,
    port: Option<u16>,
    findings: &mut Findings<'_>,
) -> Compose {
    let profile::Compose { publish, restart, project, workers, cpus, networks, logging, pids } =
        wanted.unwrap_or_default();
    Compose {
        project: project.unwrap_or_else(|| name.to_owned()),
        publish: self::publish(publish, port, findings),
        restart: restart.unwrap_or(Restart::UnlessStopped),
        workers,
        cpus,
        networks: networks.unwrap_or_default(),
        logging,
        pids: pids.unwrap_or(defaults::PIDS),
    }
}

fn publish(wanted: Option<profile::Publish>, port: Option<u16>, findings: &mut Findings<'_>) -> Option<Publish> {
    let key = Key::new("compose.publish");
    match (wanted, port) {
        (Some(profile::Publish::Off(_)), _) | (None, None) => None,
        (None, Some(port)) => Some(Publish { address: "127.0.0.1".into(), port }),
        (Some(profile::Publish::At(_)), None) => {
            findings.key(
                Code::BadPublish,
                &key,
                "there is no port to publish",
                "publishes nothing",
                "set `port`, or drop it",
            );
            None
        }
        (Some(profile::Publish::At(text)), Some(_)) => {
            let (address, port) = text.rsplit_once(':').unwrap_or(("127.0.0.1", &text));
            let bare = address.trim_start_matches('[').trim_end_matches(']');
            let port = port.parse().ok().filter(|port| *port > 0);
            if let (Ok(_), Some(port)) = (bare.parse::<std::net::IpAddr>(), port) {
                return Some(Publish { address: address.to_owned(), port });
            }
            findings.value(
                Code::BadPublish,
                &key,
                format!("`{text}` is not an address and port of the host"),
                "cannot be published",
                "write an address and a port, as in \"127.0.0.1:8000\" or \"0.0.0.0:80\"",
            );
            None
        }
    }
}

/// Development on one machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Dev {
    pub reload: bool,
    /// Folders of the project, by their path relative to it.
    pub sync: Vec<String>,
    /// Copies changes instead of mounting.
    pub watch: bool,
    pub command: Option<Vec<String>>,
    /// By name, over the process' own.
    pub env: Vec<Variable>,
    pub debug_port: Option<u16>,
    /// Source and target.
    pub mounts: Vec<(String, String)>,
    pub user: DevUser,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DevUser {
    /// Whoever runs Compose.
    Host,
    /// As in production.
    App,
    Number(u32),
}

pub fn dev(wanted: Option<profile::Dev>, names: &Names<'_>, findings: &mut Findings<'_>) -> Dev {
    let key = Key::new("dev");
    let profile::Dev { reload, sync, watch, command, env, debug_port, mounts, user } = wanted.unwrap_or_default();
    Dev {
        reload: reload.unwrap_or(true),
        sync: folders(sync, &key.child("sync"), findings),
        watch: watch.unwrap_or(false),
        command,
        env: configuration::env(env, names, &key.child("env"), findings),
        debug_port,
        mounts: self::mounts(mounts.unwrap_or_default(), &key.child("mounts"), findings),
        user: match user {
            None | Some(profile::DevUser::Kind(DevUserKind::Host)) => DevUser::Host,
            Some(profile::DevUser::Kind(DevUserKind::App)) => DevUser::App,
            Some(profile::DevUser::Number(number)) => DevUser::Number(number),
        },
    }
}

fn folders(wanted: Option<Vec<String>>, key: &Key, findings: &mut Findings<'_>) -> Vec<String> {
    let wanted = wanted.unwrap_or_else(|| vec!["src".into()]);
    let plain = wanted.iter().map(|folder| folder.trim_start_matches("./").trim_end_matches('/').to_owned());
    let plain: Vec<String> = plain.collect();
    for (i, folder) in plain.iter().enumerate() {
        let leaves = folder.starts_with('/') || folder.split('/').any(|part| part == ".." || part.is_empty());
        if leaves || folder.contains(':') {
            findings.value(
                Code::BadMount,
                &key.child(i.to_string()),
                format!("`{folder}` is not a folder of the project"),
                "cannot be synced",
                "name a folder beside the profile, as in \"src\"; other mounts go to `[dev] mounts`",
            );
        }
    }
    plain
}

fn mounts(wanted: Vec<String>, key: &Key, findings: &mut Findings<'_>) -> Vec<(String, String)> {
    let mut mounts = Vec::new();
    for (i, mount) in wanted.iter().enumerate() {
        match mount.split_once(':') {
            Some((source, target)) if !source.is_empty() && target.starts_with('/') && !target.contains(':') => {
                mounts.push((source.to_owned(), target.to_owned()));
            }
            _ => findings.value(
                Code::BadMount,
                &key.child(i.to_string()),
                format!("`{mount}` is not a mount"),
                "cannot be mounted",
                "write `SOURCE:TARGET` with an absolute target, as in \"./tests:/app/tests\"",
            ),
        }
    }
    mounts
}
