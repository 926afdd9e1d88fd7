//! The Python servers: how each is started, told its worker count, and bounded.
//!
//! Flags and variables are those of uvicorn 0.54, gunicorn 27 with uvicorn-worker 0.4, fastapi-cli 0.0.34, granian 2.8
//! and hypercorn 0.18, and every command line here was run with them. The worker count travels as the server's variable
//! where it has one, and as an argument where the variable is missing or loses.

mod facts;

use std::borrow::Cow;

use facts::means;
pub use facts::{facts, owned};

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
    /// The whole command line, in exec form.
    pub fn argv(&self, run: &Run) -> Vec<String> {
        let mut argv = Argv::default();
        if let Some(port) = run.debug_port {
            argv.words(["python", "-m", "debugpy", "--listen"]);
            argv.word(format!("0.0.0.0:{port}"));
            argv.word("-m");
        }
        match self.kind {
            ServerKind::Uvicorn => self.uvicorn(run, &mut argv),
            ServerKind::Gunicorn => self.gunicorn(run, &mut argv),
            ServerKind::Fastapi => self.fastapi(run, &mut argv),
            ServerKind::Granian => self.granian(run, &mut argv),
            ServerKind::Hypercorn => self.hypercorn(run, &mut argv),
        }
        argv.0
    }

    /// Why the command line is as it is.
    pub fn argv_reason(&self, run: &Run) -> &'static str {
        if self.kind == ServerKind::Gunicorn && run.reload.is_some() && self.worker_class(run).is_some() {
            "exec-form: the server's whole command line, without a shell; of gunicorn's workers only its own reloads"
        } else {
            "exec-form: the server's whole command line, without a shell"
        }
    }

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

    /// What to import, and whether to call it. uvicorn and granian take a factory by name, with a flag; gunicorn and
    /// hypercorn call it where it is written as a call.
    fn factory(&self) -> (&str, bool) {
        self.app.strip_suffix("()").map_or((&self.app, false), |app| (app, true))
    }

    /// What the app speaks is the user's to say: a WSGI app wants another worker than an ASGI app.
    fn unless_named(&self, flags: &[&str], default: &'static str) -> Option<&'static str> {
        let named = |arg: &String| flags.iter().any(|flag| means(self.kind, flag, arg));
        (!self.args.iter().any(named)).then_some(default)
    }

    /// gunicorn's. The uvicorn worker goes on when gunicorn's reloader ends it: only gunicorn's own worker reloads.
    fn worker_class(&self, run: &Run) -> Option<&'static str> {
        let class = if run.reload.is_some() { "asgi" } else { "uvicorn_worker.UvicornWorker" };
        self.unless_named(&["--worker-class", "-k"], class)
    }

    fn uvicorn(&self, run: &Run, argv: &mut Argv) {
        let (app, factory) = self.factory();
        argv.words(["uvicorn", app, "--host", "0.0.0.0"]);
        argv.flag("--port", run.port);
        argv.flag("--timeout-graceful-shutdown", run.drain.0);
        argv.maybe("--timeout-keep-alive", self.keep_alive.map(|time| time.0));
        argv.maybe("--limit-max-requests", self.max_requests.map(|max| max.count));
        argv.maybe("--limit-max-requests-jitter", self.max_requests.map(|max| max.jitter));
        argv.reload(run, "--reload-dir");
        argv.words(factory.then_some("--factory"));
        argv.words(&self.args);
    }

    fn gunicorn(&self, run: &Run, argv: &mut Argv) {
        argv.words(["gunicorn", &self.app]);
        argv.flag("--bind", format!("0.0.0.0:{}", run.port));
        // A `gunicorn.conf.py` in the working directory is read unasked, and its `workers` wins over WEB_CONCURRENCY.
        argv.maybe("--workers", run.workers);
        argv.maybe("--worker-class", self.worker_class(run));
        // The heartbeat file in memory: a disk that stalls must not look like a stuck worker (gunicorn FAQ).
        argv.words(["--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]);
        argv.flag("--graceful-timeout", run.drain.0);
        argv.maybe("--timeout", self.timeout.map(|time| time.0));
        argv.maybe("--keep-alive", self.keep_alive.map(|time| time.0));
        argv.maybe("--max-requests", self.max_requests.map(|max| max.count));
        argv.maybe("--max-requests-jitter", self.max_requests.map(|max| max.jitter));
        match &run.reload {
            Some(_) => argv.word("--reload"),
            None if run.workers.is_some_and(|count| self.shares(count)) => argv.word("--preload"),
            None => {}
        }
        argv.words(&self.args);
    }

    fn fastapi(&self, run: &Run, argv: &mut Argv) {
        argv.words(["fastapi", if run.reload.is_some() { "dev" } else { "run" }]);
        argv.words(["--entrypoint", &self.app, "--host", "0.0.0.0"]);
        argv.flag("--port", run.port);
        // `fastapi dev` reloads by itself.
        for dir in run.reload.iter().flatten() {
            argv.flag("--reload-dir", dir);
        }
        argv.words(&self.args);
    }

    fn granian(&self, run: &Run, argv: &mut Argv) {
        let (app, factory) = self.factory();
        argv.words(["granian", app]);
        argv.maybe("--interface", self.unless_named(&["--interface"], "asgi"));
        argv.words(["--host", "0.0.0.0"]);
        argv.flag("--port", run.port);
        // It refuses zero.
        argv.flag("--workers-kill-timeout", run.drain.0.max(1));
        argv.reload(run, "--reload-paths");
        argv.words(factory.then_some("--factory"));
        argv.words(&self.args);
    }

    fn hypercorn(&self, run: &Run, argv: &mut Argv) {
        argv.words(["hypercorn", &self.app]);
        argv.flag("--bind", format!("0.0.0.0:{}", run.port));
        // It reads no variable, so its count is an argument.
        argv.maybe("--workers", run.workers);
        argv.flag("--graceful-timeout", run.drain.0);
        argv.maybe("--keep-alive", self.keep_alive.map(|time| time.0));
        argv.maybe("--max-requests", self.max_requests.map(|max| max.count));
        argv.maybe("--max-requests-jitter", self.max_requests.map(|max| max.jitter));
        if run.reload.is_some() {
            argv.word("--reload");
        }
        argv.words(&self.args);
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

#[derive(Default)]
struct Argv(Vec<String>);

impl Argv {
    fn word(&mut self, word: impl Into<String>) {
        self.0.push(word.into());
    }

    fn words<S: AsRef<str>>(&mut self, words: impl IntoIterator<Item = S>) {
        self.0.extend(words.into_iter().map(|word| word.as_ref().to_owned()));
    }

    fn flag(&mut self, name: &str, value: impl std::fmt::Display) {
        self.word(name);
        self.word(value.to_string());
    }

    fn maybe(&mut self, name: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.flag(name, value);
        }
    }

    fn reload(&mut self, run: &Run, folder: &str) {
        let Some(folders) = &run.reload else { return };
        self.word("--reload");
        for path in folders {
            self.flag(folder, path);
        }
    }
}
