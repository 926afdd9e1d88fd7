//! Which document of one side is which of the other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Document, Form, impact::group, step::pointer};

/// A document on both sides, or on one.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    pub old: Option<Document>,
    pub new: Option<Document>,
}

impl Pair {
    /// Whether it has another name than it had, or lies in another namespace.
    pub fn is_renamed(&self) -> bool {
        matches!((&self.old, &self.new), (Some(old), Some(new)) if key(old) != key(new))
    }
}

/// So many of a kind are looked through for what was renamed.
const MOST: usize = 64;

/// Of what an object says, so much stays where it is renamed: this of 100.
const ALIKE: usize = 60;

/// Pairs documents: by group, kind, namespace and name, whatever the version; then those of which one side names no
/// namespace; then those that say nearly the same under another name. In the order of the new side, then what is gone.
pub fn pair(old: Vec<Document>, new: Vec<Document>) -> Vec<Pair> {
    let mut old: Vec<Option<Document>> = old.into_iter().map(Some).collect();
    let mut pairs: Vec<Pair> = new.into_iter().map(|new| Pair { old: None, new: Some(new) }).collect();
    take(&mut pairs, &mut old, |document| Some(key(document)), |_, _| true);
    // Whoever deploys it chooses the namespace.
    let homeless =
        |old: &Document, new: &Document| old.identity.namespace.is_none() != new.identity.namespace.is_none();
    let without = |document: &Document| {
        let (form, group, kind, _, name) = key(document);
        (form == Form::Object).then_some((group, kind, name))
    };
    take(&mut pairs, &mut old, without, homeless);
    renamed(&mut pairs, &mut old);
    pairs.extend(old.into_iter().flatten().map(|old| Pair { old: Some(old), new: None }));
    pairs
}

type Name = (Form, String, String, Option<String>, String);

fn key(document: &Document) -> Name {
    let identity = &document.identity;
    let group = group(&identity.api_version).to_owned();
    (document.form, group, identity.kind.clone(), identity.namespace.clone(), identity.name.clone())
}

/// Pairs what has one key, the first with the first.
fn take<K: Ord>(
    pairs: &mut [Pair],
    old: &mut [Option<Document>],
    key: impl Fn(&Document) -> Option<K>,
    fits: impl Fn(&Document, &Document) -> bool,
) {
    let mut places: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (at, document) in old.iter().enumerate().rev() {
        if let Some(key) = document.as_ref().and_then(&key) {
            places.entry(key).or_default().push(at);
        }
    }
    for pair in pairs.iter_mut().filter(|pair| pair.old.is_none()) {
        let Some(new) = &pair.new else { continue };
        let Some(places) = key(new).and_then(|key| places.get_mut(&key)) else { continue };
        if places.last().and_then(|at| old[*at].as_ref()).is_some_and(|old| fits(old, new)) {
            pair.old = places.pop().and_then(|at| old[at].take());
        }
    }
}

/// Pairs objects of a kind that say nearly the same, those first that are most alike.
fn renamed(pairs: &mut [Pair], old: &mut [Option<Document>]) {
    let kind = |document: &Document| {
        let (form, group, kind, namespace, _) = key(document);
        (form == Form::Object).then_some((group, kind, namespace))
    };
    let mut kinds: BTreeMap<_, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, document) in old.iter().enumerate() {
        if let Some(kind) = document.as_ref().and_then(kind) {
            kinds.entry(kind).or_default().0.push(at);
        }
    }
    for (at, pair) in pairs.iter().enumerate().filter(|(_, pair)| pair.old.is_none()) {
        if let Some(entry) = pair.new.as_ref().and_then(kind).and_then(|kind| kinds.get_mut(&kind)) {
            entry.1.push(at);
        }
    }
    for (gone, come) in kinds.into_values().filter(|(gone, come)| gone.len().max(come.len()) <= MOST) {
        let was: Vec<_> = gone.iter().map(|at| old[*at].as_ref().map(said).unwrap_or_default()).collect();
        let is: Vec<_> = come.iter().map(|at| pairs[*at].new.as_ref().map(said).unwrap_or_default()).collect();
        let mut scores = Vec::new();
        for (i, was) in was.iter().enumerate() {
            scores.extend(is.iter().enumerate().map(|(j, is)| (alike(was, is), gone[i], come[j])));
        }
        scores.retain(|(score, ..)| *score >= ALIKE);
        scores.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, from, to) in scores {
            if old[from].is_some() && pairs[to].old.is_none() {
                pairs[to].old = old[from].take();
            }
        }
    }
}

/// What an object says besides what and whose it is: every single value with its place.
fn said(document: &Document) -> BTreeSet<String> {
    fn walk(value: &Value, at: &mut Vec<String>, said: &mut BTreeSet<String>) {
        let mut inside = |key: String, value: &Value| {
            at.push(key);
            walk(value, at, said);
            at.pop();
        };
        match value {
            Value::Object(map) if !map.is_empty() => map.iter().for_each(|(key, value)| inside(key.clone(), value)),
            Value::Array(items) if !items.is_empty() => {
                items.iter().enumerate().for_each(|(at, item)| inside(at.to_string(), item));
            }
            value => {
                said.insert(format!("{} {value}", pointer(at.iter().map(String::as_str))));
            }
        }
    }
    let mut all = BTreeSet::new();
    let others = ["apiVersion", "kind", "metadata", "status"];
    for (key, value) in
        document.value.as_object().into_iter().flatten().filter(|(key, _)| !others.contains(&key.as_str()))
    {
        walk(value, &mut vec![key.clone()], &mut all);
    }
    all
}

/// Of 100, how much two have in common. Who says next to nothing is like nobody.
fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> usize {
    let all = one.len() + other.len();
    if one.len().min(other.len()) < 3 { 0 } else { 200 * one.intersection(other).count() / all }
}
