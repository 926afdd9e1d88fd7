//! `[services.NAME]`: databases, queues and the like that the app needs beside itself.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{EnvValue, File, Quantity, Range};

/// The name of a backing service, which is its host name on Compose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$")
)]
pub struct BackingName(pub String);

/// A backing service. Compose runs it; on Kubernetes it is somebody else's unless `k8s` says otherwise. Values refer to
/// it: `${db.url}`, or `host`, `port`, `user`, `password` and `name`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backing {
    /// What it is; its own name unless given, if that is one of these.
    pub kind: Option<BackingKind>,
    /// Version of its image: "17", or "17.6". Data on disk belongs to one major version of a database.
    #[schemars(
        regex(pattern = r"^[A-Za-z0-9][-._A-Za-z0-9]{0,60}$"),
        extend("patternErrorMessage" = "a version, as in \"17\" or \"8.4\"")
    )]
    pub version: Option<String>,
    /// Another image of the same kind, with its tag: for Compose and `k8s = "preview"`.
    #[schemars(length(min = 1))]
    pub image: Option<String>,
    /// Name of the database, which is made at the first start; the app's name unless given.
    #[schemars(
        regex(pattern = r"^[A-Za-z0-9_][-A-Za-z0-9_]{0,62}$"),
        extend("patternErrorMessage" = "letters, digits, `_` and `-`, as in \"orders\"")
    )]
    pub database: Option<String>,
    /// Scheme of its URL, as in "postgresql+asyncpg". Kubernetes then takes the URL from its parts.
    #[schemars(
        regex(pattern = r"^[a-z][-+.a-z0-9_]*$"),
        extend("patternErrorMessage" = "the scheme of a URL, as in \"postgresql+asyncpg\"")
    )]
    pub driver: Option<String>,
    /// Disk for its data, where Kubernetes runs it.
    #[schemars(extend("default" = "10Gi"))]
    pub size: Option<Quantity>,
    /// Arguments beside those that the renderer writes. `${…}` references are read.
    pub args: Option<Vec<String>>,
    /// Environment variables for its image. `${…}` references are read.
    pub env: Option<BTreeMap<String, EnvValue>>,
    /// Files by their path in its container, such as the SQL that sets a database up at its first start: for Compose and
    /// `k8s = "preview"`.
    pub files: Option<BTreeMap<String, File>>,
    /// What it needs in all.
    pub resources: Option<BackingResources>,
    /// Shared memory (`/dev/shm`); counts as its memory.
    pub shm_size: Option<Quantity>,
    /// Host address and port on Compose, or `true` for its own port on 127.0.0.1; not published unless given.
    pub publish: Option<BackingPublish>,
    /// Who runs it on Kubernetes.
    #[schemars(extend("default" = "external"))]
    pub k8s: Option<Provision>,
    /// The Secret that tells Kubernetes where it is and who may use it, `<app>-<service>` unless given. With
    /// `k8s = "cnpg"`: one with `username` and `password`, instead of what the operator makes. With `k8s = "preview"`:
    /// one with `password`. A table where its keys have other names.
    pub secret: Option<BackingSecret>,
}

/// A Secret by its name; or a table, where its keys have other names than ours.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum BackingSecret {
    Name(#[schemars(length(min = 1))] String),
    Table(BackingSecretTable),
}

/// A Secret whose keys somebody else named.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackingSecretTable {
    /// Its name, `<app>-<service>` unless given.
    #[schemars(length(min = 1))]
    pub name: Option<String>,
    /// What its keys are called; as here unless given.
    pub keys: Option<BackingSecretKeys>,
}

/// Which key of a Secret tells what.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackingSecretKeys {
    /// The whole URL.
    #[schemars(extend("default" = "url"))]
    pub url: Option<SecretKey>,
    #[schemars(extend("default" = "host"))]
    pub host: Option<SecretKey>,
    #[schemars(extend("default" = "port"))]
    pub port: Option<SecretKey>,
    /// Who may use it.
    #[schemars(extend("default" = "username"))]
    pub username: Option<SecretKey>,
    #[schemars(extend("default" = "password"))]
    pub password: Option<SecretKey>,
    /// The name of the database.
    #[schemars(extend("default" = "database"))]
    pub name: Option<SecretKey>,
}

/// A key of a Secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[-._a-zA-Z0-9]{1,253}$"),
    extend("patternErrorMessage" = "a key of a Secret, as in \"dbname\": letters, digits, `-`, `_` and `.`")
)]
pub struct SecretKey(pub String);

/// What a backing service needs in all.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackingResources {
    /// CPU, where Kubernetes runs it: a request, or request and limit.
    pub cpu: Option<Range>,
    /// Memory: request and limit in one, or apart. What its kind needs for a small app unless given.
    pub memory: Option<Range>,
    /// Local disk beside its data, where Kubernetes runs it.
    pub ephemeral_storage: Option<Quantity>,
}

/// The backing services that the renderer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BackingKind {
    Postgres,
    Mysql,
    Mariadb,
    Mongodb,
    Redis,
    Valkey,
    Rabbitmq,
    Nats,
    Kafka,
    Minio,
    Elasticsearch,
    Opensearch,
    Mailpit,
}

/// `[ADDRESS:]PORT` of the host; `true`: its own port on 127.0.0.1.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum BackingPublish {
    Own(bool),
    At(
        #[schemars(
            regex(pattern = r"^(([0-9]{1,3}\.){3}[0-9]{1,3}:|\[[0-9a-fA-F:]+\]:)?[0-9]{1,5}$"),
            extend("patternErrorMessage" = "a host address and port, as in \"127.0.0.1:5432\", or `true`")
        )]
        String,
    ),
}

/// Who runs it on Kubernetes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Provision {
    /// Somebody else. The keys of its Secret are url, username, password, host, port and database.
    External,
    /// The operator CloudNativePG, for PostgreSQL: three instances, and a Secret that the operator makes.
    Cnpg,
    /// The cluster itself, for an environment that comes and goes: one pod with a volume of its own. Whoever deploys makes
    /// its Secret, with the key `password`.
    Preview,
}
