//! The targets. To add one: a folder, a `mod` line, and a line in [`TARGETS`].

pub mod check;
pub mod compose;
pub mod k8s;
mod patch_yaml;
mod patches;

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
    pub base: Option<&'a App>,
    /// For a developer's machine.
    pub dev: bool,
    /// Everything instead of differences.
    pub full: bool,
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
    /// Names of files that readers would take instead of this target's.
    pub rivals: &'static [&'static str],
    pub render: fn(&Wish<'_>) -> Rendered,
    /// What is wrong with all files of a rendering in full. Rendering asks it about what patches touched, tests always.
    pub check: fn(&[File]) -> Vec<check::Finding>,
}

/// Every target; help, commands, goldens and tests walk this.
pub const TARGETS: &[Target] = &[k8s::TARGET, compose::TARGET];

pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
