//! What the other side has of profiles, environments and targets that are no more.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    super::{
        Fleet, Plan,
        look::{Looked, places},
        member::{self, Member},
        orphans::Judge,
        strays::strays,
    },
    All,
    left::{self, Left, Old, stray},
    objects::{Before, Objects, Scaled, Wanted},
    one::{self, Seen},
    pool::base_name,
    shown,
};
use crate::{
    cli::{
        commit::Commit,
        profile::{repository, way, with_slashes, without_links},
    },
    deliver::{Places, Stray},
    diff::{self, Pair},
    report::Object,
    targets::{TARGETS, Target},
};

/// Adds what is gone. A profile of this run that was rendered elsewhere is compared once more, with what lies there:
/// whoever is given another name is what it was.
pub fn add(all: &mut All, fleet: &Fleet<'_>, left: &Left, wanted: &Wanted<'_>) -> Result<(), String> {
    let rendered = places(&all.looked);
    let gone = match left {
        Left::Disk(_) => on_disk(all, fleet, &rendered)?,
        Left::Commit(commit, root, _) => in_commit(all, fleet, &rendered, commit, root)?,
        Left::Rerender(commit) => of_profiles(fleet, commit)?,
    };
    let mut by_profile: BTreeMap<usize, Vec<Old>> = BTreeMap::new();
    let mut alone: BTreeMap<String, Vec<Old>> = BTreeMap::new();
    {
        let known = Profiles::of(&all.looked);
        let mut renders: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, one) in all.looked.iter().enumerate() {
            for place in &one.places {
                renders.entry(place).or_insert(at);
            }
        }
        let is_here = |at: &usize| all.looked[*at].is_known && !all.looked[*at].is_wrong;
        for old in gone {
            let its = old.of.as_ref().and_then(|of| known.named(of.profile.as_deref()?));
            match renders.get(old.at.as_str()).copied().or(its).filter(is_here) {
                Some(at) => by_profile.entry(at).or_default().push(old),
                None => alone.entry(old.at.clone()).or_default().push(old),
            }
        }
    }
    for (at, left_over) in by_profile {
        let Seen { looked, objects, compared, kinds: _ } =
            one::one(&fleet.profiles[at], &fleet.plan, left, left_over, wanted);
        all.looked[at].is_wrong |= looked.is_wrong;
        all.looked[at].told = looked.told;
        all.objects[at] = objects;
        all.compared[at] = compared;
    }
    for files in alone.into_values() {
        let objects = tell(files, fleet, wanted)?;
        all.compared.push(objects.len());
        all.objects.push(objects);
    }
    Ok(())
}

fn tell(files: Vec<Old>, fleet: &Fleet<'_>, wanted: &Wanted<'_>) -> Result<Vec<Object>, String> {
    let objects = Objects { wanted, scaled: &Scaled::default(), readings: &[], before: &Before::new() };
    let mut told = Vec::new();
    for old in files {
        let path = shown(&fleet.plan.root, &old.at, &old.name);
        let documents =
            diff::documents(&old.body, &path).map_err(|why| format!("`{path}` cannot be compared: {why}"))?;
        let pairs: Vec<Pair> = documents.into_iter().map(|old| Pair { old: Some(old), new: None }).collect();
        told.extend(objects.all(pairs.iter().map(|pair| (pair, None, old.of(&fleet.plan)))));
    }
    Ok(told)
}

/// The profiles of a run, by what headers call them.
struct Profiles(BTreeMap<String, usize>);

impl Profiles {
    fn of(all: &[Looked]) -> Self {
        let name = |one: &Looked| {
            let real = one.real.as_deref()?;
            Some(with_slashes(real.strip_prefix(repository(real)?).ok()?))
        };
        Profiles(all.iter().enumerate().filter_map(|(at, one)| Some((name(one)?, at))).collect())
    }

    fn named(&self, source: &str) -> Option<usize> {
        self.0.get(source).copied()
    }
}

/// Decides what is left over by a profile of this run, asked for or not.
struct Gone<'a> {
    plan: &'a Plan<'a>,
    judge: Judge<'a>,
    looked: &'a [Looked],
    profiles: Profiles,
    /// What profiles render of which nothing that is asked for is left: each file with its folder.
    whole: BTreeMap<usize, Option<BTreeSet<(String, String)>>>,
}

impl<'a> Gone<'a> {
    fn new(all: &'a All, fleet: &'a Fleet<'_>) -> Self {
        let profiles = Profiles::of(&all.looked);
        let judge = Judge::new(&fleet.plan, &fleet.selection, &all.looked);
        Gone { plan: &fleet.plan, judge, looked: &all.looked, profiles, whole: BTreeMap::new() }
    }

    /// Whether a file of this folder may be gone, as far as one of them tells.
    fn may_have(&self, stray: &Stray) -> bool {
        // Beside an override of an environment that is not asked for may lie one that is.
        let has_others = || {
            let overrides = |target: &Target| target.overrides && Some(target.name) == stray.target();
            !self.plan.env.is_empty() && TARGETS.iter().any(overrides)
        };
        self.judge.is_orphan(stray) || self.passed_over(stray).is_some() || has_others()
    }

    fn has(&mut self, stray: &Stray, old: &Old) -> bool {
        if !old.is_asked(self.plan) {
            return false;
        }
        if self.judge.is_orphan(stray) {
            return true;
        }
        let Some(at) = self.passed_over(stray) else { return false };
        let (plan, looked) = (self.plan, self.looked);
        let whole = self.whole.entry(at).or_insert_with(|| {
            match member::render(&looked[at].path, &plan.whole()) {
                Member::Rendered(rendered) => {
                    Some(left::files(*rendered).into_iter().map(|old| (old.at, old.name)).collect())
                }
                // By its labels, or nobody knows.
                Member::PassedOver { .. } | Member::Wrong { .. } => None,
            }
        });
        whole.as_ref().is_some_and(|all| !all.contains(&(old.at.clone(), old.name.clone())))
    }

    /// The profile of a file, if nothing that is asked for is rendered of it.
    fn passed_over(&self, stray: &Stray) -> Option<usize> {
        let at = self.profiles.named(stray.source()?)?;
        (self.looked[at].is_passed_over && !(self.plan.env.is_empty() && self.plan.targets.is_empty())).then_some(at)
    }
}

fn on_disk(all: &All, fleet: &Fleet<'_>, rendered: &Places<'_>) -> Result<Vec<Old>, String> {
    let mut gone = Gone::new(all, fleet);
    let strays = strays(&fleet.plan, rendered, &|stray| gone.may_have(stray)).map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    for stray in strays.files {
        let path = &stray.path;
        let text = fs::read(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let old = Old::new(&stray.at, name, &text);
        if gone.has(&stray, &old) {
            found.push(old);
        }
    }
    Ok(found)
}

/// Files of a commit in folders that nothing is rendered into. Whose they are the first of each folder tells, so that
/// not the whole tree is read where one profile is asked for.
fn in_commit(
    all: &All,
    fleet: &Fleet<'_>,
    rendered: &Places<'_>,
    commit: &Arc<Commit>,
    root: &str,
) -> Result<Vec<Old>, String> {
    let start = if root.is_empty() { 0 } else { root.len() + 1 };
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in commit.below(root) {
        let at = path[start..].rsplit_once('/').map_or("", |(at, _)| at);
        let is_hidden = at.split('/').any(|part| part.starts_with('.'));
        if !rendered.contains_key(at) && !is_hidden {
            folders.entry(at).or_default().push(path);
        }
    }
    let read = |paths: &[&str]| commit.read(paths).map_err(|error| format!("the files of a commit: {error}"));
    let mut gone = Gone::new(all, fleet);
    let mut found = Vec::new();
    let firsts: Vec<&str> = folders.values().filter_map(|paths| paths.first().copied()).collect();
    for ((at, paths), first) in folders.iter().zip(read(&firsts)?) {
        let first = Old::new(at, String::new(), &first);
        if !first.origin.is_some_and(|origin| gone.may_have(&stray(at, origin))) {
            continue;
        }
        for (path, text) in paths.iter().zip(read(paths)?) {
            let old = Old::new(at, base_name(path).to_owned(), &text);
            let Some(origin) = old.origin.clone() else { continue };
            if gone.has(&stray(at, origin), &old) {
                found.push(old);
            }
        }
    }
    Ok(found)
}

/// What profiles render to that a commit has and that are gone.
fn of_profiles(fleet: &Fleet<'_>, commit: &Arc<Commit>) -> Result<Vec<Old>, String> {
    let mut found = Vec::new();
    for path in commit.below("") {
        let real = commit.repository.join(path);
        if real.exists() || !fleet.selection.would_have(&real) || !is_profile(path) {
            continue;
        }
        let path: PathBuf = way(&without_links(Path::new(".")), &real);
        if fleet.plan.shard.is_some_and(|shard| !shard.has(&path.to_string_lossy())) {
            continue;
        }
        match member::render(&path, &fleet.plan.at(commit)) {
            Member::PassedOver { .. } => {}
            Member::Wrong { .. } => {
                return Err(format!("{} has errors in that commit, so that nothing is rendered of it", path.display()));
            }
            Member::Rendered(rendered_then) => found.extend(left::files(*rendered_then)),
        }
    }
    Ok(found)
}

fn is_profile(path: &str) -> bool {
    path.ends_with(".toml")
}
