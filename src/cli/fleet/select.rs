//! Which profiles: named, found below folders, or meant by patterns.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fs::{self, FileType},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{
    super::profile::{NAME, way, with_slashes, without_links},
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

    /// Everything that the settings let be found in repositories; without any, in the current folder.
    pub fn around(repositories: &BTreeSet<PathBuf>, settings: &Settings) -> Self {
        let below = |root: &PathBuf| Wish::Below(from_here(root));
        let mut wishes: Vec<Wish> = repositories.iter().map(below).collect();
        wishes.extend(settings.profiles.iter().map(|pattern| Wish::Like(Glob::new(pattern))));
        if wishes.is_empty() {
            wishes.push(Wish::Below(PathBuf::new()));
        }
        Selection { wishes, exclude: settings.exclude.iter().map(|pattern| Glob::new(pattern)).collect() }
    }

    /// The profiles, each once, in the order of their paths.
    ///
    /// # Errors
    /// Folders that cannot be listed, all of them: of what lies below nobody knows whether it is a profile, and what
    /// was rendered of it must not be taken for left over.
    pub fn profiles(&self) -> Result<Found, String> {
        let mut walked = Walked::default();
        for wish in &self.wishes {
            match wish {
                Wish::File(path) => walked.named(path.clone()),
                Wish::Below(folder) => self.walk(folder, &|path| is_profile(path), &mut walked),
                Wish::Like(glob) => {
                    let base = PathBuf::from(glob.base());
                    match fs::metadata(shown(&base)) {
                        Ok(found) if found.is_dir() => self.walk(&base, &|path| like(glob, path), &mut walked),
                        // A pattern of the settings without any wildcard. That a link leads nowhere, reading it tells.
                        Ok(_) => walked.named(base),
                        Err(_) if base.is_symlink() => walked.named(base),
                        Err(error) if is_not_there(&error) => {}
                        Err(error) => walked.unlisted.push((base, error)),
                    }
                }
            }
        }
        let Walked { profiles, unlisted, links, folders } = walked;
        if let Some((first, _)) = unlisted.first() {
            let line = |(folder, error): &(PathBuf, io::Error)| {
                format!("cannot list the folder `{}`: {error}\n", shown(folder).display())
            };
            return Err(format!(
                "{}help: let this user list it, or leave it out: `exclude = [\"{}\"]` under `[select]` in render.toml",
                unlisted.iter().map(line).collect::<String>(),
                with_slashes(first)
            ));
        }
        // One file may have two names.
        let mut real = BTreeSet::new();
        let once = |(path, known): (PathBuf, Option<PathBuf>)| {
            real.insert(known.unwrap_or_else(|| without_links(&path))).then_some(path)
        };
        let profiles: Vec<PathBuf> = profiles.into_iter().filter_map(once).collect();
        let missed = links.into_iter().filter(|link| !real.contains(&without_links(&link.join(NAME))));
        let of_link = |link: PathBuf| {
            format!(
                "`{0}` is a link, and folders are not looked for behind links\nhelp: name it: `{0}`",
                link.display()
            )
        };
        let of_folder = |folder: PathBuf| format!("`{}` is a folder, and no profile", folder.display());
        let passed = missed.map(of_link).chain(folders.into_iter().map(of_folder)).collect();
        Ok(Found { profiles, passed })
    }

    /// Whether a profile that is gone would have been among them, by its path without links.
    pub fn would_have(&self, real: &Path) -> bool {
        self.reaches(real) && !self.leaves_out(real)
    }

    /// Whether the settings leave a profile out, by its path without links.
    pub fn leaves_out(&self, real: &Path) -> bool {
        self.excludes(&from_here(real))
    }

    /// Whether a profile is where profiles are asked for, left out or not, by its path without links.
    pub fn reaches(&self, real: &Path) -> bool {
        let shown = from_here(real);
        let of = |wish: &Wish| match wish {
            Wish::File(path) => without_links(path) == real,
            Wish::Below(folder) => is_profile(real) && real.starts_with(without_links(folder)),
            Wish::Like(glob) => like(glob, &shown),
        };
        self.wishes.iter().any(of)
    }

    fn excludes(&self, path: &Path) -> bool {
        let path = with_slashes(path);
        self.exclude.iter().any(|glob| glob.covers(&path))
    }

    /// Links to folders are not followed, and folders that are other tools' are not looked into.
    fn walk(&self, start: &Path, wanted: &dyn Fn(&Path) -> bool, walked: &mut Walked) {
        let real_start = without_links(shown(start));
        let mut folders = vec![start.to_path_buf()];
        while let Some(folder) = folders.pop() {
            let entries = match list(&folder) {
                Ok(entries) => entries,
                // Deleted meanwhile.
                Err(error) if is_not_there(&error) && !folders.is_empty() => continue,
                Err(error) => {
                    walked.unlisted.push((folder, error));
                    continue;
                }
            };
            for (name, kind) in entries {
                let path = folder.join(&name);
                let name = name.to_string_lossy();
                if name.starts_with('.') && kind.is_dir() || OTHERS.contains(&&*name) || self.excludes(&path) {
                    continue;
                }
                let leads_to_folder = kind.is_symlink() && path.is_dir();
                if wanted(&path) && (kind.is_dir() || leads_to_folder) {
                    walked.folders.push(path.clone());
                } else if wanted(&path) {
                    // A link that leads nowhere, and what may not be read, too: it is an error, and not gone.
                    let below = path.strip_prefix(start).ok().filter(|_| !kind.is_symlink());
                    let real = below.map(|below| real_start.join(below));
                    walked.profiles.insert(path, real);
                    continue;
                }
                if kind.is_dir() {
                    folders.push(path);
                } else if leads_to_folder && path.join(NAME).is_file() && wanted(&path.join(NAME)) {
                    walked.links.push(path);
                }
            }
        }
    }
}

/// What is found.
pub struct Found {
    pub profiles: Vec<PathBuf>,
    /// What looks like more, and is not taken, in words.
    pub passed: Vec<String>,
}

/// What was met on the way.
#[derive(Default)]
struct Walked {
    /// With where it lies without links, if no link is on the way from where the walk began.
    profiles: BTreeMap<PathBuf, Option<PathBuf>>,
    unlisted: Vec<(PathBuf, io::Error)>,
    /// To folders with a profile.
    links: Vec<PathBuf>,
    /// With the name of a profile.
    folders: Vec<PathBuf>,
}

impl Walked {
    /// A profile that nobody had to look for.
    fn named(&mut self, path: PathBuf) {
        self.profiles.entry(path).or_default();
    }
}

fn list(folder: &Path) -> io::Result<Vec<(OsString, FileType)>> {
    let entry = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((entry.file_name(), entry.file_type()?))
    };
    fs::read_dir(shown(folder))?.map(entry).collect()
}

fn from_here(real: &Path) -> PathBuf {
    way(&without_links(Path::new(".")), real)
}

fn shown(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Whether nothing is there, and not only nothing that this user may see.
pub fn is_not_there(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
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
        "there is no {}\n\
         help: name a profile, a folder in which profiles are looked for, or a pattern as in `'apps/*'`, which finds what \
         is left over of those that are gone, too",
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
