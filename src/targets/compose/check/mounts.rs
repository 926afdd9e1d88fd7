//! One thing at each path of a container.

use super::services::{Mount, is_yes, mount, services, sources, texts};
use crate::targets::check::{At, Found, Rule, Weight, twice};

pub const RULES: &[Rule] = &[
    Rule {
        name: "a mount has a target, and a source where its kind needs one",
        source: "compose-go, format/volume.go: `docker compose config` refuses it",
        weight: Weight::Invalid,
        find: parts,
    },
    Rule {
        name: "nothing is mounted where something else is",
        source: "Docker Engine: duplicate mount point",
        weight: Weight::Invalid,
        find: paths,
    },
    Rule {
        name: "a read-only service mounts secrets and configs from files",
        source: "docker/compose#12531: others are copied into the container, which fails",
        weight: Weight::Invalid,
        find: copied,
    },
];

fn parts(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for volume in at.key("volumes").items() {
            let Mount { source, target, options } = mount(&volume);
            let wrong = match volume.text() {
                Some(text) => {
                    let is_empty = target.is_empty() || text.starts_with(':') || text.ends_with(':');
                    is_empty || options.contains(':') || target.starts_with(':')
                }
                None => target.is_empty() || source.is_empty() && volume.key("type").text() == Some("bind"),
            };
            if wrong {
                let help = "write `source:target`, or `{ type, source, target }`";
                let shown = volume.text().unwrap_or(target);
                let message = format!("the mount `{shown}` of `{service}` lacks a part, or has too many");
                found.add_with(&volume, message, Some(help.into()));
            }
        }
    }
}

fn paths(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let volumes = at.key("volumes").items().map(|volume| (mount(&volume).target.to_owned(), volume));
        let scratch = texts(&at.key("tmpfs")).into_iter();
        let scratch = scratch.map(|(text, at)| (text.split(':').next().unwrap_or_default().to_owned(), at));
        let mut mounted: Vec<(String, At<'_>)> = volumes.chain(scratch).collect();
        for (kind, folder) in [("secrets", "/run/secrets/"), ("configs", "/")] {
            mounted.extend(sources(&at.key(kind)).into_iter().map(|(source, at)| {
                let target = at.key("target").text().unwrap_or(source);
                let path = if target.starts_with('/') { target.to_owned() } else { format!("{folder}{target}") };
                (path, at)
            }));
        }
        let trimmed = |path: String| path.trim_end_matches('/').to_owned();
        for (path, at) in twice(mounted.into_iter().map(|(path, at)| (trimmed(path), at))) {
            found.add(&at, format!("service `{service}` has two mounts at `{path}`"));
        }
    }
}

fn copied(files: &[At<'_>], found: &mut Found) {
    for file in files {
        let read_only = services(std::slice::from_ref(file)).into_iter().filter(|(_, at)| is_yes(&at.key("read_only")));
        for (service, at) in read_only {
            for (kind, name, at) in ["secrets", "configs"]
                .iter()
                .flat_map(|kind| sources(&at.key(kind)).into_iter().map(move |(name, at)| (kind, name, at)))
            {
                let source = file.key(kind).key(name);
                if source.key("environment").is_set() || source.key("content").is_set() {
                    found.add(&at, format!("service `{service}` is read-only, and `{name}` would be copied into it"));
                }
            }
        }
    }
}
