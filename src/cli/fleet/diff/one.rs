//! One profile: what is rendered of it, against what the other side has.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    super::{Plan, look::Looked, member::Rendered},
    fresh::{self, Fresh, Settled},
    left::{Has, Left, Old},
    objects::{Objects, Wanted},
    shown,
};
use crate::{
    cli::reporting::{self, CANNOT_COMPARE},
    diff::{self, Document},
    report::{Object, Of},
};

/// What was found of a profile. What it is rendered to is gone: there may be many thousands.
pub struct Seen {
    pub looked: Looked,
    pub objects: Vec<Object>,
    /// How many there are on either side.
    pub compared: usize,
}

/// Renders a profile, and compares.
pub fn one(path: &Path, plan: &Plan<'_>, left: &Left, wanted: &Wanted<'_>) -> Seen {
    let (looked, rendered) = Looked::rendered(path, plan);
    let mut seen = Seen { looked, objects: Vec::new(), compared: 0 };
    if let Some(rendered) = rendered {
        compare(&mut seen, *rendered, plan, left, wanted);
    }
    seen
}

fn compare(seen: &mut Seen, rendered: Rendered, plan: &Plan<'_>, left: &Left, wanted: &Wanted<'_>) {
    let looked = &mut seen.looked;
    let mut there: BTreeMap<String, Vec<Old>> = BTreeMap::new();
    match left.of(&looked.path, plan) {
        Has::Folders => {}
        Has::Files(files) => {
            for (at, old) in files {
                there.entry(at).or_default().push(old);
            }
        }
        Has::Wrong(diagnostics) => {
            let text =
                format!("{} has errors in that commit, so that nothing is rendered of it", looked.path.display());
            looked.told.each.push(reporting::wrong(CANNOT_COMPARE, &text, Some(&looked.path)));
            looked.told.each.extend(diagnostics);
            looked.is_wrong = true;
            return;
        }
    }
    let places: BTreeSet<String> = looked.places.iter().chain(there.keys()).cloned().collect();
    looked.is_known = true;
    for at in places {
        let fresh = fresh::of(&rendered, &at);
        let is_ours = |old: &Old| {
            fresh.iter().any(|one| one.name == old.name)
                || old.origin.as_ref().is_some_and(|origin| !looked.left_out.contains(origin))
        };
        let found = match there.remove(&at) {
            Some(files) => Ok(files),
            None => left.folder(&at).map(|files| files.into_iter().filter(|old| is_ours(old)).collect()),
        };
        let place = Place { at: &at, rendered: &rendered, plan, wanted };
        let compared = found
            .map_err(|error| format!("`{}` cannot be read: {error}", plan.root.join(&at).display()))
            .and_then(|old| place.compare(fresh, old));
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

/// A folder of a tree.
struct Place<'a> {
    at: &'a str,
    rendered: &'a Rendered,
    plan: &'a Plan<'a>,
    wanted: &'a Wanted<'a>,
}

impl<'a> Place<'a> {
    /// What differs, and how much there is.
    fn compare(&self, mut fresh: Vec<Fresh<'a>>, mut old: Vec<Old>) -> Result<(Vec<Object>, usize), String> {
        // Nearly every file is the same to the letter, and need not be understood.
        let same: BTreeSet<String> = fresh
            .iter()
            .filter(|one| old.iter().any(|old| old.name == one.name && old.body == one.text))
            .map(|one| one.name.to_owned())
            .collect();
        if same.len() == fresh.len() && same.len() == old.len() {
            return Ok((Vec::new(), same.len()));
        }
        let of = self.of(&fresh);
        let mut scaled: BTreeSet<(String, String)> =
            fresh.iter().filter(|one| same.contains(one.name)).filter_map(Fresh::scales).collect();
        fresh.retain(|one| !same.contains(one.name));
        old.retain(|old| !same.contains(&old.name));
        let there = self.documents(&old)?;
        scaled.extend(there.iter().filter_map(diff::scales));
        let settle = |one: Fresh<'a>| {
            let shown = self.shown(one.name);
            one.settle(&shown)
        };
        let settled: Vec<Settled<'_>> = fresh.into_iter().map(settle).collect();
        let new: Vec<Document> = settled.iter().map(|one| one.document.clone()).collect();
        let pairs = diff::pair(there, new);
        let compared = same.len() + pairs.len();
        let objects = Objects { wanted: self.wanted, scaled: &scaled, readings: &self.rendered.readings };
        let settled: BTreeMap<&str, &Settled<'_>> =
            settled.iter().map(|one| (one.document.file.as_str(), one)).collect();
        let told = pairs.iter().filter_map(|pair| {
            let new = pair.new.as_ref().and_then(|new| settled.get(new.file.as_str()).copied());
            objects.tell(pair, new, &of)
        });
        Ok((told.collect(), compared))
    }

    fn documents(&self, old: &[Old]) -> Result<Vec<Document>, String> {
        let mut all = Vec::new();
        for Old { name, body, origin: _ } in old {
            let shown = self.shown(name);
            all.extend(diff::documents(body, &shown).map_err(|why| format!("`{shown}` cannot be compared: {why}"))?);
        }
        Ok(all)
    }

    fn shown(&self, name: &str) -> String {
        shown(&self.plan.root, self.at, name)
    }

    /// What is gone from here was one of these.
    fn of(&self, fresh: &[Fresh<'_>]) -> Of {
        let profile = || Some(self.rendered.name.clone());
        let mut of = fresh.first().map_or_else(|| Of { profile: profile(), ..Of::default() }, |one| one.of.clone());
        if fresh.iter().any(|one| one.of.env != of.env) {
            of.env = None;
        }
        of
    }
}
