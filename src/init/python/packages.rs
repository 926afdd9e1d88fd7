//! What a Python project depends on, and by what it is installed.

use std::collections::{BTreeMap, BTreeSet};

use crate::init::project::{Project, join, place, resolve, split};

/// A dependency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    pub extras: BTreeSet<String>,
    /// `path:line`.
    pub at: String,
}

/// What the files of a folder say about packages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packages {
    /// By normalised name (PEP 503).
    pub all: BTreeMap<String, Package>,
    /// Of the project itself, and where that stands.
    pub name: Option<(String, String)>,
    pub version: Option<(String, String)>,
    /// What `[tool.fastapi] entrypoint` names, and where.
    pub entry: Option<(String, String)>,
    pub python: Option<(String, String)>,
    /// What fixes the versions.
    pub lock: Option<String>,
}

impl Packages {
    pub fn has(&self, name: &str) -> bool {
        self.all.contains_key(name)
    }

    pub fn at(&self, name: &str) -> Option<&str> {
        self.all.get(name).map(|package| package.at.as_str())
    }

    /// The first of several that is there.
    pub fn first<'a>(&self, names: &[&'a str]) -> Option<&'a str> {
        names.iter().copied().find(|name| self.has(name))
    }

    fn add(&mut self, requirement: &str, path: &str, text: &str) {
        let requirement = requirement.trim();
        let end = requirement.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
        let (name, rest) = requirement.split_at(end.unwrap_or(requirement.len()));
        if name.is_empty() {
            return;
        }
        let extras =
            rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or("", |(inner, _)| inner);
        let package = self.all.entry(normalised(name)).or_default();
        package
            .extras
            .extend(extras.split(',').map(|extra| extra.trim().to_lowercase()).filter(|extra| !extra.is_empty()));
        if package.at.is_empty() {
            package.at = place(path, text, name);
        }
    }
}

fn normalised(name: &str) -> String {
    name.to_lowercase().split(['-', '_', '.']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// Groups that do not come along into production.
const ASIDE: &[&str] =
    &["dev", "test", "tests", "doc", "docs", "lint", "typing", "types", "format", "check", "local", "ci"];

pub fn packages(project: &Project, folder: &str) -> Packages {
    let mut packages = Packages::default();
    let file = |path: String| project.text(&path).map(|text| (path, text));
    if let Some((path, text)) = file(join(folder, "pyproject.toml")) {
        pyproject(text, &path, &mut packages);
    }
    if let Some((path, text)) = file(join(folder, "Pipfile")) {
        let table = text.parse::<toml::Table>().unwrap_or_default();
        table_names(table.get("packages"), &path, text, &mut packages);
    }
    let mut lists = Vec::new();
    for (path, text) in project.below(folder, "") {
        let (own, name) = split(path);
        let below = own.strip_prefix(folder).map(|rest| rest.trim_start_matches('/'));
        let near = matches!(below, Some("" | "requirements"));
        let aside = name.split(['.', '-', '_']).any(|word| ASIDE.contains(&word));
        let listed = name.contains("requirements") || own.ends_with("requirements");
        if near && listed && !aside && (name.ends_with(".txt") || name.ends_with(".in")) {
            text.lines()
                .filter(|line| !line.trim_start().starts_with(['#', '-']))
                .for_each(|line| packages.add(line, path, text));
            lists.push(path);
        }
    }
    if let Some((path, text)) = file(join(folder, "setup.cfg")) {
        ini_list(text, "install_requires").for_each(|line| packages.add(line, &path, text));
    }
    if let Some((path, text)) = file(join(folder, "setup.py")) {
        let listed = text
            .split_once("install_requires")
            .and_then(|(_, rest)| Some(super::syntax::within(&rest[rest.find('[')?..])));
        let words = super::syntax::split(listed.unwrap_or_default(), ',');
        words.iter().filter_map(|word| super::syntax::literal(word)).for_each(|word| packages.add(word, &path, text));
    }
    python(project, folder, &mut packages);
    // A lock file says more than the list beside it.
    let locks = ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"].map(|name| join(folder, name));
    packages.lock = locks.into_iter().find(|path| project.has(path)).or_else(|| listed(project, folder, &lists));
    packages
}

/// Lists of packages by their names below a folder, the best first: what is installed in production, and what others
/// are made of.
const LISTS: &[&str] = &[
    "requirements.txt",
    "requirements/production.txt",
    "requirements/prod.txt",
    "requirements/requirements.txt",
    "requirements/base.txt",
    "requirements/main.txt",
];

/// The list that says what is installed.
fn listed(project: &Project, folder: &str, lists: &[&str]) -> Option<String> {
    let known = LISTS.iter().map(|name| join(folder, name)).find(|path| lists.contains(&path.as_str()));
    let first =
        || lists.iter().find(|path| path.ends_with(".txt")).or_else(|| lists.first()).map(|&path| path.to_owned());
    let found = known.or_else(first)?;
    // One that says nothing but where another is.
    let lines = project.text(&found).unwrap_or_default().lines().map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let [only] = lines.as_slice() else { return Some(found) };
    let other = included(only).and_then(|path| resolve(split(&found).0, path)).filter(|path| project.has(path));
    Some(other.unwrap_or(found))
}

/// The file that a line of a list of packages names: further packages, or versions of them.
pub fn included(line: &str) -> Option<&str> {
    let line = line.trim();
    let flags = ["-r", "--requirement", "-c", "--constraint"];
    let rest = flags.iter().find_map(|flag| line.strip_prefix(flag).filter(|rest| rest.starts_with([' ', '='])))?;
    Some(rest.trim_start_matches(['=', ' ']).split(" #").next().unwrap_or(rest).trim())
}

fn pyproject(text: &str, path: &str, packages: &mut Packages) {
    let table = text.parse::<toml::Table>().unwrap_or_default();
    let get =
        |keys: &[&str]| keys.iter().try_fold(&toml::Value::Table(table.clone()), |value, key| value.get(key)).cloned();
    let text_of = |keys: &[&str]| {
        let found = get(keys)?;
        let found = found.as_str()?.to_owned();
        let at = place(path, text, &found);
        Some((found, at))
    };
    packages.name = text_of(&["project", "name"]).or_else(|| text_of(&["tool", "poetry", "name"]));
    packages.version = text_of(&["project", "version"]).or_else(|| text_of(&["tool", "poetry", "version"]));
    packages.entry = text_of(&["tool", "fastapi", "entrypoint"]);
    packages.python =
        text_of(&["project", "requires-python"]).or_else(|| text_of(&["tool", "poetry", "dependencies", "python"]));
    let mut lists = vec![get(&["project", "dependencies"])];
    let optional = get(&["project", "optional-dependencies"]);
    let groups = optional.as_ref().and_then(toml::Value::as_table).into_iter().flatten();
    lists.extend(groups.filter(|(name, _)| !ASIDE.contains(&name.as_str())).map(|(_, list)| Some(list.clone())));
    for list in lists.iter().flatten().filter_map(toml::Value::as_array) {
        list.iter().filter_map(toml::Value::as_str).for_each(|word| packages.add(word, path, text));
    }
    table_names(get(&["tool", "poetry", "dependencies"]).as_ref(), path, text, packages);
    table_names(get(&["tool", "poetry", "group", "main", "dependencies"]).as_ref(), path, text, packages);
}

/// Dependencies as the keys of a table.
fn table_names(table: Option<&toml::Value>, path: &str, text: &str, packages: &mut Packages) {
    for (name, value) in
        table.and_then(toml::Value::as_table).into_iter().flatten().filter(|(name, _)| *name != "python")
    {
        let extras =
            value.get("extras").and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str);
        let extras: Vec<&str> = extras.collect();
        packages.add(&format!("{name}[{}]", extras.join(",")), path, text);
    }
}

/// The lines of a value that is indented below its key.
fn ini_list<'a>(text: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    let mut lines = text.lines().skip_while(move |line| !line.starts_with(key));
    lines.next();
    lines.take_while(|line| line.starts_with([' ', '\t']) || line.is_empty())
}

/// Which Python it is, the most exact word first.
fn python(project: &Project, folder: &str, packages: &mut Packages) {
    for name in [".python-version", "runtime.txt"] {
        let path = join(folder, name);
        let version = project
            .text(&path)
            .and_then(|text| text.lines().next())
            .map(|line| line.trim().trim_start_matches("python-"));
        if let Some(version) = version.filter(|version| version.starts_with(|c: char| c.is_ascii_digit())) {
            packages.python = Some((version.to_owned(), path));
            return;
        }
    }
}
