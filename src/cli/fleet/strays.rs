//! A walk through a tree, for files of ours in folders that nothing is rendered into.

use std::path::{Path, PathBuf};

use super::{
    Plan,
    crew::{self, Shown},
};
use crate::deliver::{self, Error, Places, Stray};

/// What a walk through a tree finds.
#[derive(Default)]
pub struct Strays {
    pub files: Vec<Stray>,
    /// Files that a killed run did not finish. No reader takes them for anything.
    pub unfinished: Vec<PathBuf>,
}

/// Walks through the tree, without following links, on all threads: it may have many more folders than this run has
/// profiles. Files that do not matter are not kept in memory: there may be a million.
///
/// # Errors
/// A folder that cannot be listed, or a file that cannot be read.
pub fn strays(
    plan: &Plan<'_>,
    rendered: &Places<'_>,
    matters: &(dyn Fn(&Stray) -> bool + Sync),
) -> Result<Strays, Error> {
    let mut found = Strays::default();
    // Nearly all folders of a tree are those that were just compared.
    let is_done = |at: &String| rendered.get(at.as_str()).is_some_and(|rest| rest.is_some_and(<[_]>::is_empty));
    let mut level = vec![String::new()];
    while !level.is_empty() {
        let look = |at: usize| look(&plan.root, &level[at], rendered, matters);
        let mut next = Vec::new();
        for folder in crew::each(level.len(), plan.jobs, &Shown::nothing(), look) {
            let (folders, strays) = folder?;
            next.extend(folders.into_iter().filter(|at| !is_done(at)));
            found.files.extend(strays.files);
            found.unfinished.extend(strays.unfinished);
        }
        level = next;
    }
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The folders in a folder, and what else in it matters.
fn look(
    root: &Path,
    at: &str,
    rendered: &Places<'_>,
    matters: &dyn Fn(&Stray) -> bool,
) -> Result<(Vec<String>, Strays), Error> {
    let holds = deliver::within(root, at, rendered)?;
    let mut strays = Strays { files: Vec::new(), unfinished: holds.unfinished };
    for path in holds.files {
        strays.files.extend(deliver::stray(at, path)?.filter(|stray| matters(stray)));
    }
    Ok((holds.folders, strays))
}
