//! Counts, amounts and times, as clusters and hosts read them.

use super::case::{Case, MI, Start};
use crate::rendered::{Cluster, Host, flag, text, var};

/// How many workers a container is told to run, by every way in which it is told.
pub fn told(start: Start, argv: &[String], env: &[(String, String)]) -> Vec<u64> {
    let (variables, flags): (&[_], &[_]) = match start {
        Start::Server("uvicorn", _) => (&["WEB_CONCURRENCY", "UVICORN_WORKERS"], &[]),
        Start::Server("fastapi", _) => (&["WEB_CONCURRENCY"], &[]),
        Start::Server("gunicorn", _) => (&["WEB_CONCURRENCY"], &["--workers"]),
        Start::Server("granian", _) => (&["GRANIAN_WORKERS"], &[]),
        Start::Server("hypercorn", _) => (&[], &["--workers"]),
        Start::Server(other, _) => panic!("{other} is not a server"),
        Start::Forking => (&["SERVE_PROCESSES"], &[]),
        Start::Alone => return vec![1],
    };
    let from_env = variables.iter().map(|name| var(env, name).unwrap_or_else(|| panic!("no {name}")));
    let from_argv = flags.iter().map(|name| flag(argv, name).unwrap_or_else(|| panic!("no {name}")));
    from_env.chain(from_argv).map(|count| count.parse().expect("a count")).collect()
}

/// The count, told in one voice.
pub fn workers(start: Start, argv: &[String], env: &[(String, String)]) -> u64 {
    let told = told(start, argv, env);
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?} differ");
    told[0]
}

/// A quantity of Kubernetes, in bytes.
pub fn k8s_bytes(quantity: &str) -> u64 {
    let units = [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40)];
    let unit = units.into_iter().find_map(|(suffix, unit)| Some((quantity.strip_suffix(suffix)?, unit)));
    let (number, unit) = unit.unwrap_or((quantity, 1));
    number.parse::<u64>().expect("a whole number") * unit
}

/// A byte value of Compose, where `M` is 1024 × 1024 bytes.
pub fn compose_bytes(value: &str) -> u64 {
    let units = [("b", 1), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)];
    let unit = units.into_iter().find_map(|(suffix, unit)| Some((value.strip_suffix(suffix)?, unit)));
    let (number, unit) = unit.expect("a unit of Compose");
    number.parse::<u64>().expect("a whole number") * unit
}

pub fn seconds(value: &str) -> u64 {
    value.strip_suffix('s').and_then(|number| number.parse().ok()).expect("whole seconds")
}

/// Memory of a pod: request and limit.
pub fn pod_memory(cluster: &Cluster) -> (u64, u64) {
    let side = |side: &str| k8s_bytes(&text(&cluster.container()["resources"][side]["memory"]));
    (side("requests"), side("limits"))
}

/// Memory of a Compose container: request and limit.
pub fn host_memory(host: &Host) -> (u64, u64) {
    let resources = &host.service()["deploy"]["resources"];
    let limit = compose_bytes(&text(&resources["limits"]["memory"]));
    let reserved = resources.get("reservations").map(|reserved| compose_bytes(&text(&reserved["memory"])));
    (reserved.unwrap_or(limit), limit)
}

/// Scratch directories that lie in memory, in bytes: those of a pod by their volumes, those of Compose by their tmpfs.
pub fn pod_scratch(cluster: &Cluster) -> u64 {
    let volumes = cluster.pod()["volumes"].as_array().into_iter().flatten();
    let in_memory = volumes.filter(|volume| volume["emptyDir"]["medium"] == "Memory");
    in_memory.map(|volume| k8s_bytes(&text(&volume["emptyDir"]["sizeLimit"]))).sum()
}

pub fn host_scratch(host: &Host) -> u64 {
    let mounts = host.service()["tmpfs"].as_array().into_iter().flatten().map(text);
    let size = |mount: String| {
        let size = mount.split([':', ',']).find_map(|option| option.strip_prefix("size=").map(str::to_owned));
        let size = size.expect("a bounded tmpfs");
        size.strip_suffix('m').map_or_else(|| size.parse().unwrap(), |mebi| mebi.parse::<u64>().unwrap() * MI)
    };
    mounts.map(size).sum()
}

/// The flag by which a server is told how long it may drain.
pub fn drain_flag(start: Start) -> Option<&'static str> {
    match start {
        Start::Server("uvicorn", _) => Some("--timeout-graceful-shutdown"),
        Start::Server("gunicorn" | "hypercorn", _) => Some("--graceful-timeout"),
        Start::Server("granian", _) => Some("--workers-kill-timeout"),
        _ => None,
    }
}

pub fn assert_drains(case: &Case, argv: &[String], drain: u64) {
    let Some(name) = drain_flag(case.start) else { return };
    // granian refuses zero.
    let least = if name == "--workers-kill-timeout" { 1 } else { 0 };
    assert_eq!(flag(argv, name), Some(drain.max(least).to_string().as_str()), "{name}");
}
