//! Scratch directories and secret files: volumes, and where they are mounted.

use super::{
    env::{place, place_keys},
    part::Part,
    types::{EmptyDir, Item, Mount, SecretVolume, Volume},
};
use crate::{
    app::{Medium, Scratch, Secret, SecretFile, managed_directory, told},
    targets::names::Names,
    tree::{Notes, Path},
};

/// Volumes of an instance, and their mounts, in one order.
#[derive(Default)]
pub struct Volumes {
    pub volumes: Vec<Volume>,
    pub mounts: Vec<Mount>,
    names: Names,
}

pub fn volumes(part: &Part<'_>, notes: &mut Notes, container_notes: &mut Notes) -> Volumes {
    let mut all = Volumes::default();
    let (app, process) = (part.app, part.process);
    for (i, scratch) in process.security.scratch.iter().enumerate() {
        // What the image has there stays: the file system of Cloud Run can be written as it is.
        if scratch.seed && !part.is_knative() {
            continue;
        }
        let (name, keys) = (all.name(&scratch.path), vec![app.writable_key(process, i)]);
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
        let name = all.name(&format!("secret-{}", secret.name));
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
    all
}

fn item(list: &str, key: &str, value: &str) -> Path {
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

    fn scratch(&mut self, part: &Part<'_>, scratch: &Scratch, name: String) {
        let Scratch { path, size, medium, seed: _ } = scratch;
        let in_memory = !part.is_knative() || *medium == Medium::Memory;
        let empty_dir =
            EmptyDir { medium: in_memory.then(|| "Memory".into()), size_limit: Some(size.to_string().into()) };
        self.volumes.push(Volume { name: name.clone(), empty_dir: Some(empty_dir), ..Volume::default() });
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

/// Neither platform gives the file to a group of the process: it reads what everybody in the instance may.
fn mode(part: &Part<'_>, secret: &Secret, file: &SecretFile) -> u32 {
    let given = part.app.provenance.sets(&part.process.key("secrets").child(&secret.name).child("mode"));
    if given && file.mode & 0o004 != 0 { file.mode } else { 0o444 }
}
