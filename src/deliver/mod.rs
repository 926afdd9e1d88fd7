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
mod lock;
mod print;
mod put;
mod state;
mod tree;
mod write;

pub use check::{Checked, Rest, check, check_applied};
pub use error::Error;
pub use fingerprint::Fingerprint;
pub use folder::sources;
pub use header::{Found, open};
pub use lock::{Lock, lock};
pub use print::{pass, print};
pub use put::{may_put, put};
pub use state::{Finding, State};
pub use tree::{Holds, Places, Stray, known, prune, stray, sweep, within};
pub use write::{Report, new, rewrite, write, write_over};

/// The files of one rendering, on their way to a folder.
#[derive(Debug, Clone)]
pub struct Output {
    /// Where they lie under the folder that is delivered to, with `/`; empty: right in it. Renderings of one profile
    /// may share a place.
    pub at: String,
    pub files: Vec<Document>,
    pub origin: Rendering,
    /// The other renderings whose files belong into the same folder; what bears any other origin is in the wrong place.
    pub siblings: Vec<Rendering>,
    /// Names of files that must not lie in the folder, because a reader would take them instead of these.
    pub rivals: &'static [&'static str],
}

/// A file of a rendering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Relative, with `/`.
    pub path: String,
    /// Without header. Whatever reads it takes `#` lines as comments, or is JSON in lines that begin with `{`.
    pub text: String,
    /// Of what decides this file of the effective profile, as [canonical](crate::canonical) JSON: a change of anything
    /// else must not touch it.
    pub model: Fingerprint,
}

/// One rendering is a list of one.
impl AsRef<[Output]> for Output {
    fn as_ref(&self) -> &[Output] {
        std::slice::from_ref(self)
    }
}

/// What the files were rendered from. Two renderings with equal words own the same files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    /// The profile as people find it, whoever renders it: relative to the repository, with `/`.
    pub source: String,
    pub target: String,
    pub env: Option<String>,
    pub dev: bool,
}

impl Rendering {
    /// What the `source` line of its files says.
    pub fn words(&self) -> String {
        header::words(self)
    }
}
