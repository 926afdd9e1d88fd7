//! `--changed-since REF`: what git says has changed.

use std::{
    collections::BTreeSet,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

use super::super::rendering::Reads;

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
        let top = git(Path::new("."), &["rev-parse", "--show-toplevel"])?;
        let repository = fs::canonicalize(line(&top)).map_err(|error| format!("{}: {error}", line(&top)))?;
        let commit = format!("{reference}^{{commit}}");
        let Ok(commit) = git(&repository, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]) else {
            return Err(format!("git knows no `{reference}` here\nhelp: {}", fetch(&repository)));
        };
        let Ok(base) = git(&repository, &["merge-base", line(&commit), "HEAD"]) else {
            return Err(format!(
                "git finds nothing that `{reference}` and the current commit have in common\nhelp: {}",
                fetch(&repository)
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

fn fetch(repository: &Path) -> String {
    let shallow = git(repository, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| line(&said) == "true");
    if shallow {
        "the clone is shallow; fetch all of its history (`fetch-depth: 0` in GitHub's checkout, `GIT_DEPTH: 0` in GitLab)"
            .into()
    } else {
        "name a branch, a tag or a commit that this repository has; `git fetch` brings those of others".into()
    }
}

fn line(text: &str) -> &str {
    text.trim_end_matches(['\r', '\n'])
}

fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let ran = Command::new("git").arg("-C").arg(folder).arg("--no-optional-locks").args(arguments).output();
    let output = ran.map_err(|error| match error.kind() {
        ErrorKind::NotFound => "`--changed-since` asks git, which is not there\nhelp: install git".to_owned(),
        _ => format!("git cannot be run: {error}"),
    })?;
    if !output.status.success() {
        return Err(format!("git says: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| "git names a file whose name is no text".into())
}
