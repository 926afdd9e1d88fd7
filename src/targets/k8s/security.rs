//! The hardened security context, in one place (Kubernetes documentation, "Pod Security Standards", `restricted`).

use k8s_openapi::api::core::v1::{Capabilities, PodSecurityContext, SeccompProfile, SecurityContext};

use crate::{app::Process, tree::Notes};

const USER_KEYS: &[&str] = &["uid", "gid"];

pub fn pod(process: &Process, notes: &mut Notes) -> PodSecurityContext {
    let Process { user, .. } = process;
    notes.add("", "restricted: what Pod Security asks of every pod", Vec::new());
    notes.add("fsGroup", "files on volumes belong to the process' group", process.keys(USER_KEYS));
    notes.add("fsGroupChangePolicy", "large volumes are not walked at every start", process.keys(USER_KEYS));
    notes.add("runAsUser", "a user that exists nowhere on the host", process.keys(USER_KEYS));
    notes.add("runAsGroup", "a group that exists nowhere on the host", process.keys(USER_KEYS));
    PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: user.uid.map(i64::from),
        run_as_group: user.gid.map(i64::from),
        fs_group: user.gid.map(i64::from),
        fs_group_change_policy: user.gid.map(|_| "OnRootMismatch".into()),
        seccomp_profile: Some(seccomp()),
        ..PodSecurityContext::default()
    }
}

pub fn container(process: &Process, notes: &mut Notes) -> SecurityContext {
    let Process { user, security, .. } = process;
    notes.add("", "restricted: what Pod Security asks of every container", Vec::new());
    notes.add("capabilities", "all dropped, and back only what is asked for", process.keys(&["security.capabilities"]));
    notes.add(
        "readOnlyRootFilesystem",
        "an intruder cannot change the program; scratch directories are mounted",
        process.keys(&["security.read_only"]),
    );
    notes.add("runAsUser", "a user that exists nowhere on the host", process.keys(USER_KEYS));
    notes.add("runAsGroup", "a group that exists nowhere on the host", process.keys(USER_KEYS));
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities {
            add: Some(security.capabilities.clone()).filter(|added| !added.is_empty()),
            drop: Some(vec!["ALL".into()]),
        }),
        privileged: Some(false),
        read_only_root_filesystem: Some(security.read_only),
        run_as_non_root: Some(true),
        run_as_user: user.uid.map(i64::from),
        run_as_group: user.gid.map(i64::from),
        seccomp_profile: Some(seccomp()),
        ..SecurityContext::default()
    }
}

fn seccomp() -> SeccompProfile {
    SeccompProfile { type_: "RuntimeDefault".into(), ..SeccompProfile::default() }
}
