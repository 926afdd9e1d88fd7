//! The hardened security context, in one place (Kubernetes documentation, "Pod Security Standards", `restricted`).

use k8s_openapi::api::core::v1::{Capabilities, PodSecurityContext, SeccompProfile, SecurityContext};

use crate::{
    app::{App, Process, User, defaults},
    key::Key,
    tree::Notes,
};

pub fn pod(app: &App, process: &Process, notes: &mut Notes) -> PodSecurityContext {
    let Process { user, .. } = process;
    notes.add("", "restricted: what Pod Security asks of every pod", Vec::new());
    notes.add("fsGroup", "files on volumes belong to the process' group", app.group_keys(process));
    // There is a group whenever one is set, or a user.
    let group = if app.sets(process, "uid") { Vec::new() } else { process.keys(&["gid", "uid"]) };
    notes.add("fsGroupChangePolicy", "large volumes are not walked at every start", group);
    // What the pod says would hold for a container that keeps its image's user.
    let of_image = app.pod(process).skip(1).any(|one| one.user.uid.is_none());
    let for_all = |number: Option<u32>| number.filter(|_| !of_image).map(i64::from);
    let silent: Vec<Key> =
        app.pod(process).skip(1).filter(|one| app.is_silent(one, "uid")).map(|one| one.key("uid")).collect();
    notes.add("runAsUser", user_reason(user.uid), [process.keys(&["uid"]), silent.clone()].concat());
    notes.add("runAsGroup", user_reason(user.gid), [app.group_keys(process), silent].concat());
    // Of a user whose groups the image alone knows, too.
    let volumes = user.gid.or(user.uid);
    PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: for_all(user.uid),
        run_as_group: for_all(user.gid),
        fs_group: volumes.map(i64::from),
        fs_group_change_policy: volumes.map(|_| "OnRootMismatch".into()),
        seccomp_profile: Some(seccomp()),
        ..PodSecurityContext::default()
    }
}

pub fn container(app: &App, process: &Process, notes: &mut Notes) -> SecurityContext {
    let Process { user, security, .. } = process;
    notes.add("", "restricted: what Pod Security asks of every container", Vec::new());
    let capabilities = if security.capabilities.is_empty() {
        "restricted: all dropped"
    } else {
        "restricted: all dropped, but for the one that is asked for"
    };
    notes.add("capabilities", capabilities, process.keys(&["security.capabilities"]));
    let root = if security.read_only {
        "an intruder cannot change the program; what must be written is mounted"
    } else {
        "asked for"
    };
    notes.add("readOnlyRootFilesystem", root, process.keys(&["security.read_only"]));
    note_user(app, process, notes);
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

fn note_user(app: &App, process: &Process, notes: &mut Notes) {
    let User { uid, gid } = process.user;
    notes.add("runAsUser", user_reason(uid), process.keys(&["uid"]));
    notes.add("runAsGroup", user_reason(gid), app.group_keys(process));
}

fn user_reason(number: Option<u32>) -> &'static str {
    match number {
        Some(number) if number < defaults::LOWEST_UID => "asked for",
        _ => "a number that no user of the host has",
    }
}

fn seccomp() -> SeccompProfile {
    SeccompProfile { type_: "RuntimeDefault".into(), ..SeccompProfile::default() }
}
