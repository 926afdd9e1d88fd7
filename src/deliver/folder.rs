//! What lies in a folder. Only looks.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use super::{Error, Output, header};

/// The names of files that are being written, by this run or by another. No tool reads files named so.
pub(super) const TEMPORARY: (&str, &str) = (".render-", ".tmp");

/// A header begins at the top, and its longest line is a path.
const HEAD: u64 = 16 * 1024;

/// What is found where a file belongs.
pub(super) enum Spot {
    Empty,
    File(Vec<u8>),
    /// This link is on the way.
    Link(PathBuf),
    /// What is wrong, in words.
    Blocked(String),
}

/// Refuses paths that could lead out of the folder, and files that cannot stand side by side.
pub(super) fn validate(files: &[(String, String)]) -> Result<(), Error> {
    let bad = |path: &str, why| Err(Error::BadPath { path: path.into(), why });
    for (at, (path, _)) in files.iter().enumerate() {
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) || path.contains(['\\', ':', '\0']) {
            return bad(path, "the path must be relative, without `.` and `..`, with `/` between its parts");
        }
        let inside = |other: &str| other.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/'));
        for (other, (rest, _)) in files.iter().enumerate().filter(|(other, _)| *other != at) {
            if rest == path && other > at {
                return bad(path, "the rendering has two of them");
            } else if inside(rest) {
                return bad(path, "the rendering has a folder of that name");
            }
        }
    }
    Ok(())
}

/// Whether the folder is there. It may be a link itself: that is the user's choice.
///
/// # Errors
/// It is not a folder, lies under a link that leads nowhere, or cannot be looked at.
pub(super) fn exists(dir: &Path) -> Result<bool, Error> {
    match fs::metadata(dir) {
        Ok(found) if found.is_dir() => Ok(true),
        Ok(_) => Err(Error::io("use as a folder", dir)(ErrorKind::NotADirectory.into())),
        // A missing folder can be made, but for one whose place is taken.
        Err(error) if error.kind() == ErrorKind::NotFound => match dir.ancestors().find(|at| at.is_symlink()) {
            Some(link) if !link.exists() => Err(Error::io("use as a folder", link)(nowhere())),
            _ => Ok(false),
        },
        Err(error) => Err(Error::io("look into the folder", dir)(error)),
    }
}

fn nowhere() -> io::Error {
    io::Error::other("it is a link that leads nowhere")
}

/// Looks where a file belongs, without following a link.
pub(super) fn look(dir: &Path, path: &str) -> Result<Spot, Error> {
    let mut at = dir.to_path_buf();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let found = match fs::symlink_metadata(&at) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Spot::Empty),
            Err(error) => return Err(Error::io("look at", at)(error)),
        };
        let last = parts.peek().is_none();
        if found.is_symlink() {
            return Ok(Spot::Link(at));
        } else if !last && !found.is_dir() {
            return Ok(Spot::Blocked(format!("`{}` is not a folder", at.display())));
        } else if last && !found.is_file() {
            return Ok(Spot::Blocked("it is not a regular file".into())); // reading a pipe would wait for ever
        }
    }
    fs::read(&at).map(Spot::File).map_err(Error::io("read", at))
}

/// The rivals that are there.
pub(super) fn rivals(dir: &Path, output: &Output) -> Vec<&'static str> {
    let there = |name: &&str| fs::symlink_metadata(dir.join(name)).is_ok();
    output.rivals.iter().copied().filter(there).collect()
}

/// The files right in the folder that bear our header and do not belong there, by name, each with its origin.
///
/// Whoever reads the folder (`kubectl apply -f`, Argo CD) takes them along with ours, whatever profile or environment
/// they are of: an autoscaler of production would scale what staging counts. Files of other targets have other readers.
pub(super) fn orphans(dir: &Path, output: &Output) -> Result<Vec<(String, String)>, Error> {
    let own = header::words(&output.origin);
    let siblings: Vec<String> = output.siblings.iter().map(header::words).filter(|sibling| *sibling != own).collect();
    let astray = |origin: &String| header::target(origin) == header::target(&own) && !siblings.contains(origin);
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(Error::io("list the folder", dir))? {
        let entry = entry.map_err(Error::io("list the folder", dir))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let temporary = name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1);
        let rendered = output.files.iter().any(|(path, _)| *path == name);
        if temporary || rendered || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let top = head(&entry.path()).map_err(Error::io("read", entry.path()))?;
        let header = header::find(&top).map(|file| file.header).filter(|header| !header.is_copy(&name));
        found.extend(header.map(|header| header.origin).filter(astray).map(|origin| (name, origin)));
    }
    found.sort();
    Ok(found)
}

/// What the files right in a folder call the profiles that they were rendered from; nothing of a folder that cannot be
/// read.
pub fn sources(dir: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(dir).into_iter().flatten().flatten();
    let files = names.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let found = files.filter_map(|entry| header::find(&head(&entry.path()).ok()?));
    found.filter_map(|file| header::source(&file.header.origin).map(str::to_owned)).collect()
}

/// The top of a file; nothing of one that is gone by now, or that is closed to us: other people's secrets may lie
/// beside what we render.
fn head(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut bytes)) {
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => Err(error),
        Ok(_) | Err(_) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}
