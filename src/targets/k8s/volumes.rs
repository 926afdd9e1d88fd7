//! Scratch directories and secret files: volumes, where they are mounted, and what fills them.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EmptyDirVolumeSource, KeyToPath, SecretVolumeSource, Volume, VolumeMount};

use super::{
    env::{place, place_keys},
    spelling,
    workload::Workload,
};
use crate::{
    app::{Medium, Scratch, Secret, SecretFile, told},
    key::Key,
    tree::{Notes, Path},
};

/// Volumes of a pod, and their mounts in the app's container, in one order.
#[derive(Default)]
pub struct Volumes {
    pub volumes: Vec<Volume>,
    pub mounts: Vec<VolumeMount>,
    /// Volumes that start with what the image has at a path.
    pub seeds: Vec<Seed>,
    /// The names of volumes, each with the number that another volume of that name would get.
    names: BTreeMap<String, usize>,
}

pub struct Seed {
    pub volume: String,
    pub path: String,
    /// Its place in the profile.
    pub key: Key,
}

pub fn volumes(workload: &Workload<'_>, pod_notes: &mut Notes, container_notes: &mut Notes) -> Volumes {
    let mut all = Volumes::default();
    let (app, process) = (workload.app, workload.process);
    for (i, scratch) in process.security.scratch.iter().enumerate() {
        let name = all.name(&scratch.path);
        let keys = vec![app.writable_key(process, i)];
        let reason = match scratch.medium {
            Medium::Disk => "scratch space on the node's disk, bounded, gone with the pod",
            Medium::Memory => "scratch space in memory, which counts as the container's, gone with the pod",
        };
        pod_notes.add(item("volumes", "name", &name), reason, keys.clone());
        container_notes.add(item("volumeMounts", "mountPath", &scratch.path), reason, keys);
        all.scratch(scratch, name, app.writable_key(process, i));
    }
    for secret in &workload.process.secrets {
        let Some(file) = &secret.file else { continue };
        let name = all.name(&format!("secret-{}", secret.name));
        let keys = place_keys(workload, secret);
        let reason =
            told(secret.about.as_deref(), "a file, alone at its path: the directory keeps what the image has there");
        pod_notes.add(item("volumes", "name", &name), reason.clone(), keys.clone());
        container_notes.add(item("volumeMounts", "mountPath", &file.path), reason, keys);
        all.secret(workload, secret, file, name);
    }
    all
}

fn item(list: &str, key: &str, value: &str) -> Path {
    Path::new(list).item(key, value)
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
        let plain = if plain.is_empty() { "volume" } else { plain };
        let Some(next) = self.names.get(plain).copied() else {
            self.names.insert(plain.to_owned(), 2);
            return plain.to_owned();
        };
        let free = |number: &usize| !self.names.contains_key(&format!("{plain}-{number}"));
        let number = (next..).find(free).expect("numbers do not end");
        let name = format!("{plain}-{number}");
        self.names.insert(plain.to_owned(), number + 1);
        self.names.insert(name.clone(), 2);
        name
    }

    fn scratch(&mut self, scratch: &Scratch, name: String, key: Key) {
        let Scratch { path, size, medium, seed } = scratch;
        self.volumes.push(Volume {
            name: name.clone(),
            empty_dir: Some(EmptyDirVolumeSource {
                size_limit: Some(spelling::bytes(*size)),
                medium: (*medium == Medium::Memory).then(|| "Memory".into()),
            }),
            ..Volume::default()
        });
        self.mounts.push(VolumeMount { name: name.clone(), mount_path: path.clone(), ..VolumeMount::default() });
        if *seed {
            self.seeds.push(Seed { volume: name, path: path.clone(), key });
        }
    }

    fn secret(&mut self, workload: &Workload<'_>, secret: &Secret, file: &SecretFile, name: String) {
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
        self.mounts.push(VolumeMount {
            name,
            mount_path: file.path.clone(),
            // The single file: a volume over the whole directory would hide what the image has there.
            sub_path: Some(path),
            read_only: Some(true),
            ..VolumeMount::default()
        });
    }
}
