//! ConfigMap: the files of a workload, under a stable name. A hash on the pods restarts them when one of them changes,
//! since what is mounted by `subPath` never does (Kubernetes documentation, "Volumes", `subPath`).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;

use super::{backing, object::Object, spelling, workload::Workload};
use crate::{
    app::{CHECKSUM, File},
    key::Key,
    problem::{Code, Problem},
    targets::{hash::hash, names::Names},
    tree::{Notes, Path},
};

/// The files of the workload, each with its key in the ConfigMap.
pub fn keyed<'a>(workload: &Workload<'a>) -> Vec<(String, &'a File)> {
    let mut names = Names::default();
    workload.process.files.iter().map(|file| (names.of_file(&file.path), file)).collect()
}

/// What the ConfigMap is called.
pub fn name(workload: &Workload<'_>) -> String {
    match workload.host {
        Some(host) => format!("{}-{}-files", workload.app.workload(host), workload.process.name),
        None => format!("{}-files", workload.name()),
    }
}

/// The files of each container of the pods.
pub fn config_maps(workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Vec<Object> {
    containers(workload).iter().map(|one| config_map(workload, one, problems)).collect()
}

/// The containers of its pods that have files.
fn containers<'a>(workload: &Workload<'a>) -> Vec<Workload<'a>> {
    let own = Workload::new(workload.app, workload.process);
    let beside = workload.app.pod(workload.process).skip(1).map(|process| workload.beside(process));
    std::iter::once(own).chain(beside).filter(|one| !one.process.files.is_empty()).collect()
}

fn config_map(pods: &Workload<'_>, workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Object {
    let process = workload.process;
    let mut notes = Notes::default();
    let mut metadata = pods.metadata(&mut notes);
    metadata.name = Some(name(workload));
    for (key, file) in keyed(workload) {
        problems.extend(secret(workload, file));
        let reason = match &file.source {
            Some(source) => format!("what `{source}` holds"),
            None => "what the profile says".to_owned(),
        };
        notes.add(Path::new("data").key(key), reason, file_keys(workload, file));
    }
    let map = ConfigMap { metadata, data: Some(data(workload)), ..ConfigMap::default() };
    let keys = [process.keys(&["files"]), process.own_keys(), pods.process.own_keys()].concat();
    Object::new(&map, "the files of this workload", keys, notes)
}

/// Kubernetes puts nothing of a Secret into a file beside others.
fn secret(workload: &Workload<'_>, file: &File) -> Option<Problem> {
    let (service, field) = backing::told_in(workload.app, &file.text).into_iter().next()?;
    let title = format!("`${{{}.{}}}` cannot stand in a file: a Secret tells it", service.name(), field.name());
    let span = workload.app.provenance.value(&workload.process.file_key(file));
    let help = "give it to the app as a variable, in `[env]`";
    Some(Problem::new(Code::BadReference, title).at(span, "refers to a secret").help(help))
}

fn data(workload: &Workload<'_>) -> BTreeMap<String, String> {
    let names = backing::names(workload.app, workload.process);
    keyed(workload).into_iter().map(|(key, file)| (key, spelling::file(&file.text, &names))).collect()
}

/// The entry of a file, and what its text refers to.
pub fn file_keys(workload: &Workload<'_>, file: &File) -> Vec<Key> {
    let Workload { app, process, .. } = *workload;
    let text = &file.text;
    [vec![process.file_key(file)], app.referred_keys(process, text), backing::referred(app, process, text)].concat()
}

/// The annotation of pods that mount files.
pub fn checksum(workload: &Workload<'_>, notes: &mut Notes) -> Option<(String, String)> {
    let containers = containers(workload);
    if containers.is_empty() {
        return None;
    }
    let keys = containers.iter().flat_map(|one| {
        let files = one.process.files.iter().flat_map(|file| file_keys(one, file));
        let own = if one.host.is_some() { one.process.own_keys() } else { Vec::new() };
        own.into_iter().chain(one.process.keys(&["files"])).chain(files).collect::<Vec<_>>()
    });
    let path = Path::new("metadata.annotations").key(CHECKSUM);
    notes.add(path, "new pods when a file changes: none of them sees the change by itself", keys.collect());
    let data: Vec<_> = containers.iter().flat_map(data).collect();
    Some((CHECKSUM.into(), hash(data.iter().flat_map(|(key, text)| [key.as_str(), text]))))
}
