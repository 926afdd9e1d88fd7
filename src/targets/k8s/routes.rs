//! What an HTTPRoute and an Ingress have in common.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::workload::Workload;
use crate::{
    app::{App, Route, keys},
    key::Key,
    tree::{Notes, Path},
};

/// The metadata of an object that leads to all processes: named after the app, with annotations of its own.
pub fn metadata(app: &App, notes: &mut Notes) -> ObjectMeta {
    let mut metadata = Workload::new(app, &app.processes[0]).metadata(notes);
    let own = app.ingress.iter().flat_map(|ingress| ingress.annotations.clone());
    let mut annotations = metadata.annotations.take().unwrap_or_default();
    annotations.extend(own);
    let tables = [Key::new("ingress.annotations"), app.processes[0].key("annotations")];
    for name in annotations.keys() {
        let because = tables.iter().map(|table| table.child(name)).collect();
        notes.add(Path::new("metadata.annotations").key(name), "asked for", because);
    }
    metadata.annotations = Some(annotations).filter(|annotations| !annotations.is_empty());
    metadata
}

/// Why requests go to a Service.
pub fn note_backend(app: &App, route: &Route, at: Path, notes: &mut Notes) {
    let process = &app.processes[route.process];
    let reason = format!("the process `{}`", process.name);
    notes.add(at, reason, [vec![route.at.clone()], keys(&["name"]), process.own_keys()].concat());
}
