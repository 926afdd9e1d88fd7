//! What is prepared before anything starts: new volumes get their user, and files that stand in the profile alone are
//! written into one.
//!
//! Docker makes a volume root's, or whose the image's folder is at its place; a process without root could not write to
//! it. Kubernetes has `fsGroup` for that. Here a service that ends at once does it, without network, and with the one
//! capability that it needs. It is not the app's image: that may have no `chown`.

use std::collections::{BTreeMap, BTreeSet};

use docker_compose_types::{
    AdvancedVolumes, Deploy, Entrypoint, Environment, Limits, Resources, Service, SingleValue, Volumes,
};

use super::{
    backing,
    files::{self, Entry, Holds},
    service::{self, Part, RunsAs},
};
use crate::{
    app::{App, Process, Runtime, Volume, keys},
    key::Key,
    problem::{Code, Problem},
    targets::names::Names,
    tree::{Content, Node, Notes, Path},
};

/// A shell, `chown` and `printf`, in 4 MB. A patch names another, of a registry of one's own.
pub const IMAGE: &str = "busybox:1.37.0";

/// Where the volumes are mounted while they are prepared.
const FOLDER: &str = "/volumes";
const FILES: &str = "/files";

/// What the shell needs at most.
const MEMORY: &str = "32M";
const PIDS: u32 = 16;

/// The name of the service.
pub fn name(app: &App) -> String {
    format!("{}-volumes", app.name)
}

/// What a volume is called here. Each process has scratch space of its own, as pods have.
pub fn source(app: &App, pod: &Process, volume: &Volume) -> String {
    match volume.scratch() {
        Some(_) => format!("{}-{}", app.workload(pod), volume.name),
        None => volume.name.clone(),
    }
}

/// What decides that name, beside the volume's own.
pub fn source_keys(pod: &Process, volume: &Volume) -> Vec<Key> {
    let keys = volume.scratch().map(|_| [keys(&["name"]), pod.own_keys()].concat());
    keys.unwrap_or_default()
}

/// A volume that is given to somebody, and what of the profile mounts it.
struct Given {
    /// What it is called here.
    source: String,
    key: Key,
}

/// The volumes that belong to a service's user from the start: those that Compose makes, to be written.
fn given(part: &Part<'_>) -> Vec<Given> {
    // The image's own user is known to nobody else; then the image's folder decides.
    if service::runs_as(part).user.is_none() {
        return Vec::new();
    }
    let made = |volume: &&Volume| match volume.lasting() {
        Some(one) => !one.external && one.host.is_none() && !one.is_read_only(),
        None => volume.scratch().is_some(),
    };
    let own = part.process.volumes.iter().filter(made);
    let own =
        own.map(|volume| Given { source: source(part.app, part.pod(), volume), key: part.process.volume_key(volume) });
    own.chain(data(part)).collect()
}

/// The data of a backing service, where its image leaves the folder to root.
fn data(part: &Part<'_>) -> Option<Given> {
    let backing =
        part.app.service(&part.process.name).filter(|one| part.process.is_service() && one.facts().data_is_roots)?;
    Some(Given { source: backing::volume(backing)?, key: backing.key("kind") })
}

/// Whether a volume of a service is given to its user here.
pub fn gives(part: &Part<'_>, source: &str) -> bool {
    given(part).iter().any(|given| given.source == source)
}

/// What decides whether a service waits for the preparation; nothing if it does not.
pub fn awaited(part: &Part<'_>) -> Vec<Key> {
    given(part).into_iter().map(|given| given.key).chain(written(part)).collect()
}

/// The files of a service that stand in the profile alone.
fn written<'a>(part: &Part<'a>) -> impl Iterator<Item = Key> + use<'a> {
    let process = part.process;
    process.files.iter().filter(|file| file.source.is_none()).map(|file| process.file_key(file))
}

/// Why a service waits: the one entry that asks for it, or the table whose entries all do.
pub fn waits_for(part: &Part<'_>) -> Vec<Key> {
    let all = awaited(part);
    let tables: BTreeSet<Option<Key>> = all.iter().map(Key::parent).collect();
    match (all.len(), tables.len()) {
        (0 | 1, _) => all,
        (_, 1) => tables.into_iter().flatten().collect(),
        // Either alone would do.
        _ => Vec::new(),
    }
}

/// The service, if anything is to be prepared.
pub fn service(app: &App, parts: &[Part<'_>], problems: &mut Vec<Problem>) -> Option<Node> {
    let first = parts.first()?;
    let because: Vec<Key> = parts.iter().flat_map(awaited).collect();
    if because.is_empty() {
        return None;
    }
    check_names(app, first.asked, problems);
    let mut notes = Notes::default();
    let owners = owners(parts);
    let entries: Vec<(String, Entry<'_>)> = texts(app, first.asked);
    let is_written = !entries.is_empty();
    let volumes = volumes(parts, &owners, is_written, &mut notes);
    note(&because, parts, &mut notes);
    // All of it together, whoever says it.
    let of_app = parts.iter().any(|part| !part.process.is_service() && !awaited(part).is_empty());
    let all = if of_app { &["files", "volumes", "uid", "gid", "processes", "companions", "dev.user"][..] } else { &[] };
    let of_services = app.services.iter().filter(|one| !one.process.files.is_empty()).map(|one| one.key("files"));
    // Any of them could be one whose data is given to it.
    let data = (!app.services.is_empty()).then(|| Key::new("services"));
    let all = keys(all).into_iter().chain(of_services).chain(data).collect();
    notes.add("entrypoint", "what is new belongs to whoever writes to it", [because, all].concat());
    let entrypoint = entrypoint(&owners, &entries);
    note_owners(parts, &owners, &entrypoint, &mut notes);
    let typed = Service {
        image: Some(IMAGE.into()),
        entrypoint: Some(Entrypoint::List(entrypoint)),
        environment: environment(app, &entries, &mut notes),
        volumes,
        network_mode: Some("none".into()),
        logging: Some(service::logging(first)),
        restart: Some("no".into()),
        deploy: Some(Deploy {
            resources: Some(Resources {
                limits: Some(Limits { cpus: None, memory: Some(MEMORY.into()), devices: None }),
                reservations: None,
            }),
            ..Deploy::default()
        }),
        user: Some("0:0".into()),
        read_only: true,
        cap_drop: vec!["ALL".into()],
        cap_add: if owners.is_empty() { Vec::new() } else { vec!["CHOWN".into()] },
        security_opt: vec!["no-new-privileges:true".into()],
        ..Service::default()
    };
    let mut root = Node::typed(&typed);
    if let Some(limits) = Path::new("deploy.resources.limits").find_mut(&mut root) {
        limits.set("pids", Node::new(Content::Number(PIDS.into())));
    }
    notes.join(&mut root);
    Some(root)
}

fn note(because: &[Key], parts: &[Part<'_>], notes: &mut Notes) {
    let companions = parts.iter().filter(|part| !awaited(part).is_empty());
    let companions = companions.flat_map(|part| part.app.only_keys(part.process)).collect();
    let all = [keys(&["name"]), because.to_vec(), companions].concat();
    notes.add("", "prepares volumes before anything starts, and ends", all);
    notes.add("image", "a shell and `chown`: the app's own image may have neither", Vec::new());
    notes.add("user", "root: nobody else may give a folder away", Vec::new());
    let given: Vec<Key> = parts.iter().flat_map(given).map(|given| given.key).collect();
    notes.add("cap_add", "least-privilege: the one that gives folders away", sole(parts, given));
    notes.add("cap_drop", "least-privilege: all dropped, but for the one that it needs", Vec::new());
    notes.add("network_mode", "least-privilege: it talks to nobody", Vec::new());
    notes.add("restart", "it runs once each time that the app comes up", Vec::new());
    notes.add("logging", "as the main process'", keys(&["compose.logging"]));
    notes.add("deploy", "what a shell needs at most", Vec::new());
    notes.add("read_only", "it writes to its volumes alone", Vec::new());
    notes.add("security_opt", "least-privilege: no program can gain more", Vec::new());
}

/// Who gets which volumes. The first that mounts a volume decides: outside of development all are one user.
fn owners(parts: &[Part<'_>]) -> BTreeMap<String, Vec<String>> {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in parts {
        let Some(user) = service::runs_as(part).user else { continue };
        for Given { source, key: _ } in given(part) {
            if !owners.values().flatten().any(|other| *other == source) {
                owners.entry(user.clone()).or_default().push(source);
            }
        }
    }
    owners
}

/// The files that are written, each with the variable that holds it.
fn texts(app: &App, runtime: Runtime) -> Vec<(String, Entry<'_>)> {
    let mut names = Names::default();
    let texts = files::entries(app, runtime).into_iter().filter(|entry| matches!(entry.holds, Holds::Text(_)));
    let texts = texts.map(|entry| {
        let plain: String =
            entry.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        (format!("FILE_{}", names.unique(&plain).replace('-', "_")), entry)
    });
    texts.collect()
}

/// In exec form where one program does it all.
fn entrypoint(owners: &BTreeMap<String, Vec<String>>, entries: &[(String, Entry<'_>)]) -> Vec<String> {
    let folders = |names: &[String]| names.iter().map(|name| format!("{FOLDER}/{name}")).collect::<Vec<_>>();
    if let (1, true, Some((owner, names))) = (owners.len(), entries.is_empty(), owners.first_key_value()) {
        return [vec!["chown".into(), owner.clone()], folders(names)].concat();
    }
    let given = owners.values().enumerate();
    let given = given.map(|(i, names)| format!("chown \"$${}\" {}", i + 1, folders(names).join(" ")));
    let written = entries.iter().map(|(variable, entry)| {
        let name = &entry.name;
        format!("printf %s \"$${variable}\" > {FILES}/{name}")
    });
    let lines: Vec<String> = given.chain(written).collect();
    let script = ["sh".into(), "-euc".into(), lines.join("\n")];
    // What follows is `$0`, `$1` and so on.
    let owners = (!owners.is_empty()).then(|| std::iter::once("sh".into()).chain(owners.keys().cloned()));
    script.into_iter().chain(owners.into_iter().flatten()).collect()
}

/// Each owner is a word of its own, which others have too: `.env.example` says once what it is.
fn note_owners(parts: &[Part<'_>], owners: &BTreeMap<String, Vec<String>>, entrypoint: &[String], notes: &mut Notes) {
    for (i, word) in entrypoint.iter().enumerate().filter(|(_, word)| owners.contains_key(*word)) {
        let users = parts.iter().filter(|part| !given(part).is_empty()).map(service::runs_as);
        let found = users.into_iter().find(|found| found.user.as_ref() == Some(word));
        if let Some(RunsAs { user: _, reason, keys }) = found {
            notes.add(Path::new("entrypoint").index(i), reason, keys);
        }
    }
}

fn environment(app: &App, entries: &[(String, Entry<'_>)], notes: &mut Notes) -> Environment {
    let values = entries.iter().filter_map(|(variable, entry)| {
        let Entry { name: _, process, file, holds: Holds::Text(text) } = entry else { return None };
        let reason = format!("what `{}` holds", file.path);
        let because = [files::keys(app, process, file), app.only_keys(process)].concat();
        notes.add(Path::new("environment").key(variable), reason, because);
        Some((variable.clone(), Some(SingleValue::String(text.clone()))))
    });
    Environment::KvPair(values.collect())
}

/// Keys that are one place of the profile, shared. Where any of several would do, only all processes together decide.
fn sole(parts: &[Part<'_>], all: Vec<Key>) -> Vec<Key> {
    let Some(part) = parts.first() else { return all };
    let mut places: Vec<_> = all.iter().map(|key| part.app.provenance.value(key)).collect();
    places.dedup();
    if places.len() == 1 { all } else { keys(&["processes", "companions"]) }
}

fn volumes(
    parts: &[Part<'_>],
    owners: &BTreeMap<String, Vec<String>>,
    is_written: bool,
    notes: &mut Notes,
) -> Vec<Volumes> {
    let app = parts[0].app;
    let mut places: Vec<(String, String)> =
        owners.values().flatten().map(|name| (name.clone(), format!("{FOLDER}/{name}"))).collect();
    places.sort();
    places.extend(is_written.then(|| (files::volume(app), FILES.to_owned())));
    let mounts = places.into_iter().map(|(source, target)| {
        let mounted = |part: &Part<'_>| {
            let volumes = part.process.volumes.iter();
            volumes.clone().find(|volume| self::source(part.app, part.pod(), volume) == source).cloned()
        };
        let users = parts.iter().filter_map(|part| {
            let data = || data(part).filter(|data| data.source == source).map(|data| data.key);
            mounted(part).map(|volume| part.process.volume_key(&volume)).or_else(data)
        });
        let named = parts.iter().find_map(|part| Some(source_keys(part.pod(), &mounted(part)?))).unwrap_or_default();
        let only = parts.iter().filter(|part| mounted(part).is_some());
        let only: Vec<Key> = only.flat_map(|part| part.app.only_keys(part.process)).collect();
        let mut because = match target == FILES {
            true => sole(parts, parts.iter().flat_map(written).collect()),
            false => [sole(parts, users.collect()), only, named].concat(),
        };
        because.extend((target == FILES).then(|| Key::new("name")));
        notes.add(Path::new("volumes").item("target", &target), "to be prepared", because);
        Volumes::Advanced(AdvancedVolumes {
            source: Some(source),
            target,
            _type: "volume".into(),
            read_only: false,
            bind: None,
            volume: None,
            tmpfs: None,
        })
    });
    mounts.collect()
}

/// The name that is ours here.
fn check_names(app: &App, runtime: Runtime, problems: &mut Vec<Problem>) {
    let service = name(app);
    let companions = app.companions(runtime).map(|one| &one.process);
    let taken = app.everything().chain(companions).find(|process| app.workload(process) == service);
    let named = |process: &Process| app.provenance.key(&process.at);
    problems.extend(taken.map(|process| {
        Problem::new(Code::BadName, format!("`{service}` is the service that prepares volumes on Compose"))
            .at(named(process), "would bear the same name")
            .help("call this one otherwise")
    }));
}
