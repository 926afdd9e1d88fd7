//! `[server]`: a Python application server whose command line the renderer writes.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Duration;

/// A Python application server. The renderer writes its whole command line, in exec form, for every target.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// What it serves, as `module:attribute`. Required when `[server]` is used.
    #[schemars(
        regex(pattern = r"^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_.]*(\(\))?$"),
        extend("patternErrorMessage" = "`module:attribute`, as in \"orders.main:app\"")
    )]
    pub app: Option<String>,
    pub kind: Option<ServerKind>,
    /// Added to the command line. What the renderer owns (workers, host, port, reload, drain) is an error here.
    pub args: Option<Vec<String>>,
    /// Proxies whose `X-Forwarded-*` headers are believed: addresses and CIDR ranges.
    pub trusted_proxies: Option<Vec<String>>,
    /// A worker that is silent for so long is killed (gunicorn).
    pub timeout: Option<Duration>,
    /// An idle connection is closed after this.
    pub keep_alive: Option<Duration>,
    /// A worker is replaced after so many requests.
    #[schemars(range(min = 1, max = 1000000000))]
    pub max_requests: Option<u32>,
    /// Up to so many requests more, so that workers do not leave together; a tenth of `max_requests` unless given.
    #[schemars(range(min = 0, max = 1000000000))]
    pub max_requests_jitter: Option<u32>,
    /// Loads the app before forking, so that workers share memory (gunicorn).
    #[schemars(extend("default" = false))]
    pub preload: Option<bool>,
}

/// The servers whose command line, signals and worker count are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "uvicorn"))]
pub enum ServerKind {
    /// uvicorn: one process, or a supervisor with workers.
    Uvicorn,
    /// gunicorn with `uvicorn_worker.UvicornWorker` (package `uvicorn-worker`), or the worker that `args` name:
    /// `["--worker-class", "gthread"]` for a WSGI app.
    Gunicorn,
    /// `fastapi run`: uvicorn without its limits.
    Fastapi,
    /// granian, a server in Rust; `args = ["--interface", "wsgi"]` for a WSGI app.
    Granian,
    /// hypercorn.
    Hypercorn,
}
