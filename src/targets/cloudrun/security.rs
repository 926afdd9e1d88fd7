//! The hardened security context of Knative, where it admits one: on the container (Kubernetes documentation, "Pod Security
//! Standards", `restricted`; Knative Serving, `fieldmask.go`).

use super::{
    part::Part,
    types::{Capabilities, SeccompProfile, SecurityContext},
};
use crate::{
    app::{User, defaults},
    tree::Notes,
};

pub fn context(part: &Part<'_>, container_notes: &mut Notes) -> SecurityContext {
    let (app, process) = (part.app, part.process);
    let mut notes = Notes::default();
    notes.add("", "restricted: what Pod Security asks of every container", Vec::new());
    let root = if process.security.read_only {
        "an intruder cannot change the program; what must be written is mounted"
    } else {
        "asked for"
    };
    notes.add("readOnlyRootFilesystem", root, process.keys(&["security.read_only"]));
    let User { uid, gid } = process.user;
    notes.add("runAsUser", user_reason(uid), process.keys(&["uid"]));
    notes.add("runAsGroup", user_reason(gid), app.group_keys(process));
    container_notes.extend("securityContext", notes);
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities { add: None, drop: Some(vec!["ALL".into()]) }),
        privileged: None,
        read_only_root_filesystem: Some(process.security.read_only),
        run_as_group: gid.map(i64::from),
        run_as_non_root: Some(true),
        run_as_user: uid.map(i64::from),
        seccomp_profile: Some(SeccompProfile { r#type: "RuntimeDefault".into(), localhost_profile: None }),
    }
}

fn user_reason(number: Option<u32>) -> &'static str {
    match number {
        Some(number) if number < defaults::LOWEST_UID => "asked for",
        _ => "a number that no user of the host has",
    }
}
