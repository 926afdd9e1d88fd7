//! The order of jobs of one time: which needs which.

use std::collections::{BTreeMap, BTreeSet};

use super::{App, Job, findings::Findings};
use crate::{
    key::Key,
    problem::{Code, near::near},
    profile::When,
};

impl Job {
    fn name(&self) -> &str {
        &self.process.name
    }
}

impl App {
    /// The jobs that one needs.
    pub fn needed<'a>(&'a self, job: &'a Job) -> impl Iterator<Item = &'a Job> {
        self.jobs.iter().filter(|other| job.needs.iter().any(|name| name == other.name()))
    }

    /// How many jobs follow one in its longest chain, and the keys that decide it: nobody needs the last.
    pub fn followed(&self, job: &Job) -> (u32, Vec<Key>) {
        let counts = self.followers();
        let count = |job: &Job| counts.get(job.name()).copied().unwrap_or_default();
        let (mut keys, mut at) = (Vec::new(), job);
        loop {
            let next = |other: &&Job| other.needs.iter().any(|name| name == at.name()) && count(other) + 1 == count(at);
            let mut next = self.jobs.iter().filter(next);
            // Of several that make it so long, none alone decides.
            match (next.next(), next.next()) {
                (Some(only), None) => {
                    keys.push(only.process.key("needs"));
                    at = only;
                }
                _ => return (count(job), keys),
            }
        }
    }

    /// How many jobs follow each in its longest chain. There are no circles.
    fn followers(&self) -> BTreeMap<&str, u32> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        // A chain is no longer than there are jobs.
        for _ in &self.jobs {
            for job in &self.jobs {
                let own = counts.get(job.name()).copied().unwrap_or_default();
                for name in &job.needs {
                    let count = counts.entry(name).or_default();
                    *count = (*count).max(own + 1);
                }
            }
        }
        counts
    }
}

/// Needs that nobody can meet.
pub fn check(jobs: &[Job], findings: &mut Findings<'_>) {
    let find = |name: &str| jobs.iter().find(|job| job.name() == name);
    for job in jobs {
        let key = job.process.key("needs");
        findings.twice(&key, &job.needs);
        for (i, name) in job.needs.iter().enumerate() {
            let key = key.child(i.to_string());
            match find(name) {
                None => unknown(job, name, &key, jobs, findings),
                Some(other) if job.when == When::Manual || other.when != job.when => {
                    another_time(job, other, &key, findings);
                }
                Some(_) => {}
            }
        }
    }
    circles(jobs, findings);
}

fn unknown(job: &Job, name: &str, key: &Key, jobs: &[Job], findings: &mut Findings<'_>) {
    let others = jobs.iter().map(Job::name).filter(|other| *other != job.name());
    let help = near(name, others).map_or_else(
        || "name another of `[jobs]`; for backing services everything waits by itself".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    );
    findings.value(Code::BadReference, key, format!("there is no job `{name}` to wait for"), "no job", help);
}

fn another_time(job: &Job, other: &Job, key: &Key, findings: &mut Findings<'_>) {
    let (label, help) = match (job.when, other.when) {
        (When::Manual, _) => ("somebody starts it by hand", "drop it, or let `when` say when it runs"),
        (_, When::Manual) => ("is started by hand", "give it another `when`, or drop it here"),
        (When::Before, _) => ("runs after the processes", "drop it, or give both the same `when`"),
        (When::After, _) => {
            ("has run by then anyway", "drop it: what is before the processes is before what is after them")
        }
    };
    let title = format!("`{}` cannot wait for `{}`, which runs at another time", job.name(), other.name());
    findings.value(Code::Conflict, key, title, label, help);
}

/// Who waits for itself never starts.
fn circles(jobs: &[Job], findings: &mut Findings<'_>) {
    let reached: BTreeMap<&str, BTreeSet<&str>> = jobs.iter().map(|job| (job.name(), reached(job, jobs))).collect();
    let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|all| all.contains(to));
    for job in jobs.iter().filter(|job| reaches(job.name(), job.name())) {
        let mut others = reached[job.name()].iter().filter(|other| reaches(other, job.name()));
        // Told by the first of the circle: names are in their order.
        if others.next() == Some(&job.name()) {
            findings.value(
                Code::BadReference,
                &job.process.key("needs"),
                format!("the job `{}` waits for itself", job.name()),
                "leads back",
                "let one of them run first",
            );
        }
    }
}

/// All that a job waits for.
fn reached<'a>(job: &'a Job, jobs: &'a [Job]) -> BTreeSet<&'a str> {
    let needs = |job: &'a Job| job.needs.iter().map(String::as_str);
    let (mut next, mut seen): (Vec<&str>, BTreeSet<&str>) = (needs(job).collect(), BTreeSet::new());
    while let Some(name) = next.pop() {
        if seen.insert(name) {
            next.extend(jobs.iter().filter(|other| other.name() == name).flat_map(needs));
        }
    }
    seen
}
