//! Pod Security `restricted`, field by field.
//!
//! Source of every rule: Kubernetes documentation, "Pod Security Standards", and the checks of
//! `k8s.io/pod-security-admission/policy` by the same names. A namespace that enforces the level refuses such pods; one
//! that does not runs them, so that a patch may ask for it.

use super::pods::{Pods, pods};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    rule("a pod does not share the host's namespaces (hostNamespaces)", host_namespaces),
    rule("no container is privileged (privileged)", privileged),
    rule("containers drop ALL capabilities, and add none but NET_BIND_SERVICE (capabilities_restricted)", capabilities),
    rule("volumes are of kinds without a way to the host (hostPathVolumes, restrictedVolumes)", volume_types),
    rule("no container takes a port of the host (hostPorts)", host_ports),
    rule("probes and hooks ask no other host (hostProbesAndHostLifecycle)", probe_hosts),
    rule("AppArmor is not turned off (appArmorProfile)", apparmor),
    rule("SELinux has no user or role of its own, and a type for containers (seLinuxOptions)", selinux),
    rule("/proc is masked (procMount)", proc_mount),
    rule("seccomp filters system calls (seccompProfile_restricted)", seccomp),
    rule("only safe sysctls are set (sysctls)", sysctls),
    rule("no process gains more privileges than its parent (allowPrivilegeEscalation)", escalation),
    rule("no container runs as root (runAsNonRoot, runAsUser)", non_root),
];

const fn rule(name: &'static str, find: fn(&[At<'_>], &mut Found)) -> Rule {
    Rule { name, source: "Pod Security Standards, restricted", weight: Weight::Unhardened, find }
}

const VOLUMES: &[&str] =
    &["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

const SELINUX: &[&str] = &["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const SYSCTLS: &[&str] = &[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

fn containers<'a>(objects: &[At<'a>]) -> Vec<At<'a>> {
    pods(objects).iter().flat_map(Pods::containers).collect()
}

/// The security contexts of pods and containers, each with what it belongs to.
fn contexts<'a>(objects: &[At<'a>]) -> Vec<(String, At<'a>)> {
    let of_pods = pods(objects).into_iter().map(|pods| ("the pod".to_owned(), pods.spec.key("securityContext")));
    let of_container = |at: At<'a>| (format!("container `{}`", at.name()), at.key("securityContext"));
    of_pods.chain(containers(objects).into_iter().map(of_container)).collect()
}

fn host_namespaces(objects: &[At<'_>], found: &mut Found) {
    for pods in pods(objects) {
        for key in ["hostNetwork", "hostPID", "hostIPC"].iter().filter(|key| pods.spec.key(key).is(true)) {
            found.add(&pods.spec.key(key), format!("`{key}` is true: the pod shares the host's"));
        }
    }
}

fn privileged(objects: &[At<'_>], found: &mut Found) {
    for (who, context) in contexts(objects) {
        let host_process = context.at("windowsOptions.hostProcess");
        for at in [context.key("privileged"), host_process].iter().filter(|at| at.is(true)) {
            found.add(at, format!("{who} runs with the rights of the host"));
        }
    }
}

fn capabilities(objects: &[At<'_>], found: &mut Found) {
    for container in containers(objects) {
        let capabilities = container.at("securityContext.capabilities");
        if !capabilities.key("drop").holds("ALL") {
            found.add(
                &capabilities.key("drop"),
                format!("container `{}` does not drop ALL capabilities", container.name()),
            );
        }
        for added in capabilities.key("add").items().filter(|added| added.text() != Some("NET_BIND_SERVICE")) {
            let name = added.scalar().unwrap_or_default();
            found.add(&added, format!("container `{}` adds the capability {name}", container.name()));
        }
    }
}

fn volume_types(objects: &[At<'_>], found: &mut Found) {
    for volume in pods(objects).iter().flat_map(|pods| pods.spec.key("volumes").items()) {
        for (source, at) in volume.entries().filter(|(key, _)| *key != "name" && !VOLUMES.contains(key)) {
            found.add(&at, format!("volume `{}` is of the kind `{source}`", volume.name()));
        }
    }
}

fn host_ports(objects: &[At<'_>], found: &mut Found) {
    for port in containers(objects).iter().flat_map(|container| container.key("ports").items()) {
        let at = port.key("hostPort");
        if let Some(number) = at.number().filter(|number| *number != 0) {
            found.add(&at, format!("port {number} of the host is taken"));
        }
    }
}

fn probe_hosts(objects: &[At<'_>], found: &mut Found) {
    for container in containers(objects) {
        let probes = ["livenessProbe", "readinessProbe", "startupProbe"].map(|key| container.key(key));
        let hooks = ["postStart", "preStop"].map(|key| container.key("lifecycle").key(key));
        for asks in probes.iter().chain(&hooks) {
            for at in ["httpGet.host", "tcpSocket.host"].map(|path| asks.at(path)) {
                if let Some(host) = at.text().filter(|host| !host.is_empty()) {
                    found.add(&at, format!("the node asks `{host}` instead of the pod"));
                }
            }
        }
    }
}

fn apparmor(objects: &[At<'_>], found: &mut Found) {
    for (who, context) in contexts(objects) {
        let at = context.at("appArmorProfile.type");
        if at.text() == Some("Unconfined") {
            found.add(&at, format!("AppArmor does not confine {who}"));
        }
    }
    // The older way to say it, which servers still read.
    for annotations in pods(objects).iter().map(|pods| pods.template.at("metadata.annotations")) {
        for (key, at) in annotations.entries() {
            let profile = at.text().unwrap_or_default();
            let is_known = profile == "runtime/default" || profile.starts_with("localhost/");
            if let Some(name) =
                key.strip_prefix("container.apparmor.security.beta.kubernetes.io/").filter(|_| !is_known)
            {
                found.add(&at, format!("AppArmor does not confine container `{name}`"));
            }
        }
    }
}

fn selinux(objects: &[At<'_>], found: &mut Found) {
    for (who, context) in contexts(objects) {
        let options = context.key("seLinuxOptions");
        let own = |key: &str| options.key(key).text().is_some_and(|text| !text.is_empty());
        if own("user") || own("role") || !SELINUX.contains(&options.key("type").text().unwrap_or_default()) {
            found.add(&options, format!("{who} has SELinux options beyond those of containers"));
        }
    }
}

fn proc_mount(objects: &[At<'_>], found: &mut Found) {
    for (who, context) in contexts(objects) {
        let at = context.key("procMount");
        if at.text().is_some_and(|mount| mount != "Default") {
            found.add(&at, format!("{who} sees all of /proc"));
        }
    }
}

/// What a container does not say is as its pod says.
fn seccomp(objects: &[At<'_>], found: &mut Found) {
    let good = |at: &At<'_>| matches!(at.text(), Some("RuntimeDefault" | "Localhost"));
    for pods in pods(objects) {
        let of_pod = pods.spec.at("securityContext.seccompProfile.type");
        for container in pods.containers() {
            let own = container.at("securityContext.seccompProfile.type");
            if !good(if own.is_set() { &own } else { &of_pod }) {
                found.add(
                    &own,
                    format!("no seccomp profile filters the system calls of container `{}`", container.name()),
                );
            }
        }
        if of_pod.text() == Some("Unconfined") {
            found.add(&of_pod, "the pod is not confined by seccomp");
        }
    }
}

fn sysctls(objects: &[At<'_>], found: &mut Found) {
    for sysctl in pods(objects).iter().flat_map(|pods| pods.spec.at("securityContext.sysctls").items()) {
        if !SYSCTLS.contains(&sysctl.name().as_ref()) {
            found.add(&sysctl, format!("the sysctl `{}` is not among the safe ones", sysctl.name()));
        }
    }
}

fn escalation(objects: &[At<'_>], found: &mut Found) {
    for container in containers(objects) {
        let at = container.at("securityContext.allowPrivilegeEscalation");
        if !at.is(false) {
            found.add(&at, format!("`allowPrivilegeEscalation` of container `{}` is not false", container.name()));
        }
    }
}

fn non_root(objects: &[At<'_>], found: &mut Found) {
    for (who, context) in contexts(objects) {
        let user = context.key("runAsUser");
        if user.number() == Some(0) {
            found.add(&user, format!("{who} runs as root"));
        }
    }
    for pods in pods(objects) {
        let of_pod = pods.spec.at("securityContext.runAsNonRoot");
        for container in pods.containers() {
            let own = container.at("securityContext.runAsNonRoot");
            if !(if own.is_set() { &own } else { &of_pod }).is(true) {
                found.add(&own, format!("nothing keeps container `{}` from running as root", container.name()));
            }
        }
    }
}
