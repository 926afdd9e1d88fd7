//! `[security]`: where the hardened default gives way.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Directory, Quantity};

#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// The root file system cannot be written.
    #[schemars(extend("default" = true))]
    pub read_only: Option<bool>,
    /// Scratch directories; gone with the container.
    #[schemars(extend("default" = ["/tmp"]))]
    pub writable: Option<Vec<Writable>>,
    /// Capabilities that the process gets; all others are dropped. `restricted` admits NET_BIND_SERVICE alone.
    #[schemars(extend("default" = []))]
    pub capabilities: Option<Vec<String>>,
    /// Whose rights the pod has in the cluster.
    #[schemars(extend("default" = "own"))]
    pub service_account: Option<ServiceAccount>,
    /// The process talks to the Kubernetes API: mounts the service account's token.
    #[schemars(extend("default" = false))]
    pub kube_api: Option<bool>,
    /// The pod gets its own user namespace.
    #[schemars(extend("default" = false))]
    pub user_namespace: Option<bool>,
}

/// An absolute path, or a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Writable {
    Path(Directory),
    Table(WritableTable),
}

/// A scratch directory.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WritableTable {
    pub path: Directory,
    /// How much it may hold.
    #[schemars(extend("default" = "64Mi"))]
    pub size: Option<Quantity>,
    pub medium: Option<Medium>,
    /// Starts with what the image has there, which it would hide otherwise.
    #[schemars(extend("default" = false))]
    pub seed: Option<bool>,
}

/// Where scratch space lies on Kubernetes. Compose keeps it in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "disk"))]
pub enum Medium {
    /// The node's disk; counts as ephemeral storage.
    Disk,
    /// Memory; counts as memory of the container.
    Memory,
}

/// `own`, `default`, or a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ServiceAccount {
    Kind(ServiceAccountKind),
    Table(ServiceAccountTable),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceAccountKind {
    /// One of its own, with the app's name.
    Own,
    /// The namespace's.
    Default,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccountTable {
    #[schemars(
        length(min = 1, max = 63),
        regex(pattern = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"),
        extend("patternErrorMessage" = "lower-case letters, digits, `-` and `.`")
    )]
    pub name: String,
    /// Rendered with the app; else somebody else makes it.
    #[schemars(extend("default" = true))]
    pub create: Option<bool>,
    /// Annotations, such as a cloud role.
    pub annotations: Option<BTreeMap<String, String>>,
    /// What it may do with the Kubernetes API in the app's namespace: a Role and a RoleBinding. Goes with `kube_api`.
    pub rules: Option<Vec<AccountRule>>,
}

/// Some verbs on some resources.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountRule {
    /// API groups without their version: "apps". The core group is "".
    #[schemars(length(min = 1), extend("default" = [""]))]
    pub groups: Option<Vec<String>>,
    /// Kinds of objects, in small letters and in the plural: "pods", "pods/log".
    #[schemars(length(min = 1))]
    pub resources: Vec<String>,
    /// get, list, watch, create, update, patch, delete.
    #[schemars(length(min = 1))]
    pub verbs: Vec<String>,
    /// The objects themselves; absent: all of them.
    #[schemars(length(min = 1))]
    pub names: Option<Vec<String>>,
}
