//! `[build]` of a Python project without a Dockerfile: what the rendered one is made of.

use std::collections::BTreeSet;

use super::{Language, Seen};
use crate::init::{
    facts::{Build, Fact, Recipe, Start},
    project::{inside, join, resolve, split},
    python::packages,
};

/// Files at the top that are not the app's.
const TOOLS: &[&str] = &["fabfile.py", "noxfile.py", "setup.py", "tasks.py"];

/// Folders of a project that are no part of the app.
const ASIDE: &[&str] =
    &["alembic", "data", "deploy", "docker", "frontend", "migrations", "notebooks", "scripts", "tools"];

/// Folders of pages and their pictures, by custom.
const PAGES: &[&str] = &["static", "templates"];

/// Folders that a build ignores, or that are not the image's.
const MADE: &[&str] = &["build", "dist", "docs", "env", "htmlcov", "node_modules", "tests", "test", "venv"];

impl Seen<'_> {
    pub(super) fn recipe(&self, start: &Start, hints: &mut Vec<String>) -> Option<Fact<Build>> {
        let (Language::Python, Start::Server(_)) = (self.language, start) else {
            hints.push("there is no Dockerfile: the image has to be built by one that you write".to_owned());
            return None;
        };
        let (lock, requirements, at) = self.lock(hints)?;
        let pyproject = self.project.text(&join(self.folder, "pyproject.toml")).unwrap_or_default();
        let is_package = lock == "uv" && is_package(pyproject);
        let code: Vec<String> = self.code().into_iter().filter(|path| fits(path)).map(str::to_owned).collect();
        let context = if self.folder.is_empty() { "." } else { self.folder };
        let copied: &[String] = if is_package { &[] } else { &code };
        let mut copy = self.beside(copied);
        copy.extend(self.pages(&code).into_iter().filter(|folder| !copy.contains(folder)).collect::<Vec<_>>());
        let recipe = Recipe {
            python: self.version(),
            lock,
            requirements,
            copy,
            packages: self.system(),
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
            self.unseen(path, hints);
            let lock = if hashed { "requirements" } else { "requirements-unhashed" };
            return Some((lock, (own != "requirements.txt").then(|| own.to_owned()), Fact::found((), path)));
        }
        let project =
            self.project.text(&join(self.folder, "pyproject.toml")).is_some_and(|text| text.contains("[project]"));
        if !project {
            let how = match self.packages.lock.as_deref().map(|path| split(path).1) {
                Some("poetry.lock") => ": `poetry export --output requirements.txt` (poetry-plugin-export) writes one",
                Some("Pipfile.lock") => ": `pipenv requirements --hash > requirements.txt` writes one",
                _ => "",
            };
            let lacks = "there is no Dockerfile, and no uv.lock or requirements.txt that one could be made of";
            hints.push(format!("{lacks}{how}"));
            return None;
        }
        hints.push("there is no uv.lock, which the rendered Dockerfile installs from: `uv lock` writes it".to_owned());
        Some(("uv", None, Fact::guessed((), "`uv lock` writes it")))
    }

    /// What a list of packages names that the step which installs it does not see: that sees the folder of the list, or the
    /// list alone if it lies at the top.
    fn unseen(&self, path: &str, hints: &mut Vec<String>) {
        let text = self.project.text(path).unwrap_or_default();
        let (beside, own) = (split(path).0, inside(path, self.folder).unwrap_or(path));
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            let at = format!("{path}:{}", number + 1);
            if let Some(other) = packages::included(line) {
                let other = resolve(beside, other);
                let is_seen = other.is_some_and(|other| own.contains('/') && inside(&other, beside).is_some());
                if !is_seen {
                    hints.push(format!(
                        "{at} reads another file, which the build does not see: `uv pip compile --generate-hashes {own} \
                         --output-file requirements.lock.txt` makes one of all; then `[build] requirements = \
                         \"requirements.lock.txt\"` and `lock = \"requirements\"`"
                    ));
                    return;
                }
            } else if line == "." || line.starts_with("./") || line.starts_with("-e ") || line.starts_with("--editable")
            {
                hints.push(format!(
                    "{at} installs from the project, of which the step that installs sees nothing: take it out"
                ));
            }
        }
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

    /// Folders at the top that the app finds from where it starts: pages, and what its source names by a path.
    fn pages(&self, code: &[String]) -> Vec<String> {
        let is_named = |folder: &str| {
            let starts =
                [format!("\"{folder}/"), format!("'{folder}/"), format!("=\"{folder}\""), format!("='{folder}'")];
            self.source.all().any(|(_, line)| starts.iter().any(|start| line.text.contains(start)))
        };
        let own = self.project.folders.iter().filter_map(|path| inside(path, self.folder));
        let tops = own.filter(|folder| !folder.contains('/') && fits(folder) && !code.iter().any(|one| one == folder));
        let ours = tops.filter(|folder| {
            PAGES.contains(folder) || !ASIDE.contains(folder) && !MADE.contains(folder) && is_named(folder)
        });
        ours.map(str::to_owned).collect()
    }

    /// What the app needs beside its code: what migrates its database.
    fn beside(&self, code: &[String]) -> Vec<String> {
        let ini = self.project.below(self.folder, "alembic.ini").find(|(path, _)| split(path).1 == "alembic.ini");
        let Some((path, text)) = ini else { return Vec::new() };
        let own = inside(path, self.folder).unwrap_or(path);
        let folder = split(own).0;
        let scripts =
            text.lines().find_map(|line| line.split_once('=').filter(|(key, _)| key.trim() == "script_location"));
        // Flask's commands know the folder that it lies in, and its scripts with it.
        let ini = if scripts.is_none() && !folder.is_empty() { folder } else { own };
        let scripts = scripts.map(|(_, value)| value.trim());
        let scripts = scripts.map(|path| match path.strip_prefix("%(here)s/") {
            Some(rest) => join(folder, rest.trim_start_matches("./")),
            None => path.trim_start_matches("./").to_owned(),
        });
        let is_copied = |path: &String| code.iter().any(|one| path == one || inside(path, one).is_some());
        let all =
            [Some(ini.to_owned()), scripts].into_iter().flatten().map(|path| path.trim_end_matches('/').to_owned());
        let mut all: Vec<String> = all.filter(|path| fits(path) && !is_copied(path)).collect();
        all.dedup();
        all
    }
}

/// Whether uv installs the project itself (uv, "Build systems").
fn is_package(pyproject: &str) -> bool {
    let table = pyproject.parse::<toml::Table>().unwrap_or_default();
    let asked = table.get("tool").and_then(|tool| tool.get("uv")).and_then(|uv| uv.get("package"));
    asked.and_then(toml::Value::as_bool).unwrap_or_else(|| table.contains_key("build-system"))
}

/// What `[build]` takes for a path of the project.
fn fits(path: &str) -> bool {
    let part = |part: &str| {
        !matches!(part, "" | "." | "..") && part.bytes().all(|c| c.is_ascii_alphanumeric() || b"-._@+".contains(&c))
    };
    path.split('/').all(part)
}
