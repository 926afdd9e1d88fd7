//! `render.toml`: what holds for all profiles of a repository. Only commands over many profiles read it.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use semver::{Version, VersionReq};
use serde::Deserialize;

use super::{
    super::profile::{regular, way},
    layout::Layout,
};
use crate::{diff::Ignore, targets::placed};

const NAME: &str = "render.toml";

/// The settings of a repository; without a file all at their defaults.
#[derive(Debug)]
pub struct Settings {
    /// Where the tree lies, as seen from the current folder.
    pub output: Option<PathBuf>,
    /// Patterns of profiles, as seen from the current folder; none: all below it.
    pub profiles: Vec<String>,
    /// Patterns of what is not looked at.
    pub exclude: Vec<String>,
    /// None: all that a profile wants.
    pub targets: Vec<String>,
    pub layout: Layout,
    /// What a profile without an environment is called in the tree.
    pub base: Option<String>,
    pub kustomization: bool,
    /// What `--check` makes of objects that nobody renders, among those that are rendered.
    pub foreign: Foreign,
    /// What `render diff` does not tell.
    pub ignore: Vec<Ignore>,
    /// The file, as it lies on the disk.
    pub file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    required_version: Option<String>,
    output: Option<String>,
    base: Option<String>,
    kustomization: bool,
    foreign: Foreign,
    select: Select,
    layout: BTreeMap<String, String>,
    diff: Diff,
}

/// What is made of a file that whoever applies a folder would apply, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Foreign {
    /// `--check` fails.
    #[default]
    Error,
    /// It is told.
    Warn,
    Allow,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Diff {
    ignore: Vec<Ignored>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a path as in \"/metadata/labels/x\", or a table of `kind` and `path`")]
enum Ignored {
    Everywhere(String),
    InKind(InKind),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InKind {
    kind: String,
    path: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Select {
    profiles: Vec<String>,
    exclude: Vec<String>,
    targets: Vec<String>,
}

impl Settings {
    /// Those of the nearest `render.toml`: in the current folder, or above it up to the root of the repository.
    ///
    /// # Errors
    /// The file cannot be read, is none, or wants another version of the program.
    pub fn find() -> Result<Self, String> {
        let here = fs::canonicalize(".").map_err(|error| format!("the current folder cannot be read: {error}"))?;
        for folder in here.ancestors() {
            match regular(&folder.join(NAME)) {
                Ok((_, text)) => {
                    let way = way(&here, folder);
                    let told = |why| format!("{}: {why}", way.join(NAME).display());
                    let text = String::from_utf8(text).map_err(|_| told("it is not UTF-8".into()))?;
                    let mut settings = settings(&text, &way).map_err(told)?;
                    settings.file = Some(folder.join(NAME));
                    return Ok(settings);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(format!("{} cannot be read: {error}", folder.join(NAME).display())),
            }
            if folder.join(".git").exists() {
                break;
            }
        }
        settings("", Path::new("")).map_err(|why| unreachable!("the defaults hold: {why}"))
    }
}

fn settings(text: &str, folder: &Path) -> Result<Settings, String> {
    // First, since a later version may have further keys.
    required(text)?;
    let Written { required_version: _, output, base, kustomization, foreign, select, layout, diff } =
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    let Select { profiles, exclude, targets } = select;
    for pattern in profiles.iter().chain(&exclude) {
        if pattern.is_empty() || Path::new(pattern).has_root() || pattern.split('/').any(|part| part == "..") {
            return Err(format!(
                "`{pattern}` is no pattern: write paths under this folder, as in `apps/*/profile.toml`"
            ));
        }
    }
    let from_here = |pattern: String| match folder.to_str() {
        Some(folder) if !folder.is_empty() => format!("{folder}/{pattern}"),
        _ => pattern,
    };
    for target in &targets {
        if !placed().any(|known| known.name == target) {
            return Err(format!("`{target}` is no target with a place in a tree\nhelp: there is {}", names()));
        }
    }
    if let Some(base) = base.as_ref().filter(|base| !is_name(base)) {
        return Err(format!("`base = {base:?}` names no folder: use lower-case letters, digits, `-` and `_`"));
    }
    Ok(Settings {
        output: output.map(|output| folder.join(output)),
        profiles: profiles.into_iter().map(from_here).collect(),
        exclude: exclude.into_iter().map(from_here).collect(),
        targets,
        layout: Layout::new(&layout)?,
        base,
        kustomization,
        foreign,
        ignore: diff.ignore.into_iter().map(ignore).collect::<Result<_, _>>()?,
        file: None,
    })
}

fn ignore(told: Ignored) -> Result<Ignore, String> {
    match told {
        Ignored::Everywhere(path) => Ignore::new(None, &path),
        Ignored::InKind(InKind { kind, path }) => Ignore::new(Some(kind), &path),
    }
}

/// Whether this version of the program is one that the repository wants.
fn required(text: &str) -> Result<(), String> {
    let Ok(table) = text.parse::<toml::Table>() else { return Ok(()) };
    let Some(wanted) = table.get("required-version").and_then(toml::Value::as_str) else { return Ok(()) };
    let own = env!("CARGO_PKG_VERSION");
    let range = VersionReq::parse(wanted)
        .map_err(|error| format!("`required-version = {wanted:?}` is no range of versions: {error}"))?;
    let fits = Version::parse(own).is_ok_and(|own| range.matches(&own));
    let why = || {
        format!(
            "version {wanted} of render is required, this is {own}\nhelp: install one that fits: another one may render other bytes"
        )
    };
    fits.then_some(()).ok_or_else(why)
}

fn names() -> String {
    placed().map(|target| format!("`{}`", target.name)).collect::<Vec<_>>().join(", ")
}

fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    !text.is_empty() && text.chars().all(plain)
}
