//! What must be there: at least one service, its image, and where secrets come from.

use super::{services::services, variables::fixed};
use crate::{
    app::Image,
    targets::check::{At, Found, Rule, Weight},
};

pub const RULES: &[Rule] = &[
    Rule {
        name: "a file has services",
        source: "`docker compose up`: no service selected",
        weight: Weight::Invalid,
        find: any_service,
    },
    rule("a service has an image, or says how one is built", image),
    Rule {
        name: "an image is named by a reference",
        source: "Docker Engine: invalid reference format",
        weight: Weight::Invalid,
        find: reference,
    },
    rule("a secret or config comes from one place", source),
    rule("what exists already is not described", external),
    rule("devices are counted or listed", devices),
    rule("a Dockerfile is a file or a text", dockerfile),
    rule("what is synced has a target", watch),
];

const fn rule(name: &'static str, find: fn(&[At<'_>], &mut Found)) -> Rule {
    Rule {
        name,
        source: "compose-go, loader/validate.go and validation/: `docker compose config` refuses it",
        weight: Weight::Invalid,
        find,
    }
}

fn any_service(files: &[At<'_>], found: &mut Found) {
    for file in files.iter().filter(|file| !file.key("include").is_set()) {
        if file.key("services").entries().next().is_none() {
            found.add(&file.key("services"), "the file has no service");
        }
    }
}

fn image(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let image = at.key("image");
        let other = ["build", "provider", "extends"].iter().any(|key| at.key(key).is_set());
        if !other && image.text().is_none_or(str::is_empty) {
            found.add(&image, format!("service `{service}` has no image"));
        }
    }
}

fn reference(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let at = at.key("image");
        let image = at.text().filter(|image| !image.is_empty()).and_then(fixed);
        if let Some(image) = image.filter(|image| Image::parse(image).is_none()) {
            found.add(&at, format!("the image of `{service}`, `{image}`, is not an image reference"));
        }
    }
}

const SOURCES: &[(&str, &[&str])] =
    &[("secrets", &["file", "environment"]), ("configs", &["file", "environment", "content"])];

fn source(files: &[At<'_>], found: &mut Found) {
    for file in files {
        for (kind, keys) in SOURCES {
            for (name, at) in file.key(kind).entries().filter(|(_, at)| !is_external(at)) {
                let count = keys.iter().filter(|key| at.key(key).is_set()).count();
                // A driver of its own may know where a config comes from; of a secret Compose wants to know.
                let is_driven = *kind == "configs" && at.key("driver").is_set();
                if count > 1 || count == 0 && !is_driven {
                    let help = format!("give it one of {}", keys.join(", "));
                    found.add_with(&at, format!("`{name}` of the {kind} comes from {count} places"), Some(help));
                }
            }
        }
    }
}

fn is_external(at: &At<'_>) -> bool {
    at.key("external").is_set() && !at.key("external").is(false)
}

fn external(files: &[At<'_>], found: &mut Found) {
    for (name, at) in files.iter().flat_map(|file| file.key("volumes").entries()).filter(|(_, at)| is_external(at)) {
        for key in ["driver", "driver_opts", "labels"].iter().filter(|key| at.key(key).is_set()) {
            found.add(&at.key(key), format!("the volume `{name}` exists already: its `{key}` cannot be said here"));
        }
    }
}

fn devices(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let reserved = at.at("deploy.resources.reservations.devices");
        for at in reserved.items().chain(at.key("gpus").items()) {
            if at.key("count").is_set() && at.key("device_ids").is_set() {
                found.add(&at.key("count"), format!("devices of `{service}` have both `count` and `device_ids`"));
            }
        }
    }
}

fn dockerfile(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let build = at.key("build");
        if build.key("dockerfile").is_set() && build.key("dockerfile_inline").is_set() {
            let title = format!("service `{service}` has both `dockerfile` and `dockerfile_inline`");
            found.add(&build.key("dockerfile_inline"), title);
        }
    }
}

fn watch(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for at in at.at("develop.watch").items() {
            let is_copied = !matches!(at.key("action").text(), Some("rebuild" | "restart"));
            if is_copied && !at.key("target").is_set() {
                found.add(&at.key("target"), format!("service `{service}` is synced without a target"));
            }
        }
    }
}
