//! `Dockerfile`: what is built in one stage runs in another, by itself.

use super::{
    Made,
    install::{self, For, digest},
    instruction::{Instruction, Run},
    running,
    stage::Stage,
};
use crate::{
    app::{AppCode, Base, Installer, defaults, keys},
    bundle::Paragraph,
};

/// Where code is compiled, apart from what is installed.
const CODE: &str = "/code";

/// Numbers below it may be those of users that the image has already (Debian Policy Manual 9.2.2).
const OWN_NUMBERS: u32 = 1000;

pub fn stages(made: &Made<'_>) -> Vec<Paragraph> {
    let (uv, mut builder) = install::builder(made, "builder");
    install::enter_root(made, &mut builder);
    install::packages(made.recipe, &[&made.recipe.build_packages], &["build.packages.build"], &mut builder);
    install::dependencies(made, For::Production, &mut builder);
    sources(made, &mut builder);
    install::leave_root(made, &mut builder);
    let runtime = runtime(made);
    uv.into_iter().chain([builder, runtime]).map(Stage::done).collect()
}

/// The code, after everything that it changes more often than.
fn sources(made: &Made<'_>, stage: &mut Stage) {
    let recipe = made.recipe;
    install::args(made, true, stage);
    if install::is_installed(recipe) {
        let copy = Instruction::Copy { from: None, paths: vec![".".into()], to: defaults::WORKDIR.into() };
        let reason =
            "the project, but for what .dockerignore names; nothing of it but what is installed leaves this stage";
        stage.add("COPY project", copy, reason, keys(&["build.source", "build.workspace", "build.lock"]));
        install::project(made, For::Production, stage);
    }
    let AppCode::Files(paths) = &recipe.code else { return };
    for path in paths {
        let to = if path == "." { CODE.to_owned() } else { format!("{CODE}/{path}") };
        let copy = Instruction::Copy { from: None, paths: vec![path.clone()], to };
        stage.add(format!("COPY {path}"), copy, "the code", keys(&["build.source", "build.lock"]));
    }
    let python = format!("{}/bin/python", For::Production.venv());
    let step = [
        &python,
        "-m",
        "compileall",
        "-q",
        "-s",
        CODE,
        "-p",
        defaults::WORKDIR,
        "--invalidation-mode",
        "unchecked-hash",
        CODE,
    ];
    let run = Run { steps: vec![step.map(str::to_owned).to_vec()], ..Run::default() };
    let reason = "bytecode of the code, under the path where it will run: nobody writes it there";
    stage.add("bytecode", Instruction::Run(run), reason, keys(&["build.source", "build.lock"]));
}

fn runtime(made: &Made<'_>) -> Stage {
    let recipe = made.recipe;
    let image = recipe.images().runtime;
    let mut because = keys(&["build.base"]);
    because
        .extend((recipe.base != Base::Chainguard && recipe.base != Base::Distroless).then(|| made.key("build.python")));
    because.push(digest(&image));
    let mut stage =
        Stage::from(recipe.pinned(&image), "runtime", "pinned, with the C library of the builder: what runs", because);
    install::packages(recipe, &[&recipe.runtime_packages], &["build.packages.runtime"], &mut stage);
    user(made, &mut stage);
    stage.add("WORKDIR", Instruction::Workdir(defaults::WORKDIR), "where the app starts", Vec::new());
    let venv = For::Production.venv();
    let copy = Instruction::Copy { from: Some("builder"), paths: vec![venv.into()], to: venv.into() };
    stage.add(
        "COPY environment",
        copy,
        "what is installed, at the path that it was installed for; root keeps it",
        Vec::new(),
    );
    if let AppCode::Files(_) = &recipe.code {
        let copy = Instruction::Copy { from: Some("builder"), paths: vec![CODE.into()], to: defaults::WORKDIR.into() };
        stage.add(
            "COPY code",
            copy,
            "the code with its bytecode; root keeps it",
            keys(&["build.source", "build.lock"]),
        );
    }
    for path in &recipe.copy {
        let to = if path == "." { defaults::WORKDIR.to_owned() } else { format!("{}/{path}", defaults::WORKDIR) };
        let copy = Instruction::Copy { from: None, paths: vec![path.clone()], to };
        stage.add(format!("COPY {path}"), copy, "asked for", keys(&["build.copy"]));
    }
    running::environment(made, For::Production, &mut stage);
    running::start(made, For::Production, &mut stage);
    stage
}

/// A name for the number that the app runs as, with no home and no shell.
fn user(made: &Made<'_>, stage: &mut Stage) {
    let (uid, gid) = made.user();
    if !made.recipe.has_shell() || uid < OWN_NUMBERS {
        return;
    }
    let own_group = gid >= OWN_NUMBERS;
    let group = if own_group { "app".to_owned() } else { gid.to_string() };
    let (group_step, user_step) = match made.recipe.installer() {
        Installer::Apt => (
            format!("groupadd --gid {gid} app"),
            format!(
                "useradd --uid {uid} --gid {group} --no-log-init --no-create-home --home-dir /nonexistent --shell \
                 /usr/sbin/nologin app"
            ),
        ),
        Installer::Apk => (
            format!("addgroup -g {gid} -S app"),
            format!(
                "adduser -u {uid} -S -D -H -h /nonexistent{} -s /sbin/nologin app",
                match own_group {
                    true => " -G app",
                    false => "",
                }
            ),
        ),
    };
    let steps = own_group.then_some(group_step).into_iter().chain([user_step]);
    let run = Run { steps: steps.map(|step| step.split(' ').map(str::to_owned).collect()).collect(), ..Run::default() };
    let reason = "a name for the number, without a home, a password or a login shell";
    stage.add("useradd", Instruction::Run(run), reason, [keys(&["build.base"]), made.user_keys()].concat());
}
