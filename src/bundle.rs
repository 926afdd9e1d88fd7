//! The files of one rendering: relative paths and trees. Nothing here touches a disk.

use crate::{
    layers::Provenance,
    tree::{self, Node},
};

/// One rendered file.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Relative, without `..`.
    pub path: String,
    pub root: Node,
}

/// The files of one rendering, in the order in which they are printed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bundle {
    pub files: Vec<File>,
}

impl File {
    pub fn new(path: impl Into<String>, root: Node) -> Self {
        File { path: path.into(), root }
    }

    /// The text of the file; with reasons as comments if it is asked to explain itself.
    pub fn text(&self, explain: Option<&Provenance>) -> String {
        match explain {
            None => tree::write(&self.root, None),
            Some(provenance) => tree::write(&self.root, Some(&|note| provenance.explain(note))),
        }
    }
}
