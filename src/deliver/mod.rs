//! Where a rendering goes: standard output, a folder, or a comparison with a folder. The only module that writes.
//!
//! It knows files, not apps: paths, texts, and from what they were rendered. A written file carries three comment
//! lines that tell a later run whether it still is what was written, without the profile and whatever the version of
//! the renderer. What a person changed is never overwritten unasked, and nothing is written unless everything can be.

mod check;
mod error;
mod fingerprint;
mod folder;
mod header;
mod print;
mod state;
mod write;

pub use check::check;
pub use error::Error;
pub use fingerprint::{Fingerprint, model_hash};
pub use folder::sources;
pub use print::print;
pub use state::{Finding, State};
pub use write::{Report, new, write};

/// The files of one rendering, on their way to a folder.
#[derive(Debug, Clone)]
pub struct Output {
    /// Relative paths with `/`, and texts without header. Whatever reads them takes `#` lines as comments, or is JSON in lines that
    /// begin with `{`.
    pub files: Vec<(String, String)>,
    pub origin: Rendering,
    /// The other renderings whose files belong into the same folder; what bears any other origin is in the wrong place.
    pub siblings: Vec<Rendering>,
    /// Names of files that must not lie in the folder, because a reader would take them instead of these.
    pub rivals: &'static [&'static str],
}

/// What the files were rendered from. Two renderings with equal words own the same files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    /// The profile as people find it, whoever renders it: relative to the repository, with `/`.
    pub source: String,
    pub target: String,
    pub env: Option<String>,
    pub dev: bool,
    /// Of the effective profile, see [`model_hash`]: a change for another environment must not touch these files.
    pub model: Fingerprint,
}
