//! The workers-versus-replicas rule, in one place.
//!
//! Parallelism is stated once (`workers = 4`). An orchestrator gets 4 replicas of 1 worker each, a single host 1
//! container of 4 workers, a developer one reloading process. Nothing asks the machine: the same profile must give the
//! same bytes (FastAPI documentation, "Deployment – Replication"; uvicorn documentation, "Docker").

use super::{App, Process, keys};
use crate::key::Key;

/// Who runs more than one of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// The platform replicates.
    Orchestrated,
    /// The server forks workers.
    SingleHost,
    /// Nobody: one process, which reloads.
    Dev,
}

impl Runtime {
    /// Why a container has as many workers as it has.
    pub fn reason(self) -> &'static str {
        match self {
            Runtime::Orchestrated => "workers-vs-replicas: the orchestrator replicates, one worker per container",
            Runtime::SingleHost => "workers-vs-replicas: a single host runs one container of all workers",
            Runtime::Dev => "workers-vs-replicas: development runs one process",
        }
    }
}

/// How many of a process run, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parallelism {
    /// In each container.
    pub workers: u32,
    /// Containers.
    pub replicas: u32,
    /// Why.
    pub reason: String,
    /// The keys that decided it.
    pub keys: Vec<Key>,
}

impl App {
    /// The rule. What the profile overrides holds, and is noted when it is resolved.
    pub fn parallelism(&self, process: &Process, runtime: Runtime) -> Parallelism {
        let wanted = process.workers;
        let mut decided_by = process.keys(&["workers", "state", "server", "command", "workers_env"]);
        let (workers, replicas) = match runtime {
            Runtime::Orchestrated => {
                decided_by.extend(keys(&["k8s.workers_per_pod", "k8s.replicas"]));
                let workers = self.k8s.workers_per_pod;
                (workers, self.k8s.replicas.unwrap_or_else(|| wanted.div_ceil(workers)))
            }
            Runtime::SingleHost => {
                decided_by.extend(keys(&["compose.workers"]));
                let workers = self.compose.workers.unwrap_or(wanted);
                if process.start.can_fork() { (workers, 1) } else { (1, workers) }
            }
            Runtime::Dev => (1, 1),
        };
        let reason = match runtime {
            Runtime::Orchestrated => format!("workers-vs-replicas: {wanted} wanted, {workers} in each pod"),
            Runtime::SingleHost if replicas > 1 => {
                format!("workers-vs-replicas: {wanted} wanted of a process that cannot fork")
            }
            Runtime::SingleHost => format!("workers-vs-replicas: {wanted} wanted, all in one container"),
            Runtime::Dev => runtime.reason().to_owned(),
        };
        Parallelism { workers, replicas, reason, keys: decided_by }
    }
}
