//! The arguments of commands over many profiles.

use std::{num::NonZero, path::PathBuf};

use clap::{Args, Command};

use super::{super::reporting::ReportArgs, label::Labels, shard::Shard};
use crate::targets::placed;

pub const ALL: &str = "all";
pub const LIST: &str = "list";

/// Which profiles, and what of them.
#[derive(Debug, Args)]
pub struct SelectArgs {
    /// Profiles, folders in which every `profile.toml` is meant, or patterns as in `'apps/*'`
    #[arg(value_name = "PROFILE|DIR")]
    pub profiles: Vec<PathBuf>,
    /// Only this environment; may be repeated
    #[arg(long, value_name = "NAME")]
    pub env: Vec<String>,
    /// Only this target; may be repeated
    #[arg(long, value_name = "TARGET", value_parser = targets())]
    pub target: Vec<String>,
    /// Only profiles with this label, as in `team=shop`, `team!=shop`, `team`, `!team`
    #[arg(long, short = 'l', value_name = "LABEL")]
    pub label: Vec<Labels>,
    /// Only profiles of which anything has changed since this commit, what they read and what is written included
    #[arg(long, value_name = "REF")]
    pub changed_since: Option<String>,
    /// Only every Nth profile, beginning with the Ith
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Set a key of every profile, as in `--set workers=8`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Folder of the tree; otherwise what render.toml says
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Work on so many profiles at once instead of one for each processor
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<NonZero<usize>>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// What `render all` takes.
#[derive(Debug, Args)]
pub struct AllArgs {
    #[command(flatten)]
    pub select: SelectArgs,
    /// Compare with the files in the tree; exit code 1 if they differ
    #[arg(long)]
    pub check: bool,
    /// Delete files that were rendered once and are no more, unless they were edited
    #[arg(long, conflicts_with = "check")]
    pub prune: bool,
    /// Overwrite files that were edited by hand or are not ours; with `--prune` delete them, too
    #[arg(long, conflicts_with = "check")]
    pub force: bool,
    /// Also write a kustomization.yaml beside the objects of each app
    #[arg(long)]
    pub kustomization: bool,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// What `render list` takes.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub select: SelectArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", value_parser = ["text", "json"], default_value = "text")]
    pub format: String,
}

fn targets() -> Vec<&'static str> {
    placed().map(|target| target.name).collect()
}

pub fn commands() -> [Command; 3] {
    let all = AllArgs::augment_args(Command::new(ALL))
        .about("A tree of all apps: every target and environment that their profiles name")
        .after_help(
            "Examples:\n  \
             render all -o deploy                             every profile.toml below this folder\n  \
             render all -o deploy --check                     does what is committed match the profiles?\n  \
             render all -o deploy --prune                     and delete what is rendered no more\n  \
             render all apps/orders -o deploy --env staging   one app, one environment\n  \
             render all -o deploy --check --changed-since origin/main\n  \
             render all -o deploy --check --format github --report markdown=summary.md",
        );
    let list = ListArgs::augment_args(Command::new(LIST))
        .about("What `render all` renders: profile, environment, target and folder")
        .after_help(
            "Examples:\n  \
             render list                                      a line for each\n  \
             render list --format json --changed-since main   for the matrix of a pipeline",
        );
    [all, super::diff::command(), list]
}
