//! The command line of each server, in exec form.

use super::{Run, Server, facts::means};
use crate::profile::ServerKind;

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
