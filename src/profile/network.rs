//! `[network]`: who may talk to the app, and to whom it may talk.

use schemars::JsonSchema;
use serde::Deserialize;

/// The NetworkPolicy. The app's own processes always reach each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// `same-namespace`, `gateway` (the namespace of that of `[ingress]`; a process that it leads to lets it in anyway),
    /// `app:NAME` (an app of the same namespace), `namespace:NAME`, or a CIDR range.
    #[schemars(extend("default" = ["same-namespace"]))]
    pub ingress_from: Option<Vec<String>>,
    /// `any`, or a closed list of `dns`, `services` (the backing services that the process needs), `app:NAME`,
    /// `namespace:NAME`, `internet`, and CIDR ranges with or without a port (`10.0.0.0/8:5432`).
    #[schemars(extend("default" = ["any"]))]
    pub egress: Option<Vec<String>>,
}
