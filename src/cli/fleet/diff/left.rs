//! The other side of a comparison: files that lie somewhere, by the folder that they belong into.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::super::{
    Plan,
    member::{self, Member},
};
use crate::{cli::commit::Commit, deliver, report::Diagnostic};

/// Where files are compared with.
pub enum Left {
    /// A tree on the disk.
    Disk(PathBuf),
    /// The tree of a commit; its folder, from the root of the repository.
    Commit(Arc<Commit>, String),
    /// What this program renders of the profiles of a commit.
    Rerender(Arc<Commit>),
}

/// A file of the other side.
pub struct Old {
    /// In its folder.
    pub name: String,
    /// Without header.
    pub body: String,
    /// From what it was rendered, in the words of its header, if it has one.
    pub origin: Option<String>,
}

/// What the other side has of a profile.
pub enum Has {
    /// Whatever lies in the folders of its renderings.
    Folders,
    /// These, each with its folder.
    Files(Vec<(String, Old)>),
    Wrong(Vec<Diagnostic>),
}

impl Left {
    /// What is there of a profile.
    pub fn of(&self, path: &Path, plan: &Plan<'_>) -> Has {
        let Left::Rerender(commit) = self else { return Has::Folders };
        if !commit.inside(path).is_some_and(|path| commit.has(&path)) {
            return Has::Files(Vec::new());
        }
        match member::render(path, &plan.at(commit)) {
            Member::PassedOver { .. } => Has::Files(Vec::new()),
            Member::Wrong { told, .. } => Has::Wrong(told.each),
            Member::Rendered(rendered) => {
                let of = |output: deliver::Output| {
                    output.files.into_iter().map(move |file| (output.at.clone(), Old::rendered(file)))
                };
                Has::Files(rendered.outputs.into_iter().flat_map(of).collect())
            }
        }
    }

    /// The files that lie right in a folder of the tree, in order.
    ///
    /// # Errors
    /// One that cannot be read.
    pub fn folder(&self, at: &str) -> io::Result<Vec<Old>> {
        match self {
            Left::Disk(root) => on_disk(&root.join(at)),
            Left::Commit(commit, root) => {
                let folder = if root.is_empty() { at.to_owned() } else { format!("{root}/{at}") };
                let is_here = |path: &&str| !path[folder.len() + 1..].contains('/');
                let paths: Vec<&str> = commit.below(&folder).filter(is_here).collect();
                let texts = commit.read(&paths)?;
                let name = |path: &str| path[folder.len() + 1..].to_owned();
                Ok(paths.iter().zip(texts).map(|(path, text)| Old::new(name(path), &text)).collect())
            }
            Left::Rerender(_) => Ok(Vec::new()),
        }
    }
}

fn on_disk(folder: &Path) -> io::Result<Vec<Old>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(Old::new(entry.file_name().to_string_lossy().into_owned(), &fs::read(entry.path())?));
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

impl Old {
    /// One that this program has just rendered.
    pub fn rendered(file: deliver::Document) -> Self {
        Old { name: file.path, body: file.text, origin: None }
    }

    pub fn new(name: String, text: &[u8]) -> Self {
        let deliver::Found { origin, body } = deliver::open(&String::from_utf8_lossy(text));
        Old { name, body, origin }
    }
}
