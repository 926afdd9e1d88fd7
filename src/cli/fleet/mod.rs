//! `render all`, `render diff`, `render list`: many profiles, in one call.

mod args;
mod changed;
mod collisions;
mod crew;
mod diff;
mod glob;
mod label;
mod layout;
mod list;
mod look;
mod member;
mod orphans;
mod reading;
mod report;
mod select;
mod settings;
mod shard;
mod strays;
mod tree;

use std::{
    num::NonZero,
    path::{Path, PathBuf},
    sync::Arc,
};

use self::{args::SelectArgs, changed::Changed, label::Label, shard::Shard};
use super::{Exit, commit::Commit, profile::without_links};

pub use args::{ALL, LIST, commands};
pub use diff::{DIFF, run as diff};
pub use list::run as list;
pub use select::{Found, Selection};
pub use settings::Settings;
pub use tree::run as all;

/// What the one environment of a profile without environments is called in a tree.
const DEFAULT: &str = "default";

/// What is wanted of each profile.
pub struct Plan<'a> {
    pub settings: &'a Settings,
    pub labels: Vec<Label>,
    /// Only these, if there are any; what others have is theirs.
    pub env: &'a [String],
    /// Likewise. What the settings leave out nobody renders.
    pub targets: &'a [String],
    pub set: &'a [String],
    pub changed: Option<Changed>,
    pub kustomization: bool,
    /// The folder of the tree, as the user named it, and without links.
    pub root: PathBuf,
    pub real_root: PathBuf,
    pub shard: Option<Shard>,
    /// Profiles and what they name are read as this commit has them.
    pub commit: Option<Arc<Commit>>,
    /// Warnings are only counted.
    pub brief: bool,
    /// All that is found goes into a report, what people are not told included.
    pub is_reported: bool,
    /// Threads; nothing for one on each processor.
    pub jobs: Option<NonZero<usize>>,
}

impl<'a> Plan<'a> {
    /// The same for the profiles of a commit, whatever has changed since.
    fn at(&self, commit: &Arc<Commit>) -> Plan<'a> {
        Plan {
            labels: self.labels.clone(),
            changed: None,
            root: self.root.clone(),
            real_root: self.real_root.clone(),
            commit: Some(Arc::clone(commit)),
            is_reported: false,
            ..*self
        }
    }

    /// The same for all environments and targets, as the profiles lie on the disk.
    fn whole(&self) -> Plan<'a> {
        Plan {
            env: &[],
            targets: &[],
            labels: self.labels.clone(),
            changed: None,
            root: self.root.clone(),
            real_root: self.real_root.clone(),
            commit: None,
            is_reported: false,
            ..*self
        }
    }

    /// The same for another tree.
    fn set_root(&mut self, root: &Path) {
        self.real_root = without_links(root);
        self.root = root.to_path_buf();
    }
}

/// A plan, and the profiles that it is for.
struct Fleet<'a> {
    plan: Plan<'a>,
    selection: Selection,
    profiles: Vec<PathBuf>,
}

/// The folder of the tree.
fn root(args: &SelectArgs, settings: &Settings) -> Option<PathBuf> {
    args.output.clone().or_else(|| settings.output.clone())
}

/// Finds the profiles.
///
/// # Errors
/// What is named and not there, or nothing that could be rendered, in words.
fn fleet<'a>(
    args: &'a SelectArgs,
    settings: &'a Settings,
    root: PathBuf,
    kustomization: bool,
) -> Result<Fleet<'a>, String> {
    let (fleet, is_empty) = remains(args, settings, root, kustomization)?;
    if is_empty { Err(NO_PROFILE.into()) } else { Ok(fleet) }
}

const NO_PROFILE: &str = "there is no profile.toml to render\n\
                          help: name profiles, or folders in which they lie: `render all apps -o deploy`";

/// Finds the profiles, and says whether there is none at all, whoever renders it.
///
/// # Errors
/// What is named and not there, in words.
fn remains<'a>(
    args: &'a SelectArgs,
    settings: &'a Settings,
    root: PathBuf,
    kustomization: bool,
) -> Result<(Fleet<'a>, bool), String> {
    let selection = Selection::new(&args.profiles, settings)?;
    let Found { mut profiles, passed } = selection.profiles()?;
    passed.iter().for_each(|why| super::say::warning(why, args.quiet));
    let (brief, is_empty) = (profiles.len() > 1, profiles.is_empty());
    if let Some(shard) = args.shard {
        profiles = shard.part(profiles);
    }
    let mut changed = args.changed_since.as_deref().map(Changed::since).transpose()?;
    // The settings are part of every profile.
    if changed.as_ref().is_some_and(|changed| settings.file.as_ref().is_some_and(|file| changed.has(file))) {
        changed = None;
    }
    let plan = Plan {
        settings,
        labels: args.label.iter().flat_map(|labels| labels.0.clone()).collect(),
        env: &args.env,
        targets: &args.target,
        set: &args.set,
        changed,
        kustomization,
        real_root: without_links(&root),
        root,
        shard: args.shard,
        commit: None,
        brief,
        is_reported: false,
        jobs: args.jobs,
    };
    Ok((Fleet { plan, selection, profiles }, is_empty))
}

fn wrong(why: impl std::fmt::Display) -> Exit {
    super::say::error(why);
    Exit::Wrong
}
