//! What a run over apps found, as one model. Every format is written of it, and of nothing else, so that what one of them
//! leaves out no other tells.
//!
//! The JSON of it is public: keys are added, never renamed or taken away, as long as `schema` says so.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::problem::Severity;

/// Everything that one run found, in an order that does not depend on who was faster.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub command: Command,
    /// What was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
    pub summary: Summary,
    /// Files that are not as rendered: of `--check`.
    pub files: Vec<FileState>,
    /// Objects that differ: of `diff`.
    pub objects: Vec<Object>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    Check,
    Diff,
}

/// What the rendering is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
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
}

/// A file of a tree that is not as rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
}

/// What a file or an object is a rendering of.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Of {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// A place in a file that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The key of the profile that stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// An object of a cluster, or a document such as a Compose file, that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Object {
    #[serde(flatten)]
    pub of: Of,
    /// The rendered file, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(flatten)]
    pub identity: Identity,
    pub change_type: ChangeType,
    pub impact: Impact,
    pub changes: Vec<Change>,
    /// What else is to say: that the cluster was not asked, who else owns a field, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What an object is paired by; of a document that is no object, its path alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub api_version: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ChangeType {
    Add,
    Modify,
    Remove,
}

/// What applying a change does to what runs, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Comments and layout.
    None,
    /// Labels and annotations of the object alone.
    Metadata,
    /// Applied to what runs.
    InPlace,
    /// Pods, or containers, are replaced.
    Rollout,
    /// An immutable field: the object is to be deleted and made again.
    Recreate,
    Delete,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Items of lists by their key: `/spec/template/spec/containers/name=orders/image`.
    pub path: String,
    /// JSON pointer (RFC 6901) into the new object; into the old one where the field is gone.
    pub pointer: String,
    pub change: Kind,
    /// Secrets are `***`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_value: Option<Value>,
    /// The line of the profile that makes it so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Place>,
    /// Why the new value is there: what `--explain` says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Add,
    Remove,
    Replace,
    /// The same items in another order, where the order matters.
    Reorder,
}

/// A problem of a profile, or of looking at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// The name of the problem: `unknown-key`.
    pub code: String,
    #[serde(serialize_with = "severity")]
    pub severity: Severity,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Place>,
    /// The text as people read it on a terminal, with the excerpt; without colours in every format.
    #[serde(skip)]
    pub shown: String,
}

fn severity<S: serde::Serializer>(severity: &Severity, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    })
}
