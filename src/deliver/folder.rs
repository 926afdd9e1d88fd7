//! What lies in a folder. Only looks.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs::{self, File, FileType},
    io::{self, ErrorKind, Read},
    iter,
    path::{Path, PathBuf},
};

use super::{Document, Error, Output, header};

/// The names of files that are being written, by this run or by another. No tool reads files named so.
pub(super) const TEMPORARY: (&str, &str) = (".render-", ".tmp");

/// A header begins at the top, and its longest line is a path.
const HEAD: u64 = 16 * 1024;

/// In bytes: nearly every file is smaller, and read at once.
const SMALL: usize = 8 * 1024;

/// What is found where a file belongs.
#[derive(Clone)]
pub(super) enum Spot {
    Empty,
    File(Vec<u8>),
    /// This link is on the way.
    Link(PathBuf),
    /// What is wrong, in words.
    Blocked(String),
}

/// Refuses paths that could lead out of the folder, and files that cannot stand side by side.
pub(super) fn validate(outputs: &[&Output]) -> Result<(), Error> {
    let files: Vec<_> = outputs.iter().flat_map(|output| &output.files).collect();
    let bad = |path: &str, why| Err(Error::BadPath { path: path.into(), why });
    for (at, Document { path, .. }) in files.iter().enumerate() {
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) || path.contains(['\\', ':', '\0']) {
            return bad(path, "the path must be relative, without `.` and `..`, with `/` between its parts");
        }
        let inside = |other: &str| other.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/'));
        for (other, Document { path: rest, .. }) in files.iter().enumerate().filter(|(other, _)| *other != at) {
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

/// What lies right in a folder, in the order of the names: listed once for all files that belong there.
pub(super) struct Listing<'a> {
    dir: &'a Path,
    /// What each is, as far as the disk tells.
    files: BTreeMap<String, Option<FileType>>,
    /// What of it is [rest](as_rest); nothing if the disk does not tell of all what they are.
    pub rest: Option<Vec<String>>,
}

impl<'a> Listing<'a> {
    pub fn of(dir: &'a Path) -> Result<Self, Error> {
        let (mut files, mut rest) = (BTreeMap::new(), Some(Vec::new()));
        for entry in fs::read_dir(dir).map_err(Error::io("list the folder", dir))? {
            let entry = entry.map_err(Error::io("list the folder", dir))?;
            let (name, kind) = (entry.file_name(), entry.file_type().ok());
            match (kind, &mut rest) {
                (None, _) => rest = None,
                (Some(kind), Some(rest)) => rest.extend(as_rest(&name, kind).map(str::to_owned)),
                (Some(_), None) => {}
            }
            files.insert(name.to_string_lossy().into_owned(), kind);
        }
        Ok(Listing { dir, files, rest })
    }

    /// Looks where a file belongs, without following a link.
    pub fn look(&self, path: &str) -> Result<Spot, Error> {
        match self.files.get(path) {
            Some(Some(kind)) if kind.is_file() => {
                let at = self.dir.join(path);
                read(&at, u64::MAX).map(Spot::File).map_err(Error::io("read", at))
            }
            // Some disks take names of another case for the same.
            _ => look(self.dir, path),
        }
    }

    /// Files that bear no header of ours, beside those of a rendering, and that whoever applies the folder takes for
    /// objects: those that `kubectl apply -f DIR` reads (kubectl, `resource.FileExtensions`).
    pub fn strangers(&self, output: &Output) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        for (name, kind) in &self.files {
            let is = |such: fn(&FileType) -> bool| kind.as_ref().is_some_and(such);
            if is(FileType::is_dir) || !is_applied(name) || output.files.iter().any(|file| file.path == *name) {
                continue;
            }
            if !is(FileType::is_file) || astray(&self.dir.join(name), name.clone())?.is_none() {
                found.push(name.clone());
            }
        }
        Ok(found)
    }

    /// The rivals that are there.
    pub fn rivals(&self, outputs: &[&Output]) -> Vec<&'static str> {
        let all = outputs.iter().flat_map(|output| output.rivals).copied();
        let mut found: Vec<_> = all.filter(|name| self.files.contains_key(*name)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A `kustomization.yaml` says which files are objects, and is none.
fn is_applied(name: &str) -> bool {
    let is_index = ["kustomization.yaml", "kustomization.yml"].contains(&name);
    !is_index && [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end))
}

fn look(dir: &Path, path: &str) -> Result<Spot, Error> {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(spot) = enter(dir, above)? {
        return Ok(spot);
    }
    let at = join(dir, above).join(name);
    match metadata(&at)? {
        None => Ok(Spot::Empty),
        Some(found) if found.is_symlink() => Ok(Spot::Link(at)),
        // Reading a pipe would wait for ever.
        Some(found) if !found.is_file() => Ok(Spot::Blocked("it is not a regular file".into())),
        Some(_) => read(&at, u64::MAX).map(Spot::File).map_err(Error::io("read", at)),
    }
}

/// Goes down into a folder, without following a link: nothing if it is there, or what every file in it finds instead.
pub(super) fn enter(dir: &Path, path: &str) -> Result<Option<Spot>, Error> {
    let mut at = dir.to_path_buf();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        at.push(part);
        match metadata(&at)? {
            None => return Ok(Some(Spot::Empty)),
            Some(found) if found.is_symlink() => return Ok(Some(Spot::Link(at))),
            Some(found) if !found.is_dir() => {
                return Ok(Some(Spot::Blocked(format!("`{}` is not a folder", at.display()))));
            }
            Some(_) => {}
        }
    }
    Ok(None)
}

fn metadata(at: &Path) -> Result<Option<fs::Metadata>, Error> {
    match fs::symlink_metadata(at) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("look at", at)(error)),
    }
}

/// A folder under another; the other itself if there is no name.
pub(super) fn join(dir: &Path, path: &str) -> PathBuf {
    if path.is_empty() { dir.to_path_buf() } else { dir.join(path) }
}

/// A file that bears our header, and is no part of what is rendered.
pub(super) struct Astray {
    pub name: String,
    pub origin: String,
    /// Whether a person changed it.
    pub edited: bool,
}

/// The files right in the folder that bear our header and do not belong there, by name.
///
/// Whoever reads the folder (`kubectl apply -f`, Argo CD) takes them along with ours, whatever profile or environment
/// they are of: an autoscaler of production would scale what staging counts. Files of other targets have other readers.
pub(super) fn orphans(listing: &Listing<'_>, outputs: &[&Output]) -> Result<Vec<Astray>, Error> {
    let own: Vec<String> = outputs.iter().map(|output| header::words(&output.origin)).collect();
    let siblings = outputs.iter().flat_map(|output| &output.siblings).map(header::words);
    let siblings: Vec<String> = siblings.filter(|sibling| !own.contains(sibling)).collect();
    let ours = |origin: &str| own.iter().any(|own| header::target(own) == header::target(origin));
    let rendered: BTreeSet<&str> = outputs.iter().flat_map(|output| &output.files).map(|file| &*file.path).collect();
    let mut found = Vec::new();
    for (name, kind) in &listing.files {
        if is_temporary(name) || rendered.contains(name.as_str()) || !kind.is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let astray = astray(&listing.dir.join(name), name.clone())?;
        found.extend(astray.filter(|file| ours(&file.origin) && !siblings.contains(&file.origin)));
    }
    Ok(found)
}

/// A file, if it bears our header and is no copy.
pub(super) fn astray(path: &Path, name: String) -> Result<Option<Astray>, Error> {
    let top = head(path).map_err(Error::io("read", path))?;
    let Some(found) = header::find(&top).filter(|file| !file.header.is_copy(&name)) else { return Ok(None) };
    // The head of a long file is no body.
    let intact = match u64::try_from(top.len()).is_ok_and(|length| length < HEAD) {
        true => found.intact(),
        false => fs::read(path)
            .is_ok_and(|bytes| header::find(&String::from_utf8_lossy(&bytes)).is_some_and(|file| file.intact())),
    };
    Ok(Some(Astray { name, origin: found.header.origin, edited: !intact }))
}

/// From what a file was rendered, in the words of its header, if it bears one and is no copy: only its top is read.
pub(super) fn origin(path: &Path, name: &str) -> Result<Option<String>, Error> {
    let top = head(path).map_err(Error::io("read", path))?;
    Ok(header::top(&top).filter(|header| !header.is_copy(name)).map(|header| header.origin))
}

/// Whether a file is being written, or was when its run was killed.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1)
}

/// The name of what a walk through a tree goes on with, even in a folder that something is rendered into: folders, but
/// for hidden ones and those whose name is no text, which are other tools', and files that are unfinished. No name can be
/// both.
pub(super) fn as_rest(name: &OsStr, kind: FileType) -> Option<&str> {
    let is_rest = |name: &&str| kind.is_dir() && !name.starts_with('.') || kind.is_file() && is_temporary(name);
    name.to_str().filter(is_rest)
}

/// What the files right in a folder call the profiles that they were rendered from, file by file: those of a rendering
/// first, and only for whoever wants to know more, the folder is listed. Nothing of a folder that cannot be read.
pub fn sources(dir: &Path, rendered: &[Document]) -> impl Iterator<Item = String> {
    let own = rendered.iter().filter(|file| !file.path.contains(['/', '\\', ':'])).map(|file| dir.join(&file.path));
    let own = own.filter(|path| fs::symlink_metadata(path).is_ok_and(|found| found.is_file()));
    let listed = iter::once_with(move || fs::read_dir(dir)).flatten().flatten().flatten();
    let listed = listed.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())).map(|entry| entry.path());
    let found = own.chain(listed).filter_map(|path| Some(header::top(&head(&path).ok()?)?.origin));
    found.filter_map(|origin| header::source(&origin).map(str::to_owned))
}

/// The top of a file; nothing of one that is gone by now, or that is closed to us: other people's secrets may lie
/// beside what we render.
fn head(path: &Path) -> io::Result<String> {
    match read(path, HEAD) {
        // Nearly all is UTF-8, and stays where it is.
        Ok(bytes) => {
            Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
        }
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// A file up to so many bytes, without asking first how many it has.
fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(SMALL);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
