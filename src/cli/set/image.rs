//! `render set image NAME=REF`: which profiles, and all of them or none.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{
    ImageArgs,
    place::{Change, Looked, look},
};
use crate::{
    cli::{
        Exit,
        fleet::{Found, Selection, Settings},
        profile::{NAME, ProfileFile},
        say,
    },
    deliver, edit,
};

pub fn run(args: &ImageArgs) -> Exit {
    match changes(args).and_then(|changes| deliver(&changes, args)) {
        Ok(()) => Exit::Done,
        Err(Some(why)) => {
            say::error(why);
            Exit::Wrong
        }
        Err(None) => Exit::Wrong,
    }
}

/// Why nothing is written; nothing if it was told.
type Refused = Option<String>;

/// Looks at every profile, before anything is written.
fn changes(args: &ImageArgs) -> Result<Vec<Change>, Refused> {
    let paths = paths(args)?;
    let (mut changes, mut unread, mut unknown, mut wrong) = (Vec::new(), Vec::new(), Vec::new(), false);
    for path in &paths {
        let file = ProfileFile::open(path).map_err(|error| unreadable(path, &error))?;
        match look(file, args, paths.len() == 1) {
            Looked::Changes(change) => changes.push(*change),
            Looked::Unknown(why) => unknown.push((path, why)),
            Looked::Unread(problems, sources) => unread.push((path, problems, sources)),
            Looked::Wrong(problems, sources) => {
                say::problems(&problems, &sources, true);
                wrong = true;
            }
            Looked::Refused(why) => return Err(Some(why)),
        }
    }
    if wrong {
        return Err(Some("nothing was written".into()));
    }
    if changes.is_empty() {
        for (_, problems, sources) in &unread {
            say::problems(problems, sources, true);
        }
        return Err((!unknown.is_empty()).then(|| nobody(&args.image.name, &unknown)));
    }
    for (path, ..) in unread {
        let text = format!(
            "{0} has errors, so nobody knows whether it is meant\nhelp: `render k8s {0}` tells them",
            path.display()
        );
        say::warning(text, args.quiet);
    }
    Ok(changes)
}

/// The profiles that are looked at.
fn paths(args: &ImageArgs) -> Result<Vec<PathBuf>, Refused> {
    let from_stdin = args.profiles.iter().any(|path| path == Path::new("-"));
    match args.profiles.len() {
        1 if from_stdin => return Ok(args.profiles.clone()),
        _ if from_stdin => return Err(Some("standard input is changed by itself\nhelp: name `-` alone".into())),
        0 if Path::new(NAME).is_file() => return Ok(vec![NAME.into()]),
        _ => {}
    }
    let settings = Settings::find()?;
    let Found { profiles: paths, passed } = Selection::new(&args.profiles, &settings)?.profiles()?;
    passed.iter().for_each(|why| say::warning(why, args.quiet));
    match paths.is_empty() {
        true => Err(Some("there is no profile.toml\nhelp: name a profile, or a folder in which they lie".into())),
        false => Ok(paths),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => format!("there is no {}", path.display()),
        _ => format!("{} cannot be read: {error}", path.display()),
    }
}

/// Of several profiles, each has said why.
fn nobody(name: &str, unknown: &[(&PathBuf, edit::Unknown)]) -> String {
    let follows = unknown.iter().find(|(_, why)| *why == edit::Unknown::Follows);
    let near = unknown.iter().find_map(|(_, why)| match why {
        edit::Unknown::Nobody(near) => near.as_ref(),
        edit::Unknown::Follows => None,
    });
    let help = match (follows, near) {
        (Some((path, _)), _) => {
            return format!(
                "`{name}` has no image of its own: it runs the app's ({})\n\
                 help: set that of the app, or give it an `image` first",
                path.display()
            );
        }
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => "name the app, as its profile does, or what runs an image of its own: `orders-worker`".into(),
    };
    let place = match unknown {
        [(path, _)] if *path == Path::new("-") => "the profile".to_owned(),
        [(path, _)] => path.display().to_string(),
        all => format!("none of {} profiles", all.len()),
    };
    let negated = if unknown.len() == 1 { "has no" } else { "has an" };
    format!("{place} {negated} image of `{name}`\nhelp: {help}")
}

/// Writes what has changed, and tells it.
fn deliver(changes: &[Change], args: &ImageArgs) -> Result<(), Refused> {
    let files: Vec<(PathBuf, String)> = changes
        .iter()
        .filter(|one| one.is_new())
        .filter_map(|one| Some((one.real.clone()?, one.text.clone())))
        .collect();
    deliver::rewrite(&files).map_err(|error| error.to_string())?;
    for change in changes {
        if change.real.is_none() {
            deliver::pass(&change.text, &mut io::stdout().lock()).map_err(|error| error.to_string())?;
        }
        change.warnings.iter().for_each(|text| say::warning(text, args.quiet));
        say::done(&change.told, args.quiet);
    }
    Ok(())
}
