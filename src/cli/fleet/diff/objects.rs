//! Differences as a report tells them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{super::reading::Reading, fresh::Settled};
use crate::{
    app::App,
    cli::{blame::Known, why},
    diff::{self, Document, Form, Ignore, Pair, Rules},
    key::Key,
    report::{Change, ChangeType, Object, Of},
    tree::Node,
};

/// What is wanted of every comparison.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub ignore: &'a [Ignore],
    pub show_ignored: bool,
    /// The new side is not what is rendered to the letter: places are found by their keys.
    pub by_path: bool,
}

/// What is known of the objects of one place.
pub struct Objects<'a> {
    pub wanted: &'a Wanted<'a>,
    pub scaled: &'a Scaled<'a>,
    pub readings: &'a [Reading],
    /// The merged profile of each reading as the other side has it, where that is known.
    pub before: &'a Before,
}

/// What autoscalers scale, by kind and name.
#[derive(Default)]
pub struct Scaled<'a> {
    pub old: BTreeSet<(String, String)>,
    pub new: BTreeSet<(String, String)>,
    /// Those of the new side that differ from what there was.
    pub by: BTreeMap<(String, String), &'a Settled<'a>>,
}

impl Scaled<'_> {
    /// Whether the number of replicas was the autoscaler's and still is. Otherwise it changes hands, which is to be seen.
    fn has(&self, pair: &Pair) -> bool {
        let is_in = |all: &BTreeSet<(String, String)>, document: &Option<Document>| {
            document.as_ref().is_some_and(|one| all.contains(&(one.identity.kind.clone(), one.identity.name.clone())))
        };
        is_in(&self.old, &pair.old) && is_in(&self.new, &pair.new)
    }
}

/// Merged profiles, by environment.
pub type Before = BTreeMap<Option<String>, Value>;

/// A pair to be told of: with the new document, and what the old one was rendered of, where nothing is now.
pub type Told<'a> = (&'a Pair, Option<&'a Settled<'a>>, Of);

impl Objects<'_> {
    /// What differs, in the order of the pairs. What one of them says of the keys that changed helps to tell of the others.
    pub fn all<'a>(&self, pairs: impl Iterator<Item = Told<'a>>) -> Vec<Object> {
        let compared = pairs.filter_map(|(pair, new, of)| Some((pair, new, of, self.changes(pair, new)?)));
        let mut compared: Vec<(&Pair, Option<&Settled<'_>>, Of, Vec<Change>)> = compared.collect();
        let mut sure: BTreeMap<usize, BTreeSet<Key>> = BTreeMap::new();
        for (_, new, _, changes) in &compared {
            let Some((reading, root, app)) = new.and_then(|new| self.app(new)) else { continue };
            let keys = why::sure(changes, root, &app.provenance, self.wanted.by_path);
            sure.entry(reading).or_default().extend(keys);
        }
        for (pair, new, _, changes) in &mut compared {
            let Some(new) = new else { continue };
            let Some((reading, root, app)) = self.app(new) else { continue };
            let Reading { env, outcome } = &self.readings[reading];
            let models = self.before.get(env).map(|before| (before, &outcome.model));
            let known = Known { models, changed: sure.get(&reading).cloned().unwrap_or_default() };
            why::explain(changes, root, &app.provenance, &known, self.wanted.by_path);
            let scaler = pair.new.as_ref().and_then(|new| {
                self.scaled.by.get(&(new.identity.kind.clone(), new.identity.name.clone()))?.root.as_deref()
            });
            if let Some(scaler) = scaler {
                why::explain_scaled(changes, scaler, &app.provenance);
            }
        }
        compared.into_iter().filter_map(|(pair, new, of, changes)| object(pair, new, &of, changes)).collect()
    }

    fn changes(&self, pair: &Pair, new: Option<&Settled<'_>>) -> Option<Vec<Change>> {
        let secrets = new.map(|new| secrets(&self.readings[new.reading].outcome.model)).unwrap_or_default();
        let rules = Rules {
            ignore: self.wanted.ignore,
            show_ignored: self.wanted.show_ignored,
            secrets: &secrets,
            is_scaled: self.scaled.has(pair),
        };
        let changes = diff::compare(pair.old.as_ref(), pair.new.as_ref(), &rules);
        (!changes.is_empty()).then_some(changes)
    }

    /// The reading that a document is made of, its tree, and the app.
    fn app<'a>(&'a self, new: &'a Settled<'_>) -> Option<(usize, &'a Node, &'a App)> {
        Some((new.reading, new.root.as_deref()?, self.readings[new.reading].outcome.app.as_ref()?))
    }
}

fn object(pair: &Pair, new: Option<&Settled<'_>>, of: &Of, changes: Vec<Change>) -> Option<Object> {
    let document = pair.new.as_ref().or(pair.old.as_ref())?;
    let was = pair.old.as_ref().filter(|_| pair.is_renamed()).map(|old| old.identity.title());
    // In a tree a file is known by its path.
    let is_file = document.form != Form::Object && document.identity.name == document.file;
    let moved = pair.old.as_ref().filter(|old| is_file && old.file != document.file);
    Some(Object {
        of: new.map_or(of, |new| new.of).clone(),
        file: Some(document.file.clone()).filter(|file| !file.is_empty()),
        identity: document.identity.clone(),
        change_type: match (&pair.old, &pair.new) {
            (None, _) => ChangeType::Add,
            (Some(_), Some(_)) => ChangeType::Modify,
            (Some(_), None) => ChangeType::Remove,
        },
        impact: diff::impact(document, &changes),
        changes,
        notes: was
            .map(|was| format!("it was {was}, and says nearly the same"))
            .or_else(|| moved.map(|old| format!("it was {}", old.file)))
            .into_iter()
            .collect(),
    })
}

/// The names of all secrets of a profile, whoever in it has them.
fn secrets(model: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, names: &mut BTreeSet<String>) {
        for (key, value) in value.as_object().into_iter().flatten() {
            match value.as_object() {
                Some(table) if key == "secrets" => names.extend(table.keys().cloned()),
                _ => walk(value, names),
            }
        }
    }
    let mut names = BTreeSet::new();
    walk(model, &mut names);
    names
}
