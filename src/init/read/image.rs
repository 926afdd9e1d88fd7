//! What the image decides: the port, the user, and how it is built.

use super::{Language, Seen};
use crate::init::{
    commands::Command,
    facts::{Build, Fact, Start},
    project::seen_from,
    python::{syntax::literal, web},
};

/// A process that is not root may not listen below.
const UNPRIVILEGED: u16 = 1024;

impl Seen<'_> {
    /// The port, and the variable that tells it.
    pub(super) fn port(&self, start: &Start, hints: &mut Vec<String>) -> (Option<Fact<u16>>, Option<Fact<String>>) {
        let exposed = || {
            self.dockerfile
                .as_ref()
                .and_then(|file| file.ports.first())
                .map(|(port, at)| Fact::found(*port, at.clone()))
        };
        if matches!(start, Start::Server(_)) {
            let given = self.commands.iter().find_map(given_port);
            let run = || web::run(&self.source).and_then(|(_, port, at)| Some(Fact::found(port?, at)));
            // The server is told, so that any port will do.
            let found = [given, exposed(), run()].into_iter().flatten().find(|port| port.value >= UNPRIVILEGED);
            return (Some(found.unwrap_or_else(|| Fact::guessed(8000, "the usual one; the server is told"))), None);
        }
        let node = self.node.as_ref().filter(|_| self.language == Language::Node);
        let asks = node.and_then(|node| node.port_env.clone()).or_else(|| self.asks_for_port());
        let port = exposed()
            .or_else(|| node.and_then(|node| node.port.clone()))
            .or_else(|| self.commands.iter().find_map(given_port));
        let port = match (port.filter(|port| port.value > 0), &asks) {
            // The app is told another one.
            (Some(port), Some(_)) if port.value < UNPRIVILEGED => {
                Some(Fact::guessed(8080, format!("instead of {}, which needs rights", port.value)))
            }
            (Some(port), None) if port.value < UNPRIVILEGED => {
                hints.push(format!(
                    "port {} may be closed to a process without root: let the app listen from 1024 up",
                    port.value
                ));
                Some(port)
            }
            (None, Some(_)) => Some(Fact::guessed(if node.is_some() { 3000 } else { 8000 }, "the app is told")),
            (None, None) if node.is_some_and(crate::init::node::Node::serves) => {
                Some(Fact::guessed(3000, "the usual one"))
            }
            (port, _) => port,
        };
        if port.is_none() {
            hints.push("no port was found: write `port` if the app answers requests".to_owned());
        }
        let asks = asks.filter(|_| port.is_some());
        (port, asks)
    }

    /// A Python app that starts by itself, and asks for its port.
    fn asks_for_port(&self) -> Option<Fact<String>> {
        self.source.all().find_map(|(path, line)| {
            let (_, rest) = line.text.split_once("environ").or_else(|| line.text.split_once("getenv"))?;
            let start = rest.find(['(', '['])?;
            let first = rest[start + 1..].split([',', ')', ']']).next()?;
            (literal(first) == Some("PORT")).then(|| Fact::found("PORT".to_owned(), format!("{path}:{}", line.number)))
        })
    }

    pub(super) fn uid(&self, hints: &mut Vec<String>) -> Option<Fact<u32>> {
        let file = self.dockerfile.as_ref()?;
        if let Some(uid) = file.uid() {
            return Some(uid);
        }
        let why = match &file.user {
            None => format!("{} names no user, so its image runs as root", file.path),
            Some((user, at)) if matches!(user.split(':').next(), Some("root" | "0")) => {
                format!("its image runs as root: {at}")
            }
            Some((user, at)) => format!("the number of `{user}` is not known: {at}"),
        };
        hints.push(format!("the app runs as user 10001 ({why}): what it reads has to be readable for everybody"));
        Some(Fact::guessed(10001, why))
    }

    pub(super) fn build(&self, start: &Start, hints: &mut Vec<String>) -> Option<Fact<Build>> {
        let Some(file) = &self.dockerfile else { return self.recipe(start, hints) };
        let context = self.context();
        let dockerfile = seen_from(context, &file.path);
        let context = if context.is_empty() { ".".to_owned() } else { context.to_owned() };
        Some(Fact::found(Build::Own { context, dockerfile }, file.path.clone()))
    }
}

/// The port that a server's command line names.
fn given_port(command: &Command) -> Option<Fact<u16>> {
    let port = match command.program() {
        "uvicorn" | "fastapi" | "granian" => command.flag(&["--port"]),
        "gunicorn" | "hypercorn" => command.flag(&["--bind", "-b"]).and_then(|bind| bind.rsplit(':').next()),
        "daphne" => command.flag(&["-p", "--port"]),
        _ => None,
    }?;
    // `${PORT:-8080}`
    let port = port.trim_end_matches('}').rsplit(['-', '=']).next().unwrap_or(port);
    Some(Fact::found(port.parse().ok().filter(|port| *port > 0)?, command.at.clone()))
}
