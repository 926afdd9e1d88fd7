//! CronJob: Jobs by a schedule, and the template of those that are started by hand.

use k8s_openapi::api::batch::v1::{CronJob, CronJobSpec, JobTemplateSpec};

use super::{
    job::{self, End},
    object::Object,
    spelling::number,
    workload::Workload,
};
use crate::{
    app::{self, Concurrency, Seconds, Timezone, defaults},
    key::Key,
    problem::Problem,
    tree::Notes,
};

/// A run that could not start in time starts as much later: a control plane is upgraded in less. As long as no schedule
/// has more than a hundred runs in it, after which the controller gives up (Kubernetes documentation, "CronJob").
const LATE: Seconds = Seconds(30 * 60);

/// A day that no year has, beside `suspend`.
const NEVER: &str = "0 0 31 2 *";

pub fn cron_job(cron: &app::Cron, workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Object {
    let process = &cron.process;
    let mut notes = Notes::default();
    let end = End { retries: cron.retries, deadline: cron.deadline, keep: None };
    let plain = plain(&end, cron.keep, workload, &mut notes, problems);
    notes.add("spec.schedule", "asked for", process.keys(&["schedule"]));
    let zone = if cron.timezone == Timezone::utc() {
        "no hour comes twice there, or never"
    } else {
        "asked for; an hour of its summer time comes twice, and one never"
    };
    notes.add("spec.timeZone", zone, process.keys(&["timezone"]));
    let (policy, overlap) = match cron.concurrency {
        Concurrency::Forbid => ("Forbid", "single-writer: a run that is due while one runs is left out"),
        Concurrency::Allow => ("Allow", "asked for: runs may overlap"),
        Concurrency::Replace => ("Replace", "asked for: a run ends the one before it"),
    };
    notes.add("spec.concurrencyPolicy", overlap, process.keys(&["concurrency"]));
    notes.add("spec.suspend", "asked for: nothing runs until this is taken back", process.keys(&["suspend"]));
    for limit in ["spec.successfulJobsHistoryLimit", "spec.failedJobsHistoryLimit"] {
        notes.add(limit, "so many runs are kept, with their logs", process.keys(&["keep"]));
    }
    let spec = CronJobSpec {
        concurrency_policy: Some(policy.into()),
        schedule: cron.schedule.to_string(),
        suspend: cron.suspend.then_some(true),
        time_zone: Some(cron.timezone.to_string()),
        ..plain
    };
    object(spec, "runs by its schedule", vec![process.at.clone()], workload, notes)
}

/// A job that is started by hand: `kubectl create job --from=cronjob/NAME ANY-NAME`, as often as somebody wants.
pub fn on_demand(job: &app::Job, workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Object {
    let process = &job.process;
    let mut notes = Notes::default();
    let plain = plain(&End::from(job), defaults::RUNS_KEPT, workload, &mut notes, problems);
    let start = format!(
        "a template that nothing starts by itself: kubectl create job --from=cronjob/{0} {0}-1",
        workload.name()
    );
    notes.add("spec.suspend", start, process.keys(&["when"]));
    notes.add("spec.schedule", "a day that never comes: a schedule has to be there", Vec::new());
    for limit in ["spec.successfulJobsHistoryLimit", "spec.failedJobsHistoryLimit"] {
        notes.add(limit, "so many runs are kept, with their logs", Vec::new());
    }
    let spec = CronJobSpec { schedule: NEVER.into(), suspend: Some(true), ..plain };
    let because = vec![process.at.clone(), process.key("when")];
    object(spec, "runs whenever somebody makes a Job of it", because, workload, notes)
}

/// What both have alike.
fn plain(end: &End, keep: u32, workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> CronJobSpec {
    let mut template = Notes::default();
    let metadata = workload.pod_metadata(&mut template);
    let mut part = Notes::default();
    let spec = job::spec(end, workload, &mut part, problems);
    template.extend("spec", part);
    notes.extend("spec.jobTemplate", template);
    notes.add(
        "spec.startingDeadlineSeconds",
        "a run that is later than half an hour is left out, and heaps of them after an outage",
        Vec::new(),
    );
    CronJobSpec {
        failed_jobs_history_limit: Some(number(keep)),
        job_template: JobTemplateSpec { metadata: Some(metadata), spec: Some(spec) },
        starting_deadline_seconds: Some(LATE.0.into()),
        successful_jobs_history_limit: Some(number(keep)),
        ..CronJobSpec::default()
    }
}

fn object(
    spec: CronJobSpec,
    reason: &'static str,
    because: Vec<Key>,
    workload: &Workload<'_>,
    mut notes: Notes,
) -> Object {
    let metadata = workload.metadata(&mut notes);
    Object::new(&CronJob { metadata, spec: Some(spec), status: None }, reason, because, notes)
}
