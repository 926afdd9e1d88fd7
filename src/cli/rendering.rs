//! What `render <target>` and `render all` have in common, between a file and what is delivered.

use std::{cell::RefCell, collections::BTreeSet, path::PathBuf};

use super::profile::{ProfileFile, without_links};
use crate::{
    deliver::{self, Fingerprint},
    flow::{self, Outcome},
    layers::Request,
    targets::Target,
};

/// What was read of the disk for a profile, besides itself, whether it was there or not.
#[derive(Debug, Default)]
pub struct Reads {
    pub files: BTreeSet<PathBuf>,
    /// All that lies in them.
    pub folders: BTreeSet<PathBuf>,
}

/// Reads a profile and what it names, an environment laid over it.
pub fn read(file: &ProfileFile, set: &[String], env: Option<&str>, reads: &mut Reads) -> Outcome {
    let seen = RefCell::new(reads);
    let read = |path: &str| {
        seen.borrow_mut().files.insert(without_links(path.as_ref()));
        file.beside(path)
    };
    let list = |path: &str| {
        seen.borrow_mut().folders.insert(without_links(path.as_ref()));
        file.folder(path)
    };
    flow::app(&Request { name: &file.name, text: &file.text, env, set, read: &read, list: &list })
}

/// Of all that a rendering depends on. A difference to a base changes with either side.
pub fn fingerprint(
    target: &Target,
    app: &Outcome,
    base: Option<&Outcome>,
    env: Option<&str>,
    dev: bool,
) -> Fingerprint {
    let seen = target.model(&app.model, env, dev);
    deliver::model_hash(&match base {
        Some(base) => serde_json::json!([seen, target.model(&base.model, None, dev)]),
        None => seen,
    })
}
