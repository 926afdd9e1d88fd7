//! Volumes of a pod, where they are mounted, and what fills them: scratch directories, what outlives pods, secrets and
//! files.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, EmptyDirVolumeSource, KeyToPath, PersistentVolumeClaimVolumeSource, SecretVolumeSource,
    Volume, VolumeMount,
};

use super::{
    claims, config_map,
    env::{place, place_keys},
    preview, spelling,
    workload::Workload,
};
use crate::{
    app::{self, Bytes, Lasting, Medium, Scratch, Secret, SecretFile, VolumeKind, told},
    key::Key,
    targets::names::Names,
    tree::{Notes, Path},
};

/// Volumes of a pod.
#[derive(Default)]
pub struct Volumes {
    pub volumes: Vec<Volume>,
    /// Of the container whose turn it is.
    mounts: Vec<VolumeMount>,
    seeds: Vec<Seed>,
    names: Names,
    /// What the volumes of the profile are called in the pod, where its containers share them.
    shared: BTreeMap<String, String>,
}

/// What one container mounts, in the order of its volumes.
pub struct Mounts {
    pub mounts: Vec<VolumeMount>,
    /// Volumes that start with what the image has at a path.
    pub seeds: Vec<Seed>,
}

pub struct Seed {
    pub volume: String,
    pub path: String,
    /// Its place in the profile.
    pub key: Key,
}

/// Adds to the volumes of a pod what one of its containers mounts.
pub fn volumes(
    workload: &Workload<'_>,
    all: &mut Volumes,
    pod_notes: &mut Notes,
    container_notes: &mut Notes,
) -> Mounts {
    // First, since a StatefulSet makes claims of these very names.
    for volume in &workload.process.volumes {
        all.lasting(workload, volume, pod_notes, container_notes);
    }
    for (i, scratch) in workload.process.security.scratch.iter().enumerate() {
        all.scratch(workload, scratch, i, pod_notes, container_notes);
    }
    for secret in &workload.process.secrets {
        if let Some(file) = &secret.file {
            all.secret(workload, secret, file, pod_notes, container_notes);
        }
    }
    all.files(workload, pod_notes, container_notes);
    Mounts { mounts: std::mem::take(&mut all.mounts), seeds: std::mem::take(&mut all.seeds) }
}

/// What a volume is called after: of another's container, also whose it is.
fn called(workload: &Workload<'_>, what: &str) -> String {
    match workload.host {
        Some(_) => format!("{}-{}", workload.process.name, what.trim_matches('/')),
        None => what.to_owned(),
    }
}

fn item(list: &'static str, key: &'static str, value: &str) -> Path {
    Path::new(list).item(key, value)
}

fn disk(size: Bytes) -> EmptyDirVolumeSource {
    EmptyDirVolumeSource { size_limit: Some(spelling::bytes(size)), medium: None }
}

fn memory(size: Bytes) -> EmptyDirVolumeSource {
    EmptyDirVolumeSource { size_limit: Some(spelling::bytes(size)), medium: Some("Memory".into()) }
}

impl Volumes {
    /// A DNS label out of a path, unlike any other volume's.
    fn name(&mut self, text: &str) -> String {
        let plain: String = text
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .take(50)
            .collect();
        let plain = plain.trim_matches('-');
        self.names.unique(if plain.is_empty() { "volume" } else { plain })
    }

    fn lasting(
        &mut self,
        workload: &Workload<'_>,
        volume: &app::Volume,
        pod_notes: &mut Notes,
        container_notes: &mut Notes,
    ) {
        let app::Volume { name: _, path, kind } = volume;
        let is_there = self.shared.contains_key(&volume.name);
        let name = match self.shared.get(&volume.name) {
            Some(name) => name.clone(),
            None => self.name(&volume.name),
        };
        self.shared.insert(volume.name.clone(), name.clone());
        let key = workload.process.volume_key(volume);
        let (reason, read_only) = match kind {
            VolumeKind::Memory { .. } => ("memory, which counts as the container's, gone with the pod", false),
            VolumeKind::Scratch { .. } => ("the node's disk, bounded, shared in the pod and gone with it", false),
            VolumeKind::Lasting(Lasting { per_replica: true, .. }) => ("the replica's own, whatever pod it is", false),
            VolumeKind::Lasting(lasting) => ("outlives the pod", lasting.is_read_only()),
        };
        container_notes.add(item("volumeMounts", "mountPath", path), reason, vec![key.clone()]);
        self.mounts.push(VolumeMount {
            name: name.clone(),
            mount_path: path.clone(),
            sub_path: preview::folder(workload, volume).map(Into::into),
            read_only: read_only.then_some(true),
            ..VolumeMount::default()
        });
        if is_there {
            return;
        }
        let source = match kind {
            VolumeKind::Memory { size } => Volume { empty_dir: Some(memory(*size)), ..Volume::default() },
            VolumeKind::Scratch { size } => Volume { empty_dir: Some(disk(*size)), ..Volume::default() },
            // The StatefulSet adds it.
            VolumeKind::Lasting(Lasting { per_replica: true, .. }) => return,
            VolumeKind::Lasting(lasting) => Volume {
                persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
                    claim_name: claims::claim_name(workload.app, volume, lasting),
                    read_only: read_only.then_some(true),
                }),
                ..Volume::default()
            },
        };
        let mut because = vec![key];
        because.extend(volume.lasting().is_some_and(|lasting| lasting.claim.is_none()).then(|| Key::new("name")));
        pod_notes.add(item("volumes", "name", &name), reason, because);
        self.volumes.push(Volume { name, ..source });
    }

    fn scratch(
        &mut self,
        workload: &Workload<'_>,
        scratch: &Scratch,
        index: usize,
        pod_notes: &mut Notes,
        container_notes: &mut Notes,
    ) {
        let Scratch { path, size, medium, seed } = scratch;
        let name = self.name(&called(workload, path));
        let key = workload.app.writable_key(workload.process, index);
        let (reason, source) = match medium {
            Medium::Disk => ("scratch space on the node's disk, bounded, gone with the pod", disk(*size)),
            Medium::Memory => {
                ("scratch space in memory, which counts as the container's, gone with the pod", memory(*size))
            }
        };
        pod_notes.add(item("volumes", "name", &name), reason, vec![key.clone()]);
        container_notes.add(item("volumeMounts", "mountPath", path), reason, vec![key.clone()]);
        self.volumes.push(Volume { name: name.clone(), empty_dir: Some(source), ..Volume::default() });
        self.mounts.push(VolumeMount { name: name.clone(), mount_path: path.clone(), ..VolumeMount::default() });
        if *seed {
            self.seeds.push(Seed { volume: name, path: path.clone(), key });
        }
    }

    fn secret(
        &mut self,
        workload: &Workload<'_>,
        secret: &Secret,
        file: &SecretFile,
        pod_notes: &mut Notes,
        container_notes: &mut Notes,
    ) {
        let name = self.name(&called(workload, &format!("secret-{}", secret.name)));
        let keys = place_keys(workload, secret);
        let reason =
            told(secret.about.as_deref(), "a file, alone at its path: the directory keeps what the image has there");
        pod_notes.add(item("volumes", "name", &name), reason.clone(), keys.clone());
        container_notes.add(item("volumeMounts", "mountPath", &file.path), reason, keys);
        let (object, key) = place(workload, secret);
        let path = file.path.rsplit('/').next().unwrap_or(&file.path).to_owned();
        self.volumes.push(Volume {
            name: name.clone(),
            secret: Some(SecretVolumeSource {
                secret_name: Some(object),
                items: Some(vec![KeyToPath { key, path: path.clone(), ..KeyToPath::default() }]),
                default_mode: i32::try_from(file.mode).ok(),
                optional: secret.optional.then_some(true),
            }),
            ..Volume::default()
        });
        self.mounts.push(single(name, &file.path, path));
    }

    /// One volume of all files, each mounted alone.
    fn files(&mut self, workload: &Workload<'_>, pod_notes: &mut Notes, container_notes: &mut Notes) {
        let files = config_map::keyed(workload);
        if files.is_empty() {
            return;
        }
        let name = self.name(&called(workload, "files"));
        let because = [workload.process.keys(&["files"]), vec![Key::new("name")]].concat();
        pod_notes.add(item("volumes", "name", &name), "the files of this workload", because);
        for (key, file) in files {
            let reason = "a file, alone at its path: the directory keeps what the image has there";
            let at = item("volumeMounts", "mountPath", &file.path);
            container_notes.add(at, reason, vec![workload.process.file_key(file)]);
            self.mounts.push(single(name.clone(), &file.path, key));
        }
        let source = ConfigMapVolumeSource { name: config_map::name(workload), ..ConfigMapVolumeSource::default() };
        self.volumes.push(Volume { name, config_map: Some(source), ..Volume::default() });
    }
}

/// The single file: a volume over the whole directory would hide what the image has there.
fn single(volume: String, path: &str, file: String) -> VolumeMount {
    VolumeMount {
        name: volume,
        mount_path: path.to_owned(),
        sub_path: Some(file),
        read_only: Some(true),
        ..VolumeMount::default()
    }
}
