//! `[build]` of a Python project without a Dockerfile: what the rendered one is made of.

use std::collections::BTreeSet;

use super::{Language, Seen};
use crate::init::{
    facts::{Build, Fact, Recipe, Start},
    project::{inside, join, split},
};

/// Files at the top that are not the app's.
const TOOLS: &[&str] = &["fabfile.py", "noxfile.py", "setup.py", "tasks.py"];

/// Folders of a project that are no part of the app.
const ASIDE: &[&str] =
    &["alembic", "data", "deploy", "docker", "frontend", "migrations", "notebooks", "scripts", "tools"];

impl Seen<'_> {
    pub(super) fn recipe(&self, start: &Start, hints: &mut Vec<String>) -> Option<Fact<Build>> {
        let (Language::Python, Start::Server(_)) = (self.language, start) else {
            hints.push("there is no Dockerfile: the image has to be built by one that you write".to_owned());
            return None;
        };
        let (lock, requirements, at) = self.lock(hints)?;
        let pyproject = self.project.text(&join(self.folder, "pyproject.toml")).unwrap_or_default();
        let is_package = lock == "uv" && pyproject.lines().any(|line| line.trim() == "[build-system]");
        let code: Vec<String> = self.code().into_iter().filter(|path| fits(path)).map(str::to_owned).collect();
        let context = if self.folder.is_empty() { "." } else { self.folder };
        let recipe = Recipe {
            python: self.version(),
            lock,
            requirements,
            copy: self.beside(if is_package { &[] } else { &code }),
            source: match (is_package, code.is_empty()) {
                (true, _) => None,
                (false, true) => Some(vec![".".to_owned()]),
                (false, false) => Some(code),
            },
        };
        Some(Fact { value: Build::Rendered { context: context.to_owned(), recipe }, from: at.from })
    }

    /// What fixes the versions of packages, the file if it is of requirements, and where it is.
    fn lock(&self, hints: &mut Vec<String>) -> Option<(&'static str, Option<String>, Fact<()>)> {
        let has = |name: &str| self.project.has(&join(self.folder, name));
        if has("uv.lock") {
            return Some(("uv", None, Fact::found((), join(self.folder, "uv.lock"))));
        }
        let listed = self.packages.lock.as_deref().filter(|path| path.ends_with(".txt") && fits(path));
        if let Some(path) = listed {
            let hashed = self.project.text(path).is_some_and(|text| text.contains("--hash="));
            let own = inside(path, self.folder).unwrap_or(path);
            let lock = if hashed { "requirements" } else { "requirements-unhashed" };
            return Some((lock, (own != "requirements.txt").then(|| own.to_owned()), Fact::found((), path)));
        }
        let project =
            self.project.text(&join(self.folder, "pyproject.toml")).is_some_and(|text| text.contains("[project]"));
        if !project {
            hints.push(
                "there is no Dockerfile, and no uv.lock or requirements.txt that one could be made of".to_owned(),
            );
            return None;
        }
        hints.push("there is no uv.lock, which the rendered Dockerfile installs from: `uv lock` writes it".to_owned());
        Some(("uv", None, Fact::guessed((), "`uv lock` writes it")))
    }

    /// `3.13` out of `>=3.13,<4`.
    fn version(&self) -> Option<Fact<String>> {
        let (text, at) = self.packages.python.as_ref()?;
        let start = text.find("3.")?;
        let rest = &text[start..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let parts: Vec<&str> = rest[..end].split('.').take(2).collect();
        let minor: u32 = parts.get(1)?.parse().ok()?;
        // Older ones are nobody's any more.
        (9..=99).contains(&minor).then(|| Fact::found(format!("3.{minor}"), at.clone()))
    }

    /// The folders and files at the top that are the app's code.
    pub(super) fn code(&self) -> BTreeSet<&str> {
        let of_app =
            |top: &str| self.apps.first().is_some_and(|app| self.source.own(&app.path).split('/').next() == Some(top));
        let tops = self.source.files.keys().map(|path| self.source.own(path).split('/').next().unwrap_or_default());
        tops.filter(|top| !matches!(*top, "" | "." | ".."))
            .filter(|top| !ASIDE.contains(top) && !TOOLS.contains(top) || of_app(top))
            .collect()
    }

    /// What the app needs beside its code: what migrates its database.
    fn beside(&self, code: &[String]) -> Vec<String> {
        let ini = self.project.below(self.folder, "alembic.ini").find(|(path, _)| split(path).1 == "alembic.ini");
        let Some((path, text)) = ini else { return Vec::new() };
        let own = inside(path, self.folder).unwrap_or(path);
        let folder = split(own).0;
        let scripts =
            text.lines().find_map(|line| line.split_once('=').filter(|(key, _)| key.trim() == "script_location"));
        let scripts = scripts.map(|(_, value)| value.trim());
        let scripts = scripts.map(|path| match path.strip_prefix("%(here)s/") {
            Some(rest) => join(folder, rest.trim_start_matches("./")),
            None => path.trim_start_matches("./").to_owned(),
        });
        let is_copied = |path: &String| code.iter().any(|one| path == one || inside(path, one).is_some());
        let all =
            [Some(own.to_owned()), scripts].into_iter().flatten().map(|path| path.trim_end_matches('/').to_owned());
        let mut all: Vec<String> = all.filter(|path| fits(path) && !is_copied(path)).collect();
        all.dedup();
        all
    }
}

/// What `[build]` takes for a path of the project.
fn fits(path: &str) -> bool {
    let part = |part: &str| {
        !matches!(part, "" | "." | "..") && part.bytes().all(|c| c.is_ascii_alphanumeric() || b"-._@+".contains(&c))
    };
    path.split('/').all(part)
}
