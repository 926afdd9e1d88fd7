//! The files that a profile consists of: itself, and what it extends, and what that extends.

use super::{
    Request, Syntax,
    item::{Item, Table},
    near::near,
    parse, presets, read, yaml,
};
use crate::{
    problem::{Code, Problem},
    source::{Sources, Span},
};

/// A chain longer than this is a mistake that no comparison of names finds: a link to its own folder.
const LONGEST: usize = 32;

/// What [`Request::read`] answers for a path that leads out of the repository.
#[derive(Debug)]
pub struct Outside;

impl Outside {
    /// Whether this is why something could not be read.
    pub(super) fn is(error: &std::io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Outside>())
    }
}

impl std::fmt::Display for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("outside of the repository")
    }
}

impl std::error::Error for Outside {}

impl From<Outside> for std::io::Error {
    fn from(outside: Outside) -> Self {
        std::io::Error::other(outside)
    }
}

/// A file of the chain.
struct Link {
    /// What identifies it: its path, or `preset:NAME`.
    name: String,
    /// The `extends` that led to it; none for the profile.
    by: Option<Span>,
}

/// What an `extends` names.
enum Base {
    Preset(&'static str),
    File,
}

/// Every file of the profile, the lowest layer first. The profile itself is the first source.
pub(super) fn layers(request: &Request<'_>, sources: &mut Sources, problems: &mut Vec<Problem>) -> Vec<Table> {
    let mut layers = Vec::new();
    let mut chain = vec![Link { name: normal(request.name), by: None }];
    let mut source = read::text(request.name, request.text, sources);
    loop {
        let mut layer = match source {
            Ok(source) => match request.syntax {
                Syntax::Yaml(under) if layers.is_empty() => yaml::document(source, under, sources, problems),
                Syntax::Yaml(_) | Syntax::Toml => parse::document(source, sources, problems),
            },
            Err(problem) => {
                problems.push(*problem);
                break;
            }
        };
        let extends = layer.remove("extends");
        layers.push(layer);
        let Some(extends) = extends else { break };
        source = open(&extends, &mut chain, request, sources);
    }
    layers.reverse();
    layers
}

/// Reads the file that an `extends` names, and adds it to the chain.
fn open(
    extends: &Item,
    chain: &mut Vec<Link>,
    request: &Request<'_>,
    sources: &mut Sources,
) -> Result<usize, Box<Problem>> {
    let folder = chain.last().map_or("", |link| folder(&link.name));
    let (name, base) = resolve(extends, folder)?;
    let here = extends.origin.value.clone();
    chain.push(Link { name, by: Some(here.clone()) });
    let name = &chain[chain.len() - 1].name;
    if let Some(first) = chain[..chain.len() - 1].iter().position(|link| link.name == *name) {
        return Err(cycle(&chain[first..]).into());
    }
    if chain.len() > LONGEST {
        let problem = Problem::new(Code::TooDeep, format!("`extends` leads through more than {LONGEST} files"));
        return Err(problem.at(Some(here), "one file too many").into());
    }
    let text = match base {
        Base::Preset(text) => read::text(name, text.as_bytes(), sources),
        Base::File => match (request.read)(name) {
            Ok(bytes) => read::text(name, &bytes, sources),
            Err(error) => return Err(unreadable(name, here, &error).into()),
        },
    };
    text.map_err(|problem| {
        Box::new(match problem.span {
            None => problem.at(Some(here), "extended here"),
            Some(_) => problem.related(Some(here), "extended here"),
        })
    })
}

/// What identifies the file that an `extends` names, and how to get it.
fn resolve(extends: &Item, folder: &str) -> Result<(String, Base), Box<Problem>> {
    let here = Some(extends.origin.value.clone());
    let Some(name) = extends.as_str() else {
        let problem = Problem::new(Code::WrongType, "`extends` has the wrong type");
        let label = format!("expected a string, found {}", extends.kind());
        return Err(problem.at(here, label).help("name one preset, or one file; that file may extend another").into());
    };
    if is_elsewhere(name) {
        let problem = Problem::new(Code::ExtendsOutside, "`extends` takes files of this repository only");
        return Err(problem
            .at(here, "not a relative path")
            .help("write the path as seen from this file: \"../base.toml\"")
            .into());
    }
    if name.ends_with(".toml") || name.contains(['/', '\\']) {
        let joined = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        return Ok((normal(&joined), Base::File));
    }
    match presets::find(name) {
        Some(text) => Ok((format!("preset:{name}"), Base::Preset(text))),
        None => Err(unknown_preset(name, here).into()),
    }
}

fn unknown_preset(name: &str, here: Option<Span>) -> Problem {
    let problem =
        Problem::new(Code::UnknownPreset, format!("there is no preset `{name}`")).at(here.clone(), "not a preset");
    match near(name, presets::names()) {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")).fix(here, format!("\"{meant}\"")),
        None => {
            let names: Vec<_> = presets::names().collect();
            problem.help(format!("the presets are: {}; the path of a file ends in `.toml`", names.join(", ")))
        }
    }
}

fn unreadable(name: &str, here: Span, error: &std::io::Error) -> Problem {
    if Outside::is(error) {
        return Problem::new(Code::ExtendsOutside, "`extends` leads out of the repository")
            .at(Some(here), format!("this is `{name}`"))
            .help("copy the file into the repository: the same commit must always give the same output");
    }
    let why = read::why(error, "file");
    let problem = Problem::new(Code::CannotRead, format!("cannot read `{name}`: {why}"));
    let problem = problem.at(Some(here.clone()), "extended here");
    let stem = name.rsplit('/').next().and_then(|file| file.strip_suffix(".toml")).unwrap_or_default();
    match presets::find(stem) {
        Some(_) => problem.help(format!("did you mean the preset `{stem}`?")).fix(Some(here), format!("\"{stem}\"")),
        None => problem.help("the path is relative to the file that it is written in"),
    }
}

/// The links from the first visit of a file to its second.
fn cycle(chain: &[Link]) -> Problem {
    let names: Vec<_> = chain.iter().map(|link| format!("`{}`", link.name)).collect();
    let mut problem = Problem::new(Code::ExtendsCycle, format!("`extends` runs in a circle: {}", names.join(" → ")));
    let mut links = chain.iter().skip(1).rev();
    if let Some(last) = links.next() {
        problem = problem.at(last.by.clone(), format!("leads back to `{}`", last.name));
    }
    for link in links.rev() {
        problem = problem.related(link.by.clone(), format!("leads to `{}`", link.name));
    }
    problem.help("take one of them away")
}

/// Whether a path is absolute, or an address.
pub(super) fn is_elsewhere(path: &str) -> bool {
    let drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    path.starts_with(['/', '\\']) || drive || path.contains("://")
}

pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| if folder.is_empty() { "/" } else { folder })
}

/// A path without `.`, and without `..` after a name. What lies behind links is for [`Request::read`] to find out.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("." | "", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// The way from a folder to a file, both as seen from one place.
pub(super) fn way(folder: &str, path: &str) -> String {
    let parts = |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(folder), parts(path));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from[shared..].iter().map(|_| "..");
    up.chain(to[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join("/")
}
