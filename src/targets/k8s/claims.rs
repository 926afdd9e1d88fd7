//! PersistentVolumeClaims: what outlives pods.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::{
    api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use super::{object::Object, spelling, workload::Workload};
use crate::{
    app::{Access, App, Lasting, Process, Volume, keys},
    key::Key,
    tree::Notes,
};

/// The claims that all workloads share, by the names of their volumes.
pub fn claims(app: &App) -> Vec<Object> {
    let mut seen = BTreeSet::new();
    let mut claims = Vec::new();
    for process in app.containers() {
        for volume in &process.volumes {
            let ours = volume.lasting().is_some_and(|lasting| lasting.claim.is_none() && !lasting.per_replica);
            if ours && seen.insert(&volume.name) {
                claims.push(claim(app, process, volume));
            }
        }
    }
    claims
}

/// The claim that a pod names.
pub fn claim_name(app: &App, volume: &Volume, lasting: &Lasting) -> String {
    lasting.claim.clone().unwrap_or_else(|| format!("{}-{}", app.name, volume.name))
}

/// Bears the labels of the first workload that mounts it, without those of its pods alone.
fn claim(app: &App, process: &Process, volume: &Volume) -> Object {
    let workload = Workload::new(app, process);
    let mut notes = Notes::default();
    let users: Vec<Key> = app.containers().filter_map(|user| key_of(user, &volume.name)).collect();
    notes.add("metadata.name", "the app's name, and the volume's", keys(&["name"]));
    let metadata =
        ObjectMeta { name: Some(format!("{}-{}", app.name, volume.name)), ..workload.shared_metadata(&mut notes) };
    notes.extend("spec", note(process, volume));
    let claim = PersistentVolumeClaim { metadata, spec: volume.lasting().map(spec), status: None };
    Object::new(&claim, "outlives the pods; it is deleted with its data, so mind what prunes it", users, notes)
}

fn key_of(process: &Process, name: &str) -> Option<Key> {
    process.volumes.iter().find(|volume| volume.name == name).map(|volume| process.volume_key(volume))
}

/// The claim that a StatefulSet makes for each replica. Nothing of it can ever change, so it bears no labels (Kubernetes,
/// `ValidateStatefulSetUpdate`).
pub fn template(process: &Process, volume: &Volume, lasting: &Lasting, notes: &mut Notes) -> PersistentVolumeClaim {
    notes.add("", "one for each replica, which keeps it under its number", vec![process.volume_key(volume)]);
    notes.extend("spec", note(process, volume));
    PersistentVolumeClaim {
        metadata: ObjectMeta { name: Some(volume.name.clone()), ..ObjectMeta::default() },
        spec: Some(spec(lasting)),
        status: None,
    }
}

fn note(process: &Process, volume: &Volume) -> Notes {
    let key = process.volume_key(volume);
    let mut notes = Notes::default();
    let access = match volume.lasting().map(|lasting| lasting.access) {
        Some(Access::Rwx) => "many nodes at once, to read and write",
        Some(Access::Rox) => "many nodes at once, to read alone",
        Some(Access::Rwo) | None => "one node at a time, which every disk can do",
    };
    notes.add("accessModes", access, vec![key.below("access")]);
    notes.add("resources", "how much it holds; it can grow, never shrink", vec![key.below("size")]);
    notes.add("storageClassName", "asked for", vec![key.below("class")]);
    notes
}

fn spec(lasting: &Lasting) -> PersistentVolumeClaimSpec {
    let Lasting { size, access, class, claim: _, external: _, host: _, per_replica: _ } = lasting;
    let mode = match access {
        Access::Rwo => "ReadWriteOnce",
        Access::Rwx => "ReadWriteMany",
        Access::Rox => "ReadOnlyMany",
    };
    let requests = size.map(|size| BTreeMap::from([("storage".to_owned(), spelling::bytes(size))]));
    PersistentVolumeClaimSpec {
        access_modes: Some(vec![mode.into()]),
        resources: Some(VolumeResourceRequirements { requests, limits: None }),
        storage_class_name: class.clone(),
        ..PersistentVolumeClaimSpec::default()
    }
}
