//! From texts to one tree of values that knows where each of them was written.
//!
//! preset or `extends` → profile → environment → `--set`. Every layer is parsed with spans and merged into one tree.

mod check;
mod echo;
mod environment;
mod extends;
mod extra;
mod files;
mod heir;
mod inherit;
mod item;
mod left_behind;
mod merge;
mod parse;
mod path;
mod presets;
mod read;
mod schema;
mod set;
mod syntax;
mod twice;
mod unset;
mod yaml;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    ops::Bound,
};

pub use check::check;
pub(crate) use environment::unusable as unusable_environment;
pub use extends::Outside;
pub use extra::read_extra;
pub use files::read_files;
pub use inherit::{MAIN, inherit};
pub use merge::WORKLOADS;
pub use presets::PRESETS;

use crate::{
    key::Key,
    problem::{self, Problem, any_error, near},
    source::{Sources, Span},
    tree::Note,
};

/// What to read, and how.
pub struct Request<'a> {
    /// The name of the profile as the user gave it; `extends` is relative to it.
    pub name: &'a str,
    pub text: &'a [u8],
    pub syntax: Syntax<'a>,
    /// The environment to lay over the profile.
    pub env: Option<&'a str>,
    /// Each `key=value`.
    pub set: &'a [String],
    /// Reads another file of the repository, by its path as resolved from `name` (`..` may remain at its beginning). It
    /// alone knows the disk, so it must answer [`Outside`] where the path leaves the repository, through links too: what
    /// is read can appear in messages.
    pub read: &'a dyn Fn(&str) -> io::Result<Vec<u8>>,
    /// The names of the files in a folder of the repository, in any order; its path is as for `read`.
    pub list: &'a dyn Fn(&str) -> io::Result<Vec<String>>,
}

/// What the text of a profile is. What it extends is TOML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax<'a> {
    Toml,
    /// A YAML document that has the profile under this key.
    Yaml(&'a str),
}

impl<'a> Request<'a> {
    /// A profile by itself: no environment, nothing set, no other file.
    pub fn alone(name: &'a str, text: &'a [u8]) -> Self {
        let (read, list) =
            (&|_: &str| Err(io::ErrorKind::NotFound.into()), &|_: &str| Err(io::ErrorKind::NotFound.into()));
        Request { name, text, syntax: Syntax::Toml, env: None, set: &[], read, list }
    }
}

/// The merged profile.
#[derive(Debug, Clone)]
pub struct Layered {
    /// All values. `extends`, `unset`, `enabled` and `environments` have had their effect and are gone.
    pub value: serde_json::Value,
    /// Every environment as it was written, for the schema and for listing them.
    pub environments: serde_json::Map<String, serde_json::Value>,
    pub provenance: Provenance,
    /// What the layers say in vain.
    pub warnings: Vec<Problem>,
    /// What a process can only have inherited and does not want; and what is wrong if it does not inherit it.
    pub disowned: Vec<(Key, Problem)>,
}

/// Where the key and the value of an entry stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub key: Span,
    pub value: Span,
}

/// Where everything in a merged profile came from.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// The profile itself is the first.
    pub sources: Sources,
    /// Of every table, key and array item (`patches.0.merge`), those in `environments` too. A key that some layer removed
    /// points at what removed it: an item of `unset`, `enabled`, or the `command` that replaced a `server`.
    pub origins: BTreeMap<Key, Origin>,
    /// The keys that some layer removed, and none set again.
    pub removed: BTreeSet<Key>,
    /// The keys that some layer removed, and this one or a higher set anew: nothing is inherited below them.
    pub renewed: BTreeSet<Key>,
}

/// A note names no more places than a reader follows.
const MOST_PLACES: usize = 3;

impl Provenance {
    /// Where a key, or the nearest table around it, got its value.
    pub fn value(&self, key: &Key) -> Option<Span> {
        self.nearest(key).map(|origin| origin.value.clone())
    }

    /// Where a key, or the nearest table around it, is written.
    pub fn key(&self, key: &Key) -> Option<Span> {
        self.nearest(key).map(|origin| origin.key.clone())
    }

    /// A place in the text that is a key's value, lines and characters from 1; `None` where the profile does not spell
    /// the text as it is.
    pub fn inside(&self, key: &Key, text: &str, line: u64, column: u64) -> Option<Span> {
        let Span { source, range } = self.value(key)?;
        let start = range.start + self.sources.get(source).text.get(range)?.find(text)?;
        let above = usize::try_from(line.checked_sub(1)?).ok()?;
        let before: usize = text.split_inclusive('\n').take(above).map(str::len).sum();
        let rest = text.get(before..)?.split('\n').next()?;
        let column = usize::try_from(column.checked_sub(1)?).ok()?;
        let (at, length) = rest.char_indices().nth(column).map_or((rest.len(), 0), |(at, c)| (at, c.len_utf8()));
        let at = start + before + at;
        Some(Span { source, range: at..at + length })
    }

    /// The source of a file, by its path as seen from the profile.
    pub fn beside(&self, path: &str) -> Option<usize> {
        let home = self.sources.find(0).map_or("", |profile| extends::folder(&profile.name));
        let path = if home.is_empty() { path.to_owned() } else { extends::normal(&format!("{home}/{path}")) };
        self.sources.position(&path)
    }

    /// Whether the profile says anything about a key.
    pub fn has(&self, key: &Key) -> bool {
        self.origins.contains_key(key)
    }

    /// Whether a key has a value in the merged profile.
    pub fn sets(&self, key: &Key) -> bool {
        self.origins.contains_key(key) && !self.removed.contains(key)
    }

    fn nearest(&self, key: &Key) -> Option<&Origin> {
        let mut key = key.clone();
        loop {
            if let Some(origin) = self.origins.get(&key) {
                return Some(origin);
            }
            key = key.parent()?;
        }
    }

    /// `reason (profile.toml:6)`: a note with the lines that decided it, `(default)` where keys could have, but none is
    /// set, and nothing where no key can.
    pub fn explain(&self, note: &Note) -> String {
        if note.keys.is_empty() {
            return note.reason.to_string();
        }
        let lines = self.places(&note.keys);
        let places = if lines.is_empty() { "default".to_owned() } else { lines.join(", ") };
        format!("{} ({places})", note.reason)
    }

    /// The keys of a note that are written anywhere, and where.
    pub fn written_keys<'a>(&'a self, note: &'a Note) -> impl Iterator<Item = (&'a Key, &'a Span)> {
        self.exact(&note.keys).into_iter().map(|(key, origin)| (key, &origin.key))
    }

    /// Where keys are set or removed, each line once.
    fn places(&self, keys: &[Key]) -> Vec<String> {
        let mut lines = Vec::new();
        for (_, origin) in self.exact(keys) {
            let line = self.sources.line(&origin.key);
            if !lines.contains(&line) {
                lines.push(line);
            }
            if lines.len() == MOST_PLACES {
                break;
            }
        }
        lines
    }

    /// The keys that are set or removed, and where; not the header of a table that others of them stand in.
    fn exact<'a>(&'a self, keys: &'a [Key]) -> Vec<(&'a Key, &'a Origin)> {
        let written: Vec<(&Key, &Origin)> = keys.iter().filter_map(|key| Some((key, self.written(key)?))).collect();
        // The header of a table says less than the line of a key in it.
        let sorted: BTreeSet<&Key> = written.iter().map(|(key, _)| *key).collect();
        // What a key covers follows it.
        let next = |key: &Key| sorted.range::<Key, _>((Bound::Excluded(key), Bound::Unbounded)).next();
        let exact =
            |(key, origin): &(&Key, &Origin)| !is_header(origin) || !next(key).is_some_and(|other| key.covers(other));
        written.iter().filter(|one| exact(one)).copied().collect()
    }

    /// Where a key is set, or where it was removed, alone or with a table around it.
    fn written(&self, key: &Key) -> Option<&Origin> {
        let around = || std::iter::successors(key.parent(), Key::parent).find(|key| self.removed.contains(key));
        self.origins.get(key).or_else(|| self.origins.get(&around()?))
    }
}

/// Whether this is a table under a `[header]`, whose span begins before the name in it.
fn is_header(origin: &Origin) -> bool {
    origin.value.range.start < origin.key.range.start
}

/// Reads and merges every layer. All problems of one phase are found before it gives up.
///
/// # Errors
///
/// The problems, with the sources that they point into.
pub fn load(request: &Request<'_>) -> Result<Layered, (Vec<Problem>, Sources)> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let files = extends::layers(request, &mut sources, &mut problems);
    let set = set::layers(request.set, &mut sources, &mut problems);
    // A file that was only half understood would be blamed for what it does say.
    if any_error(&problems) {
        problem::sort(&mut problems);
        return Err((problems, sources));
    }
    let mut merged = merge::Merged::default();
    for layer in files {
        merged.lay(layer, &mut problems);
    }
    let images = left_behind::Images::of(&merged);
    let environments = environment::apply(&mut merged, request.env, &mut problems);
    for layer in set {
        merged.lay(layer, &mut problems);
    }
    images.check(&merged, &mut problems);
    let layered = finish(merged, environments, sources, problems);
    if any_error(&layered.warnings) { Err((layered.warnings, layered.provenance.sources)) } else { Ok(layered) }
}

/// Parts the merged tree into values and origins.
fn finish(
    mut merged: merge::Merged,
    environments: item::Table,
    sources: Sources,
    mut problems: Vec<Problem>,
) -> Layered {
    let mut table = std::mem::take(&mut merged.table);
    merged.settle(&mut table, &Key::ROOT, &mut problems);
    let mut origins = merged.removed;
    let taken_away: BTreeSet<Key> = origins.keys().cloned().collect();
    let environments = environment::values(environments, &mut origins, &mut problems);
    let value = serde_json::Value::Object(item::flatten(table, &Key::ROOT, &mut origins));
    let (removed, renewed) = taken_away.into_iter().partition(|key| find(&value, key).is_none());
    problem::sort(&mut problems);
    let provenance = Provenance { sources, origins, removed, renewed };
    Layered { value, environments, provenance, warnings: problems, disowned: merged.disowned }
}

fn find<'a>(value: &'a serde_json::Value, key: &Key) -> Option<&'a serde_json::Value> {
    key.segments().try_fold(value, |value, segment| value.get(segment))
}
