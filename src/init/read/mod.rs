//! From the files of a project to facts about it.

mod development;
mod identity;
mod image;
mod migrations;
mod processes;
mod programs;
mod recipe;
mod server;
mod system;
mod variables;

pub use identity::name;

use super::{
    commands::{self, Command},
    dockerfile::{self, Dockerfile},
    facts::{Fact, Facts, From, Health, Start, Worker},
    node::{self, Node},
    project::{Project, inside},
    python::{Source, django, packages, routes, web},
    services::{self, Dependencies},
    spelling,
};
use crate::app;

/// Everything that is looked at, read once.
struct Seen<'a> {
    project: &'a Project,
    /// Where the app is, as seen from the project.
    folder: &'a str,
    dockerfile: Option<Dockerfile>,
    commands: Vec<Command>,
    language: Language,
    packages: packages::Packages,
    source: Source<'a>,
    django: Option<django::Django>,
    apps: Vec<web::App>,
    node: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Python,
    Node,
    /// Known by its Dockerfile alone.
    Other,
}

/// What a project says; nothing if there is none.
pub fn read(project: &Project) -> Option<Facts> {
    let folder = identity::folder(project)?;
    let seen = Seen::of(project, &folder);
    Some(seen.facts())
}

impl<'a> Seen<'a> {
    fn of(project: &'a Project, folder: &'a str) -> Self {
        let dockerfile = dockerfile::find(project, folder);
        let commands = commands::commands(project, folder, dockerfile.as_ref());
        let packages = packages::packages(project, folder);
        let node = node::node(project, folder);
        let mut source = Source { folder, files: std::collections::BTreeMap::new() };
        let is_python = !packages.all.is_empty() || identity::has_python(project, folder);
        let language = match &node {
            Some(node) if node.serves() && !packages.all.keys().any(|name| identity::serves(name)) => Language::Node,
            _ if is_python => Language::Python,
            Some(_) => Language::Node,
            None => Language::Other,
        };
        if language == Language::Python {
            source = Source::of(project, folder);
        }
        let (django, apps) = (django::django(&source), web::apps(&source));
        Seen { project, folder, dockerfile, commands, language, packages, source, django, apps, node }
    }

    fn facts(&self) -> Facts {
        let mut hints = Vec::new();
        let name = self.name();
        let start = self.start(&mut hints);
        let dependencies = self.dependencies();
        let workers = self.workers();
        let mut backing =
            services::backing(&dependencies, &self.schemes(), &taken(&name.value, &workers), self.project, self.folder);
        let variables = self.variables(&start, &mut backing, &mut hints);
        let data = variables.data.clone();
        let migration = self.migrations(&mut hints);
        let (port, port_env) = self.port(&start, &mut hints);
        let build = self.build(&start, &mut hints);
        let dev = self.dev(&start, build.as_ref().map(|build| &build.value));
        let commands = workers.iter().map(|worker| (&worker.command, &worker.from));
        let commands = commands.chain(migration.iter().map(|migration| (&migration.command, &migration.from)));
        let of_dev = dev.iter().flat_map(|dev| &dev.command).map(|command| (&command.value, &command.from));
        hints.extend(commands.chain(of_dev).filter_map(|(command, from)| left_out(command, from)));
        Facts {
            image: self.image(&name.value),
            about: self.about(),
            port,
            port_env,
            uid: self.uid(&mut hints),
            health: if start == Start::Image && self.language == Language::Other {
                Health::default()
            } else {
                self.health()
            },
            memory: self.memory(),
            env: variables.env,
            secrets: variables.secrets,
            backing,
            workers,
            migration,
            data,
            dev,
            build,
            name,
            start,
            hints,
        }
    }

    /// Of the language that the project is in.
    fn dependencies(&self) -> Dependencies {
        let python = || {
            let all = self.packages.all.iter();
            all.map(|(name, one)| (name.clone(), one.extras.iter().cloned().collect(), one.at.clone())).collect()
        };
        match (self.language, &self.node) {
            (Language::Node, Some(node)) => node.dependencies.clone(),
            _ => python(),
        }
    }

    fn health(&self) -> Health {
        match (&self.django, &self.node) {
            _ if self.language == Language::Node => {
                let mut health = Health::default();
                routes::decide(self.node.as_ref().map_or(&[], |node| &node.routes), &mut health);
                health
            }
            (Some(django), _) => {
                let app = django.wsgi.as_ref().or(django.asgi.as_ref()).map_or("", |app| app.value.as_str());
                let package = app.split(['.', ':']).next().unwrap_or_default();
                routes::django(&self.source, package, django.host.as_deref())
            }
            _ => routes::health(&self.source),
        }
    }

    /// What a worker needs at least; nobody has measured it.
    fn memory(&self) -> Fact<&'static str> {
        let dependencies = self.dependencies();
        let first = |names: &[&str]| {
            dependencies.iter().find(|(name, ..)| names.contains(&name.as_str())).map(|(name, ..)| name.clone())
        };
        let heavy = ["torch", "tensorflow", "transformers", "vllm", "sentence-transformers", "jax", "spacy"];
        let numeric = [
            "pandas",
            "numpy",
            "scipy",
            "scikit-learn",
            "polars",
            "opencv-python",
            "opencv-python-headless",
            "matplotlib",
        ];
        match (first(&heavy), first(&numeric)) {
            (Some(name), _) => Fact::guessed("2Gi", format!("{name} is large; measure it")),
            (None, Some(name)) => Fact::guessed("512Mi", format!("with {name}; measure it")),
            (None, None) => Fact::guessed("256Mi", "measure it"),
        }
    }

    /// Where the build reads from: the folder of the app, or all.
    fn context(&self) -> &str {
        let Some(file) = &self.dockerfile else { return "" };
        if let Some(context) = &file.context {
            return context;
        }
        let beside = !self.folder.is_empty() && inside(&file.path, self.folder).is_some();
        // One that copies the folder by its name stands above it.
        if beside && !file.copies_from(self.folder) { self.folder } else { "" }
    }

    /// `manage.py` of Django, as the image has it.
    fn manage(&self) -> Option<&str> {
        self.django.as_ref().map(|django| django.manage.as_str())
    }
}

/// What to do about secrets that stood in a command line.
fn left_out(command: &[String], from: &From) -> Option<String> {
    let (_, names) = spelling::without_secrets(command);
    let name = app::variable(names.first()?);
    let secret = spelling::SECRET;
    Some(format!(
        "the command that was {from} held a secret, which is left out: write `[secrets] {name} = \"what it is\"`, and \
         `${{secrets.{name}}}` instead of `{secret}`"
    ))
}

/// Names that services cannot have: those of everything else.
fn taken(name: &str, workers: &[Worker]) -> Vec<String> {
    let own = workers.iter().map(|worker| worker.name.to_owned());
    let mut taken: Vec<String> = own.chain([name, "web", "migrate", "migrations"].map(str::to_owned)).collect();
    // `app-db` beside the app `app` would be both.
    let more: Vec<String> = taken.iter().filter_map(|one| one.strip_prefix("the-").map(str::to_owned)).collect();
    taken.extend(more);
    taken
}
