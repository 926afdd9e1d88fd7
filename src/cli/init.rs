//! `render init`: a first profile.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, FromArgMatches};

use super::{Exit, args::InitArgs, profile, project, say};
use crate::{
    deliver,
    init::{self, Facts, Project, facts::Build},
};

pub fn run(matches: &ArgMatches) -> Exit {
    let args = InitArgs::from_arg_matches(matches).expect("clap has checked them");
    let project = match project::read(&args.dir) {
        Ok(project) => project,
        Err(error) => {
            say::error(format!("{} cannot be read: {error}\nhelp: name the folder of a project", args.dir.display()));
            return Exit::Wrong;
        }
    };
    let facts = init::read(&project);
    let Some(text) = text(&project, facts.as_ref(), &args) else {
        say::error(format!(
            "nothing in {} says what the app is: no pyproject.toml, requirements.txt, package.json or Dockerfile\n\
             help: name the folder of the project, or begin with a preset: `render init --preset fastapi`",
            args.dir.display()
        ));
        return Exit::Wrong;
    };
    match write(&text, &args) {
        Ok(written) => {
            let facts = facts.filter(|_| args.preset.is_none());
            say::done(told(&written, facts.as_ref()), args.quiet);
            Exit::Done
        }
        Err(error) => {
            let there = matches!(error, deliver::Error::There(_));
            let help = "\nhelp: `--force` overwrites it, `-o -` prints instead";
            say::error(format!("{error}{}", if there { help } else { "" }));
            Exit::Wrong
        }
    }
}

fn text(project: &Project, facts: Option<&Facts>, args: &InitArgs) -> Option<String> {
    match &args.preset {
        Some(preset) => init::of_preset(preset, &init::name(&project.folder), facts),
        None => facts.map(init::profile),
    }
}

/// Where the profile was written; nothing if it was printed.
fn write(text: &str, args: &InitArgs) -> Result<Option<PathBuf>, deliver::Error> {
    if args.output.as_deref() == Some(Path::new("-")) {
        return deliver::print(&[text], &mut std::io::stdout().lock()).map(|()| None);
    }
    let path = profile::in_folder(args.output.as_deref().unwrap_or(&args.dir));
    let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
    deliver::new(&path, text, args.force)?;
    Ok(Some(path))
}

/// What was found, what is to be looked at, and what comes next.
fn told(written: &Option<PathBuf>, facts: Option<&Facts>) -> String {
    let mut text = facts.map_or_else(String::new, init::summary);
    if let Some(path) = written {
        let own = path == Path::new("profile.toml");
        let rest = if own { String::new() } else { format!(" {}", path.display()) };
        let rendered = facts
            .and_then(|facts| facts.build.as_ref())
            .is_some_and(|build| matches!(build.value, Build::Rendered { .. }));
        let image = if rendered { format!("`render dockerfile{rest} -o .`, ") } else { String::new() };
        text.push_str(&format!("wrote {}; next: {image}`render compose{rest}`, `render k8s{rest}`", path.display()));
    }
    text.trim_end().to_owned()
}
