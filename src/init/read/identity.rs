//! Which folder is the app's, what it is called, and where its image is kept.

use super::{Language, Seen};
use crate::{
    app,
    init::{
        facts::Fact,
        project::{Project, join, place, split},
        spelling::without_secrets,
    },
};

/// Files that a project of a language has at its top.
const PYTHON: &[&str] = &["pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile", "manage.py"];
const OTHERS: &[&str] = &["package.json", "go.mod", "Cargo.toml", "Dockerfile", "Containerfile"];

/// Packages of Python that answer requests.
const SERVING: &[&str] = &[
    "apiflask",
    "django",
    "esmerald",
    "fastapi",
    "fastapi-slim",
    "flask",
    "gunicorn",
    "litestar",
    "quart",
    "starlette",
    "uvicorn",
    "granian",
    "hypercorn",
    "connexion",
    "falcon",
];

pub fn serves(package: &str) -> bool {
    SERVING.contains(&package)
}

pub fn has_python(project: &Project, folder: &str) -> bool {
    PYTHON.iter().any(|name| project.has(&join(folder, name))) || project.below(folder, ".py").next().is_some()
}

/// The folder of the app: the top, unless one below it has more of a service about it.
pub fn folder(project: &Project) -> Option<String> {
    let mut folders: Vec<&str> = project.files.keys().filter_map(|path| marked(path)).collect();
    folders.retain(|folder| folder.matches('/').count() < 3);
    folders.sort_unstable();
    folders.dedup();
    // The first of the best, which lies higher than what is below it.
    let best = folders.iter().map(|folder| score(project, folder)).max()?;
    folders.into_iter().find(|folder| score(project, folder) == best).map(str::to_owned)
}

/// The folder that a file marks as one of a project.
fn marked(path: &str) -> Option<&str> {
    let (folder, name) = split(path);
    let (above, own) = split(folder);
    if own == "requirements" && name.ends_with(".txt") {
        return Some(above);
    }
    let marks = PYTHON.contains(&name) || OTHERS.contains(&name) || name.ends_with(".py") && folder.is_empty();
    marks.then_some(folder)
}

/// How much a folder looks like the one of the service.
fn score(project: &Project, folder: &str) -> i32 {
    let has = |name: &str| project.has(&join(folder, name));
    let python = super::packages::packages(project, folder);
    let node = super::node::node(project, folder);
    let mut score = -5 * i32::try_from(folder.split('/').filter(|part| !part.is_empty()).count()).unwrap_or(10);
    if python.all.keys().any(|name| serves(name)) {
        score += 100;
    }
    if node.is_some_and(|node| node.serves()) {
        score += 60;
    }
    if has("Dockerfile") || has("Containerfile") {
        score += 30;
    }
    if has("manage.py") || has("go.mod") || has("Cargo.toml") {
        score += 20;
    }
    // A list of packages without a service may be that of a tool.
    if PYTHON.iter().chain(OTHERS).any(|name| has(name)) {
        score += 10;
    }
    let name = folder.rsplit('/').next().unwrap_or(folder);
    if matches!(name, "backend" | "api" | "server" | "app" | "web" | "service") {
        score += 4;
    }
    if matches!(name, "frontend" | "scripts" | "client" | "ui" | "migrations") {
        score -= 8;
    }
    score
}

/// The longest name that leaves room for those of jobs and services.
const LONGEST: usize = 30;

impl Seen<'_> {
    pub(super) fn name(&self) -> Fact<String> {
        let found = self.packages.name.as_ref().map(|(name, at)| Fact::found(name.clone(), at.clone()));
        let node = || self.node.as_ref().and_then(|node| node.name.clone());
        let found = found.or_else(node).or_else(|| self.of_manifest());
        let repository = || {
            self.origin()
                .map(|(_, _, name)| Fact::guessed(name, "as its repository"))
                .filter(|_| self.project.is_repository)
        };
        let folder = || Fact::guessed(self.project.folder.clone(), "as its folder");
        let mut name = found.or_else(repository).unwrap_or_else(folder);
        name.value = label(&name.value).or_else(|| label(&self.project.folder)).unwrap_or_else(|| "app".to_owned());
        name
    }

    /// Of projects in other languages.
    fn of_manifest(&self) -> Option<Fact<String>> {
        if self.language != Language::Other {
            return None;
        }
        let path = join(self.folder, "go.mod");
        if let Some(text) = self.project.text(&path) {
            let module = text.lines().find_map(|line| line.strip_prefix("module "))?.trim();
            let name =
                module.split('/').rfind(|part| !part.trim_start_matches('v').bytes().all(|c| c.is_ascii_digit()))?;
            return Some(Fact::found(name.to_owned(), place(&path, text, "module ")));
        }
        let path = join(self.folder, "Cargo.toml");
        let text = self.project.text(&path)?;
        let table = text.parse::<toml::Table>().unwrap_or_default();
        let name = table.get("package")?.get("name")?.as_str()?.to_owned();
        let at = place(&path, text, &name);
        Some(Fact::found(name, at))
    }

    /// Host, owner and name of the repository.
    fn origin(&self) -> Option<(String, String, String)> {
        let url = self.project.origin.as_deref()?.trim();
        let url = url.trim_end_matches('/').trim_end_matches(".git");
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        // Whoever cloned it may have left a token there.
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        let (host, path) = rest.split_once([':', '/'])?;
        let (owner, name) = path.trim_matches('/').rsplit_once('/')?;
        Some((host.to_lowercase(), owner.trim_matches('/').to_lowercase(), name.to_owned()))
    }

    pub(super) fn image(&self, name: &str) -> Fact<String> {
        let version = self
            .packages
            .version
            .as_ref()
            .map(|(version, _)| version.clone())
            .or_else(|| self.node.as_ref()?.version.as_ref().map(|one| one.value.clone()));
        let version = version.filter(|_| self.language != Language::Other || self.node.is_some());
        let tag = version.as_deref().map_or("0.1.0", |version| version.split('+').next().unwrap_or(version));
        let (registry, why) = match self.origin() {
            Some((host, owner, _)) if host == "github.com" => {
                (format!("ghcr.io/{owner}"), "the registry of its repository")
            }
            Some((host, owner, _)) if host == "gitlab.com" => {
                (format!("registry.gitlab.com/{owner}"), "the registry of its repository")
            }
            _ => ("registry.example.com".to_owned(), "write where your images are"),
        };
        let named = format!("{registry}/{name}:{tag}");
        let fits = app::Image::parse(&named).is_some_and(|image| image.floats().is_none());
        Fact::guessed(if fits { named } else { format!("registry.example.com/{name}:0.1.0") }, why)
    }

    /// What kind of project it is.
    pub(super) fn about(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let place = if self.folder.is_empty() { String::new() } else { format!(" in {}/", self.folder) };
        match self.language {
            Language::Python => {
                let of_image = self.dockerfile.as_ref().and_then(|file| file.python.clone());
                let python = of_image.or_else(|| self.packages.python.clone());
                let version = python.map_or_else(String::new, |(version, at)| format!(" {version} ({at})"));
                let lock = self.packages.lock.as_ref().map_or_else(String::new, |lock| format!(", packages of {lock}"));
                lines.push(format!("A project in Python{version}{place}{lock}."));
            }
            Language::Node => {
                let start = self.node.as_ref().and_then(|node| node.start.as_ref());
                let start = start.map_or_else(String::new, |start| {
                    let open = without_secrets(std::slice::from_ref(&start.value)).0.join(" ");
                    format!("; `npm start` is `{open}` ({})", start.from)
                });
                lines.push(format!("A project in JavaScript{place}{start}."));
            }
            Language::Other => lines.push(format!("A project{place} that is known by its Dockerfile alone.")),
        }
        lines
    }
}

/// A name as objects of a cluster have them (RFC 1123), short enough for those that are made of it.
fn label(name: &str) -> Option<String> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let plain: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let plain: String = parts.join("-").chars().take(LONGEST).collect();
    let plain = plain.trim_matches('-').trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned();
    // Variables that the cluster makes of these two would change the servers of that name.
    (!plain.is_empty() && !matches!(plain.as_str(), "uvicorn" | "granian")).then_some(plain)
}

/// A name for what is called like this; something, whatever that is.
pub fn name(folder: &str) -> String {
    label(folder).unwrap_or_else(|| "app".to_owned())
}
