//! A walk through a tree, for files of ours in folders that nothing is rendered into.

use std::path::{Path, PathBuf};

use super::{
    Plan,
    crew::{self, Shown},
};
use crate::deliver::{self, Error, Holds, Places, Stray};

/// What a walk through a tree finds.
#[derive(Default)]
pub struct Strays {
    pub files: Vec<Stray>,
    /// Files that a killed run did not finish. No reader takes them for anything.
    pub unfinished: Vec<PathBuf>,
}

/// Walks through the tree, without following links, on all threads: it may have many more folders than this run has
/// profiles. All files of a folder are of one app, so that the first of ours tells whether the others matter.
///
/// # Errors
/// A folder that cannot be listed, or a file that cannot be read.
pub fn strays(plan: &Plan<'_>, rendered: &Places<'_>, matters: &dyn Fn(&Stray) -> bool) -> Result<Strays, Error> {
    let root = &plan.root;
    let mut found = Strays::default();
    // Nearly all folders of a tree are those that were just compared.
    let is_done = |at: &String| rendered.get(at.as_str()).is_some_and(|rest| rest.is_some_and(<[_]>::is_empty));
    let mut level = vec![String::new()];
    while !level.is_empty() {
        let look = |at: usize| look(root, &level[at], rendered);
        let folders = crew::each(level.len(), plan.jobs, &Shown::nothing(), look);
        let mut next = Vec::new();
        for (at, folder) in level.iter().zip(folders) {
            let (Holds { folders, unfinished, files: rest }, first) = folder?;
            next.extend(folders.into_iter().filter(|at| !is_done(at)));
            found.unfinished.extend(unfinished);
            if let Some(first) = first.filter(|first| matters(first)) {
                found.files.push(first);
                for path in rest {
                    found.files.extend(deliver::stray(at, path)?);
                }
            }
        }
        level = next;
    }
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// What a folder holds, the first file of ours, and the files after it.
fn look(root: &Path, at: &str, rendered: &Places<'_>) -> Result<(Holds, Option<Stray>), Error> {
    let mut holds = deliver::within(root, at, rendered)?;
    let mut files = std::mem::take(&mut holds.files).into_iter();
    let first = files.by_ref().find_map(|path| deliver::stray(at, path).transpose()).transpose()?;
    holds.files = files.collect();
    Ok((holds, first))
}
