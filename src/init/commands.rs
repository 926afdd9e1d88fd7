//! Command lines that a project starts itself by: in Dockerfiles, scripts, Procfiles and Compose files.

use super::{
    dockerfile::Dockerfile,
    project::{Project, join, split},
};

/// A command line, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub words: Vec<String>,
    pub at: String,
    /// By uv or poetry, out of an environment that may not be on the PATH.
    pub runner: Option<&'static str>,
}

/// All of them, those that an image runs first.
pub fn commands(project: &Project, folder: &str, dockerfile: Option<&Dockerfile>) -> Vec<Command> {
    let mut all = Vec::new();
    let mut scripts = Vec::new();
    if let Some(file) = dockerfile {
        for (words, at) in file.starts() {
            scripts.extend(words.iter().filter(|word| word.ends_with(".sh")).map(|word| split(word).1.to_owned()));
            plain(words, at, &mut all);
        }
    }
    for (path, text) in project.below(folder, "Procfile").filter(|(path, _)| split(path).1 == "Procfile") {
        for (number, line) in text.lines().enumerate() {
            if let Some((_, line)) = line.split_once(':') {
                plain(&words(line), &format!("{path}:{}", number + 1), &mut all);
            }
        }
    }
    // Scripts that the image runs, before those that nobody is known to run.
    let run = |path: &str| scripts.iter().any(|script| script == split(path).1);
    let mut found: Vec<(&str, &str)> = project.below("", ".sh").collect();
    found.sort_by_key(|(path, _)| !run(path));
    for (path, text) in found {
        script(path, text, &mut all);
    }
    for (path, text) in compose_files(project, folder) {
        compose(&path, text, &mut all);
    }
    all
}

fn script(path: &str, text: &str, all: &mut Vec<Command>) {
    let joined = text.replace("\\\n", "\u{1}");
    let mut number = 1;
    for line in joined.lines() {
        let line_number = number;
        number += 1 + line.matches('\u{1}').count();
        let line = line.replace('\u{1}', " ");
        if !line.trim_start().starts_with('#') {
            plain(&words(&line), &format!("{path}:{line_number}"), all);
        }
    }
}

/// Those of a project, the one that Compose reads by itself first.
pub fn compose_files<'a>(project: &'a Project, folder: &str) -> Vec<(String, &'a str)> {
    let names = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
    let folders = if folder.is_empty() { vec![""] } else { vec![folder, ""] };
    let paths = folders.into_iter().flat_map(|folder| names.map(|name| join(folder, name)));
    paths.filter_map(|path| project.text(&path).map(|text| (path.clone(), text))).collect()
}

fn compose(path: &str, text: &str, all: &mut Vec<Command>) {
    let document: serde_json::Value = serde_yaml::from_str(text).unwrap_or_default();
    for (_, service) in document["services"].as_object().into_iter().flatten() {
        let line = match &service["command"] {
            serde_json::Value::String(line) => words(line),
            serde_json::Value::Array(list) => list.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect(),
            _ => continue,
        };
        let seen = line.iter().find(|word| word.len() > 2 && text.contains(word.as_str()));
        plain(&line, &super::project::place(path, text, seen.map_or("command", |word| word)), all);
    }
}

/// What a shell would make of a line, without expanding anything.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut open) = (String::new(), None, false);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(quoted), c) if c == quoted => quote = None,
            (Some(_), c) => word.push(c),
            (None, '"' | '\'') => (quote, open) = (Some(c), true),
            (None, '\\') => word.extend(chars.next()),
            (None, c) if c.is_whitespace() => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (None, c) => word.push(c),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Takes shells and runners off, and a line of several commands apart.
fn plain(line: &[String], at: &str, all: &mut Vec<Command>) {
    let is_shell = |word: &String| matches!(split(word).1, "sh" | "bash" | "ash" | "dash");
    if let [shell, flag, script, ..] = line
        && is_shell(shell)
        && flag.starts_with('-')
        && flag.ends_with('c')
    {
        return plain(&words(script), at, all);
    }
    for part in line.split(|word| matches!(word.as_str(), "&&" | "||" | ";" | "|" | "&" | "then" | "do" | "else")) {
        let mut part: &[String] = part;
        let mut runner = None;
        loop {
            let first = part.first().map(|word| split(word).1);
            let rest = match first {
                Some("uv" | "poetry" | "pipenv" | "pdm" | "hatch" | "rye")
                    if part.get(1).is_some_and(|word| word == "run") =>
                {
                    runner = Some(if first == Some("poetry") { "poetry run" } else { "uv run" });
                    let flags = part[2..].iter().take_while(|word| word.starts_with('-') && *word != "--").count();
                    &part[2 + flags..]
                }
                Some(
                    "exec"
                    | "dumb-init"
                    | "tini"
                    | "opentelemetry-instrument"
                    | "ddtrace-run"
                    | "newrelic-admin"
                    | "run-program"
                    | "time"
                    | "sudo"
                    | "--"
                    | "watchfiles",
                ) => &part[1..],
                Some("python" | "python3") if part.get(1).is_some_and(|word| word == "-m") && part.len() > 2 => {
                    &part[2..]
                }
                // A variable for this command alone.
                Some(word)
                    if word.contains('=')
                        && !word.starts_with('-')
                        && word.split('=').next().is_some_and(super::python::syntax::is_name) =>
                {
                    &part[1..]
                }
                _ => break,
            };
            part = rest;
        }
        if let Some(first) = part.first() {
            let mut words = part.to_vec();
            words[0] = split(first).1.trim_end_matches(';').to_owned();
            for word in &mut words {
                if word.ends_with(';') {
                    word.pop();
                }
            }
            all.push(Command { words, at: at.to_owned(), runner });
        }
    }
}

impl Command {
    pub fn program(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// The value of a flag: of the first of its names that is there.
    pub fn flag(&self, names: &[&str]) -> Option<&str> {
        self.words.iter().enumerate().find_map(|(at, word)| {
            names.iter().find_map(|name| match word.strip_prefix(name)? {
                "" => self.words.get(at + 1).map(String::as_str),
                rest if name.starts_with("--") => rest.strip_prefix('='),
                rest => Some(rest),
            })
        })
    }

    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|one| one == word)
    }

    /// Words that are neither flags nor their values.
    pub fn plain(&self) -> impl Iterator<Item = &str> {
        let mut value = false;
        self.words.iter().skip(1).filter_map(move |word| {
            let is_value = std::mem::take(&mut value);
            value = word.starts_with('-') && !word.contains('=') && !SWITCHES.contains(&word.as_str());
            (!is_value && !word.starts_with('-')).then_some(word.as_str())
        })
    }

    /// Whether a shell has to fill something in.
    pub fn is_open(&self) -> bool {
        self.words.iter().any(|word| word.contains(['$', '`', '<', '>', '(', ')', '*', '{']))
    }
}

/// Flags without a value, of the servers that are known.
const SWITCHES: &[&str] = &[
    "--reload",
    "--factory",
    "--proxy-headers",
    "--no-proxy-headers",
    "--no-access-log",
    "--access-log",
    "--preload",
    "--no-server-header",
    "--use-colors",
    "-B",
    "-E",
    "--beat",
];
