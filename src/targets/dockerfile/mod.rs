//! `render dockerfile`: how the image is built, for production and for development.
//!
//! One function of facts (`app/recipe`) over typed instructions: every base, lock and server is the same Dockerfile with
//! other facts. What the image starts is what Compose and Kubernetes start, as the same user, on the same port.

mod account;
mod bake;
mod dev;
mod ignore;
mod install;
mod instruction;
mod production;
mod running;
mod spelling;
mod stage;

use std::collections::BTreeMap;

use self::install::For;
use super::{Rendered, Target, Wish, check::Finding};
use crate::{
    app::{self, App, Base, Build, LabelPart, Lock, Process, Recipe, Start, User, defaults, keys},
    bundle::{File, Paragraph, Text},
    key::Key,
    problem::{Code, Problem},
    tree::Note,
};

pub const TARGET: Target = Target {
    name: "dockerfile",
    about: "The Dockerfile of the image, for production and for development",
    examples: &[
        ("render dockerfile", "the production image's"),
        ("render dockerfile -o .", "as a file, with .dockerignore and docker-bake.json"),
        ("render dockerfile --dev -o .", "the development image's, Dockerfile.dev"),
    ],
    overrides: false,
    dev: true,
    on_request: Some("build"),
    layout: None,
    index: None,
    rivals: &[],
    render,
    check,
};

/// What a Dockerfile is made of.
struct Made<'a> {
    app: &'a App,
    main: &'a Process,
    recipe: &'a Recipe,
    /// Of the build.
    args: &'a BTreeMap<String, String>,
}

impl Made<'_> {
    fn key(&self, dotted: &'static str) -> Key {
        self.main.key(dotted)
    }

    /// Who the image runs as: as the app does everywhere. The image's own user is the one that is made here.
    fn user(&self) -> (u32, u32) {
        let User { uid, gid } = self.main.user;
        let uid = uid.unwrap_or(defaults::UID);
        (uid, gid.unwrap_or(uid))
    }

    fn user_keys(&self) -> Vec<Key> {
        self.main.keys(&["uid", "gid"])
    }

    /// What is imported first, as far as the words that start it say: `orders` of `orders.main:app` or `-A=orders.tasks`.
    fn modules(&self) -> Vec<String> {
        let first = |word: &str| {
            let value = word.rsplit('=').next().unwrap_or(word);
            value.split(['.', ':', '/']).next().unwrap_or(value).to_owned()
        };
        let words = self.main.command().iter().chain(self.main.args()).flat_map(app::Text::literals).map(first);
        self.main.start.server().map(|server| first(&server.app)).into_iter().chain(words).collect()
    }

    fn modules_keys(&self) -> Vec<Key> {
        let words = [self.app.command_keys(self.main), self.app.args_keys(self.main)].concat();
        self.main.start.server().map(|_| self.key("server.app")).into_iter().chain(words).collect()
    }

    /// Whether a label names an argument of the build.
    fn in_labels(&self, arg: &str) -> bool {
        let named = |part: &LabelPart| matches!(part, LabelPart::Arg(name) if name == arg);
        self.recipe.labels.values().flatten().any(named)
    }
}

fn render(wish: &Wish<'_>) -> Rendered {
    let Wish { app, base: _, dev, full: _ } = *wish;
    account::account(app);
    let mut rendered = Rendered::default();
    let main = &app.processes[0];
    let Some(build) = &main.build else { return rendered };
    if !dev && (app.recipe.is_some() || build.dockerfile.is_some()) {
        rendered.bundle.files.push(bake::bake(app, main, build));
    }
    let Some(recipe) = &app.recipe else {
        rendered.problems.extend(unknown(app, main, build, dev));
        return rendered;
    };
    let made = Made { app, main, recipe, args: &build.args };
    rendered.problems = problems(&made);
    let (name, purpose, stages) = match dev {
        false => ("Dockerfile", For::Production, production::stages(&made)),
        true => ("Dockerfile.dev", For::Development, dev::stages(&made)),
    };
    // Both read the same folder: a file of its own is taken before the common one (Docker, "Build context").
    let ignored = if dev { format!("{name}.dockerignore") } else { ".dockerignore".to_owned() };
    rendered.bundle.texts = vec![
        Text { path: name.into(), top: top(&made, purpose, stages), apart: 1 },
        ignore::ignore(&made, purpose, name, ignored),
    ];
    rendered.bundle.printed = Some(name);
    rendered
}

/// The first lines.
fn top(made: &Made<'_>, purpose: For, below: Vec<Paragraph>) -> Paragraph {
    let syntax = made.recipe.syntax.iter().map(|image| format!("# syntax={image}\n")).collect::<String>();
    let what = match purpose {
        For::Production => "The image",
        For::Development => "The development image",
    };
    let lines = format!("{syntax}# {what} of {}.", made.app.name);
    let reason = "the frontend that knows the mounts below, whatever the builder brings";
    Paragraph { name: "about".into(), lines, note: Note::new(reason, keys(&["build.syntax", "name"])), below }
}

/// Why no Dockerfile can be rendered. How one of the project's own is built is told all the same.
fn unknown(app: &App, main: &Process, build: &Build, dev: bool) -> Option<Problem> {
    if build.dockerfile.is_some() {
        let title = "the project has a Dockerfile of its own, and nothing is rendered over it";
        let problem = Problem::new(Code::OwnDockerfile, title)
            .at(app.provenance.key(&Key::new("build.dockerfile")), "yours")
            .help("drop it to have one rendered");
        return dev.then_some(problem);
    }
    let places = ["build", "command", "image"].map(|name| main.key(name));
    let place = places.iter().find(|key| app.provenance.has(key)).and_then(|key| app.provenance.key(key));
    let problem =
        Problem::new(Code::UnknownBuild, "nothing says how the image is built").at(place, "of no known language");
    Some(problem.help(
        "a Python project: say so, as in `[build] python = \"3.13\"`; for others write a Dockerfile, and name it: \
         `[build] dockerfile = \"Dockerfile\"`",
    ))
}

fn problems(made: &Made<'_>) -> Vec<Problem> {
    let (app, recipe) = (made.app, made.recipe);
    let mut problems = Vec::new();
    if let Start::Image { .. } = made.main.start {
        let problem = Problem::new(Code::MissingKey, "nothing says what the image starts")
            .at(app.provenance.key(&Key::new("build")), "would start nothing")
            .help("say what it runs: `[server] app = \"orders.main:app\"`, or `command = [\"python\", \"-m\", \"orders\"]`");
        problems.push(problem);
    }
    if let Lock::Requirements { hashed: false, .. } = recipe.lock {
        let problem = Problem::new(Code::UnlockedBuild, "the same sources may build into another image tomorrow")
            .at(app.provenance.value(&Key::new("build.lock")), "neither versions nor hashes are held")
            .help("hold them: `uv add --requirements requirements.txt` makes a uv.lock; then `lock = \"uv\"`");
        problems.push(problem);
    }
    if recipe.base == Base::Alpine {
        let problem =
            Problem::new(Code::MuslBase, "packages without wheels for musl are compiled from source on Alpine")
                .at(app.provenance.value(&Key::new("build.base")), "has musl instead of glibc")
                .help("what needs a compiler: `[build] packages = { build = [\"build-base\"] }`; or `base = \"slim\"`");
        problems.push(problem);
    }
    problems
}

/// What is rendered here has no documents that a patch could touch.
fn check(_: &[File]) -> Vec<Finding> {
    Vec::new()
}
