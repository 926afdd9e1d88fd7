//! What runs beside the main process: `[processes]`, `[jobs]`, `[crons]`, `[sidecars]`, `[inits]` and `[companions]`.

use std::collections::BTreeMap;

use super::{
    Attached, Companion, Cron, Job, Process, attached, companions, findings::Findings, job, order, own::Own,
    reference::Others, resolve::process,
};
use crate::{
    key::Key,
    problem::{Code, near::near},
    profile::{self, InOrder, ProcessName, When},
};

/// The longest name of an object whose name is a label as well (RFC 1123).
const LONGEST: usize = 63;

/// What the profile has beside the main process.
pub struct Wanted<'a> {
    pub processes: Option<BTreeMap<ProcessName, profile::Sibling>>,
    pub jobs: Option<BTreeMap<ProcessName, profile::Job>>,
    pub crons: Option<BTreeMap<ProcessName, profile::Cron>>,
    /// What all of them may refer to.
    pub others: &'a Others,
    pub sidecars: Option<InOrder<profile::Sidecar>>,
    pub inits: Option<InOrder<profile::Init>>,
    pub companions: Option<BTreeMap<ProcessName, profile::Companion>>,
}

/// The same, decided.
pub struct Beside {
    pub processes: Vec<Process>,
    pub jobs: Vec<Job>,
    pub crons: Vec<Cron>,
    pub sidecars: Vec<Attached>,
    pub inits: Vec<Attached>,
    pub companions: Vec<Companion>,
}

impl Beside {
    /// What is a part of the app.
    pub fn everything(&self) -> impl Iterator<Item = &Process> {
        let jobs = self.jobs.iter().map(|job| &job.process);
        let attached = self.sidecars.iter().chain(&self.inits).map(|one| &one.process);
        self.processes.iter().chain(jobs).chain(self.crons.iter().map(|cron| &cron.process)).chain(attached)
    }
}

impl Beside {
    pub fn everything_mut(&mut self) -> impl Iterator<Item = &mut Process> {
        let jobs = self.jobs.iter_mut().map(|job| &mut job.process);
        let attached = self.sidecars.iter_mut().chain(&mut self.inits).map(|one| &mut one.process);
        self.processes.iter_mut().chain(jobs).chain(self.crons.iter_mut().map(|cron| &mut cron.process)).chain(attached)
    }
}

impl Wanted<'_> {
    /// `image` is the main process', as the profile writes it.
    pub fn resolve(self, app: &str, main: &Process, image: Option<&str>, findings: &mut Findings<'_>) -> Beside {
        let Wanted { processes, jobs, crons, sidecars, inits, companions, others } = self;
        let mut names = Names { app, main: &main.name, taken: BTreeMap::new() };
        let mut beside = Beside {
            processes: Vec::new(),
            jobs: Vec::new(),
            crons: Vec::new(),
            sidecars: Vec::new(),
            inits: Vec::new(),
            companions: Vec::new(),
        };
        let all: Vec<String> = processes.iter().flatten().map(|(name, _)| name.0.clone()).collect();
        for (ProcessName(name), sibling) in processes.unwrap_or_default() {
            // Spent when processes inherited.
            let profile::Sibling { like: _, process: wanted, own } = sibling;
            let at = Key::new("processes").child(name.clone());
            names.take(&name, &at, (LONGEST, 0), findings);
            if is_bare(&wanted, image) {
                bare_process(&name, &at, &all, findings);
            }
            beside.processes.push(process(at, name, wanted, own.into(), others, findings));
        }
        for (ProcessName(name), profile::Job { like: _, mut keys }) in jobs.unwrap_or_default() {
            let at = Key::new("jobs").child(name.clone());
            let by_hand = keys.when == Some(When::Manual);
            names.take(&name, &at, if by_hand { CRON_JOB } else { JOB }, findings);
            let (wanted, own) = (std::mem::take(&mut keys.process), std::mem::take(&mut keys.own));
            if is_bare(&wanted, image) {
                bare(&format!("the job `{name}`"), UNENDING, &at, findings);
            }
            let process = process(at, name, wanted, own.into(), others, findings);
            beside.jobs.push(job::job(keys, process, findings));
        }
        for (ProcessName(name), profile::Cron { like: _, mut keys }) in crons.unwrap_or_default() {
            let at = Key::new("crons").child(name.clone());
            names.take(&name, &at, CRON_JOB, findings);
            let (wanted, own) = (std::mem::take(&mut keys.process), std::mem::take(&mut keys.own));
            if is_bare(&wanted, image) {
                bare(&format!("the cron `{name}`"), UNENDING, &at, findings);
            }
            let process = process(at, name, wanted, own.into(), others, findings);
            beside.crons.push(job::cron(keys, process, findings));
        }
        order::check(&beside.jobs, findings);
        let mut attached = |table: &'static str, what: &str, name: String, with, wanted: profile::Process, own| {
            let at = Key::new(table).child(name.clone());
            names.take(&name, &at, (LONGEST, 0), findings);
            if is_bare(&wanted, image) {
                bare(&format!("the {what} `{name}`"), UNENDING, &at, findings);
            }
            attached::attached(with, process(at, name, wanted, own, others, findings), &main.name, findings)
        };
        for (ProcessName(name), sidecar) in sidecars.into_iter().flat_map(|all| all.0) {
            let profile::Sidecar { with, process, compose, dev, build } = sidecar;
            let own = Own::attached(compose.unwrap_or_default().process, dev, build);
            beside.sidecars.push(attached("sidecars", "sidecar", name, with, process, own));
        }
        for (ProcessName(name), init) in inits.into_iter().flat_map(|all| all.0) {
            let profile::Init { with, process, compose, dev, build } = init;
            let own = Own::attached(compose.unwrap_or_default().process, dev, build);
            beside.inits.push(attached("inits", "init container", name, with, process, own));
        }
        for (ProcessName(name), companion) in companions.unwrap_or_default() {
            let profile::Companion { only, needs, publish, process: mut wanted, compose, dev, build } = companion;
            if only.as_deref() == Some(&[companions::DEV.to_owned()]) {
                companions::with_memory(&mut wanted);
            }
            let at = Key::new("companions").child(name.clone());
            if is_bare(&wanted, image) {
                bare(&format!("the companion `{name}`"), "would start the app once more", &at, findings);
            }
            let own = Own::attached(compose.unwrap_or_default().process, dev, build);
            let process = process(at, name, wanted, own, others, findings);
            beside.companions.push(companions::companion((only, needs), publish, process, findings));
        }
        beside
    }
}

/// The most characters of a name, and how many of them are added to ours.
type Most = (usize, usize);

/// A Job's name ends with `-` and eight digits of a hash.
const JOB: Most = (LONGEST, 9);

/// A CronJob adds to its name itself (Kubernetes documentation, "CronJob").
const CRON_JOB: Most = (52, 0);

/// The names of everything beside the main process: each bears its own and the app's, in one that Kubernetes can use.
struct Names<'a> {
    app: &'a str,
    main: &'a str,
    taken: BTreeMap<String, Key>,
}

impl Names<'_> {
    fn take(&mut self, name: &str, at: &Key, (most, added): Most, findings: &mut Findings<'_>) {
        let app = self.app;
        if name == self.main {
            findings.key(
                Code::BadName,
                at,
                format!("`{name}` is the main process already"),
                "at the top level of the profile",
                "give it another name, or name the main one by `main`",
            );
        } else if let Some(other) = self.taken.get(name) {
            findings.pair(
                Code::BadName,
                (at, "this one"),
                (other, "and this one"),
                format!("both would be called `{app}-{name}`"),
                "give one of them another name",
            );
        } else if app.len() + 1 + name.len() + added > most {
            let hash = if added > 0 { ", with the hash of its content" } else { "" };
            findings.key(
                Code::BadName,
                at,
                format!("`{app}-{name}` is longer than a name can be"),
                &format!("more than {most} characters{hash}"),
                "shorten it, or the app's `name`",
            );
        }
        self.taken.entry(name.to_owned()).or_insert_with(|| at.clone());
    }
}

/// Whether it starts as the main process' image does by itself.
fn is_bare(wanted: &profile::Process, image: Option<&str>) -> bool {
    wanted.image.as_deref() == image && wanted.command.is_none() && wanted.args.is_none() && wanted.server.is_none()
}

/// A process that starts as the image does, as the main one may: perhaps its name is another's, misspelt.
fn bare_process(name: &str, at: &Key, names: &[String], findings: &mut Findings<'_>) {
    let others = names.iter().map(String::as_str).filter(|other| *other != name);
    let help = match near(name, others) {
        Some(meant) => format!("did you mean `{meant}`? Otherwise give it a `command`, `args`, `[server]` or `image`"),
        None => "give it a `command`, `args`, a `[server]` or an `image`".to_owned(),
    };
    findings.key(
        Code::BareProcess,
        at,
        format!("the process `{name}` does not say what it runs"),
        "starts as the image does by itself",
        help,
    );
}

const UNENDING: &str = "would start the app itself, which does not end";

/// What would start the app instead of something else.
fn bare(what: &str, label: &str, at: &Key, findings: &mut Findings<'_>) {
    findings.key(
        Code::MissingKey,
        at,
        format!("{what} does not say what it runs"),
        label,
        "give it a `command`, or `args` or an `image`",
    );
}
