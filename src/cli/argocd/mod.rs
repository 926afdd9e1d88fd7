//! `render argocd`: a config management plugin of Argo CD (Operator Manual, "Config Management Plugins").
//!
//! Its one command that looks at the environment: that is how Argo CD hands over what an Application says. Argo CD shows what
//! is written to standard error where people look for errors, so it is short, and deletes what is rendered no more, so
//! nothing doubtful ends well.

mod announce;
mod environment;
mod parameters;

use std::{
    io,
    path::{Component, PathBuf},
};

use clap::{ArgMatches, Args, Command, FromArgMatches};

use self::parameters::Parameters;
use super::{
    Exit,
    profile::{NAME, ProfileFile},
    rendering::{self, Reads},
};
use crate::{
    deliver, edit,
    flow::Outcome,
    problem::{self, Problem, Severity, any_error},
    source::Sources,
    targets::{self, Wish},
};

pub const ARGOCD: &str = "argocd";

/// Argo CD's pages show no more lines of an error.
const MOST_LINES: usize = 20;

/// What `render argocd` takes; all else comes from the Application.
#[derive(Debug, Args)]
pub struct ArgocdArgs {
    /// Print the parameters that the profile in this folder has, for the pages of Argo CD
    #[arg(long)]
    pub announce: bool,
}

pub fn command() -> Command {
    ArgocdArgs::augment_args(Command::new(ARGOCD))
        .about("A plugin of Argo CD: renders the profile of an Application's folder")
        .after_help(
            "Run by Argo CD in the folder of an Application, with its parameters in ARGOCD_APP_PARAMETERS:\n  \
             env      environment of the profile; needed if it has any\n  \
             images   map of images to set, as `render set image` calls them: orders → ghcr.io/acme/orders:1.5.0\n  \
             set      list of keys to set: workers=8\n  \
             target   k8s (unless another is said), or cloudrun for Knative\n  \
             profile  the file, if it is not profile.toml\n\n\
             The environment variables RENDER_ENV and RENDER_PROFILE of an Application say the same as `env` and `profile`.",
        )
}

/// Why nothing is printed: lines, the most important first.
pub type Refused = Vec<String>;

pub fn run(matches: &ArgMatches) -> Exit {
    let args = ArgocdArgs::from_arg_matches(matches).expect("clap has checked them");
    let text = if args.announce { announce() } else { generate() };
    let printed = text.and_then(|(text, told)| {
        tell(&told);
        deliver::pass(&text, &mut io::stdout().lock()).map_err(|error| vec![format!("error: {error}")])
    });
    match printed {
        Ok(()) => Exit::Done,
        Err(why) => {
            tell(&why);
            Exit::Wrong
        }
    }
}

/// Few lines, and how many more there were.
fn tell(lines: &[String]) {
    let lines: Vec<&str> = lines.iter().flat_map(|text| text.lines()).collect();
    let shown = if lines.len() > MOST_LINES { MOST_LINES - 1 } else { lines.len() };
    let mut text = lines[..shown].join("\n");
    if shown < lines.len() {
        text.push_str(&format!("\n… and {} more lines: run `render k8s` in this folder", lines.len() - shown));
    }
    if !text.is_empty() {
        super::say::done(text, false);
    }
}

fn announce() -> Result<(String, Refused), Refused> {
    let parameters = Parameters::new(&environment::read()?)?;
    let file = open(&parameters)?;
    let base = rendering::read(&file, &[], None, &mut Reads::default());
    Ok((announce::parameters(&base.environments, &base.model), Vec::new()))
}

/// The objects, and what is to say beside.
fn generate() -> Result<(String, Refused), Refused> {
    let parameters = Parameters::new(&environment::read()?)?;
    let target = targets::of_objects(parameters.target.as_deref())
        .map_err(|why| vec![format!("error: parameter `target`: {why}")])?;
    let file = open(&parameters)?;
    let env = env(&file, &parameters)?;
    let set = set(&file, env.as_deref(), &parameters)?;
    let Outcome { app, mut problems, sources, .. } =
        rendering::read(&file, &set, env.as_deref(), &mut Reads::default());
    let mut files = Vec::new();
    if let Some(app) = &app {
        let rendered = (target.render)(&Wish { app, base: None, dev: false, full: false });
        problems.extend(rendered.problems);
        files = rendered.bundle.files;
    }
    problem::sort(&mut problems);
    if app.is_none() || any_error(&problems) {
        return Err(lines(&problems, &sources, true));
    }
    let texts: Vec<String> = files.iter().map(|file| file.text(None)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut text = Vec::new();
    // Never nothing: Argo CD would delete everything that it has of the Application.
    deliver::print(&texts, &mut text).map_err(|error| vec![format!("error: {error}")])?;
    Ok((String::from_utf8_lossy(&text).into_owned(), lines(&problems, &sources, false)))
}

/// The profile in the folder of the Application, and in no other: what else the repository has is not its own.
fn open(parameters: &Parameters) -> Result<ProfileFile, Refused> {
    let path = PathBuf::from(parameters.profile.as_deref().unwrap_or(NAME));
    if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(vec![format!("error: parameter `profile`: `{}` leaves the Application's folder", path.display())]);
    }
    ProfileFile::open(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => vec![
            format!("error: there is no {} in the Application's folder", path.display()),
            "help: `path` of its source is the folder of a profile".into(),
        ],
        _ => vec![format!("error: {} cannot be read: {error}", path.display())],
    })
}

/// The environment that is asked for; asked for it must be, since no default could be told from a mistake.
fn env(file: &ProfileFile, parameters: &Parameters) -> Result<Option<String>, Refused> {
    if parameters.env.is_some() {
        return Ok(parameters.env.clone());
    }
    // A profile that cannot be read tells why itself.
    let environments = match rendering::layers(file, None) {
        Ok(layered) => layered.environments.into_iter().map(|(name, _)| name).collect(),
        Err(_) => Vec::new(),
    };
    match environments.is_empty() {
        true => Ok(None),
        false => Err(vec![
            "error: which environment? the Application says none".into(),
            format!("help: set its parameter `env`: the profile has {}", environments.join(", ")),
        ]),
    }
}

/// What the Application sets, as `--set` takes it.
fn set(file: &ProfileFile, env: Option<&str>, parameters: &Parameters) -> Result<Vec<String>, Refused> {
    let mut set = parameters.set.clone();
    if parameters.images.is_empty() {
        return Ok(set);
    }
    // As above.
    let Ok(layered) = rendering::layers(file, env) else { return Ok(set) };
    for (name, image) in &parameters.images {
        let named = edit::meant(name, &layered.value).map_err(|unknown| {
            let help = match unknown {
                edit::Unknown::Follows => "it runs the app's image: set that".to_owned(),
                edit::Unknown::Nobody(Some(near)) => format!("did you mean `{near}`?"),
                edit::Unknown::Nobody(None) => "name the app, or what runs an image of its own".to_owned(),
            };
            vec![format!("error: parameter `images`: the profile has no image of `{name}`"), format!("help: {help}")]
        })?;
        set.push(format!("{}={image}", named.key));
    }
    Ok(set)
}

/// A line or two for each problem; of errors nothing else, where there are some.
fn lines(problems: &[Problem], sources: &Sources, only_errors: bool) -> Vec<String> {
    let shown = |problem: &&Problem| !only_errors || problem.code.severity() == Severity::Error;
    let mut lines = Vec::new();
    let mut all: Vec<&Problem> = problems.iter().filter(shown).collect();
    all.sort_by_key(|problem| problem.code.severity());
    for problem in all {
        let severity = problem.code.severity();
        let place = problem.span.as_ref().map(|span| format!(" ({})", sources.line(span))).unwrap_or_default();
        lines.push(format!("{}[{}]: {}{place}", severity.name(), problem.code.name(), on_one_line(&problem.title)));
        if let Some(help) = problem.help.as_ref().filter(|_| severity == Severity::Error) {
            lines.push(format!("  help: {}", on_one_line(help)));
        }
    }
    lines
}

fn on_one_line(text: &str) -> String {
    crate::tree::one_line(text)
}
