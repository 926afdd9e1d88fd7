//! Texts with a form: durations, quantities, names, paths.

use schemars::JsonSchema;
use serde::Deserialize;

/// A time span: a whole number and a unit, as in "30s", "500ms", "5m", "1h". Targets count whole seconds: parts of one
/// are rounded up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[0-9]{1,9}(ms|s|m|h)$"),
    extend("patternErrorMessage" = "a whole number and a unit (ms, s, m, h), as in \"30s\"")
)]
pub struct Duration(pub String);

/// An amount as Kubernetes writes it: "250m" or "2" of CPU, "256Mi" or "1Gi" of memory.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[0-9]{1,15}(\.[0-9]{1,9})?([mkMGT]|[KMGT]i)?$"),
    extend("patternErrorMessage" = "a Kubernetes quantity, as in \"250m\" of CPU or \"256Mi\" of memory")
)]
pub struct Quantity(pub String);

/// The name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[A-Za-z_][A-Za-z0-9_]*$"),
    extend("patternErrorMessage" = "the name of an environment variable: letters, digits and `_`, as in \"PORT\"")
)]
pub struct EnvName(pub String);

/// An HTTP path; 200 to 399 is healthy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^/[!-~]*$"),
    extend("patternErrorMessage" = "an HTTP path that starts with `/`, as in \"/healthz\"")
)]
pub struct HttpPath(pub String);

/// The absolute path of a directory in the container.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^/"),
    extend("patternErrorMessage" = "an absolute path of a directory, as in \"/tmp\"")
)]
pub struct Directory(pub String);

/// The name of an HTTP header (RFC 9110, section 5.6.2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
)]
pub struct HeaderName(pub String);

/// The value of an HTTP header: one line of ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[ -~]*$"),
    extend("patternErrorMessage" = "the value of an HTTP header: one line of ASCII")
)]
pub struct HeaderValue(pub String);
