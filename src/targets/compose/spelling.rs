//! How Compose writes amounts, times, and texts in which it would see a variable.

use std::collections::BTreeMap;

use super::{backing, service};
use crate::{
    app::{App, Backing, Bytes, Field, Input, Part, Place, PodFact, Process, Seconds, Secret, Text, keys},
    key::Key,
};

/// Compose reads `M` as 1024 × 1024 bytes, and refuses `Mi` (Compose specification, "Specifying byte values").
pub fn bytes(amount: Bytes) -> String {
    const UNITS: &[(u64, &str)] = &[(1 << 20, "M"), (1 << 10, "K")];
    let fits = UNITS.iter().find(|(unit, _)| amount.0 >= *unit && amount.0.is_multiple_of(*unit));
    fits.map_or_else(|| format!("{}b", amount.0), |(unit, suffix)| format!("{}{suffix}", amount.0 / unit))
}

pub fn seconds(time: Seconds) -> String {
    format!("{}s", time.0)
}

/// A text in which nothing is a variable: `$$` is a dollar sign (Compose specification, "Interpolation").
pub fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

/// What references stand for, by name: each is looked up as often as texts refer to it.
pub struct Names<'a> {
    secrets: BTreeMap<&'a str, &'a Secret>,
    inputs: BTreeMap<&'a str, &'a Input>,
    service: String,
    project: &'a str,
    app: &'a App,
}

impl<'a> Names<'a> {
    /// What stands for facts about a pod is called as the process that a container stands beside.
    pub fn of(part: &service::Part<'a>) -> Self {
        Names { service: part.pod_name(), ..Names::of_process(part.app, part.process) }
    }

    pub fn of_process(app: &'a App, process: &'a Process) -> Self {
        Names {
            service: app.workload(process),
            project: &app.compose.project,
            app,
            secrets: process.secrets.iter().map(|secret| (secret.name.as_str(), secret)).collect(),
            inputs: process.inputs.iter().map(|input| (input.name.as_str(), input)).collect(),
        }
    }
}

pub fn text(text: &Text, names: &Names<'_>) -> String {
    self::parts(&text.parts, names)
}

fn parts(parts: &[Part], names: &Names<'_>) -> String {
    let parts = parts.iter().map(|part| match part {
        Part::Literal(text) => literal(text),
        Part::Secret(name) => {
            let optional = names.secrets.get(name.as_str()).is_some_and(|secret| secret.optional);
            if optional { format!("${{{name}:-}}") } else { required(name) }
        }
        // What a service is called by others, and resolves to itself.
        Part::Pod(PodFact::Name | PodFact::Ip) => names.service.clone(),
        Part::Pod(PodFact::Namespace) => literal(names.project),
        Part::Input(name) => names.inputs.get(name.as_str()).map_or_else(String::new, |input| self::input(input)),
        Part::Process { process, address } => {
            names.app.process(process).map_or_else(String::new, |process| place(names.app, process).address(*address))
        }
        Part::Service { service, field } => {
            names.app.service(service).map_or_else(String::new, |backing| self::field(backing, *field, names))
        }
    });
    parts.collect()
}

/// Services find each other by name, and nothing stands between them and the port of a container.
fn place(app: &App, process: &Process) -> Place {
    let (host, port) = (app.workload(process), process.service.entrance.unwrap_or_default());
    Place { host, port, tls: app.entrance(process).speaks_tls() }
}

/// What decides what references to others stand for in a text.
pub fn referred(app: &App, text: &Text) -> Vec<Key> {
    [backing::referred(app, text), place_keys(app, text)].concat()
}

fn place_keys(app: &App, text: &Text) -> Vec<Key> {
    let keys = text.processes().filter_map(|(name, address)| {
        let process = app.process(name)?;
        let host = [keys(&["name"]), process.own_keys()].concat();
        Some(app.address_keys(process, address, host, app.entrance_keys(process)))
    });
    keys.flatten().collect()
}

/// What a host knows of a service that it runs.
fn field(backing: &Backing, field: Field, names: &Names<'_>) -> String {
    match field {
        Field::Url => parts(&backing.url(), names),
        Field::Host => backing.name().to_owned(),
        Field::Port => backing.port().to_string(),
        Field::User => literal(&backing.user),
        Field::Password => required(&backing.password_variable().unwrap_or_default()),
        Field::Name => literal(&backing.database),
    }
}

/// Compose stops, and says what to do, instead of going on with nothing.
pub fn required(name: &str) -> String {
    format!("${{{name}:?set {name} in .env}}")
}

pub fn input(input: &Input) -> String {
    let name = &input.name;
    match &input.default {
        Some(default) => format!("${{{name}:-{}}}", literal(default)),
        None => required(name),
    }
}
