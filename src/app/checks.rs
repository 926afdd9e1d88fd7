//! Relations between decisions, checked once everything is decided.

use super::{Account, App, Process, Rollout, Runtime, Seconds, Start, findings::Findings};
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
        mounts(process, findings);
        optional(process, findings);
        grace(process, findings);
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
    if process.state != State::None && process.workers > 1 {
        findings.conflict(
            &process.key("workers"),
            &process.key("state"),
            format!("{} processes cannot share what one keeps for itself", process.workers),
            "use one worker, or keep the state elsewhere",
        );
    }
}

/// Overrides of the rule hold, and are said aloud.
fn overrides(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let per_pod = app.k8s.workers_per_pod;
    let ruled = process.workers.div_ceil(per_pod);
    if per_pod > 1 {
        if process.state != State::None {
            findings.conflict(
                &Key::new("k8s.workers_per_pod"),
                &process.key("state"),
                format!("{per_pod} workers cannot share what one process keeps for itself"),
                "drop it, or keep the state elsewhere",
            );
        }
        findings.key(
            Code::RuleOverridden,
            &Key::new("k8s.workers_per_pod"),
            format!("{per_pod} workers in each pod: the cluster sees them as one, and so do its probes"),
            "overrides workers-vs-replicas",
            "drop it for one worker in each pod, unless they share something large",
        );
    }
    if let Some(replicas) = app.k8s.replicas.filter(|replicas| *replicas != ruled) {
        if process.state != State::None && replicas > 1 {
            findings.conflict(
                &Key::new("k8s.replicas"),
                &process.key("state"),
                format!("{replicas} replicas cannot share what one process keeps for itself"),
                "drop it, or keep the state elsewhere",
            );
        }
        findings.value(
            Code::RuleOverridden,
            &Key::new("k8s.replicas"),
            format!("{replicas} replicas on Kubernetes, where `workers = {}` asks for {ruled}", process.workers),
            "overrides workers-vs-replicas",
            "drop it to let `workers` decide for every target",
        );
    }
    if let Some(workers) = app.compose.workers.filter(|workers| *workers != process.workers) {
        if process.state != State::None && workers > 1 {
            findings.conflict(
                &Key::new("compose.workers"),
                &process.key("state"),
                format!("{workers} workers cannot share what one process keeps for itself"),
                "drop it, or keep the state elsewhere",
            );
        }
        findings.value(
            Code::RuleOverridden,
            &Key::new("compose.workers"),
            format!("{workers} workers on Compose, where `workers = {}` is wanted", process.workers),
            "overrides workers-vs-replicas",
            "drop it to let `workers` decide for every target",
        );
    }
}

/// A process that cannot fork runs as several containers on a single host, which cannot share one host port.
fn forking(app: &App, process: &Process, findings: &mut Findings<'_>) {
    if process.start.can_fork() {
        return;
    }
    if app.k8s.workers_per_pod > 1 {
        findings.conflict(
            &Key::new("k8s.workers_per_pod"),
            &process.key("command"),
            "a process that cannot fork has one worker in each pod",
            "set `workers_env` if the command forks by a variable, or drop it",
        );
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
            format!("{workers} workers in a container share {cpus} of CPU"),
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
        findings.value(
            Code::SingleReplica,
            &process.key("workers"),
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
    let missing: Vec<&str> =
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
    let mut seen: Vec<&str> = Vec::new();
    for secret in &process.secrets {
        let Some(file) = &secret.file else { continue };
        let key = process.key("secrets").child(secret.name.clone()).child("mount");
        let plain = file.path.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."));
        if !plain || file.path.contains(':') {
            findings.value(
                Code::BadPath,
                &key,
                format!("`{}` is not a plain absolute path", file.path),
                "cannot be mounted",
                "write the path without `.`, `..`, `//` and `:`",
            );
        } else if seen.contains(&file.path.as_str()) {
            findings.value(
                Code::BadPath,
                &key,
                format!("`{}` is mounted twice", file.path),
                "taken",
                "give each secret its own file",
            );
        } else if process.security.scratch.iter().any(|scratch| scratch.path == file.path) {
            findings.value(
                Code::BadPath,
                &key,
                format!("`{}` is a scratch directory", file.path),
                "taken",
                "mount the secret somewhere else",
            );
        }
        seen.push(&file.path);
    }
    if let Account::Named { name, create: true, .. } = &process.security.account
        && name == "default"
    {
        findings.value(
            Code::Conflict,
            &process.key("security.service_account"),
            "every namespace has a service account `default` already",
            "made by the cluster",
            "write `service_account = \"default\"`, or choose another name",
        );
    }
}

/// Kubernetes bounds the sleep by the grace period, which grows with it; both stay sensible below an hour.
fn grace(process: &Process, findings: &mut Findings<'_>) {
    for (name, value) in [("drain", process.shutdown.drain), ("pre_stop", process.shutdown.pre_stop)] {
        if value.0 > 3600 {
            let key = process.key("shutdown").child(name);
            findings.value(
                Code::OutOfRange,
                &key,
                format!("`{key}` is out of range"),
                "longer than an hour",
                "give it at most 1h: every rollout waits for it",
            );
        }
    }
    let drain = process.shutdown.drain;
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
    debug_assert!(!matches!(process.rollout, Rollout::Rolling { .. }) || process.state == State::None);
}
