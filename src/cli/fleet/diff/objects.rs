//! Differences as a report tells them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{super::reading::Reading, fresh::Settled};
use crate::{
    cli::why,
    diff::{self, Ignore, Pair, Rules},
    report::{ChangeType, Object, Of},
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
    /// What autoscalers scale.
    pub scaled: &'a BTreeSet<(String, String)>,
    pub readings: &'a [Reading],
}

impl Objects<'_> {
    /// What differs; nothing if nothing does. `of`: what it was rendered of, where nothing is rendered of it now.
    pub fn tell(&self, pair: &Pair, new: Option<&Settled<'_>>, of: &Of) -> Option<Object> {
        let document = pair.new.as_ref().or(pair.old.as_ref())?;
        let reading = new.map(|new| &self.readings[new.reading].outcome);
        let secrets = reading.map(|outcome| secrets(&outcome.model)).unwrap_or_default();
        let identity = &document.identity;
        let rules = Rules {
            ignore: self.wanted.ignore,
            show_ignored: self.wanted.show_ignored,
            secrets: &secrets,
            is_scaled: self.scaled.contains(&(identity.kind.clone(), identity.name.clone())),
        };
        let mut changes = diff::compare(pair.old.as_ref(), pair.new.as_ref(), &rules);
        if changes.is_empty() {
            return None;
        }
        let impact = diff::impact(document, &changes);
        let root = new.and_then(|new| new.root.as_deref());
        if let Some((root, app)) = root.zip(reading.and_then(|outcome| outcome.app.as_ref())) {
            why::explain(&mut changes, root, &app.provenance, self.wanted.by_path);
        }
        let was = pair.old.as_ref().filter(|_| pair.is_renamed()).map(|old| old.identity.title());
        Some(Object {
            of: new.map_or(of, |new| new.of).clone(),
            file: Some(document.file.clone()).filter(|file| !file.is_empty()),
            identity: identity.clone(),
            change_type: match (&pair.old, &pair.new) {
                (None, _) => ChangeType::Add,
                (Some(_), Some(_)) => ChangeType::Modify,
                (Some(_), None) => ChangeType::Remove,
            },
            impact,
            changes,
            notes: was.map(|was| format!("it was {was}, and says nearly the same")).into_iter().collect(),
        })
    }
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
