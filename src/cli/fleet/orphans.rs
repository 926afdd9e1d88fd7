//! Files of a tree that nobody renders any more, and whose they were.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::{
    super::{
        git::not_checked_out,
        profile::{repository, without_links},
    },
    DEFAULT, Plan,
    crew::{self, Shown},
    look::Looked,
    member::{self, Listed},
    select::{Selection, is_not_there},
};
use crate::{deliver::Stray, targets};

/// Decides of files in folders that nothing is rendered into whether they are left over.
pub struct Judge<'a> {
    plan: &'a Plan<'a>,
    selection: &'a Selection,
    profiles: BTreeMap<&'a Path, &'a Looked>,
    /// Those of the profiles and of the tree, looked for only if a file has to be judged: most runs have none.
    repositories: OnceLock<BTreeSet<PathBuf>>,
    /// Profiles lie in the tree itself, and what is rendered beside them, for a developer, is no part of it.
    is_around: bool,
    /// What git keeps of the repositories and has not checked out, asked for once, and only if a profile is missing;
    /// nothing if it does not tell.
    kept: OnceLock<Option<Vec<BTreeSet<PathBuf>>>>,
    /// What was found out, by what headers say: an app has many files.
    whose: Mutex<BTreeMap<String, Arc<Whose>>>,
    /// The profiles that are not of this run: read only if a file is at stake that may be theirs.
    elsewhere: OnceLock<Elsewhere>,
}

/// What profiles render that are not of a run.
#[derive(Default)]
struct Elsewhere {
    /// By the folders that they are rendered into.
    places: BTreeMap<String, PathBuf>,
    /// Whether some have errors, so that nobody knows what they render.
    has_wrong: bool,
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
            repositories: OnceLock::new(),
            is_around,
            kept: OnceLock::new(),
            whose: Mutex::default(),
            elsewhere: OnceLock::new(),
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
                (whose.real.iter().any(|path| self.is_left_out(path))
                    || whose.places.iter().all(|path| self.is_gone(path)))
                    // Whoever moved takes its files along.
                    && self.elsewhere(&stray.at).is_none()
            }
        }
    }

    /// Whether a file like this, of whatever environment and target, may be left over: what other profiles render is
    /// theirs, and of a profile with errors nobody knows what it renders.
    fn matters(&self, stray: &Stray) -> bool {
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

    /// Whether a file of ours that lies beside what is rendered is told of. All that lies in a folder that is applied is,
    /// of whatever environment; overrides for one lie beside those for others.
    pub fn is_asked_beside(&self, stray: &Stray) -> bool {
        let overrides = |name: &str| targets::find(name).is_some_and(|target| target.overrides);
        stray.target().is_none_or(|target| !overrides(target) || self.is_asked_for(stray, target))
    }

    /// Whether a file is of a profile that is there, and not of this run.
    pub fn is_of_others(&self, stray: &Stray) -> bool {
        let Some(source) = stray.source() else { return false };
        let whose = self.whose(source, &stray.at);
        self.profile(&whose).is_none() && !whose.places.iter().all(|path| self.is_gone(path))
    }

    /// Whether a profile that could not be rendered or written may still need a file. One that is not of this run may be
    /// anybody's.
    pub fn is_needed(&self, stray: &Stray) -> bool {
        let profile = stray.source().and_then(|source| self.profile(&self.whose(source, &stray.at)));
        profile.map_or_else(|| self.others().has_wrong, |profile| profile.is_wrong)
            || self.profiles.values().any(|profile| profile.is_wrong && profile.places.contains(&stray.at))
    }

    /// The profile that is not of this run, and is rendered into a folder of the tree.
    pub fn elsewhere(&self, at: &str) -> Option<&Path> {
        self.others().places.get(at).map(PathBuf::as_path)
    }

    fn others(&self) -> &Elsewhere {
        self.elsewhere.get_or_init(|| self.read_others())
    }

    fn read_others(&self) -> Elsewhere {
        let plan = Plan { labels: Vec::new(), ..self.plan.whole() };
        let all = Selection::around(self.repositories(), plan.settings).profiles();
        let all = all.map(|found| found.profiles).unwrap_or_default().into_iter();
        let others: Vec<PathBuf> = all.filter(|path| !self.profiles.contains_key(&*without_links(path))).collect();
        let list = |at: usize| member::list(&others[at], &plan);
        let mut elsewhere = Elsewhere::default();
        for (path, listed) in others.iter().zip(crew::each(others.len(), plan.jobs, &Shown::nothing(), list)) {
            match listed {
                Listed::Pieces(_, pieces) => {
                    elsewhere.places.extend(pieces.into_iter().map(|piece| (piece.at, path.clone())));
                }
                Listed::Wrong(_) => elsewhere.has_wrong = true,
            }
        }
        elsewhere
    }

    /// Where the profile of a file can lie, as its header calls it.
    fn whose(&self, source: &str, at: &str) -> Arc<Whose> {
        // Only what begins with `..` is seen from the file.
        let key = if source.starts_with("..") { format!("{at}\0{source}") } else { source.to_owned() };
        let find = || {
            let places = self.places(source, at);
            Arc::new(Whose { real: places.iter().map(|path| without_links(path)).collect(), places })
        };
        let mut known = self.whose.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert_with(find))
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
