//! Objects and fields that differ: what `diff` finds.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{Of, Place};

/// An object of a cluster, or a document such as a Compose file, that differs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ChangeType {
    Add,
    Modify,
    Remove,
}

/// What applying a change does to what runs, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Comments and layout.
    None,
    /// Labels and annotations of the object alone.
    Metadata,
    /// All of it is new.
    Create,
    /// Applied to what runs.
    InPlace,
    /// Pods, or containers, are replaced.
    Rollout,
    /// An immutable field: the object is to be deleted and made again.
    Recreate,
    Delete,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Add,
    Remove,
    Replace,
    /// The same items in another order, where the order matters.
    Reorder,
}

impl Identity {
    /// `Deployment prod/orders`, or the file of what is no object.
    pub fn title(&self) -> String {
        let Identity { api_version: _, kind, namespace, name } = self;
        let name = namespace.iter().map(|namespace| format!("{namespace}/")).collect::<String>() + name;
        if kind.is_empty() { name } else { format!("{kind} {name}") }
    }
}

impl Object {
    pub fn title(&self) -> String {
        self.identity.title()
    }

    /// `Deployment prod/orders changes (rollout)`.
    pub(super) fn said(&self) -> String {
        format!("{} {} ({})", self.title(), self.change_type.verb(), self.impact.name())
    }
}

impl Change {
    /// `spec.replicas: 2 → 3`.
    pub fn said(&self) -> String {
        super::values::change(self)
    }
}

impl ChangeType {
    fn verb(self) -> &'static str {
        match self {
            ChangeType::Add => "is new",
            ChangeType::Modify => "changes",
            ChangeType::Remove => "is removed",
        }
    }

    /// What stands before it, as in a diff.
    pub(super) fn sign(self) -> char {
        match self {
            ChangeType::Add => '+',
            ChangeType::Modify => '~',
            ChangeType::Remove => '-',
        }
    }
}
