//! What brings the database up to date before the app starts.

use super::{Language, Seen};
use crate::init::{
    commands::Command,
    facts::{From, Migration},
    project::{inside, place, split},
};

impl Seen<'_> {
    pub(super) fn migrations(&self, hints: &mut Vec<String>) -> Option<Migration> {
        let found = match self.language {
            Language::Python => self
                .of_django()
                .or_else(|| self.of_flask(hints))
                .or_else(|| self.of_alembic(hints))
                .or_else(|| self.of_aerich()),
            Language::Node => self.of_prisma(),
            Language::Other => None,
        };
        found.map(|(command, from)| Migration { command, from })
    }

    fn of_django(&self) -> Option<(Vec<String>, From)> {
        let manage = self.manage()?;
        let at = self.packages.at("django").unwrap_or(manage).to_owned();
        Some((words(&["python", manage, "migrate", "--noinput"]), From::Found(at)))
    }

    /// Alembic by way of Flask, which has its file among its migrations.
    fn of_flask(&self, hints: &mut Vec<String>) -> Option<(Vec<String>, From)> {
        let at = self.packages.at("flask-migrate")?;
        let app = self.apps.first()?;
        let name = app.name();
        let mut command = words(&["flask", "--app", name.trim_end_matches("()"), "db", "upgrade"]);
        let scripts = self.source.files.keys().map(|path| self.source.own(path));
        let folder = scripts.filter_map(|path| path.strip_suffix("/env.py")).find(|path| split(path).1 == "migrations");
        let Some(folder) = folder else {
            hints.push(format!(
                "{at} is there, and no folder `migrations`: nothing migrates the database. `flask db init` makes it"
            ));
            return None;
        };
        if folder != "migrations" {
            command.extend(words(&["--directory", folder]));
        }
        Some((command, From::Found(at.to_owned())))
    }

    fn of_alembic(&self, hints: &mut Vec<String>) -> Option<(Vec<String>, From)> {
        let (path, text) =
            self.project.below(self.folder, "alembic.ini").find(|(path, _)| split(path).1 == "alembic.ini")?;
        // Where the project runs it itself, with what it needs.
        let is_run =
            |command: &&Command| command.program() == "alembic" && command.has("upgrade") && !command.is_open();
        if let Some(command) = self.commands.iter().find(is_run) {
            return Some((command.words.clone(), From::Found(command.at.clone())));
        }
        let at = place(path, text, "[alembic]");
        let own = inside(path, self.folder).unwrap_or(path);
        let (ini, workdir) = match &self.dockerfile {
            None => (own.to_owned(), None),
            Some(file) => match self.target(own) {
                Some(target) => (target, file.workdir.clone()),
                None => {
                    hints.push(format!(
                        "{path} is not copied into the image by {}: nothing migrates the database",
                        file.path
                    ));
                    return None;
                }
            },
        };
        let beside = workdir
            .map_or(own == "alembic.ini", |workdir| ini == format!("{}/alembic.ini", workdir.trim_end_matches('/')));
        if !beside && !text.contains("%(here)s") {
            hints.push(format!(
                "{at} finds its scripts from the folder that it is run in: write `script_location = %(here)s/…`"
            ));
        }
        let command = if beside {
            words(&["alembic", "upgrade", "head"])
        } else {
            words(&["alembic", "-c", &ini, "upgrade", "head"])
        };
        Some((command, From::Found(at)))
    }

    fn of_aerich(&self) -> Option<(Vec<String>, From)> {
        let at = self.packages.at("aerich")?;
        Some((words(&["aerich", "upgrade"]), From::Found(at.to_owned())))
    }

    /// Its command line comes along with the app only if it is one of its dependencies.
    fn of_prisma(&self) -> Option<(Vec<String>, From)> {
        let (path, _) = self.project.below(self.folder, "schema.prisma").next()?;
        let has =
            |name: &str| self.node.as_ref().is_some_and(|node| node.dependencies.iter().any(|(one, ..)| one == name));
        has("prisma").then(|| (words(&["node_modules/.bin/prisma", "migrate", "deploy"]), From::Found(path.to_owned())))
    }
}

fn words(line: &[&str]) -> Vec<String> {
    line.iter().map(|word| (*word).to_owned()).collect()
}
