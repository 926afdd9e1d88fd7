//! What is known about each kind of server: what it is told, what it reads, what its supervisor costs.

use crate::{
    app::{Bytes, defaults},
    profile::ServerKind,
};

/// What is known about a kind of server.
pub struct Facts {
    /// Arguments that the renderer writes, and the key to use instead where there is one.
    pub owned: &'static [(&'static str, &'static str)],
    /// The variables by which it learns its worker count, which the renderer sets. For uvicorn the second would win over
    /// the first.
    pub reserved: &'static [&'static str],
    /// The beginning of the variables that it reads as its arguments: `UVICORN_LOG_LEVEL` is `--log-level`.
    pub prefix: Option<&'static str>,
    /// Other variables that say what a key of the profile says, and that key.
    pub said: &'static [(&'static str, &'static str)],
    /// The keys of `[server]` that it has a setting for.
    pub has: &'static [&'static str],
    /// What its supervisor costs, once it has more than so many workers.
    pub supervisor: (Bytes, u32),
}

pub fn facts(kind: ServerKind) -> &'static Facts {
    match kind {
        ServerKind::Uvicorn => &UVICORN,
        ServerKind::Gunicorn => &GUNICORN,
        ServerKind::Fastapi => &FASTAPI,
        ServerKind::Granian => &GRANIAN,
        ServerKind::Hypercorn => &HYPERCORN,
    }
}

/// The argument of the renderer that a user's argument would set again, and the key to use instead.
pub fn owned(kind: ServerKind, arg: &str) -> Option<(&'static str, &'static str)> {
    facts(kind).owned.iter().copied().find(|(owned, _)| means(kind, owned, arg))
}

/// Whether a user's argument is this flag, with its value or without.
pub(super) fn means(kind: ServerKind, flag: &str, arg: &str) -> bool {
    let name = arg.split_once('=').map_or(arg, |(name, _)| name);
    // Python's argparse takes any beginning that is no other's.
    let abbreviates = matches!(kind, ServerKind::Gunicorn | ServerKind::Hypercorn) && name.len() > 3;
    match flag.strip_prefix("--") {
        Some(_) => flag == name || abbreviates && flag.starts_with(name),
        // A short one may have its value right behind it: `-w4`.
        None => name.starts_with(flag),
    }
}

/// Names that platforms set by habit. Not every server reads each, but whoever sets one means the key.
const PORT: (&str, &str) = ("PORT", "port");
const COUNT: (&str, &str) = ("WEB_CONCURRENCY", "workers");
const PROXIES: (&str, &str) = ("FORWARDED_ALLOW_IPS", "server.trusted_proxies");

const UVICORN: Facts = Facts {
    owned: &[
        ("--host", ""),
        ("--port", "port"),
        ("--workers", "workers"),
        ("--uds", ""),
        ("--fd", ""),
        ("--reload", "dev.reload"),
        ("--reload-dir", "dev.sync"),
        ("--timeout-graceful-shutdown", "shutdown.drain"),
        ("--timeout-keep-alive", "server.keep_alive"),
        ("--timeout-worker-healthcheck", "probes.startup.within"),
        ("--limit-max-requests", "server.max_requests"),
        ("--limit-max-requests-jitter", "server.max_requests_jitter"),
        ("--forwarded-allow-ips", "server.trusted_proxies"),
        ("--factory", "server.app"),
    ],
    reserved: &["WEB_CONCURRENCY", "UVICORN_WORKERS"],
    prefix: Some("UVICORN_"),
    said: &[PORT, PROXIES],
    has: &["trusted_proxies", "keep_alive", "max_requests"],
    supervisor: (defaults::SPAWNING_SUPERVISOR, 1),
};

const GUNICORN: Facts = Facts {
    owned: &[
        ("--bind", "port"),
        ("-b", "port"),
        ("--workers", "workers"),
        ("-w", "workers"),
        ("--worker-tmp-dir", ""),
        ("--control-socket", ""),
        ("--no-control-socket", ""),
        ("--access-logfile", ""),
        ("--reload", "dev.reload"),
        ("--graceful-timeout", "shutdown.drain"),
        ("--timeout", "server.timeout"),
        ("-t", "server.timeout"),
        ("--keep-alive", "server.keep_alive"),
        ("--max-requests", "server.max_requests"),
        ("--max-requests-jitter", "server.max_requests_jitter"),
        ("--preload", "server.preload"),
        // Behind a master that leaves, the container ends at once.
        ("--daemon", ""),
        ("-D", ""),
        ("--forwarded-allow-ips", "server.trusted_proxies"),
    ],
    reserved: &["WEB_CONCURRENCY"],
    prefix: None,
    said: &[PORT, PROXIES, ("GUNICORN_CMD_ARGS", "server.args")],
    has: &["trusted_proxies", "timeout", "keep_alive", "max_requests", "preload"],
    supervisor: (defaults::FORKING_SUPERVISOR, 0),
};

const FASTAPI: Facts = Facts {
    owned: &[
        ("--host", ""),
        ("--port", "port"),
        ("--workers", "workers"),
        ("--reload", "dev.reload"),
        ("--no-reload", "dev.reload"),
        ("--reload-dir", "dev.sync"),
        ("--entrypoint", "server.app"),
        ("-e", "server.app"),
        ("--app", "server.app"),
        ("--forwarded-allow-ips", "server.trusted_proxies"),
    ],
    reserved: &["WEB_CONCURRENCY"],
    prefix: None,
    said: &[PORT, PROXIES],
    has: &["trusted_proxies"],
    supervisor: (defaults::SPAWNING_SUPERVISOR, 1),
};

const GRANIAN: Facts = Facts {
    owned: &[
        ("--host", ""),
        ("--port", "port"),
        ("--workers", "workers"),
        ("--uds", ""),
        ("--reload", "dev.reload"),
        ("--reload-paths", "dev.sync"),
        ("--workers-kill-timeout", "shutdown.drain"),
        ("--respawn-failed-workers", ""),
        ("--no-respawn-failed-workers", ""),
        ("--factory", "server.app"),
        ("--no-factory", "server.app"),
    ],
    reserved: &["GRANIAN_WORKERS"],
    prefix: Some("GRANIAN_"),
    said: &[PORT, COUNT],
    has: &[],
    supervisor: (defaults::FORKING_SUPERVISOR, 0),
};

const HYPERCORN: Facts = Facts {
    owned: &[
        ("--bind", "port"),
        ("-b", "port"),
        ("--workers", "workers"),
        ("-w", "workers"),
        ("--reload", "dev.reload"),
        ("--graceful-timeout", "shutdown.drain"),
        ("--keep-alive", "server.keep_alive"),
        ("--max-requests", "server.max_requests"),
        ("--max-requests-jitter", "server.max_requests_jitter"),
        ("--daemon", ""),
    ],
    reserved: &[],
    prefix: None,
    said: &[PORT, COUNT],
    has: &["keep_alive", "max_requests"],
    supervisor: (defaults::SPAWNING_SUPERVISOR, 0),
};
