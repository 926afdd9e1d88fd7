//! Which keys decide how a service is run, whoever runs it.

use super::{Backing, Field, facts::Health};
use crate::{app::App, key::Key};

impl App {
    /// Why it is this image.
    pub fn image_note(&self, backing: &Backing) -> (&'static str, Vec<Key>) {
        let process = &backing.process;
        let reason = match (self.sets(process, "image"), self.sets(process, "version")) {
            (true, _) => "asked for",
            (false, true) => "its image, of the version that is asked for",
            (false, false) => "its image, of the version that is the default",
        };
        (reason, [self.first_set(process, &["image", "version"]), process.keys(&["kind"])].concat())
    }

    /// What decides how a service is asked whether it answers.
    pub fn health_keys(&self, backing: &Backing) -> Vec<Key> {
        let (Health::Loopback(words) | Health::Host(words)) = backing.facts().health;
        let words = words.concat();
        let user = words.contains("{user}").then(|| self.field_keys(backing, Field::User));
        let database = words.contains("{name}").then(|| self.field_keys(backing, Field::Name));
        std::iter::once(backing.key("kind")).chain([user, database].into_iter().flatten().flatten()).collect()
    }
}
