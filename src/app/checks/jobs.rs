//! What a runtime makes of jobs and crons otherwise than they say.

use crate::{
    app::{App, Cron, Job, findings::Findings},
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
    }
    for cron in &app.crons {
        unscheduled(app, cron, findings);
    }
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
    let alone = match concurrency {
        Concurrency::Forbid => format!("flock -n .{service}.lock "),
        Concurrency::Allow | Concurrency::Replace => String::new(),
    };
    // Compose loads the override of an environment only when it is told to.
    let files = app.environment.as_ref().map(|env| format!(" -f docker-compose.yml -f docker-compose.{env}.yml"));
    let compose = format!("docker compose{} run --rm {service}", files.unwrap_or_default());
    let line = format!("{schedule}  cd /srv/{} && {alone}timeout {} {compose}", app.name, deadline.0);
    let key = process.key("schedule");
    let mut problem = Problem::new(Code::NoScheduler, format!("Compose has no scheduler: the host starts `{service}`"))
        .at(findings.provenance.value(&key), format!("in the host's time zone, not in {timezone}"))
        .help(format!("write a line like this into the host's crontab: {line}"));
    let replace = process.key("concurrency");
    if *concurrency == Concurrency::Replace {
        problem = problem.related(findings.provenance.value(&replace), "no line can say this: runs overlap");
    }
    findings.report(problem);
}
