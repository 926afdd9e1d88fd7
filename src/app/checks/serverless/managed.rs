//! What Cloud Run has not, or has otherwise.

use super::{idle, secrets, sizes};
use crate::{
    app::{App, Ask, Process, Reader, cloudrun::STOP, findings::Findings, is_managed_label, readers},
    key::Key,
    problem::Code,
};

/// The longest name of a service, worker pool or job (Cloud Run documentation, "Deploying container images").
const LONGEST_NAME: usize = 49;

pub(super) fn check(app: &App, process: &Process, findings: &mut Findings<'_>) {
    name(app, process, findings);
    unread(app, process, findings);
    labels(process, findings);
    if process.service.entrance.is_none() {
        pool(process, findings);
    }
    account(process, findings);
}

/// What concerns a container, whoever's instance it is in.
pub(super) fn container(app: &App, process: &Process, findings: &mut Findings<'_>) {
    registry(process, findings);
    sizes::check(app, process, findings);
    times(app, process, findings);
    references(process, findings);
    siblings(app, process, findings);
    probes(process, findings);
    security(process, findings);
    secrets::check(app, process, findings);
    of_clusters(process, findings);
}

fn name(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let name = app.workload(process);
    if name.len() > LONGEST_NAME {
        let key = if process.is_main() { Key::new("name") } else { process.at.clone() };
        findings.key(
            Code::BadName,
            &key,
            format!("`{name}` is longer than a name on Cloud Run can be"),
            "more than 49 characters",
            "shorten it",
        );
    }
}

/// What is said for the whole app has its effect on others.
fn unread(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let (what, own) = match app.lasts(process) {
        true => ("service or worker pool", [Reader::Service, Reader::Revision]),
        false => ("job", [Reader::Job, Reader::Execution]),
    };
    let shared = &app.processes[0].annotations;
    let own_ones = process.annotations.keys().filter(|name| process.is_main() || !shared.contains_key(*name));
    for name in
        own_ones.filter(|name| readers(name).is_some_and(|readers| own.iter().all(|one| !readers.contains(one))))
    {
        findings.key(
            Code::NoEffect,
            &process.key("annotations").child(name),
            format!("no {what} has the annotation `{name}`"),
            "has no effect",
            "drop it",
        );
    }
}

/// The hosts that Cloud Run pulls from; others are mirrored (Cloud Run documentation, "Supported container registries").
fn registry(process: &Process, findings: &mut Findings<'_>) {
    let reference = &process.image.reference;
    let host = reference.split_once('/').map(|(host, _)| host).filter(|host| host.contains(['.', ':']));
    let is_google = |host: &str| {
        ["gcr.io", "docker.pkg.dev"].contains(&host) || host.ends_with(".gcr.io") || host.ends_with("-docker.pkg.dev")
    };
    if let Some(host) = host.filter(|host| !is_google(host) && *host != "docker.io") {
        findings.value(
            Code::ForeignRegistry,
            &process.key("image"),
            format!("Cloud Run pulls from Artifact Registry and Docker Hub, and not from `{host}`"),
            "would be refused",
            "mirror it by a remote repository of Artifact Registry, and name it there, as in \
             \"europe-docker.pkg.dev/my-project/mirror/acme/orders:1.4.2\"; an environment can say so",
        );
    }
}

fn times(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let drain = process.shutdown.drain;
    let key = process.key("shutdown.drain");
    let most = app.cloudrun.drain(drain);
    if most < drain && findings.provenance.sets(&key) {
        findings.value(
            Code::CutShort,
            &key,
            format!("Cloud Run kills an instance {}s after telling it to stop: it drains for {}s", STOP.0, most.0),
            "longer than that",
            "let requests end within 8s, or let their clients ask again",
        );
    }
    let Some(startup) = &process.probes.startup else { return };
    let (within, key) = (startup.within, process.key("probes.startup.within"));
    let most = app.cloudrun.start(within);
    if most < within {
        findings.value(
            Code::CutShort,
            &key,
            format!("Cloud Run waits {}s for an instance to start, and not {}s", most.0, within.0),
            "longer than that",
            "start within four minutes: load what is large later, or build it into the image",
        );
    }
}

/// A service has its URL from the project and the region that it is deployed to.
fn siblings(app: &App, process: &Process, findings: &mut Findings<'_>) {
    for (key, text) in process.texts() {
        for (name, address) in text.processes() {
            let Some(other) = app.process(name) else { continue };
            let service = app.workload(other);
            findings.value(
                Code::BadReference,
                &key,
                format!("`${{processes.{name}.{}}}` is known nowhere before Cloud Run has deployed it", address.name()),
                "services do not find each other by name there",
                format!(
                    "write its URL in an environment for Cloud Run, as in \"https://{service}-PROJECT_NUMBER.REGION.run.app\""
                ),
            );
        }
    }
}

/// Cloud Run replaces no `$(NAME)` in a text (Cloud Run Admin API v1, `EnvVar.value`, `Container.args`).
fn references(process: &Process, findings: &mut Findings<'_>) {
    for (key, text) in process.texts() {
        // A variable can be a secret, if it is nothing else.
        let is_one = text.only_secret().is_some() || text.only_service().is_some();
        if is_one && process.key("env").covers(&key) {
            continue;
        }
        let services = text.services().map(|(service, field)| format!("{service}.{}", field.name()));
        for name in text.secrets().map(|name| format!("secrets.{name}")).chain(services) {
            findings.value(
                Code::BadReference,
                &key,
                format!("Cloud Run cannot write `${{{name}}}` into a text"),
                "a secret is a variable of its own there",
                "make it the whole text, or let the app put it together from its parts",
            );
        }
    }
}

fn probes(process: &Process, findings: &mut Findings<'_>) {
    let live = process.probes.liveness.as_ref().map(|probe| &probe.ask);
    if matches!(live, Some(Ask::Exec(_) | Ask::Tcp { .. })) {
        idle(
            &process.key("probes.liveness"),
            "Cloud Run asks by HTTP or gRPC whether an instance lives, and in no other way",
            "ask by `http` or `grpc`",
            findings,
        );
    }
    let start = process.probes.startup.as_ref().map(|startup| &startup.ask);
    if matches!(start, Some(Ask::Exec(_))) {
        idle(
            &process.key("probes.startup"),
            "Cloud Run runs no command inside an instance: it waits for the port instead",
            "ask by `http`, `tcp` or `grpc`",
            findings,
        );
    }
    match process.probes.readiness.as_ref().map(|probe| &probe.ask) {
        Some(Ask::Exec(_)) => idle(
            &process.key("probes.readiness"),
            "Cloud Run runs no command inside an instance",
            "ask by `http`, `tcp` or `grpc`",
            findings,
        ),
        Some(_) if findings.provenance.sets(&process.key("probes.readiness")) => findings.key(
            Code::ReadinessAtStart,
            &process.key("probes.readiness"),
            "Cloud Run asks for readiness once, before an instance gets its first request",
            "not repeated",
            "let the app answer 503 by itself while it cannot serve; a readiness probe of Cloud Run can be patched in",
        ),
        _ => {}
    }
}

/// Cloud Run isolates instances in its own way, and takes no security context (Cloud Run Admin API v1,
/// `SecurityContext`).
fn security(process: &Process, findings: &mut Findings<'_>) {
    for name in ["uid", "gid"] {
        let key = process.key(name);
        idle(
            &key,
            "Cloud Run runs an instance as the image's own user",
            "name it in the Dockerfile: `USER 10001`",
            findings,
        );
    }
    for (name, title) in [
        ("security.read_only", "the file system of an instance can be written, and lies in its memory"),
        ("security.kube_api", "an instance of Cloud Run is in no cluster"),
        ("security.user_namespace", "an instance of Cloud Run is in no cluster"),
        ("security.service_account", "Cloud Run knows no service accounts of a cluster"),
    ] {
        let help = if name.ends_with("account") { "say `[cloudrun] service_account`" } else { "drop it" };
        idle(&process.key(name), title, help, findings);
    }
}

/// Google Cloud has labels of its own, without dots and slashes (Cloud Run documentation, "Labels").
fn labels(process: &Process, findings: &mut Findings<'_>) {
    for (name, _) in process.labels.iter().filter(|(name, value)| !is_managed_label(name, value)) {
        let key = process.key("labels").child(name);
        let title = format!("`{name}` is no label of Google Cloud");
        findings.key(
            Code::NoEffect,
            &key,
            title,
            "has no effect",
            "use at most 63 small letters, digits, `-` and `_`, starting with a letter; or make it an annotation",
        );
    }
}

/// A process without a port is a worker pool, of so many instances as there are workers.
fn pool(process: &Process, findings: &mut Findings<'_>) {
    // What is said for the whole app has its effect on others.
    let shared: &[&'static str] = &["cloudrun.timeout", "cloudrun.ingress", "cloudrun.cpu_boost"];
    let shared = if process.is_main() { shared } else { &[] };
    for name in ["cloudrun.min", "cloudrun.max", "cloudrun.concurrency"].iter().chain(shared) {
        idle(
            &process.key(name),
            "a process without a port takes no requests: `workers` says how many there are",
            "drop it, or set `port`",
            findings,
        );
    }
}

fn account(process: &Process, findings: &mut Findings<'_>) {
    if process.cloudrun.service_account.as_ref().is_some_and(|account| !account.contains('@')) {
        findings.value(
            Code::BadName,
            &process.key("cloudrun.service_account"),
            "Cloud Run knows service accounts by their email address",
            "not an address",
            "write it whole, as in \"orders@my-project.iam.gserviceaccount.com\"",
        );
    }
}

/// What only a cluster can do for a process.
fn of_clusters(process: &Process, findings: &mut Findings<'_>) {
    if !process.env_from.is_empty() {
        findings.key(
            Code::Conflict,
            &process.key("env_from"),
            "Cloud Run takes no whole objects as variables",
            "would all be missing",
            "name each secret in `[secrets]`, and each plain value in `[env]` or `[inputs]`",
        );
    }
}
