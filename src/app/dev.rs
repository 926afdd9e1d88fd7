//! `[dev]`: development on one machine.

use std::collections::BTreeSet;

use super::{
    App, Process, Start, Text, Variable, configuration, defaults,
    findings::Findings,
    path,
    reference::{self, Names},
    start,
};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, DevUserKind},
};

/// Development on one machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Dev {
    pub reload: bool,
    /// Folders of the project, by their path relative to it.
    pub sync: Vec<String>,
    /// Copies changes instead of mounting.
    pub watch: bool,
    pub command: Option<Vec<Text>>,
    /// By name, over the process' own.
    pub env: Vec<Variable>,
    pub debug_port: Option<u16>,
    /// Source and target.
    pub mounts: Vec<(String, String)>,
    pub user: DevUser,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DevUser {
    /// Whoever runs Compose.
    Host,
    /// As in production.
    App,
    Number(u32),
}

/// A folder of the project, and where the image has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synced {
    /// As seen from the Compose file.
    pub source: String,
    pub target: String,
}

impl App {
    /// The folders of a process that is developed: an image has what its build reads below its working directory.
    pub fn synced(&self, process: &Process) -> Vec<Synced> {
        let folders = process.dev.sync.iter().map(|folder| self.inside_context(process, folder));
        let synced = folders.map(|folder| Synced {
            source: self.in_build(process, folder),
            target: format!("{}/{folder}", defaults::WORKDIR),
        });
        synced.collect()
    }

    /// A path of what the build of a process reads, as seen from the Compose file.
    pub fn in_build(&self, process: &Process, path: &str) -> String {
        match self.context(process) {
            None => format!("./{path}"),
            Some(context) if context.starts_with(['/', '.', '~']) => format!("{context}/{path}"),
            Some(context) => format!("./{context}/{path}"),
        }
    }

    /// Whether some folder is named as the Compose file sees it, not as the build does.
    pub fn syncs_from_outside(&self, process: &Process) -> bool {
        process.dev.sync.iter().any(|folder| self.inside_context(process, folder) != folder)
    }

    /// What decides which folder the build of a process reads.
    pub fn context_keys(&self, process: &Process) -> Vec<Key> {
        self.build(process).map(|(_, key)| key.below("context")).into_iter().collect()
    }

    fn inside_context<'a>(&self, process: &Process, folder: &'a str) -> &'a str {
        let inside = |context: &str| folder.strip_prefix(context)?.strip_prefix('/');
        self.context(process).and_then(inside).unwrap_or(folder)
    }

    /// The folder that the build of a process reads, where it is another than that of the Compose file. What lies
    /// elsewhere cannot be mounted.
    fn context<'a>(&'a self, process: &'a Process) -> Option<&'a str> {
        let (build, _) = self.build(process)?;
        let context = build.context.trim_end_matches('/').trim_start_matches("./");
        let is_remote = context.contains("://") || context.starts_with("git@");
        (!is_remote && !matches!(context, "" | ".")).then_some(context)
    }
}

pub fn dev(wanted: Option<profile::Dev>, at: &Key, names: &Names<'_>, findings: &mut Findings<'_>) -> Dev {
    let key = at.below("dev");
    let profile::Dev { reload, sync, watch, command, env, debug_port, mounts, user } = wanted.unwrap_or_default();
    let command = command.map(|words| {
        let key = key.below("command");
        start::check_program(&words, &key, findings);
        reference::command(&words, names, &key, findings)
    });
    Dev {
        reload: reload.unwrap_or(true),
        sync: folders(sync, &key.below("sync"), findings),
        watch: watch.unwrap_or(false),
        command,
        env: configuration::env(env, names, &key.below("env"), findings),
        debug_port,
        mounts: self::mounts(mounts.unwrap_or_default(), &key.below("mounts"), findings),
        user: match user {
            None | Some(profile::DevUser::Kind(DevUserKind::Host)) => DevUser::Host,
            Some(profile::DevUser::Kind(DevUserKind::App)) => DevUser::App,
            Some(profile::DevUser::Number(number)) => DevUser::Number(number),
        },
    }
}

fn folders(wanted: Option<Vec<String>>, key: &Key, findings: &mut Findings<'_>) -> Vec<String> {
    let wanted = wanted.unwrap_or_else(|| vec!["src".into()]);
    let plain = wanted.iter().map(|folder| folder.trim_start_matches("./").trim_end_matches('/').to_owned());
    let plain: Vec<String> = plain.collect();
    for (i, folder) in plain.iter().enumerate() {
        let leaves = folder.split('/').any(|part| matches!(part, "" | "." | ".."));
        if leaves || folder.contains(|c: char| c.is_control() || c == ':') {
            findings.value(
                Code::BadMount,
                &key.child(i.to_string()),
                format!("`{}` is not a folder of the project", wanted[i]),
                "cannot be synced",
                "name a folder beside the profile, as in \"src\"; the project itself, and what lies elsewhere, go to \
                 `[dev] mounts`, as in \".:/app\"",
            );
        }
    }
    findings.twice(key, &plain);
    plain
}

fn mounts(wanted: Vec<String>, key: &Key, findings: &mut Findings<'_>) -> Vec<(String, String)> {
    let mut mounts = Vec::new();
    for (i, mount) in wanted.iter().enumerate() {
        match mount.split_once(':') {
            Some((source, target)) if !source.is_empty() && target.starts_with('/') && !target.contains(':') => {
                path::check(target, &key.child(i.to_string()), findings);
                mounts.push((source.to_owned(), target.to_owned()));
            }
            _ => {
                findings.value(
                    Code::BadMount,
                    &key.child(i.to_string()),
                    format!("`{mount}` is not a mount"),
                    "cannot be mounted",
                    "write `SOURCE:TARGET` with an absolute target and nothing after it, as in \"./tests:/app/tests\"",
                );
                // In its place, by which problems find the others.
                mounts.push((mount.clone(), String::new()));
            }
        }
    }
    mounts
}

/// What of `[dev]` goes together with the process that is developed.
pub fn check(process: &Process, findings: &mut Findings<'_>) {
    let (dev, key) = (&process.dev, process.key("dev"));
    let replaced = dev.command.is_some();
    let server = matches!(process.start, Start::Server(_)) && !replaced;
    for name in ["reload", "debug_port"].into_iter().filter(|_| !server) {
        // What holds for the whole app has its effect on others.
        if findings.provenance.has(&key.child(name)) && findings.is_own(process, &["dev", name]) {
            findings.key(
                Code::Conflict,
                &key.child(name),
                format!("`{name}` needs a server whose command line the renderer writes"),
                if replaced { "`[dev] command` replaces it" } else { "there is no `[server]`" },
                "write what it should do into `[dev] command`, and drop it",
            );
        }
    }
    if let Some(port) = dev.debug_port {
        let taken = process.port == Some(port) || process.ports.iter().any(|other| other.number == port);
        if taken {
            findings.value(
                Code::BadPort,
                &key.below("debug_port"),
                format!("the process listens on port {port} itself"),
                "taken",
                "give the debugger a port of its own, as in `debug_port = 5678`",
            );
        }
    }
}

/// What `[dev]` says in vain.
pub fn idle(process: &Process, findings: &mut Findings<'_>) {
    let (dev, key) = (&process.dev, process.key("dev"));
    if dev.watch && dev.sync.is_empty() {
        findings.key(
            Code::NoEffect,
            &key.below("watch"),
            "`watch` copies the folders of `sync`, and there are none",
            "has no effect",
            "name a folder, as in `sync = [\"src\"]`, or drop it",
        );
    }
}

/// A mount that hides another, or shares its place: Compose keeps one of them and says nothing.
pub fn targets(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let (dev, key) = (&process.dev, process.key("dev"));
    let scratch = process.security.scratch.iter().map(|scratch| scratch.path.clone());
    let secrets = process.secrets.iter().filter_map(|secret| secret.file.as_ref()).map(|file| file.path.clone());
    let volumes = process.volumes.iter().map(|volume| volume.path.clone());
    let files = process.files.iter().map(|file| file.path.clone());
    let mut taken: BTreeSet<String> = scratch.chain(secrets).chain(volumes).chain(files).collect();
    // What is listed twice is told of already.
    let mut seen = BTreeSet::new();
    let synced = app.synced(process).into_iter().zip(&dev.sync).enumerate();
    let synced = synced.filter(|(_, (_, folder))| !dev.watch && seen.insert(*folder));
    let synced = synced.map(|(i, (one, _))| (one.target, key.below("sync"), i));
    let mounts = dev.mounts.iter().enumerate().map(|(i, (_, target))| (target.clone(), key.below("mounts"), i));
    for (target, list, i) in synced.chain(mounts) {
        if !target.is_empty() && !taken.insert(target.clone()) {
            findings.value(
                Code::BadMount,
                &list.child(i.to_string()),
                format!("something else is mounted at `{target}` already"),
                "taken",
                "mount it somewhere else, or drop the other: folders of `sync`, scratch directories, volumes, files and \
                 secrets are mounts",
            );
        }
    }
}
