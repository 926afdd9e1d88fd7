//! Is a document what the Kubernetes API calls an object of its kind? Every key known and of its type, none missing.

use k8s_openapi::{
    ClusterResourceScope, NamespaceResourceScope, Resource,
    api::{
        apps::v1::{DaemonSet, Deployment, StatefulSet},
        autoscaling::v2::HorizontalPodAutoscaler,
        batch::v1::{CronJob, Job},
        core::v1::{
            ConfigMap, LimitRange, Namespace, PersistentVolumeClaim, Pod, ResourceQuota, Secret, Service,
            ServiceAccount,
        },
        networking::v1::{Ingress, IngressClass, NetworkPolicy},
        policy::v1::PodDisruptionBudget,
        rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding},
        scheduling::v1::PriorityClass,
        storage::v1::StorageClass,
    },
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    problem::near::near,
    targets::{
        check::{
            At, Found,
            types::{self, Home, Kind, read},
        },
        k8s::{cnpg::Cluster, gateway_api::HttpRoute},
    },
};

/// To render a further kind, add a line. Those below are often brought as they are (`[k8s] extra`).
const KINDS: &[Kind] = &[
    own::<PersistentVolumeClaim>(),
    operated::<Cluster>(),
    own::<ServiceAccount>(),
    own::<Role>(),
    own::<RoleBinding>(),
    own::<ConfigMap>(),
    own::<Service>(),
    own::<Deployment>(),
    own::<Job>(),
    own::<CronJob>(),
    own::<StatefulSet>(),
    own::<HorizontalPodAutoscaler>(),
    own::<PodDisruptionBudget>(),
    own::<NetworkPolicy>(),
    operated::<HttpRoute>(),
    own::<Ingress>(),
    own::<ClusterRole>(),
    own::<ClusterRoleBinding>(),
    own::<DaemonSet>(),
    own::<IngressClass>(),
    own::<LimitRange>(),
    own::<Namespace>(),
    own::<Pod>(),
    own::<PriorityClass>(),
    own::<ResourceQuota>(),
    own::<Secret>(),
    own::<StorageClass>(),
];

/// The API groups of Kubernetes itself, but for those that end with `.k8s.io`: others live there as well.
const GROUPS: &[&str] = &["", "apps", "autoscaling", "batch", "extensions", "policy"];

/// Whether an object is of a kind that is not known here: somebody else's, or one of Kubernetes that hardly any app
/// brings. What is written like one of ours is meant to be that.
pub fn is_foreign(object: &At<'_>) -> bool {
    let version = object.key("apiVersion").text().unwrap_or_default();
    let kind = object.key("kind").text().unwrap_or_default();
    fn group(version: &str) -> &str {
        version.split_once('/').map_or("", |(group, _)| group)
    }
    let own = group(version);
    let of_group = || KINDS.iter().filter(|known| group(known.version) == own).map(|known| known.name);
    let is_kubernetes = GROUPS.contains(&own) || of_group().next().is_some() && own != HttpRoute::GROUP;
    let is_named = KINDS.iter().any(|known| known.name == kind) || near(kind, of_group()).is_some();
    let meant = of_group().any(|known| known == kind) || is_kubernetes && is_named;
    !meant && !version.is_empty() && !kind.is_empty()
}

trait Scoped {
    const HAS_NAMESPACE: bool;
}
impl Scoped for NamespaceResourceScope {
    const HAS_NAMESPACE: bool = true;
}
impl Scoped for ClusterResourceScope {
    const HAS_NAMESPACE: bool = false;
}

/// Of Kubernetes itself.
const fn own<T>() -> Kind
where
    T: Resource + Serialize + DeserializeOwned,
    T::Scope: Scoped,
{
    let home = Home { plural: T::URL_PATH_SEGMENT, has_namespace: T::Scope::HAS_NAMESPACE };
    Kind { home: Some(home), ..operated::<T>() }
}

/// Of an operator, which not every cluster has.
const fn operated<T: Resource + Serialize + DeserializeOwned>() -> Kind {
    Kind { version: T::API_VERSION, name: T::KIND, read: read::<T>, home: None }
}

/// Where every cluster has objects of a kind of Kubernetes' own.
pub fn home(version: &str, kind: &str) -> Option<Home> {
    KINDS.iter().find(|known| known.version == version && known.name == kind)?.home
}

/// An object is of a kind that we render, at the version that we render.
pub fn known(documents: &[At<'_>], found: &mut Found) {
    types::known(documents, KINDS, found);
}

/// An object has the keys that the API knows, with values of their types, and all that it requires.
pub fn typed(documents: &[At<'_>], found: &mut Found) {
    types::typed(documents, KINDS, "Kubernetes", found);
}
