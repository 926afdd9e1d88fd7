//! `[ingress]`: how the app is reached from outside of the cluster.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Duration, PortRef};

/// How the app is reached from outside of the cluster: an HTTPRoute with `gateway`, an Ingress with `class`. Absent: not at
/// all. Compose has none of it: `[compose] publish` says where a host offers the app.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ingress {
    /// The host name that clients ask for; `*.example.com` is any name with one label more. Absent: any name that reaches
    /// the gateway's listener, or the controller.
    pub host: Option<HostName>,
    /// Further host names, which lead to the same. One certificate is for all of them.
    #[schemars(length(min = 1, max = 15))]
    pub hosts: Option<Vec<HostName>>,
    /// The Gateway that an HTTPRoute attaches to: `namespace/name`, or `name` in the app's own namespace. One of its
    /// listeners may follow: `infra/public/https`.
    #[schemars(
        length(min = 1, max = 600),
        regex(pattern = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(/[a-z0-9]([-a-z0-9.]*[a-z0-9])?){0,2}$"),
        extend("patternErrorMessage" = "`namespace/name`, perhaps with a listener, as in \"infra/public\" or \"infra/public/https\"")
    )]
    pub gateway: Option<String>,
    /// The IngressClass of an Ingress.
    #[schemars(
        length(min = 1, max = 253),
        regex(pattern = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"),
        extend("patternErrorMessage" = "the name of an IngressClass, as in \"nginx\"")
    )]
    pub class: Option<String>,
    /// Annotations of the HTTPRoute or Ingress.
    pub annotations: Option<BTreeMap<String, String>>,
    pub tls: Option<Tls>,
    /// The longest that a request may take (HTTPRoute). An Ingress has no field for it.
    pub timeout: Option<Duration>,
    /// Which path leads to which process. Absent: all of them to the main one.
    #[schemars(length(min = 1, max = 64))]
    pub routes: Option<Vec<Route>>,
}

/// A host name that clients ask for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend(
    "minLength" = 1,
    "maxLength" = 253,
    "pattern" = r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
    "patternErrorMessage" = "a host name in lower case, without scheme, port and path, as in \"orders.example.com\""
))]
pub struct HostName(pub String);

/// Whether an Ingress speaks TLS; or a table. A gateway's listeners have certificates of their own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Tls {
    Wanted(bool),
    Table(TlsTable),
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsTable {
    /// The Secret with the certificate; `<name>-tls` unless given.
    #[schemars(
        length(min = 1, max = 253),
        regex(pattern = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"),
        extend("patternErrorMessage" = "the name of a Secret, as in \"orders-tls\"")
    )]
    pub secret: Option<String>,
}

/// A path, and where requests for it go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    #[schemars(
        length(min = 1, max = 1024),
        regex(pattern = r"^/([-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*$"),
        extend("default" = "/", "patternErrorMessage" = "a path from `/` on, as in \"/api\"")
    )]
    pub path: Option<String>,
    #[serde(rename = "match")]
    pub match_: Option<PathMatch>,
    /// A process; the main one unless given.
    #[schemars(length(min = 1))]
    pub to: Option<String>,
    /// One of its ports, by number or name; the main one unless given.
    pub port: Option<PortRef>,
    /// The process sees what follows the path: `/a/b` is `/b` to it. An Ingress has no field for it.
    #[schemars(extend("default" = false))]
    pub strip: Option<bool>,
}

/// Which requests a path is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "prefix"))]
pub enum PathMatch {
    /// Those of the path and of all below it.
    Prefix,
    /// Those of the path alone.
    Exact,
}
