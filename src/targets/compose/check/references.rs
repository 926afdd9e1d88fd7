//! What a service names is in the file.

use super::{
    services::{is_yes, mount, names, services, sources, texts},
    variables::fixed,
};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    rule("a service has networks of its own, or another's", network_mode),
    rule("what a service uses is among what the file has", used),
    rule("a service mounts volumes that the file has", volumes),
    rule("a service depends on services that the file has", services_named),
    rule("no service waits for itself", circles),
    rule("who waits for a healthy service waits for one that is checked", healthy),
];

const fn rule(name: &'static str, find: fn(&[At<'_>], &mut Found)) -> Rule {
    Rule {
        name,
        source: "compose-go, loader/validate.go: `docker compose config` refuses it",
        weight: Weight::Invalid,
        find,
    }
}

/// Whether a file has something of this name. What a variable names, or another file may have, is not looked for.
fn has(file: &At<'_>, kind: &str, name: &str) -> bool {
    file.key(kind).key(name).is_set() || file.key("include").items().next().is_some() || fixed(name).is_none()
}

fn network_mode(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        if at.key("network_mode").is_set() && !names(&at.key("networks")).is_empty() {
            found.add(&at.key("network_mode"), format!("service `{service}` has both `network_mode` and `networks`"));
        }
    }
}

/// Where a service names something, what of, and how.
type Use = (&'static str, &'static str, for<'a> fn(&At<'a>) -> Vec<(&'a str, At<'a>)>);

const USES: &[Use] = &[
    ("networks", "networks", names),
    ("secrets", "secrets", sources),
    ("configs", "configs", sources),
    ("models", "models", names),
    ("build.secrets", "secrets", sources),
];

fn used(files: &[At<'_>], found: &mut Found) {
    for file in files {
        for (service, at) in services(std::slice::from_ref(file)) {
            for (place, kind, named) in USES {
                for (name, at) in named(&at.at(place)) {
                    let is_own = *kind == "networks" && name == "default";
                    if !is_own && !has(file, kind, name) {
                        found.add(&at, format!("service `{service}` uses `{name}`, which is not among the {kind}"));
                    }
                }
            }
        }
    }
}

fn volumes(files: &[At<'_>], found: &mut Found) {
    for file in files {
        for (service, at) in services(std::slice::from_ref(file)) {
            for volume in at.key("volumes").items() {
                let source = mount(&volume).source;
                if is_named(&volume, source) && !has(file, "volumes", source) {
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
    kind == "volume" && !source.is_empty() && !source.starts_with(['.', '/', '~'])
}

/// Where a service names other services, each with the name.
fn others<'a>(service: &At<'a>) -> Vec<(&'a str, At<'a>)> {
    let before_colon = |(text, at): (&'a str, At<'a>)| (text.split(':').next().unwrap_or_default(), at);
    let is_container = |text: &str| text.starts_with("container:");
    let mut others = names(&service.key("depends_on"));
    others.extend(texts(&service.key("links")).into_iter().map(before_colon));
    let from = texts(&service.key("volumes_from")).into_iter();
    others.extend(from.filter(|(text, _)| !is_container(text)).map(before_colon));
    for key in ["network_mode", "pid", "ipc", "uts"] {
        let at = service.key(key);
        others.extend(at.text().and_then(|text| text.strip_prefix("service:")).map(|name| (name, at)));
    }
    let contexts = service.at("build.additional_contexts");
    for at in contexts.entries().map(|(_, at)| at).chain(contexts.items()) {
        let context = at.text().map(|text| text.split_once('=').map_or(text, |(_, context)| context));
        others.extend(context.and_then(|text| text.strip_prefix("service:")).map(|name| (name, at)));
    }
    let extends = service.key("extends");
    if !extends.key("file").is_set() {
        let by_name = extends.key("service");
        others.extend([extends, by_name].into_iter().filter_map(|at| Some((at.text()?, at))));
    }
    others
}

fn services_named(files: &[At<'_>], found: &mut Found) {
    for file in files {
        for (service, at) in services(std::slice::from_ref(file)) {
            for (name, at) in others(&at).into_iter().filter(|(name, _)| !has(file, "services", name)) {
                found.add(&at, format!("service `{service}` depends on `{name}`, which the file does not have"));
            }
        }
    }
}

fn circles(files: &[At<'_>], found: &mut Found) {
    let services = services(files);
    let next = |name: &str| services.iter().find(|(other, _)| *other == name).map_or(Vec::new(), |(_, at)| others(at));
    for (service, at) in &services {
        for (name, at) in others(at) {
            let (mut reached, mut seen) = (vec![name], Vec::new());
            while let Some(name) = reached.pop().filter(|_| !seen.contains(service)) {
                if !seen.contains(&name) {
                    seen.push(name);
                    reached.extend(next(name).into_iter().map(|(name, _)| name));
                }
            }
            if seen.contains(service) {
                found.add(&at, format!("service `{service}` waits for `{name}`, and so for itself"));
            }
        }
    }
}

fn healthy(files: &[At<'_>], found: &mut Found) {
    let services = services(files);
    for (service, at) in &services {
        for (name, at) in names(&at.key("depends_on")) {
            let other = services.iter().find(|(other, _)| *other == name);
            let waits = at.key("condition").text() == Some("service_healthy");
            if waits && other.is_some_and(|(_, other)| is_yes(&other.at("healthcheck.disable"))) {
                found.add(&at, format!("service `{service}` waits until `{name}` is healthy, which nobody checks"));
            }
        }
    }
}
