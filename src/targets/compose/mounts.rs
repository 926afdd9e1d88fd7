//! Scratch directories, volumes, secret files, and the folders of a developer.

use docker_compose_types::{AdvancedSecrets, AdvancedVolumes, Bind, Secrets, Tmpfs, Volume as InVolume, Volumes};

use super::{files, service::Part, spelling, storage};
use crate::{
    app::{Bytes, Lasting, Runtime, Scratch, Secret, Synced, User, Volume, VolumeKind, told},
    key::Key,
    problem::{Code, Problem},
    tree::Path,
};

/// Memory that scratch directories and volumes may take: on Compose all of the former lie in memory.
pub fn in_memory(part: &Part<'_>) -> Bytes {
    let scratch = part.process.security.scratch.iter().filter(|scratch| !scratch.seed).map(|scratch| scratch.size);
    scratch.chain([part.process.volumes_in_memory()]).sum()
}

pub fn tmpfs(part: &mut Part<'_>) -> Option<Tmpfs> {
    let process = part.process;
    let scratch = process.security.scratch.iter().filter(|scratch| !scratch.seed);
    let scratch = scratch.map(|Scratch { path, size, medium: _, seed: _ }| (path, *size));
    let volumes = process.volumes.iter().filter_map(|Volume { name: _, path, kind }| match kind {
        VolumeKind::Memory { size } => Some((path, *size)),
        VolumeKind::Scratch { .. } | VolumeKind::Lasting(_) => None,
    });
    let all: Vec<_> = scratch.chain(volumes).collect();
    let owned = if all.iter().any(|(path, _)| is_owned(path)) { process.keys(&["uid", "gid"]) } else { Vec::new() };
    let volumes = part.app.volume_keys(process, "medium", Volume::is_memory);
    let because = [process.keys(&["security.writable"]), volumes, owned].concat();
    part.notes.add("tmpfs", "scratch space in memory, bounded, gone with the container", because);
    let list = all.iter().map(|(path, size)| {
        let size = if size.0.is_multiple_of(1 << 20) { format!("{}m", size.0 >> 20) } else { size.0.to_string() };
        let owner = if is_owned(path) { owner(process.user) } else { String::new() };
        format!("{}:rw,noexec,nosuid,nodev,size={size},mode=1777{owner}", spelling::literal(path))
    });
    Some(list.collect::<Vec<_>>()).filter(|list| !list.is_empty()).map(Tmpfs::List)
}

/// Whether a tmpfs has to belong to somebody. runc before 1.2 gives it the mode of the folder below it in the image,
/// whatever `mode` says (libcontainer/rootfs_linux.go): 0755 of root would keep everybody else out. In every image /tmp
/// is for all.
fn is_owned(path: &str) -> bool {
    path != "/tmp"
}

fn owner(user: User) -> String {
    let User { uid, gid } = user;
    let owners = [("uid", uid), ("gid", gid)].into_iter();
    owners.filter_map(|(name, number)| Some(format!(",{name}={}", number?))).collect()
}

/// Volumes, in long form: Docker fills a new anonymous one with what the image has at its place.
pub fn volumes(part: &mut Part<'_>, problems: &mut Vec<Problem>) -> Vec<Volumes> {
    let mut volumes = lasting(part);
    volumes.extend(files::volumes(part));
    let seeded = part.process.security.scratch.iter().enumerate().filter(|(_, scratch)| scratch.seed);
    for (i, scratch) in seeded {
        let reason = "scratch space that starts with what the image has there; it has no bound, and outlives the \
                      container unless `up` gets -V";
        let target = spelling::literal(&scratch.path);
        let key = part.app.writable_key(part.process, i);
        problems.push(outlives(part, scratch, &key));
        part.notes.add(at(&target), reason, vec![key]);
        volumes.push(Volumes::Advanced(volume("volume", None, target)));
    }
    if part.runtime == Runtime::Dev {
        volumes.extend(developer(part));
    }
    volumes
}

/// Volumes that outlive the container, or that several containers share.
fn lasting(part: &mut Part<'_>) -> Vec<Volumes> {
    let mut volumes = Vec::new();
    for one in &part.process.volumes {
        if one.is_memory() {
            continue;
        }
        let target = spelling::literal(&one.path);
        let read_only = one.lasting().is_some_and(Lasting::is_read_only);
        let mounted = AdvancedVolumes { read_only, ..volume("volume", None, target.clone()) };
        let mut because = vec![part.process.volume_key(one)];
        let (reason, mounted) = match one.lasting().and_then(|lasting| lasting.host.as_ref()) {
            Some(host) => {
                // Docker would make a missing one, and it would be root's.
                let bind = Bind { create_host_path: Some(false), ..Bind::default() };
                let source = Some(spelling::literal(host));
                ("a folder of the host", AdvancedVolumes { source, _type: "bind".into(), bind: Some(bind), ..mounted })
            }
            None => {
                let source = storage::source(part.app, part.pod(), one);
                // What the image has at its place would come with the image's owner.
                let given = storage::gives(part, &source).then_some(InVolume { nocopy: Some(true), subpath: None });
                because.extend(part.process.keys(&["uid", "gid"]));
                because.extend(storage::source_keys(part.pod(), one));
                let reason = match one.scratch() {
                    Some(_) => "scratch space that the containers of the process share; it stays until `down -v`",
                    None => "outlives the container",
                };
                (reason, AdvancedVolumes { source: Some(source), volume: given, ..mounted })
            }
        };
        part.notes.add(at(&target), reason, because);
        volumes.push(Volumes::Advanced(mounted));
    }
    volumes
}

/// Compose gives the anonymous volumes of a container to its successor unless `up` gets `--renew-anon-volumes`
/// (Docker Compose, `docker compose up`), and Docker fills only new ones. It knows no bound for them either.
fn outlives(part: &Part<'_>, scratch: &Scratch, key: &Key) -> Problem {
    let Scratch { path, size: _, medium: _, seed: _ } = scratch;
    Problem::new(Code::SeedOutlives, format!("on Compose `{path}` keeps what the first image had there"))
        .at(part.app.provenance.value(&key.below("seed")), "a volume without bound, handed on to the next container")
        .help(
            "after a new image, start with `docker compose up --renew-anon-volumes`; the folder belongs to whom the \
             image gives it, so let the image give it to `uid`",
        )
}

fn developer(part: &mut Part<'_>) -> Vec<Volumes> {
    let mut volumes = Vec::new();
    let (process, dev) = (part.process, &part.process.dev);
    // Nobody copies anything into what has ended.
    let (watched, by) = match part.once {
        None => (dev.watch, process.keys(&["dev.watch"])),
        Some(_) => (false, Vec::new()),
    };
    let by = [by, part.app.sync_keys(process), part.app.context_keys(process)].concat();
    for Synced { source, target } in part.app.synced(process).into_iter().filter(|_| !watched) {
        let (source, target) = (spelling::literal(&source), spelling::literal(&target));
        part.notes.add(at(&target), "the code as it is edited", by.clone());
        volumes.push(Volumes::Advanced(volume("bind", Some(source), target)));
    }
    for (source, target) in &dev.mounts {
        let (source, target) = (spelling::literal(source), spelling::literal(target));
        let (reason, because) = match part.app.sets(process, "dev.mounts") {
            true => ("asked for", process.keys(&["dev.mounts"])),
            false => ("the project as it is edited", part.app.first_set_of(process, "dev.mounts", "build.source")),
        };
        part.notes.add(at(&target), reason, because);
        volumes.push(Volumes::Advanced(volume("bind", Some(source), target)));
    }
    volumes
}

fn at(target: &str) -> Path {
    Path::new("volumes").item("target", target)
}

fn volume(type_: &str, source: Option<String>, target: String) -> AdvancedVolumes {
    AdvancedVolumes { source, target, _type: type_.into(), read_only: false, bind: None, volume: None, tmpfs: None }
}

/// Secrets as files. Compose mounts them as they are on the host: the mode of the profile is Kubernetes' alone.
pub fn secrets(part: &mut Part<'_>) -> Option<Secrets> {
    let mut list = Vec::new();
    for secret in &part.process.secrets {
        let Secret { name, about, from: _, file, optional: _ } = secret;
        let Some(file) = file else { continue };
        let key = part.process.key("secrets").child(name);
        part.notes.add(
            Path::new("secrets").item("source", name),
            told(about.as_deref(), "a file, alone at its path: the directory keeps what the image has there"),
            vec![key],
        );
        list.push(AdvancedSecrets {
            source: name.clone(),
            target: Some(spelling::literal(&file.path)),
            uid: None,
            gid: None,
            mode: None,
        });
    }
    Some(list).filter(|list| !list.is_empty()).map(Secrets::Advanced)
}
