//! `[files]`: texts that are mounted, each alone at its path.

use std::collections::BTreeMap;

use super::{
    Text,
    findings::Findings,
    reference::{self, Names},
};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, FoundFile},
};

/// The annotation and label that restart a process when one of its files changed, after Helm's habit of `checksum/…`.
pub const CHECKSUM: &str = "checksum/files";

/// A file in the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Absolute.
    pub path: String,
    /// The file of the repository that holds this text as it is, as seen from the profile. Absent: only here is the text
    /// as it is.
    pub source: Option<String>,
    pub text: Text,
}

pub fn files(
    wanted: Option<BTreeMap<String, profile::File>>,
    names: &Names<'_>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> Vec<File> {
    let table = at.below("files");
    let files = wanted.unwrap_or_default().into_iter().filter_map(|(path, file)| {
        let key = table.child(path.clone());
        let profile::File { source, content, template, found } = file;
        let is_decided = template.is_some();
        let template = template.unwrap_or(false);
        let text = |raw: &str, key: &Key, findings: &mut Findings<'_>| match template {
            true => {
                let text = reference::text(raw, names, key, findings);
                no_facts(&text, key, findings);
                text
            }
            false => {
                if !is_decided {
                    unread(raw, names, key, findings);
                }
                Text::literal(raw)
            }
        };
        match (source, content) {
            (Some(_), Some(_)) => {
                findings.conflict(
                    &key.below("content"),
                    &key.below("source"),
                    format!("`{path}` holds either what a file holds, or what stands here"),
                    "drop one of the two",
                );
                None
            }
            (None, None) => {
                findings.key(
                    Code::BadFile,
                    &key,
                    format!("nothing says what `{path}` holds"),
                    "needs `source` or `content`",
                    "name a file beside the profile, as in `{ source = \"conf/app.yaml\" }`, or write `{ content = \"…\" }`",
                );
                None
            }
            (None, Some(content)) => {
                let text = text(&content, &key.below("content"), findings);
                Some(File { path, source: None, text })
            }
            (Some(_), None) => {
                // What could not be read is an error already.
                let FoundFile { path: source, text: raw } = found?;
                let text = text(&raw, &key.below("source"), findings);
                Some(File { path, source: (!template).then_some(source), text })
            }
        }
    });
    files.collect()
}

/// A file is the same for all pods, and written before there is any.
fn no_facts(text: &Text, key: &Key, findings: &mut Findings<'_>) {
    if let Some(fact) = text.facts().next() {
        findings.value(
            Code::BadReference,
            key,
            format!("`${{pod.{}}}` cannot stand in a file: it is the same for all pods", fact.name()),
            "refers to a pod",
            "give it to the app as a variable, in `[env]`",
        );
    }
}

/// What would be a reference, where nobody said whether any is read.
fn unread(raw: &str, names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) {
    if let Some(name) = reference::first(raw, names) {
        findings.value(
            Code::UnreadReference,
            key,
            format!("`${{{name}}}` stays in the file as it is: no references are read in it"),
            "holds what looks like a reference",
            "say `template = true` to have it read, or `template = false` if it is meant to stand there",
        );
    }
}
