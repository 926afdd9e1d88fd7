//! Which processes need which services.

use super::{
    Backing, Field,
    facts::{Database, User},
};
use crate::{
    app::{App, Process, Text},
    key::Key,
    profile::Provision,
};

impl App {
    pub fn service(&self, name: &str) -> Option<&Backing> {
        self.services.iter().find(|backing| backing.name() == name)
    }

    /// Whether somebody else runs what a process describes, where an orchestrator runs the app.
    pub fn is_elsewhere(&self, process: &Process) -> bool {
        let is_it = |backing: &&Backing| backing.at() == &process.at;
        self.services.iter().find(is_it).is_some_and(|backing| backing.provision != Provision::Preview)
    }

    /// The services that a process needs: those that it refers to, and those that nobody refers to, who may be known to
    /// the code alone. `more` are texts that it has for now.
    pub fn needs<'a>(&'a self, process: &Process, more: &[&Text]) -> Vec<&'a Backing> {
        let own = |backing: &Backing| {
            !self.own_need_keys(process, backing).is_empty() || more.iter().any(|text| text.is_of(backing))
        };
        let is_code = self.is_code(process);
        let needed = |backing: &&Backing| own(backing) || is_code && !self.is_referred_to(backing);
        self.services.iter().filter(needed).collect()
    }

    /// Whether any process refers to a service.
    pub fn is_referred_to(&self, backing: &Backing) -> bool {
        self.containers().any(|process| !keys(process, backing).is_empty())
    }

    /// What makes a container beside others one of the app's code, which needs what the app needs.
    pub fn code_keys(&self, process: &Process) -> Vec<Key> {
        let is_beside = process.is_attached() || process.is_companion();
        if is_beside && self.is_code(process) { process.keys(&["image"]) } else { Vec::new() }
    }

    /// Whether it runs the app's code: no service does, and of what is beside others only what has the app's image.
    fn is_code(&self, process: &Process) -> bool {
        let is_beside = process.is_attached() || process.is_companion();
        !process.is_service() && (!is_beside || process.image == self.processes[0].image)
    }

    /// Where a process says that it needs a service.
    fn own_need_keys(&self, process: &Process, backing: &Backing) -> Vec<Key> {
        let asked = self.companion(process).filter(|one| one.needs.iter().any(|name| name == backing.name()));
        keys(process, backing).into_iter().chain(asked.map(|_| process.key("needs"))).collect()
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
        let mut because = [vec![backing.at().clone()], self.code_keys(process)].concat();
        let own = self.own_need_keys(process, backing);
        let others = self.containers().filter(|other| other.at != process.at);
        // Were there no reference at all, everybody would need it, who may know it.
        if !self.is_code(process) || others.flat_map(|other| keys(other, backing)).next().is_some() {
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
