//! Relations between decisions, checked once everything is decided: those that every target shares, and those of one
//! runtime alone, which are told where it is rendered.

mod accounts;
mod attached;
mod companions;
mod files;
mod jobs;
mod mounts;
mod nodes;
mod orchestrated;
mod outside;
mod pod_volumes;
mod scaling;
mod secrets;
mod serverless;
mod services;
mod single_host;
mod urls;
mod volumes;

use std::collections::BTreeSet;

use super::{App, Process, Runtime, Seconds, Text, dev, findings::Findings, ports};
use crate::{
    key::Key,
    problem::{Code, Problem},
    profile::{ServerKind, State},
};

/// The longest `--workers-kill-timeout` of granian 2.8.
const GRANIAN_DRAIN: Seconds = Seconds(1800);

pub fn check(app: &App, findings: &mut Findings<'_>) {
    attached::check(app, findings);
    companions::check(app, findings);
    for process in app.containers().chain(app.companions.iter().map(|one| &one.process)) {
        state(process, findings);
        drain(process, findings);
        mounts::check(process, findings);
        dev::targets(app, process, findings);
        files::check(process, findings);
        optional(process, findings);
        secrets::check(process, findings);
        urls::check(app, process, findings);
        ports::check_main_name(process, findings);
    }
    for backing in &app.services {
        mounts::check(&backing.process, findings);
        services::files(backing, findings);
    }
    secrets::shared(app, findings);
    volumes::check(app, findings);
    pod_volumes::check(app, findings);
}

impl App {
    /// What is wrong in one runtime alone, or worth knowing about it. Whoever never renders for it never hears of it.
    pub fn problems(&self, runtime: Runtime) -> Vec<Problem> {
        let mut findings = Findings::new(&self.provenance);
        let is_host = matches!(runtime, Runtime::SingleHost | Runtime::Dev);
        match runtime {
            Runtime::Orchestrated => {
                companions::elsewhere(self, runtime, &mut findings);
                outside::check(self, &mut findings);
                jobs::orchestrated(self, &mut findings);
                services::in_cluster(self, &mut findings);
                accounts::check(self, &mut findings);
                nodes::check(self, &mut findings);
                volumes::orchestrated(self, &mut findings);
                pod_volumes::orchestrated(self, &mut findings);
                services::before_release(self, &mut findings);
            }
            Runtime::SingleHost => {
                companions::on_host(self, runtime, &mut findings);
                single_host::shared_names(self, &mut findings);
                single_host::shared_files(self, &mut findings);
                single_host::facts(self, &mut findings);
                single_host::scratch(self, &mut findings);
                jobs::single_host(self, &mut findings);
                services::on_host(self, &mut findings);
                volumes::single_host(self, &mut findings);
                pod_volumes::single_host(self, &mut findings);
            }
            Runtime::Serverless => {
                companions::elsewhere(self, runtime, &mut findings);
                serverless::whole(self, &mut findings);
            }
            Runtime::Dev => companions::on_host(self, runtime, &mut findings),
        }
        let companions = self.companions(runtime).filter(|_| is_host).map(|one| &one.process);
        let all: Vec<&Process> = self.containers().chain(companions).collect();
        let services = self.services.iter().map(|backing| &backing.process);
        for process in all.iter().copied().chain(services) {
            match runtime {
                Runtime::Orchestrated if self.is_elsewhere(process) => {}
                Runtime::Orchestrated => files::orchestrated(process, &mut findings),
                Runtime::SingleHost | Runtime::Dev => files::single_host(process, &mut findings),
                Runtime::Serverless if process.is_service() => {}
                Runtime::Serverless => {
                    files::serverless(process, &mut findings);
                    volumes::serverless(process, &mut findings);
                }
            }
        }
        if is_host {
            self.check_published(runtime, &mut findings);
        }
        for process in all {
            match runtime {
                Runtime::Orchestrated => orchestrated::check(self, process, &mut findings),
                Runtime::Serverless => serverless::check(self, process, &mut findings),
                Runtime::SingleHost => single_host::check(self, process, &mut findings),
                Runtime::Dev => {
                    dev::idle(process, &mut findings);
                    single_host::gpu(process, &mut findings);
                }
            }
            cut_off(process, self.parallelism(process, runtime).workers, &mut findings);
        }
        findings.problems
    }
}

fn state(process: &Process, findings: &mut Findings<'_>) {
    if process.workers > 1 {
        needs_one(process, &process.key("workers"), process.workers, "processes", findings);
    }
}

/// Reports more than one of a process that keeps state, as `key` asks for.
fn needs_one(process: &Process, key: &Key, count: u32, what: &str, findings: &mut Findings<'_>) {
    if process.state != State::None {
        findings.pair(
            Code::StateNeedsOne,
            (key, "more than one"),
            (&process.key("state"), "each would keep its own"),
            format!("{count} {what} cannot share what one process keeps for itself"),
            "ask for one, or keep the state elsewhere and drop `state`",
        );
    }
}

/// Kubernetes leaves a reference to a missing variable in the text as it is; Compose puts nothing there.
fn optional(process: &Process, findings: &mut Findings<'_>) {
    let missing: BTreeSet<&str> =
        process.secrets.iter().filter(|secret| secret.optional).map(|secret| secret.name.as_str()).collect();
    let words = |list: &'static str, words| {
        let words: std::slice::Iter<'_, Text> = words;
        words.enumerate().map(move |(i, text)| (process.key(list).child(i.to_string()), text))
    };
    let args = words("command", process.command().iter()).chain(words("args", process.args().iter()));
    let env = process.env.iter().map(|one| (process.key("env").child(one.name.clone()), &one.text));
    let files = process.files.iter().map(|file| (process.file_key(file), &file.text));
    for (key, text) in env.chain(args).chain(files) {
        for name in text.secrets().filter(|name| missing.contains(name)) {
            findings.value(
                Code::BadReference,
                &key,
                format!("`${{secrets.{name}}}` may be missing, and what the text is then differs between targets"),
                "refers to an optional secret",
                format!("drop `optional` from `{name}`, or let the app read it by itself"),
            );
        }
    }
}

/// A bound that a server has on its own drain, or none at all.
fn drain(process: &Process, findings: &mut Findings<'_>) {
    let drain = process.shutdown.drain;
    let key = process.key("shutdown.drain");
    if process.start.server().is_some_and(|server| server.kind == ServerKind::Fastapi) && findings.provenance.sets(&key)
    {
        findings.value(
            Code::DrainCut,
            &key,
            "`fastapi run` cannot be told how long to drain",
            &format!("what is open after {}s is killed, and the app does not end as it should", drain.0),
            "use `kind = \"uvicorn\"`, which ends what is left in time",
        );
    }
    if process.start.server().is_some_and(|server| server.kind == ServerKind::Granian) && drain > GRANIAN_DRAIN {
        findings.value(
            Code::OutOfRange,
            &key,
            format!("granian cannot drain for {}s", drain.0),
            "longer than half an hour",
            "give it at most 30m, or use another server",
        );
    }
}

/// hypercorn 0.18 terminates all workers once the first has ended, so that only that one's requests are finished.
fn cut_off(process: &Process, workers: u32, findings: &mut Findings<'_>) {
    if process.start.server().is_some_and(|server| server.kind == ServerKind::Hypercorn) && workers > 1 {
        findings.value(
            Code::DrainCut,
            &process.key("server.kind"),
            "hypercorn drains one of its workers only: requests in the others are cut off",
            &format!("{workers} workers in one container"),
            "use uvicorn or granian for several workers in one container, or one worker",
        );
    }
}

/// What to do where the count of one target alone could be dropped.
const LET_RULE: &str = "drop it to let `workers` decide for every target";

/// Reports a count of one target that overrides the rule: it holds, and is said aloud, with what to do.
fn overridden(
    name: &'static str,
    count: Option<u32>,
    ruled: u32,
    (what, help): (&str, &str),
    process: &Process,
    findings: &mut Findings<'_>,
) {
    let key = process.key(name);
    match count.filter(|count| *count != ruled) {
        Some(count) if count > 1 && process.state != State::None => needs_one(process, &key, count, what, findings),
        Some(count) => findings.value(
            Code::RuleOverridden,
            &key,
            format!("{count} {what} are asked for, where `workers = {}` gives {ruled}", process.workers),
            "overrides workers-vs-replicas",
            help,
        ),
        None => {}
    }
}
