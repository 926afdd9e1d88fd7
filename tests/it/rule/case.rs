//! Apps that the rule is held against, each with what it must come to.

use proptest::prelude::*;

/// An app in the words of this test: what is written, and what it must come to.
#[derive(Debug, Clone)]
pub struct Case {
    pub start: Start,
    /// As `workers` says.
    pub workers: Option<u64>,
    pub per_pod: Option<u64>,
    pub replicas: Option<u64>,
    pub on_compose: Option<u64>,
    pub memory: Memory,
    pub scratch: Vec<Scratch>,
    pub autoscale: bool,
    pub drain: u64,
    pub pre_stop: Option<u64>,
    pub port: bool,
    pub stateful: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    Server(&'static str, /* preload */ bool),
    /// With a variable that tells it how many to fork.
    Forking,
    Alone,
}

/// In mebibytes.
#[derive(Debug, Clone, Copy)]
pub enum Memory {
    Left,
    One(u64),
    Two(u64, u64),
}

#[derive(Debug, Clone, Copy)]
pub struct Scratch {
    pub mebi: u64,
    pub memory: bool,
}

pub const MI: u64 = 1 << 20;

impl Case {
    pub fn wanted(&self) -> u64 {
        let default = if matches!(self.start, Start::Server(..)) && !self.stateful { 2 } else { 1 };
        self.workers.unwrap_or(default)
    }

    pub fn per_pod(&self) -> u64 {
        self.per_pod.unwrap_or(1)
    }

    /// Request and limit of one worker, in bytes.
    pub fn memory(&self) -> (u64, u64) {
        match self.memory {
            Memory::Left => (256 * MI, 256 * MI),
            Memory::One(one) => (one * MI, one * MI),
            Memory::Two(request, limit) => (request * MI, limit * MI),
        }
    }

    /// What the server keeps beside its workers, measured: a parent that spawns and its tracker, a master that forks,
    /// and a master that preloads, which is one more app.
    pub fn supervisor(&self, workers: u64, worker: u64) -> u64 {
        match self.start {
            Start::Server("gunicorn", true) if workers > 1 => worker,
            Start::Server("uvicorn" | "fastapi", _) if workers > 1 => 48 * MI,
            Start::Server("uvicorn" | "fastapi", _) => 0,
            Start::Server("hypercorn", _) => 48 * MI,
            Start::Server("gunicorn" | "granian", _) => 32 * MI,
            Start::Server(other, _) => panic!("{other} is not a server"),
            Start::Forking | Start::Alone => 0,
        }
    }

    pub fn toml(&self) -> String {
        let mut top = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\n".to_owned();
        let mut tables = String::new();
        match self.start {
            Start::Server(kind, preload) => {
                tables += &format!("[server]\napp = \"orders.main:app\"\nkind = \"{kind}\"\n");
                tables += if preload { "preload = true\n" } else { "" };
            }
            Start::Forking => top += "command = [\"serve\"]\nworkers_env = \"SERVE_PROCESSES\"\n",
            Start::Alone => top += "command = [\"serve\"]\n",
        }
        top += if self.port { "port = 8000\n" } else { "" };
        top += if self.stateful { "state = \"memory\"\n" } else { "" };
        let lines = |key: &str, value: Option<u64>| value.map_or(String::new(), |value| format!("{key} = {value}\n"));
        top += &lines("workers", self.workers);
        tables += "[k8s]\n";
        tables += &lines("workers_per_pod", self.per_pod);
        tables += &lines("replicas", self.replicas);
        tables += "[compose]\npublish = false\n";
        tables += &lines("workers", self.on_compose);
        tables += "[resources]\nephemeral_storage = \"4Gi\"\n";
        tables += &match self.memory {
            Memory::Left => String::new(),
            Memory::One(one) => format!("memory = \"{one}Mi\"\n"),
            Memory::Two(request, limit) => format!("memory = {{ request = \"{request}Mi\", limit = \"{limit}Mi\" }}\n"),
        };
        let scratch = self.scratch.iter().enumerate().map(|(i, Scratch { mebi, memory })| {
            let medium = if *memory { "memory" } else { "disk" };
            format!("{{ path = \"/scratch{i}\", size = \"{mebi}Mi\", medium = \"{medium}\" }}")
        });
        tables += &format!("[security]\nwritable = [{}]\n", scratch.collect::<Vec<_>>().join(", "));
        tables += if self.autoscale { "[autoscale]\nmax = 500\ncpu = 70\n" } else { "" };
        tables += &format!("[shutdown]\ndrain = \"{}s\"\n", self.drain);
        tables += &self.pre_stop.map_or(String::new(), |pre_stop| format!("pre_stop = \"{pre_stop}s\"\n"));
        top + &tables
    }
}

pub fn start() -> impl Strategy<Value = Start> {
    prop_oneof![
        prop::sample::select(vec!["uvicorn", "fastapi", "gunicorn", "granian", "hypercorn"])
            .prop_map(|kind| Start::Server(kind, false)),
        Just(Start::Server("gunicorn", true)),
        Just(Start::Forking),
        Just(Start::Alone),
    ]
}

pub fn memory() -> impl Strategy<Value = Memory> {
    prop_oneof![
        Just(Memory::Left),
        (32..4096_u64).prop_map(Memory::One),
        (32..512_u64, 0..512_u64).prop_map(|(request, more)| Memory::Two(request, request + more)),
    ]
}

pub fn scratch() -> impl Strategy<Value = Vec<Scratch>> {
    let one = (1..512_u64, any::<bool>()).prop_map(|(mebi, memory)| Scratch { mebi, memory });
    prop::collection::vec(one, 0..4)
}

/// Profiles that are admitted. What no process can do is left out by construction, so that nothing is refused.
pub fn case() -> impl Strategy<Value = Case> {
    let rule = (
        start(),
        prop::option::of(1..=64_u64),
        prop::option::weighted(0.4, 1..=8_u64),
        prop::option::weighted(0.2, 1..=20_u64),
        prop::option::weighted(0.3, 1..=16_u64),
    );
    let rest =
        (memory(), scratch(), any::<bool>(), 0..=1800_u64, prop::option::of(0..=60_u64), any::<bool>(), any::<bool>());
    (rule, rest).prop_map(
        |(
            (start, workers, per_pod, replicas, on_compose),
            (memory, scratch, autoscale, drain, pre_stop, port, state),
        )| {
            let server = matches!(start, Start::Server(..));
            Case {
                start,
                workers: if state { workers.map(|_| 1) } else { workers },
                // More in each pod than there are is refused.
                per_pod: per_pod
                    .filter(|_| !state && start != Start::Alone)
                    .map(|count| count.min(workers.unwrap_or(if server { 2 } else { 1 }))),
                replicas: replicas.filter(|_| !state),
                on_compose: on_compose.filter(|_| !state),
                memory,
                scratch,
                autoscale: autoscale && !state,
                drain,
                pre_stop,
                port: port || server,
                stateful: state,
            }
        },
    )
}
