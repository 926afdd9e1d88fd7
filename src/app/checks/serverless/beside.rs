//! What runs beside a process: sidecars, and inits, which no instance has.
//!
//! Sources: Cloud Run documentation, "Deploying container images to services", "Deploying a service with sidecar
//! containers"; Knative Serving, `config-features` and `validateContainers`.

use super::idle;
use crate::{
    app::{
        App, Bytes, Flavor, MilliCpu, Process,
        cloudrun::{MOST_CPU, MOST_MEMORY},
        findings::Findings,
    },
    problem::{Code, Problem},
};

/// Containers of an instance of Cloud Run.
const MOST_CONTAINERS: usize = 10;

pub(super) fn check(app: &App, findings: &mut Findings<'_>) {
    for init in &app.inits {
        if let Some(host) = rendered(app).find(|host| init.with.contains(&host.name)) {
            none(app, &init.process, host, findings);
        }
    }
    for host in rendered(app) {
        if app.cloudrun.flavor == Flavor::Cloudrun {
            many(app, host, findings);
            sum(app, host, findings);
        }
    }
    for sidecar in &app.sidecars {
        let Some(host) = rendered(app).find(|host| sidecar.with.contains(&host.name)) else { continue };
        match app.cloudrun.flavor {
            Flavor::Cloudrun => side_by_side(&sidecar.process, host, findings),
            Flavor::Knative => unasked(app, &sidecar.process, findings),
        }
    }
    for host in app.ending().filter(|_| app.cloudrun.flavor == Flavor::Cloudrun) {
        stay(app, host, findings);
    }
}

/// What comes of the app here.
fn rendered(app: &App) -> impl Iterator<Item = &Process> {
    let knative = app.cloudrun.flavor == Flavor::Knative;
    app.everything().filter(move |process| !knative || process.service.entrance.is_some() && app.lasts(process))
}

/// Whoever relies on it would start without what it prepares.
fn none(app: &App, init: &Process, host: &Process, findings: &mut Findings<'_>) {
    let (name, host) = (&init.name, &host.name);
    let title = match app.cloudrun.flavor {
        Flavor::Cloudrun => format!("Cloud Run has nothing that runs to its end before a process: `{name}`"),
        Flavor::Knative => {
            format!("Knative runs nothing to its end before a process, unless it is switched on: `{name}`")
        }
    };
    findings.key(
        Code::NoInits,
        &init.at,
        title,
        &format!("`{host}` would start without it"),
        format!(
            "let a job do it for all instances (`[jobs.{name}]` with `when = \"before\"`), or the process itself when it \
             starts; and drop it in an environment for this platform: `unset = [\"{}\"]`",
            init.at
        ),
    );
}

fn many(app: &App, host: &Process, findings: &mut Findings<'_>) {
    let sidecars: Vec<&Process> = app.sidecars(host).collect();
    if let Some(last) = sidecars.get(MOST_CONTAINERS - 1) {
        findings.key(
            Code::BadResources,
            &last.at,
            format!("`{}` has {} containers, and an instance of Cloud Run 10 at most", host.name, sidecars.len() + 1),
            "one too many",
            "let one program do what several do, or run some of them as processes of their own",
        );
    }
}

/// Each container has a size that there is; an instance has them all.
fn sum(app: &App, host: &Process, findings: &mut Findings<'_>) {
    let sizes: Vec<_> = std::iter::once(host).chain(app.sidecars(host)).map(|process| app.size(process)).collect();
    if sizes.len() == 1 || sizes.iter().any(|size| size.misfit.is_some()) {
        return;
    }
    let cpu: u64 = sizes.iter().map(|size| size.cpu.0).sum();
    let memory: Bytes = sizes.iter().map(|size| size.memory).sum();
    let MilliCpu(most_cpu) = MOST_CPU;
    let over = match (cpu > most_cpu, memory > MOST_MEMORY) {
        (true, _) => format!("{}m of CPU in all, and an instance of Cloud Run has {most_cpu}m at most", cpu),
        (false, true) => format!("{memory} of memory in all, and an instance of Cloud Run has {MOST_MEMORY} at most"),
        (false, false) => return,
    };
    findings.key(
        Code::BadResources,
        &findings.written(&host.at, &["cloudrun.cpu", "resources", "server", "command"]),
        format!("the containers of `{}` get {over}", host.name),
        "with its sidecars",
        "lower the `[resources]` of one of them",
    );
}

/// Its start is awaited by a probe alone.
fn side_by_side(sidecar: &Process, host: &Process, findings: &mut Findings<'_>) {
    let (name, host) = (&sidecar.name, &host.name);
    if sidecar.probes.startup.is_none() {
        findings.key(
            Code::StartOrder,
            &sidecar.at,
            format!("Cloud Run starts `{name}` and `{host}` side by side: nothing tells when `{name}` has started"),
            "no startup probe",
            "give it a `port`, or `[probes] startup` with one of its `[ports]`, so that the process waits for it",
        );
    }
}

/// Knative asks no sidecar for its health, and starts all at once.
fn unasked(app: &App, sidecar: &Process, findings: &mut Findings<'_>) {
    if !app.is_entrance(sidecar) {
        idle(
            &sidecar.key("probes"),
            format!("Knative does not ask `{}` whether it has started or lives", sidecar.name),
            "drop it, or render it for Kubernetes: Knative asks sidecars where `multi-container-probing` is on, and a patch \
             says how",
            findings,
        );
    }
}

/// What runs to its end with something beside it that does not.
fn stay(app: &App, host: &Process, findings: &mut Findings<'_>) {
    let Some(sidecar) = app.sidecars(host).next() else { return };
    let (name, host) = (&sidecar.name, &host.name);
    findings.report(
        Problem::new(Code::SidecarStays, format!("a run of `{host}` may last until `{name}` ends, too"))
            .at(findings.provenance.key(&sidecar.key("with")), "runs on when the job has ended")
            .help(
                "let it end when it is told to, as the job's last step; for Cloud SQL no proxy is needed: \
                 `annotations = { \"run.googleapis.com/cloudsql-instances\" = \"…\" }`",
            ),
    );
}
