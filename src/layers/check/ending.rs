//! Keys of a process that a job or a cron has not, and why.

use super::Checker;
use crate::{
    key::Key,
    layers::merge::inside,
    problem::{Code, Problem},
};

/// What runs to its end: its tables, and how one of it is called.
const KINDS: &[(&str, &str, &str)] = &[("jobs", "job", "a job"), ("crons", "cron", "a cron")];

/// Why it has not some keys, and what says something like it.
const WHY: &[(&str, &str)] = &[
    (
        "workers workers_env autoscale k8s.replicas k8s.workers_per_pod compose.workers cloudrun.min cloudrun.max",
        "it runs alone, and once: what runs side by side is a process",
    ),
    ("server", "it runs to its end, and a server has none: write the program that runs as `command`"),
    ("state", "it keeps nothing: two of it never run at once anyway"),
    (
        "port port_env ports service compose.publish cloudrun.concurrency cloudrun.ingress cloudrun.cpu_boost",
        "nobody sends it requests: what listens is a process",
    ),
    ("probes compose.healthcheck", "how it went is told by its exit code, and `deadline` ends what hangs"),
    ("shutdown rollout", "it ends by itself, and the next version is another one"),
    ("cloudrun.timeout", "nobody waits for an answer, and `deadline` ends what hangs"),
    ("compose.restart", "`retries` says how often it is tried again"),
    ("dev.reload dev.watch dev.debug_port", "nothing reaches what has ended: it runs the code that is there"),
];

impl Checker<'_> {
    /// Refuses a key that processes have, in what ends by itself.
    pub(super) fn lasting(&self, key: &Key) -> Option<Problem> {
        let path = inside(key);
        let [table, entry, inside @ ..] = path.as_slice() else { return None };
        let is_one = |(kind, one, _): &&(&str, &str, &str)| table == kind || *table == "defaults" && entry == one;
        let (_, _, called) = KINDS.iter().find(is_one)?;
        let (name, around) = inside.split_last()?;
        let table = around.iter().fold(Key::new("processes").child("any"), |key, segment| key.child(*segment));
        if !(self.schema)().keys(&table).contains(name) {
            return None;
        }
        let name = inside.join(".");
        let why = WHY.iter().find(|(keys, _)| keys.split(' ').any(|key| key == name));
        let problem = Problem::new(Code::UnknownKey, format!("{called} has no `{name}`"));
        let problem = problem.at(self.key_span(key), "a key of processes");
        Some(match why {
            Some((_, why)) => problem.help(*why),
            None => problem,
        })
    }
}
