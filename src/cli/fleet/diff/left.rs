//! The other side of a comparison: files that lie somewhere, by the folder that they belong into.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use super::{
    super::{
        DEFAULT, Plan,
        member::{self, Member, Rendered},
        reading,
    },
    objects::Before,
};
use crate::{
    bundle::File,
    cli::commit::Commit,
    deliver::{self, Stray},
    report::{Diagnostic, Of},
    targets::{TARGETS, Target},
};

/// Where files are compared with.
pub enum Left {
    /// A tree on the disk.
    Disk(PathBuf),
    /// The tree of a commit; its folder, from the root of the repository; and all of the commit, where it is asked for.
    Commit(Arc<Commit>, String, OnceLock<Option<Arc<Commit>>>),
    /// What this program renders of the profiles of a commit.
    Rerender(Arc<Commit>),
}

/// A file of the other side.
pub struct Old {
    /// Its folder, as seen from the root of the tree.
    pub at: String,
    /// In its folder.
    pub name: String,
    /// Without header.
    pub body: String,
    /// From what it was rendered, in the words of its header, if it has one.
    pub origin: Option<String>,
    /// The environment and the target that it was rendered for, where that is known.
    pub of: Option<Of>,
}

/// What the other side has of a profile.
pub enum Has {
    /// Whatever lies in the folders of its renderings.
    Folders,
    /// These.
    Files(Vec<Old>),
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
            Member::Rendered(rendered) => Has::Files(files(*rendered)),
        }
    }

    /// The merged profile as a commit has it, for each environment; nothing where no commit is compared with.
    pub fn before(&self, path: &Path, plan: &Plan<'_>) -> Before {
        let commit = match self {
            Left::Disk(_) => None,
            Left::Rerender(commit) => Some(Arc::clone(commit)),
            // Only the tree of it was listed.
            Left::Commit(commit, _, all) => {
                all.get_or_init(|| Commit::open(&commit.id, None).ok().map(Arc::new)).clone()
            }
        };
        let read = commit.filter(|commit| commit.inside(path).is_some_and(|path| commit.has(&path)));
        let read = read.and_then(|commit| reading::read(path, &plan.at(&commit)).ok());
        let readings = read.map(|read| read.readings).unwrap_or_default();
        readings.into_iter().map(|one| (one.env, one.outcome.model)).collect()
    }

    /// The files that lie right in a folder of the tree, in order.
    ///
    /// # Errors
    /// One that cannot be read.
    pub fn folder(&self, at: &str) -> io::Result<Vec<Old>> {
        match self {
            Left::Disk(root) => on_disk(root, at),
            Left::Commit(commit, root, _) => {
                let folder = if root.is_empty() { at.to_owned() } else { format!("{root}/{at}") };
                let is_here = |path: &&str| !path[folder.len() + 1..].contains('/');
                let paths: Vec<&str> = commit.below(&folder).filter(is_here).collect();
                let texts = commit.read(&paths)?;
                let name = |path: &str| path[folder.len() + 1..].to_owned();
                Ok(paths.iter().zip(texts).map(|(path, text)| Old::new(at, name(path), &text)).collect())
            }
            Left::Rerender(_) => Ok(Vec::new()),
        }
    }
}

fn on_disk(root: &Path, at: &str) -> io::Result<Vec<Old>> {
    let entries = match fs::read_dir(root.join(at)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(Old::new(at, entry.file_name().to_string_lossy().into_owned(), &fs::read(entry.path())?));
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// A file in a folder, of which the header tells what it is of.
pub fn stray(at: &str, origin: String) -> Stray {
    Stray { at: at.to_owned(), path: PathBuf::from(at), origin }
}

/// What was rendered, as files of the other side.
pub fn files(rendered: Rendered) -> Vec<Old> {
    let Rendered { outputs, documents, .. } = rendered;
    let of = |(output, (_, _, of)): (deliver::Output, (Vec<File>, usize, Of))| {
        let deliver::Output { at, files, .. } = output;
        let file = move |file: deliver::Document| Old {
            at: at.clone(),
            name: file.path,
            body: file.text,
            origin: None,
            of: Some(of.clone()),
        };
        files.into_iter().map(file)
    };
    outputs.into_iter().zip(documents).flat_map(of).collect()
}

impl Old {
    pub fn new(at: &str, name: String, text: &[u8]) -> Self {
        let deliver::Found { origin, body } = deliver::open(&String::from_utf8_lossy(text));
        let of = origin.as_ref().map(|origin| {
            let stray = stray(at, origin.clone());
            let text = |text: Option<&str>| text.map(str::to_owned);
            Of { profile: text(stray.source()), env: text(stray.env()), target: text(stray.target()) }
        });
        Old { at: at.to_owned(), name, body, origin, of }
    }

    /// What it is of, as a tree names that.
    pub fn of(&self, plan: &Plan<'_>) -> Of {
        let mut of = self.of.clone().unwrap_or_default();
        let is_bare = |target: &&Target| !target.overrides && of.target.as_deref() == Some(target.name);
        if of.env.is_none() && TARGETS.iter().any(|target| is_bare(&target)) {
            of.env = Some(plan.settings.base.clone().unwrap_or_else(|| DEFAULT.to_owned()));
        }
        of
    }

    /// Whether it is among the targets and environments that are asked for. What overrides lie over comes with any of them.
    pub fn is_asked(&self, plan: &Plan<'_>) -> bool {
        let of = self.of(plan);
        let is_in =
            |all: &[String], one: &Option<String>| all.is_empty() || one.as_ref().is_none_or(|one| all.contains(one));
        is_in(plan.targets, &of.target) && is_in(plan.env, &of.env)
    }
}
