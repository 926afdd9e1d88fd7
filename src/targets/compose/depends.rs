//! What a service waits for.

use docker_compose_types::{DependsCondition, DependsOnOptions};

use super::{
    attached::{self, Host},
    health,
    once::Once,
    service::Part,
    storage,
};
use crate::{
    app::{App, Ask, Backing, Companion, Job, Process, Text, When, keys},
    key::Key,
    tree::Path,
};

/// Why a service waits for another, and how.
struct Wait {
    service: String,
    condition: DependsCondition,
    reason: &'static str,
    keys: Vec<Key>,
}

/// Everything waits for the backing services that it needs, and for the volumes that it mounts to be prepared; a process
/// for the jobs before it too, and a job after the processes for both; a job for other jobs where it says so.
///
/// What is started by hand or by the host waits for no job: `docker compose run` starts what a service waits for, and
/// would run every migration again.
pub fn depends_on(part: &mut Part<'_>) -> DependsOnOptions {
    let mut waits: Vec<Wait> = needs(part).into_iter().map(|backing| answering(part, backing)).collect();
    let (app, process) = (part.app, part.process);
    match part.host {
        None => {
            match app.companion(process) {
                Some(companion) => waits.extend(asked(part, companion)),
                None => waits.extend(outside(part, part.once)),
            }
            waits.extend(app.sidecars(process).map(|sidecar| helped(part, process, sidecar)));
            waits.extend(app.inits(process).map(|init| ready(app, process, init)));
        }
        // One after another, as in a pod.
        Some(Host { process: host, once }) if part.once.is_some() => {
            waits.extend(outside(part, once));
            waits.extend(app.sidecars(host).map(|sidecar| helped(part, host, sidecar)));
            let earlier = app.inits(host).take_while(|other| other.at != process.at).last();
            waits.extend(earlier.map(|init| ready(app, host, init)));
        }
        Some(Host { process: host, .. }) => {
            let earlier = app.sidecars(host).take_while(|other| other.at != process.at).last();
            waits.extend(earlier.map(|sidecar| helped(part, host, sidecar)));
        }
    }
    waits.extend(prepared(part));
    conditions(part, waits)
}

/// A backing service waits for its files and its data alone.
pub fn of_service(part: &mut Part<'_>) -> DependsOnOptions {
    let waits = prepared(part).into_iter().collect();
    conditions(part, waits)
}

fn conditions(part: &mut Part<'_>, waits: Vec<Wait>) -> DependsOnOptions {
    for Wait { service, reason, keys, .. } in &waits {
        part.notes.add(Path::new("depends_on").key(service), *reason, keys.clone());
    }
    DependsOnOptions::Conditional(waits.into_iter().map(|wait| (wait.service, wait.condition)).collect())
}

/// A process waits for the jobs before it too, and a job after the processes for both; a job for other jobs where it says
/// so.
///
/// What is started by hand or by the host waits for neither: `docker compose run` starts what a service waits for, and
/// would run every migration again.
fn outside(part: &Part<'_>, once: Option<Once<'_>>) -> Vec<Wait> {
    let mut waits = Vec::new();
    match once {
        None => waits.extend(before(part)),
        Some(Once::Job(job)) if job.when == When::After => {
            waits.extend(before(part));
            waits.extend(part.app.needed(job).map(|other| succeeded(part, job, other)));
            waits.extend(part.app.processes.iter().map(|process| running(part, process)));
            for wait in &mut waits {
                wait.keys.push(job.process.key("when"));
            }
        }
        Some(Once::Job(job)) => waits.extend(part.app.needed(job).map(|other| succeeded(part, job, other))),
        Some(Once::Cron(_) | Once::Init(_)) => {}
    }
    waits
}

/// A companion waits for what it names. Its connections, and the addresses that it knows, end with them.
fn asked<'a>(part: &'a Part<'_>, companion: &'a Companion) -> impl Iterator<Item = Wait> + use<'a> {
    let companions = part.app.companions.iter().map(|one| &one.process);
    let all = part.app.processes.iter().chain(companions);
    all.filter(|other| companion.needs.contains(&other.name)).map(|other| {
        let Wait { service, condition, reason: _, mut keys } = running(part, other);
        let reason = match condition == DependsCondition::service_healthy() {
            true => "starts when this is healthy, which it needs",
            false => "starts when this has started, which it needs: nothing asks its health",
        };
        keys.extend([companion.process.key("needs"), Key::new("name")]);
        Wait { service, condition: DependsCondition { restart: Some(true), ..condition }, reason, keys }
    })
}

/// What has the network of a service is there before it, and Compose does not restart it alone.
fn helped(part: &Part<'_>, host: &Process, sidecar: &Process) -> Wait {
    let Wait { condition, keys, .. } = running(part, sidecar);
    let reason = match condition == DependsCondition::service_healthy() {
        true => "starts when this sidecar is healthy, as in a pod",
        false => "starts when this sidecar has started, as in a pod",
    };
    // What has come to its end has no use for a network any more.
    let condition = DependsCondition { restart: part.once.is_none().then_some(true), ..condition };
    Wait { service: attached::name(part.app, host, sidecar), condition, reason, keys }
}

fn ready(app: &App, host: &Process, init: &Process) -> Wait {
    Wait {
        service: attached::name(app, host, init),
        condition: DependsCondition::service_completed_successfully(),
        reason: "starts when this has succeeded, as in a pod",
        keys: vec![init.at.clone()],
    }
}

/// The backing services that a process needs here.
pub fn needs<'a>(part: &Part<'a>) -> Vec<&'a Backing> {
    let in_dev = part.process.dev.env.iter().filter(|_| part.is_dev());
    let command = part.process.dev.command.iter().flatten().filter(|_| part.is_dev());
    let more: Vec<&Text> = in_dev.map(|one| &one.text).chain(command).collect();
    part.app.needs(part.process, &more)
}

/// Whoever runs waits for the services that it needs, and is started anew with them: its connections end with them. What
/// runs to its end would run once more.
fn answering(part: &Part<'_>, backing: &Backing) -> Wait {
    Wait {
        service: backing.name().to_owned(),
        condition: DependsCondition {
            restart: part.once.is_none().then_some(true),
            ..DependsCondition::service_healthy()
        },
        reason: match part.app.is_referred_to(backing) {
            _ if part.process.is_companion() => "it needs this service, and starts when that answers",
            true => "it refers to this service, and starts when that answers",
            false => "nothing refers to this service, so everything waits until it answers",
        },
        keys: part.app.need_keys(part.process, backing),
    }
}

fn before(part: &Part<'_>) -> Vec<Wait> {
    let jobs = part.app.jobs.iter().filter(|job| job.when == When::Before);
    jobs.map(|Job { process, .. }| Wait {
        service: part.app.workload(process),
        condition: DependsCondition::service_completed_successfully(),
        reason: "starts when this job has succeeded; if it fails, nothing starts",
        keys: vec![process.at.clone(), process.key("when")],
    })
    .collect()
}

/// A job that another of the same time needs.
fn succeeded(part: &Part<'_>, job: &Job, other: &Job) -> Wait {
    Wait {
        service: part.app.workload(&other.process),
        condition: DependsCondition::service_completed_successfully(),
        reason: "runs when this job has succeeded, which it needs",
        keys: vec![job.process.key("needs"), job.process.key("when"), other.process.at.clone()],
    }
}

fn running(part: &Part<'_>, process: &Process) -> Wait {
    let mut other = Part::new(part.app, process, part.asked);
    let is_checked = health::healthcheck(&mut other, &mut Vec::new()).is_some();
    let (condition, reason) = match is_checked {
        true => (DependsCondition::service_healthy(), "runs when this process is healthy"),
        false => (DependsCondition::service_started(), "runs when this process has started: nothing asks its health"),
    };
    let keys = [process.own_keys(), checked_keys(part.app, process, is_checked)].concat();
    Wait { service: part.app.workload(process), condition, reason, keys }
}

/// What decides whether a process is asked for its health.
fn checked_keys(app: &App, process: &Process, is_checked: bool) -> Vec<Key> {
    let probes = [&process.probes.liveness, &process.probes.readiness];
    let by_program = probes.into_iter().flatten().any(|probe| matches!(probe.ask, Ask::Exec(_)));
    let python = if process.start.server().is_some() { "server" } else { "command" };
    match (is_checked, process.port.is_some() && process.start.has_python()) {
        // Either would do.
        (true, true) if by_program => Vec::new(),
        // Without probes it is asked whether it listens.
        (true, true) => [app.served_keys(process), process.keys(&[python])].concat(),
        (true, false) | (false, true) => process.keys(&["probes"]),
        (false, false) => {
            let all = ["probes", "port", "server", "command"].into_iter();
            all.filter(|key| app.is_silent(process, key)).map(|key| process.key(key)).collect()
        }
    }
}

/// Its volumes are its user's before it starts.
fn prepared(part: &Part<'_>) -> Option<Wait> {
    (!storage::awaited(part).is_empty()).then(|| Wait {
        service: storage::name(part.app),
        condition: DependsCondition::service_completed_successfully(),
        reason: "starts when its volumes are prepared",
        keys: [storage::waits_for(part), keys(&["name"])].concat(),
    })
}
