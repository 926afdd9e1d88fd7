//! `render <target>`: the four verbs, for each profile.

use std::{io, path::Path};

use clap::{ArgMatches, FromArgMatches};
use serde_json::Value;

use super::{
    Exit,
    args::{self, RenderArgs},
    comparing,
    missing::missing,
    profile::{self, ProfileFile},
    rendering::{self, Reads},
    reporting::{self, CANNOT_READ},
    say,
};
use crate::{
    app::App,
    bundle::{Bundle, File, Supplied},
    deliver::{self, Document, Output, Rendering, Report},
    flow::Outcome,
    problem::{self, Problem, any_error},
    report::{Diagnostic, number},
    source::Sources,
    targets::{self, Base, TARGETS, Target, Wish},
};

pub fn run(name: &str, matches: &ArgMatches) -> Exit {
    let target = targets::find(name).expect("subcommands are made of targets");
    let args = RenderArgs::from_arg_matches(matches).expect("clap has checked them");
    let (dev, full) = args::overrides(matches);
    let refused = not_there(target, dev, full).or_else(|| too_many(target, &args).map(str::to_owned));
    if let Some(why) = refused.or_else(|| in_full(full && (dev || args.env.is_some()), &args).map(str::to_owned)) {
        say::error(why);
        return Exit::Wrong;
    }
    if let Err(why) = args.report.settle(args.check) {
        say::error(why);
        return Exit::Wrong;
    }
    let mut rendered = Vec::new();
    let mut exit = Exit::Done;
    let mut told = Vec::new();
    for path in &args.profiles {
        match one(target, path, &args, dev, full, &mut told) {
            Some(output) => rendered.push(output),
            None => exit = Exit::Wrong,
        }
    }
    if args.check {
        // Several profiles have no folder in common.
        return exit.max(comparing::check(target, rendered.first(), &args, told));
    }
    // Nothing is delivered unless everything was rendered.
    if exit == Exit::Done { deliver(&rendered, &args) } else { exit }
}

/// What this target has not.
fn not_there(target: &Target, dev: bool, full: bool) -> Option<String> {
    let name = target.name;
    if full && !target.overrides {
        return Some(format!("`render {name}` prints everything already\nhelp: drop `--full`"));
    }
    if !dev || target.dev {
        return None;
    }
    let others = TARGETS.iter().filter(|other| other.dev);
    let others: Vec<_> = others.map(|other| format!("`render {} --dev`", other.name)).collect();
    Some(format!("`render {name}` has nothing for development\nhelp: render it with {}", others.join(" or ")))
}

fn too_many(target: &Target, args: &RenderArgs) -> Option<&'static str> {
    let from_stdin = args.profiles.iter().filter(|path| *path == Path::new("-")).count();
    match args.profiles.len() {
        0 | 1 => None,
        _ if from_stdin > 1 => Some("standard input can be read once\nhelp: name `-` once, and files besides"),
        _ if args.output.is_some() => {
            Some("several profiles would mix in one folder\nhelp: give each its own `-o DIR`")
        }
        _ if target.overrides => {
            Some("several Compose files do not fit one stream\nhelp: render one profile at a time")
        }
        _ => None,
    }
}

/// A file that bears an override's name holds what differs: Compose would lay everything over the base once more.
fn in_full(full: bool, args: &RenderArgs) -> Option<&'static str> {
    (full && args.output.is_some()).then_some(
        "with `--full` a file would bear an override's name and hold everything, and Compose would lay it over the base\n\
         help: leave `--full` out to write the override, or print everything: `render compose … --full > FILE`",
    )
}

/// A rendering on its way, what nobody renders, and the reasons for what is rendered.
pub struct Made {
    pub output: Output,
    supplied: Vec<Supplied>,
    pub documents: Vec<File>,
    pub app: App,
}

/// Renders one profile; its problems are told, and taken down.
fn one(
    target: &Target,
    path: &Path,
    args: &RenderArgs,
    dev: bool,
    full: bool,
    told: &mut Vec<Diagnostic>,
) -> Option<Made> {
    let file = match ProfileFile::open(path) {
        Ok(file) => file,
        Err(error) => {
            let one = reporting::wrong(CANNOT_READ, &unreadable(path, &error, target), Some(path));
            say::shown(&one.shown);
            told.push(one);
            return None;
        }
    };
    let mut tell = |problems: &[Problem], sources: &Sources| {
        say::problems(problems, sources, args.quiet);
        told.extend(problems.iter().map(|problem| Diagnostic::of(problem, sources)));
    };
    let mut reads = Reads::default();
    let mut outcome = rendering::read(&file, &args.set, args.env.as_deref(), &mut reads);
    let mut base = match (target.overrides && !full, &args.env) {
        (true, Some(_)) => Some(rendering::read(&file, &args.set, None, &mut reads)),
        _ => None,
    };
    if let Some(folder) = &args.output {
        // Written elsewhere, Compose files name the project's from there.
        let apps = outcome.app.iter_mut().chain(base.iter_mut().filter_map(|base| base.app.as_mut()));
        apps.for_each(|app| app.compose.home = file.home(folder));
    }
    let Outcome { app, mut problems, sources, model, environments } = outcome;
    let base_app: Option<&App> = base.as_ref().and_then(|base| base.app.as_ref());
    if let Some(base) = base.as_ref().filter(|base| base.app.is_none() && app.is_some()) {
        // An override needs something to lie over.
        tell(&base.problems, &base.sources);
        return None;
    }
    let Some(app) = app else {
        tell(&problems, &sources);
        return None;
    };
    let wish = Wish { app: &app, base: base_app.map(Base::from), dev, full };
    let rendered = (target.render)(&wish);
    problems.extend(rendered.problems);
    problem::sort(&mut problems);
    tell(&problems, &sources);
    if any_error(&problems) {
        return None;
    }
    let known = args.output.as_deref().into_iter().flat_map(|folder| deliver::sources(folder, &[]));
    let origin = Rendering {
        source: file.source(args.output.as_deref().unwrap_or(Path::new(".")), &app.name, known),
        target: target.name.to_owned(),
        env: args.env.clone(),
        dev,
    };
    let models: Vec<&Value> = [Some(&model), base.as_ref().map(|base| &base.model)].into_iter().flatten().collect();
    let all = rendering::documents(&rendered.bundle, &models, args.explain.then_some(&app.provenance));
    let files = match chosen(all, &rendered.bundle, args) {
        Ok(files) => files,
        Err(why) => {
            say::error(why);
            return None;
        }
    };
    let siblings = siblings(target, &origin, environments);
    let output = Output { at: String::new(), files, siblings, origin, rivals: target.rivals };
    let Bundle { files: documents, texts: _, supplied, printed: _ } = rendered.bundle;
    Some(Made { output, supplied, documents, app })
}

/// What is delivered of a rendering: into a folder everything, to standard output the documents, or what is asked for.
fn chosen(mut all: Vec<Document>, bundle: &Bundle, args: &RenderArgs) -> Result<Vec<Document>, String> {
    match &args.only {
        None if args.output.is_none() => match bundle.printed {
            None => all.truncate(bundle.files.len()),
            Some(name) => all.retain(|file| file.path == name),
        },
        None => {}
        Some(name) => {
            let names: Vec<String> = all.iter().map(|file| format!("`{}`", file.path)).collect();
            all.retain(|file| file.path == *name);
            if all.is_empty() {
                return Err(format!("there is no `{name}` in what is rendered\nhelp: there is {}", names.join(", ")));
            }
        }
    }
    Ok(all)
}

/// What one profile renders to that lies in one folder: base and development, and of a target with overrides each
/// environment.
fn siblings(target: &Target, origin: &Rendering, environments: Vec<String>) -> Vec<Rendering> {
    let variant = |env, dev| Rendering { env, dev, ..origin.clone() };
    let dev = |env: Option<String>| target.dev.then(|| variant(env, true));
    if !target.overrides {
        return dev(origin.env.clone()).into_iter().chain([variant(origin.env.clone(), false)]).collect();
    }
    let environments = environments.into_iter().map(|name| variant(Some(name), false));
    [variant(None, false)].into_iter().chain(dev(None)).chain(environments).collect()
}

fn unreadable(path: &Path, error: &io::Error, target: &Target) -> String {
    let shown = profile::in_folder(path);
    let shown = shown.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!(
            "there is no {shown}\n\
             help: name a profile (`render {target} PATH`), or write one that says what the app is:\n\n    \
             name  = \"orders\"\n    image = \"ghcr.io/acme/orders:1.4.2\"\n\n    [server]\n    app = \"orders.main:app\"\n",
            target = target.name
        ),
        _ => format!("{shown} cannot be read: {error}"),
    }
}

fn deliver(rendered: &[Made], args: &RenderArgs) -> Exit {
    let Some(dir) = &args.output else {
        let texts: Vec<&str> =
            rendered.iter().flat_map(|made| made.output.files.iter().map(|file| file.text.as_str())).collect();
        return finish(deliver::print(&texts, &mut io::stdout().lock()).map(|()| Exit::Done));
    };
    let mut exit = Exit::Done;
    for made in rendered {
        exit = exit.max(finish(write(made, dir, args)));
    }
    exit
}

fn write(made: &Made, dir: &Path, args: &RenderArgs) -> Result<Exit, deliver::Error> {
    let report = deliver::write(&made.output, dir, args.force)?;
    let lines = report.to_string();
    if !lines.is_empty() {
        say::done(lines, args.quiet);
    }
    let Report { written, kept, orphans: _ } = &report;
    let all = number(written.len() + kept, "file");
    say::done(format!("{}: {all}, {} written, {kept} unchanged", dir.display(), written.len()), args.quiet);
    // Not where files are only compared: a pipeline has no secrets.
    if let Some(text) = missing(&made.output.files[0].path, &made.supplied, dir) {
        say::warning(text, args.quiet);
    }
    Ok(Exit::Done)
}

fn finish(result: Result<Exit, deliver::Error>) -> Exit {
    result.unwrap_or_else(|error| {
        say::error(error);
        Exit::Wrong
    })
}
