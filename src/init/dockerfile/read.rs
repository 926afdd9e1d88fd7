//! The instructions of a Dockerfile, one after another: each stage with what it has from the one that it is made of.

use std::collections::BTreeMap;

use super::{
    super::{commands::words, project::split},
    Dockerfile,
};

/// The last stage of a text.
pub fn read(path: &str, text: &str) -> Dockerfile {
    let mut reader = Reader::default();
    for (number, line) in instructions(text) {
        reader.instruction(&line, number, &format!("{path}:{number}"));
    }
    let mut last = reader.now;
    last.path = path.to_owned();
    last.text = text.to_owned();
    last
}

#[derive(Default)]
struct Reader {
    stages: BTreeMap<String, Dockerfile>,
    /// The stage that is being read.
    name: Option<String>,
    now: Dockerfile,
    variables: BTreeMap<String, String>,
}

impl Reader {
    fn instruction(&mut self, line: &str, number: usize, at: &str) {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let at = at.to_owned();
        match word.to_ascii_uppercase().as_str() {
            "FROM" => self.from(rest, number, at),
            "ARG" => drop(self.set(rest)),
            "ENV" => {
                let set = self.set(rest);
                self.now.env.extend(set);
            }
            "WORKDIR" => self.now.workdir = Some(resolved(self.now.workdir.as_deref(), &self.expand(rest))),
            "USER" => self.now.user = Some((self.expand(rest), at)),
            "EXPOSE" => {
                for word in rest.split_whitespace() {
                    let word = self.expand(word);
                    self.now.ports.extend(word.trim_end_matches("/tcp").parse().ok().map(|port| (port, at.clone())));
                }
            }
            "RUN" => self.users(rest, &at),
            "COPY" | "ADD" if !rest.contains("--from=") => self.copy(rest),
            // What was to be its arguments is none of this entry point's.
            "ENTRYPOINT" => (self.now.entry, self.now.cmd) = (Some((self.start(rest), at)), None),
            "CMD" => self.now.cmd = Some((self.start(rest), at)),
            _ => {}
        }
    }

    fn from(&mut self, rest: &str, number: usize, at: String) {
        let plain: Vec<String> =
            rest.split_whitespace().filter(|word| !word.starts_with("--")).map(|word| self.expand(word)).collect();
        let image = plain.first().cloned().unwrap_or_default();
        let base = self.stages.get(&image.to_lowercase()).cloned().unwrap_or_default();
        let done = std::mem::replace(&mut self.now, base);
        if let Some(name) = self.name.take() {
            self.stages.insert(name, done);
        }
        if let Some(version) = python(&image) {
            self.now.python = Some((version, at));
        }
        self.name = Some(plain.get(2).map_or_else(|| number.to_string(), |name| name.to_lowercase()));
    }

    /// `NAME=value …`, or `NAME value`.
    fn set(&mut self, rest: &str) -> Vec<(String, String)> {
        let mut set = Vec::new();
        let pairs = words(rest);
        let old = pairs.first().is_some_and(|word| !word.contains('='));
        let pairs = match (old, rest.split_once(char::is_whitespace)) {
            (true, Some((name, value))) => vec![(name.to_owned(), value.trim().to_owned())],
            _ => pairs
                .iter()
                .filter_map(|word| word.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        };
        for (name, value) in pairs {
            let value = self.expand(&value);
            self.variables.insert(name.clone(), value.clone());
            set.push((name, value));
        }
        set
    }

    /// With the variables that are known. What is not known stays.
    fn expand(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            let (name, length, otherwise) = variable(after);
            match self.variables.get(name).map(String::as_str).or(otherwise).filter(|_| length > 0) {
                Some(value) => out.push_str(value),
                None => {
                    out.push('$');
                    out.push_str(&after[..length]);
                }
            }
            rest = &after[length..];
        }
        out.push_str(rest);
        out
    }

    /// The words of a command, in exec form or for a shell.
    fn start(&self, rest: &str) -> Vec<String> {
        match serde_json::from_str::<Vec<String>>(rest) {
            Ok(words) => words,
            Err(_) => words(&self.expand(rest)),
        }
    }

    fn users(&mut self, rest: &str, at: &str) {
        let rest = self.expand(rest);
        for command in rest.split(['&', ';', '|']) {
            let line = words(command);
            let Some(start) = line.iter().position(|word| matches!(split(word).1, "useradd" | "adduser")) else {
                continue;
            };
            let line = &line[start + 1..];
            let number = line.iter().enumerate().find_map(|(at, word)| match word.as_str() {
                "-u" | "--uid" => line.get(at + 1)?.parse().ok(),
                word => word.strip_prefix("--uid=").or_else(|| word.strip_prefix("-u"))?.parse().ok(),
            });
            // The name stands first or last.
            if let Some(number) = number {
                for name in [line.first(), line.last()].into_iter().flatten() {
                    self.now.users.insert(name.clone(), (number, at.to_owned()));
                }
            }
        }
    }

    fn copy(&mut self, rest: &str) {
        let plain: Vec<String> = match rest.find('[').and_then(|at| serde_json::from_str(&rest[at..]).ok()) {
            Some(words) => words,
            None => words(rest).into_iter().filter(|word| !word.starts_with("--")).collect(),
        };
        let Some((target, sources)) = plain.split_last() else { return };
        let folder = resolved(self.now.workdir.as_deref(), &self.expand(target));
        for source in sources {
            let source = source.trim_start_matches("./").trim_end_matches('/').to_owned();
            let source = if source == "." { String::new() } else { source };
            self.now.copies.push((source, folder.clone()));
        }
    }
}

/// The version of an image of Python's own.
fn python(image: &str) -> Option<String> {
    let (name, tag) = image.split_once(':')?;
    let tag = match split(name).1 {
        "python" => tag,
        "uv" => tag.strip_prefix("python")?,
        _ => return None,
    };
    let end = tag.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(tag.len());
    (end > 0).then(|| tag[..end].to_owned())
}

/// The name behind a `$`, how long it is with its braces, and what is taken without it.
fn variable(text: &str) -> (&str, usize, Option<&str>) {
    if let Some((inner, _)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        let (name, otherwise) = match inner.split_once(":-").or_else(|| inner.split_once('-')) {
            Some((name, otherwise)) => (name, Some(otherwise)),
            None => (inner, None),
        };
        return (name, inner.len() + 2, otherwise);
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    (&text[..end], end, None)
}

/// A path as seen from the working directory.
fn resolved(workdir: Option<&str>, path: &str) -> String {
    let path = path.trim_matches('"').trim_end_matches('/');
    if path.starts_with('/') {
        return path.to_owned();
    }
    let own = path.trim_start_matches("./");
    let folder = workdir.unwrap_or("").trim_end_matches('/');
    if matches!(own, "" | ".") { folder.to_owned() } else { format!("{folder}/{own}") }
}

/// Instructions on one line each, with the number of their first.
fn instructions(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let (plain, goes_on) = line.strip_suffix('\\').map_or((line, false), |line| (line.trim_end(), true));
        match found.last_mut().filter(|_| open) {
            Some((_, before)) => {
                before.push(' ');
                before.push_str(plain);
            }
            None => found.push((number + 1, plain.to_owned())),
        }
        open = goes_on;
    }
    found
}
