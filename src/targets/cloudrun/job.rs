//! A job of Cloud Run: runs to its end whenever somebody starts it, a pipeline, a scheduler or a person.

use super::{
    metadata, order,
    part::Part,
    template::{self, Instance},
    types::{ExecutionSpec, ExecutionTemplate, Job, JobSpec, TaskSpec, TaskTemplate},
};
use crate::{
    app::{App, Cron, Ending, Reader, When},
    key::Key,
    problem::Problem,
    targets::object::Object,
    tree::Notes,
};

/// The jobs that processes wait for, or all the others with what a scheduler starts.
pub fn jobs(app: &App, waited_for: bool, problems: &mut Vec<Problem>) -> Vec<Object> {
    let jobs = app.jobs.iter().filter(|job| (job.when == When::Before) == waited_for).map(|job| {
        let reason = match job.when {
            When::Before => "runs to its end before the services of its version: the pipeline starts it",
            When::After => "runs to its end once the services of its version run: the pipeline starts it",
            When::Manual => "runs to its end whenever somebody starts it",
        };
        (&job.process, job.ending(), reason, vec![job.process.at.clone(), job.process.key("when")])
    });
    let crons = app.crons.iter().filter(|_| !waited_for).map(|cron| {
        let Cron { process, .. } = cron;
        (process, cron.ending(), "runs to its end whenever Cloud Scheduler starts it", vec![process.at.clone()])
    });
    let all = jobs.chain(crons);
    all.map(|(process, ending, reason, because)| job(&Part::new(app, process), ending, (reason, because), problems))
        .collect()
}

fn job(part: &Part<'_>, ending: Ending, because: (&'static str, Vec<Key>), problems: &mut Vec<Problem>) -> Object {
    let mut notes = Notes::default();
    let metadata = metadata::object(part, Vec::new(), Reader::Job, &mut notes);
    let mut inner = Notes::default();
    let order = order::order(part).into_iter().collect();
    let execution = metadata::template(part, order, Reader::Execution, &mut inner);
    let mut task = Notes::default();
    let Instance { containers, volumes, account } = template::instance(part, &mut task, problems);
    let Ending { retries, deadline } = ending;
    task.add("maxRetries", "so many more runs after one that failed", part.process.keys(&["retries"]));
    let each = "a run that is not done by then has failed; each has so long, as runs are not counted together here";
    task.add("timeoutSeconds", each, part.process.keys(&["deadline"]));
    inner.add("spec.taskCount", "one at a time: it has no parts that could run side by side", Vec::new());
    inner.extend("spec.template.spec", task);
    notes.extend("spec.template", inner);
    let task = TaskSpec {
        containers,
        max_retries: Some(retries.into()),
        service_account_name: account,
        timeout_seconds: Some(deadline.0.into()),
        volumes,
        ..TaskSpec::default()
    };
    let spec = ExecutionSpec { template: TaskTemplate { spec: task }, task_count: Some(1), ..ExecutionSpec::default() };
    let job = Job {
        api_version: "run.googleapis.com/v1".into(),
        kind: "Job".into(),
        metadata,
        spec: JobSpec { template: ExecutionTemplate { spec, metadata: Some(execution) }, ..JobSpec::default() },
    };
    Object::of(("Job", part.name()), &job, because, notes)
}
