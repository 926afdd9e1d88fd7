//! Relations between decisions, checked once everything is decided.

use std::collections::BTreeSet;

use super::{
    App, Process, Runtime, Seconds, Start,
    findings::Findings,
    network,
    path::{self, Apart, Paths},
};
use crate::{
    key::Key,
    problem::Code,
    profile::{Restart, ServerKind, State},
};

/// The longest `--workers-kill-timeout` of granian 2.8.
const GRANIAN_DRAIN: Seconds = Seconds(1800);

pub fn check(app: &App, findings: &mut Findings<'_>) {
    for process in &app.processes {
        state(process, findings);
        overrides(app, process, findings);
        forking(app, process, findings);
        cpu(app, process, findings);
        autoscale(app, process, findings);
        replicas(app, process, findings);
        restart(app, process, findings);
        pids(app, process, findings);
        silenced(app, process, findings);
        mounts(process, findings);
        network::reach(app, process, findings);
        optional(process, findings);
    }
}

fn state(process: &Process, findings: &mut Findings<'_>) {
    if process.state == State::Disk {
        findings.value(
            Code::NotSupportedYet,
            &process.key("state"),
            "`state = \"disk\"` is not supported yet",
            "needs a volume",
            "volumes come later; until then use `state = \"memory\"` and a patch",
        );
    }
    if process.workers > 1 {
        needs_one(process, &process.key("workers"), process.workers, "processes", findings);
    }
}

/// Reports more than one of a process that keeps state, as `key` asks for.
fn needs_one(process: &Process, key: &Key, count: u32, what: &str, findings: &mut Findings<'_>) {
    if process.state != State::None {
        findings.pair(
            Code::StateNeedsOne,
            (key, "more than one"),
            (&process.key("state"), "each would keep its own"),
            format!("{count} {what} cannot share what one process keeps for itself"),
            "ask for one, or keep the state elsewhere and drop `state`",
        );
    }
}

/// Overrides of the rule hold, and are said aloud.
fn overrides(app: &App, process: &Process, findings: &mut Findings<'_>) {
    per_pod(app, process, findings);
    let ruled = process.workers.div_ceil(app.k8s.workers_per_pod);
    let given = [
        ("k8s.replicas", app.k8s.replicas, ruled, "replicas"),
        ("compose.workers", app.compose.workers, process.workers, "workers"),
    ];
    for (name, count, ruled, what) in given {
        let key = Key::new(name);
        match count.filter(|count| *count != ruled) {
            Some(count) if count > 1 && process.state != State::None => {
                needs_one(process, &key, count, what, findings);
            }
            Some(count) => findings.value(
                Code::RuleOverridden,
                &key,
                format!("{count} {what} are asked for, where `workers = {}` gives {ruled}", process.workers),
                "overrides workers-vs-replicas",
                "drop it to let `workers` decide for every target",
            ),
            None => {}
        }
    }
}

/// Several workers in each pod: those who ask for it should know the price.
fn per_pod(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let (key, count) = (Key::new("k8s.workers_per_pod"), app.k8s.workers_per_pod);
    if count == 1 {
        return;
    }
    if process.state != State::None {
        return needs_one(process, &key, count, "workers in each pod", findings);
    }
    if !process.start.can_fork() {
        findings.pair(
            Code::Conflict,
            (&key, "several in each pod"),
            (&findings.written(&process.at, &["command"]), "cannot fork them"),
            "a process that cannot fork has one worker in each pod",
            "set `workers_env` if the command forks by a variable, or drop it",
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
        all if all == wanted || app.k8s.replicas.is_some() => each,
        all => format!("{each}; {pods} pods run {all} of them, where {wanted} are wanted"),
    }
}

/// A process that cannot fork runs as several containers on a single host, which cannot share one host port.
fn forking(app: &App, process: &Process, findings: &mut Findings<'_>) {
    if process.start.can_fork() {
        return;
    }
    let on_host = app.parallelism(process, Runtime::SingleHost).replicas;
    if on_host > 1 && app.compose.publish.is_some() {
        let key = if app.compose.workers.is_some() { Key::new("compose.workers") } else { process.key("workers") };
        findings.value(
            Code::CannotFork,
            &key,
            format!("{on_host} containers cannot share one port of the host"),
            "each would publish it",
            "set `workers_env` if the command forks by a variable, `[compose] publish = false` behind a proxy, \
             or `[compose] workers = 1`",
        );
    }
}

/// More workers than the limit has cores only wait for each other.
fn cpu(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let per_pod = app.k8s.workers_per_pod;
    if let Some(limit) = process.resources.cpu_limit
        && u64::from(per_pod) > (limit * per_pod).0.div_ceil(1000)
    {
        findings.value(
            Code::CpuBelowWorkers,
            &process.key("resources.cpu.limit"),
            format!("{per_pod} workers in a pod share {}m of CPU", (limit * per_pod).0),
            "less than a core for each",
            "raise the limit to one core for each worker, or run one worker in each pod",
        );
    }
    let workers = app.parallelism(process, Runtime::SingleHost).workers;
    if let Some(cpus) = app.compose.cpus
        && f64::from(workers) > cpus.ceil()
    {
        findings.value(
            Code::CpuBelowWorkers,
            &Key::new("compose.cpus"),
            format!("{workers} workers in a container share {cpus} cores"),
            "less than a core for each",
            "raise it to one core for each worker, or lower `[compose] workers`",
        );
    }
}

fn autoscale(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let Some(autoscale) = &process.autoscale else { return };
    let ruled = app.parallelism(process, Runtime::Orchestrated).replicas;
    let min = autoscale.min.unwrap_or(ruled);
    let key = process.key("autoscale.max");
    if autoscale.max < min {
        findings.value(
            Code::BadAutoscale,
            &key,
            format!("at most {} replicas, where there are at least {min}", autoscale.max),
            "below the minimum",
            "raise `max`, or lower `min` or `workers`",
        );
    } else if autoscale.max == min {
        findings.value(
            Code::WeakAutoscale,
            &key,
            format!("an autoscaler between {min} and {min} replicas does nothing"),
            "equal to the minimum",
            "raise `max`, or drop `[autoscale]`",
        );
    }
    if let Some(replicas) = app.k8s.replicas
        && autoscale.min.is_some_and(|min| min != replicas)
    {
        findings.conflict(
            &Key::new("k8s.replicas"),
            &process.key("autoscale.min"),
            "the autoscaler owns the number of replicas",
            "drop `[k8s] replicas`: `[autoscale] min` says it",
        );
    }
}

fn replicas(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let ruled = app.parallelism(process, Runtime::Orchestrated).replicas;
    let fewest = process.autoscale.as_ref().and_then(|autoscale| autoscale.min).unwrap_or(ruled);
    if fewest == 1 && process.port.is_some() && process.state == State::None {
        findings.key(
            Code::SingleReplica,
            &findings.written(&process.at, &["workers", "k8s.workers_per_pod", "state", "server", "command"]),
            "one replica on Kubernetes is a single point of failure",
            "no disruption budget either: it would block every node drain",
            "ask for two workers or more",
        );
    }
}

/// uvicorn's supervisor ends with exit code 0 when its workers cannot start.
fn restart(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let workers = app.parallelism(process, Runtime::SingleHost).workers;
    if app.compose.restart == Restart::OnFailure && process.start.server().is_some() && workers > 1 {
        findings.value(
            Code::Conflict,
            &Key::new("compose.restart"),
            "the supervisor of several workers ends without a failure when they cannot start",
            "would not restart it",
            "use \"unless-stopped\"",
        );
    }
}

/// Kubernetes leaves a reference to a missing variable in the text as it is; Compose puts nothing there.
fn optional(process: &Process, findings: &mut Findings<'_>) {
    let missing: BTreeSet<&str> =
        process.secrets.iter().filter(|secret| secret.optional).map(|secret| secret.name.as_str()).collect();
    let args = match &process.start {
        Start::Command { args: Some(args), .. } | Start::Image { args: Some(args), .. } => args.as_slice(),
        Start::Server(_) | Start::Command { args: None, .. } | Start::Image { args: None, .. } => &[],
    };
    let args = args.iter().enumerate().map(|(i, text)| (process.key("args").child(i.to_string()), text));
    let env = process.env.iter().map(|one| (process.key("env").child(one.name.clone()), &one.text));
    for (key, text) in env.chain(args) {
        for name in text.secrets().filter(|name| missing.contains(name)) {
            findings.value(
                Code::BadReference,
                &key,
                format!("`${{secrets.{name}}}` may be missing, and what the text is then differs between targets"),
                "refers to an optional secret",
                format!("drop `optional` from `{name}`, or let the app read it by itself"),
            );
        }
    }
}

/// A file under a scratch directory, or twice the same file, would hide or shadow something.
fn mounts(process: &Process, findings: &mut Findings<'_>) {
    let mut seen = Apart::default();
    let scratch: Paths = process.security.scratch.iter().map(|scratch| scratch.path.as_str()).collect();
    for secret in &process.secrets {
        let Some(file) = &secret.file else { continue };
        let key = process.key("secrets").child(secret.name.clone()).child("mount");
        if !path::check(&file.path, &key, findings) {
            continue;
        }
        if seen.meets(&file.path) {
            findings.value(
                Code::BadPath,
                &key,
                format!("`{}` is taken by another secret", file.path),
                "taken",
                "give each secret its own file",
            );
        } else if scratch.any_inside(&file.path) {
            findings.value(
                Code::BadPath,
                &key,
                format!("`{}` is, or holds, a scratch directory", file.path),
                "taken",
                "mount the secret somewhere else",
            );
        }
    }
}

/// A limit that the workers alone fill: beside them run the supervisor and a resource tracker, and every process has
/// threads.
fn pids(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let workers = app.parallelism(process, Runtime::SingleHost).workers;
    if app.compose.pids < workers.saturating_add(2) {
        let key = findings.written(&Key::ROOT, &["compose.pids", "compose.workers", "workers"]);
        findings.value(
            Code::BadResources,
            &key,
            format!("{workers} workers do not fit into {} processes and threads", app.compose.pids),
            "more than `[compose] pids` admits",
            "raise `[compose] pids` to what all workers need with their threads, about 50 for each",
        );
    }
}

/// Keys that another one takes the effect of.
fn silenced(app: &App, process: &Process, findings: &mut Findings<'_>) {
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
    if process.port.is_none() && process.ports.is_empty() && findings.provenance.has(&ingress) {
        findings.key(
            Code::NoEffect,
            &ingress,
            "nobody can come in where no port is open",
            "has no effect",
            "declare the `port`, or drop it",
        );
    }
    let drain = process.shutdown.drain;
    let key = process.key("shutdown.drain");
    if process.start.server().is_some_and(|server| server.kind == ServerKind::Fastapi) && findings.provenance.sets(&key)
    {
        findings.value(
            Code::DrainCut,
            &key,
            "`fastapi run` cannot be told how long to drain",
            &format!("what is open after {}s is killed, and the app does not end as it should", drain.0),
            "use `kind = \"uvicorn\"`, which ends what is left in time",
        );
    }
    if process.start.server().is_some_and(|server| server.kind == ServerKind::Granian) && drain > GRANIAN_DRAIN {
        let key = process.key("shutdown.drain");
        findings.value(
            Code::OutOfRange,
            &key,
            format!("granian cannot drain for {}s", drain.0),
            "longer than half an hour",
            "give it at most 30m, or use another server",
        );
    }
}
