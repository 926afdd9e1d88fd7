//! What git knows.

use std::{
    collections::BTreeSet,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

/// The repository around the current folder, without links.
///
/// # Errors
/// What git says.
pub fn repository() -> Result<PathBuf, String> {
    let top = git(Path::new("."), &["rev-parse", "--show-toplevel"])?;
    fs::canonicalize(line(&top)).map_err(|error| format!("{}: {error}", line(&top)))
}

/// The commit that a revision stands for.
///
/// # Errors
/// There is none, and what to do about it.
pub fn commit(repository: &Path, reference: &str) -> Result<String, String> {
    let commit = format!("{reference}^{{commit}}");
    match git(repository, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]) {
        Ok(id) => Ok(line(&id).to_owned()),
        Err(_) => Err(format!("git knows no `{reference}` here\nhelp: {}", missing(repository))),
    }
}

/// The files that a repository has and that a sparse checkout leaves out; nothing if git is needed to know, and does not
/// tell.
pub fn not_checked_out(repository: &Path) -> Option<BTreeSet<PathBuf>> {
    let Ok(listed) = git(repository, &["ls-files", "-t", "-z"]) else {
        // No git, no repository for git, or one that this user may not ask about.
        let own = repository.join(".git");
        let elsewhere = fs::read_to_string(&own).ok();
        let own = elsewhere
            .as_deref()
            .and_then(|text| text.strip_prefix("gitdir: "))
            .map_or(own, |path| repository.join(line(path)));
        return (!own.join("info/sparse-checkout").exists()).then(BTreeSet::new);
    };
    let skipped = listed.split('\0').filter_map(|line| line.strip_prefix("S "));
    Some(skipped.map(|name| repository.join(name)).collect())
}

/// What to do about a history that is not there.
pub fn missing(repository: &Path) -> String {
    let shallow = git(repository, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| line(&said) == "true");
    if shallow {
        "the clone is shallow; fetch all of its history (`fetch-depth: 0` in GitHub's checkout, `GIT_DEPTH: 0` in GitLab)"
            .into()
    } else {
        "name a branch, a tag or a commit that this repository has; `git fetch` brings those of others".into()
    }
}

/// The line that git said.
pub fn line(text: &str) -> &str {
    text.trim_end_matches(['\r', '\n'])
}

/// What git says.
///
/// # Errors
/// It is not there, or refuses; in words.
pub fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let ran = Command::new("git").arg("-C").arg(folder).arg("--no-optional-locks").args(arguments).output();
    let output = ran.map_err(|error| match error.kind() {
        ErrorKind::NotFound => "git is asked, and is not there\nhelp: install git".to_owned(),
        _ => format!("git cannot be run: {error}"),
    })?;
    if !output.status.success() {
        return Err(format!("git says: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| "git names a file whose name is no text".into())
}
