//! What runs beside the app: workers, and what asks them for work by a schedule.

use super::{Language, Seen};
use crate::init::{
    commands::Command,
    facts::{From, Worker},
    python::tasks,
};

impl Seen<'_> {
    pub(super) fn workers(&self) -> Vec<Worker> {
        if self.language != Language::Python {
            return Vec::new();
        }
        // How the project starts them itself says more than its source.
        let own =
            |name: &str| self.commands.iter().find_map(|command| worker(command).filter(|worker| worker.name == name));
        let scanned = tasks::workers(&self.source, &self.packages, self.manage());
        let find = |name: &str| own(name).or_else(|| scanned.iter().find(|worker| worker.name == name).cloned());
        ["worker", "beat"].into_iter().filter_map(find).collect()
    }
}

/// A worker that a command line starts.
fn worker(command: &Command) -> Option<Worker> {
    if command.is_open() {
        return None;
    }
    let (name, workers_env) = match command.program() {
        "celery" if command.has("worker") => ("worker", Some("CELERY_WORKER_CONCURRENCY")),
        "celery" if command.has("beat") => ("beat", None),
        "arq" | "dramatiq" | "huey_consumer" | "huey_consumer.py" => ("worker", None),
        "rq" | "taskiq" if command.has("worker") => ("worker", None),
        "manage.py" | "python" | "python3"
            if ["rqworker", "qcluster", "run_huey", "db_worker"].iter().any(|word| command.has(word)) =>
        {
            ("worker", None)
        }
        _ => return None,
    };
    let words = without(&command.words, if name == "beat" { OF_BEAT } else { OF_WORKER });
    let mut words = if command.program() == "manage.py" { [vec!["python".to_owned()], words].concat() } else { words };
    if name == "beat" && !words.iter().any(|word| word.starts_with("--scheduler") || word == "-S") {
        words.extend(["--schedule".to_owned(), "/tmp/celerybeat-schedule".to_owned()]);
    }
    Some(Worker { name, command: words, workers_env, alone: name == "beat", from: From::Found(command.at.clone()) })
}

/// Flags with a value that the profile decides, that need a disk, or that only a developer wants.
const OF_WORKER: &[&str] =
    &["--concurrency", "-c", "--pidfile", "--autoscale", "--statedb", "--watch", "--logfile", "-f"];
const OF_BEAT: &[&str] = &["--schedule", "-s", "--pidfile", "--logfile", "-f"];

fn without(words: &[String], flags: &[&str]) -> Vec<String> {
    let mut value = false;
    let kept = words.iter().filter(|word| {
        if std::mem::take(&mut value) {
            return false;
        }
        value = flags.contains(&word.as_str());
        let joined = flags.iter().any(|flag| {
            word.strip_prefix(flag).is_some_and(|rest| {
                rest.starts_with('=')
                    || !flag.starts_with("--") && rest.bytes().all(|c| c.is_ascii_digit()) && !rest.is_empty()
            })
        });
        // A scheduler within a worker asks for everything once for each worker.
        !value && !joined && !matches!(word.as_str(), "-B" | "--beat" | "--reload")
    });
    kept.cloned().collect()
}
