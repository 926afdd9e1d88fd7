//! The workers-versus-replicas rule, in one place.
//!
//! Parallelism is stated once (`workers = 4`). An orchestrator gets 4 replicas of 1 worker each, a single host 1
//! container of 4 workers, a developer one reloading process. Nothing asks the machine: the same profile must give the
//! same bytes (FastAPI documentation, "Deployment – Replication"; uvicorn documentation, "Docker").

use std::borrow::Cow;

use super::{App, Process};
use crate::key::Key;

/// Who runs more than one of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// The platform replicates.
    Orchestrated,
    /// The platform runs as many as requests need.
    Serverless,
    /// The server forks workers.
    SingleHost,
    /// Nobody: one process, which reloads.
    Dev,
}

impl Runtime {
    /// Why a container has as many workers as it has.
    pub fn reason(self, workers: u32) -> Cow<'static, str> {
        match self {
            Runtime::Orchestrated if workers > 1 => {
                format!("workers-vs-replicas: overridden, {workers} workers in each pod").into()
            }
            Runtime::Orchestrated => "workers-vs-replicas: one worker in each pod, the orchestrator replicates".into(),
            Runtime::Serverless => "workers-vs-replicas: one worker in each instance, the platform replicates".into(),
            Runtime::SingleHost => "workers-vs-replicas: every worker in one container, on a single host".into(),
            Runtime::Dev => "workers-vs-replicas: development runs one process".into(),
        }
    }
}

/// How many of a process run, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parallelism {
    /// In each container.
    pub workers: u32,
    /// The keys that decided it.
    pub worker_keys: Vec<Key>,
    /// Containers.
    pub replicas: u32,
    /// Why so many containers.
    pub reason: String,
    /// The keys that decided how many.
    pub replica_keys: Vec<Key>,
}

impl App {
    /// The rule. What the profile overrides holds, and is noted when it is resolved.
    pub fn parallelism(&self, process: &Process, runtime: Runtime) -> Parallelism {
        match runtime {
            Runtime::Orchestrated => self.orchestrated(process),
            Runtime::Serverless => self.serverless(process),
            Runtime::SingleHost => self.single_host(process),
            Runtime::Dev => Parallelism {
                workers: 1,
                worker_keys: Vec::new(),
                replicas: 1,
                reason: runtime.reason(1).into(),
                replica_keys: Vec::new(),
            },
        }
    }

    fn orchestrated(&self, process: &Process) -> Parallelism {
        let wanted = process.workers;
        let workers = process.k8s.workers_per_pod;
        let worker_keys = process.keys(&["k8s.workers_per_pod"]);
        let mut replica_keys = process.keys(&["k8s.replicas"]);
        let (replicas, reason) = match process.k8s.replicas {
            Some(replicas) => (replicas, format!("workers-vs-replicas: overridden, {replicas} pods asked for")),
            None => {
                replica_keys.splice(0..0, self.wanted_keys(process));
                replica_keys.extend(worker_keys.iter().cloned());
                let each = if workers == 1 { "one".to_owned() } else { workers.to_string() };
                (wanted.div_ceil(workers), format!("workers-vs-replicas: {wanted} wanted, {each} in each pod"))
            }
        };
        Parallelism { workers, worker_keys, replicas, reason, replica_keys }
    }

    /// What other targets override does not hold here.
    fn serverless(&self, process: &Process) -> Parallelism {
        let wanted = process.workers;
        Parallelism {
            workers: 1,
            worker_keys: Vec::new(),
            replicas: wanted,
            reason: format!("workers-vs-replicas: {wanted} wanted, one in each instance"),
            replica_keys: self.wanted_keys(process),
        }
    }

    fn single_host(&self, process: &Process) -> Parallelism {
        let wanted = process.compose.workers.unwrap_or(process.workers);
        let mut wanted_keys = process.keys(&["compose.workers"]);
        if process.compose.workers.is_none() {
            wanted_keys.splice(0..0, self.wanted_keys(process));
        }
        // What makes a process fork, or would.
        let fork_keys = match (process.start.server(), process.start.can_fork()) {
            _ if process.resources.gpu.is_some() && process.start.can_fork() => process.keys(&["resources.gpu"]),
            (Some(_), _) => process.keys(&["server.kind", "resources.gpu"]),
            (None, true) => process.keys(&["workers_env", "server", "resources.gpu"]),
            (None, false) => process.keys(&["workers_env", "server"]),
        };
        let replica_keys = [wanted_keys.clone(), fork_keys.clone()].concat();
        if process.can_fork() {
            let reason = format!("workers-vs-replicas: {wanted} wanted, all in one container");
            Parallelism { workers: wanted, worker_keys: replica_keys.clone(), replicas: 1, reason, replica_keys }
        } else {
            let reason = format!("workers-vs-replicas: {wanted} wanted of a process that cannot fork");
            Parallelism { workers: 1, worker_keys: fork_keys, replicas: wanted, reason, replica_keys }
        }
    }
}
