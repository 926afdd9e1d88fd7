//! One profile: what is rendered of it, against what the other side has.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    super::{Plan, look::Looked, member::Rendered},
    fresh::{self, Fresh, Settled},
    left::{Has, Left, Old},
    objects::{Before, Objects, Scaled, Wanted},
    shown,
};
use crate::{
    cli::reporting::{self, CANNOT_COMPARE},
    diff::{self, Document, Form},
    report::{Object, Of},
};

/// What was found of a profile. What it is rendered to is gone: there may be many thousands.
pub struct Seen {
    pub looked: Looked,
    pub objects: Vec<Object>,
    /// How many there are on either side.
    pub compared: usize,
    /// Of what is rendered.
    pub kinds: BTreeSet<String>,
}

/// Renders a profile, and compares. `left_over`: what was rendered of it into other folders than are rendered now, or of
/// another profile into these.
pub fn one(path: &Path, plan: &Plan<'_>, left: &Left, left_over: Vec<Old>, wanted: &Wanted<'_>) -> Seen {
    let (looked, rendered) = Looked::rendered(path, plan);
    let mut seen = Seen { looked, objects: Vec::new(), compared: 0, kinds: BTreeSet::new() };
    if let Some(rendered) = rendered {
        seen.kinds = fresh::kinds(&rendered);
        compare(&mut seen, *rendered, plan, left, left_over, wanted);
    }
    seen
}

fn compare(
    seen: &mut Seen,
    rendered: Rendered,
    plan: &Plan<'_>,
    left: &Left,
    left_over: Vec<Old>,
    wanted: &Wanted<'_>,
) {
    let looked = &mut seen.looked;
    let there = match left.of(&looked.path, plan) {
        Has::Folders => None,
        Has::Files(files) => Some(files),
        Has::Wrong(diagnostics) => {
            let text =
                format!("{} has errors in that commit, so that nothing is rendered of it", looked.path.display());
            looked.told.each.push(reporting::wrong(CANNOT_COMPARE, &text, Some(&looked.path)));
            looked.told.each.extend(diagnostics);
            looked.is_wrong = true;
            return;
        }
    };
    looked.is_known = true;
    let mut before = None;
    let is_listed = there.is_some();
    let mut olds = gather(there.into_iter().flatten().chain(left_over), &rendered, plan);
    let places: BTreeSet<String> = looked.places.iter().chain(olds.keys()).cloned().collect();
    for at in places {
        let fresh = fresh::of(&rendered, &at);
        let is_ours = |old: &Old| {
            fresh.iter().any(|one| one.name == old.name)
                || old.is_asked(plan) && old.origin.as_ref().is_some_and(|origin| !looked.left_out.contains(origin))
        };
        let mut old = olds.remove(&at).unwrap_or_default();
        let found = if is_listed { Ok(Vec::new()) } else { left.folder(&at) };
        let found = found.map(|files| files.into_iter().filter(is_ours).collect::<Vec<_>>());
        let compared = found
            .map_err(|error| format!("`{}` cannot be read: {error}", plan.root.join(&at).display()))
            .and_then(|found| {
                old.extend(found);
                let place = Place { at: &at, rendered: &rendered, plan, wanted };
                place.compare(fresh, old, || before.get_or_insert_with(|| left.before(&looked.path, plan)))
            });
        match compared {
            Ok((objects, compared)) => {
                seen.objects.extend(objects);
                seen.compared += compared;
            }
            Err(why) => {
                looked.told.each.push(reporting::wrong(CANNOT_COMPARE, &why, Some(&looked.path)));
                looked.is_wrong = true;
            }
        }
    }
    looked.real = Some(rendered.real);
}

/// Files of the other side, by the folder with which they are compared: their own, or the one into which the same
/// environment is rendered for the same target now.
fn gather(all: impl Iterator<Item = Old>, rendered: &Rendered, plan: &Plan<'_>) -> BTreeMap<String, Vec<Old>> {
    let mut olds: BTreeMap<String, Vec<Old>> = BTreeMap::new();
    for old in all {
        let outputs = || rendered.outputs.iter().zip(&rendered.documents);
        let of = old.of(plan);
        let is_same = |new: &Of| new.target == of.target && new.env == of.env;
        let now = outputs().find(|(_, (_, _, new))| is_same(new)).map(|(output, _)| &output.at);
        let is_here = outputs().any(|(output, _)| output.at == old.at);
        let at = now.filter(|_| !is_here).unwrap_or(&old.at).clone();
        olds.entry(at).or_default().push(old);
    }
    olds
}

/// A folder of a tree.
struct Place<'a> {
    at: &'a str,
    rendered: &'a Rendered,
    plan: &'a Plan<'a>,
    wanted: &'a Wanted<'a>,
}

impl<'a> Place<'a> {
    /// What differs, and how much there is.
    fn compare<'b>(
        &self,
        mut fresh: Vec<Fresh<'a>>,
        mut old: Vec<Old>,
        before: impl FnOnce() -> &'b mut Before,
    ) -> Result<(Vec<Object>, usize), String> {
        // Nearly every file is the same to the letter, and need not be understood.
        let same: BTreeSet<String> = fresh
            .iter()
            .filter(|one| old.iter().any(|old| old.at == self.at && old.name == one.name && old.body == one.text))
            .map(|one| one.name.to_owned())
            .collect();
        if same.len() == fresh.len() && same.len() == old.len() {
            return Ok((Vec::new(), same.len()));
        }
        let scales = |fresh: &[Fresh<'a>]| fresh.iter().filter_map(Fresh::scales).collect::<BTreeSet<_>>();
        let new = scales(&fresh);
        fresh.retain(|one| !same.contains(one.name));
        old.retain(|old| old.at != self.at || !same.contains(&old.name));
        let there = self.documents(&old)?;
        // Those that are the same scale the same on either side.
        let changed = scales(&fresh);
        let kept = new.iter().filter(|one| !changed.contains(one)).cloned();
        let scaled_then = kept.chain(there.iter().filter_map(diff::scales)).collect();
        let settle = |one: Fresh<'a>| {
            let shown = self.shown(one.name);
            one.settle(&shown)
        };
        let settled: Vec<Settled<'_>> = fresh.into_iter().map(settle).collect();
        let by = settled.iter().filter_map(|one| Some((diff::scales(&one.document)?, one))).collect();
        let scaled = Scaled { old: scaled_then, new, by };
        let new: Vec<Document> = settled.iter().map(|one| one.document.clone()).collect();
        let pairs = diff::pair(there, new);
        let compared = same.len() + pairs.len();
        let objects =
            Objects { wanted: self.wanted, scaled: &scaled, readings: &self.rendered.readings, before: before() };
        let settled: BTreeMap<&str, &Settled<'_>> =
            settled.iter().map(|one| (one.document.file.as_str(), one)).collect();
        let told = pairs.iter().map(|pair| {
            let new = pair.new.as_ref().and_then(|new| settled.get(new.file.as_str()).copied());
            // What is gone is known by its file.
            let of = pair.old.as_ref().and_then(|one| old.iter().find(|old| self.shown_of(old) == one.file));
            (pair, new, of.map_or_else(Of::default, |old| self.of(old)))
        });
        Ok((objects.all(told), compared))
    }

    fn documents(&self, old: &[Old]) -> Result<Vec<Document>, String> {
        let mut all = Vec::new();
        for one in old {
            let shown = self.shown_of(one);
            let found = diff::documents(&one.body, &shown);
            let mut found = found.map_err(|why| format!("`{shown}` cannot be compared: {why}"))?;
            // A file by its own name is what it was, wherever it lay.
            for document in found.iter_mut().filter(|document| document.form != Form::Object) {
                document.identity.name = document.identity.name.replacen(&shown, &self.shown(&one.name), 1);
            }
            all.extend(found);
        }
        Ok(all)
    }

    fn shown(&self, name: &str) -> String {
        shown(&self.plan.root, self.at, name)
    }

    fn shown_of(&self, old: &Old) -> String {
        shown(&self.plan.root, &old.at, &old.name)
    }

    /// What a file that is gone was of.
    fn of(&self, old: &Old) -> Of {
        Of { profile: Some(self.rendered.name.clone()), ..old.of(self.plan) }
    }
}
