//! What processes refer to: backing services, as any cluster knows them, and each other, by their Services.

use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, SecretKeySelector};

use super::{service, spelling::Names, workload::Workload};
pub use crate::targets::backing::{reason, secret, secret_keys, told, told_in, whole};
use crate::{
    app::{Address, App, Place, Process, Runtime, Text},
    key::Key,
    targets::backing::{self, Told},
    tree::Notes,
};

/// What the references of a process stand for.
pub fn names<'a>(app: &'a App, process: &'a Process) -> Names<'a> {
    let mut names = Names::of(process);
    for other in &app.processes {
        let (host, port, tls) = (app.workload(other), other.service.port, app.entrance(other).speaks_tls());
        names.place(&other.name, Place { host, port, tls });
    }
    backing::stand_for(app, process, Runtime::Orchestrated, &mut names);
    names
}

/// The variables that come from Secrets of services, before all that refers to them.
pub fn env(workload: &Workload<'_>, notes: &mut Notes) -> Vec<EnvVar> {
    let told = backing::env(workload.app, workload.process, Runtime::Orchestrated, notes).into_iter();
    let variable = |Told { name, secret, key }| {
        let selector = SecretKeySelector { name: secret, key, optional: None };
        let value_from = Some(EnvVarSource { secret_key_ref: Some(selector), ..EnvVarSource::default() });
        EnvVar { name, value: None, value_from }
    };
    told.map(variable).collect()
}

/// What decides how a text of a process refers to services, and to other processes.
pub fn referred(app: &App, process: &Process, text: &Text) -> Vec<Key> {
    let others = text.processes().flat_map(|(name, address)| place_keys(app, name, address));
    backing::referred(app, process, text).into_iter().chain(others).collect()
}

/// What decides where a process is, as its Service has it.
fn place_keys(app: &App, name: &str, address: Address) -> Vec<Key> {
    let Some(process) = app.process(name) else { return Vec::new() };
    let host = [vec![Key::new("name")], process.own_keys()].concat();
    app.address_keys(process, address, host, service::number_keys(&Workload::new(app, process)))
}
