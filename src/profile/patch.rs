//! `[[patches]]`: the way out.

use schemars::JsonSchema;
use serde::Deserialize;

/// A strategic merge over rendered documents: keyed lists merge by their key, others replace, null removes. Matching
/// nothing is an error; the result is validated.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    pub target: PatchTarget,
    /// Kind of the document (`Deployment`); for Compose `service`. Without kind and name a Compose patch is for the whole
    /// file.
    #[schemars(length(min = 1))]
    pub kind: Option<String>,
    /// Name of the object or service; `*` for all.
    #[schemars(length(min = 1), extend("default" = "*"))]
    pub name: Option<String>,
    /// Only in this environment.
    #[schemars(length(min = 1))]
    pub env: Option<String>,
    /// What to merge, as a table.
    pub merge: Option<serde_json::Map<String, serde_json::Value>>,
    /// What to merge, as YAML; for what TOML cannot say, such as null.
    pub yaml: Option<String>,
    /// What to remove, as JSON pointers: `["/spec/template/spec/affinity"]`.
    pub remove: Option<Vec<String>>,
}

/// The target whose documents are patched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PatchTarget {
    K8s,
    Compose,
    Cloudrun,
}
