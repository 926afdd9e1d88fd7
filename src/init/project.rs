//! The files of a project, as whoever looks at the disk hands them over, and which of them are worth reading.

use std::collections::{BTreeMap, BTreeSet};

/// A project before anybody has understood it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    /// What its folder is called.
    pub folder: String,
    /// Where git has it from.
    pub origin: Option<String>,
    /// Whether the folder is all of what git keeps.
    pub is_repository: bool,
    /// Texts by their path, relative and with `/`. Of some only the name counts, and the text is empty.
    pub files: BTreeMap<String, String>,
    /// Folders by their path, also those that nobody looks into.
    pub folders: BTreeSet<String>,
}

/// What of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interest {
    Text,
    /// That it is there.
    Name,
    Nothing,
}

/// Files whose text says something about how the app is run.
const TEXTS: &[&str] = &[
    ".python-version",
    "Cargo.toml",
    "Containerfile",
    "Pipfile",
    "Procfile",
    "alembic.ini",
    "aerich.ini",
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
    "go.mod",
    "manage.py",
    "package.json",
    "pyproject.toml",
    "runtime.txt",
    "schema.prisma",
    "setup.cfg",
];

/// Files that say how dependencies are locked.
const NAMES: &[&str] = &[
    "Pipfile.lock",
    "bun.lock",
    "package-lock.json",
    "pdm.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "yarn.lock",
];

/// Examples of `.env`. The file itself has secrets, and nobody reads it.
const EXAMPLES: &[&str] =
    &[".env.dist", ".env.example", ".env.sample", ".env.template", "env.example", "example.env", "env.list.example"];

/// Folders that hold nothing of the app: what was installed, built or generated, tests and pages.
const PASSED_BY: &[&str] = &[
    "__pycache__",
    "bower_components",
    "build",
    "dist",
    "doc",
    "docs",
    "docs_src",
    "e2e",
    "env",
    "examples",
    "fixtures",
    "htmlcov",
    "node_modules",
    "samples",
    "site-packages",
    "static",
    "target",
    "test",
    "testing",
    "tests",
    "third_party",
    "vendor",
    "venv",
    "versions",
];

/// Whether a folder of this name is looked into.
pub fn enters(folder: &str) -> bool {
    !folder.starts_with('.') && !PASSED_BY.contains(&folder) && !folder.ends_with(".egg-info")
}

/// `Dockerfile`, in whatever way it is told from others.
fn is_dockerfile(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    (lower == "dockerfile" || lower.starts_with("dockerfile.") || lower.ends_with(".dockerfile"))
        && !lower.ends_with(".dockerignore")
}

/// What of the file at a path is read.
pub fn interest(path: &str) -> Interest {
    let (folder, name) = split(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_test = name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py";
    let listed = name.contains("requirements") || split(folder).1 == "requirements";
    let is_requirements = matches!(ending, "txt" | "in") && listed;
    let is_code = matches!(ending, "py" | "sh" | "js" | "mjs" | "cjs" | "ts") && !is_test && !name.ends_with(".d.ts");
    if TEXTS.contains(&name) || is_dockerfile(name) || EXAMPLES.contains(&name) || is_requirements || is_code {
        Interest::Text
    } else if NAMES.contains(&name) {
        Interest::Name
    } else {
        Interest::Nothing
    }
}

impl Project {
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Paths and texts below a folder (`""` is all) whose names end so, in order.
    pub fn below<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let all = self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        all.filter(move |(path, _)| path.ends_with(ending) && inside(path, folder).is_some())
    }

    /// Examples of `.env` in a folder.
    pub fn examples<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let all = self.below(folder, "");
        all.filter(move |(path, _)| inside(path, folder).is_some_and(|name| EXAMPLES.contains(&name)))
    }
}

/// A path as seen from a folder that it lies below.
pub fn inside<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// A path as it is written in a folder, with its `.` and `..`; nothing if it leaves the project.
pub fn resolve(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!path.starts_with('/')).then(|| parts.join("/"))
}

/// A path of the project as it is written in a folder.
pub fn seen_from(folder: &str, path: &str) -> String {
    let folder: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let path: Vec<&str> = path.split('/').collect();
    let common = folder.iter().zip(&path).take_while(|(one, other)| one == other).count();
    let up = folder[common..].iter().map(|_| "..");
    up.chain(path[common..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// A path below a folder.
pub fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// The folder that a file lies in, and its name.
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// `path:line`, of the first line that holds a text, if there is one by itself; the path alone if none does.
pub fn place(path: &str, text: &str, wanted: &str) -> String {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let alone = |line: &str| {
        line.match_indices(wanted)
            .any(|(at, _)| !line[..at].ends_with(goes_on) && !line[at + wanted.len()..].starts_with(goes_on))
    };
    match text.lines().position(alone).or_else(|| text.lines().position(|line| line.contains(wanted))) {
        Some(at) => format!("{path}:{}", at + 1),
        None => path.to_owned(),
    }
}
