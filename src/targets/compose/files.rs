//! Files of services: mounted from the project where they stand there as they are, else written into a volume.
//!
//! Compose copies the content of a config into a container, and refuses to where the container is read-only (Docker
//! Compose 2.40, `pkg/compose/secrets.go`: "`file` is the sole supported option"). Nor does it notice that the content
//! changed. So what stands in the profile alone is written by [`storage`](super::storage).

use std::collections::BTreeMap;

use docker_compose_types::{AdvancedVolumes, Volumes};

use super::{service::Part, spelling};
use crate::{
    app::{App, CHECKSUM, File, Process, Runtime},
    key::Key,
    targets::{hash::hash, names::Names},
    tree::{Content, Node, Note, Path},
};

/// A file of one process or several, under a name of its own.
pub struct Entry<'a> {
    pub name: String,
    pub process: &'a Process,
    pub file: &'a File,
    pub holds: Holds,
}

#[derive(PartialEq)]
pub enum Holds {
    /// What this file of the project holds, as seen from the Compose file.
    Source(String),
    /// This text, in which Compose reads variables.
    Text(String),
}

/// All files, each once: what the main process has too is shared, and another process' own bears its name.
pub fn entries(app: &App, runtime: Runtime) -> Vec<Entry<'_>> {
    let mut names = Names::default();
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
    for process in app.hosted(runtime) {
        let spelled = spelling::Names::of_process(app, process);
        for file in &process.files {
            let holds = holds(app, file, &spelled);
            let path = file.path.as_str();
            if shared.get(path).is_some_and(|at| entries[*at].holds == holds) {
                continue;
            }
            let mut name = path.trim_start_matches('/').to_owned();
            if process.is_main() {
                shared.insert(path, entries.len());
            } else {
                name.insert_str(0, &format!("{}/", process.name));
            }
            entries.push(Entry { name: names.of_file(&name), process, file, holds });
        }
    }
    entries
}

fn holds(app: &App, file: &File, names: &spelling::Names<'_>) -> Holds {
    match &file.source {
        Some(source) => Holds::Source(spelling::literal(&from_here(&app.compose.home, source))),
        None => Holds::Text(spelling::text(&file.text, names)),
    }
}

/// A path as seen from the Compose file, which Compose takes for no name.
fn from_here(home: &str, path: &str) -> String {
    let mut parts: Vec<&str> = home.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match parts.last() {
            Some(last) if part == ".." && *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match () {
        () if home.starts_with('/') => format!("/{joined}"),
        () if parts.first() == Some(&"..") => joined,
        () => format!("./{joined}"),
    }
}

/// The entry of each file of a process: its own, or the one that it shares with the main process.
fn of<'a>(part: &Part<'a>) -> Vec<(&'a File, Entry<'a>)> {
    let is_own = |entry: &Entry<'_>| entry.process.at == part.process.at;
    let all = entries(part.app, part.asked).into_iter().filter(|entry| is_own(entry) || entry.process.is_main());
    // The main process' come first, and make way.
    let mut by_path: BTreeMap<&str, Entry<'a>> = all.map(|entry| (entry.file.path.as_str(), entry)).collect();
    part.process.files.iter().filter_map(|file| Some((file, by_path.remove(file.path.as_str())?))).collect()
}

/// What decides a file.
pub fn keys(app: &App, process: &Process, file: &File) -> Vec<Key> {
    let text = &file.text;
    [vec![process.file_key(file)], app.referred_keys(process, text), spelling::referred(app, text)].concat()
}

/// The volume that holds what stands in the profile alone.
pub fn volume(app: &App) -> String {
    format!("{}-files", app.name)
}

/// The mounts of files that are written into the volume.
pub fn volumes(part: &mut Part<'_>) -> Vec<Volumes> {
    let mut volumes = Vec::new();
    for (file, entry) in of(part) {
        let Holds::Text(_) = entry.holds else { continue };
        let target = spelling::literal(&file.path);
        let because = [vec![part.process.file_key(file)], crate::app::keys(&["name"])].concat();
        let reason = "a file, alone at its path: the directory keeps what the image has there";
        part.notes.add(Path::new("volumes").item("target", &target), reason, because);
        let within = docker_compose_types::Volume { nocopy: Some(true), subpath: Some(entry.name) };
        volumes.push(Volumes::Advanced(AdvancedVolumes {
            source: Some(volume(part.app)),
            target,
            _type: "volume".into(),
            read_only: true,
            bind: None,
            volume: Some(within),
            tmpfs: None,
        }));
    }
    volumes
}

/// The files of the project that a service mounts. The types have no configs.
pub fn configs(part: &Part<'_>) -> Option<Node> {
    let mut list = Vec::new();
    for (file, entry) in of(part) {
        let Holds::Source(_) = entry.holds else { continue };
        let mut item = Node::map();
        item.set("source", Node::text(&entry.name));
        item.set("target", Node::text(spelling::literal(&file.path)));
        let reason = "a file, alone at its path: the directory keeps what the image has there";
        list.push(item.noted(Note::new(reason, vec![part.process.file_key(file)])));
    }
    (!list.is_empty()).then(|| Node::new(Content::Seq(list)))
}

/// The files of the project, by name.
pub fn top_level(app: &App, runtime: Runtime) -> Option<Node> {
    let mut map = Node::map();
    for Entry { name, process, file, holds } in entries(app, runtime) {
        let Holds::Source(path) = holds else { continue };
        let mut config = Node::map();
        config.set("file", Node::text(path));
        let reason = "a file of the project, read by its processes alone";
        let because = [vec![process.file_key(file)], app.only_keys(process)].concat();
        map.set(name, config.noted(Note::new(reason, because)));
    }
    map.as_map().is_some_and(|entries| !entries.is_empty()).then_some(map)
}

/// The label that makes Compose recreate a container whose files changed: it does not look at them by itself.
pub fn checksum(part: &mut Part<'_>) -> Option<(String, String)> {
    let process = part.process;
    if process.files.is_empty() {
        return None;
    }
    let because = process.files.iter().flat_map(|file| keys(part.app, process, file));
    let because = process.keys(&["files"]).into_iter().chain(because).collect();
    let reason = "a new container when a file changes: Compose does not look at what it mounts";
    part.notes.add(Path::new("labels").key(CHECKSUM), reason, because);
    let names = spelling::Names::of_process(part.app, process);
    let texts = process.files.iter().flat_map(|file| [file.path.clone(), spelling::text(&file.text, &names)]);
    let texts: Vec<String> = texts.collect();
    Some((CHECKSUM.into(), hash(texts.iter().map(String::as_str))))
}
