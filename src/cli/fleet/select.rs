//! Which profiles: named, found below folders, or meant by patterns.

use std::{
    collections::BTreeSet,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{
    super::profile::{NAME, with_slashes, without_links},
    glob::Glob,
    settings::Settings,
};

/// What was asked for, to be asked again about profiles that are gone.
#[derive(Debug)]
pub struct Selection {
    wishes: Vec<Wish>,
    exclude: Vec<Glob>,
}

#[derive(Debug)]
enum Wish {
    /// This file, whatever its name.
    File(PathBuf),
    /// Every `profile.toml` below this folder.
    Below(PathBuf),
    Like(Glob),
}

impl Selection {
    /// Of what the user named; otherwise what the settings say; otherwise everything below the current folder.
    ///
    /// # Errors
    /// What is named and not there, and standard input, which lies nowhere.
    pub fn new(named: &[PathBuf], settings: &Settings) -> Result<Self, String> {
        let wishes = match (named, settings.profiles.as_slice()) {
            ([], []) => vec![Wish::Below(PathBuf::new())],
            ([], patterns) => patterns.iter().map(|pattern| Wish::Like(Glob::new(pattern))).collect(),
            (named, _) => named.iter().map(|path| wish(path)).collect::<Result<_, _>>()?,
        };
        Ok(Selection { wishes, exclude: settings.exclude.iter().map(|pattern| Glob::new(pattern)).collect() })
    }

    /// The profiles, each once, in the order of their paths.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn profiles(&self) -> Result<Vec<PathBuf>, String> {
        let mut found = BTreeSet::new();
        for wish in &self.wishes {
            match wish {
                Wish::File(path) => {
                    found.insert(path.clone());
                }
                Wish::Below(folder) => self.walk(folder, &|path| is_profile(path), &mut found)?,
                Wish::Like(glob) => {
                    let base = PathBuf::from(glob.base());
                    if base.is_file() {
                        found.insert(base); // a pattern of the settings without any wildcard
                    } else if base.as_os_str().is_empty() || base.is_dir() {
                        self.walk(&base, &|path| like(glob, path), &mut found)?;
                    }
                }
            }
        }
        // One file may have two names.
        let mut real = BTreeSet::new();
        Ok(found.into_iter().filter(|path| real.insert(without_links(path))).collect())
    }

    /// Whether a profile that is gone would have been among them, by its path without links.
    pub fn would_have(&self, real: &Path) -> bool {
        let here = without_links(Path::new("."));
        let shown = super::super::profile::way(&here, real);
        let of = |wish: &Wish| match wish {
            Wish::File(path) => without_links(path) == real,
            Wish::Below(folder) => is_profile(real) && real.starts_with(without_links(folder)),
            Wish::Like(glob) => like(glob, &shown),
        };
        self.wishes.iter().any(of) && !self.excludes(&shown)
    }

    fn excludes(&self, path: &Path) -> bool {
        let path = with_slashes(path);
        self.exclude.iter().any(|glob| glob.covers(&path))
    }

    /// Links to folders are not followed, and folders that are other tools' are not looked into.
    fn walk(&self, folder: &Path, wanted: &dyn Fn(&Path) -> bool, found: &mut BTreeSet<PathBuf>) -> Result<(), String> {
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
            let entries = match fs::read_dir(shown) {
                Ok(entries) => entries,
                // Somebody else's, deep down: a volume of a database.
                Err(error) if error.kind() == ErrorKind::PermissionDenied && !folders.is_empty() => continue,
                Err(error) => return Err(format!("cannot list the folder `{}`: {error}", shown.display())),
            };
            for entry in entries {
                let entry = entry.map_err(|error| format!("cannot list the folder `{}`: {error}", shown.display()))?;
                let (name, path) = (entry.file_name(), folder.join(entry.file_name()));
                let name = name.to_string_lossy();
                let Ok(kind) = entry.file_type() else { continue };
                if kind.is_dir() {
                    if !(name.starts_with('.') || OTHERS.contains(&&*name) || self.excludes(&path)) {
                        folders.push(path);
                    }
                } else if wanted(&path) && !self.excludes(&path) && path.is_file() {
                    found.insert(path);
                }
            }
        }
        Ok(())
    }
}

/// Folders that hold other people's files, and many of them.
const OTHERS: [&str; 2] = ["node_modules", "__pycache__"];

fn wish(path: &Path) -> Result<Wish, String> {
    let text = path.to_string_lossy();
    if path == Path::new("-") {
        return Err("a profile from standard input lies nowhere, and a tree names where each file comes from\n\
                    help: render one target of it: `render k8s - -o DIR`"
            .into());
    } else if path.is_dir() {
        // Without a dot in front of every path that is shown.
        return Ok(Wish::Below(path.strip_prefix(".").unwrap_or(path).to_path_buf()));
    } else if path.exists() {
        return Ok(Wish::File(path.strip_prefix(".").unwrap_or(path).to_path_buf()));
    } else if Glob::is_one(&text) {
        return Ok(Wish::Like(Glob::new(&text)));
    }
    Err(format!(
        "there is no {}\nhelp: name a profile, a folder in which profiles are looked for, or a pattern as in `'apps/*'`",
        path.display()
    ))
}

fn is_profile(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == NAME)
}

fn like(glob: &Glob, path: &Path) -> bool {
    let text = with_slashes(path);
    if glob.names_files() { glob.is(&text) } else { is_profile(path) && glob.covers(&text) }
}
