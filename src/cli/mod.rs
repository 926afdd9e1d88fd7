//! Talks to people, decides nothing: arguments in, exit code out.

mod argocd;
mod args;
mod blame;
mod cause;
pub mod color;
mod commit;
mod comparing;
mod fleet;
mod function;
mod git;
mod init;
mod missing;
mod profile;
mod project;
mod render;
mod rendering;
mod reporting;
mod say;
mod schema;
mod set;
mod shells;
mod why;

use std::{ffi::OsString, path::Path, process::ExitCode};

use clap::error::ErrorKind;

use color::Environment;

/// How the program ends. Frozen: pipelines depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done; no difference.
    Done = 0,
    /// `--check`: what is there differs.
    Differs = 1,
    /// The profile, the arguments or I/O are wrong.
    Wrong = 2,
    /// The cluster cannot be reached, or refuses.
    Cluster = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Runs the program. What it is told of the environment decides about colours alone.
pub fn run(arguments: impl IntoIterator<Item = OsString>, environment: Environment<'_>) -> ExitCode {
    let arguments = as_function(arguments);
    color::settle(&arguments, environment);
    let matches = match args::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            say::usage(error.render().ansi(), error.use_stderr());
            let wrong = !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if wrong { Exit::Wrong } else { Exit::Done }.into();
        }
    };
    let exit = match matches.subcommand() {
        Some((args::SCHEMA, matches)) => schema::run(matches),
        Some((args::INIT, matches)) => init::run(matches),
        Some((argocd::ARGOCD, matches)) => argocd::run(matches),
        Some((function::FN, _)) => function::run(),
        Some((set::SET, matches)) => set::run(matches),
        Some((shells::COMPLETIONS, matches)) => shells::completions(matches),
        Some((shells::MAN, matches)) => shells::man(matches),
        Some((fleet::ALL, matches)) => fleet::all(matches),
        Some((fleet::DIFF, matches)) => fleet::diff(matches),
        Some((fleet::LIST, matches)) => fleet::list(matches),
        Some((name, matches)) => render::run(name, matches),
        None => Exit::Wrong,
    };
    exit.into()
}

/// By the name of the function, the program is that: `render-fn` is `render fn`.
fn as_function(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let name = arguments.first().and_then(|program| Path::new(program).file_stem());
    if name.is_some_and(|name| name == function::PROGRAM) {
        arguments.insert(1, function::FN.into());
    }
    arguments
}
