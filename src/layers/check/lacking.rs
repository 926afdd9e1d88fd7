//! Keys that others have, in workloads that have them not: why, and what has them.

use super::Checker;
use crate::{
    key::Key,
    layers::merge::inside,
    problem::{Code, Problem},
};

/// A kind of workload that lacks some keys of processes.
struct Kind {
    /// Its table.
    table: &'static str,
    /// Its entry in `[defaults]`.
    defaults: &'static str,
    /// How one of it is called.
    called: &'static str,
    /// What it is for: told to who gives another kind a key of its own.
    purpose: &'static str,
    /// Why it has not some keys of processes, and what says something like it.
    why: &'static [(&'static str, &'static str)],
}

const KINDS: &[Kind] = &[
    Kind { table: "jobs", defaults: "job", called: "a job", purpose: JOB, why: ENDING },
    Kind { table: "crons", defaults: "cron", called: "a cron", purpose: CRON, why: ENDING },
    Kind { table: "sidecars", defaults: "", called: "a sidecar", purpose: SIDECAR, why: BESIDE },
    Kind { table: "inits", defaults: "", called: "an init container", purpose: INIT, why: BEFORE },
    Kind { table: "companions", defaults: "", called: "a companion", purpose: COMPANION, why: ALONE },
];

const JOB: &str = "what runs once for each version is a job: `[jobs.NAME]`";
const CRON: &str = "what runs by a schedule is a cron: `[crons.NAME]`";
const SIDECAR: &str = "what runs beside a process, in its pod, is a sidecar: `[sidecars.NAME]`";
const INIT: &str = "what runs before a process, in its pod, is an init container: `[inits.NAME]`";

const COMPANION: &str = "what stands beside the app, on Compose alone, is a companion: `[companions.NAME]`";

const ENDING: &[(&str, &str)] = &[
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

const OF_THE_POD: &str = "it belongs to the pod: say it where the process is described";

const BESIDE: &[(&str, &str)] = &[
    ("workers workers_env autoscale compose.workers", "there is one in each pod of the process that it stands beside"),
    (
        "server dev.reload dev.watch dev.debug_port",
        "it is no server that the renderer knows: write what runs as `command`",
    ),
    ("service compose.publish", "clients reach the process that it stands beside"),
    ("state rollout labels annotations network k8s cloudrun", OF_THE_POD),
];

const BEFORE: &[(&str, &str)] = &[
    ("workers workers_env autoscale compose.workers", "it runs once in each pod of the process that it runs before"),
    ("server", "it runs to its end, and a server has none: write the program that runs as `command`"),
    (
        "port port_env ports service compose.publish",
        "nobody sends it requests: what listens is a process, or a sidecar",
    ),
    ("probes compose.healthcheck", "how it went is told by its exit code"),
    ("shutdown", "it ends by itself"),
    ("compose.restart", "it is tried again until it succeeds"),
    ("dev.reload dev.watch dev.debug_port", "nothing reaches what has ended: it runs the code that is there"),
    ("state rollout labels annotations network k8s cloudrun", OF_THE_POD),
];

const ALONE: &[(&str, &str)] = &[
    ("workers workers_env autoscale compose.workers", "there is one of it: what runs side by side is a process"),
    (
        "server dev.reload dev.watch dev.debug_port",
        "it is no server that the renderer knows: write what runs as `command`",
    ),
    ("compose.publish", "`publish` is a key of the companion itself"),
    ("state", "it keeps what its `volumes` keep"),
    (
        "service rollout annotations network k8s cloudrun",
        "it stands on Compose alone: what a cluster runs is a process",
    ),
];

impl Checker<'_> {
    /// Refuses a key that others have, in what has it not.
    pub(super) fn lacking(&self, key: &Key) -> Option<Problem> {
        let path = inside(key);
        let [table, entry, inside @ ..] = path.as_slice() else { return None };
        let is_one = |kind: &&Kind| *table == kind.table || *table == "defaults" && *entry == kind.defaults;
        let own = KINDS.iter().find(is_one)?;
        let (name, around) = inside.split_last()?;
        let has = |kind: &'static str| {
            let table = around.iter().fold(Key::new(kind).below("any"), |key, segment| key.child(*segment));
            (self.schema)().keys(&table).contains(name)
        };
        let name = inside.join(".");
        let (others, why) = if has("processes") {
            ("processes", own.why.iter().find(|(keys, _)| keys.split(' ').any(|key| key == name)).map(|(_, why)| *why))
        } else {
            let other = KINDS.iter().find(|kind| kind.table != own.table && has(kind.table))?;
            (other.table, Some(other.purpose))
        };
        let problem = Problem::new(Code::UnknownKey, format!("{} has no `{name}`", own.called));
        let problem = problem.at(self.key_span(key), format!("a key of {others}"));
        Some(match why {
            Some(why) => problem.help(why),
            None => problem,
        })
    }
}
