//! Jobs and crons: what runs to its end.

use super::{
    Process, Schedule, Seconds, defaults,
    findings::Findings,
    lifecycle::{DAY, time},
    timezone::Timezone,
};
use crate::{
    problem::Code,
    profile::{Concurrency, CronKeys, Duration, JobKeys, When},
};

/// The longest that anything which ends may take, or be kept.
const LONGEST: u32 = 365 * DAY;

/// Whoever waits for a job has to see how it ended before it is gone.
const SHORTEST_KEPT: u32 = 60;

/// What runs to its end once for each version of the app.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub process: Process,
    pub when: When,
    /// Names of jobs of the same time, which have to succeed first.
    pub needs: Vec<String>,
    /// Runs after the first that failed.
    pub retries: u32,
    /// For all of them together.
    pub deadline: Seconds,
    /// Absent: until its successor comes.
    pub keep: Option<Seconds>,
}

/// What runs to its end by a schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Cron {
    pub process: Process,
    pub schedule: Schedule,
    pub timezone: Timezone,
    pub concurrency: Concurrency,
    /// Of each run.
    pub retries: u32,
    /// Of each run, with its retries.
    pub deadline: Seconds,
    /// So many that failed, and so many that did not.
    pub keep: u32,
    pub suspend: bool,
}

/// A job of which the process is decided. What its keys said of the process is spent.
pub fn job(keys: JobKeys, process: Process, findings: &mut Findings<'_>) -> Job {
    let JobKeys { when, needs, retries, deadline, keep, process: _, own: _ } = keys;
    let keep = keep.map(|text| time(&text, (SHORTEST_KEPT, LONGEST), &process.key("keep"), findings));
    Job {
        when: when.unwrap_or(When::Before),
        needs: needs.unwrap_or_default(),
        retries: retries.unwrap_or(defaults::RETRIES),
        deadline: self::deadline(deadline, defaults::JOB_DEADLINE, &process, findings),
        keep,
        process,
    }
}

/// A cron of which the process is decided. What its keys said of the process is spent.
pub fn cron(keys: CronKeys, process: Process, findings: &mut Findings<'_>) -> Cron {
    let CronKeys { schedule, timezone, concurrency, retries, deadline, keep, suspend, process: _, own: _ } = keys;
    Cron {
        schedule: self::schedule(schedule.as_deref(), &process, findings),
        timezone: self::timezone(timezone.as_deref(), &process, findings),
        concurrency: concurrency.unwrap_or(Concurrency::Forbid),
        retries: retries.unwrap_or(defaults::RETRIES),
        deadline: self::deadline(deadline, defaults::CRON_DEADLINE, &process, findings),
        keep: keep.unwrap_or(defaults::RUNS_KEPT),
        suspend: suspend.unwrap_or(false),
        process,
    }
}

fn deadline(wanted: Option<Duration>, default: Seconds, process: &Process, findings: &mut Findings<'_>) -> Seconds {
    wanted.map_or(default, |text| time(&text, (1, LONGEST), &process.key("deadline"), findings))
}

fn schedule(wanted: Option<&str>, process: &Process, findings: &mut Findings<'_>) -> Schedule {
    let key = process.key("schedule");
    let Some(text) = wanted else {
        findings.key(
            Code::MissingKey,
            &key,
            format!("the cron `{}` needs a `schedule`", process.name),
            "never runs",
            "say when, as in `schedule = \"0 3 * * *\"`, every day at three; what runs by hand is a job",
        );
        return Schedule::default();
    };
    Schedule::parse(text).unwrap_or_else(|misfit| {
        findings.value(Code::BadSchedule, &key, misfit.title, misfit.label, misfit.help);
        Schedule::default()
    })
}

fn timezone(wanted: Option<&str>, process: &Process, findings: &mut Findings<'_>) -> Timezone {
    let Some(name) = wanted else { return Timezone::utc() };
    Timezone::parse(name).unwrap_or_else(|help| {
        let title = format!("`{name}` is no time zone");
        findings.value(Code::BadSchedule, &process.key("timezone"), title, "not the name of a zone", help);
        Timezone::utc()
    })
}
