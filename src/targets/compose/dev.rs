//! What only a developer's machine has: a local image, the build of it, and a debugger.

use docker_compose_types::{AdvancedBuildStep, BuildArgs, BuildStep};

use super::{service::Part, spelling};
use crate::{
    app::{App, Build, DevUser, defaults, keys},
    tree::{Content, Node, Note},
};

/// The local image has a name of its own: a build must never be taken for the released image.
pub fn image(app: &App) -> String {
    match &app.image.tag {
        Some(tag) => format!("{}:{}-local", app.name, tag.chars().take(122).collect::<String>()),
        None => format!("{}:local", app.name),
    }
}

pub fn build(part: &mut Part<'_>) -> BuildStep {
    part.notes.add("build", "built from the code beside this file", keys(&["build"]));
    let Build { context, dockerfile, target, args } = &part.app.build;
    let dockerfile = dockerfile.clone().unwrap_or_else(|| "Dockerfile.dev".into());
    let pairs = args.iter().map(|(name, value)| (name.clone(), spelling::literal(value)));
    BuildStep::Advanced(AdvancedBuildStep {
        context: spelling::literal(context),
        dockerfile: Some(spelling::literal(&dockerfile)),
        target: target.as_deref().map(spelling::literal),
        args: (!args.is_empty()).then(|| BuildArgs::KvPair(pairs.collect())),
        ..AdvancedBuildStep::default()
    })
}

/// Files that the container writes on mounts belong to whoever runs Compose.
pub fn user(part: &mut Part<'_>) -> Option<String> {
    part.notes.add("user", "files on mounts belong to whoever runs Compose", keys(&["dev.user", "uid", "gid"]));
    match part.app.dev.user {
        DevUser::Host => Some("${UID:-1000}:${GID:-1000}".into()),
        DevUser::App => super::service::user(part),
        DevUser::Number(number) => Some(format!("{number}:{number}")),
    }
}

/// `develop.watch` (Compose Develop specification): copies changed files, and rebuilds when dependencies change.
pub fn watch(part: &Part<'_>) -> Option<Node> {
    let dev = &part.app.dev;
    if !dev.watch {
        return None;
    }
    let rule = |action: &str, path: &str, target: Option<String>| {
        let mut rule = Node::map();
        rule.set("action", Node::text(action));
        rule.set("path", Node::text(path));
        if let Some(target) = target {
            rule.set("target", Node::text(target));
        }
        rule
    };
    let synced = dev
        .sync
        .iter()
        .map(|folder| spelling::literal(folder))
        .map(|folder| rule("sync", &format!("./{folder}"), Some(format!("{}/{folder}", defaults::WORKDIR))));
    let python = part.process.start.server().is_some();
    let rebuilt =
        ["./pyproject.toml", "./uv.lock"].into_iter().filter(|_| python).map(|path| rule("rebuild", path, None));
    let mut develop = Node::map();
    develop.set("watch", Node::new(Content::Seq(synced.chain(rebuilt).collect())));
    Some(develop.noted(Note::new("changes are copied into the container", keys(&["dev.watch", "dev.sync", "server"]))))
}
