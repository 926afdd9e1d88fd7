//! `[volumes]`: what outlives a container, and memory and scratch space that do not.

mod names;

use std::collections::BTreeMap;

pub use self::names::check_names;
use super::{Bytes, attached::is_attached, defaults, findings::Findings, labels, resources::amount};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, Access, Directory, VolumeMedium, VolumeName},
};

/// A volume, and where a process mounts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// A DNS-1123 label; the same name is the same volume, whichever process mounts it.
    pub name: String,
    /// Absolute.
    pub path: String,
    pub kind: VolumeKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VolumeKind {
    /// Gone with the container.
    Memory {
        size: Bytes,
    },
    /// On disk, shared by the containers of a pod, and gone with it.
    Scratch {
        size: Bytes,
    },
    Lasting(Lasting),
}

/// What outlives a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasting {
    /// Absent: nobody said, or somebody else knows.
    pub size: Option<Bytes>,
    /// Who can mount it at once.
    pub access: Access,
    /// What makes it in a cluster; absent: the cluster's choice.
    pub class: Option<String>,
    /// What somebody else made in a cluster, by its name.
    pub claim: Option<String>,
    /// Somebody else makes it everywhere.
    pub external: bool,
    /// A folder of a single host.
    pub host: Option<String>,
    /// Each replica has one of its own.
    pub per_replica: bool,
}

impl Volume {
    /// What outlives the container, if it does.
    pub fn lasting(&self) -> Option<&Lasting> {
        match &self.kind {
            VolumeKind::Memory { .. } | VolumeKind::Scratch { .. } => None,
            VolumeKind::Lasting(lasting) => Some(lasting),
        }
    }

    /// Memory that it takes.
    pub fn memory(&self) -> Bytes {
        match self.kind {
            VolumeKind::Memory { size } => size,
            VolumeKind::Scratch { .. } | VolumeKind::Lasting(_) => Bytes(0),
        }
    }

    /// Whether it lies in memory.
    pub fn is_memory(&self) -> bool {
        matches!(self.kind, VolumeKind::Memory { .. })
    }

    /// What it may hold of the disk that a pod has to itself, if it lies there.
    pub fn scratch(&self) -> Option<Bytes> {
        match self.kind {
            VolumeKind::Scratch { size } => Some(size),
            VolumeKind::Memory { .. } | VolumeKind::Lasting(_) => None,
        }
    }
}

/// What volumes may hold of the disk that a container makes room for: what the containers of a pod share is on the
/// process' account (Kubernetes documentation, "Local ephemeral storage": a pod may use what its containers may, in all).
pub fn on_disk(volumes: &[Volume], at: &Key) -> Bytes {
    let own = volumes.iter().filter(|_| !is_attached(at));
    own.filter_map(Volume::scratch).sum()
}

impl Lasting {
    pub fn is_read_only(&self) -> bool {
        self.access == Access::Rox
    }
}

/// The volumes that a process mounts: those that are not for others alone.
pub fn volumes(
    wanted: Option<BTreeMap<VolumeName, profile::Volume>>,
    process: &str,
    at: &Key,
    findings: &mut Findings<'_>,
) -> Vec<Volume> {
    let table = at.below("volumes");
    let mut volumes = Vec::new();
    for (VolumeName(name), wanted) in wanted.unwrap_or_default() {
        let key = table.child(name.clone());
        if wanted.for_.as_ref().is_some_and(|names| names.iter().all(|name| name != process)) {
            in_vain(process, &name, &key, findings);
            continue;
        }
        volumes.extend(volume(name, wanted, &key, findings));
    }
    volumes
}

/// A process that says how it mounts a volume, which is for others alone.
fn in_vain(process: &str, name: &str, key: &Key, findings: &mut Findings<'_>) {
    let shared = Key::new("volumes").child(name);
    let place = |key: &Key| findings.provenance.value(key);
    let own = ["mount", "size", "access", "class", "for", "claim", "external", "host", "medium", "per_replica"]
        .into_iter()
        .map(|field| (key.child(field), shared.child(field)))
        .find(|(own, shared)| findings.provenance.sets(own) && place(own) != place(shared));
    if let Some((own, _)) = own.filter(|_| *key != shared) {
        findings.pair(
            Code::Conflict,
            (&own, "said for nothing"),
            (&key.below("for"), "for others"),
            format!("the volume `{name}` is not for `{process}`"),
            format!("add \"{process}\" to `for`, or drop this"),
        );
    }
}

fn volume(name: String, wanted: profile::Volume, key: &Key, findings: &mut Findings<'_>) -> Option<Volume> {
    check_together(&name, &wanted, key, findings);
    let profile::Volume { mount, size, access, class, for_: _, claim, external, host, medium, per_replica } = wanted;
    let size = size.and_then(|size| amount(&size, &key.below("size"), findings));
    for (field, name) in [("class", &class), ("claim", &claim)] {
        if let Some(name) = name {
            labels::check_object_name(name, 253, &key.child(field), findings);
        }
    }
    if let Some(host) = &host {
        check_host(host, &key.below("host"), findings);
    }
    let Some(Directory(path)) = mount else {
        findings.key(
            Code::MissingKey,
            key,
            format!("the volume `{name}` needs `mount`"),
            "mounted nowhere",
            format!("say where, as in `mount = \"/{name}\"`"),
        );
        return None;
    };
    let kind = match medium {
        Some(VolumeMedium::Memory) => VolumeKind::Memory { size: size.unwrap_or(defaults::SCRATCH) },
        Some(VolumeMedium::Disk) => VolumeKind::Scratch { size: size.unwrap_or(defaults::SCRATCH) },
        None => {
            let external = external.unwrap_or(false);
            VolumeKind::Lasting(Lasting {
                size,
                access: access.unwrap_or(Access::Rwo),
                class,
                claim: claim.or_else(|| external.then(|| name.clone())),
                external,
                host,
                per_replica: per_replica.unwrap_or(false),
            })
        }
    };
    Some(Volume { name, path, kind })
}

/// Keys that exclude each other.
fn check_together(name: &str, wanted: &profile::Volume, key: &Key, findings: &mut Findings<'_>) {
    let profile::Volume { mount: _, size, access, class, for_: _, claim, external, host, medium, per_replica } = wanted;
    let external = *external == Some(true);
    let per_replica = *per_replica == Some(true);
    let set = [
        ("medium", medium.is_some()),
        ("external", external),
        ("claim", claim.is_some()),
        ("size", size.is_some()),
        ("class", class.is_some()),
        ("host", host.is_some()),
        ("per_replica", per_replica),
        ("access", access.is_some()),
    ];
    let is_set = |name: &str| set.iter().any(|(other, set)| *other == name && *set);
    let exclude: [(&str, &[&str], &str); 3] = [
        (
            "medium",
            &["external", "claim", "class", "host", "per_replica", "access"],
            "what has a `medium` is made with each pod, and gone with it",
        ),
        ("external", &["size", "class", "host", "per_replica"], "somebody else makes it, and knows"),
        ("claim", &["size", "class", "per_replica"], "the claim is there already, and says it"),
    ];
    for (one, others, why) in exclude.iter().filter(|(one, ..)| is_set(one)) {
        for other in others.iter().filter(|other| is_set(other)) {
            findings.conflict(
                &key.child(*other),
                &key.child(*one),
                format!("the volume `{name}` cannot have both `{one}` and `{other}`"),
                format!("{why}: drop one of the two"),
            );
        }
    }
    let exists = external || claim.is_some() || host.is_some();
    if *access == Some(Access::Rox) && !exists {
        findings.value(
            Code::BadVolume,
            &key.below("access"),
            format!("nobody could ever write to `{name}`"),
            "made empty, and only read",
            "name the `claim` that holds what is read, or use \"rwx\"",
        );
    }
}

/// A folder that Compose can mount, and no user's home.
fn check_host(host: &str, key: &Key, findings: &mut Findings<'_>) {
    let named = host.starts_with(['/', '.']);
    if !named || host.contains(|c: char| c.is_control() || c == ':') {
        findings.value(
            Code::BadMount,
            key,
            format!("`{host}` is not a folder of the host"),
            "cannot be mounted",
            "write a path from `/` on, or from the Compose file on, as in \"./media\"; without `:`",
        );
    }
}
