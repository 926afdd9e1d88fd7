//! What is installed: packages of the operating system, what the project needs, and the project itself.

use super::{
    Made,
    instruction::{Instruction, Mount, Run, Value},
    stage::Stage,
};
use crate::{
    app::{AppCode, Base, Installer, Lock, Recipe, defaults, keys},
    key::Key,
};

/// Where uv keeps what it fetched, from build to build.
const CACHE: &str = "/root/.cache/uv";

/// What a stage is installed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    Production,
    Development,
}

impl For {
    /// Where the project's environment is. A developer's folder is mounted over the code, and must not hide it.
    pub fn venv(self) -> &'static str {
        match self {
            For::Production => "/app/.venv",
            For::Development => "/opt/venv",
        }
    }
}

/// The image that brings uv, and the stage that begins with the builder's.
pub fn builder(made: &Made<'_>, stage: &'static str) -> (Option<Stage>, Stage) {
    let recipe = made.recipe;
    let images = recipe.images();
    let uv = images.uv.map(|image| {
        let because = [keys(&["build.base", "build.uv"]), vec![digest(&image)]].concat();
        Stage::from(recipe.pinned(&image), "uv", "pinned: brings uv, which stays behind", because)
    });
    let mut because = keys(&["build.base"]);
    match recipe.base {
        Base::Slim | Base::Alpine => because.extend(keys(&["build.python"])),
        Base::Uv => because.extend(keys(&["build.python", "build.uv"])),
        Base::Chainguard | Base::Distroless => {}
    }
    because.push(digest(&images.builder));
    let reason = "pinned, down to the release of the operating system: compilers and caches stay behind here";
    let reason = if stage == "dev" { "pinned: as the production image is built" } else { reason };
    (uv, Stage::from(recipe.pinned(&images.builder), stage, reason, because))
}

/// Decides the digest of an image.
pub fn digest(image: &str) -> Key {
    Key::new("build.digests").child(image)
}

/// Packages of the operating system.
pub fn packages(recipe: &Recipe, wanted: &[&[String]], because: &[&'static str], stage: &mut Stage) {
    let own: &[&str] = if because == ["build.packages.runtime"] { &[] } else { recipe.own_packages() };
    let mut all: Vec<String> = own.iter().map(|&name| name.to_owned()).collect();
    for name in wanted.iter().copied().flatten() {
        all.extend((!all.contains(name)).then(|| name.clone()));
    }
    if all.is_empty() {
        return;
    }
    let pinned = all.iter().all(|name| name.contains('='));
    let words = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (steps, rule) = match recipe.installer() {
        Installer::Apt => {
            let install = [words("apt-get install --yes --no-install-recommends"), all].concat();
            (vec![words("apt-get update"), install, words("rm -rf /var/lib/apt/lists/*")], "DL3008")
        }
        Installer::Apk => (vec![[words("apk add --no-cache"), all].concat()], "DL3018"),
    };
    let reason = match (own.is_empty(), pinned) {
        (false, _) => "Debian's own Python, which is that of the image that runs; and what is asked for",
        (true, true) => "asked for; without what they only recommend, and without lists",
        (true, false) => {
            "asked for; of any version, as distributions keep the newest alone; without what they only recommend"
        }
    };
    let run = Run { mounts: Vec::new(), steps, ignore: (!pinned).then_some(rule) };
    let because = [keys(&["build.base"]), keys(because)].concat();
    stage.add("packages", Instruction::Run(run), reason, because);
}

/// uv, how it works, and what the project needs: a layer of its own, which a change of the code leaves as it is.
pub fn dependencies(made: &Made<'_>, purpose: For, stage: &mut Stage) {
    let recipe = made.recipe;
    if recipe.images().uv.is_some() {
        let copy = Instruction::Copy { from: Some("uv"), paths: vec!["/uv".into()], to: "/usr/local/bin/uv".into() };
        stage.add("uv", copy, "installs what the project needs", keys(&["build.base"]));
    }
    let literal = |value: &str| Value::Literal(value.to_owned());
    let mut env = Vec::new();
    let mut because = Vec::new();
    if purpose == For::Production {
        // Nobody writes it at run time: the root file system is read-only.
        env.push(("UV_COMPILE_BYTECODE", literal("1")));
    }
    env.extend([
        ("UV_LINK_MODE", literal("copy")),
        ("UV_PYTHON_DOWNLOADS", literal("never")),
        ("UV_CACHE_DIR", literal(CACHE)),
    ]);
    if let Some(interpreter) = recipe.interpreter() {
        env.push(("UV_PYTHON", Value::Literal(interpreter)));
    }
    because.extend(keys(&["build.base"]));
    let place = match recipe.lock {
        Lock::Uv => "UV_PROJECT_ENVIRONMENT",
        Lock::Requirements { .. } => "VIRTUAL_ENV",
    };
    env.push((place, literal(purpose.venv())));
    because.extend(keys(&["build.lock"]));
    let reason =
        "bytecode is made here; what is linked from a cache would be gone; a Python that uv fetches would be, too";
    let reason = if purpose == For::Production { reason } else { "what is linked from a cache would be gone" };
    stage.add("ENV uv", Instruction::Env(env), reason, because);
    stage.add("WORKDIR", Instruction::Workdir(defaults::WORKDIR), "where the project is", Vec::new());
    args(made, false, stage);
    let (run, reason, because) = match &recipe.lock {
        Lock::Uv => locked(recipe, purpose),
        Lock::Requirements { file, hashed } => required(recipe, file, *hashed, purpose),
    };
    let because = [because, keys(&["build.index_secret", "build.lock"])].concat();
    stage.add("dependencies", Instruction::Run(run), reason, because);
}

/// A builder whose own user is another installs as root, from its first step on.
pub fn enter_root(made: &Made<'_>, stage: &mut Stage) {
    if !made.recipe.builds_as_root() {
        let reason = "the builder's own user cannot install";
        stage.add("USER root", Instruction::User { uid: 0, gid: 0 }, reason, keys(&["build.base"]));
    }
}

/// A builder whose own user is another is left as it was.
pub fn leave_root(made: &Made<'_>, stage: &mut Stage) {
    if !made.recipe.builds_as_root() {
        let (uid, gid) = made.user();
        let because = [keys(&["build.base"]), made.user_keys()].concat();
        stage.add("USER", Instruction::User { uid, gid }, "nothing more is done as root", because);
    }
}

/// Arguments of the build, for the steps that follow. Those that labels name come late: a new version must not install
/// anything anew.
pub fn args(made: &Made<'_>, of_labels: bool, stage: &mut Stage) {
    args_because(made, of_labels, &[], stage);
}

/// The same, decided by other keys as well.
pub fn args_because(made: &Made<'_>, of_labels: bool, beside: &[Key], stage: &mut Stage) {
    for (name, value) in made.args.iter().filter(|(name, _)| made.in_labels(name) == of_labels) {
        let arg = Instruction::Arg { name: name.clone(), default: value.clone() };
        let reason = if of_labels { "asked for, and named by a label" } else { "asked for, for the steps that build" };
        let because = [&[Key::new("build.args").child(name)], beside].concat();
        stage.add(format!("ARG {name}"), arg, reason, because);
    }
}

fn mounts(recipe: &Recipe, files: &[&str]) -> Vec<Mount> {
    let bind = |file: &&str| Mount::Bind { source: (*file).into(), target: format!("{}/{file}", defaults::WORKDIR) };
    let secret = recipe.index_secret.iter().map(|id| Mount::Secret { id: id.clone(), env: "UV_DEFAULT_INDEX" });
    std::iter::once(Mount::Cache { target: CACHE.into() }).chain(files.iter().map(bind)).chain(secret).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// Its member that is built, and what that needs of the others.
fn of_workspace(recipe: &Recipe) -> impl Iterator<Item = String> {
    recipe.workspace.iter().flat_map(|name| ["--package".into(), name.clone()])
}

fn groups(purpose: For) -> &'static str {
    match purpose {
        For::Production => "--no-dev",
        For::Development => "--all-groups",
    }
}

/// What `uv.lock` names, but not the project itself. Of a workspace, whose members are not there yet, the lock is taken
/// as it is; the project's own step holds it against them.
fn locked(recipe: &Recipe, purpose: For) -> (Run, &'static str, Vec<Key>) {
    let how = match recipe.workspace {
        None => "uv sync --locked --no-install-project",
        Some(_) => "uv sync --frozen --no-install-workspace",
    };
    let mut step = words(how);
    step.push(groups(purpose).into());
    step.extend(of_workspace(recipe));
    let run = Run { mounts: mounts(recipe, &["uv.lock", "pyproject.toml"]), steps: vec![step], ignore: None };
    let reason = match (&recipe.workspace, purpose) {
        (None, For::Production) => {
            "what uv.lock names, without the project: a change of the code leaves this layer as it is"
        }
        (None, For::Development) => "what uv.lock names, tools for development included, without the project",
        (Some(_), _) => {
            "what uv.lock names, without the workspace's members, which are held against it in their own step"
        }
    };
    (run, reason, keys(&["build.workspace"]))
}

fn required(recipe: &Recipe, file: &str, hashed: bool, purpose: For) -> (Run, &'static str, Vec<Key>) {
    let venv = vec!["uv".to_owned(), "venv".into(), purpose.venv().into()];
    let (how, reason) = match hashed {
        true => ("uv pip sync --require-hashes", "what the requirements name, and nothing else; each held to its hash"),
        false => ("uv pip install --requirements", "what the requirements name, in the versions of the day"),
    };
    let install = [words(how), vec![file.to_owned()]].concat();
    // What lies beside it may be read by it, as in `-r base.txt`.
    let seen = file.rsplit_once('/').map_or(file, |(folder, _)| folder);
    let run = Run { mounts: mounts(recipe, &[seen]), steps: vec![venv, install], ignore: None };
    (run, reason, keys(&["build.requirements"]))
}

/// Whether the project itself takes a step with uv.
pub fn is_installed(recipe: &Recipe) -> bool {
    recipe.code == AppCode::Package || recipe.workspace.is_some()
}

/// The project itself, and the members of its workspace that it needs.
pub fn project(made: &Made<'_>, purpose: For, stage: &mut Stage) {
    let recipe = made.recipe;
    let mut step = words("uv sync --locked");
    step.push(groups(purpose).into());
    step.extend((purpose == For::Production).then(|| "--no-editable".into()));
    step.extend(of_workspace(recipe));
    let reason = match purpose {
        For::Production => "the project itself; not editable, as its sources stay behind",
        For::Development => "the project itself; editable, so that what is mounted over its sources is what runs",
    };
    let run = Run { mounts: mounts(recipe, &[]), steps: vec![step], ignore: None };
    let because = keys(&["build.workspace", "build.index_secret", "build.source", "build.lock"]);
    stage.add("project", Instruction::Run(run), reason, because);
}
