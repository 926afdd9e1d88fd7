//! What is rendered now, as documents that know why.

use std::{borrow::Cow, collections::BTreeSet};

use super::super::member::Rendered;
use crate::{
    bundle::File,
    cli::why,
    diff::{self, Document, Form},
    report::{Identity, Of},
    tree::Node,
};

/// A file of a rendering.
pub struct Fresh<'a> {
    pub name: &'a str,
    pub text: &'a str,
    /// Of a document; lines have none.
    file: Option<&'a File>,
    pub reading: usize,
    pub of: &'a Of,
}

/// The same, ready to be compared.
pub struct Settled<'a> {
    pub document: Document,
    /// In the form of the document's value, so that what points into that points into this.
    pub root: Option<Cow<'a, Node>>,
    pub reading: usize,
    pub of: &'a Of,
}

/// What is rendered into a folder.
pub fn of<'a>(rendered: &'a Rendered, at: &str) -> Vec<Fresh<'a>> {
    let places = rendered.outputs.iter().zip(&rendered.documents).filter(|(output, _)| output.at == at);
    let files = places.flat_map(|(output, (documents, reading, of))| {
        output.files.iter().map(move |file| Fresh {
            name: &file.path,
            text: &file.text,
            file: documents.iter().find(|document| document.path == file.path),
            reading: *reading,
            of,
        })
    });
    files.collect()
}

/// The kinds of all objects that are rendered.
pub fn kinds(rendered: &Rendered) -> BTreeSet<String> {
    let files = rendered.documents.iter().flat_map(|(files, ..)| files);
    files.filter_map(|file| Some(file.root.get("kind")?.as_text()?.to_owned())).collect()
}

impl<'a> Fresh<'a> {
    /// What an autoscaler scales, if it is one.
    pub fn scales(&self) -> Option<(String, String)> {
        let file = self.file?;
        let is_one = file.root.get("kind").and_then(Node::as_text) == Some("HorizontalPodAutoscaler");
        is_one.then(|| diff::scales(&Document::new(diff::value(&file.root), self.name))).flatten()
    }

    /// `shown`: the file as people find it.
    pub fn settle(self, shown: &str) -> Settled<'a> {
        let Fresh { name: _, text, file, reading, of } = self;
        let Some(file) = file else {
            let identity = Identity { name: shown.to_owned(), ..Identity::default() };
            let document = Document { form: Form::Text, identity, value: text.into(), file: shown.to_owned() };
            return Settled { document, root: None, reading, of };
        };
        let (document, root) = why::document(file, shown);
        Settled { document, root: Some(root), reading, of }
    }
}
