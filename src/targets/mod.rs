//! The targets. To add one: a folder, a `mod` line, and a line in [`TARGETS`].

mod asking;
mod backing;
pub mod check;
pub mod cloudrun;
pub mod compose;
pub mod dockerfile;
mod expansion;
mod hash;
pub mod k8s;
mod names;
mod object;
mod object_patches;
mod patch_yaml;
mod patches;
mod yaml;

use serde_json::Value;

use crate::{
    app::App,
    bundle::{Bundle, File},
    problem::Problem,
};

/// What to render.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The app, its environment laid over it.
    pub app: &'a App,
    /// The app without an environment, where there is one and the target renders differences.
    pub base: Option<Base<'a>>,
    /// For a developer's machine.
    pub dev: bool,
    /// Everything instead of differences.
    pub full: bool,
}

/// Those that have a place in a tree.
pub fn placed() -> impl Iterator<Item = &'static Target> {
    TARGETS.iter().filter(|target| target.layout.is_some())
}

/// What renders objects of a cluster by themselves: the target of a name, or Kubernetes.
///
/// # Errors
/// None of them has the name; there are these.
pub fn of_objects(name: Option<&str>) -> Result<&'static Target, String> {
    let all = || placed().filter(|target| !target.overrides);
    let name = name.unwrap_or(k8s::TARGET.name);
    all().find(|target| target.name == name).ok_or_else(|| {
        let names: Vec<_> = all().map(|target| target.name).collect();
        format!("`{name}` renders no objects: there is {}", names.join(", "))
    })
}

/// What differences are taken from.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a> {
    pub app: &'a App,
    /// What the target rendered of it, so that it is not rendered once more for each environment; empty: not known.
    pub files: &'a [File],
}

impl<'a> From<&'a App> for Base<'a> {
    fn from(app: &'a App) -> Self {
        Base { app, files: &[] }
    }
}

/// What a target made of an app: files, and what the user should know about them.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    pub bundle: Bundle,
    /// With an error among them the bundle must not be delivered.
    pub problems: Vec<Problem>,
}

/// A kind of output.
pub struct Target {
    /// The subcommand, the folder of the goldens, and the name in `[[patches]]`.
    pub name: &'static str,
    /// What `--help` says in a line.
    pub about: &'static str,
    /// Commands worth showing, each with what it does.
    pub examples: &'static [(&'static str, &'static str)],
    /// Whether its files are overlaid by others that hold differences alone, for development and for environments.
    pub overrides: bool,
    /// Whether it renders something else for developers.
    pub dev: bool,
    /// The table by which a profile says that it wants it. Whoever asks for it by its command gets it anyway.
    pub on_request: Option<&'static str>,
    /// Where in a tree of many apps its files lie, unless a repository says otherwise; nothing: beside the profile. One
    /// with overrides has all environments in one folder.
    pub layout: Option<&'static str>,
    /// A file that lists the others, for tools that ask for one.
    pub index: Option<fn(&[File]) -> File>,
    /// Names of files that readers would take instead of this target's.
    pub rivals: &'static [&'static str],
    pub render: fn(&Wish<'_>) -> Rendered,
    /// What is wrong with all files of a rendering in full. Rendering asks it about what patches touched, tests always.
    pub check: fn(&[File]) -> Vec<check::Finding>,
}

impl Target {
    /// Whether a profile wants to be rendered for it. Who has a Dockerfile wants none.
    pub fn is_wanted(&self, profile: &Value) -> bool {
        let is_told = |name| profile.get(name).is_some_and(|table| table.get("dockerfile").is_none());
        self.on_request.is_none_or(is_told)
    }
}

/// Every target; help, commands, goldens and tests walk this.
pub const TARGETS: &[Target] = &[k8s::TARGET, compose::TARGET, dockerfile::TARGET, cloudrun::TARGET];

pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
