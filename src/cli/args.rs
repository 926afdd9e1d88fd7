//! The command line, built from the targets.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Args, Command, builder::styling};

use super::{reporting::ReportArgs, schema};
use crate::{
    layers::PRESETS,
    targets::{TARGETS, Target},
};

pub const SCHEMA: &str = "schema";
pub const INIT: &str = "init";

/// What `render init` takes.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folder of the project
    #[arg(default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,
    /// Begin with a shipped preset instead of what the project says
    #[arg(long, value_name = "NAME", value_parser = presets())]
    pub preset: Option<String>,
    /// Write this file instead of `profile.toml` in the folder; `-` is standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite a profile that is there already
    #[arg(long)]
    pub force: bool,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

fn presets() -> Vec<&'static str> {
    PRESETS.iter().map(|(name, _)| *name).collect()
}

/// What every rendering command takes.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// App profile, or the folder of a `profile.toml`; `-` is standard input
    #[arg(default_value = "profile.toml", value_name = "PROFILE")]
    pub profiles: Vec<PathBuf>,
    /// Lay an environment of the profile over it
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Set a key of the profile, as in `--set workers=8`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Write files into this folder instead of printing them
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Compare with the files in the folder; exit code 1 if they differ
    #[arg(long, requires = "output")]
    pub check: bool,
    /// Overwrite files that were edited by hand or are not ours
    #[arg(long, requires = "output", conflicts_with = "check")]
    pub force: bool,
    /// Print this file alone, by its name in a folder: `--only deployment.yaml`
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    pub only: Option<String>,
    /// Print the reason and the line of the profile behind each value
    #[arg(long, conflicts_with = "output")]
    pub explain: bool,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
    #[command(flatten)]
    pub report: ReportArgs,
}

const COLOR: &str = "color";

const DEV: &str = "dev";
const FULL: &str = "full";

/// Whether the override of development, and everything instead of differences, are asked for.
pub fn overrides(matches: &clap::ArgMatches) -> (bool, bool) {
    (matches.get_flag(DEV), matches.get_flag(FULL))
}

pub fn command() -> Command {
    Command::new("render")
        .about("One app profile, rendered into Docker Compose, Kubernetes and Cloud Run: hardened, explained, reproducible.")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .styles(styles())
        .after_help(examples(TARGETS))
        .arg(
            Arg::new(COLOR)
                .long(COLOR)
                .global(true)
                .display_order(900)
                .value_name("WHEN")
                .value_parser(["auto", "always", "never"])
                .default_value("auto")
                .help("When to write in colours; `auto`: on a terminal, unless NO_COLOR is set"),
        )
        .subcommands(TARGETS.iter().map(subcommand))
        .subcommands(super::fleet::commands())
        .subcommand(super::set::command())
        .subcommand(super::function::command())
        .subcommand(super::argocd::command())
        .subcommand(
            // The arguments bring the words about them along.
            InitArgs::augment_args(Command::new(INIT))
                .about("A first profile, of what the files of a project say or of a preset")
                .after_help(
                    "Examples:\n  render init                    profile.toml of the project in this folder\n  \
                     render init --preset fastapi   of a shipped preset\n  render init ../shop -o -       printed",
                ),
        )
        .subcommand(
            Command::new(SCHEMA)
                .about("The JSON Schema of profiles, for editors and validators")
                .arg(
                    Arg::new(schema::OF)
                        .value_name("OF")
                        .value_parser(schema::SCHEMAS)
                        .default_value(schema::SCHEMAS[0])
                        .help("`report`: of what `--format json` prints"),
                )
                .after_help(
                    "Examples:\n  render schema > profile.schema.json\n\nThen, as the first line of the profile: #:schema ./profile.schema.json",
                ),
        )
        .subcommands(super::shells::commands())
}

fn subcommand(target: &Target) -> Command {
    // The arguments bring the words about them along, so the target's come last.
    let command = RenderArgs::augment_args(Command::new(target.name))
        .about(target.about)
        .after_help(examples(std::slice::from_ref(target)));
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    // What a target has not is taken all the same, to be answered with more than "unexpected argument".
    let (dev, full) = (flag(DEV), flag(FULL).help("Render everything instead of what differs from the base"));
    let dev = match target.overrides {
        true => dev.conflicts_with("env").help("Render the development override"),
        false => dev.hide(!target.dev).help("Render it for development"),
    };
    command.arg(dev).arg(full.hide(!target.overrides))
}

fn examples(targets: &[Target]) -> String {
    let all: Vec<_> = targets.iter().flat_map(|target| target.examples).collect();
    let width = all.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    let lines: Vec<String> = all.iter().map(|(command, does)| format!("  {command:width$}  {does}")).collect();
    format!("Examples:\n{}", lines.join("\n"))
}

fn styles() -> clap::builder::Styles {
    use styling::{AnsiColor, Effects};
    clap::builder::Styles::styled()
        .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
        .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
        .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
        .placeholder(AnsiColor::Cyan.on_default())
        .error(super::say::ERROR)
}
