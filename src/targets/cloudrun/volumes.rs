//! Scratch directories, what containers share, and secret files: volumes, and where they are mounted.

use std::collections::BTreeMap;

use super::{
    env::{place, place_keys},
    part::Part,
    types::{EmptyDir, Item, Mount, SecretVolume, Volume},
};
use crate::{
    app::{self, Bytes, Medium, Scratch, Secret, SecretFile, VolumeKind, managed_directory, told},
    targets::names::Names,
    tree::{Notes, Path},
};

/// Volumes of an instance.
#[derive(Default)]
pub struct Volumes {
    pub volumes: Vec<Volume>,
    /// Of the container whose turn it is.
    mounts: Vec<Mount>,
    names: Names,
    /// What the volumes of the profile are called in the instance, where its containers share them.
    shared: BTreeMap<String, String>,
}

/// What a container mounts, in the order of its volumes, which are added to those of the instance.
pub fn mounts(part: &Part<'_>, all: &mut Volumes, notes: &mut Notes, container_notes: &mut Notes) -> Vec<Mount> {
    let (app, process) = (part.app, part.process);
    for volume in &process.volumes {
        all.shared(part, volume, notes, container_notes);
    }
    for (i, scratch) in process.security.scratch.iter().enumerate() {
        // What the image has there stays: the file system of Cloud Run can be written as it is.
        if scratch.seed && !part.is_knative() {
            continue;
        }
        let (name, keys) = (all.name(&called(part, &scratch.path)), vec![app.writable_key(process, i)]);
        let reason = match (part.is_knative(), scratch.medium) {
            (true, Medium::Disk) => "scratch space on the node's disk, bounded, gone with the instance",
            (true, Medium::Memory) => {
                "scratch space in memory, which counts as the container's, gone with the instance"
            }
            (false, _) => "scratch space, bounded: what is written lies in the memory of the instance",
        };
        notes.add(item("volumes", "name", &name), reason, keys.clone());
        container_notes.add(item("volumeMounts", "mountPath", &scratch.path), reason, keys);
        all.scratch(part, scratch, name);
    }
    for secret in &process.secrets {
        let Some(file) = &secret.file else { continue };
        let name = all.name(&called(part, &format!("secret-{}", secret.name)));
        let keys = place_keys(part, secret);
        let (path, reason) = match part.is_knative() {
            true => (file.path.as_str(), "a file, alone at its path: the directory keeps what the image has there"),
            false => (managed_directory(&file.path), "a file, with its directory: the platform mounts nothing smaller"),
        };
        let reason = told(secret.about.as_deref(), reason);
        notes.add(item("volumes", "name", &name), reason.clone(), keys.clone());
        container_notes.add(item("volumeMounts", "mountPath", path), reason, keys);
        all.secret(part, secret, file, name);
    }
    std::mem::take(&mut all.mounts)
}

/// What a volume is called after: of another's container, also whose it is.
fn called(part: &Part<'_>, what: &str) -> String {
    match part.host {
        Some(_) => format!("{}-{}", part.process.name, what.trim_matches('/')),
        None => what.to_owned(),
    }
}

fn item(list: &'static str, key: &'static str, value: &str) -> Path {
    Path::new(list).item(key, value)
}

impl Volumes {
    /// A DNS label out of a path, unlike any other volume's.
    fn name(&mut self, text: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let plain: String = text.chars().map(plain).take(50).collect();
        let plain = plain.trim_matches('-');
        self.names.unique(if plain.is_empty() { "volume" } else { plain })
    }

    /// What the containers of an instance share. What would outlive it is refused before anything is rendered.
    fn shared(&mut self, part: &Part<'_>, volume: &app::Volume, notes: &mut Notes, container_notes: &mut Notes) {
        let (size, medium, reason) = match (&volume.kind, part.is_knative()) {
            (VolumeKind::Memory { size }, true) => {
                (size, Medium::Memory, "memory, which counts as the container's, gone with the instance")
            }
            (VolumeKind::Scratch { size }, true) => {
                (size, Medium::Disk, "the node's disk, bounded, shared in the instance and gone with it")
            }
            (VolumeKind::Memory { size } | VolumeKind::Scratch { size }, false) => {
                (size, Medium::Memory, "memory of the instance, which its containers share, and which is gone with it")
            }
            (VolumeKind::Lasting(_), _) => return,
        };
        let is_there = self.shared.contains_key(&volume.name);
        let name = match self.shared.get(&volume.name) {
            Some(name) => name.clone(),
            None => self.name(&volume.name),
        };
        self.shared.insert(volume.name.clone(), name.clone());
        let keys = vec![part.process.volume_key(volume)];
        container_notes.add(item("volumeMounts", "mountPath", &volume.path), reason, keys.clone());
        self.mounts.push(Mount { name: name.clone(), mount_path: volume.path.clone(), ..Mount::default() });
        if !is_there {
            notes.add(item("volumes", "name", &name), reason, keys);
            self.volumes.push(empty(part, name, *size, medium));
        }
    }

    fn scratch(&mut self, part: &Part<'_>, scratch: &Scratch, name: String) {
        let Scratch { path, size, medium, seed: _ } = scratch;
        self.volumes.push(empty(part, name.clone(), *size, *medium));
        self.mounts.push(Mount { name, mount_path: path.clone(), ..Mount::default() });
    }

    fn secret(&mut self, part: &Part<'_>, secret: &Secret, file: &SecretFile, name: String) {
        let (object, key) = place(part, secret);
        let knative = part.is_knative();
        let path = file.path.rsplit('/').next().unwrap_or(&file.path).to_owned();
        let source = SecretVolume {
            secret_name: object,
            items: Some(vec![Item { key, path: path.clone(), mode: None }]),
            default_mode: Some(mode(part, secret, file).into()),
            optional: (knative && secret.optional).then_some(true),
        };
        self.volumes.push(Volume { name: name.clone(), secret: Some(source), ..Volume::default() });
        let mount_path = if knative { file.path.as_str() } else { managed_directory(&file.path) };
        self.mounts.push(Mount {
            name,
            mount_path: mount_path.to_owned(),
            // The single file: a volume over the whole directory would hide what the image has there.
            sub_path: knative.then_some(path),
            read_only: knative.then_some(true),
        });
    }
}

/// Space that is empty at first; on Cloud Run in memory, whatever it is elsewhere (Cloud Run documentation, "Configure
/// in-memory volumes for services").
fn empty(part: &Part<'_>, name: String, size: Bytes, medium: Medium) -> Volume {
    let in_memory = !part.is_knative() || medium == Medium::Memory;
    let empty_dir = EmptyDir { medium: in_memory.then(|| "Memory".into()), size_limit: Some(size.to_string().into()) };
    Volume { name, empty_dir: Some(empty_dir), ..Volume::default() }
}

/// Neither platform gives the file to a group of the process: it reads what everybody in the instance may.
fn mode(part: &Part<'_>, secret: &Secret, file: &SecretFile) -> u32 {
    let given = part.app.provenance.sets(&part.process.key("secrets").child(&secret.name).below("mode"));
    if given && file.mode & 0o004 != 0 { file.mode } else { 0o444 }
}
