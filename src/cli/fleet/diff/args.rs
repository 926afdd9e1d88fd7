//! The arguments of `render diff`.

use std::path::PathBuf;

use clap::{Args, Command};

use super::super::{super::reporting::ReportArgs, args::SelectArgs};

pub const DIFF: &str = "diff";

/// What `render diff` takes.
#[derive(Debug, Args)]
pub struct DiffArgs {
    #[command(flatten)]
    pub select: SelectArgs,
    /// Compare with the tree as this commit has it
    #[arg(long, value_name = "REF")]
    pub git: Option<String>,
    /// With `--git`: compare with what this program renders of that commit's profiles
    #[arg(long, requires = "git")]
    pub rerender: bool,
    /// Compare with any folder of manifests; `-` is standard input
    #[arg(long, value_name = "DIR", conflicts_with = "git")]
    pub against: Option<PathBuf>,
    /// Also tell what servers, appliers and autoscalers write, and what render.toml ignores
    #[arg(long)]
    pub show_ignored: bool,
    #[command(flatten)]
    pub report: ReportArgs,
    // With a heading of its own, and so the last.
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    pub live: super::live::LiveArgs,
}

pub fn command() -> Command {
    DiffArgs::augment_args(Command::new(DIFF))
        .about("What differs, field by field: from the tree, a commit, any manifests, or a cluster")
        .long_about(
            "What differs, field by field: from the tree, a commit, any manifests, or a cluster\n\n\
             Without --git, --against and --live the tree on the disk is compared with: what `render all` would change. \
             Each change comes with what it does to what runs, and the line of the profile that makes it so. \
             Exit code 1 if anything differs.",
        )
        .after_help(
            "Examples:\n  \
             render diff -o deploy                              what would `render all -o deploy` change?\n  \
             render diff -o deploy --git origin/main            what does this branch change?\n  \
             render diff -o deploy --git v1 --rerender          what do its profiles change, apart from the program?\n  \
             render diff --live --context shop --env staging    what would applying change in a cluster?\n  \
             helm template . | render diff --against -          what does a move from Helm change?\n  \
             render diff -o deploy --git main --report markdown=summary.md",
        )
}
