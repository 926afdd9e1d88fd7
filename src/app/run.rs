//! How a process is run in one container: what its server is told, and the variables that follow from other keys.

use std::borrow::Cow;

use super::{App, Parallelism, Process, Run, Runtime, Seconds, Start, defaults, server::Own};
use crate::key::Key;

/// A variable that the renderer sets, with what decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnVariable {
    pub name: String,
    pub value: String,
    pub reason: Cow<'static, str>,
    pub keys: Vec<Key>,
}

impl App {
    /// The name of a process to the outside: the app's for the main process, `<app>-<process>` for others. A companion is
    /// no part of the app.
    pub fn workload(&self, process: &Process) -> String {
        match process.is_main() {
            true => self.name.clone(),
            false if process.is_companion() => process.name.clone(),
            false => format!("{}-{}", self.name, process.name),
        }
    }

    /// How a process is run by so many workers.
    pub fn run(&self, process: &Process, runtime: Runtime, workers: impl Into<Option<u32>>) -> Run {
        let is_dev = runtime == Runtime::Dev;
        let folders = || self.synced(process).into_iter().map(|one| one.target).collect();
        Run {
            runtime,
            port: process.port.unwrap_or_default(),
            workers: workers.into(),
            drain: match runtime {
                Runtime::Dev => defaults::DEV_DRAIN,
                Runtime::Serverless => self.cloudrun.drain(process.shutdown.drain),
                Runtime::Orchestrated | Runtime::SingleHost => process.shutdown.drain,
            },
            startup: process.probes.startup.as_ref().map_or(Seconds(0), |startup| startup.within),
            reload: (is_dev && process.dev.reload).then(folders),
            debug_port: process.dev.debug_port.filter(|_| is_dev),
        }
    }

    /// The variables that tell a process what other keys say, in the order in which they are set.
    pub fn own_variables(&self, process: &Process, runtime: Runtime, plan: &Parallelism) -> Vec<OwnVariable> {
        let counted = |keys: &[&'static str]| [plan.worker_keys.clone(), process.keys(keys)].concat();
        let mut own = Vec::new();
        match &process.start {
            Start::Server(server) => {
                for Own { name, value, reason, keys, by_count } in
                    server.variables(&self.run(process, runtime, plan.workers))
                {
                    let keys = if by_count { counted(keys) } else { process.keys(keys) };
                    own.push(OwnVariable { name: name.into(), value, reason, keys });
                }
            }
            Start::Command { workers_env, .. } | Start::Image { workers_env, .. } => {
                own.extend(workers_env.iter().map(|name| OwnVariable {
                    name: name.clone(),
                    value: plan.workers.to_string(),
                    reason: runtime.reason(plan.workers),
                    keys: counted(&["workers_env"]),
                }));
            }
        }
        // The platform tells the port by this name itself where requests come to, and refuses whoever sets it.
        let told = |name: &&String| runtime != Runtime::Serverless || *name != "PORT" || !self.is_entrance(process);
        if let (Some(name), Some(port)) = (process.port_env.as_ref().filter(told), process.port) {
            own.push(OwnVariable {
                name: name.clone(),
                value: port.to_string(),
                reason: "tells the process its port".into(),
                keys: [process.keys(&["port_env"]), self.port_keys(process), self.told_keys(process, runtime)].concat(),
            });
        }
        own
    }
}
