//! Where objects of a kind are. Of Kubernetes' own that is known; of others the cluster is asked.

use std::collections::{BTreeMap, btree_map::Entry};

use kube::{
    Client, Error,
    core::GroupVersionKind,
    discovery::{Scope, pinned_kind},
    error::DiscoveryError,
};
use serde_json::Value;

use super::failure::{self, Failure};
use crate::targets::{check::types, k8s::check};

/// Where objects of a kind are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Home {
    api_version: String,
    plural: String,
    has_namespace: bool,
}

impl Home {
    /// The folder of an object in the API.
    pub fn path(&self, namespace: &str) -> String {
        let root = if self.api_version.contains('/') { "/apis" } else { "/api" };
        let inside = if self.has_namespace { format!("/namespaces/{namespace}") } else { String::new() };
        format!("{root}/{}{inside}/{}", self.api_version, self.plural)
    }

    pub fn has_namespace(&self) -> bool {
        self.has_namespace
    }
}

/// A version of an API, and a kind.
pub(super) type Kind = (String, String);

pub(super) fn kind_of(object: &Value) -> Kind {
    let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
    (text("apiVersion"), text("kind"))
}

/// The homes of all kinds among some objects; one question for each kind that is not Kubernetes' own.
pub(super) async fn homes(client: &Client, objects: &[Value]) -> BTreeMap<Kind, Result<Home, Failure>> {
    let mut homes = BTreeMap::new();
    for kind in objects.iter().map(kind_of) {
        if let Entry::Vacant(unknown) = homes.entry(kind) {
            let home = home(client, unknown.key()).await;
            unknown.insert(home);
        }
    }
    homes
}

async fn home(client: &Client, (api_version, kind): &Kind) -> Result<Home, Failure> {
    if let Some(types::Home { plural, has_namespace }) = check::home(api_version, kind) {
        return Ok(Home { api_version: api_version.clone(), plural: plural.to_owned(), has_namespace });
    }
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    match pinned_kind(client, &GroupVersionKind::gvk(group, version, kind)).await {
        Ok((resource, capabilities)) => Ok(Home {
            api_version: api_version.clone(),
            plural: resource.plural,
            has_namespace: capabilities.scope == Scope::Namespaced,
        }),
        Err(Error::Discovery(DiscoveryError::MissingKind(_))) => Err(unknown(api_version, kind)),
        Err(Error::Api(status)) if status.code == 404 => Err(unknown(api_version, kind)),
        Err(error) => Err(failure::of_error(&error)),
    }
}

fn unknown(api_version: &str, kind: &str) -> Failure {
    Failure::refused(format!("the cluster knows no {kind} of {api_version}"))
        .with_help("install the operator that it belongs to, with its CustomResourceDefinitions")
}
