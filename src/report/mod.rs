//! What a run over apps found, as one model. Every format is written of it, and of nothing else, so that what one of them
//! leaves out no other tells.
//!
//! The JSON of it is public: keys are added, never renamed or taken away, as long as `schema` says so.

mod entry;
mod fingerprint;
mod format;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod object;
mod paths;
mod place;
mod rdjsonl;
mod sarif;
mod schema;
mod text;
mod values;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

pub use self::{
    format::{Format, MOST_BYTES},
    object::{Change, ChangeType, Identity, Impact, Kind, Object},
    place::Place,
    schema::schema,
    text::number,
};
use crate::{
    problem::{self, Problem, Severity},
    source::Sources,
};

/// Everything that one run found, in an order that does not depend on who was faster.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub command: Command,
    /// What was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
    pub summary: Summary,
    /// Everything that was compared, whether it differs or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renderings: Vec<Compared>,
    /// Files that are not as rendered: of `--check`.
    pub files: Vec<FileState>,
    /// Objects that differ: of `diff`.
    pub objects: Vec<Object>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    Check,
    Diff,
}

/// What the rendering is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Base {
    pub kind: BaseKind,
    /// As the user named it: a Git revision, a folder, `-`, a context of a kubeconfig.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The commit that a revision stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// Where the other side of a comparison lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BaseKind {
    /// Rendered files of a Git revision.
    Git,
    /// Profiles of a Git revision, rendered by this program.
    Rerender,
    Folder,
    Stdin,
    Cluster,
}

/// Counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Profiles found.
    pub profiles: usize,
    /// Of these, profiles asked for.
    pub selected: usize,
    /// Files or objects compared, whichever the command compares.
    pub compared: usize,
    pub unchanged: usize,
    /// How many are in each state, or changed in each way: words of [`FileState::state`] or [`ChangeType`].
    pub changed: BTreeMap<String, usize>,
    /// Profiles, or objects, that could not be looked at.
    pub errors: usize,
    /// Warnings and notes that are not told, see [`Warned`].
    pub left_out: usize,
    /// How a cluster was asked: `ssa` by dry runs, `get` by reading alone, `mixed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<&'static str>,
}

/// The profiles of which warnings and notes are told; errors always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warned {
    All,
    /// Those in which something differs: whoever reads of a change need not hear of what nobody touched.
    Differing,
    None,
}

impl Warned {
    pub const ALL: [(&str, Warned); 3] =
        [("all", Warned::All), ("differing", Warned::Differing), ("none", Warned::None)];
}

impl Report {
    /// Leaves out warnings and notes of other profiles, and counts them.
    pub fn warn_of(&mut self, warned: Warned) {
        let all = self.diagnostics.len();
        let of = self.files.iter().map(|file| &file.of).chain(self.objects.iter().map(|object| &object.of));
        let differing: BTreeSet<&str> = of.filter_map(|of| of.profile.as_deref()).collect();
        let is_told = |profile: Option<&str>| match warned {
            Warned::All => true,
            Warned::Differing => profile.is_none_or(|profile| differing.contains(profile)),
            Warned::None => false,
        };
        self.diagnostics.retain(|one| one.severity == Severity::Error || is_told(one.profile.as_deref()));
        self.summary.left_out += all - self.diagnostics.len();
    }
}

/// What a profile renders to for one environment and one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Compared {
    #[serde(flatten)]
    pub of: Of,
    /// How many files it has; none where the profile has errors.
    pub files: usize,
}

/// A file of a tree that is not as rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileState {
    /// As people name it from the working folder, with `/`.
    pub file: String,
    /// `missing`, `stale`, `edited`, …: the words of [`crate::deliver::State`].
    pub state: &'static str,
    /// What to do about it.
    pub advice: String,
    /// The first value that differs, and why it is rendered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(flatten)]
    pub of: Of,
    /// The line of the profile that made it so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Place>,
    /// The line that people read.
    #[serde(skip)]
    pub shown: String,
}

impl FileState {
    /// What differs, if that is known, and what to do about it.
    fn why(&self) -> String {
        let detail = self.detail.iter().map(|detail| format!("{detail}; ")).collect::<String>();
        format!("{detail}{}", self.advice)
    }

    fn said(&self) -> String {
        format!("{} ({}): {}", self.file, self.state, self.why())
    }
}

/// What a file or an object is a rendering of.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Of {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// What the environment is called in the tree; nothing of what overrides of environments lie over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// A problem of a profile, or of looking at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// The name of the problem: `unknown-key`.
    pub code: String,
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The profile that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The environments that have it, where others have not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<String>,
    /// Where it is written, if it is written in a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Place>,
    /// What to write instead, where that is certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// The text as people read it on a terminal, with the excerpt.
    #[serde(skip)]
    pub shown: String,
}

/// A text to be put in the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fix {
    pub from: Place,
    /// Behind the last character that goes.
    pub to: Place,
    pub text: String,
}

impl Diagnostic {
    /// A problem as reports carry it, still without the text for a terminal.
    pub fn of(problem: &Problem, sources: &Sources) -> Self {
        let Problem { code, title, span, label: _, related: _, help, fix } = problem;
        let fix = fix.as_ref().and_then(|(span, text)| {
            let (from, to) = (Place::at(span, sources)?, Place::at(&span.end(), sources)?);
            Some(Fix { from, to, text: text.clone() })
        });
        Diagnostic {
            code: code.name().to_owned(),
            severity: code.severity(),
            message: title.clone(),
            help: help.clone(),
            profile: sources.find(0).map(|source| source.name.clone()),
            environments: Vec::new(),
            source: span.as_ref().and_then(|span| Place::at(span, sources)),
            fix,
            shown: String::new(),
        }
    }

    /// With the text for a terminal.
    pub fn shown(problem: &Problem, sources: &Sources) -> Self {
        Diagnostic { shown: problem::show(problem, sources, true), ..Diagnostic::of(problem, sources) }
    }
}
