//! `[services.NAME]`: databases, queues and the like beside the app. What is known of each kind is data
//! ([`catalogue`]); what a profile makes of it is a [`Backing`].

pub mod catalogue;
mod deciding;
pub mod facts;
mod image;
mod needs;
mod process;
mod resolve;
mod secret;
mod settings;
mod url;

pub use resolve::{Around, Offers, offers, services};
pub use settings::Settings;

use std::collections::BTreeMap;

use self::facts::{Database, Facts, Password, User};
use super::{App, Bytes, Part, Process, Publish, Text};
use crate::{
    key::Key,
    profile::{BackingKind, Provision},
};

/// A backing service, decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Backing {
    pub kind: BackingKind,
    /// What runs it, where we do; `process.name` is its own name.
    pub process: Process,
    /// Of the program, as far as it is told.
    pub version: String,
    /// What its users call it. Of those that have one.
    pub database: String,
    /// Who uses it. Of those that know users.
    pub user: String,
    /// The profile's scheme, if it names one.
    pub driver: Option<String>,
    /// Where its data lies, if it keeps any.
    pub data: Option<&'static str>,
    pub size: Bytes,
    pub shm: Option<Bytes>,
    /// The command that asks whether it answers.
    pub health: Vec<String>,
    /// The host's address and port, and its own port.
    pub publish: Vec<(Publish, u16)>,
    pub provision: Provision,
    /// The object that tells a cluster about it, if it is not called after it.
    pub secret: Option<String>,
    /// What its keys are called, where they have other names than ours.
    pub secret_keys: BTreeMap<Field, String>,
}

/// What a value can refer to of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Url,
    Host,
    Port,
    User,
    Password,
    /// Of the database.
    Name,
}

impl Field {
    pub const ALL: [Field; 6] = [Field::Url, Field::Host, Field::Port, Field::User, Field::Password, Field::Name];

    /// As it is written after the name of the service.
    pub fn name(self) -> &'static str {
        match self {
            Field::Url => "url",
            Field::Host => "host",
            Field::Port => "port",
            Field::User => "user",
            Field::Password => "password",
            Field::Name => "name",
        }
    }
}

impl Field {
    /// The key under which whoever runs a service tells it.
    pub fn key(self) -> &'static str {
        match self {
            Field::Url => "url",
            Field::Host => "host",
            Field::Port => "port",
            Field::User => "username",
            Field::Password => "password",
            Field::Name => "database",
        }
    }
}

impl Facts {
    /// Of every kind.
    pub fn all() -> impl Iterator<Item = &'static Facts> {
        catalogue::CATALOGUE.iter()
    }

    /// Whether services of this kind have something to refer to.
    pub fn has(&self, field: Field) -> bool {
        let url = self.url.as_ref();
        match field {
            Field::Host | Field::Port => true,
            Field::Url => url.is_some(),
            Field::User => url.is_some_and(|url| url.user != User::Nobody),
            Field::Password => !matches!(self.password, Password::None),
            Field::Name => url.is_some_and(|url| url.database != Database::None),
        }
    }
}

impl Text {
    /// Whether a password stands in it among other things, where nobody can encode it.
    pub fn holds_password(&self, app: &App) -> bool {
        let holds = |(service, field): (&str, Field)| match field {
            Field::Url => app.service(service).is_some_and(|backing| backing.url().contains(&password(service))),
            Field::Password => self.parts.len() > 1,
            _ => false,
        };
        self.services().any(holds)
    }
}

fn password(service: &str) -> Part {
    Part::Service { service: service.to_owned(), field: Field::Password }
}

impl Backing {
    pub fn facts(&self) -> &'static Facts {
        catalogue::facts(self.kind)
    }

    pub fn name(&self) -> &str {
        &self.process.name
    }

    /// `[services.NAME]`.
    pub fn at(&self) -> &Key {
        &self.process.at
    }

    pub fn key(&self, name: &'static str) -> Key {
        self.process.key(name)
    }

    pub fn port(&self) -> u16 {
        self.facts().ports[0]
    }

    /// The variable by which whoever deploys supplies the password, where we run the service.
    pub fn password_variable(&self) -> Option<String> {
        self.facts().has(Field::Password).then(|| format!("{}_PASSWORD", self.prefix()))
    }

    /// Its name, as variables begin with it.
    pub fn prefix(&self) -> String {
        self.name().to_uppercase().replace('-', "_")
    }

    /// The key of its Secret that tells something.
    pub fn secret_key(&self, field: Field) -> &str {
        self.secret_keys.get(&field).map_or(field.key(), String::as_str)
    }

    /// The file that holds the password, below the folder of secrets.
    pub fn password_file(&self) -> Option<String> {
        let in_file = matches!(self.facts().password, Password::File(_));
        in_file.then(|| format!("{}_password", self.name().replace('-', "_")))
    }
}
