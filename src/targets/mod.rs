//! The targets. To add one: a folder, a `mod` line, and a line in [`TARGETS`].

pub mod compose;
pub mod k8s;

use crate::{app::App, bundle::Bundle, problem::Problem};

/// What a target made of an app: files, and what the user should know about them.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    pub bundle: Bundle,
    /// Warnings and notes; with an error among them the bundle must not be delivered.
    pub problems: Vec<Problem>,
}

/// A kind of output.
pub struct Target {
    /// The subcommand, the folder of the goldens, and the name in `[[patches]]`.
    pub name: &'static str,
    /// What `--help` says.
    pub about: &'static str,
    pub render: fn(&App) -> Rendered,
}

/// Every target; help, commands, goldens and tests walk this.
pub const TARGETS: &[Target] = &[k8s::TARGET];

pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
