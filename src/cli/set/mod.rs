//! `render set image`: a key of profiles, changed where it is written.

mod image;
mod place;

use std::{path::PathBuf, str::FromStr};

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::Exit;

pub const SET: &str = "set";
const IMAGE: &str = "image";

/// What `render set image` takes.
#[derive(Debug, Args)]
pub struct ImageArgs {
    /// What runs the image, and the image: `orders=…` sets the app's, `orders-worker=…` (or `processes.worker=…`) that of a process, job, sidecar or backing service with an image of its own
    #[arg(value_name = "NAME=REF")]
    pub image: Assignment,
    /// Profiles, folders in which every `profile.toml` is looked at, or patterns as in `'apps/*'`; `-` is standard input, and is printed. Otherwise the `profile.toml` of this folder, or every one below it
    #[arg(value_name = "PROFILE|DIR")]
    pub profiles: Vec<PathBuf>,
    /// Set it in this environment alone, as in `[environments.NAME]`
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// `orders=ghcr.io/acme/orders:1.5.0`.
#[derive(Debug, Clone)]
pub struct Assignment {
    pub name: String,
    pub image: String,
}

impl FromStr for Assignment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, image)) if !name.trim().is_empty() && !image.trim().is_empty() => {
                Ok(Assignment { name: name.trim().to_owned(), image: image.trim().to_owned() })
            }
            _ => Err("write what runs the image and the image, as in `orders=ghcr.io/acme/orders:1.5.0`"),
        }
    }
}

pub fn command() -> Command {
    let image = ImageArgs::augment_args(Command::new(IMAGE))
        .about("The image of an app, or of a workload with its own; comments, order and layout stay")
        .after_help(
            "Examples:\n  \
             render set image orders=ghcr.io/acme/orders:1.5.0              in profile.toml\n  \
             render set image orders=ghcr.io/acme/orders:1.5.0 --env prod   for one environment\n  \
             render set image orders=ghcr.io/acme/orders:1.5.0 apps         wherever the app is found\n  \
             render set image mailpit=axllent/mailpit:v1.27 apps            what runs beside the apps",
        );
    Command::new(SET)
        .about("Change a profile in place: `render set image orders=…`")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(image)
}

pub fn run(matches: &ArgMatches) -> Exit {
    let (_, matches) = matches.subcommand().expect("clap asks for one");
    image::run(&ImageArgs::from_arg_matches(matches).expect("clap has checked them"))
}
