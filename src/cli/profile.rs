//! Where profiles lie: files, standard input, and the repository around them.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read},
    path::{self, Component, Path, PathBuf},
    sync::Arc,
};

use super::commit::Commit;
use crate::layers::Outside;

/// A profile, as the user named it.
#[derive(Clone)]
pub struct ProfileFile {
    /// For messages: the path as given, or `<stdin>`.
    pub name: String,
    pub text: Vec<u8>,
    place: Place,
    /// Nothing outside is read.
    root: PathBuf,
    /// What is read instead of the disk.
    commit: Option<Arc<Commit>>,
}

/// Where a profile lies; paths have no links on their way.
#[derive(Clone)]
enum Place {
    StandardInput,
    /// This file, as seen from the root of its repository.
    Repository(PathBuf),
    /// This file, in no repository.
    Loose(PathBuf),
}

/// No profile is larger; what is, is not read to its end.
const MOST_BYTES: u64 = 16 << 20;

/// Nearly every one is smaller, and read at once.
const SMALL: usize = 8 << 10;

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
            return Ok(ProfileFile { name: "<stdin>".into(), text, place: Place::StandardInput, root, commit: None });
        }
        let path = &in_folder(path);
        let (real, text) = regular(path)?;
        let (place, root) = match repository(&real) {
            Some(root) => (Place::Repository(real.strip_prefix(&root).unwrap_or(&real).to_owned()), root),
            None => (Place::Loose(real.clone()), surroundings(&real)),
        };
        Ok(ProfileFile { name: path.to_string_lossy().into_owned(), text, place, root, commit: None })
    }

    /// Reads a profile as a commit has it, and all that it names, too.
    ///
    /// # Errors
    ///
    /// It is not there, or git cannot be asked.
    pub fn of(path: &Path, commit: &Arc<Commit>) -> io::Result<Self> {
        let inside = commit.inside(path).ok_or(io::ErrorKind::NotFound)?;
        let text = commit.read(&[&inside])?.remove(0);
        Ok(ProfileFile {
            name: path.to_string_lossy().into_owned(),
            text,
            place: Place::Repository(inside.into()),
            root: commit.repository.clone(),
            commit: Some(Arc::clone(commit)),
        })
    }

    /// What the headers of files in a folder call the profile, with `/`: the same wherever the command runs, and
    /// another for another profile.
    ///
    /// Without a repository that is the way from the folder to the profile: the two move together, and a name alone
    /// would be the same for every `profile.toml`. What comes from standard input has no place, only the name of its app.
    ///
    /// A folder whose files call this very profile by another name keeps it: a repository may have been made of the
    /// folders since, or its files been copied without it.
    pub fn source(&self, folder: &Path, app: &str, known: impl Iterator<Item = String>) -> String {
        let own = self.name_for(folder, app);
        let mut others = BTreeSet::new();
        for name in known {
            if name == own {
                return own;
            }
            others.insert(name);
        }
        others.into_iter().find(|name| self.is(folder, name)).unwrap_or(own)
    }

    /// Where it lies, without links; nothing of standard input.
    pub fn real(&self) -> Option<PathBuf> {
        match &self.place {
            Place::StandardInput => None,
            Place::Repository(path) => Some(self.root.join(path)),
            Place::Loose(path) => Some(path.clone()),
        }
    }

    /// Whether a header in a folder names this profile.
    fn is(&self, folder: &Path, name: &str) -> bool {
        let there = without_links(folder).join(name);
        match &self.place {
            Place::StandardInput => false,
            Place::Repository(path) => fs::canonicalize(there).is_ok_and(|there| there == self.root.join(path)),
            Place::Loose(path) => match fs::canonicalize(there) {
                Ok(there) => there == *path,
                // As seen from the root of the repository that this is a copy of.
                Err(_) => path.ends_with(name),
            },
        }
    }

    fn name_for(&self, folder: &Path, app: &str) -> String {
        match &self.place {
            Place::StandardInput => format!("stdin:{app}"),
            Place::Repository(path) => with_slashes(path),
            Place::Loose(path) => with_slashes(&way(&without_links(folder), path)),
        }
    }

    /// The way from a folder to the profile's own, with `/`; nothing if it is the same.
    pub fn home(&self, folder: &Path) -> String {
        with_slashes(&way(&without_links(folder), &self.own_folder()))
    }

    /// Where people find the profile, without links: of one that is a link, where that lies. Of standard input, where
    /// the command runs.
    fn own_folder(&self) -> PathBuf {
        let real = self.real();
        if let Some(real) = real.as_ref().filter(|real| path::absolute(&self.name).is_ok_and(|named| named == **real)) {
            return real.parent().unwrap_or(real).to_owned();
        }
        let own = real.and_then(|_| Path::new(&self.name).parent()).filter(|own| *own != Path::new(""));
        without_links(own.unwrap_or(Path::new(".")))
    }

    /// Reads another file of the same repository.
    ///
    /// # Errors
    ///
    /// [`Outside`] if it is none of the repository's, or whatever the disk says.
    pub fn beside(&self, path: &str) -> io::Result<Vec<u8>> {
        if let Some(commit) = &self.commit {
            let inside = commit.inside(path.as_ref()).ok_or(Outside)?;
            return Ok(commit.read(&[&inside])?.remove(0));
        }
        let real = self.inside(path)?;
        refuse_special(&real)?;
        read(fs::File::open(real)?)
    }

    /// The names of the files in a folder of the same repository.
    ///
    /// # Errors
    ///
    /// Those of [`ProfileFile::beside`]; a name that is no text is one as well.
    pub fn folder(&self, path: &str) -> io::Result<Vec<String>> {
        let path = if path.is_empty() { "." } else { path };
        if let Some(commit) = &self.commit {
            let inside = commit.inside(path.as_ref()).ok_or(Outside)?;
            return commit.names(&inside);
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(self.inside(path)?)? {
            let entry = entry?;
            // What a link leads to is what counts.
            if entry.path().is_file() {
                let name = entry.file_name().into_string();
                names.push(name.map_err(|name| io::Error::other(format!("{} is no text", name.display())))?);
            }
        }
        Ok(names)
    }

    /// The real path of what lies in the repository.
    fn inside(&self, path: &str) -> io::Result<PathBuf> {
        let real = fs::canonicalize(path)?;
        if holds(&self.root, &real) { Ok(real) } else { Err(Outside.into()) }
    }
}

/// Whether a file is one of a repository; what git keeps there for itself, with the credentials of whoever cloned it,
/// is none.
fn holds(root: &Path, real: &Path) -> bool {
    real.strip_prefix(root).is_ok_and(|way| !way.starts_with(".git"))
}

/// A regular file that somebody named: where it really lies, and what is in it.
///
/// # Errors
/// Those of [`real`], whatever the disk says, and a device, a pipe or the like.
pub fn regular(path: &Path) -> io::Result<(PathBuf, Vec<u8>)> {
    let real = real(path)?;
    refuse_special(&real)?;
    let text = read(fs::File::open(&real)?)?;
    Ok((real, text))
}

/// What has no end, or waits for somebody. That a folder is no file, opening it tells.
fn refuse_special(real: &Path) -> io::Result<()> {
    let found = fs::metadata(real)?;
    match found.is_file() || found.is_dir() {
        true => Ok(()),
        false => Err(io::Error::other("it is not a regular file; `-` reads standard input")),
    }
}

/// Where something really lies. What a link in a repository leads to must be of that repository: a commit of somebody
/// else is no reason to read, print or change what else lies on this machine. Without a repository there is nothing to
/// leave.
///
/// # Errors
/// There is nothing, the link leads nowhere or out of its repository, or whatever the disk says.
pub fn real(path: &Path) -> io::Result<PathBuf> {
    let real = fs::canonicalize(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => io::Error::other("it is a link that leads nowhere"),
        _ => error,
    })?;
    let named = named(path)?;
    // By its own name there is no link on the way.
    if named == real {
        return Ok(real);
    }
    for link in named.ancestors().filter(|at| at.is_symlink()) {
        let Some(root) = repository(link) else { continue };
        if !holds(&fs::canonicalize(root)?, &fs::canonicalize(link)?) {
            return Err(io::Error::other("it is a link that leads out of the repository, or lies under one"));
        }
    }
    Ok(real)
}

/// A path from the root of all, with the links that it is named by; only what `..` goes up from is resolved.
fn named(path: &Path) -> io::Result<PathBuf> {
    let parts: Vec<Component<'_>> = path.components().collect();
    let up = parts.iter().rposition(|part| *part == Component::ParentDir).map_or(0, |last| last + 1);
    let above: PathBuf = [Component::CurDir].iter().chain(&parts[..up]).collect();
    Ok(fs::canonicalize(above)?.join(parts[up..].iter().collect::<PathBuf>()))
}

/// The name of a profile whose folder alone is given.
pub const NAME: &str = "profile.toml";

/// The file that a path means.
pub fn in_folder(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(NAME) } else { path.to_owned() }
}

fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(SMALL);
    from.take(MOST_BYTES).read_to_end(&mut text)?;
    Ok(text)
}

/// The nearest folder around a file that git calls a repository.
pub fn repository(file: &Path) -> Option<PathBuf> {
    file.ancestors().skip(1).find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// Without a repository: the folder that the command runs in, if the profile lies below it, or the profile's own.
fn surroundings(profile: &Path) -> PathBuf {
    match fs::canonicalize(Component::CurDir.as_os_str()) {
        Ok(here) if profile.starts_with(&here) => here,
        _ => profile.parent().unwrap_or(profile).to_owned(),
    }
}

/// The real path of a folder that may not be there yet.
pub fn without_links(folder: &Path) -> PathBuf {
    let folder = path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let there = folder.ancestors().find_map(|at| Some((at, fs::canonicalize(at).ok()?)));
    let Some((at, mut real)) = there else { return folder };
    for part in folder.strip_prefix(at).into_iter().flat_map(Path::components) {
        match part {
            Component::ParentDir => drop(real.pop()),
            part => real.push(part),
        }
    }
    real
}

/// The way from a folder to a file, both without links; where none leads there (other drives), the file.
pub fn way(folder: &Path, file: &Path) -> PathBuf {
    let shared = folder.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    if shared == 0 {
        return file.to_owned();
    }
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(file.components().skip(shared)).collect()
}

pub fn with_slashes(path: &Path) -> String {
    let text = path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    // The root of all is a part of its own.
    if text.starts_with("//") { text[1..].to_owned() } else { text }
}
