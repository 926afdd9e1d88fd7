//! The protection that every service is rendered with, the same as on Kubernetes.

use super::services::{is_built, mount, names, services, texts};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    rule(
        "a service drops all capabilities, and gets back none but NET_BIND_SERVICE",
        "KICS; OWASP Docker Security 3",
        capabilities,
    ),
    rule("no process gains more privileges than its parent", "KICS; OWASP Docker Security 4", new_privileges),
    rule("a service is not privileged", "KICS; OWASP Docker Security 3", privileged),
    rule("a service does not share the host's namespaces", "KICS", namespaces),
    rule("the daemon and the host's system are not mounted", "KICS; OWASP Docker Security 1", host_folders),
    rule("a service runs as a user by number, not as root", "KICS; OWASP Docker Security 2", user),
    rule("outside development the root file system is read-only", "OWASP Docker Security 8", read_only),
    rule("outside development memory is limited", "KICS; OWASP Docker Security 7", memory),
];

const fn rule(name: &'static str, source: &'static str, find: fn(&[At<'_>], &mut Found)) -> Rule {
    Rule { name, source, weight: Weight::Unhardened, find }
}

fn capabilities(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        if !at.key("cap_drop").holds("ALL") {
            found.add(&at.key("cap_drop"), format!("service `{service}` does not drop all capabilities"));
        }
        for (name, at) in names(&at.key("cap_add")).into_iter().filter(|(name, _)| *name != "NET_BIND_SERVICE") {
            found.add(&at, format!("service `{service}` adds the capability {name}"));
        }
    }
}

fn new_privileges(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let options = at.key("security_opt");
        // Both spellings mean one thing (Docker Engine, `parseSecurityOpt`).
        if !["no-new-privileges:true", "no-new-privileges=true", "no-new-privileges"]
            .iter()
            .any(|word| options.holds(word))
        {
            found.add(&options, format!("processes of service `{service}` can gain privileges"));
        }
        for (option, at) in texts(&options).into_iter().filter(|(option, _)| option.ends_with("unconfined")) {
            found.add(&at, format!("service `{service}` is not confined: `{option}`"));
        }
    }
}

fn privileged(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files).into_iter().map(|(name, at)| (name, at.key("privileged"))) {
        if at.is(true) {
            found.add(&at, format!("service `{service}` has the rights of the host"));
        }
    }
}

fn namespaces(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for key in ["network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup"] {
            if at.key(key).text() == Some("host") {
                found.add(&at.key(key), format!("service `{service}` shares `{key}` with the host"));
            }
        }
    }
}

/// Folders of the host through which a container can take it over.
const SYSTEM: &[&str] = &["/", "/boot", "/dev", "/etc", "/lib", "/proc", "/run", "/sys", "/usr", "/var/lib/docker"];

fn host_folders(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for volume in at.key("volumes").items() {
            let (source, _) = mount(&volume);
            let folder = if source.len() > 1 { source.trim_end_matches('/') } else { source };
            if SYSTEM.contains(&folder) || folder.ends_with("docker.sock") {
                found.add(&volume, format!("service `{service}` mounts `{source}` of the host"));
            }
        }
    }
}

fn user(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let at = at.key("user");
        let user = at.scalar().unwrap_or_default();
        // A variable is decided on the host: a developer's own number.
        let is_number = user.split(':').next().and_then(|uid| uid.parse::<u32>().ok()).is_some_and(|uid| uid > 0);
        if !is_number && !user.starts_with("${") {
            found.add(&at, format!("service `{service}` does not run as a user by number other than root"));
        }
    }
}

fn read_only(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files).into_iter().filter(|(_, at)| !is_built(at)) {
        if !at.key("read_only").is(true) {
            found.add(&at.key("read_only"), format!("service `{service}` can write to its root file system"));
        }
    }
}

fn memory(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files).into_iter().filter(|(_, at)| !is_built(at)) {
        let limit = at.at("deploy.resources.limits.memory");
        if !limit.is_set() && !at.key("mem_limit").is_set() {
            found.add(&limit, format!("service `{service}` can take all memory of the host"));
        }
    }
}
