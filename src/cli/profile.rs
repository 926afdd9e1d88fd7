//! Where profiles lie: files, standard input, and the repository around them.

use std::{
    fs,
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use crate::layers::Outside;

/// A profile, as the user named it.
pub struct ProfileFile {
    /// For messages: the path as given, or `<stdin>`.
    pub name: String,
    pub text: Vec<u8>,
    /// For headers: relative to the repository, with `/`.
    pub source: String,
    /// Nothing outside is read.
    root: PathBuf,
}

/// No profile is larger; what is, is not read to its end.
const MOST_BYTES: u64 = 16 << 20;

impl ProfileFile {
    /// Reads a profile; of a folder, the `profile.toml` in it.
    ///
    /// # Errors
    ///
    /// Whatever the disk says.
    pub fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            let text = read(io::stdin().lock())?;
            let root = fs::canonicalize(".")?;
            return Ok(ProfileFile { name: "<stdin>".into(), text, source: "stdin".into(), root });
        }
        let path = &in_folder(path);
        let text = read(fs::File::open(path)?)?;
        let real = fs::canonicalize(path)?;
        let root = repository(&real);
        let source = real.strip_prefix(&root).unwrap_or(&real);
        let source: Vec<_> = source.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Ok(ProfileFile { name: path.to_string_lossy().into_owned(), text, source: source.join("/"), root })
    }

    /// Reads another file of the same repository.
    ///
    /// # Errors
    ///
    /// [`Outside`] if it is none of the repository's, or whatever the disk says.
    pub fn beside(&self, path: &str) -> io::Result<Vec<u8>> {
        let real = fs::canonicalize(path)?;
        if !real.starts_with(&self.root) {
            return Err(Outside.into());
        }
        read(fs::File::open(real)?)
    }
}

/// The name of a profile whose folder alone is given.
const NAME: &str = "profile.toml";

/// The file that a path means.
pub fn in_folder(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(NAME) } else { path.to_owned() }
}

fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    from.take(MOST_BYTES).read_to_end(&mut text)?;
    Ok(text)
}

/// The nearest folder that git calls a repository; without one, the folder that the command runs in, if the profile
/// lies below it, or the profile's own.
fn repository(profile: &Path) -> PathBuf {
    let own = profile.parent().unwrap_or(profile);
    let git = own.ancestors().find(|folder| folder.join(".git").exists());
    if let Some(root) = git {
        return root.to_owned();
    }
    match fs::canonicalize(Component::CurDir.as_os_str()) {
        Ok(here) if profile.starts_with(&here) => here,
        _ => own.to_owned(),
    }
}
