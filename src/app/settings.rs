//! Settings that only one target has: `[build]`, `[k8s]`, `[compose]`, `[dev]`.

use std::collections::BTreeMap;

use super::{
    Process, Start, Variable, configuration, defaults, findings::Findings, labels, path, reference::Names,
    start::check_program,
};
use crate::{
    key::Key,
    problem::Code,
    profile::{
        self, ComposeNetwork, DevUserKind, Logging, NetworkName, PullPolicy, Restart, Spread, Toleration,
        TolerationEffect, Version,
    },
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
    let args = args.unwrap_or_default().into_iter().map(|(name, value)| (name.0, value)).collect();
    Build { context: context.unwrap_or_else(|| ".".into()), dockerfile, target, args }
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

pub fn k8s(wanted: Option<profile::K8s>, findings: &mut Findings<'_>) -> K8s {
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
    let key = Key::new("k8s");
    let node_selector = node_selector.unwrap_or_default();
    labels::check_selector(&node_selector, &key.child("node_selector"), findings);
    let tolerations = tolerations.unwrap_or_default();
    for (i, toleration) in tolerations.iter().enumerate() {
        check_toleration(toleration, &key.child("tolerations").child(i.to_string()), findings);
    }
    if let Some(name) = &priority_class {
        labels::check_object_name(name, 253, &key.child("priority_class"), findings);
    }
    let image_pull_secrets = image_pull_secrets.unwrap_or_default();
    for (i, name) in image_pull_secrets.iter().enumerate() {
        labels::check_object_name(name, 253, &key.child("image_pull_secrets").child(i.to_string()), findings);
    }
    K8s {
        version: version.unwrap_or(Version::V1_33),
        namespace,
        pull_policy: pull_policy.unwrap_or(PullPolicy::Always),
        workers_per_pod: workers_per_pod.unwrap_or(1),
        replicas,
        network_policy: network_policy.unwrap_or(true),
        disruption_budget: disruption_budget.unwrap_or(true),
        node_selector,
        tolerations,
        priority_class,
        topology_spread: topology_spread.unwrap_or(Spread::Soft),
        image_pull_secrets,
    }
}

/// What the API server refuses (Kubernetes, `ValidateTolerations`).
fn check_toleration(toleration: &Toleration, at: &Key, findings: &mut Findings<'_>) {
    let Toleration { key, value, effect, seconds } = toleration;
    labels::check_taint(key.as_deref(), value.as_deref(), at, findings);
    if value.is_some() && key.is_none() {
        findings.key(
            Code::Conflict,
            &at.child("value"),
            "a toleration with a `value` needs a `key`",
            "of no taint",
            "add the taint's `key`, or drop it to put up with every taint",
        );
    }
    if seconds.is_some() && *effect != Some(TolerationEffect::NoExecute) {
        findings.key(
            Code::Conflict,
            &at.child("seconds"),
            "only a taint that evicts leaves time",
            "needs `effect = \"NoExecute\"`",
            "set the effect, or drop `seconds`",
        );
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
        networks: self::networks(networks, findings),
        logging,
        pids: pids.unwrap_or(defaults::PIDS),
    }
}

fn networks(
    wanted: Option<BTreeMap<NetworkName, ComposeNetwork>>,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, ComposeNetwork> {
    let wanted: BTreeMap<_, _> = wanted.unwrap_or_default().into_iter().map(|(name, one)| (name.0, one)).collect();
    for name in wanted.iter().filter(|(_, one)| one.external == Some(true) && one.internal.is_some()).map(|(n, _)| n) {
        let key = Key::new("compose.networks").child(name.clone());
        findings.conflict(
            &key.child("internal"),
            &key.child("external"),
            "who makes a network decides whether it leads out",
            "drop `internal`: Compose refuses both",
        );
    }
    wanted
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
    if let Some(command) = &command {
        check_program(command, &key.child("command"), findings);
    }
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
        let leaves = folder.split('/').any(|part| matches!(part, "" | "." | ".."));
        if leaves || folder.contains(|c: char| c.is_control() || matches!(c, ':' | '$' | '\\')) {
            findings.value(
                Code::BadMount,
                &key.child(i.to_string()),
                format!("`{}` is not a folder of the project", wanted[i]),
                "cannot be synced",
                "name a folder beside the profile, as in \"src\"; the project itself, and what lies elsewhere, go to \
                 `[dev] mounts`, as in \".:/app\"",
            );
        } else if plain[..i].contains(folder) {
            findings.value(
                Code::BadMount,
                &key.child(i.to_string()),
                format!("`{}` is listed twice", wanted[i]),
                "again",
                "keep one of them",
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
                path::check(target, &key.child(i.to_string()), findings);
                mounts.push((source.to_owned(), target.to_owned()));
            }
            _ => {
                findings.value(
                    Code::BadMount,
                    &key.child(i.to_string()),
                    format!("`{mount}` is not a mount"),
                    "cannot be mounted",
                    "write `SOURCE:TARGET` with an absolute target and nothing after it, as in \"./tests:/app/tests\"",
                );
                // In its place, by which problems find the others.
                mounts.push((mount.clone(), String::new()));
            }
        }
    }
    mounts
}

/// What of `[dev]` goes together with the process that is developed.
pub fn check_dev(dev: &Dev, process: &Process, findings: &mut Findings<'_>) {
    let key = Key::new("dev");
    let replaced = dev.command.is_some();
    let server = matches!(process.start, Start::Server(_)) && !replaced;
    for name in ["reload", "debug_port"].into_iter().filter(|_| !server) {
        if findings.provenance.has(&key.child(name)) {
            findings.key(
                Code::Conflict,
                &key.child(name),
                format!("`{name}` needs a server whose command line the renderer writes"),
                if replaced { "`[dev] command` replaces it" } else { "there is no `[server]`" },
                "write what it should do into `[dev] command`, and drop it",
            );
        }
    }
    if dev.watch && dev.sync.is_empty() {
        findings.key(
            Code::NoEffect,
            &key.child("watch"),
            "`watch` copies the folders of `sync`, and there are none",
            "has no effect",
            "name a folder, as in `sync = [\"src\"]`, or drop it",
        );
    }
    if let Some(port) = dev.debug_port {
        let taken = process.port == Some(port) || process.ports.iter().any(|other| other.number == port);
        if taken {
            findings.value(
                Code::BadPort,
                &key.child("debug_port"),
                format!("the process listens on port {port} itself"),
                "taken",
                "give the debugger a port of its own, as in `debug_port = 5678`",
            );
        }
    }
    targets(dev, process, &key, findings);
}

/// A mount that hides another, or shares its place: Compose keeps one of them and says nothing.
fn targets(dev: &Dev, process: &Process, key: &Key, findings: &mut Findings<'_>) {
    let synced = dev.sync.iter().filter(|_| !dev.watch).map(|folder| format!("{}/{folder}", defaults::WORKDIR));
    let scratch = process.security.scratch.iter().map(|scratch| scratch.path.clone());
    let secrets = process.secrets.iter().filter_map(|secret| secret.file.as_ref()).map(|file| file.path.clone());
    let mut taken: Vec<String> = synced.chain(scratch).chain(secrets).collect();
    for (i, (_, target)) in dev.mounts.iter().enumerate() {
        if !target.is_empty() && taken.contains(target) {
            findings.value(
                Code::BadMount,
                &key.child("mounts").child(i.to_string()),
                format!("something else is mounted at `{target}` already"),
                "taken",
                "mount it somewhere else, or drop the other: folders of `sync`, scratch directories and secrets are mounts",
            );
        }
        taken.push(target.clone());
    }
}
