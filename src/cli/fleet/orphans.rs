//! Files of a tree that nobody renders any more, and whose they were.

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    rc::Rc,
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
    /// What was found out, by what headers say: an app has many files.
    whose: RefCell<BTreeMap<String, Rc<Whose>>>,
}

/// Where a profile can lie, as a header has it, and without links.
struct Whose {
    places: Vec<PathBuf>,
    real: Vec<PathBuf>,
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
        Judge {
            plan,
            selection,
            profiles,
            repositories: OnceCell::new(),
            is_around,
            kept: OnceCell::new(),
            whose: RefCell::default(),
        }
    }

    fn repositories(&self) -> &BTreeSet<PathBuf> {
        let files = || self.profiles.keys().copied().chain([self.plan.real_root.as_path()]);
        self.repositories.get_or_init(|| files().filter_map(repository).collect())
    }

    /// Whether a file is left over by one of the profiles of this run, or by one that is gone and would be of this run.
    pub fn is_orphan(&self, stray: &Stray) -> bool {
        let Some((source, target)) = stray.source().zip(stray.target()) else { return false };
        if self.is_around && !self.plan.settings.layout.fits(target, &stray.at) {
            return false;
        }
        if !self.is_asked_for(stray, target) || !self.matters(stray) {
            return false;
        }
        let whose = self.whose(source, &stray.at);
        match self.profile(&whose) {
            Some(profile) => profile.is_passed_over || !profile.left_out.contains(&stray.origin),
            None => {
                whose.real.iter().any(|path| self.is_left_out(path))
                    || whose.places.iter().all(|path| self.is_gone(path))
            }
        }
    }

    /// Whether a file like this, of whatever environment and target, may be left over: what other profiles render is
    /// theirs, and of a profile with errors nobody knows what it renders.
    pub fn matters(&self, stray: &Stray) -> bool {
        let Some(source) = stray.source() else { return false };
        let whose = self.whose(source, &stray.at);
        match self.profile(&whose) {
            // It has none of what is asked for, unless it is passed over for something else.
            Some(profile) if profile.is_passed_over => self.plan.labels.is_empty() && self.plan.changed.is_none(),
            Some(profile) => profile.is_known,
            // The labels of a profile that nobody reads are not known.
            None => {
                self.plan.labels.is_empty()
                    && self.plan.shard.is_none_or(|shard| shard.has(source))
                    && whose.real.iter().any(|path| self.selection.reaches(path))
            }
        }
    }

    fn profile(&self, whose: &Whose) -> Option<&'a Looked> {
        whose.real.iter().find_map(|path| self.profiles.get(path.as_path()).copied())
    }

    /// Where the profile of a file can lie, as its header calls it.
    fn whose(&self, source: &str, at: &str) -> Rc<Whose> {
        // Only what begins with `..` is seen from the file.
        let key = if source.starts_with("..") { format!("{at}\0{source}") } else { source.to_owned() };
        let find = || {
            let places = self.places(source, at);
            Rc::new(Whose { real: places.iter().map(|path| without_links(path)).collect(), places })
        };
        Rc::clone(self.whose.borrow_mut().entry(key).or_insert_with(find))
    }

    /// Whether a file of ours is unedited and of a profile that is no more, so that another one may take its place. A
    /// tree of another repository may have files of profiles that are not here.
    pub fn is_abandoned(&self, stray: &Stray) -> bool {
        let Some(source) = stray.source().filter(|source| !source.starts_with("stdin:")) else { return false };
        let whose = self.whose(source, &stray.at);
        self.repositories().len() <= 1
            && !whose.places.is_empty()
            && whose.places.iter().all(|path| self.is_gone(path))
            && stray.is_edited().is_ok_and(|is_edited| !is_edited)
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
