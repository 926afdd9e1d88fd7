//! From paths of files to the names by which Python imports them.

use super::Source;
use crate::init::project::split;

/// How a file is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// With dots.
    pub name: String,
    /// The folder that has to be on Python's path, as seen from the project's; nothing if it is that, or what it installs.
    pub root: String,
}

/// The module of a file.
pub fn module(source: &Source<'_>, path: &str) -> Module {
    let own = source.own(path);
    let parts: Vec<&str> = own.trim_end_matches(".py").split('/').collect();
    let folders = &parts[..parts.len() - 1];
    let root = root(source, folders);
    let mut names = &parts[root..];
    if names.last() == Some(&"__init__") && names.len() > 1 {
        names = &names[..names.len() - 1];
    }
    let root = folders[..root].join("/");
    Module { name: names.join("."), root: if root == "src" { String::new() } else { root } }
}

/// How many of the folders are on Python's path, and not part of the name.
fn root(source: &Source<'_>, folders: &[&str]) -> usize {
    // Whoever imports a folder by its name has what is above it on the path.
    if let Some(at) = (0..folders.len()).find(|at| is_imported(source, folders, *at)) {
        return at;
    }
    let prefix = if source.folder.is_empty() { String::new() } else { format!("{}/", source.folder) };
    let is_package = |depth: usize| {
        let path = format!("{prefix}{}/__init__.py", folders[..depth].join("/"));
        source.files.contains_key(path.as_str())
    };
    // What imports the files beside it is started in its own folder.
    if !folders.is_empty() && !is_package(folders.len()) && imports_beside(source, &prefix, folders) {
        return folders.len();
    }
    if folders.first() == Some(&"src") && !is_package(1) {
        return usize::from(folders.len() > 1 || imports_beside(source, &prefix, folders));
    }
    (1..=folders.len()).find(|depth| is_package(*depth)).map_or(0, |depth| depth - 1)
}

/// Whether the source imports a folder as a package of the top.
fn is_imported(source: &Source<'_>, folders: &[&str], at: usize) -> bool {
    let name = folders[at];
    // Of a folder with such a name something else may be meant.
    let is_own = |path: &str| {
        source.own(path).starts_with(&format!("{}/", folders[..=at].join("/"))) || at > 0 || !path.contains('/')
    };
    source
        .all()
        .filter(|(path, _)| is_own(path))
        .any(|(_, line)| imports(&line.text).is_some_and(|module| first(module) == name))
}

/// Whether files of a folder import each other without naming it.
fn imports_beside(source: &Source<'_>, prefix: &str, folders: &[&str]) -> bool {
    let folder = format!("{prefix}{}", folders.join("/"));
    let here = |path: &str| split(path).0 == folder;
    let is_beside = |module: &str| {
        let name = first(module);
        let file = format!("{folder}/{name}.py");
        let package = format!("{folder}/{name}/");
        !name.is_empty() && source.files.keys().any(|path| *path == file || path.starts_with(&package))
    };
    source.all().filter(|(path, _)| here(path)).any(|(_, line)| imports(&line.text).is_some_and(is_beside))
}

/// The module that a statement imports.
pub fn imports(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("from ").or_else(|| text.strip_prefix("import "))?;
    rest.split([' ', ',']).find(|word| !word.is_empty())
}

fn first(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}
