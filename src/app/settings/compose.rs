//! `[compose]`: what only Compose is told.

use std::collections::BTreeMap;

use crate::{
    app::{Backing, Text, defaults, findings::Findings, labels, probes, reference::Names},
    key::Key,
    problem::Code,
    profile::{self, ComposeNetwork, Logging, NetworkName, Restart},
};

/// Settings that only Compose has.
#[derive(Debug, Clone, PartialEq)]
pub struct Compose {
    pub project: String,
    /// Images are built where they run.
    pub build: bool,
    pub networks: BTreeMap<String, ComposeNetwork>,
    /// The way from the Compose file to the folder of the profile; nothing beside it. No key: whoever renders says where to.
    pub home: String,
}

/// What Compose alone is told of one process.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessCompose {
    /// Where the main port is published.
    pub publish: Option<Publish>,
    pub restart: Restart,
    /// Overrides the rule.
    pub workers: Option<u32>,
    /// In cores.
    pub cpus: Option<f64>,
    /// Absent: json-file with rotation.
    pub logging: Option<Logging>,
    pub pids: u32,
    /// Beside those of the process.
    pub labels: BTreeMap<String, String>,
    /// Asks whether the process is healthy, in place of its probes.
    pub healthcheck: Option<Vec<Text>>,
}

/// An address and port of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// With brackets if it is IPv6.
    pub address: String,
    pub port: u16,
}

impl Publish {
    /// Reads `80`, or `0.0.0.0:80`, and tells what is neither.
    pub fn read(text: &str, example: u16, key: &Key, findings: &mut Findings<'_>) -> Option<Self> {
        let (address, port) = text.rsplit_once(':').unwrap_or(("127.0.0.1", text));
        let publish = Publish::parse(address, port);
        if publish.is_none() {
            findings.value(
                Code::BadPublish,
                key,
                format!("`{text}` is not an address and port of the host"),
                "cannot be published",
                format!("write an address and a port, as in \"127.0.0.1:{example}\" or \"0.0.0.0:80\""),
            );
        }
        publish
    }

    fn parse(address: &str, port: &str) -> Option<Self> {
        let bare = address.trim_start_matches('[').trim_end_matches(']');
        let port = port.parse().ok().filter(|port| *port > 0)?;
        bare.parse::<std::net::IpAddr>().is_ok().then(|| Publish { address: address.to_owned(), port })
    }
}

/// The settings of the app, and those of its main process, which are decided with it.
pub fn compose(
    wanted: Option<profile::Compose>,
    name: &str,
    findings: &mut Findings<'_>,
) -> (Compose, profile::ProcessCompose) {
    let profile::Compose { project, build, networks, process } = wanted.unwrap_or_default();
    let project = project.unwrap_or_else(|| name.to_owned());
    (
        Compose {
            project,
            build: build.unwrap_or(false),
            networks: self::networks(networks, findings),
            home: String::new(),
        },
        process,
    )
}

pub fn process_compose(
    wanted: profile::ProcessCompose,
    port: Option<u16>,
    names: &Names<'_>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> ProcessCompose {
    let profile::ProcessCompose { publish, restart, workers, cpus, logging, pids, labels, healthcheck } = wanted;
    let key = at.below("compose");
    let healthcheck = healthcheck.map(|words| probes::command(&words, names, &key.below("healthcheck"), findings));
    ProcessCompose {
        publish: self::publish(publish, port, at, findings),
        restart: restart.unwrap_or(Restart::UnlessStopped),
        workers,
        cpus,
        logging,
        pids: pids.unwrap_or(defaults::PIDS),
        labels: labels::compose_labels(labels, &key.below("labels"), findings),
        healthcheck,
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
            &key.below("internal"),
            &key.below("external"),
            "who makes a network decides whether it leads out",
            "drop `internal`: Compose refuses both",
        );
    }
    wanted
}

/// The network of the services is nobody else's.
pub fn check_networks(compose: &Compose, services: &[Backing], findings: &mut Findings<'_>) {
    if !services.is_empty() && compose.networks.contains_key(defaults::BACKEND) {
        findings.key(
            Code::Conflict,
            &Key::new("compose.networks").child(defaults::BACKEND),
            format!("`{}` is the network of the services already", defaults::BACKEND),
            "made by the renderer, without a way out",
            "give this one another name",
        );
    }
}

/// The main process is published by itself, others where they ask for it.
fn publish(
    wanted: Option<profile::Publish>,
    port: Option<u16>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> Option<Publish> {
    let key = at.below("compose").below("publish");
    match (wanted, port) {
        (Some(profile::Publish::Off(_)), _) | (None, None) => None,
        (None, Some(port)) => (*at == Key::ROOT).then(|| Publish { address: "127.0.0.1".into(), port }),
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
        (Some(profile::Publish::At(text)), Some(_)) => Publish::read(&text, 8000, &key, findings),
    }
}
