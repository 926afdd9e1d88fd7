//! What a profile says about the names of its secrets and inputs.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    app::App,
    key::Key,
    tree::{Note, one_line},
};

/// What is said, by name.
#[derive(Default)]
pub struct Words<'a> {
    variables: BTreeMap<Cow<'a, str>, Said<'a>>,
    /// Of secrets as files.
    files: BTreeMap<&'a str, Said<'a>>,
}

/// What all that declare a name say, and where.
#[derive(Default)]
struct Said<'a> {
    about: BTreeSet<Cow<'a, str>>,
    keys: Vec<Key>,
}

/// Lines about a name, and the keys that say them.
pub type About = (Vec<String>, Vec<Key>);

impl<'a> Words<'a> {
    pub fn of(app: &'a App) -> Self {
        let mut words = Words::default();
        for process in app.containers().chain(app.companions.iter().map(|one| &one.process)) {
            for secret in &process.secrets {
                let said = match secret.file {
                    Some(_) => words.files.entry(&secret.name).or_default(),
                    None => words.variables.entry(secret.name.as_str().into()).or_default(),
                };
                said.add(secret.about.as_deref().map(Cow::from), process.key("secrets").child(&secret.name));
                said.keys.extend(app.only_keys(process));
            }
            for input in &process.inputs {
                let key = process.key("inputs").child(&input.name);
                let said = words.variables.entry(input.name.as_str().into()).or_default();
                said.add(input.about.as_deref().map(Cow::from), key);
                said.keys.extend(app.only_keys(process));
            }
        }
        for backing in &app.services {
            let Some(name) = backing.password_variable() else { continue };
            let about = format!(
                "password of the {} `{}`, taken when its data is first made; URLs hold it as it is: letters, digits and \
                 `.`, `_`, `~`, `-` alone",
                backing.facts().name,
                backing.name()
            );
            words.variables.entry(name.into()).or_default().add(Some(about.into()), backing.key("kind"));
        }
        words
    }

    /// About a variable that places ask for.
    pub fn variable(&self, name: &str, notes: &[Note]) -> About {
        about(self.variables.get(name), notes)
    }

    /// About a file, with the secret that it holds.
    pub fn file(&self, secret: Option<&str>, notes: &[Note]) -> About {
        about(secret.and_then(|name| self.files.get(name)), notes)
    }
}

impl<'a> Said<'a> {
    fn add(&mut self, about: Option<Cow<'a, str>>, key: Key) {
        self.about.extend(about);
        self.keys.push(key);
    }
}

/// What the profile does not declare is asked for by whatever else it says.
fn about(said: Option<&Said<'_>>, notes: &[Note]) -> About {
    match said {
        Some(Said { about, keys }) => (about.iter().map(|about| one_line(about)).collect(), keys.clone()),
        None => {
            let reasons: BTreeSet<String> = notes.iter().map(|note| one_line(&note.reason)).collect();
            (reasons.into_iter().collect(), every(notes.iter().flat_map(|note| &note.keys)))
        }
    }
}

/// Each key once.
pub fn every<'a>(keys: impl Iterator<Item = &'a Key>) -> Vec<Key> {
    keys.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}
