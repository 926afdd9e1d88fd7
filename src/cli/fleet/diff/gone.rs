//! What the other side has of profiles, environments and targets that are no more.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};

use super::{
    super::{
        Fleet,
        look::places,
        member::{self, Member},
        orphans::Judge,
    },
    All,
    left::{Left, Old},
    objects::{Objects, Wanted},
    pool::base_name,
    shown,
};
use crate::{
    cli::commit::Commit,
    deliver::{self, Finding, State, Stray},
    diff::{self, Pair},
    report::{Object, Of},
};

/// A folder's files, and what they were rendered of.
type Folder = (String, Vec<(Old, Of)>);

/// Adds what is gone.
pub fn add(all: &mut All, fleet: &Fleet<'_>, left: &Left, wanted: &Wanted<'_>) -> Result<(), String> {
    let rendered = places(&all.looked);
    let folders = match left {
        Left::Disk(_) => on_disk(all, fleet, &rendered)?,
        Left::Commit(commit, root) => in_commit(all, fleet, &rendered, commit, root)?,
        Left::Rerender(commit) => of_profiles(fleet, commit, &rendered)?,
    };
    for folder in folders {
        let objects = tell(folder, fleet, wanted)?;
        all.compared += objects.len();
        all.objects.push(objects);
    }
    Ok(())
}

fn tell((at, files): Folder, fleet: &Fleet<'_>, wanted: &Wanted<'_>) -> Result<Vec<Object>, String> {
    let objects = Objects { wanted, scaled: &BTreeSet::new(), readings: &[] };
    let mut told = Vec::new();
    for (old, of) in files {
        let path = shown(&fleet.plan.root, &at, &old.name);
        let documents =
            diff::documents(&old.body, &path).map_err(|why| format!("`{path}` cannot be compared: {why}"))?;
        let pairs = documents.into_iter().map(|old| Pair { old: Some(old), new: None });
        told.extend(pairs.filter_map(|pair| objects.tell(&pair, None, &of)));
    }
    Ok(told)
}

fn on_disk(all: &All, fleet: &Fleet<'_>, rendered: &BTreeSet<String>) -> Result<Vec<Folder>, String> {
    let strays = deliver::strays(&fleet.plan.root, rendered).map_err(|error| error.to_string())?;
    let judge = Judge::new(&fleet.plan, &fleet.selection, &all.looked);
    let mut folders: BTreeMap<String, Vec<(Old, Of)>> = BTreeMap::new();
    for stray in strays.files.into_iter().filter(|stray| judge.is_orphan(stray)) {
        let path = &stray.finding.path;
        let text = fs::read(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        folders.entry(stray.at.clone()).or_default().push((Old::new(name, &text), of(&stray)));
    }
    Ok(folders.into_iter().collect())
}

fn of(stray: &Stray) -> Of {
    let text = |text: Option<&str>| text.map(str::to_owned);
    Of { profile: text(stray.source()), env: text(stray.env()), target: text(stray.target()) }
}

/// Files of a commit in folders that nothing is rendered into. Whose they are the first of each folder tells, so that
/// not the whole tree is read where one profile is asked for.
fn in_commit(
    all: &All,
    fleet: &Fleet<'_>,
    rendered: &BTreeSet<String>,
    commit: &Arc<Commit>,
    root: &str,
) -> Result<Vec<Folder>, String> {
    let start = if root.is_empty() { 0 } else { root.len() + 1 };
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in commit.below(root) {
        let at = path[start..].rsplit_once('/').map_or("", |(at, _)| at);
        let is_hidden = at.split('/').any(|part| part.starts_with('.'));
        if !rendered.contains(at) && !is_hidden {
            folders.entry(at).or_default().push(path);
        }
    }
    let read = |paths: &[&str]| commit.read(paths).map_err(|error| format!("the files of a commit: {error}"));
    let judge = Judge::new(&fleet.plan, &fleet.selection, &all.looked);
    let stray = |at: &str, path: &str, origin: &Option<String>| {
        let finding = Finding { path: path.into(), state: State::Orphan, detail: None };
        Some(Stray { at: at.to_owned(), finding, origin: origin.clone()? })
    };
    let mut found = Vec::new();
    let firsts: Vec<&str> = folders.values().filter_map(|paths| paths.first().copied()).collect();
    for ((at, paths), first) in folders.iter().zip(read(&firsts)?) {
        let first = Old::new(String::new(), &first);
        if !stray(at, "", &first.origin).is_some_and(|stray| judge.is_orphan(&stray)) {
            continue;
        }
        let mut files = Vec::new();
        for (path, text) in paths.iter().zip(read(paths)?) {
            let old = Old::new(base_name(path).to_owned(), &text);
            if let Some(stray) = stray(at, path, &old.origin).filter(|stray| judge.is_orphan(stray)) {
                files.push((old, of(&stray)));
            }
        }
        found.push(((*at).to_owned(), files));
    }
    Ok(found)
}

/// What profiles render to that a commit has and that are gone.
fn of_profiles(fleet: &Fleet<'_>, commit: &Arc<Commit>, rendered: &BTreeSet<String>) -> Result<Vec<Folder>, String> {
    let mut folders = Vec::new();
    for path in commit.below("") {
        let real = commit.repository.join(path);
        if real.exists() || !fleet.selection.would_have(&real) || !is_profile(path) {
            continue;
        }
        let path = crate::cli::profile::way(&crate::cli::profile::without_links(Path::new(".")), &real);
        if fleet.plan.shard.is_some_and(|shard| !shard.has(&path.to_string_lossy())) {
            continue;
        }
        match member::render(&path, &fleet.plan.at(commit)) {
            Member::PassedOver { .. } => {}
            Member::Wrong { .. } => {
                return Err(format!("{} has errors in that commit, so that nothing is rendered of it", path.display()));
            }
            Member::Rendered(rendered_then) => {
                let outputs = rendered_then.outputs.into_iter().zip(rendered_then.documents);
                for (output, (_, _, of)) in outputs.filter(|(output, _)| !rendered.contains(&output.at)) {
                    let files = output.files.into_iter().map(|file| (Old::rendered(file), of.clone())).collect();
                    folders.push((output.at, files));
                }
            }
        }
    }
    Ok(folders)
}

fn is_profile(path: &str) -> bool {
    path.ends_with(".toml")
}
