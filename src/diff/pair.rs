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

/// Pairs objects of a kind that say nearly the same, those first that are most alike; then what belongs to them.
fn renamed(pairs: &mut [Pair], old: &mut [Option<Document>]) {
    let kind = |document: &Document| {
        let (form, group, kind, ..) = key(document);
        (form == Form::Object).then_some((group, kind))
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
    let mut moves = BTreeSet::new();
    for (gone, come) in kinds.into_values().filter(|(gone, come)| gone.len().max(come.len()) <= MOST) {
        let was: Vec<_> = gone.iter().map(|at| old[*at].as_ref().map(said).unwrap_or_default()).collect();
        let is: Vec<_> = come.iter().map(|at| pairs[*at].new.as_ref().map(said).unwrap_or_default()).collect();
        let mut scores = Vec::new();
        for (i, was) in was.iter().enumerate() {
            scores.extend(is.iter().enumerate().map(|(j, is)| (alike(was, is), gone[i], come[j])));
        }
        scores.retain(|(score, ..)| *score >= ALIKE);
        // Of those that are as much alike the one that has kept its name, or the end of it, or its namespace.
        let keeps = |from: usize, to: usize| match (&old[from], &pairs[to].new) {
            (Some(old), Some(new)) => {
                let (old, new) = (&old.identity, &new.identity);
                let same = old.name.rsplit('-').zip(new.name.rsplit('-')).take_while(|(old, new)| old == new).count();
                same + usize::from(old.namespace == new.namespace)
            }
            _ => 0,
        };
        let mut scores: Vec<_> = scores.into_iter().map(|(score, i, j)| (score, keeps(i, j), i, j)).collect();
        scores.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
        for (_, _, from, to) in scores {
            if let (Some(was), Some(is)) = (&old[from], &pairs[to].new)
                && pairs[to].old.is_none()
            {
                moves.insert(Move::of(was, is));
                pairs[to].old = old[from].take();
            }
        }
    }
    moves.iter().for_each(|moved| moved.follow(pairs, old));
}

/// From where to where something was renamed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Move {
    namespace: (Option<String>, Option<String>),
    name: (String, String),
}

impl Move {
    fn of(old: &Document, new: &Document) -> Self {
        let (old, new) = (&old.identity, &new.identity);
        let name = (old.name.clone(), new.name.clone());
        Move { namespace: (old.namespace.clone(), new.namespace.clone()), name }
    }

    /// Pairs what is called after the same thing, however little it says: an account, a service.
    fn follow(&self, pairs: &mut [Pair], old: &mut [Option<Document>]) {
        let stem = |document: &Document, name: &str, namespace: &Option<String>| {
            let (form, group, kind, home, own) = key(document);
            let rest = own.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with('-'))?;
            (form == Form::Object && home == *namespace).then(|| (group, kind, rest.to_owned()))
        };
        let was = |document: &Document| stem(document, &self.name.0, &self.namespace.0);
        for pair in pairs.iter_mut().filter(|pair| pair.old.is_none()) {
            let Some(is) = pair.new.as_ref().and_then(|new| stem(new, &self.name.1, &self.namespace.1)) else {
                continue;
            };
            let from = old.iter_mut().find(|old| old.as_ref().and_then(was).as_ref() == Some(&is));
            pair.old = from.and_then(Option::take);
        }
    }
}

/// What an object says besides what and whose it is: every single value with its place, its own names left open.
fn said(document: &Document) -> BTreeSet<String> {
    fn walk(value: &Value, names: &[String], at: &mut Vec<String>, said: &mut BTreeSet<String>) {
        let mut inside = |key: String, value: &Value| {
            at.push(key);
            walk(value, names, at, said);
            at.pop();
        };
        match value {
            Value::Object(map) if !map.is_empty() => map.iter().for_each(|(key, value)| inside(key.clone(), value)),
            Value::Array(items) if !items.is_empty() => {
                items.iter().enumerate().for_each(|(at, item)| inside(at.to_string(), item));
            }
            value => {
                let value = names.iter().fold(value.to_string(), |value, name| open(&value, name));
                said.insert(format!("{} {value}", pointer(at.iter().map(String::as_str))));
            }
        }
    }
    let names = names(document);
    let mut all = BTreeSet::new();
    let others = ["apiVersion", "kind", "metadata", "status"];
    for (key, value) in
        document.value.as_object().into_iter().flatten().filter(|(key, _)| !others.contains(&key.as_str()))
    {
        walk(value, &names, &mut vec![key.clone()], &mut all);
    }
    all
}

/// What an object and its app are called, the longest first: other names begin with it.
fn names(document: &Document) -> Vec<String> {
    let labels = ["instance", "name", "component", "part-of"]
        .map(|label| format!("/metadata/labels/app.kubernetes.io~1{label}"));
    let labels = labels.iter().filter_map(|label| document.value.pointer(label)?.as_str());
    let identity = &document.identity;
    let own = identity.namespace.iter().map(String::as_str).chain([identity.name.as_str()]);
    let mut names: Vec<String> = own.chain(labels).map(str::to_owned).collect();
    names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    names.dedup();
    names
}

/// A text in which a name stands for any, where it is a word.
fn open(text: &str, name: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name).filter(|_| !name.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        // What stands before the rest was looked at in the last round.
        let goes_on = before.ends_with(is_part) || before.is_empty() && out.ends_with(is_part);
        let is_word = !goes_on && !after.starts_with(is_part);
        out.push_str(before);
        out.push_str(if is_word { "\u{0}" } else { name });
        rest = after;
    }
    out + rest
}

/// Of 100, how much two have in common. Who says next to nothing is like nobody.
fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> usize {
    let all = one.len() + other.len();
    if one.len().min(other.len()) < 3 { 0 } else { 200 * one.intersection(other).count() / all }
}
