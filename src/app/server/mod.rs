//! The Python servers: how each is started, told its worker count, and bounded.
//!
//! Flags and variables are those of uvicorn 0.54, gunicorn 27 with uvicorn-worker 0.4, fastapi-cli 0.0.34, granian 2.8
//! and hypercorn 0.18, and every command line here was run with them. The worker count travels as the server's variable
//! where it has one, and as an argument where the variable is missing or loses.

mod argv;
mod facts;
mod resolve;

use std::borrow::Cow;

pub use facts::{facts, owned};
pub use resolve::resolve;

use super::{Bytes, Runtime, Seconds};
use crate::profile::ServerKind;

/// A server whose command line the renderer writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub kind: ServerKind,
    /// `module:attribute`.
    pub app: String,
    /// The user's own arguments.
    pub args: Vec<String>,
    pub trusted_proxies: Vec<String>,
    pub timeout: Option<Seconds>,
    pub keep_alive: Option<Seconds>,
    pub max_requests: Option<MaxRequests>,
    pub preload: bool,
}

/// A worker is replaced after `count` requests, and up to `jitter` more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxRequests {
    pub count: u32,
    pub jitter: u32,
}

/// How a server is run in one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub runtime: Runtime,
    pub port: u16,
    /// Absent: whoever runs it says how many.
    pub workers: Option<u32>,
    pub drain: Seconds,
    /// The longest healthy start.
    pub startup: Seconds,
    /// The folders to watch, if it reloads.
    pub reload: Option<Vec<String>>,
    /// The port of the debugger to start it under.
    pub debug_port: Option<u16>,
}

/// A variable that the renderer sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    pub name: &'static str,
    pub value: String,
    pub reason: Cow<'static, str>,
    /// Relative to the process.
    pub keys: &'static [&'static str],
    /// Whether the count of workers decides too.
    pub by_count: bool,
}

impl Server {
    /// Whether its worker count is on the command line, because its variable is missing or loses.
    pub fn counts_by_argument(&self) -> bool {
        matches!(self.kind, ServerKind::Gunicorn | ServerKind::Hypercorn)
    }

    /// Whether it is told which folders to watch; the others watch the working directory.
    pub fn watches_folders(&self) -> bool {
        matches!(self.kind, ServerKind::Uvicorn | ServerKind::Fastapi | ServerKind::Granian)
    }

    /// The keys of its settings on the command line, relative to the process.
    pub fn setting_keys(&self, run: &Run) -> Vec<&'static str> {
        let mut keys = vec!["server.kind", "server.args"];
        let has = facts(self.kind).has;
        if run.runtime != Runtime::Dev && self.kind != ServerKind::Fastapi {
            keys.push("shutdown.drain");
        }
        let settings = [
            ("timeout", "server.timeout"),
            ("keep_alive", "server.keep_alive"),
            ("max_requests", "server.max_requests"),
            ("max_requests", "server.max_requests_jitter"),
        ];
        keys.extend(settings.into_iter().filter(|(name, _)| has.contains(name)).map(|(_, key)| key));
        // Reloading and preloading exclude each other.
        keys.extend(
            (run.workers.is_some_and(|count| self.could_share(count)) && run.reload.is_none())
                .then_some("server.preload"),
        );
        keys
    }

    /// The variables that go with the command line.
    pub fn variables(&self, run: &Run) -> Vec<Own> {
        let mut own = Vec::new();
        let count = run.workers.unwrap_or_default();
        for name in facts(self.kind).reserved.iter().filter(|_| run.workers.is_some()) {
            own.push(Own {
                name,
                value: count.to_string(),
                reason: run.runtime.reason(count),
                keys: &["server.kind"],
                by_count: true,
            });
        }
        if self.kind == ServerKind::Uvicorn && count > 1 {
            own.push(Own {
                name: "UVICORN_TIMEOUT_WORKER_HEALTHCHECK",
                value: run.startup.0.max(5).to_string(),
                reason:
                    "a worker that is still importing is not stuck: its supervisor waits as long as a start may take"
                        .into(),
                keys: &["probes.startup.within", "server.kind"],
                by_count: true,
            });
        }
        if self.kind == ServerKind::Granian && run.runtime == Runtime::SingleHost {
            own.push(Own {
                name: "GRANIAN_RESPAWN_FAILED_WORKERS",
                value: "true".into(),
                reason: "nobody else replaces a dead worker on a single host".into(),
                keys: &["server.kind"],
                by_count: false,
            });
        }
        if !self.trusted_proxies.is_empty() {
            own.push(Own {
                name: "FORWARDED_ALLOW_IPS",
                value: self.trusted_proxies.join(","),
                reason: "proxies whose forwarded headers are believed".into(),
                keys: &["server.trusted_proxies"],
                by_count: false,
            });
        }
        own
    }

    /// Whether the app could be loaded once for all workers; a lone one has nobody to share with.
    pub fn could_share(&self, workers: u32) -> bool {
        facts(self.kind).has.contains(&"preload") && workers > 1
    }

    fn shares(&self, workers: u32) -> bool {
        self.preload && self.could_share(workers)
    }

    /// What the processes beside the workers need.
    pub fn supervisor(&self, workers: u32, worker: Bytes) -> Bytes {
        let (cost, above) = facts(self.kind).supervisor;
        match (workers > above, self.shares(workers)) {
            (false, _) => Bytes(0),
            // A master that preloads holds the whole app once more.
            (true, true) => worker,
            (true, false) => cost,
        }
    }
}
