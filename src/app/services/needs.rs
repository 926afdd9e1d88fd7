//! Which processes need which services.

use super::{
    Backing, Field,
    facts::{Database, User},
};
use crate::{
    app::{App, Process, Text},
    key::Key,
};

impl App {
    pub fn service(&self, name: &str) -> Option<&Backing> {
        self.services.iter().find(|backing| backing.name() == name)
    }

    /// The services that a process needs: those that it refers to, and those that nobody refers to, who may be known to
    /// the code alone. `more` are texts that it has for now.
    pub fn needs<'a>(&'a self, process: &Process, more: &[&Text]) -> Vec<&'a Backing> {
        let own = |backing: &Backing| !keys(process, backing).is_empty() || more.iter().any(|text| text.is_of(backing));
        // Whose image is not the app's is no part of its code.
        let is_code = !process.is_service() && (!process.is_attached() || process.image == self.processes[0].image);
        let needed = |backing: &&Backing| own(backing) || is_code && !self.is_referred_to(backing);
        self.services.iter().filter(needed).collect()
    }

    /// Whether any process refers to a service.
    pub fn is_referred_to(&self, backing: &Backing) -> bool {
        self.containers().any(|process| !keys(process, backing).is_empty())
    }

    /// What decides what everybody may know of a service; where it is, each target decides.
    pub fn field_keys(&self, backing: &Backing, field: Field) -> Vec<Key> {
        let url = backing.facts().url.as_ref();
        let own = |names: &[&'static str]| backing.process.keys(names);
        match field {
            Field::Host | Field::Password | Field::Url => Vec::new(),
            Field::Port => own(&["kind"]),
            Field::User => match url.map(|url| url.user) {
                Some(User::App | User::Apart) => [own(&["kind"]), vec![Key::new("name")]].concat(),
                Some(User::Fixed(_) | User::Nobody) | None => own(&["kind"]),
            },
            Field::Name => match url.map(|url| url.database) {
                Some(Database::App) => {
                    [own(&["kind"]), self.first_set_of(&backing.process, "database", "name")].concat()
                }
                Some(Database::Else(_)) => own(&["kind", "database"]),
                Some(Database::None) | None => Vec::new(),
            },
        }
    }

    /// What decides that a process needs a service.
    pub fn need_keys(&self, process: &Process, backing: &Backing) -> Vec<Key> {
        let mut because = vec![backing.at().clone()];
        let own = keys(process, backing);
        let others = self.containers().filter(|other| other.at != process.at);
        // Were there no reference at all, everybody would need it.
        if others.flat_map(|other| keys(other, backing)).next().is_some() {
            let (env, mut own) = (process.key("env"), own);
            own.dedup();
            match own.as_slice() {
                [only] => because.push(only.clone()),
                // Of several, none alone decides, but all together.
                several if several.iter().all(|key| env.covers(key)) => because.push(env),
                _ => {}
            }
        }
        because
    }
}

/// Where a process refers to a service.
fn keys(process: &Process, backing: &Backing) -> Vec<Key> {
    process.texts().filter(|(_, text)| text.is_of(backing)).map(|(key, _)| key).collect()
}

impl Text {
    pub(in crate::app) fn is_of(&self, backing: &Backing) -> bool {
        self.services().any(|(service, _)| service == backing.name())
    }
}
