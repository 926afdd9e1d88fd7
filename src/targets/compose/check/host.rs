//! What a service sees of the host, and of other containers.

use super::{
    services::{is_yes, mount, services, texts},
    variables::{fixed, unset},
};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    rule(
        "a service shares no namespace with the host or another container, but the network with another service",
        "KICS; CIS Docker Benchmark 5",
        namespaces,
    ),
    rule("the daemon and the host's system are not mounted", "KICS; OWASP Docker Security 1", folders),
    rule("a service has no devices of the host", "CIS Docker Benchmark 5", devices),
    rule("a service does not talk to the daemon", "OWASP Docker Security 1", daemon),
    rule("a service has no mounts of a container that is not in the file", "OWASP Docker Security 1", foreign_mounts),
    rule("everything that runs stands in the file", "what other files add is not checked", elsewhere),
];

const fn rule(name: &'static str, source: &'static str, find: fn(&[At<'_>], &mut Found)) -> Rule {
    Rule { name, source, weight: Weight::Unhardened, find }
}

fn namespaces(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for key in ["network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup"] {
            let at = at.key(key);
            let Some(mode) = at.text() else { continue };
            // A sidecar and its process have one network, as in a pod.
            if key == "network_mode" && mode.starts_with("service:") {
                continue;
            }
            let other = ["container:", "service:"].iter().find_map(|kind| mode.strip_prefix(kind));
            let who = match other {
                Some(other) => format!("the container `{other}`"),
                None if mode == "host" => "the host".to_owned(),
                None if fixed(mode).is_none() => "what a variable names".to_owned(),
                None => continue,
            };
            found.add(&at, format!("service `{service}` shares `{key}` with {who}"));
        }
        let network = at.at("build.network");
        if network.text() == Some("host") {
            found.add(&network, format!("the build of service `{service}` shares its network with the host"));
        }
    }
}

/// Folders of the host through which a container can take it over, or learn what is not its own. With all below:
const SYSTEM: &[&str] = &[
    "/boot",
    "/dev",
    "/etc",
    "/proc",
    "/root",
    "/run",
    "/sys",
    "/var/lib/containerd",
    "/var/lib/docker",
    "/var/lib/kubelet",
    "/var/run",
    "/var/spool/cron",
];

/// Themselves alone: below them lies what may be the app's own.
const SHARED: &[&str] = &[
    "/",
    "/bin",
    "/home",
    "/lib",
    "/lib64",
    "/sbin",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/sbin",
    "/var",
    "/var/lib",
    "~",
];

/// Read by everybody, and nobody's secret.
const PUBLIC: &[&str] = &["/etc/localtime", "/etc/timezone", "/etc/ssl/certs", "/etc/ca-certificates", "/etc/pki"];

/// Folders of keys in somebody's home.
const KEYS: &[&str] = &["/.ssh", "/.aws", "/.kube", "/.docker", "/.gnupg"];

/// Whether a path of the host, where variables have their defaults, is one of the above.
fn is_system(source: &str) -> bool {
    let path = plain(&unset(source));
    let below = |folder: &&str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if PUBLIC.iter().any(below) {
        return false;
    }
    let is_home = path.strip_prefix("/home/").is_some_and(|rest| !rest.contains('/'));
    let has_keys = KEYS.iter().any(|keys| path.contains(keys)) && path.starts_with(['/', '~']);
    let is_socket = path.ends_with("docker.sock") || path.ends_with("containerd.sock");
    SHARED.contains(&path.as_str()) || SYSTEM.iter().any(below) || is_home || has_keys || is_socket
}

/// A path without `.`, `..` and double slashes. What leads out of the project leads nobody knows where.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    format!("{}{}", if path.starts_with('/') { "/" } else { "" }, parts.join("/"))
}

fn folders(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for volume in at.key("volumes").items() {
            let source = mount(&volume).source;
            if is_system(source) {
                found.add(&volume, format!("service `{service}` mounts `{source}` of the host"));
            }
        }
    }
    for file in files {
        let places = [("volumes", "driver_opts.device"), ("secrets", "file"), ("configs", "file")];
        for (kind, key) in places {
            for (name, at) in file.key(kind).entries().map(|(name, at)| (name, at.at(key))) {
                if let Some(source) = at.text().filter(|source| is_system(source)) {
                    found.add(&at, format!("`{name}` of the {kind} is `{source}` of the host"));
                }
            }
        }
    }
}

/// What gives a service devices, each a list.
const DEVICES: &[&str] = &["devices", "device_cgroup_rules"];

fn devices(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for at in DEVICES.iter().flat_map(|key| at.key(key).items()) {
            let device = at.text().or_else(|| at.key("source").text()).unwrap_or_default();
            found.add(&at, format!("service `{service}` has the device `{device}` of the host"));
        }
    }
}

fn daemon(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files).into_iter().map(|(service, at)| (service, at.key("use_api_socket"))) {
        if is_yes(&at) {
            found.add(&at, format!("service `{service}` gets the daemon's socket, and its keys to registries"));
        }
    }
}

fn foreign_mounts(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for (from, at) in texts(&at.key("volumes_from")) {
            if from.starts_with("container:") || fixed(from).is_none() {
                found.add(&at, format!("service `{service}` has all mounts of `{from}`, whatever they are"));
            }
        }
    }
}

fn elsewhere(files: &[At<'_>], found: &mut Found) {
    for at in files.iter().flat_map(|file| file.key("include").items()) {
        found.add(&at, "services of another file are included, and not checked");
    }
    for (service, at) in services(files) {
        let at = at.at("extends.file");
        if let Some(file) = at.text() {
            found.add(&at, format!("service `{service}` takes what `{file}` has, which is not checked"));
        }
    }
}
