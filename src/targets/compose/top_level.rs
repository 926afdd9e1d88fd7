//! What a Compose file has beside its services: volumes.

use std::collections::{BTreeMap, BTreeSet};

use docker_compose_types::{ComposeVolume, ExternalVolume, Labels, MapOrEmpty, TopLevelVolumes};

use super::{backing, files, storage};
use crate::{
    app::{App, Process, Runtime, Volume, keys},
    key::Key,
    problem::{Code, Problem},
    tree::{Notes, Path},
};

/// The volumes that Compose makes, and those that are there already.
pub fn volumes(app: &App, runtime: Runtime, notes: &mut Notes) -> TopLevelVolumes {
    let mut all: BTreeMap<String, (bool, Vec<Key>)> = BTreeMap::new();
    for process in app.hosted(runtime) {
        for volume in &process.volumes {
            for (name, external, because) in named(app, process, volume) {
                let (_, users) = all.entry(name).or_insert((external, Vec::new()));
                users.push(process.volume_key(volume));
                users.extend(app.only_keys(process));
                users.extend(because);
            }
        }
        for file in process.files.iter().filter(|file| file.source.is_none()) {
            let (_, users) = all.entry(files::volume(app)).or_insert((false, keys(&["name"])));
            users.push(process.file_key(file));
            users.extend(app.only_keys(process));
        }
    }
    for (name, backing) in app.services.iter().filter_map(|backing| Some((backing::volume(backing)?, backing))) {
        let reason = format!("the data of `{}`, until somebody removes it", backing.name());
        notes.add(Path::new("volumes").key(&name), reason, vec![backing.at().clone()]);
    }
    let of_services = app.services.iter().filter_map(backing::volume).map(|name| (name, MapOrEmpty::Empty));
    let volumes = all.into_iter().map(|(name, (external, users))| {
        let reason = match (external, name == files::volume(app)) {
            (true, _) => "somebody else makes it",
            (false, true) => "the files that stand in the profile alone",
            (false, false) => "outlives containers; `down -v` deletes it",
        };
        let because = if name == files::volume(app) { decisive(app, users) } else { users };
        notes.add(Path::new("volumes").key(&name), reason, because);
        let external = external.then_some(ExternalVolume::Bool(true));
        let one = external.map_or(MapOrEmpty::Empty, |external| {
            MapOrEmpty::Map(ComposeVolume {
                external: Some(external),
                driver: None,
                driver_opts: Default::default(),
                labels: Labels::default(),
                name: None,
            })
        });
        (name, one)
    });
    let volumes: Vec<_> = volumes.collect();
    TopLevelVolumes(volumes.into_iter().chain(of_services).collect())
}

/// What Compose has to know a volume of a container by, whether somebody else makes it, and why it is called so: scratch
/// space is one for each process that the container stands beside.
fn named(app: &App, process: &Process, volume: &Volume) -> Vec<(String, bool, Vec<Key>)> {
    let one =
        |pod: &Process, external| (storage::source(app, pod, volume), external, storage::source_keys(pod, volume));
    match volume.lasting() {
        Some(lasting) if lasting.host.is_none() => vec![one(process, lasting.external)],
        None if volume.scratch().is_some() => {
            let is_in = |pod: &&Process| app.pod(pod).any(|other| other.at == process.at);
            let pods: Vec<&Process> = app.everything().filter(is_in).collect();
            let pods = if pods.is_empty() { vec![process] } else { pods };
            pods.into_iter().map(|pod| one(pod, false)).collect()
        }
        Some(_) | None => Vec::new(),
    }
}

/// Of several files, none alone decides that there is a volume of them, but the table that holds them all.
fn decisive(app: &App, users: Vec<Key>) -> Vec<Key> {
    let is_file = |key: &Key| key.segments().any(|part| part == "files");
    let mut places: Vec<_> = users.iter().filter(|key| is_file(key)).map(|key| app.provenance.value(key)).collect();
    places.dedup();
    if places.len() < 2 {
        return users;
    }
    let tables: BTreeSet<&str> =
        users.iter().filter(|key| is_file(key)).filter_map(|key| key.segments().next()).collect();
    let table = Some(tables).filter(|tables| tables.len() == 1).into_iter().flatten().map(|name| Key::ROOT.child(name));
    keys(&["name"]).into_iter().chain(table).collect()
}

/// A volume of the profile that bears the name of another: that of files, of a backing service, or of scratch space, which
/// is called after its process.
pub fn check_names(app: &App, runtime: Runtime, problems: &mut Vec<Problem>) {
    let of_services = app.services.iter().filter_map(|backing| Some((backing::volume(backing)?, backing.name())));
    let mut taken: BTreeMap<String, String> =
        of_services.map(|(volume, service)| (volume, format!("the volume of the service `{service}`"))).collect();
    if app.hosted(runtime).any(|process| process.files.iter().any(|file| file.source.is_none())) {
        taken.insert(files::volume(app), "the volume of files".into());
    }
    let volumes = app.on_host(runtime).flat_map(|process| process.volumes.iter().map(move |one| (process, one)));
    let (scratch, others): (Vec<_>, Vec<_>) = volumes.partition(|(_, volume)| volume.scratch().is_some());
    let mut found = Vec::new();
    for (process, volume) in &scratch {
        for (name, ..) in named(app, process, volume) {
            found.extend(taken.get(&name).map(|whose| (process.volume_key(volume), name, whose.clone())));
        }
    }
    for (process, volume) in scratch {
        let names = named(app, process, volume).into_iter();
        taken.extend(names.map(|(name, ..)| (name, format!("the scratch space `{}` of a process", volume.name))));
    }
    for (process, volume) in others {
        for (name, ..) in named(app, process, volume) {
            // Whoever shares it says it in the same place.
            found.extend(taken.remove(&name).map(|whose| (process.volume_key(volume), name, whose)));
        }
    }
    problems.extend(found.into_iter().map(|(key, name, whose)| {
        Problem::new(Code::BadName, format!("`{name}` is {whose} on Compose"))
            .at(app.provenance.key(&key), "would bear the same name")
            .help("call this one otherwise")
    }));
}
