//! Every key that the language has, whether this version renders it or not.
//!
//! The schema knows what is rendered. This list only serves words: "not supported yet" instead of "unknown", and where
//! a key belongs that stands in the wrong table.

use crate::{
    key::Key,
    layers::merge::{WORKLOADS, inside},
};

/// Tables, with `*` for any name, and their keys.
const LANGUAGE: &[(&str, &str)] = &[
    (
        "",
        "name image main extends unset labels annotations command args workers_env port_env port workers state uid gid \
         server ports service probes resources autoscale shutdown rollout env env_from secrets inputs files volumes \
         security network processes jobs crons sidecars inits defaults services companions ingress build k8s compose \
         dev cloudrun environments patches",
    ),
    ("server", "app kind args trusted_proxies timeout keep_alive max_requests max_requests_jitter preload"),
    ("ports.*", "port protocol enabled"),
    ("service", "port type"),
    ("probes", "liveness readiness startup"),
    ("probes.*", "http port tcp exec grpc service every timeout failures headers within"),
    ("resources", "cpu memory ephemeral_storage gpu"),
    ("resources.cpu", "request limit"),
    ("resources.memory", "request limit"),
    ("resources.ephemeral_storage", "request limit"),
    ("resources.gpu", "count resource"),
    ("autoscale", "min max cpu memory behavior"),
    ("shutdown", "drain pre_stop"),
    ("rollout", "strategy surge unavailable"),
    ("env.*", "value public"),
    ("secrets.*", "about from mount mode optional enabled"),
    ("inputs.*", "about default enabled"),
    ("files.*", "source content template mode enabled"),
    ("volumes.*", "mount size access class for claim external host medium per_replica enabled"),
    ("security", "read_only writable capabilities service_account kube_api user_namespace"),
    ("security.writable.*", "path size medium seed"),
    ("security.service_account", "name create annotations rules"),
    ("network", "ingress_from egress"),
    ("processes.*", "like enabled"),
    ("jobs.*", "like when retries deadline keep enabled"),
    ("crons.*", "like schedule timezone concurrency deadline keep suspend retries enabled"),
    ("sidecars.*", "with enabled"),
    ("inits.*", "with enabled"),
    ("defaults", "process job cron"),
    (
        "services.*",
        "kind version database driver size image args env files resources shm_size publish k8s secret enabled",
    ),
    ("companions.*", "image command args env files volumes ports resources only enabled"),
    ("ingress", "host gateway class annotations tls timeout routes"),
    ("ingress.tls", "secret"),
    ("ingress.routes.*", "path match to port"),
    (
        "build",
        "context dockerfile target args python base lock source packages copy index_secret digests platforms syntax",
    ),
    (
        "k8s",
        "version pull_policy workers_per_pod network_policy disruption_budget jobs namespace replicas node_selector \
         tolerations priority_class topology_spread image_pull_secrets extra",
    ),
    ("compose", "publish restart project workers cpus networks logging pids"),
    ("dev", "reload sync watch command env debug_port mounts user"),
    ("cloudrun", "flavor min max cpu concurrency timeout ingress service_account cpu_boost"),
    ("patches.*", "target kind name env merge yaml remove"),
];

/// Whether the language has a key.
pub(super) fn has(key: &Key) -> bool {
    let path = inside(key);
    listed(&path)
        || match path.as_slice() {
            [kind, _, rest @ ..] if WORKLOADS.contains(kind) => !rest.is_empty() && listed(rest),
            ["defaults", _, rest @ ..] => !rest.is_empty() && listed(rest),
            _ => false,
        }
}

fn listed(path: &[&str]) -> bool {
    let Some((name, table)) = path.split_last() else { return false };
    LANGUAGE.iter().any(|(pattern, names)| {
        let pattern: Vec<_> = pattern.split('.').filter(|segment| !segment.is_empty()).collect();
        pattern.len() == table.len()
            && pattern.iter().zip(table).all(|(pattern, segment)| *pattern == "*" || pattern == segment)
            && names.split_whitespace().any(|known| known == *name)
    })
}

/// Where a key belongs that its table does not have: in one or two other tables, or in the profile itself.
pub(super) fn elsewhere(key: &Key) -> Option<String> {
    let path = inside(key);
    let name = *path.last()?;
    if path.len() > 1 && listed(&[name]) {
        return Some(format!("`{name}` is a key of the profile itself, not of a table"));
    }
    let here = path[..path.len() - 1].join(".");
    let tables: Vec<_> = LANGUAGE
        .iter()
        .filter(|(table, names)| {
            !table.is_empty()
                && !table.contains('.')
                && *table != here
                && names.split_whitespace().any(|known| known == name)
        })
        .map(|(table, _)| format!("[{table}]"))
        .collect();
    match tables.as_slice() {
        [table] => Some(format!("`{name}` is a key of {table}")),
        [one, other] => Some(format!("`{name}` is a key of {one} and of {other}")),
        _ => None,
    }
}
