//! `[compose]` and `[dev]`: settings that only Docker Compose has.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{EnvValue, closed};

#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct Compose {
    /// Name of the Compose project; the app's name unless given.
    #[schemars(
        regex(pattern = r"^[a-z0-9][-_a-z0-9]*$"),
        extend("patternErrorMessage" = "lower-case letters, digits, `-` and `_`")
    )]
    pub project: Option<String>,
    /// Builds the image on the host, instead of pulling it. Development builds its own in any case.
    #[schemars(extend("default" = false))]
    pub build: Option<bool>,
    /// Networks that the service joins beside the project's own.
    #[schemars(extend("patternErrorMessage" = "letters, digits, `.`, `_` and `-`, as in \"proxy\""))]
    pub networks: Option<BTreeMap<NetworkName, Network>>,
    /// Of the main process; `restart`, `logging` and `pids` hold for all.
    #[serde(flatten)]
    pub process: ProcessCompose,
}

/// What Compose alone is told of one workload. `restart`, `logging` and `pids` are the app's unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct ProcessCompose {
    /// Host address and port of the main port, or `false`: not published. For the main process `127.0.0.1` and the port
    /// itself unless given, for others `false`.
    pub publish: Option<Publish>,
    pub restart: Option<Restart>,
    /// Overrides the workers-versus-replicas rule: so many workers in the container.
    #[schemars(range(min = 1, max = 1000))]
    pub workers: Option<u32>,
    /// CPU limit of the container, in cores. None unless given: a host with fewer cores refuses to start.
    #[schemars(range(min = 0.01, max = 1024))]
    pub cpus: Option<f64>,
    pub logging: Option<Logging>,
    /// The most processes and threads in the container.
    #[schemars(range(min = 1, max = 4194304), extend("default" = 256))]
    pub pids: Option<u32>,
    /// Labels of the Compose service alone, such as those of a proxy.
    pub labels: Option<BTreeMap<String, String>>,
    /// A command of the image that asks whether the process is healthy, where Compose cannot ask what the probes ask.
    #[schemars(length(min = 1))]
    pub healthcheck: Option<Vec<String>>,
}

/// `[ADDRESS:]PORT` of the host, or `false`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Publish {
    Off(#[schemars(extend("const" = false))] bool),
    At(
        #[schemars(
            regex(pattern = r"^(([0-9]{1,3}\.){3}[0-9]{1,3}:|\[[0-9a-fA-F:]+\]:)?[0-9]{1,5}$"),
            extend("patternErrorMessage" = "a host address and port, as in \"127.0.0.1:8000\", or `false`")
        )]
        String,
    ),
}

/// What happens when the container ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "unless-stopped"))]
pub enum Restart {
    No,
    Always,
    /// Only after a failure. A supervisor whose workers fail may still exit with 0.
    OnFailure,
    UnlessStopped,
}

/// The name of a network of the Compose file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[a-zA-Z0-9._-]+$")
)]
pub struct NetworkName(pub String);

/// A network of the Compose file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ComposeNetwork")]
pub struct Network {
    /// Somebody else makes it.
    #[schemars(extend("default" = false))]
    pub external: Option<bool>,
    /// Without a way out.
    #[schemars(extend("default" = false))]
    pub internal: Option<bool>,
}

/// The name of an option of a logging driver.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[a-zA-Z0-9._-]+$")
)]
pub struct OptionName(pub String);

/// Where the container's output goes; json-file with rotation unless given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Logging {
    #[schemars(length(min = 1))]
    pub driver: String,
    #[schemars(extend("patternErrorMessage" = "the name of an option of the driver, as in \"max-size\""))]
    pub options: Option<BTreeMap<OptionName, String>>,
}

/// Development: `render compose --dev` alone.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dev {
    /// The server restarts when the code changes.
    #[schemars(extend("default" = true))]
    pub reload: Option<bool>,
    /// Folders of the code, as seen from the `context` of the build, mounted under `/app`.
    #[schemars(extend("default" = ["src"]))]
    pub sync: Option<Vec<String>>,
    /// Copies changes into the container (`docker compose watch`) instead of mounting.
    #[schemars(extend("default" = false))]
    pub watch: Option<bool>,
    /// Replaces the command.
    #[schemars(length(min = 1))]
    pub command: Option<Vec<String>>,
    /// Environment variables over `[env]`.
    pub env: Option<BTreeMap<String, EnvValue>>,
    /// Starts the server under debugpy, reachable at this port of 127.0.0.1.
    #[schemars(range(min = 1, max = 65535))]
    pub debug_port: Option<u16>,
    /// Further bind mounts, `SOURCE:TARGET`.
    pub mounts: Option<Vec<String>>,
    /// `host`: who runs Compose, so that files on mounts belong to them; `app`: as in production; or a number.
    #[schemars(extend("default" = "host"))]
    pub user: Option<DevUser>,
}

/// `host`, `app`, or a user by number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DevUser {
    Number(#[schemars(range(min = 0, max = 2147483647u32))] u32),
    Kind(DevUserKind),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DevUserKind {
    /// `${UID:-1000}:${GID:-1000}`.
    Host,
    /// The profile's `uid`.
    App,
}
