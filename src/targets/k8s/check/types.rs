//! Is a document what the Kubernetes API calls an object of its kind? Every key known and of its type, none missing.

use k8s_openapi::{
    Resource,
    api::{
        apps::v1::{Deployment, StatefulSet},
        autoscaling::v2::HorizontalPodAutoscaler,
        batch::v1::{CronJob, Job},
        core::v1::{ConfigMap, PersistentVolumeClaim, Service, ServiceAccount},
        networking::v1::{Ingress, NetworkPolicy},
        policy::v1::PodDisruptionBudget,
        rbac::v1::{Role, RoleBinding},
    },
};
use serde::{Serialize, de::DeserializeOwned};

use crate::targets::{
    check::{
        At, Found,
        types::{self, Kind, read},
    },
    k8s::{cnpg::Cluster, gateway_api::HttpRoute},
};

/// To render a further kind, add a line.
const KINDS: &[Kind] = &[
    kind::<PersistentVolumeClaim>(),
    kind::<Cluster>(),
    kind::<ServiceAccount>(),
    kind::<Role>(),
    kind::<RoleBinding>(),
    kind::<ConfigMap>(),
    kind::<Service>(),
    kind::<Deployment>(),
    kind::<Job>(),
    kind::<CronJob>(),
    kind::<StatefulSet>(),
    kind::<HorizontalPodAutoscaler>(),
    kind::<PodDisruptionBudget>(),
    kind::<NetworkPolicy>(),
    kind::<HttpRoute>(),
    kind::<Ingress>(),
];

const fn kind<T: Resource + Serialize + DeserializeOwned>() -> Kind {
    Kind { version: T::API_VERSION, name: T::KIND, read: read::<T> }
}

/// An object is of a kind that we render, at the version that we render.
pub fn known(documents: &[At<'_>], found: &mut Found) {
    types::known(documents, KINDS, found);
}

/// An object has the keys that the API knows, with values of their types, and all that it requires.
pub fn typed(documents: &[At<'_>], found: &mut Found) {
    types::typed(documents, KINDS, "Kubernetes", found);
}
