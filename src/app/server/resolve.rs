//! `[server]`, decided: what it serves, and which of its settings the server has.

use super::{MaxRequests, Server, facts, owned};
use crate::{
    app::{
        Cidr,
        findings::Findings,
        lifecycle::{DAY, time},
    },
    key::Key,
    problem::Code,
    profile::{self, ServerKind},
};

/// Fills in defaults, and finds what the server does not take.
pub fn resolve(wanted: profile::Server, key: &Key, findings: &mut Findings<'_>) -> Server {
    let profile::Server {
        app,
        kind,
        args,
        trusted_proxies,
        timeout,
        keep_alive,
        max_requests,
        max_requests_jitter,
        preload,
    } = wanted;
    let kind = kind.unwrap_or(ServerKind::Uvicorn);
    let app = app.unwrap_or_else(|| {
        findings.key(
            Code::MissingKey,
            key,
            "`[server]` needs `app`",
            "serves nothing yet",
            "say what it serves, as in `app = \"orders.main:app\"`",
        );
        String::new()
    });
    let given = [
        ("trusted_proxies", trusted_proxies.is_some()),
        ("timeout", timeout.is_some()),
        ("keep_alive", keep_alive.is_some()),
        ("max_requests", max_requests.is_some()),
        ("preload", preload == Some(true)),
    ];
    check_settings(kind, &given, key, findings);
    if kind == ServerKind::Fastapi && app.ends_with("()") {
        findings.value(
            Code::ServerLacks,
            &key.below("app"),
            "`fastapi run` cannot call a factory",
            "would be looked up by this name, brackets included",
            "name the app itself, or use another server: each of them calls it",
        );
    }
    let args = args.unwrap_or_default();
    check_args(kind, &args, &key.below("args"), findings);
    if max_requests_jitter.is_some() && max_requests.is_none() {
        findings.key(
            Code::Conflict,
            &key.below("max_requests_jitter"),
            "`max_requests_jitter` needs `max_requests`",
            "of nothing",
            "set `max_requests`, or drop it",
        );
    }
    Server {
        kind,
        app,
        args,
        trusted_proxies: proxies(trusted_proxies.unwrap_or_default(), &key.below("trusted_proxies"), findings),
        timeout: timeout.map(|text| time(&text, (0, DAY), &key.below("timeout"), findings)),
        keep_alive: keep_alive.map(|text| time(&text, (0, DAY), &key.below("keep_alive"), findings)),
        // Without jitter all workers would leave together.
        max_requests: max_requests
            .map(|count| MaxRequests { count, jitter: max_requests_jitter.unwrap_or(count.div_ceil(10)) }),
        preload: preload.unwrap_or(false),
    }
}

fn check_settings(kind: ServerKind, given: &[(&'static str, bool)], key: &Key, findings: &mut Findings<'_>) {
    let has = facts(kind).has;
    for (name, _) in given.iter().filter(|(name, given)| *given && !has.contains(name)) {
        let kind = format!("{kind:?}").to_lowercase();
        let others: Vec<String> = [ServerKind::Uvicorn, ServerKind::Gunicorn, ServerKind::Hypercorn]
            .into_iter()
            .filter(|other| facts(*other).has.contains(name))
            .map(|other| format!("{other:?}").to_lowercase())
            .collect();
        findings.key(
            Code::ServerLacks,
            &key.child(*name),
            format!("{kind} has no setting for `{name}`"),
            "would be lost",
            format!("drop it, or use a server that has it: {}", others.join(", ")),
        );
    }
}

fn check_args(kind: ServerKind, args: &[String], key: &Key, findings: &mut Findings<'_>) {
    for (i, arg) in args.iter().enumerate() {
        let Some((flag, instead)) = owned(kind, arg) else { continue };
        let help =
            if instead.is_empty() { "drop it".to_owned() } else { format!("drop it, and use the key `{instead}`") };
        findings.value(
            Code::OwnedArgument,
            &key.child(i.to_string()),
            format!("`{flag}` is written by the renderer"),
            "owned by the renderer",
            help,
        );
    }
}

fn proxies(wanted: Vec<String>, key: &Key, findings: &mut Findings<'_>) -> Vec<String> {
    for (i, proxy) in wanted.iter().enumerate() {
        let address = proxy.parse::<std::net::IpAddr>().is_ok();
        if !address && Cidr::parse(proxy).is_none() {
            findings.value(
                Code::BadPeer,
                &key.child(i.to_string()),
                format!("`{proxy}` is not an address or a CIDR range"),
                "not an address",
                "name the proxies, as in \"10.0.0.0/8\"; with \"*\" any client could claim any address",
            );
        }
    }
    wanted
}
