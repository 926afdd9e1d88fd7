//! A backing service that the cluster runs for an environment that comes and goes: one pod, with a volume of its own that
//! goes with it.
//!
//! It is a process like those of the app, hardened alike but for what its image cannot do.

use std::collections::BTreeMap;

mod explain;

use super::{backing, object::Object, workload::Workload};
use crate::{
    app::{
        self, Access, App, Backing, BackingKind, Egress, Field, Lasting, Network, Part, Password, Process, Secret,
        SecretFile, ServiceType, Text, Variable, VolumeKind,
    },
    problem::Problem,
};

/// Tells people, and whoever cleans up, what this is.
const LABEL: (&str, &str) = ("environment", "preview");

/// The volume of the data, and its folder there. Beside it may lie `lost+found`, with which Kafka and MySQL do not start.
const DATA: &str = "data";

/// Shared memory.
const SHM: &str = "shm";

/// Where the password lies, as on Compose.
const SECRETS: &str = "/run/secrets";

/// What the image of PostgreSQL is told of the folder of its data.
const PGDATA: &str = "PGDATA";

/// Everything that runs a service, in the order in which it is applied.
pub fn objects(app: &App, backing: &Backing, problems: &mut Vec<Problem>) -> Vec<Object> {
    let process = process(app, backing);
    let workload = Workload::new(app, &process);
    let mut objects = super::of_process(&workload, problems);
    for object in &mut objects {
        explain::explain(&workload, backing, object);
    }
    objects
}

/// As a cluster runs it.
fn process(app: &App, backing: &Backing) -> Process {
    let own = backing.process.clone();
    let mut env = own.env;
    let told = folder_variable(backing).into_iter().chain(password_variables(backing));
    // What the profile says itself holds.
    let told = told.filter(|one| env.iter().all(|other| other.name != one.name)).collect::<Vec<_>>();
    env.extend(told);
    env.sort_by(|a, b| a.name.cmp(&b.name));
    let mut secrets = own.secrets;
    secrets.extend(password_file(app, backing));
    let (type_, volumes) = match backing.data {
        // It has one pod, and needs no address beside that one's.
        Some(path) => (ServiceType::Headless, vec![data(backing, path)]),
        None => (own.service.type_, Vec::new()),
    };
    let texts = own.start.args().iter().chain(env.iter().map(|one| &one.text));
    Process {
        labels: BTreeMap::from([(LABEL.0.to_owned(), LABEL.1.to_owned())]),
        service: app::Service { type_, ..own.service },
        network: Network { egress: Some(egress(texts)), ..own.network },
        volumes: volumes.into_iter().chain(shm(backing)).collect(),
        env,
        secrets,
        ..own
    }
}

/// Who looks for a service by its name, be it itself, asks a name server, and goes there.
fn egress<'a>(mut texts: impl Iterator<Item = &'a Text>) -> Vec<Egress> {
    if texts.any(is_looked_up) { vec![Egress::Dns, Egress::Services] } else { Vec::new() }
}

fn is_looked_up(text: &Text) -> bool {
    text.services().any(|(_, field)| matches!(field, Field::Host | Field::Url))
}

fn data(backing: &Backing, path: &str) -> app::Volume {
    let lasting = Lasting {
        size: Some(backing.size),
        access: Access::Rwo,
        class: None,
        claim: None,
        external: false,
        host: None,
        per_replica: true,
    };
    app::Volume { name: DATA.into(), path: path.into(), kind: VolumeKind::Lasting(lasting) }
}

fn shm(backing: &Backing) -> Option<app::Volume> {
    let kind = VolumeKind::Memory { size: backing.shm? };
    Some(app::Volume { name: SHM.into(), path: "/dev/shm".into(), kind })
}

/// The folder of a volume that is mounted in place of all of it.
pub fn folder(workload: &Workload<'_>, volume: &app::Volume) -> Option<&'static str> {
    (workload.process.is_service() && volume.lasting().is_some()).then_some(DATA)
}

/// PostgreSQL wants to own the folder of its data, and that of a volume is root's. From 18 on its image makes one itself.
fn folder_variable(backing: &Backing) -> Option<Variable> {
    let path = backing.data.filter(|path| backing.kind == BackingKind::Postgres && path.ends_with("/data"))?;
    Some(Variable { name: PGDATA.into(), text: Text::literal(format!("{path}/pgdata")) })
}

fn password_variables(backing: &Backing) -> Vec<Variable> {
    match backing.facts().password {
        Password::None => Vec::new(),
        Password::File(names) => {
            let file = format!("{SECRETS}/{}", backing.password_file().unwrap_or_default());
            let names = names.iter();
            names.map(|name| Variable { name: (*name).into(), text: Text::literal(file.clone()) }).collect()
        }
        Password::Env(name) => {
            let part = Part::Service { service: backing.name().to_owned(), field: Field::Password };
            let refers_to = vec![format!("{}.password", backing.name())];
            vec![Variable { name: name.into(), text: Text { parts: vec![part], refers_to } }]
        }
    }
}

fn password_file(app: &App, backing: &Backing) -> Option<Secret> {
    let name = backing.password_file()?;
    let file = SecretFile { path: format!("{SECRETS}/{name}"), mode: 0o440 };
    let key = backing::told(backing, Field::Password)?.to_owned();
    Some(Secret {
        about: Some("the password, which whoever deploys makes".into()),
        from: Some((backing::secret(app, backing), key)),
        file: Some(file),
        optional: false,
        name,
    })
}
