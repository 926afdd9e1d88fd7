//! Volumes on one host: Docker gives each to one user, and makes no folder.

use super::{User, by_name};
use crate::{
    app::{Access, App, Process, Runtime, findings::Findings},
    problem::Code,
};

/// What one host can mount.
pub fn single_host(app: &App, findings: &mut Findings<'_>) {
    for process in app.everything() {
        let containers = app.parallelism(process, Runtime::SingleHost).replicas;
        for volume in &process.volumes {
            let Some(lasting) = volume.lasting().filter(|_| containers > 1) else { continue };
            let key = process.volume_key(volume);
            if lasting.per_replica {
                findings.pair(
                    Code::SharedVolume,
                    (&key.below("per_replica"), "one for each"),
                    (&process.key("workers"), "several containers"),
                    format!("Compose has no volume for each of {containers} containers of `{}`", process.name),
                    "run one of it on Compose: `workers = 1`, and more in an environment for Kubernetes",
                );
            } else if lasting.access == Access::Rwo {
                findings.pair(
                    Code::SharedVolume,
                    (&key, "for one to write"),
                    (&process.key("workers"), "several containers"),
                    format!("{containers} containers of `{}` would write to `{}` at once", process.name, volume.name),
                    "say `access = \"rwx\"` if they can, or ask for one worker",
                );
            }
        }
    }
    for (name, all) in by_name(app, app.companions(Runtime::SingleHost)) {
        let Some(first) = all.first() else { continue };
        if first.lasting.external || first.lasting.host.is_some() {
            on_host(first, findings);
        } else {
            one_owner(name, &all, findings);
        }
    }
}

/// A folder of the host is not made, nor given to anybody.
fn on_host(User { host: _, process, volume, lasting }: &User<'_>, findings: &mut Findings<'_>) {
    if let (Some(folder), Some(uid), false) = (&lasting.host, process.user.uid, lasting.is_read_only()) {
        findings.value(
            Code::HostFolder,
            &process.volume_key(volume).below("host"),
            format!("`{folder}` has to be on the host, and to belong to user {uid}"),
            "not made, and given to nobody",
            format!("make it once: `install -d -o {uid} {folder}`"),
        );
    }
}

/// A new Docker volume is given to one user.
fn one_owner(name: &str, all: &[User<'_>], findings: &mut Findings<'_>) {
    let Some((first, others)) = all.split_first() else { return };
    if first.lasting.is_read_only() {
        return findings.key(
            Code::NoEffect,
            &first.key().below("claim"),
            format!("Compose knows no claims: `{name}` is a new volume there, which nobody fills"),
            "has no effect on Compose",
            "name a folder that holds it, as in `host = \"./models\"`, or a Docker volume: `external = true`",
        );
    }
    for other in others.iter().filter(|other| other.process.user.uid != first.process.user.uid) {
        two_users(name, first.process, other.process, findings);
    }
}

pub fn two_users(name: &str, first: &Process, other: &Process, findings: &mut Findings<'_>) {
    findings.pair(
        Code::BadVolume,
        (&findings.written(&other.at, &["uid"]), "one user"),
        (&findings.written(&first.at, &["uid"]), "another"),
        format!("a Docker volume belongs to one user, and `{name}` would have two"),
        "give the processes that share it one `uid`",
    );
}
