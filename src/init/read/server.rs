//! What starts the app: a server whose command line is known, or the image by itself.

use super::{Language, Seen};
use crate::init::{
    commands::Command,
    dockerfile::Dockerfile,
    facts::{Fact, Server, Start},
    project::split,
    python::{
        syntax::is_name,
        web::{self, App, Speaks},
    },
};

/// Servers by the names of their programs.
const SERVERS: &[(&str, &str)] = &[
    ("uvicorn", "uvicorn"),
    ("gunicorn", "gunicorn"),
    ("granian", "granian"),
    ("hypercorn", "hypercorn"),
    ("fastapi", "uvicorn"),
];

/// Servers that an image starts, and whose command line is not known here.
const STRANGERS: &[&str] =
    &["chainlit", "daphne", "mod_wsgi-express", "robyn", "sanic", "streamlit", "uwsgi", "waitress-serve"];

impl Seen<'_> {
    pub(super) fn start(&self, hints: &mut Vec<String>) -> Start {
        if self.language != Language::Python {
            return Start::Image;
        }
        let started = self.commands.iter().find_map(|command| {
            let (_, kind) = SERVERS.iter().find(|(program, _)| *program == command.program())?;
            // `fastapi --help`, or a server of something else.
            let serves =
                command.program() != "fastapi" || command.words.iter().any(|word| word == "run" || word == "dev");
            serves.then_some((command, *kind))
        });
        let of_image =
            |command: &&Command| self.dockerfile.iter().flat_map(Dockerfile::starts).any(|(_, at)| *at == command.at);
        if let Some(command) = self.commands.iter().filter(of_image).find(|one| STRANGERS.contains(&one.program())) {
            hints.push(format!(
                "{} starts {}, so the image starts as it does: `workers` are containers",
                command.at,
                command.program()
            ));
            return Start::Image;
        }
        let named = started
            .as_ref()
            .and_then(|(command, _)| command.plain().find(|word| is_app(word)).map(|word| self.named(word, command)));
        let (app, speaks) = match named.or_else(|| self.found()).filter(|(app, _)| is_app(&app.value)) {
            Some(found) => found,
            None => {
                hints.push(match &self.dockerfile {
                    Some(file) => format!(
                        "no app was found that a server could be given; the image of {} starts as it does",
                        file.path
                    ),
                    None => {
                        "no app was found that a server could be given: write `[server] app`, or `command`".to_owned()
                    }
                });
                return Start::Image;
            }
        };
        let script = self
            .dockerfile
            .iter()
            .flat_map(Dockerfile::starts)
            .find(|(words, _)| words.iter().any(|word| word.ends_with(".sh")));
        if let Some((words, at)) = script {
            hints.push(format!(
                "`{}` of {at} is not run, the server is started instead: what else it does is left out",
                words.join(" ")
            ));
        }
        let kind = self.kind(started.as_ref(), speaks, hints);
        let mut args = started.as_ref().map_or_else(Vec::new, |(command, own)| kept(command, own, kind.value));
        self.class(&mut args, kind.value, speaks, hints);
        // Where nobody says otherwise, what the project has above the package is put on Python's path.
        let root = self.apps.iter().find(|one| one.name() == app.value).map(|one| one.module.root.clone());
        let root = root.or_else(|| self.django.as_ref().map(|django| django.root.clone()));
        let root = root.filter(|root| !root.is_empty() && started.is_none()).and_then(|root| self.above(&root));
        if let Some(root) = root {
            let flag = if kind.value == "gunicorn" {
                Some("--chdir")
            } else {
                (kind.value == "uvicorn").then_some("--app-dir")
            };
            args.extend(flag.into_iter().flat_map(|flag| [flag.to_owned(), root.clone()]));
        }
        Start::Server(Server { app, kind, args })
    }

    /// The folder above the app's package, where the image does not start in it by itself.
    fn above(&self, root: &str) -> Option<String> {
        let Some(file) = &self.dockerfile else { return Some(root.to_owned()) };
        let target = self.target(root)?;
        let known = file.env.get("PYTHONPATH").is_some_and(|path| path.split(':').any(|one| one == target));
        (file.workdir.as_deref() != Some(target.as_str()) && !known).then_some(target)
    }

    /// The app that a command names. Where that is a function, the server has to know.
    fn named(&self, word: &str, command: &Command) -> (Fact<String>, Speaks) {
        let plain = word.trim_end_matches("()");
        let plain = if plain.contains(':') { plain.to_owned() } else { format!("{plain}:application") };
        let known = self.apps.iter().find(|app| {
            app.name().trim_end_matches("()") == plain
                || app.attribute.trim_end_matches("()") == plain.rsplit(':').next().unwrap_or_default()
        });
        let is_factory =
            word.ends_with("()") || command.has("--factory") || known.is_some_and(|app| app.attribute.ends_with("()"));
        let asgi_server = command.program() != "gunicorn"
            || command.flag(&["-k", "--worker-class"]).is_some_and(|class| class.contains("vicorn") || class == "asgi");
        let speaks = known.map_or(if asgi_server { Speaks::Asgi } else { Speaks::Wsgi }, |app| app.speaks);
        let speaks = if plain.contains("wsgi") { Speaks::Wsgi } else { speaks };
        (Fact::found(format!("{plain}{}", if is_factory { "()" } else { "" }), command.at.clone()), speaks)
    }

    fn found(&self) -> Option<(Fact<String>, Speaks)> {
        if let Some((entry, at)) = self.packages.entry.as_ref().filter(|(entry, _)| is_app(entry)) {
            return Some((Fact::found(entry.clone(), at.clone()), Speaks::Asgi));
        }
        if let Some((Some(app), _, at)) = web::run(&self.source).filter(|(app, ..)| app.as_deref().is_some_and(is_app))
        {
            // What is run in its own folder has a longer name for everybody else.
            let plain = |one: &&App| {
                let name = one.name();
                let name = name.trim_end_matches("()");
                name == app || name.strip_suffix(app.as_str()).is_some_and(|rest| rest.ends_with('.'))
            };
            let known = self.apps.iter().find(plain).map_or_else(|| app.clone(), App::name);
            return Some((Fact::found(known, at), Speaks::Asgi));
        }
        if let Some(django) = &self.django {
            let wsgi = || django.wsgi.clone().map(|app| (app, Speaks::Wsgi));
            let asgi = || django.asgi.clone().map(|app| (app, Speaks::Asgi));
            let is_async = self.packages.first(&["channels", "daphne"]).is_some()
                || self.packages.has("uvicorn") && !self.packages.has("gunicorn");
            return if is_async { asgi().or_else(wsgi) } else { wsgi().or_else(asgi) };
        }
        let App { speaks, at, .. } = self.apps.first()?;
        let (first, others) = self.apps.split_first()?;
        let mut fact = Fact::found(first.name(), at.clone());
        if let Some(other) =
            others.iter().find(|other| other.attribute == first.attribute && other.module != first.module)
        {
            fact = Fact::guessed(first.name(), format!("found: {at}, and another: {}", other.at));
        }
        Some((fact, *speaks))
    }

    fn kind(
        &self,
        started: Option<&(&Command, &'static str)>,
        speaks: Speaks,
        hints: &mut Vec<String>,
    ) -> Fact<&'static str> {
        if let Some((command, kind)) =
            started.filter(|(_, kind)| speaks == Speaks::Asgi || matches!(*kind, "gunicorn" | "granian"))
        {
            return Fact::found(*kind, command.at.clone());
        }
        let packaged = |name: &str| self.packages.at(name).map(str::to_owned);
        let servers: &[(&str, &'static str)] = match speaks {
            Speaks::Asgi => &[("uvicorn", "uvicorn"), ("granian", "granian"), ("hypercorn", "hypercorn")],
            Speaks::Wsgi => &[("gunicorn", "gunicorn"), ("granian", "granian")],
        };
        if let Some((at, kind)) = servers.iter().find_map(|(name, kind)| Some((packaged(name)?, *kind))) {
            return Fact::found(kind, at);
        }
        // `fastapi[standard]` brings it along.
        let brings = self
            .packages
            .all
            .get("fastapi")
            .filter(|fastapi| ["standard", "all"].iter().any(|extra| fastapi.extras.contains(*extra)));
        let kind = if speaks == Speaks::Asgi { "uvicorn" } else { "gunicorn" };
        match brings.filter(|_| speaks == Speaks::Asgi) {
            Some(fastapi) => Fact::found(kind, fastapi.at.clone()),
            None => {
                let how = match self.packages.lock.as_deref().map(|path| split(path).1) {
                    Some("uv.lock") => format!(": `uv add {kind}`"),
                    Some("poetry.lock") => format!(": `poetry add {kind}`"),
                    Some(list) if list.ends_with(".txt") => format!(": write it into {list}"),
                    _ => String::new(),
                };
                hints.push(format!("{kind} is not among the dependencies, and the image needs it{how}"));
                Fact::guessed(kind, "the usual one; the image needs it")
            }
        }
    }

    /// The worker class of gunicorn: what the project has, for what the app speaks.
    fn class(&self, args: &mut Vec<String>, kind: &str, speaks: Speaks, hints: &mut Vec<String>) {
        let interface = |args: &[String]| args.iter().any(|arg| arg == "--interface");
        if kind == "granian" && speaks == Speaks::Wsgi && !interface(args) {
            args.extend(["--interface".to_owned(), "wsgi".to_owned()]);
        }
        let named = args.iter().any(|arg| arg == "--worker-class");
        if kind != "gunicorn" || named {
            return;
        }
        let add = |args: &mut Vec<String>, words: &[&str]| args.extend(words.iter().map(|word| (*word).to_owned()));
        match speaks {
            Speaks::Wsgi => add(args, &["--worker-class", "gthread", "--threads", "4"]),
            Speaks::Asgi if self.packages.has("uvicorn-worker") => {}
            Speaks::Asgi => {
                hints.push("gunicorn's worker is uvicorn's old one: the package uvicorn-worker replaces it".to_owned());
                add(args, &["--worker-class", "uvicorn.workers.UvicornWorker"]);
            }
        }
    }
}

/// `module:attribute`, or the module of an app that is called `application`.
fn is_app(word: &str) -> bool {
    let plain = word.trim_end_matches("()");
    let dotted = |text: &str| !text.is_empty() && text.split('.').all(is_name);
    match plain.split_once(':') {
        Some((module, attribute)) => dotted(module) && dotted(attribute),
        None => plain.contains('.') && dotted(plain) && plain.ends_with("wsgi"),
    }
}

/// Arguments that say something about the app, and are not decided by the profile.
const KEPT: &[(&str, &str, bool)] = &[
    ("uvicorn", "--root-path", true),
    ("uvicorn", "--app-dir", true),
    ("uvicorn", "--log-level", true),
    ("uvicorn", "--log-config", true),
    ("uvicorn", "--no-access-log", false),
    ("uvicorn", "--no-server-header", false),
    ("uvicorn", "--loop", true),
    ("uvicorn", "--http", true),
    ("uvicorn", "--ws", true),
    ("gunicorn", "--chdir", true),
    ("gunicorn", "--pythonpath", true),
    ("gunicorn", "--threads", true),
    ("gunicorn", "--worker-class", true),
    ("gunicorn", "--log-level", true),
    ("gunicorn", "--worker-connections", true),
    ("granian", "--interface", true),
    ("hypercorn", "--worker-class", true),
    ("hypercorn", "--root-path", true),
];

fn kept(command: &Command, own: &str, kind: &str) -> Vec<String> {
    let mut args = Vec::new();
    let known = KEPT.iter().filter(|(server, ..)| *server == kind && own == kind && command.program() == kind);
    for (_, flag, has_value) in known {
        let names: &[&str] = match *flag {
            "--worker-class" if kind == "gunicorn" => &["--worker-class", "-k"],
            _ => &[flag],
        };
        if !has_value && command.has(flag) {
            args.push((*flag).to_owned());
        } else if let Some(value) = command
            .flag(names)
            .filter(|value| *has_value && !value.contains(['$', '`', '{']) && !value.starts_with('-'))
        {
            args.extend([(*flag).to_owned(), value.to_owned()]);
        }
    }
    args
}
