//! A rendering into a folder: everything, or nothing.

use std::{
    collections::BTreeSet,
    fmt,
    fs::{self, File, Permissions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{
    Error, Finding, Output, State,
    check::{Survey, survey},
    folder::TEMPORARY,
};

/// What was written, and what else lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The files that were written, and what they were before.
    pub written: Vec<Finding>,
    /// How many files were as rendered, and stayed untouched.
    pub kept: usize,
    /// What other runs left, and is no part of the rendering; it is not deleted.
    pub orphans: Vec<Finding>,
}

/// Writes renderings into a folder, which is made if it is missing. Files that are as rendered stay untouched, all
/// others are replaced whole, and only after every one of them lies complete on the disk under another name.
///
/// # Errors
/// Anything that [`super::check()`] returns; files that a person wrote or changed, unless forced; links, rivals, and
/// whatever the disk does not allow. Nothing is written then; [`Error::Halfway`] is the exception, and says so.
pub fn write(outputs: &(impl AsRef<[Output]> + ?Sized), dir: &Path, force: bool) -> Result<Report, Error> {
    write_over(outputs, dir, force, &BTreeSet::new())
}

/// Like [`write()`], and also over these files of ours, which were rendered from something that is no more.
///
/// # Errors
/// Those of [`write()`].
pub fn write_over(
    outputs: &(impl AsRef<[Output]> + ?Sized),
    dir: &Path,
    force: bool,
    abandoned: &BTreeSet<PathBuf>,
) -> Result<Report, Error> {
    let Survey { files, rivals, orphans, strangers: _, rest: _ } = survey(outputs.as_ref(), dir, &|_| false)?;
    let found = files.iter().map(|(finding, _)| finding).chain(&rivals);
    let may = |finding: &Finding| finding.state == State::Other && abandoned.contains(&finding.path);
    let refused: Vec<Finding> =
        found.filter(|finding| finding.state.refused(force) && !may(finding)).cloned().collect();
    if !refused.is_empty() {
        return Err(Error::Refused(refused));
    }
    let all = files.len();
    let mut staged = Staged::default();
    let mut written = Vec::new();
    for (finding, fresh) in files.into_iter().filter(|(finding, _)| finding.state.differs()) {
        staged.add(&finding.path, &fresh.text())?;
        written.push(finding);
    }
    staged.replace()?;
    Ok(Report { kept: all - written.len(), written, orphans })
}

/// Writes a file that is its reader's from then on, so it has no header.
///
/// # Errors
/// A file of that name, unless forced, and whatever the disk does not allow. Nothing is written then.
pub fn new(path: &Path, text: &str, force: bool) -> Result<(), Error> {
    let mut staged = Staged::default();
    // First, so that no folder is made for nothing.
    if !force && fs::symlink_metadata(path).is_ok() {
        return Err(Error::There(path.to_path_buf()));
    }
    staged.add(path, text)?;
    if force { staged.replace() } else { staged.place() }
}

/// Replaces files that are their readers' by changed ones: all of them, or none.
///
/// # Errors
/// Whatever the disk does not allow. Nothing is written then; [`Error::Halfway`] is the exception, and says so.
pub fn rewrite(files: &[(PathBuf, String)]) -> Result<(), Error> {
    let mut staged = Staged::default();
    for (path, text) in files {
        staged.add(path, text)?;
    }
    staged.replace()
}

/// Complete files under names that nobody reads, and the folders made for them. Dropped, they leave nothing behind.
#[derive(Default)]
pub(super) struct Staged {
    /// Before the folders, since fields are dropped in order.
    files: Vec<(NamedTempFile, PathBuf)>,
    folders: NewFolders,
}

impl Staged {
    pub fn add(&mut self, path: &Path, text: &str) -> Result<(), Error> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        self.folders.make(parent)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
        // Opened by us, so that its permissions are those of any new file, and errors are without its random name.
        let mut file =
            builder.make_in(parent, |at| File::create_new(at)).map_err(Error::io("make a file in", parent))?;
        file.as_file_mut().write_all(text.as_bytes()).map_err(Error::io("write", path))?;
        if let Some(permissions) = permissions(path) {
            file.as_file().set_permissions(permissions).map_err(Error::io("set the permissions of", path))?;
        }
        self.files.push((file, path.to_path_buf()));
        Ok(())
    }

    pub fn replace(mut self) -> Result<(), Error> {
        let all = self.files.len();
        for (replaced, (file, path)) in std::mem::take(&mut self.files).into_iter().enumerate() {
            if let Err(failed) = file.persist(&path) {
                let error = failed.error;
                return Err(match replaced {
                    0 => Error::Io { doing: "replace", path, error },
                    _ => Error::Halfway { path, error, replaced, all },
                });
            }
        }
        self.folders.0.clear();
        Ok(())
    }

    /// Puts files where none are, even if some have come in between.
    fn place(mut self) -> Result<(), Error> {
        for (file, path) in std::mem::take(&mut self.files) {
            file.persist_noclobber(&path).map_err(|failed| match failed.error.kind() {
                io::ErrorKind::AlreadyExists => Error::There(path),
                _ => Error::Io { doing: "write", path, error: failed.error },
            })?;
        }
        self.folders.0.clear();
        Ok(())
    }
}

/// Those of the file that is to be replaced: somebody chose them.
fn permissions(path: &Path) -> Option<Permissions> {
    fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|found| found.permissions())
}

/// Folders that did not exist, to be removed again unless they were needed.
#[derive(Debug, Default)]
pub(super) struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    pub fn make(&mut self, folder: &Path) -> Result<(), Error> {
        let missing = folder.ancestors().take_while(|at| !at.as_os_str().is_empty() && !at.exists());
        self.0.extend(missing.map(Path::to_path_buf));
        fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        self.0.sort();
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder); // one that is not empty is somebody's, and stays
        }
    }
}

/// A line for each file that was written and for each orphan, without a last line end; nothing if there are none.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.written.iter().map(Finding::as_written).chain(self.orphans.iter().map(Finding::to_string));
        lines.collect::<Vec<_>>().join("\n").fmt(f)
    }
}
