//! What `render <target>` and `render all` have in common, between a file and what is delivered.

use std::{cell::RefCell, collections::BTreeSet, path::PathBuf};

use serde_json::Value;

use super::profile::{ProfileFile, without_links};
use crate::{
    bundle::{Bundle, File, Text},
    deliver::{Document, Fingerprint},
    flow::{self, Outcome},
    layers::{self, Layered, Provenance, Request, Syntax},
    problem::Problem,
    source::Sources,
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
    flow::app(&Request { name: &file.name, text: &file.text, syntax: Syntax::Toml, env, set, read: &read, list: &list })
}

/// Merges a profile with what it extends, and an environment, and decides nothing.
///
/// # Errors
/// The problems, with the sources that they point into.
pub fn layers(file: &ProfileFile, env: Option<&str>) -> Result<Layered, (Vec<Problem>, Sources)> {
    let (read, list) = (|path: &str| file.beside(path), |path: &str| file.folder(path));
    layers::load(&Request {
        name: &file.name,
        text: &file.text,
        syntax: Syntax::Toml,
        env,
        set: &[],
        read: &read,
        list: &list,
    })
}

/// The files of a rendering as they are delivered, with what of the profiles decides each.
pub fn documents(bundle: &Bundle, models: &[&Value], explain: Option<&Provenance>) -> Vec<Document> {
    let of_file = |file: &File| Document {
        path: file.path.clone(),
        text: file.text(explain),
        model: Fingerprint::of(file.decided_by(models)),
    };
    let of_text = |text: &Text| Document {
        path: text.path.clone(),
        text: text.text(explain),
        model: Fingerprint::of(text.decided_by(models)),
    };
    bundle.files.iter().map(of_file).chain(bundle.texts.iter().map(of_text)).collect()
}
