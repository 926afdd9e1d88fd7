//! What a service names is in the file.

use super::services::{mount, names, services, sources};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    rule("a service is in networks that the file has", networks),
    rule("a service has networks of its own, or another's", network_mode),
    rule("a service mounts secrets and configs that the file has", files),
    rule("a service mounts volumes that the file has", volumes),
    rule("a service depends on services that the file has", depends_on),
];

const fn rule(name: &'static str, find: fn(&[At<'_>], &mut Found)) -> Rule {
    Rule {
        name,
        source: "compose-go, loader/validate.go: `docker compose config` refuses it",
        weight: Weight::Invalid,
        find,
    }
}

fn networks(files: &[At<'_>], found: &mut Found) {
    for file in files {
        for (service, at) in services(std::slice::from_ref(file)) {
            for (name, at) in names(&at.key("networks")) {
                if name != "default" && !file.key("networks").key(name).is_set() {
                    found.add(
                        &at,
                        format!("service `{service}` is in the network `{name}`, which the file does not have"),
                    );
                }
            }
        }
    }
}

fn network_mode(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        if at.key("network_mode").is_set() && !names(&at.key("networks")).is_empty() {
            found.add(&at.key("network_mode"), format!("service `{service}` has both `network_mode` and `networks`"));
        }
    }
}

fn files(files: &[At<'_>], found: &mut Found) {
    for file in files {
        for (service, at) in services(std::slice::from_ref(file)) {
            for kind in ["secrets", "configs"] {
                for (name, at) in
                    sources(&at.key(kind)).into_iter().filter(|(name, _)| !file.key(kind).key(name).is_set())
                {
                    found
                        .add(&at, format!("service `{service}` mounts `{name}`, which is not among the file's {kind}"));
                }
            }
        }
    }
}

fn volumes(files: &[At<'_>], found: &mut Found) {
    for file in files {
        for (service, at) in services(std::slice::from_ref(file)) {
            for volume in at.key("volumes").items() {
                let (source, _) = mount(&volume);
                if is_named(&volume, source) && !file.key("volumes").key(source).is_set() {
                    found.add(
                        &volume,
                        format!("service `{service}` mounts the volume `{source}`, which the file does not have"),
                    );
                }
            }
        }
    }
}

/// Whether a mount is of a volume by name, not of a folder, nor of a new volume.
fn is_named(volume: &At<'_>, source: &str) -> bool {
    let kind = volume.key("type").text().unwrap_or("volume");
    kind == "volume" && !source.is_empty() && !source.contains('$') && !source.starts_with(['.', '/', '~'])
}

fn depends_on(files: &[At<'_>], found: &mut Found) {
    let services = services(files);
    for (service, at) in &services {
        for (name, at) in names(&at.key("depends_on")) {
            let Some((_, other)) = services.iter().find(|(other, _)| *other == name) else {
                if !at.key("required").is(false) {
                    found.add(&at, format!("service `{service}` depends on `{name}`, which the file does not have"));
                }
                continue;
            };
            let waits = at.key("condition").text() == Some("service_healthy");
            if waits && other.at("healthcheck.disable").is(true) {
                found.add(&at, format!("service `{service}` waits until `{name}` is healthy, which nobody checks"));
            }
        }
    }
}
