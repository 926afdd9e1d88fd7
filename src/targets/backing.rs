//! Backing services as a cluster knows them, whoever runs processes there: by a Secret, or by what is rendered for them.

use std::collections::{BTreeMap, BTreeSet};

use super::expansion::{Names, Stands};
use crate::{
    app::{App, Backing, Field, Part, Process, Provision, Runtime, Text, Variable},
    key::Key,
    tree::{Notes, Path},
};

/// A variable that a Secret holds.
pub struct Told {
    pub name: String,
    pub secret: String,
    pub key: String,
}

/// The key of a Secret under which a field stands; `None` if everybody may know it.
pub fn told(backing: &Backing, field: Field) -> Option<&str> {
    match backing.provision {
        Provision::External => Some(backing.secret_key(field)),
        // What the operator makes has keys of its own (CloudNativePG documentation, "Connecting from an application").
        Provision::Cnpg => match field {
            Field::Url => Some("uri"),
            Field::Password => Some("password"),
            Field::Host | Field::Port | Field::User | Field::Name => None,
        },
        // All but the password is written here.
        Provision::Preview => (field == Field::Password).then(|| backing.secret_key(field)),
    }
}

/// The Secret that tells about a service.
pub fn secret(app: &App, backing: &Backing) -> String {
    let name = app.workload(&backing.process);
    backing.secret.clone().unwrap_or_else(|| match backing.provision {
        Provision::External | Provision::Preview => name,
        Provision::Cnpg => format!("{name}-app"),
    })
}

/// What decides where it is told.
pub fn secret_keys(backing: &Backing, field: Field) -> Vec<Key> {
    let named = [backing.key("k8s"), Key::new("name")];
    let keys = match (&backing.secret, field) {
        (None, _) => named.to_vec(),
        // The same for everybody who runs it.
        (Some(_), Field::Password) if !backing.secret_keys.contains_key(&field) => Vec::new(),
        (Some(_), _) => vec![backing.key("k8s")],
    };
    std::iter::once(backing.key("secret")).chain(keys).collect()
}

/// Adds what references to services stand for. `runtime`: whose own variables the process has.
pub fn stand_for(app: &App, process: &Process, runtime: Runtime, names: &mut Names<'_>) {
    let variables = variables(app, process, runtime);
    for backing in &app.services {
        for field in Field::ALL {
            let stands = match variables.get(&(backing.name(), field)) {
                _ if field == Field::Url && is_composed(backing) => Stands::Parts(backing.url()),
                Some(variable) => Stands::Variable(variable.clone()),
                None => Stands::Plain(plain(app, backing, field)),
            };
            names.service(backing.name(), field, stands);
        }
    }
}

/// What everybody may know of a service.
fn plain(app: &App, backing: &Backing, field: Field) -> String {
    match field {
        Field::Host => match backing.provision {
            Provision::External => String::new(),
            Provision::Cnpg => operated_host(app, backing),
            Provision::Preview => app.workload(&backing.process),
        },
        Field::Port => backing.port().to_string(),
        Field::User => backing.user.clone(),
        Field::Name => backing.database.clone(),
        Field::Url | Field::Password => String::new(),
    }
}

/// The Service of CloudNativePG that leads to the instance that is written to (its documentation, "Service management").
pub fn operated_host(app: &App, backing: &Backing) -> String {
    format!("{}-rw", app.workload(&backing.process))
}

/// Whether its URL is put together here: whoever writes the Secret does not know the driver.
fn is_composed(backing: &Backing) -> bool {
    match backing.provision {
        Provision::External => backing.driver.is_some(),
        // With another Secret the operator makes none.
        Provision::Cnpg => backing.driver.is_some() || backing.secret.is_some(),
        Provision::Preview => true,
    }
}

/// A text, its URLs taken apart where they are put together here.
pub fn parts(app: &App, text: &Text) -> Vec<Part> {
    let parts = text.parts.iter().flat_map(|part| match part {
        Part::Service { service, field: Field::Url } => match app.service(service) {
            Some(backing) if is_composed(backing) => backing.url(),
            _ => vec![part.clone()],
        },
        _ => vec![part.clone()],
    });
    parts.collect()
}

/// What a text takes from Secrets of services.
pub fn told_in<'a>(app: &'a App, text: &Text) -> Vec<(&'a Backing, Field)> {
    let parts = parts(app, text);
    let services = parts.iter().filter_map(|part| match part {
        Part::Service { service, field } => Some((app.service(service)?, *field)),
        _ => None,
    });
    services.filter(|(backing, field)| told(backing, *field).is_some()).collect()
}

/// The field of a service that a variable of the profile is, and nothing else, if a Secret tells it.
pub fn whole<'a>(app: &'a App, variable: &Variable) -> Option<(&'a Backing, Field)> {
    variable.text.only_service()?;
    match (told_in(app, &variable.text).as_slice(), parts(app, &variable.text).as_slice()) {
        ([one], [_]) => Some(*one),
        _ => None,
    }
}

/// The variables of a process that hold what Secrets tell about services, for texts that hold more. One of the profile
/// that has the name for it, and is just that, is taken; one that is something else is left alone.
fn variables<'a>(app: &'a App, process: &Process, runtime: Runtime) -> BTreeMap<(&'a str, Field), String> {
    let own = app.own_variables(process, runtime, &app.parallelism(process, runtime));
    let own = own.iter().map(|one| one.name.as_str());
    let inputs = process.inputs.iter().map(|one| one.name.as_str());
    let secrets = process.secrets.iter().map(|one| one.name.as_str());
    let taken: BTreeSet<&str> = own.chain(inputs).chain(secrets).collect();
    let is_free = |name: &str, field: (&Backing, Field)| {
        let same =
            |one: &Variable| whole(app, one).is_some_and(|(other, of)| (other.name(), of) == (field.0.name(), field.1));
        !taken.contains(name) && process.env.iter().all(|one| one.name != name || same(one))
    };
    let mut names = BTreeMap::new();
    for (backing, field) in needed(app, process) {
        let mut name = variable(backing, field);
        while !is_free(&name, (backing, field)) {
            name = format!("SERVICE_{name}");
        }
        names.insert((backing.name(), field), name);
    }
    names
}

/// The variable that holds a field, unless the profile has one of this name.
fn variable(backing: &Backing, field: Field) -> String {
    format!("{}_{}", backing.prefix(), field.key().to_uppercase())
}

/// The variable of the profile that has the name.
fn namesake(process: &Process, backing: &Backing, field: Field) -> Option<Key> {
    let name = variable(backing, field);
    let own = process.env.iter().find(|one| one.name == name)?;
    Some(process.key("env").child(&own.name))
}

/// What the texts of a process take from Secrets, but for variables that are nothing else.
fn needed<'a>(app: &'a App, process: &Process) -> Vec<(&'a Backing, Field)> {
    texts(app, process).flat_map(|(_, text)| told_in(app, text)).collect()
}

fn texts<'p>(app: &App, process: &'p Process) -> impl Iterator<Item = (Key, &'p Text)> {
    let env = process.key("env");
    let wholes = process.env.iter().filter(|one| whole(app, one).is_some());
    let wholes: BTreeSet<Key> = wholes.map(|one| env.child(&one.name)).collect();
    process.texts().filter(move |(key, _)| !wholes.contains(key))
}

/// The variables that come from Secrets of services, before all that refers to them.
pub fn env(app: &App, process: &Process, runtime: Runtime, notes: &mut Notes) -> Vec<Told> {
    let mut env = Vec::new();
    for variable in &process.env {
        let Some((backing, field)) = whole(app, variable) else { continue };
        let because = [vec![process.key("env").child(&variable.name)], field_keys(backing, field)].concat();
        note(&variable.name, "by reference, the value is in the cluster alone", because, notes);
        env.push(from_secret(app, &variable.name, backing, field));
    }
    for ((service, field), name) in variables(app, process, runtime) {
        let Some(backing) = app.service(service).filter(|_| process.env.iter().all(|one| one.name != name)) else {
            continue;
        };
        let because = [using(app, process, backing, field), secret_keys(backing, field)].concat();
        let because = because.into_iter().chain(namesake(process, backing, field)).collect();
        note(&name, "by reference, for the values that refer to it", because, notes);
        env.push(from_secret(app, &name, backing, field));
    }
    env
}

fn note(name: &str, reason: &'static str, keys: Vec<Key>, notes: &mut Notes) {
    notes.add(Path::new("env").item("name", name), reason, keys);
}

/// The one text that needs a field; of several, none alone decides. And the driver, where a URL alone needs it.
fn using(app: &App, process: &Process, backing: &Backing, field: Field) -> Vec<Key> {
    let is_it = |(other, of): &(&Backing, Field)| other.name() == backing.name() && *of == field;
    let using: Vec<_> = texts(app, process).filter(|(_, text)| told_in(app, text).iter().any(is_it)).collect();
    let of_url = |text: &Text| !text.services().any(|one| one == (backing.name(), field)) || field == Field::Url;
    let driver = using.iter().all(|(_, text)| of_url(text)).then(|| driver_keys(backing));
    let kind = backing.key("kind");
    let mut keys: Vec<Key> = using.into_iter().map(|(key, _)| key).collect();
    keys.dedup();
    let only = (keys.len() == 1).then_some(keys).into_iter().flatten();
    only.chain(driver.into_iter().flatten()).chain([kind]).collect()
}

/// What decides that a URL is put together: a driver, or else who runs the service.
fn driver_keys(backing: &Backing) -> Vec<Key> {
    let k8s = backing.driver.is_none().then(|| backing.key("k8s"));
    std::iter::once(backing.key("driver")).chain(k8s).collect()
}

/// What decides that a field stands in a Secret, and in which.
fn field_keys(backing: &Backing, field: Field) -> Vec<Key> {
    // With a driver it would be put together.
    let url = (field == Field::Url).then(|| backing.key("driver"));
    secret_keys(backing, field).into_iter().chain(url).collect()
}

/// What decides how a text of a process refers to services.
pub fn referred(app: &App, process: &Process, text: &Text) -> Vec<Key> {
    let urls = text.services().filter(|(_, field)| *field == Field::Url);
    let urls = urls.filter_map(|(service, _)| app.service(service));
    let drivers = urls.flat_map(|backing| match backing.provision {
        Provision::External | Provision::Preview => backing.process.keys(&["driver"]),
        Provision::Cnpg => backing.process.keys(&["driver", "secret"]),
    });
    let namesakes = told_in(app, text).into_iter().filter_map(|(backing, field)| namesake(process, backing, field));
    drivers.chain(namesakes).chain(parts(app, text).into_iter().flat_map(|part| stood_for(app, &part))).collect()
}

/// What decides that which stands for a part of a text.
fn stood_for(app: &App, part: &Part) -> Vec<Key> {
    let Part::Service { service, field } = part else { return Vec::new() };
    let Some(backing) = app.service(service) else { return Vec::new() };
    let known = match (told(backing, *field), field) {
        (Some(_), Field::Password) => return Vec::new(),
        (Some(_), _) => Vec::new(),
        (None, Field::Host) => vec![Key::new("name")],
        (None, field) => app.field_keys(backing, *field),
    };
    std::iter::once(backing.key("k8s")).chain(known).collect()
}

fn from_secret(app: &App, name: &str, backing: &Backing, field: Field) -> Told {
    let key = told(backing, field).unwrap_or_default().to_owned();
    Told { name: name.to_owned(), secret: secret(app, backing), key }
}

/// Why a text of the profile stands there.
pub fn reason(app: &App, text: &Text) -> &'static str {
    match text.holds_password(app) {
        // Kubernetes puts a password into a text as it is.
        true => "asked for; a password stands in it as it is, so it has letters, digits and `.`, `_`, `~`, `-` alone",
        false => "asked for",
    }
}
