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
    let workload = Workload::new(app, &app.processes[0]);
    let own = app.ingress.as_ref().map(|ingress| &ingress.annotations);
    workload.annotated(own.into_iter().flatten(), &Key::new("ingress.annotations"), notes)
}

/// Why requests go to a Service.
pub fn note_backend(app: &App, route: &Route, at: Path, notes: &mut Notes) {
    let process = &app.processes[route.process];
    let reason = format!("the process `{}`", process.name);
    notes.add(at, reason, [vec![route.at.clone()], keys(&["name"]), process.own_keys()].concat());
}
