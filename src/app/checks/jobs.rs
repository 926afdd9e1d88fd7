//! What a runtime makes of jobs and crons otherwise than they say.

use crate::{
    app::{App, Cron, Job, Process, findings::Findings},
    problem::{Code, Problem},
    profile::{Concurrency, Jobs, Provision, When},
};

/// A cluster by itself knows no order, and tools that keep it as it is described run again what is missing.
pub(super) fn orchestrated(app: &App, findings: &mut Findings<'_>) {
    for job in &app.jobs {
        if app.k8s.jobs == Jobs::Plain && job.when != When::Manual {
            unordered(app, job, findings);
            kept(job, findings);
        }
    }
}

fn unordered(app: &App, job: &Job, findings: &mut Findings<'_>) {
    let order = if job.when == When::Before { "before" } else { "after" };
    let key = job.process.key("when");
    let key = if findings.provenance.has(&key) { key } else { job.process.at.clone() };
    let first = if job.when == When::Before { "apply it first" } else { "apply it last" };
    let title =
        format!("a cluster starts the job `{}` together with the processes, not {order} them", job.process.name);
    let mut problem = Problem::new(Code::JobOrder, title).at(findings.provenance.key(&key), "nobody waits").help(format!(
        "{first}, and wait for it: `kubectl wait --for=condition=complete --timeout={}s -f job-{}.yaml`; or let a tool \
         wait: `[k8s] jobs = \"argocd\"` or \"helm\"",
        job.deadline.0, job.process.name
    ));
    if !job.needs.is_empty() {
        problem = problem.related(findings.provenance.value(&job.process.key("needs")), "nor does it wait for these");
    }
    let needed = app.needs(&job.process, &[]).into_iter();
    for backing in needed.filter(|backing| backing.provision != Provision::External) {
        let at = findings.provenance.value(&backing.key("k8s"));
        problem = problem.related(at, "nor does it wait for this, which starts with it: apply that before");
    }
    findings.report(problem);
}

fn kept(job: &Job, findings: &mut Findings<'_>) {
    if job.keep.is_some() {
        findings.value(
            Code::RunsAgain,
            &job.process.key("keep"),
            format!(
                "once the cluster has removed the job `{}`, whoever applies it again runs it again",
                job.process.name
            ),
            "as Flux and Argo CD do by themselves",
            "drop it where a tool prunes: then it stays until its successor has another name",
        );
    }
}

/// A host without a scheduler, and without anybody who ends what hangs.
pub(super) fn single_host(app: &App, findings: &mut Findings<'_>) {
    for job in &app.jobs {
        let by_hand = job.when == When::Manual;
        idle(job, "deadline", "Compose does not end a job that hangs", findings);
        if by_hand {
            idle(job, "retries", "`docker compose run` does not try again", findings);
        }
        stay(app, &job.process, "job", findings);
    }
    for cron in &app.crons {
        unscheduled(app, cron, findings);
    }
}

/// Docker Compose on the files of this environment: it loads the override only when it is told to.
fn compose(app: &App) -> String {
    let files = app.environment.as_ref().map(|env| format!(" -f docker-compose.yml -f docker-compose.{env}.yml"));
    format!("docker compose{}", files.unwrap_or_default())
}

/// The command that ends the sidecars of what has come to its end: Compose leaves them running.
fn stop(app: &App, process: &Process) -> Option<String> {
    let workload = app.workload(process);
    let services: Vec<String> = app.sidecars(process).map(|sidecar| format!("{workload}-{}", sidecar.name)).collect();
    (!services.is_empty()).then(|| format!("{} rm --force --stop {}", compose(app), services.join(" ")))
}

/// Sidecars outlive what runs to its end.
fn stay(app: &App, process: &Process, what: &str, findings: &mut Findings<'_>) {
    let Some((stop, sidecar)) = stop(app, process).zip(app.sidecars(process).next()) else { return };
    let title = format!("Compose does not end what stands beside the {what} `{}`", process.name);
    let problem = Problem::new(Code::SidecarStays, title)
        .at(findings.provenance.key(&sidecar.key("with")), "runs on when the job has ended")
        .help(format!("when no run is left, end it: `{stop}`"));
    findings.report(problem);
}

/// A key that is written, and that Compose cannot honour.
fn idle(job: &Job, name: &'static str, title: &str, findings: &mut Findings<'_>) {
    let key = job.process.key(name);
    if findings.provenance.sets(&key) {
        findings.key(
            Code::NoEffect,
            &key,
            title,
            "has no effect on Compose",
            "let the program itself do it, if it matters",
        );
    }
}

/// The whole line for the host's crontab: what a cluster would do is in it, as far as a line can say it.
fn unscheduled(app: &App, cron: &Cron, findings: &mut Findings<'_>) {
    let Cron { process, schedule, timezone, concurrency, retries: _, deadline, keep: _, suspend } = cron;
    if *suspend {
        return;
    }
    let service = app.workload(process);
    let run = format!("timeout {} {} run --rm {service}", deadline.0, compose(app));
    let stop = stop(app, process);
    let run = match (concurrency, &stop) {
        // Whoever finds the lock taken stops nothing.
        (Concurrency::Forbid, Some(stop)) => {
            format!("flock -n .{service}.lock sh -c '{run}; code=$?; {stop}; exit $code'")
        }
        (Concurrency::Forbid, None) => format!("flock -n .{service}.lock {run}"),
        (Concurrency::Allow | Concurrency::Replace, _) => run,
    };
    let line = format!("{schedule}  cd /srv/{} && {run}", app.name);
    let key = process.key("schedule");
    let mut problem = Problem::new(Code::NoScheduler, format!("Compose has no scheduler: the host starts `{service}`"))
        .at(findings.provenance.value(&key), format!("in the host's time zone, not in {timezone}"))
        .help(format!("write a line like this into the host's crontab: {line}"));
    let replace = process.key("concurrency");
    if *concurrency == Concurrency::Replace {
        problem = problem.related(findings.provenance.value(&replace), "no line can say this: runs overlap");
    }
    findings.report(problem);
    // Runs that overlap share them.
    if *concurrency != Concurrency::Forbid {
        stay(app, process, "cron", findings);
    }
}
