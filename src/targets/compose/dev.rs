//! What only a developer's machine has: a local image, the build of it, and a debugger.

use docker_compose_types::{AdvancedBuildStep, BuildArgs, BuildStep};

use super::{
    attached,
    service::{self, Part, RunsAs},
    spelling,
};
use crate::{
    app::{App, Build, DevUser, Runtime, keys},
    bundle::Supplied,
    key::Key,
    problem::{Code, Problem},
    tree::{Content, Node, Note, Path},
};

/// What an image is built from, unless the profile names another.
fn dockerfile(runtime: Runtime) -> &'static str {
    if runtime == Runtime::Dev { "Dockerfile.dev" } else { "Dockerfile" }
}

/// Whether anything is built here.
fn builds(app: &App, runtime: Runtime) -> bool {
    runtime == Runtime::Dev || app.compose.build
}

/// The Dockerfile that another command renders, if it is what the image of the app is built from.
pub fn rendered_dockerfile(app: &App, runtime: Runtime) -> Option<Supplied> {
    let Build { context, .. } =
        app.processes[0].build.as_ref().filter(|_| app.recipe.is_some() && builds(app, runtime))?;
    let name = dockerfile(runtime);
    let path = if context == "." { name.to_owned() } else { format!("{context}/{name}") };
    let (flag, about) = match runtime {
        Runtime::Dev => (" --dev", "what the development image is built from"),
        _ => ("", "what the image is built from"),
    };
    Some(Supplied { path, about: about.into(), make: format!("render dockerfile{flag} -o {context}") })
}

/// That nobody renders a Dockerfile.
pub fn needs_dockerfile(app: &App, runtime: Runtime) -> Option<Problem> {
    let mut built = app.on_host(runtime).filter_map(|process| Some((process, app.build(process)?)));
    if !builds(app, runtime) {
        return None;
    }
    let rendered = |key: &Key| app.recipe.is_some() && *key == app.processes[0].key("build");
    let (process, (Build { context, .. }, key)) =
        built.find(|(_, (build, key))| build.dockerfile.is_none() && !rendered(key))?;
    let (place, label) = match app.provenance.has(&key) {
        true => (key, "names no `dockerfile`"),
        false => (process.key("image"), "its local version is built here"),
    };
    let folder = if context == "." { "beside the Compose file" } else { "into the folder of `[build] context`" };
    let image = if runtime == Runtime::Dev { "the development image" } else { "the image" };
    let title = format!("{image} is built from `{}`, which is yours to write", dockerfile(runtime));
    let help = format!("write it {folder}, or name the one that you have: `[build] dockerfile = \"Dockerfile\"`");
    let place = app.provenance.key(&place);
    Some(Problem::new(Code::NeedsDockerfile, title).at(place, label).help(help))
}

/// The local image has a name of its own: a build must never be taken for the released image.
pub fn image(part: &Part<'_>) -> String {
    let name = match part.app.built_with(part.process) {
        Some(owner) if owner.at == part.process.at => part.name(),
        Some(owner) => part.app.workload(owner),
        None => part.app.name.clone(),
    };
    match &part.process.image.tag {
        Some(tag) => format!("{name}:{}-local", tag.chars().take(122).collect::<String>()),
        None => format!("{name}:local"),
    }
}

/// Reasons for what development has otherwise.
pub fn note(part: &mut Part<'_>) {
    let image = [keys(&["name"]), part.process.keys(&["image"])].concat();
    let notes = &mut part.notes;
    notes.add("image", "built here, under a name that no released image has", image);
    notes.add("pull_policy", "development: built here, never pulled", Vec::new());
    notes.add("read_only", "development: tools write everywhere", Vec::new());
    notes.add("restart", "development: what fails stays down, to be looked at", Vec::new());
    notes.add("stop_grace_period", "development: nobody waits for requests in flight", Vec::new());
}

/// Whether a field of a service is another in development than elsewhere.
pub fn is_otherwise(field: &str) -> bool {
    const FIELDS: [&str; 9] =
        ["image", "build", "pull_policy", "develop", "read_only", "restart", "stop_grace_period", "user", "volumes"];
    FIELDS.contains(&field)
}

/// Why development has not what the base file has at a path.
pub fn gone(app: &App, path: &[&str]) -> Option<Note> {
    let reason = match path {
        ["services", _, "deploy", ..] => "development: one process, without limits",
        ["services", _, "environment", "UVICORN_TIMEOUT_WORKER_HEALTHCHECK" | "GRANIAN_RESPAWN_FAILED_WORKERS"] => {
            "development: one process, without a supervisor"
        }
        ["services", name, "command"] => {
            let process = attached::named(app, name)?;
            return Some(Note::new("replaced by the command of development", process.keys(&["dev.command"])));
        }
        _ => return None,
    };
    Some(Note::new(reason, Vec::new()))
}

/// What decides that an image is built where it runs: in development nobody asks.
pub fn build_keys(part: &Part<'_>) -> Vec<Key> {
    let process = part.process;
    let of_others = if process.is_main() { Vec::new() } else { process.keys(&["image", "build"]) };
    if part.is_dev() { Vec::new() } else { [keys(&["compose.build"]), of_others].concat() }
}

pub fn build(part: &mut Part<'_>) -> Option<BuildStep> {
    let (Build { context, dockerfile, target, args }, key) = part.build.as_ref()?;
    let asked = build_keys(part);
    let mut note = |path: Path, reason: &'static str, own: Vec<Key>| {
        part.notes.add(path, reason, [own, asked.clone()].concat());
    };
    note("build".into(), "built from the code beside this file", Vec::new());
    note("build.context".into(), "the folder that the build reads", vec![key.below("context")]);
    let found = if dockerfile.is_some() { "asked for" } else { "the rendered one" };
    note("build.dockerfile".into(), found, vec![key.below("dockerfile")]);
    note("build.target".into(), "asked for", vec![key.below("target")]);
    for name in args.keys() {
        note(Path::new("build.args").key(name), "asked for", vec![key.below("args").child(name)]);
    }
    let dockerfile = dockerfile.clone().unwrap_or_else(|| self::dockerfile(part.runtime).into());
    let pairs = args.iter().map(|(name, value)| (name.clone(), spelling::literal(value)));
    Some(BuildStep::Advanced(AdvancedBuildStep {
        context: spelling::literal(context),
        dockerfile: Some(spelling::literal(&dockerfile)),
        target: target.as_deref().map(spelling::literal),
        args: (!args.is_empty()).then(|| BuildArgs::KvPair(pairs.collect())),
        ..AdvancedBuildStep::default()
    }))
}

/// The private index, from a variable of whoever builds: of the image that is built as we render it.
pub fn index_secret(part: &mut Part<'_>) -> Option<Node> {
    let app = part.app;
    let id = app.recipe.as_ref()?.index_secret.as_ref()?;
    let (_, key) = part.build.as_ref().filter(|(_, key)| *key == Key::new("build"))?;
    let because = [vec![key.below("index_secret")], build_keys(part)].concat();
    part.notes.add("build.secrets", "the private index, which no layer keeps", because);
    Some(Node::new(Content::Seq(vec![Node::text(id)])))
}

/// The secret of the builds here, and the variable that holds it.
pub fn build_secret(app: &App, runtime: Runtime) -> Option<&str> {
    app.recipe.as_ref()?.index_secret.as_deref().filter(|_| builds(app, runtime))
}

/// Files that the container writes on mounts belong to whoever runs Compose.
pub fn runs_as(part: &Part<'_>) -> RunsAs {
    let (user, reason) = match part.process.dev.user {
        DevUser::App => {
            let RunsAs { user, keys, .. } = service::as_asked(part);
            let keys = [part.process.keys(&["dev.user"]), keys].concat();
            return RunsAs { user, reason: "as in production", keys };
        }
        DevUser::Host => {
            ("${UID:-1000}:${GID:-1000}".into(), "files on mounts belong to whoever runs Compose: `id -u`, `id -g`")
        }
        DevUser::Number(number) => (format!("{number}:{number}"), "asked for"),
    };
    RunsAs { user: Some(user), reason, keys: part.process.keys(&["dev.user"]) }
}

/// `develop.watch` (Compose Develop specification): copies changed files, and rebuilds when dependencies change.
pub fn watch(part: &Part<'_>) -> Option<Node> {
    let dev = &part.process.dev;
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
    let synced = part.app.synced(part.process).into_iter();
    let synced = synced.map(|one| rule("sync", &spelling::literal(&one.source), Some(spelling::literal(&one.target))));
    let python = part.process.start.server().is_some();
    let rebuilt = ["pyproject.toml", "uv.lock"].into_iter().filter(|_| python);
    let rebuilt = rebuilt.map(|file| rule("rebuild", &spelling::literal(&part.app.in_build(part.process, file)), None));
    let mut develop = Node::map();
    develop.set("watch", Node::new(Content::Seq(synced.chain(rebuilt).collect())));
    let sync = [part.app.sync_keys(part.process), part.app.context_keys(part.process)].concat();
    let because = [part.process.keys(&["dev.watch", "server"]), sync].concat();
    let reason = "changes are copied into the container, which is built again when dependencies change";
    Some(develop.noted(Note::new(reason, because)))
}
