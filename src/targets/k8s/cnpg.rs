//! `postgresql.cnpg.io/v1` Cluster: a PostgreSQL that the operator CloudNativePG runs (its documentation, "Bootstrap",
//! "Applications" and "API Reference").

use std::collections::BTreeMap;

use k8s_openapi::{
    Metadata, NamespaceResourceScope, Resource,
    api::core::v1::ResourceRequirements,
    apimachinery::pkg::{api::resource::Quantity, apis::meta::v1::ObjectMeta},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{container, object::Object, spelling, workload::Workload};
use crate::{
    app::{App, Backing, Bytes, Settings},
    key::Key,
    tree::{Notes, Path},
};

/// One that is written to, and two that follow it: one may fail, and one be away for an upgrade.
const INSTANCES: i32 = 3;

/// What the operator's own images add to the version in their tags.
const IMAGE: &str = "ghcr.io/cloudnative-pg/postgresql";
const SUFFIX: &str = "standard-trixie";

/// A PostgreSQL cluster, as far as we write it. Patches may write the rest of it, which the operator knows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    #[serde(default)]
    pub api_version: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub metadata: ObjectMeta,
    #[serde(default)]
    pub spec: Spec,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    #[serde(default)]
    pub instances: i32,
    #[serde(default)]
    pub storage: Storage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<Bootstrap>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgresql: Option<Postgresql>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<ResourceRequirements>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ephemeral_volumes_size_limit: Option<Limits>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Quantity>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shm: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporary_data: Option<Quantity>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Bootstrap {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initdb: Option<InitDb>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InitDb {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretName>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SecretName {
    #[serde(default)]
    pub name: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Postgresql {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_preload_libraries: Option<Vec<String>>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Resource for Cluster {
    const API_VERSION: &'static str = "postgresql.cnpg.io/v1";
    const GROUP: &'static str = "postgresql.cnpg.io";
    const KIND: &'static str = "Cluster";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "clusters";
    type Scope = NamespaceResourceScope;
}

impl Metadata for Cluster {
    type Ty = ObjectMeta;

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

/// The cluster of a service that the operator runs.
pub fn cluster(app: &App, backing: &Backing) -> Object {
    let workload = Workload::new(app, &backing.process);
    let mut notes = Notes::default();
    let mut metadata = workload.metadata(&mut notes);
    // The tag of its image is another one.
    if let Some(labels) = &mut metadata.labels {
        labels.insert("app.kubernetes.io/version".into(), backing.version.clone());
    }
    let mut part = Notes::default();
    let resources = container::resources(&workload, &mut part);
    notes.extend("spec", part);
    note(app, backing, &mut notes);
    let initdb = InitDb {
        database: Some(backing.database.clone()),
        owner: Some(backing.user.clone()),
        secret: backing.secret.clone().map(|name| SecretName { name }),
        ..InitDb::default()
    };
    let size = |amount: Bytes| spelling::bytes(amount);
    let spec = Spec {
        instances: INSTANCES,
        storage: Storage { size: Some(size(backing.size)), ..Storage::default() },
        image_name: Some(format!("{IMAGE}:{}-{SUFFIX}", backing.version)),
        bootstrap: Some(Bootstrap { initdb: Some(initdb), ..Bootstrap::default() }),
        postgresql: postgresql(backing),
        resources: Some(resources),
        ephemeral_volumes_size_limit: backing.shm.map(|shm| Limits { shm: Some(size(shm)), ..Limits::default() }),
        rest: Map::new(),
    };
    let (api_version, kind) = (Cluster::API_VERSION.to_owned(), Cluster::KIND.to_owned());
    let cluster = Cluster { api_version, kind, metadata, spec };
    let keys = vec![backing.at().clone(), backing.key("k8s")];
    Object::new(&cluster, "a PostgreSQL that CloudNativePG runs and hardens; backups are a patch's", keys, notes)
}

fn note(app: &App, backing: &Backing, notes: &mut Notes) {
    let own = |names: &[&'static str]| backing.process.keys(names);
    let initdb = Path::new("spec.bootstrap.initdb");
    let version = own(&["version", "image"]);
    notes.add(Path::new("metadata.labels").key("app.kubernetes.io/version"), "of PostgreSQL", version.clone());
    notes.add("spec.instances", "one that is written to, and two that can take its place", Vec::new());
    notes.add("spec.storage.size", "disk for the data of each instance", own(&["size"]));
    notes.add("spec.imageName", "the operator's image of this version", version);
    notes.add(initdb.clone(), "made at the first start, and never again", Vec::new());
    notes.add(initdb.clone().key("database"), "the app's", app.first_set_of(&backing.process, "database", "name"));
    notes.add(initdb.clone().key("owner"), "the app's user, who is no superuser", vec![Key::new("name")]);
    notes.add(initdb.key("secret"), "user and password, instead of what the operator makes", own(&["secret"]));
    notes.add("spec.postgresql", "the settings among the arguments", own(&["args"]));
    let shm = "what workers share of parallel queries, out of the memory of the instance";
    notes.add("spec.ephemeralVolumesSizeLimit.shm", shm, own(&["shm_size"]));
}

fn postgresql(backing: &Backing) -> Option<Postgresql> {
    let Settings { parameters, libraries, others: _, fixed: _ } = backing.settings();
    let some = !parameters.is_empty() || !libraries.is_empty();
    some.then(|| Postgresql {
        parameters: Some(parameters).filter(|all| !all.is_empty()),
        shared_preload_libraries: Some(libraries).filter(|all| !all.is_empty()),
        ..Postgresql::default()
    })
}

/// The labels of its pods.
pub fn pods(app: &App, backing: &Backing) -> BTreeMap<String, String> {
    BTreeMap::from([("cnpg.io/cluster".into(), app.workload(&backing.process))])
}
