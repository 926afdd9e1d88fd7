//! What Knative admits, as long as nobody switches on more of it (Knative Serving, `fieldmask.go` and `config-features`).

use super::{super::services, idle, orchestrated};
use crate::{
    app::{Account, App, Exposure, Process, findings::Findings, labels::is_subdomain},
    key::Key,
    problem::Code,
    profile::Provision,
};

/// What the proxy in front of each instance listens on (Knative Serving, `pkg/networking/constants.go`).
const PROXY: &[u16] = &[8008, 8012, 8013, 8022, 9090, 9091];

/// What the app needs beside its processes, in the cluster that they are in.
pub(super) fn whole(app: &App, findings: &mut Findings<'_>) {
    services::in_cluster(app, findings);
    for backing in app.services.iter().filter(|backing| backing.provision != Provision::External) {
        findings.value(
            Code::NotRendered,
            &backing.key("k8s"),
            format!(
                "`{}` is not rendered: Knative runs what answers requests, and no service beside it",
                backing.name()
            ),
            "referred to all the same",
            "take its objects from `render k8s`: they run beside Knative as they do without",
        );
    }
}

/// Nobody can send it requests.
pub(super) fn unserved(process: &Process, findings: &mut Findings<'_>) {
    findings.key(
        Code::NotRendered,
        &findings.written(&process.at, &["server", "command"]),
        format!("`{}` is not rendered: Knative runs what answers requests, and it has no port", process.name),
        "no port",
        "set `port`, or run it as a Deployment: `render k8s`",
    );
}

pub(super) fn check(process: &Process, findings: &mut Findings<'_>) {
    stop(process, findings);
    settings(process, findings);
    account(process, findings);
    idle(&process.key("security.user_namespace"), "Knative admits no user namespace", "drop it", findings);
}

/// What concerns a container, whoever's instance it is in.
pub(super) fn container(app: &App, process: &Process, findings: &mut Findings<'_>) {
    ports(process, findings);
    siblings(app, process, findings);
    orchestrated::user(process, findings);
    seeds(process, findings);
}

/// The proxy has the network of the instance, too.
fn ports(process: &Process, findings: &mut Findings<'_>) {
    let main = process.port.map(|port| (port, process.key("port")));
    let named = process.ports.iter().map(|port| (port.number, process.key("ports").child(&port.name)));
    for (port, key) in main.into_iter().chain(named).filter(|(port, _)| PROXY.contains(port)) {
        findings.value(
            Code::BadPort,
            &key,
            format!("port {port} is taken by Knative's proxy in each instance"),
            "taken",
            "listen on another port",
        );
    }
}

/// Knative's router knows a service by its name with the namespace.
fn siblings(app: &App, process: &Process, findings: &mut Findings<'_>) {
    for (key, text) in process.texts() {
        for (name, address) in text.processes() {
            let bad = |findings: &mut Findings<'_>, title: &str, label: &str, help: &str| {
                let title = format!("`${{processes.{name}.{}}}` {title}", address.name());
                findings.value(Code::BadReference, &key, title, label, help);
            };
            if app.process(name).is_some_and(|other| other.service.entrance.is_none()) {
                bad(findings, "leads to what Knative does not run", "has no main port", "set its `port`");
            } else if app.k8s.namespace.is_none() {
                let help = "write `[k8s] namespace = \"…\"`, the one that it is deployed to";
                bad(findings, "needs the namespace that the app is in", "found by name and namespace", help);
            }
        }
    }
}

/// Knative takes the time for an answer for the grace period, too.
fn stop(process: &Process, findings: &mut Findings<'_>) {
    let (grace, timeout) = (process.shutdown.grace(), process.cloudrun.timeout);
    if grace > timeout {
        let drain = process.key("shutdown.drain");
        let key = if findings.provenance.sets(&drain) { drain } else { process.key("cloudrun.timeout") };
        findings.value(
            Code::CutShort,
            &key,
            format!("Knative kills an instance after `timeout`, {}s, and it needs {}s to stop", timeout.0, grace.0),
            "longer than that",
            "raise `[cloudrun] timeout`, or lower `[shutdown] drain`",
        );
    }
}

fn seeds(process: &Process, findings: &mut Findings<'_>) {
    for (i, scratch) in process.security.scratch.iter().enumerate().filter(|(_, scratch)| scratch.seed) {
        findings.value(
            Code::Conflict,
            &process.key("security.writable").child(i.to_string()),
            format!("Knative admits no container that could fill `{}` first", scratch.path),
            "starts empty",
            "let the app copy what it needs there, or drop `seed`",
        );
    }
}

fn account(process: &Process, findings: &mut Findings<'_>) {
    if process.cloudrun.service_account.as_ref().is_some_and(|account| !is_subdomain(account)) {
        findings.value(
            Code::BadName,
            &process.key("cloudrun.service_account"),
            "Knative wants the name of a service account of the cluster",
            "not a name",
            "write its name alone, as in \"orders\"",
        );
    }
    if let Account::Named { create: true, name, .. } = &process.security.account {
        findings.value(
            Code::NoEffect,
            &process.key("security.service_account"),
            format!("the service account `{name}` is not made here, only named"),
            "has no effect but the name",
            "add `create = false`, and make it beside: `render k8s` does",
        );
    }
}

/// What `[cloudrun]` says of Google Cloud's machines.
fn settings(process: &Process, findings: &mut Findings<'_>) {
    idle(&process.key("cloudrun.cpu"), "Knative takes CPU from `[resources]`", "say it there", findings);
    let boost = process.key("cloudrun.cpu_boost");
    idle(&boost, "Knative gives no more CPU while an instance starts", "drop it", findings);
    if process.cloudrun.ingress == Exposure::InternalAndCloudLoadBalancing {
        findings.conflict(
            &process.key("cloudrun.ingress"),
            &Key::new("cloudrun.flavor"),
            "a cluster has no load balancer of Google Cloud in front of Knative",
            "write \"all\", or \"internal\" for the cluster alone",
        );
    }
}
