//! `[files]` and `[volumes]`: what is mounted.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Directory, Quantity};

/// A file in the container, alone at its path: what it holds, or the file of the repository that holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The file that holds it, as seen from the profile: "conf/app.yaml". UTF-8.
    #[schemars(length(min = 1))]
    pub source: Option<String>,
    /// What it holds, instead of `source`.
    pub content: Option<String>,
    /// `${…}` references in it are read.
    #[schemars(extend("default" = false))]
    pub template: Option<bool>,
    /// What `source` named, once the layers are merged; nobody writes it.
    #[schemars(skip)]
    pub found: Option<FoundFile>,
}

/// A file of the repository, read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundFile {
    /// As seen from the folder of the profile that is rendered.
    pub path: String,
    pub text: String,
}

/// The name of a volume, as a part of others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$")
)]
pub struct VolumeName(pub String);

/// A volume: what is written to it outlives the container, unless it has a `medium`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Where it is mounted. Required.
    pub mount: Option<Directory>,
    /// How much it holds. Kubernetes needs it for a volume that is made, and takes 64Mi for one with a `medium`; Compose
    /// knows no bound, but in memory.
    pub size: Option<Quantity>,
    pub access: Option<Access>,
    /// Kubernetes: the StorageClass that makes it; the cluster's own choice unless given.
    #[schemars(length(min = 1))]
    pub class: Option<String>,
    /// The processes that mount it, by name; all unless given.
    #[serde(rename = "for")]
    #[schemars(length(min = 1))]
    pub for_: Option<Vec<String>>,
    /// Kubernetes: an existing PersistentVolumeClaim, instead of one that is rendered.
    #[schemars(length(min = 1))]
    pub claim: Option<String>,
    /// Somebody else makes it, under this very name: a Docker volume; on Kubernetes a claim, unless `claim` names it.
    #[schemars(extend("default" = false))]
    pub external: Option<bool>,
    /// Compose: a folder of the host, relative to the Compose file, instead of a Docker volume.
    #[schemars(length(min = 1))]
    pub host: Option<String>,
    pub medium: Option<VolumeMedium>,
    /// Each replica has one of its own. Kubernetes: a StatefulSet.
    #[schemars(extend("default" = false))]
    pub per_replica: Option<bool>,
}

/// Who can mount a volume at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "rwo"))]
pub enum Access {
    /// One node, to read and write: what most disks can do.
    Rwo,
    /// Many nodes, to read and write: a network file system.
    Rwx,
    /// Many nodes, to read alone.
    Rox,
}

/// Where a volume lies that does not outlive its pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VolumeMedium {
    /// Memory; counts as memory of the container, and is gone with it.
    Memory,
    /// The node's disk, shared by the containers of a pod, and gone with it; counts as its `ephemeral_storage`. Compose
    /// knows no pods: a Docker volume of the process, which stays until it is removed.
    Disk,
}
