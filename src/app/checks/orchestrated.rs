//! What only matters where an orchestrator replicates the process.

use super::scaling;
use crate::{
    app::{App, PodFact, Process, Runtime, Start, Toleration, findings::Findings, network as policy},
    problem::Code,
    profile::{ServerKind, State},
};

pub(super) fn check(app: &App, process: &Process, findings: &mut Findings<'_>) {
    container(process, findings);
    if process.is_attached() {
        return;
    }
    replicas_asked_for(process, findings);
    workers_per_pod(app, process, findings);
    tolerations(process, findings);
    cpu(process, findings);
    scaling::check(app, process, findings);
    probes(app, process, findings);
    single(app, process, findings);
    recycling(app, process, Runtime::Orchestrated, findings);
    network(app, process, findings);
    policy::reach(app, process, findings);
}

/// What concerns a container, whoever's pod it is in.
fn container(process: &Process, findings: &mut Findings<'_>) {
    scratch(process, findings);
    privileged_ports(process, findings);
    user(process, findings);
    facts(process, findings);
}

fn replicas_asked_for(process: &Process, findings: &mut Findings<'_>) {
    let ruled = process.workers.div_ceil(process.k8s.workers_per_pod);
    super::overridden("k8s.replicas", process.k8s.replicas, ruled, ("replicas", super::LET_RULE), process, findings);
}

/// Several workers in each pod: those who ask for it should know the price.
fn workers_per_pod(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let (key, count) = (process.key("k8s.workers_per_pod"), process.k8s.workers_per_pod);
    if count == 1 {
        return;
    }
    if process.state != State::None {
        return super::needs_one(process, &key, count, "workers in each pod", findings);
    }
    if !process.can_fork() {
        let help = match process.resources.gpu {
            Some(_) => "drop it: workers would fight over the GPU of their pod",
            None => "set `workers_env` if the command forks by a variable, or drop it",
        };
        findings.pair(
            Code::Conflict,
            (&key, "several in each pod"),
            (&findings.written(&process.at, &["resources.gpu", "command"]), "cannot fork them"),
            "a process that cannot fork has one worker in each pod",
            help,
        );
    } else if count > process.workers {
        findings.pair(
            Code::Conflict,
            (&key, "more than there are"),
            (&process.key("workers"), "wanted in all"),
            format!("{count} workers in each pod are more than the {} that are wanted in all", process.workers),
            "lower it, or ask for more `workers`",
        );
    } else {
        findings.key(
            Code::RuleOverridden,
            &key,
            per_pod_title(app, process, count),
            "overrides workers-vs-replicas",
            "drop it for one worker in each pod, unless they share something large",
        );
    }
}

/// What does not divide evenly is rounded up.
fn per_pod_title(app: &App, process: &Process, count: u32) -> String {
    let (pods, wanted) = (app.parallelism(process, Runtime::Orchestrated).replicas, process.workers);
    let each = format!("{count} workers in each pod: the cluster sees them as one, and so do its probes");
    match pods.saturating_mul(count) {
        all if all == wanted || process.k8s.replicas.is_some() => each,
        all => format!("{each}; {pods} pods run {all} of them, where {wanted} are wanted"),
    }
}

/// More workers than the limit has cores only wait for each other; one waits for itself below a core.
fn cpu(process: &Process, findings: &mut Findings<'_>) {
    let per_pod = process.k8s.workers_per_pod;
    let key = process.key("resources.cpu.limit");
    let Some(limit) = process.resources.cpu_limit else { return };
    if limit.0 < 1000 && process.start.server().is_some() {
        findings.value(
            Code::TightCpu,
            &key,
            "a CPU limit below one core throttles a Python worker at every burst",
            "below one core",
            "raise it to \"1\": what is not used stays with the others",
        );
    }
    if u64::from(per_pod) > (limit * per_pod).0.div_ceil(1000) {
        findings.value(
            Code::CpuBelowWorkers,
            &key,
            format!("{per_pod} workers in a pod share {}m of CPU", (limit * per_pod).0),
            "less than a core for each",
            "raise the limit to one core for each worker, or run one worker in each pod",
        );
    }
}

/// Ports below 1024 need a capability that hardened processes do not have. Docker opens them to everybody.
fn privileged_ports(process: &Process, findings: &mut Findings<'_>) {
    let main = process.port.map(|port| {
        let help = "listen on a port from 1024 up: the Service offers it under a port of its own";
        (port, process.key("port"), help)
    });
    let named = process.ports.iter().map(|port| {
        let key = process.key("ports").child(&port.name);
        let number = key.below("port");
        let key = if findings.provenance.has(&number) { number } else { key };
        (port.number, key, "listen on a port from 1024 up")
    });
    let low: Vec<_> = main.into_iter().chain(named).filter(|(number, ..)| *number < 1024).collect();
    for (number, key, help) in low {
        let title = format!("port {number} may be closed to a process without root");
        findings.value(Code::PrivilegedPort, &key, title, "below 1024", help);
    }
}

fn single(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let ruled = app.parallelism(process, Runtime::Orchestrated).replicas;
    let fewest = process.autoscale.as_ref().and_then(|autoscale| autoscale.min).unwrap_or(ruled);
    if fewest == 1 && process.service.entrance.is_some() && process.state == State::None {
        findings.key(
            Code::SingleReplica,
            &findings.written(&process.at, &["workers", "state", "server", "command"]),
            "one replica on Kubernetes is a single point of failure",
            "no disruption budget either: it would block every node drain",
            "ask for two workers or more",
        );
    }
}

/// A worker that replaces itself ends its container where it is alone in it.
pub(super) fn recycling(app: &App, process: &Process, runtime: Runtime, findings: &mut Findings<'_>) {
    let Start::Server(server) = &process.start else { return };
    let recycles = server.max_requests.is_some() && server.kind == ServerKind::Uvicorn;
    if recycles && app.parallelism(process, runtime).workers == 1 {
        findings.key(
            Code::RecyclesContainer,
            &process.key("server.max_requests"),
            "a lone uvicorn worker that reaches `max_requests` ends its container",
            "each would restart, again and again",
            "drop it (`unset` it in an environment), or use gunicorn, whose master stays",
        );
    }
}

/// What `[network]` says in vain.
fn network(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let network = process.key("network");
    if !app.k8s.network_policy && findings.provenance.has(&network) {
        findings.key(
            Code::NoEffect,
            &network,
            "`[network]` is not rendered without a NetworkPolicy",
            "has no effect",
            "drop it, or `[k8s] network_policy = false`",
        );
    }
    let ingress = process.key("network.ingress_from");
    // What is said for the whole app has its effect on others.
    let is_own = findings.is_own(process, &["network", "ingress_from"]);
    if !process.is_offered() && findings.provenance.has(&ingress) && is_own {
        findings.key(
            Code::NoEffect,
            &ingress,
            "nobody can come in where no port is open",
            "has no effect",
            "declare the `port`, or drop it",
        );
    }
}

/// The kubelet compares numbers: it cannot tell whether a name is root's.
pub(super) fn user(process: &Process, findings: &mut Findings<'_>) {
    if process.user.uid.is_none() {
        findings.value(
            Code::ImageUser,
            &process.key("uid"),
            "the image's own user may be refused: a cluster only admits a user by number, and not root",
            "known to the image alone",
            "name the number that the image's `USER` line has, as in `uid = 10001`",
        );
    }
}

/// Texts take a fact about the pod from a variable, which may be the profile's if it is just that.
fn facts(process: &Process, findings: &mut Findings<'_>) {
    let itself =
        |fact: PodFact| process.env.iter().any(|one| one.text.fact() == Some(fact) && one.name == fact.variable());
    let tables: [(&str, Vec<&str>); 3] = [
        ("env", process.env.iter().map(|one| one.name.as_str()).collect()),
        ("secrets", process.secrets.iter().filter(|one| one.file.is_none()).map(|one| one.name.as_str()).collect()),
        ("inputs", process.inputs.iter().map(|one| one.name.as_str()).collect()),
    ];
    for fact in process.facts_in_texts().into_keys().filter(|fact| !itself(*fact)) {
        let (name, fact) = (fact.variable(), fact.name());
        let Some((table, _)) = tables.iter().find(|(_, names)| names.contains(&name)) else { continue };
        findings.key(
            Code::ReservedEnv,
            &process.at.child(*table).child(name),
            format!("`{name}` is what texts take `${{pod.{fact}}}` from"),
            "something else",
            format!("call it otherwise, or let it be `\"${{pod.{fact}}}\"`"),
        );
    }
}

fn tolerations(process: &Process, findings: &mut Findings<'_>) {
    let list = process.key("k8s.tolerations");
    for (i, _) in process.k8s.tolerations.iter().enumerate().filter(|(_, one)| **one == Toleration::default()) {
        findings.value(
            Code::WideToleration,
            &list.child(i.to_string()),
            "an empty toleration puts up with every taint",
            "pods may go to nodes that are broken, full or being drained",
            "name what to put up with, as in `{ key = \"dedicated\" }` or `{ effect = \"NoSchedule\" }`",
        );
    }
}

/// The kubelet evicts a pod whose disk is full; a single host keeps scratch space in memory.
fn scratch(process: &Process, findings: &mut Findings<'_>) {
    if process.on_disk() > process.resources.ephemeral_storage {
        findings.value(
            Code::ScratchTooLarge,
            &process.key("resources.ephemeral_storage"),
            "scratch directories may hold more than the pod's `ephemeral_storage`",
            "the pod would be evicted before they are full",
            "raise `[resources] ephemeral_storage` above the sum of the sizes in `[security] writable` and of `[volumes]` with \
             `medium = \"disk\"`",
        );
    }
}

/// One question for both would restart replicas that only have to wait. A single host restarts none.
fn probes(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let (Some(live), Some(ready)) = (&process.probes.liveness, &process.probes.readiness) else { return };
    // Without a port there is no traffic to decide about.
    if live.ask != ready.ask || process.port.is_none() && process.ports.is_empty() {
        return;
    }
    if app.sets(process, "probes.readiness") {
        findings.value(
            Code::ProbesIdentical,
            &process.key("probes.readiness"),
            "readiness and liveness ask the same",
            "a slow dependency would restart every replica",
            "let readiness ask what requests need, and liveness only the process itself",
        );
    } else {
        findings.value(
            Code::ProbesIdentical,
            &process.key("probes.liveness"),
            "without `readiness`, the liveness probe decides about traffic too",
            "asked for both",
            "add `readiness = \"/readyz\"`, which asks what requests need",
        );
    }
}
