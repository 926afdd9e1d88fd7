//! `--changed-since REF`: what git says has changed.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::cli::{
    git::{commit, git, line, missing, repository},
    rendering::Reads,
};

/// The files that differ from where a branch began, as they lie in the working folder; those that git does not know
/// yet, too.
pub struct Changed {
    repository: PathBuf,
    files: BTreeSet<PathBuf>,
}

impl Changed {
    /// Asks git about the repository around the current folder.
    ///
    /// # Errors
    /// What git says, and what to do about it. Never is a history that is not there taken for "nothing changed".
    pub fn since(reference: &str) -> Result<Self, String> {
        let repository = repository()?;
        let commit = commit(&repository, reference)?;
        let Ok(base) = git(&repository, &["merge-base", &commit, "HEAD"]) else {
            return Err(format!(
                "git finds nothing that `{reference}` and the current commit have in common\nhelp: {}",
                missing(&repository)
            ));
        };
        let ours = ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", line(&base), "--"];
        let mut names = git(&repository, &ours)?;
        names.push_str(&git(&repository, &["ls-files", "--others", "--exclude-standard", "-z"])?);
        let files = names.split('\0').filter(|name| !name.is_empty()).map(|name| repository.join(name)).collect();
        Ok(Changed { repository, files })
    }

    /// Whether a file has changed. Of one that git does not keep nobody knows.
    pub fn has(&self, file: &Path) -> bool {
        self.files.contains(file) || !file.starts_with(&self.repository)
    }

    /// Whether anything in a folder has.
    pub fn below(&self, folder: &Path) -> bool {
        // Paths are in the order of their parts.
        self.files.range(folder.to_path_buf()..).next().is_some_and(|first| first.starts_with(folder))
    }

    /// Whether anything has that was read, or that is gone from where it was looked for.
    pub fn any(&self, reads: &Reads) -> bool {
        reads.files.iter().any(|file| self.has(file)) || reads.folders.iter().any(|folder| self.below(folder))
    }
}
