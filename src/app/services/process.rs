//! What runs a service, where we do: a process like those of the app, as its image wants it.

use std::collections::BTreeMap;

use super::{
    Field,
    facts::{Facts, Health},
};
use crate::{
    app::{
        Account, Ask, AskPort, Bytes, Dev, DevUser, File, Image, Input, NamedPort, Network, Part, Probe, Probes,
        Process, ProcessCloudrun, ProcessCompose, ProcessK8s, Resources, Rollout, Scratch, Seconds, Secret, Security,
        Service, Shutdown, Start, Startup, Text, User, Variable, defaults,
    },
    key::Key,
    profile::{Medium, Protocol, ServiceType, Spread, State},
};

/// What the profile says of it, and what it refers to.
pub struct Told {
    pub at: Key,
    pub name: String,
    pub image: Image,
    pub resources: Resources,
    pub args: Vec<Text>,
    pub env: Vec<Variable>,
    pub secrets: Vec<Secret>,
    pub inputs: Vec<Input>,
    pub files: Vec<File>,
    pub health: Vec<String>,
    /// As the app's main process is run on a host.
    pub compose: ProcessCompose,
}

pub fn process(facts: &Facts, told: Told) -> Process {
    let Told { at, name, image, resources, args, env, secrets, inputs, files, health, compose } = told;
    let memory = resources.memory_limit;
    let written = facts.args.iter().map(|text| template(text, &name, memory));
    let args: Vec<Text> = written.chain(args).collect();
    let known = facts
        .env
        .iter()
        .map(|(variable, text)| Variable { name: (*variable).to_owned(), text: template(text, &name, memory) });
    // What the profile says itself holds.
    let known = known.filter(|one| env.iter().all(|own| own.name != one.name)).collect::<Vec<_>>();
    let mut env = [known, env].concat();
    env.sort_by(|a, b| a.name.cmp(&b.name));
    let elsewhere = facts.user.elsewhere.filter(|_| !image.reference.contains("alpine"));
    let (uid, gid) = elsewhere.map_or((facts.user.uid, facts.user.gid), |(uid, gid)| (uid, Some(gid)));
    Process {
        image,
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
        start: Start::Image { args: (!args.is_empty()).then_some(args), workers_env: None },
        port: Some(facts.ports[0]),
        port_env: None,
        ports: further(facts),
        service: Service {
            port: facts.ports[0],
            type_: ServiceType::ClusterIp,
            annotations: BTreeMap::new(),
            to: None,
            entrance: Some(facts.ports[0]),
        },
        workers: 1,
        state: if facts.data.is_empty() { State::None } else { State::Disk },
        user: User { uid: Some(uid), gid },
        probes: probes(facts, health),
        resources,
        autoscale: None,
        shutdown: Shutdown { drain: drain(facts), pre_stop: Seconds(0) },
        rollout: Rollout::Recreate,
        env,
        env_from: Vec::new(),
        secrets,
        inputs,
        files,
        volumes: Vec::new(),
        security: Security {
            read_only: facts.read_only,
            scratch: facts.scratch.iter().map(scratch).collect(),
            capabilities: Vec::new(),
            account: Account::Own,
            kube_api: false,
            user_namespace: false,
        },
        // The app's own processes always may.
        network: Network { ingress_from: Vec::new(), egress: Some(Vec::new()) },
        k8s: ProcessK8s {
            workers_per_pod: 1,
            replicas: None,
            node_selector: BTreeMap::new(),
            tolerations: Vec::new(),
            priority_class: None,
            topology_spread: Spread::None,
        },
        compose: ProcessCompose {
            publish: None,
            workers: None,
            cpus: None,
            pids: facts.pids,
            labels: BTreeMap::new(),
            healthcheck: None,
            ..compose
        },
        cloudrun: ProcessCloudrun::default(),
        dev: never_developed(),
        build: None,
        at,
        name,
    }
}

fn never_developed() -> Dev {
    Dev {
        reload: false,
        sync: Vec::new(),
        watch: false,
        command: None,
        env: Vec::new(),
        debug_port: None,
        mounts: Vec::new(),
        user: DevUser::App,
    }
}

fn further(facts: &Facts) -> Vec<NamedPort> {
    let ports = facts.ports.iter().skip(1);
    ports.map(|number| NamedPort { name: format!("port-{number}"), number: *number, protocol: Protocol::Tcp }).collect()
}

fn scratch(one: &super::facts::Scratch) -> Scratch {
    Scratch { path: one.path.to_owned(), size: one.size, medium: Medium::Disk, seed: false }
}

/// So that all of a stop takes as long as the image needs.
fn drain(facts: &Facts) -> Seconds {
    Seconds(facts.stop.0.saturating_sub(defaults::LIFESPAN.0 + defaults::GRACE_MARGIN.0))
}

/// Whether its port is open says that it starts and lives, its own client that it answers. No client is there as often as
/// a start is asked about, and while a service sets itself up nobody reaches it from outside.
fn probes(facts: &Facts, health: Vec<String>) -> Probes {
    let tcp = || Ask::Tcp { port: AskPort::Main };
    let answers = match facts.health {
        Health::Loopback(_) => Ask::Exec(health.iter().map(Text::literal).collect()),
        Health::Host(_) => tcp(),
    };
    let probe = |ask: Ask, timeout: u32, failures: u32| Probe {
        ask,
        every: Seconds(10),
        timeout: Seconds(timeout),
        failures,
        keys: Vec::new(),
    };
    Probes {
        startup: Some(Startup { ask: tcp(), within: facts.within, timeout: Seconds(5), keys: Vec::new() }),
        liveness: Some(probe(tcp(), 5, 6)),
        // A client may be a machine of Erlang that has to start.
        readiness: Some(probe(answers, 10, 3)),
    }
}

/// A text of the catalogue.
pub fn template(text: &str, service: &str, memory: Bytes) -> Text {
    let mut all = Text::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((word, tail)) = after.split_once('}') else { break };
        all.parts.extend((!before.is_empty()).then(|| Part::Literal(before.to_owned())));
        if let Some(field) = Field::ALL.into_iter().find(|field| field.name() == word) {
            all.parts.push(Part::Service { service: service.to_owned(), field });
            all.refers_to.push(format!("{service}.{word}"));
        } else {
            // Java keeps as much again beside its heap.
            all.parts.push(Part::Literal(format!("{}m", (memory.0 >> 20) / 2)));
            all.refers_to.push(word.to_owned());
        }
        rest = tail;
    }
    all.parts.extend((!rest.is_empty()).then(|| Part::Literal(rest.to_owned())));
    all
}
