//! What lies in a tree besides what is rendered into it: what other runs left.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{Error, Finding, check::orphan, folder, header};

/// A file that bears our header, in a folder that nothing is rendered into.
pub struct Stray {
    /// The folder, as seen from the root of the tree, with `/`.
    pub at: String,
    pub path: PathBuf,
    /// From what it was rendered, in the words of its header.
    pub origin: String,
}

/// What a folder of a tree holds.
#[derive(Default)]
pub struct Holds {
    /// As seen from the root of the tree. Hidden ones are other tools'.
    pub folders: Vec<String>,
    /// Files that a killed run did not finish.
    pub unfinished: Vec<PathBuf>,
    /// Files, unless something is rendered into the folder, by name.
    pub files: Vec<PathBuf>,
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

    /// How people are told of it; nothing if it is gone by now.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn finding(&self) -> Result<Option<Finding>, Error> {
        let file = folder::astray(&self.path, name(&self.path))?;
        Ok(file.map(|file| orphan(self.path.clone(), &file, &[])))
    }

    /// Whether a person changed it since it was rendered; of a file that is gone by now, too.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn is_edited(&self) -> Result<bool, Error> {
        Ok(folder::astray(&self.path, name(&self.path))?.is_none_or(|file| file.edited))
    }
}

/// Folders that something is rendered into, as seen from the root of the tree, and what of each the walk goes on with, if
/// the folder was listed.
pub type Places<'a> = BTreeMap<&'a str, Option<&'a [String]>>;

/// What a folder of a tree holds; nothing if there is no tree.
///
/// # Errors
/// It cannot be listed.
pub fn within(root: &Path, at: &str, rendered: &Places<'_>) -> Result<Holds, Error> {
    let here = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let mut holds = Holds::default();
    if at.is_empty() && !folder::exists(here)? {
        return Ok(holds);
    }
    let known = rendered.get(at);
    let rest = match known.copied().flatten() {
        Some(rest) => Cow::Borrowed(rest),
        None => Cow::Owned(list((root, here), at, known.is_some(), &mut holds.files)?),
    };
    for name in rest.iter() {
        match folder::is_temporary(name) {
            true => holds.unfinished.push(folder::join(root, at).join(name)),
            false => holds.folders.push(if at.is_empty() { name.clone() } else { format!("{at}/{name}") }),
        }
    }
    Ok(holds)
}

/// What the walk goes on with in a folder, and its files, unless something is rendered into it.
fn list(
    (root, here): (&Path, &Path),
    at: &str,
    is_rendered: bool,
    files: &mut Vec<PathBuf>,
) -> Result<Vec<String>, Error> {
    let dir = folder::join(here, at);
    let failed = |error| Error::io("list the folder", &dir)(error);
    let mut rest = Vec::new();
    for entry in fs::read_dir(&dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (kind, name) = (entry.file_type().map_err(failed)?, entry.file_name());
        if let Some(name) = folder::as_rest(&name, kind) {
            rest.push(name.to_owned());
        } else if kind.is_file() && !is_rendered {
            files.push(folder::join(root, at).join(&name));
        }
    }
    files.sort_unstable();
    Ok(rest)
}

/// A file of a folder of a tree, if it bears our header.
///
/// # Errors
/// It cannot be read.
pub fn stray(at: &str, path: PathBuf) -> Result<Option<Stray>, Error> {
    let name = name(&path);
    let origin = folder::origin(&path, &name)?;
    Ok(origin.map(|origin| Stray { at: at.to_owned(), path, origin }))
}

/// A file of a tree, if it bears our header.
///
/// # Errors
/// It cannot be read.
pub fn known(root: &Path, path: &Path) -> Result<Option<Stray>, Error> {
    let at = path.parent().and_then(|folder| folder.strip_prefix(root).ok()).unwrap_or(Path::new(""));
    let at: Vec<_> = at.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    stray(&at.join("/"), path.to_path_buf())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
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
