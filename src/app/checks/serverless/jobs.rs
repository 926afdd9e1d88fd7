//! What Cloud Run makes of jobs and crons otherwise than they say. Knative has none.

use super::idle;
use crate::{
    app::{
        App, Cron, Flavor, Job, Process, Seconds,
        cloudrun::{Ending, MOST},
        findings::Findings,
    },
    problem::{Code, Problem},
    profile::{Concurrency, When},
};

pub(super) fn check(app: &App, findings: &mut Findings<'_>) {
    if app.cloudrun.flavor == Flavor::Knative {
        app.ending().for_each(|process| unrendered(process, findings));
        return;
    }
    for job in &app.jobs {
        limits(&job.process, Ending { retries: job.retries, deadline: job.deadline }, findings);
        kept(&job.process, findings);
        unordered(app, job, findings);
    }
    for cron in &app.crons {
        limits(&cron.process, Ending { retries: cron.retries, deadline: cron.deadline }, findings);
        kept(&cron.process, findings);
        unscheduled(app, cron, findings);
    }
}

fn unrendered(process: &Process, findings: &mut Findings<'_>) {
    findings.key(
        Code::NotRendered,
        &process.at,
        format!("`{}` is not rendered: Knative runs what answers requests, and it runs to its end", process.name),
        "no service",
        "take it from `render k8s`: a Job runs beside Knative as it does without",
    );
}

fn limits(process: &Process, wanted: Ending, findings: &mut Findings<'_>) {
    let Ending { retries, deadline } = MOST;
    if wanted.retries > retries {
        findings.value(
            Code::CutShort,
            &process.key("retries"),
            format!("Cloud Run tries again {retries} times, and not {}", wanted.retries),
            "more often than that",
            "lower it, or let the program itself try again",
        );
    }
    if wanted.deadline > deadline {
        findings.value(
            Code::CutShort,
            &process.key("deadline"),
            format!("Cloud Run ends a run after seven days, and not after {}", days(wanted.deadline)),
            "longer than that",
            "lower it, or do the work in several runs",
        );
    }
}

fn days(time: Seconds) -> String {
    const DAY: u32 = 24 * 60 * 60;
    if time.0.is_multiple_of(DAY) { format!("{} days", time.0 / DAY) } else { format!("{}s", time.0) }
}

fn kept(process: &Process, findings: &mut Findings<'_>) {
    idle(&process.key("keep"), "Cloud Run decides by itself which runs it keeps", "drop it", findings);
}

/// Nothing runs a job because it is there.
fn unordered(app: &App, job: &Job, findings: &mut Findings<'_>) {
    let order = match job.when {
        When::Before => "before",
        When::After => "after",
        When::Manual => return,
    };
    let first = match (job.needs.as_slice(), job.when) {
        ([], When::Before) => ", and only then replace the services".to_owned(),
        ([], _) => ", once the services are replaced".to_owned(),
        (needs, _) => format!(", once `{}` ended well", needs.join("` and `")),
    };
    let key = job.process.key("when");
    let key = if findings.provenance.has(&key) { key } else { job.process.at.clone() };
    let (name, own) = (app.workload(&job.process), &job.process.name);
    findings.key(
        Code::JobOrder,
        &key,
        format!("Cloud Run starts the job `{own}` when somebody says so, not by itself {order} the services"),
        "nobody starts it",
        format!(
            "let the pipeline do it: `gcloud run jobs replace job-{own}.yaml && gcloud run jobs execute {name} --wait`{first}"
        ),
    );
}

/// A schedule is an object of another product, which has no YAML.
fn unscheduled(app: &App, cron: &Cron, findings: &mut Findings<'_>) {
    let Cron { process, schedule, timezone, concurrency, retries: _, deadline: _, keep: _, suspend } = cron;
    if *suspend {
        return;
    }
    let name = app.workload(process);
    let overlap = match concurrency {
        Concurrency::Allow => "once its trigger is there",
        Concurrency::Forbid | Concurrency::Replace => "once its trigger is there, even while an earlier run lasts",
    };
    let command = format!(
        "gcloud scheduler jobs create http {name} --location REGION --schedule \"{}\" --time-zone {timezone} \
         --http-method POST --uri https://run.googleapis.com/v2/projects/PROJECT/locations/REGION/jobs/{name}:run \
         --oauth-service-account-email ACCOUNT",
        schedule.fields()
    );
    let key = process.key("schedule");
    let mut problem = Problem::new(Code::NoScheduler, format!("Cloud Scheduler starts `{name}`, and reads no YAML"))
        .at(findings.provenance.value(&key), overlap)
        .help(format!("create its trigger once: {command}"));
    let keeps_apart = process.key("concurrency");
    if *concurrency != Concurrency::Allow && findings.provenance.sets(&keeps_apart) {
        problem = problem.related(findings.provenance.value(&keeps_apart), "nothing there can do this");
    }
    findings.report(problem);
}
