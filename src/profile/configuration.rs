//! `[env]`, `[secrets]` and `[inputs]`: configuration by environment variables and files.

use schemars::JsonSchema;
use serde::Deserialize;

/// A value, or a table that says more about it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EnvValue {
    Text(String),
    Number(i64),
    Table(EnvTable),
}

/// An environment variable that looks like a secret and is none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvTable {
    pub value: EnvScalar,
    /// The value may be read by everybody.
    #[schemars(extend("default" = false))]
    pub public: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EnvScalar {
    Text(String),
    Number(i64),
}

/// An object of the cluster, all of whose entries become variables: `secret/NAME` or `configmap/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^(secret|configmap)/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"),
    extend("patternErrorMessage" = "`secret/NAME` or `configmap/NAME`, as in \"secret/shared-env\"")
)]
pub struct EnvSource(pub String);

/// What the secret is, in words for whoever supplies it; or a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Secret {
    About(String),
    Table(SecretTable),
}

/// A secret, by reference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretTable {
    /// What it is, for whoever supplies it.
    pub about: Option<String>,
    /// Where Kubernetes finds it: `secret/key`. The Secret `<app>-secrets` and the name of the entry unless given.
    #[schemars(
        regex(pattern = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[-._a-zA-Z0-9]+$"),
        extend("patternErrorMessage" = "`secret/key`, as in \"orders-db/password\"")
    )]
    pub from: Option<String>,
    /// Mounts it as this file instead of setting a variable.
    #[schemars(
        regex(pattern = r"^/"),
        extend("patternErrorMessage" = "an absolute path of a file, as in \"/etc/orders/ca.crt\"")
    )]
    pub mount: Option<String>,
    /// Mode of the mounted file, in octal. Compose mounts files as they are on the host.
    #[schemars(
        regex(pattern = r"^0?[0-7]{3}$"),
        extend("default" = "0440", "patternErrorMessage" = "an octal file mode, as in \"0440\"")
    )]
    pub mode: Option<String>,
    /// The app starts without it.
    #[schemars(extend("default" = false))]
    pub optional: Option<bool>,
}

/// A plain value that whoever deploys supplies, as an environment variable of this name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What it is, for whoever supplies it.
    pub about: Option<String>,
    /// Used where nobody supplies one. Kubernetes takes this, or what the environment's overlay says.
    pub default: Option<EnvScalar>,
}
