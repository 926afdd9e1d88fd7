//! What a Python project says. Its source is looked through line by line, and never run: what is made at run time, or
//! by names that come from elsewhere, is not seen.

pub mod django;
pub mod lines;
pub mod modules;
pub mod packages;
pub mod routes;
pub mod settings;
pub mod syntax;
pub mod tasks;
pub mod web;

use std::collections::BTreeMap;

use self::lines::{Line, lines};
use super::project::{Project, inside};

/// The source of a project below its folder.
pub struct Source<'a> {
    pub folder: &'a str,
    /// By path, as seen from the project.
    pub files: BTreeMap<&'a str, Vec<Line>>,
}

impl<'a> Source<'a> {
    pub fn of(project: &'a Project, folder: &'a str) -> Self {
        let files = project.below(folder, ".py").map(|(path, text)| (path, lines(text)));
        Source { folder, files: files.collect() }
    }

    /// Every line of every file.
    pub fn all(&self) -> impl Iterator<Item = (&'a str, &Line)> {
        self.files.iter().flat_map(|(path, lines)| lines.iter().map(|line| (*path, line)))
    }

    /// A path as seen from the folder.
    pub fn own<'p>(&self, path: &'p str) -> &'p str {
        inside(path, self.folder).unwrap_or(path)
    }
}

/// `path:line`.
pub fn at(path: &str, line: &Line) -> String {
    format!("{path}:{}", line.number)
}
