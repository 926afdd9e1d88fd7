//! What lies in a tree besides what is rendered into it: what other runs left.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{
    Error, Finding,
    check::orphan,
    folder::{self, Astray},
    header,
};

/// A file that bears our header, in a folder that nothing is rendered into.
pub struct Stray {
    /// The folder, as seen from the root of the tree, with `/`.
    pub at: String,
    pub finding: Finding,
    /// From what it was rendered, in the words of its header.
    pub origin: String,
    /// Whether a person changed it since.
    pub is_edited: bool,
}

/// What a walk through a tree finds.
#[derive(Default)]
pub struct Strays {
    pub files: Vec<Stray>,
    /// Files that a killed run did not finish. No reader takes them for anything.
    pub unfinished: Vec<PathBuf>,
}

impl Stray {
    /// What its header calls the profile.
    pub fn source(&self) -> Option<&str> {
        header::source(&self.origin)
    }

    /// The environment that its header names, if any.
    pub fn env(&self) -> Option<&str> {
        header::env(&self.origin)
    }

    /// The target that its header names.
    pub fn target(&self) -> Option<&str> {
        header::target(&self.origin)
    }
}

/// Folders that something is rendered into, as seen from the root of the tree, and what of each the walk goes on with, if
/// the folder was listed.
pub type Places<'a> = BTreeMap<&'a str, Option<&'a [String]>>;

/// Walks through a tree, without following links, for files of ours in folders that are not among `rendered`. Hidden
/// folders are other tools'.
///
/// # Errors
/// A folder that cannot be listed, or a file that cannot be read.
pub fn strays(root: &Path, rendered: &Places<'_>) -> Result<Strays, Error> {
    let mut found = Strays::default();
    let here = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let mut folders = if folder::exists(here)? { vec![String::new()] } else { Vec::new() };
    while let Some(at) = folders.pop() {
        let known = rendered.get(at.as_str());
        let rest = match known.copied().flatten() {
            // Nearly all folders of a tree are those that were just compared.
            Some(rest) => Cow::Borrowed(rest),
            None => Cow::Owned(list(root, here, &at, known.is_some(), &mut found.files)?),
        };
        for name in rest.iter() {
            match folder::is_temporary(name) {
                true => found.unfinished.push(folder::join(root, &at).join(name)),
                false => folders.push(if at.is_empty() { name.clone() } else { format!("{at}/{name}") }),
            }
        }
    }
    found.files.sort_by(|a, b| a.finding.path.cmp(&b.finding.path));
    Ok(found)
}

/// What the walk goes on with in a folder, and the files of ours there, unless something is rendered into it.
fn list(root: &Path, here: &Path, at: &str, is_rendered: bool, files: &mut Vec<Stray>) -> Result<Vec<String>, Error> {
    let dir = folder::join(here, at);
    let failed = |error| Error::io("list the folder", &dir)(error);
    let mut rest = Vec::new();
    for entry in fs::read_dir(&dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (kind, name) = (entry.file_type().map_err(failed)?, entry.file_name().to_string_lossy().into_owned());
        if folder::is_rest(&name, kind) {
            rest.push(name);
        } else if kind.is_file() && !is_rendered {
            let path = folder::join(root, at).join(&name);
            let file = folder::astray(&entry.path(), name)?;
            files.extend(file.map(|file| stray(at, path, file)));
        }
    }
    Ok(rest)
}

fn stray(at: &str, path: PathBuf, file: Astray) -> Stray {
    Stray { at: at.to_owned(), finding: orphan(path, &file, &[]), is_edited: file.edited, origin: file.origin }
}

/// A file of a tree, if it bears our header.
///
/// # Errors
/// It cannot be read.
pub fn known(root: &Path, path: &Path) -> Result<Option<Stray>, Error> {
    let at = path.parent().and_then(|folder| folder.strip_prefix(root).ok()).unwrap_or(Path::new(""));
    let at: Vec<_> = at.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file = folder::astray(path, name)?;
    Ok(file.map(|file| stray(&at.join("/"), path.to_path_buf(), file)))
}

/// Deletes files of ours that no person changed, others only if forced, and the folders under the root that are empty then. Gives back those
/// that stay.
///
/// # Errors
/// A file that cannot be deleted; others may be gone by then.
pub fn prune(orphans: &[Finding], root: &Path, force: bool) -> Result<Vec<Finding>, Error> {
    let mut kept = Vec::new();
    for orphan in orphans {
        let text = fs::read(&orphan.path).unwrap_or_default();
        let ours = header::find(&String::from_utf8_lossy(&text)).is_some_and(|file| force || file.intact());
        if !ours {
            kept.push(orphan.clone());
            continue;
        }
        remove(&orphan.path)?;
        let above = orphan.path.ancestors().skip(1).take_while(|at| *at != root && at.starts_with(root));
        // One that is not empty stays, and all above it.
        let _ = above.map(fs::remove_dir).take_while(io::Result::is_ok).count();
    }
    Ok(kept)
}

/// Deletes what killed runs did not finish. Only for whoever holds the [`super::Lock`].
///
/// # Errors
/// A file that cannot be deleted.
pub fn sweep(unfinished: &[PathBuf]) -> Result<(), Error> {
    unfinished.iter().try_for_each(|path| remove(path))
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("delete", path)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
