//! The files of a project, read from the disk for `render init`.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use crate::init::{Interest, Project, enters, interest};

/// Larger files are data, and not source.
const MOST_BYTES: u64 = 1 << 20;
/// More files are more than an app.
const MOST_FILES: usize = 5_000;
/// Deeper folders are nobody's source.
const DEEPEST: usize = 10;

/// Reads what tells something about the app. Links are not followed, and what cannot be read is not there.
///
/// # Errors
///
/// The folder itself cannot be read.
pub fn read(folder: &Path) -> io::Result<Project> {
    let real = fs::canonicalize(folder)?;
    let name = real.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut project = Project { folder: name, ..Project::default() };
    // Of the folder itself an error counts.
    fs::read_dir(&real)?;
    walk(&real, "", 0, &mut project);
    let repository = real.ancestors().find(|folder| folder.join(".git").exists());
    project.is_repository = repository == Some(&real);
    project.origin = repository.and_then(origin);
    Ok(project)
}

fn walk(folder: &Path, path: &str, depth: usize, project: &mut Project) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    // The same project gives the same profile, also where there are too many files.
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut folders = Vec::new();
    for entry in entries {
        let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
        let own = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
        if kind.is_dir() && depth < DEEPEST && !name.starts_with('.') && project.folders.len() < MOST_FILES {
            project.folders.insert(own.clone());
        }
        if kind.is_dir() && depth < DEEPEST && enters(&name) && !is_environment(&entry.path()) {
            folders.push((entry.path(), own));
        } else if kind.is_file() && project.files.len() < MOST_FILES {
            let text = match interest(&own) {
                Interest::Text => text(&entry.path()),
                Interest::Name => Some(String::new()),
                Interest::Nothing => None,
            };
            project.files.extend(text.map(|text| (own, text)));
        }
    }
    for (folder, path) in folders {
        walk(&folder, &path, depth + 1, project);
    }
}

/// An environment of Python's, whatever it is called.
fn is_environment(folder: &Path) -> bool {
    folder.join("pyvenv.cfg").exists()
}

fn text(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(MOST_BYTES + 1).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    (text.len() as u64 <= MOST_BYTES).then(|| text.trim_start_matches('\u{feff}').to_owned())
}

/// Where git has a repository from.
fn origin(repository: &Path) -> Option<String> {
    let config = text(&repository.join(".git").join("config"))?;
    let mut lines = config.lines().map(str::trim).skip_while(|line| *line != "[remote \"origin\"]").skip(1);
    let own = lines.by_ref().take_while(|line| !line.starts_with('['));
    own.filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == "url")
        .map(|(_, url)| url.trim().to_owned())
}
