//! Files of a tree that nobody renders any more, and whose they were.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::{
    super::{
        git::not_checked_out,
        profile::{repository, without_links},
    },
    DEFAULT, Plan,
    look::Looked,
    select::{Selection, is_not_there},
};
use crate::{deliver::Stray, targets};

/// Decides of files in folders that nothing is rendered into whether they are left over.
pub struct Judge<'a> {
    plan: &'a Plan<'a>,
    selection: &'a Selection,
    profiles: BTreeMap<&'a Path, &'a Looked>,
    /// Those of the profiles and of the tree, looked for only if a file has to be judged: most runs have none.
    repositories: OnceCell<BTreeSet<PathBuf>>,
    /// Profiles lie in the tree itself, and what is rendered beside them, for a developer, is no part of it.
    is_around: bool,
    /// What git keeps of the repositories and has not checked out, asked for once, and only if a profile is missing;
    /// nothing if it does not tell.
    kept: OnceCell<Option<Vec<BTreeSet<PathBuf>>>>,
}

/// Whether nothing is there: never is what may not be seen, or a link that leads nowhere, taken for that.
fn is_deleted(path: &Path) -> bool {
    for at in path.ancestors() {
        match fs::symlink_metadata(at) {
            Ok(found) => return at != path && !(found.is_symlink() && fs::metadata(at).is_err()),
            Err(error) if is_not_there(&error) => {}
            Err(_) => return false,
        }
    }
    true
}

impl<'a> Judge<'a> {
    pub fn new(plan: &'a Plan<'a>, selection: &'a Selection, all: &'a [Looked]) -> Self {
        let profiles: BTreeMap<&Path, &Looked> =
            all.iter().filter_map(|one| Some((one.real.as_deref()?, one))).collect();
        let is_around = profiles.keys().any(|path| path.starts_with(&plan.real_root));
        Judge { plan, selection, profiles, repositories: OnceCell::new(), is_around, kept: OnceCell::new() }
    }

    fn repositories(&self) -> &BTreeSet<PathBuf> {
        let files = || self.profiles.keys().copied().chain([self.plan.real_root.as_path()]);
        self.repositories.get_or_init(|| files().filter_map(repository).collect())
    }

    /// Whether a file is left over by one of the profiles of this run, or by one that is gone and would be of this run.
    /// What others render is theirs, and of a profile with errors nobody knows what it renders.
    pub fn is_orphan(&self, stray: &Stray) -> bool {
        let Some((source, target)) = stray.source().zip(stray.target()) else { return false };
        if self.is_around && !self.plan.settings.layout.fits(target, &stray.at) {
            return false;
        }
        if !self.is_asked_for(stray, target) {
            return false;
        }
        let places = self.places(source, &stray.at);
        let real: Vec<PathBuf> = places.iter().map(|path| without_links(path)).collect();
        if let Some(profile) = real.iter().find_map(|path| self.profiles.get(path.as_path())) {
            return match profile.is_passed_over {
                // It has none of what is asked for, unless it is passed over for something else.
                true => self.plan.labels.is_empty() && self.plan.changed.is_none(),
                false => profile.is_known && !profile.left_out.contains(&stray.origin),
            };
        }
        // The labels of a profile that nobody reads are not known.
        self.plan.labels.is_empty()
            && self.plan.shard.is_none_or(|shard| shard.has(source))
            && real.iter().any(|path| self.selection.reaches(path))
            && (real.iter().any(|path| self.is_left_out(path)) || places.iter().all(|path| self.is_gone(path)))
    }

    /// Whether a file of ours is unedited and of a profile that is no more, so that another one may take its place. A
    /// tree of another repository may have files of profiles that are not here.
    pub fn is_abandoned(&self, stray: &Stray) -> bool {
        let Some(source) = stray.source().filter(|source| !source.starts_with("stdin:")) else { return false };
        let places = self.places(source, &stray.at);
        !stray.is_edited
            && self.repositories().len() <= 1
            && !places.is_empty()
            && places.iter().all(|path| self.is_gone(path))
    }

    /// Whether a file is of the environments and targets that the command line asks for.
    fn is_asked_for(&self, stray: &Stray, target: &str) -> bool {
        let Plan { env, targets, settings, .. } = self.plan;
        let has_base = || targets::find(target).is_some_and(|target| target.overrides);
        let own = match stray.env() {
            None if has_base() => None,
            None => Some(settings.base.as_deref().unwrap_or(DEFAULT)),
            env => env,
        };
        (targets.is_empty() || targets.iter().any(|asked| asked == target))
            && (env.is_empty() || env.iter().any(|asked| own == Some(asked)))
    }

    /// Whether a profile is there, and the settings say that it is not rendered.
    fn is_left_out(&self, profile: &Path) -> bool {
        self.selection.leaves_out(profile) && fs::symlink_metadata(profile).is_ok()
    }

    /// Whether a profile is no more, and not only out of reach, or not checked out.
    fn is_gone(&self, profile: &Path) -> bool {
        if !is_deleted(profile) {
            return false;
        }
        match self.kept.get_or_init(|| self.repositories().iter().map(|root| not_checked_out(root)).collect()) {
            Some(kept) => !kept.iter().flatten().any(|kept| kept == profile),
            None => false,
        }
    }

    /// Where a header's profile can lie: in a repository, or as seen from the file.
    fn places(&self, source: &str, at: &str) -> Vec<PathBuf> {
        let in_repositories = self.repositories().iter().map(|root| root.join(source));
        let from_here = source.starts_with("..").then(|| self.plan.real_root.join(at).join(source));
        in_repositories.chain(from_here).collect()
    }
}
