//! What only matters where one host runs the process, and its server forks the workers.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    app::{App, Bytes, EnvGroup, Medium, PodFact, Process, Runtime, Secret, findings::Findings},
    key::Key,
    problem::Code,
    profile::Restart,
};

pub(super) fn check(app: &App, process: &Process, findings: &mut Findings<'_>) {
    workers_asked_for(app, process, findings);
    built_here(app, process, findings);
    forking(app, process, findings);
    cpu(app, process, findings);
    restart(app, process, findings);
    pids(app, process, findings);
    gpu(process, findings);
    devices(app, process, findings);
    files(process, findings);
    one_network(app, process, findings);
}

/// One worker may be all that a host can publish.
fn workers_asked_for(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let asked = process.compose.workers;
    let has_one_place = process.compose.publish.is_some() || app.sidecars(process).next().is_some();
    let help = match !process.can_fork() && has_one_place && asked == Some(1) {
        true => "leave it: it cannot fork, and several containers could not share one port of the host",
        false => super::LET_RULE,
    };
    super::overridden("compose.workers", asked, process.workers, ("workers", help), process, findings);
}

/// Containers of a process that has sidecars are all in the network of these.
fn one_network(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let Some(sidecar) = app.sidecars(process).next() else { return };
    let on_host = app.parallelism(process, Runtime::SingleHost).replicas;
    if on_host > 1 && (process.port.is_some() || !process.ports.is_empty()) {
        findings.pair(
            Code::CannotFork,
            (&process.key("workers"), "several containers"),
            (&sidecar.at, "one network for all of them"),
            format!(
                "{on_host} containers would listen on one port: on Compose they share the network of `{}`",
                sidecar.name
            ),
            "set `workers_env` if the command forks by a variable, or ask for one worker there",
        );
    }
}

/// Compose takes a secret from `.env`, or from one file, by its name alone, whichever process asks for it.
pub(super) fn shared_names(app: &App, findings: &mut Findings<'_>) {
    let mut first: BTreeMap<&str, (&Process, &Secret)> = BTreeMap::new();
    for process in app.on_host(Runtime::SingleHost) {
        for secret in &process.secrets {
            let (other, same) = *first.entry(&secret.name).or_insert((process, secret));
            if secret.from != same.from {
                findings.pair(
                    Code::Conflict,
                    (&process.key("secrets").child(&secret.name), "another value"),
                    (&other.key("secrets").child(&same.name), "one value"),
                    format!("`{}` is one value on Compose, for all processes", secret.name),
                    "give one of them another name",
                );
            }
        }
    }
}

/// More scratch space than a host spares without a word.
const MUCH_SCRATCH: Bytes = Bytes::mebi(1 << 10);

/// What a cluster keeps on the disk of a node, a host keeps in memory: nobody else could empty it. Told once for each
/// directory, whoever shares it.
pub(super) fn scratch(app: &App, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for process in app.on_host(Runtime::SingleHost) {
        let list = process.shared("security").below("writable");
        for (i, scratch) in process.security.scratch.iter().enumerate() {
            let key = list.child(i.to_string());
            let place = findings.provenance.value(&key).map(|span| (span.source, span.range.start));
            let is_much = scratch.medium == Medium::Disk && !scratch.seed && scratch.size >= MUCH_SCRATCH;
            if is_much && told.insert(place) {
                let (path, size) = (&scratch.path, scratch.size);
                findings.value(
                    Code::ScratchInMemory,
                    &key,
                    format!("Compose keeps `{path}` in memory: {size} of it count as the container's"),
                    "on the disk of a node, in a cluster",
                    format!(
                        "where that is too much, make it a volume: \
                         `[volumes] scratch = {{ mount = \"{path}\", medium = \"disk\", size = \"{size}\" }}`"
                    ),
                );
            }
        }
    }
}

/// A service is no pod, so something else takes the place of what is known of one. Told once for each text, whoever
/// shares it.
pub(super) fn facts(app: &App, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for (key, text) in app.on_host(Runtime::SingleHost).flat_map(Process::texts) {
        let place = findings.provenance.value(&key).map(|span| (span.source, span.range.start));
        let facts: BTreeSet<PodFact> = text.facts().filter(|fact| told.insert((place, *fact))).collect();
        for fact in facts {
            let instead = match fact {
                PodFact::Name | PodFact::Ip => "the name of the service",
                PodFact::Namespace => "the name of the project",
            };
            findings.value(
                Code::NoPod,
                &key,
                format!("Compose has no pods: `${{pod.{}}}` becomes {instead}", fact.name()),
                "a fact about a pod",
                "where that does not do, say something else for Compose: in an environment, or in `[dev.env]`",
            );
        }
    }
}

/// Each object that variables come from is one file on Compose, by its name alone.
pub(super) fn shared_files(app: &App, findings: &mut Findings<'_>) {
    let mut first: BTreeMap<&str, (bool, Key)> = BTreeMap::new();
    for process in app.on_host(Runtime::SingleHost) {
        for (i, EnvGroup { name, is_secret }) in process.env_from.iter().enumerate() {
            let key = process.key("env_from").child(i.to_string());
            let (other, at) = first.entry(name).or_insert_with(|| (*is_secret, key.clone()));
            if other != is_secret {
                findings.pair(
                    Code::Conflict,
                    (&key, "one object"),
                    (at, "another object"),
                    format!("both objects are the one file `./{name}.env` on Compose"),
                    "give the objects different names, or keep all of it in one",
                );
            }
        }
    }
}

/// Compose mounts the files of secrets from the host, as they are there.
fn files(process: &Process, findings: &mut Findings<'_>) {
    for secret in process.secrets.iter().filter(|secret| secret.file.is_some()) {
        let key = process.key("secrets").child(&secret.name);
        let file = format!("./secrets/{}", secret.name);
        if secret.optional {
            findings.key(
                Code::NoEffect,
                &key.below("optional"),
                "a secret as a file cannot be optional in Compose",
                "has no effect",
                format!("put a file at `{file}`, if only an empty one"),
            );
        }
        if findings.provenance.sets(&key.below("mode")) {
            findings.key(
                Code::NoEffect,
                &key.below("mode"),
                "Compose mounts a secret with the mode that its file has on the host",
                "has no effect",
                format!(
                    "let the user of the container read it: `chmod 0444 {file}`, in a folder that is closed to others"
                ),
            );
        }
    }
}

/// A digest is of an image that was built elsewhere.
fn built_here(app: &App, process: &Process, findings: &mut Findings<'_>) {
    if app.compose.build && app.build(process).is_some() && process.image.digest.is_some() {
        findings.pair(
            Code::Conflict,
            (&process.key("image"), "has a digest"),
            (&Key::new("compose.build"), "built on the host"),
            "what is built here has another digest",
            "drop the digest, or `build` to pull the image",
        );
    }
}

/// A process that cannot fork runs as several containers on a single host, which cannot share one host port.
fn forking(app: &App, process: &Process, findings: &mut Findings<'_>) {
    if process.can_fork() {
        return;
    }
    let on_host = app.parallelism(process, Runtime::SingleHost).replicas;
    if on_host > 1 && process.compose.publish.is_some() {
        let asked = if process.compose.workers.is_some() { "compose.workers" } else { "workers" };
        let key = process.key(asked);
        findings.value(
            Code::CannotFork,
            &key,
            format!("{on_host} containers cannot share one port of the host"),
            "each would publish it",
            match process.resources.gpu {
                Some(_) => {
                    "`[compose] publish = false` behind a proxy, or `[compose] workers = 1`: what a process \
                            with a GPU forked would fight over it"
                }
                None => {
                    "set `workers_env` if the command forks by a variable, `[compose] publish = false` behind a \
                         proxy, or `[compose] workers = 1`"
                }
            },
        );
    }
}

/// A device is reserved by its vendor's driver, and Docker has one of them.
pub(super) fn gpu(process: &Process, findings: &mut Findings<'_>) {
    if let Some(gpu) = process.resources.gpu.as_ref().filter(|gpu| !gpu.is_nvidia()) {
        findings.value(
            Code::NoEffect,
            &process.key("resources.gpu"),
            format!("Compose cannot reserve `{}`: the container gets no device", gpu.resource),
            "has no effect on Compose",
            "give it the devices by a patch, as in `merge = { devices = [\"/dev/kfd\", \"/dev/dri\"] }`",
        );
    }
}

/// Docker counts devices from the first on, for each container anew.
fn devices(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let on_host = app.parallelism(process, Runtime::SingleHost).replicas;
    let Some(gpu) = process.resources.gpu.as_ref().filter(|gpu| gpu.is_nvidia() && on_host > 1) else { return };
    let asked = if process.compose.workers.is_some() { "compose.workers" } else { "workers" };
    let devices = if gpu.count == 1 { "the first GPU".to_owned() } else { format!("the first {} GPUs", gpu.count) };
    findings.pair(
        Code::SharedDevice,
        (&process.key(asked), "each gets the same"),
        (&process.key("resources.gpu"), "asked for each"),
        format!("{on_host} containers of `{}` share {devices} of the host: Compose sets none aside", process.name),
        "run one there, `[compose] workers = 1`; for a GPU each, describe a process for each, and give it its \
         device by a patch: `device_ids = [\"1\"]` in place of `count`",
    );
}

/// More workers than the limit has cores only wait for each other.
fn cpu(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let workers = app.parallelism(process, Runtime::SingleHost).workers;
    if let Some(cpus) = process.compose.cpus
        && f64::from(workers) > cpus.ceil()
    {
        findings.value(
            Code::CpuBelowWorkers,
            &process.key("compose.cpus"),
            format!("{workers} workers in a container share {cpus} cores"),
            "less than a core for each",
            "raise it to one core for each worker, or lower `[compose] workers`",
        );
    }
}

/// uvicorn's supervisor ends with exit code 0 when its workers cannot start.
fn restart(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let workers = app.parallelism(process, Runtime::SingleHost).workers;
    if process.compose.restart == Restart::OnFailure && process.start.server().is_some() && workers > 1 {
        findings.value(
            Code::Conflict,
            &process.key("compose.restart"),
            "the supervisor of several workers ends without a failure when they cannot start",
            "would not restart it",
            "use \"unless-stopped\"",
        );
    }
}

/// A limit that the workers alone fill: beside them run the supervisor and a resource tracker, and every process has
/// threads.
fn pids(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let workers = app.parallelism(process, Runtime::SingleHost).workers;
    if process.compose.pids < workers.saturating_add(2) {
        let key = findings.written(&process.at, &["compose.pids", "compose.workers", "workers"]);
        findings.value(
            Code::BadResources,
            &key,
            format!("{workers} workers do not fit into {} processes and threads", process.compose.pids),
            "more than `[compose] pids` admits",
            "raise `[compose] pids` to what all workers need with their threads, about 50 for each",
        );
    }
}
