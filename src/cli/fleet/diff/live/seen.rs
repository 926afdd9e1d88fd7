//! What a cluster said of each object, as a report tells it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        super::member::Rendered,
        objects::{Before, Objects, Scaled, Wanted},
    },
    Own,
};
use crate::{
    cli::say,
    cluster::{Failure, Seen},
    diff::{self, Document, Pair},
    report::{Object, Of},
};

pub struct Told<'a> {
    pub objects: Vec<Object>,
    pub failures: Vec<(&'a Rendered, Failure)>,
    /// How the cluster was asked: by dry runs, by reading alone, or some so and some so.
    pub mode: Option<&'static str>,
}

/// Tells of objects that differ; of those that do not what else is to say.
pub fn tell<'a>(
    settled: &[Own<'_>],
    members: &'a [Rendered],
    seen: Vec<Seen>,
    wanted: &Wanted<'_>,
    quiet: bool,
) -> Told<'a> {
    let mut told = Told { objects: Vec::new(), failures: Vec::new(), mode: None };
    let mut scaled: BTreeSet<(String, String)> =
        settled.iter().filter_map(|Own(_, one)| diff::scales(&one.document)).collect();
    let mut asides: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut ways = BTreeSet::new();
    for (Own(at, one), seen) in settled.iter().zip(seen) {
        let document = &one.document;
        let (pair, notes) = match seen {
            Seen::Failed(failure) => {
                told.failures.push((&members[*at], failure));
                continue;
            }
            Seen::Absent { notes } => (Pair { old: None, new: Some(document.clone()) }, notes),
            Seen::There { live, applied, by_dry_run, is_scaled, notes } => {
                ways.insert(by_dry_run);
                if is_scaled {
                    scaled.insert((document.identity.kind.clone(), document.identity.name.clone()));
                }
                let of = |value| Some(Document { value, ..document.clone() });
                (Pair { old: of(live), new: of(applied) }, notes)
            }
        };
        // Nothing is pruned, so that what scales it now scales it afterwards.
        let scaled = Scaled { old: scaled.clone(), new: scaled.clone(), by: BTreeMap::new() };
        let objects = Objects { wanted, scaled: &scaled, readings: &members[*at].readings, before: &Before::new() };
        match objects.all(std::iter::once((&pair, Some(one), Of::default()))).pop() {
            // The folder of a tree need not be there.
            Some(object) => told.objects.push(Object { file: None, notes: [object.notes, notes].concat(), ..object }),
            None => notes.into_iter().for_each(|note| asides.entry(note).or_default().push(named(document))),
        }
    }
    for (note, of) in asides {
        match of.as_slice() {
            [one] => say::warning(format!("{one}: {note}"), quiet),
            many => say::warning(format!("{} objects: {note}", many.len()), quiet),
        }
    }
    told.mode = match (ways.contains(&true), ways.contains(&false)) {
        (true, true) => Some("mixed"),
        (true, false) => Some("ssa"),
        (false, true) => Some("get"),
        (false, false) => None,
    };
    told
}

/// As people name it.
fn named(document: &Document) -> String {
    let identity = &document.identity;
    let namespace = identity.namespace.iter().map(|namespace| format!("{namespace}/")).collect::<String>();
    format!("{} {namespace}{}", identity.kind, identity.name)
}
