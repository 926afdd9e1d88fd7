//! One thing at each path of a container, and nothing inside another: what lies there would be hidden, or would leave an
//! empty file or folder behind as the place of its mount.

use crate::{
    app::{
        Process,
        findings::Findings,
        path::{self, Apart},
    },
    key::Key,
    problem::Code,
};

struct Mount<'a> {
    path: &'a str,
    /// With its article.
    what: &'static str,
    key: Key,
    /// The path is the key itself, not its value.
    is_key: bool,
}

pub(super) fn check(process: &Process, findings: &mut Findings<'_>) {
    let scratch: Vec<Mount<'_>> = scratch(process).collect();
    let others: Vec<Mount<'_>> = others(process).collect();
    let mut apart = Apart::default();
    for mount in &scratch {
        // Their paths, and how they lie to each other, were checked when they were read.
        apart.meets(mount.path);
    }
    for (i, mount) in others.iter().enumerate() {
        // What cannot be mounted anyway meets nothing.
        let is_plain = match mount.is_key {
            true => path::check_key(mount.path, &mount.key, findings),
            false => path::check(mount.path, &mount.key, findings),
        };
        if !is_plain || !apart.meets(mount.path) {
            continue;
        }
        let meets =
            |other: &&Mount<'_>| path::is_inside(mount.path, other.path) || path::is_inside(other.path, mount.path);
        if let Some(other) = scratch.iter().chain(&others[..i]).find(meets) {
            let help = "give each a place of its own, none inside another";
            findings.pair(Code::BadPath, (&mount.key, "taken"), (&other.key, "by this"), title(mount, other), help);
        }
    }
}

fn title(mount: &Mount<'_>, other: &Mount<'_>) -> String {
    let (path, what) = (mount.path, other.what);
    if path == other.path {
        format!("`{path}` is {what} already")
    } else if path::is_inside(path, other.path) {
        format!("`{path}` lies inside {what}, `{}`", other.path)
    } else {
        format!("`{path}` holds {what}, `{}`", other.path)
    }
}

fn scratch(process: &Process) -> impl Iterator<Item = Mount<'_>> {
    let key = process.key("security.writable");
    let scratch = process.security.scratch.iter().enumerate();
    scratch.map(move |(i, scratch)| Mount {
        path: &scratch.path,
        what: "a scratch directory",
        key: key.child(i.to_string()),
        is_key: false,
    })
}

fn others(process: &Process) -> impl Iterator<Item = Mount<'_>> {
    let volumes = process.volumes.iter().map(|volume| {
        let key = process.volume_key(volume).below("mount");
        Mount { path: &volume.path, what: "a volume", key, is_key: false }
    });
    let secrets = process.secrets.iter().filter_map(|secret| {
        let key = process.key("secrets").child(&secret.name).below("mount");
        Some(Mount { path: &secret.file.as_ref()?.path, what: "a secret", key, is_key: false })
    });
    let files = process.files.iter().map(|file| {
        let key = process.file_key(file);
        Mount { path: &file.path, what: "a file", key, is_key: true }
    });
    volumes.chain(secrets).chain(files)
}
