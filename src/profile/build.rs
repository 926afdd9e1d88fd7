//! `[build]`: how the image is built.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::EnvName;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Folder that the build reads, relative to the Compose file.
    #[schemars(length(min = 1), extend("default" = "."))]
    pub context: Option<String>,
    /// The project's own Dockerfile, relative to `context`; nothing is generated over it.
    #[schemars(length(min = 1))]
    pub dockerfile: Option<String>,
    /// Stage to build.
    #[schemars(length(min = 1))]
    pub target: Option<String>,
    /// Build arguments; never secrets.
    #[schemars(extend("patternErrorMessage" = "a name of letters, digits and `_`, as in \"PIP_INDEX_URL\""))]
    pub args: Option<BTreeMap<EnvName, String>>,
}
