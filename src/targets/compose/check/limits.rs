//! Amounts and times that have to fit each other.

use super::services::{replicas, services};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    Rule {
        name: "`start_interval` comes with `start_period`",
        source: "Docker Compose, pkg/compose/convert.go: `up` refuses it",
        weight: Weight::Invalid,
        find: start_interval,
    },
    Rule {
        name: "a health check says how it asks",
        source: "Compose specification, healthcheck.test",
        weight: Weight::Invalid,
        find: test,
    },
    Rule {
        name: "a limit is set in one place",
        source: "compose-go, loader/validate.go: can't set distinct values",
        weight: Weight::Invalid,
        find: distinct,
    },
    Rule {
        name: "only one container can have a name",
        source: "compose-go, loader/validate.go",
        weight: Weight::Invalid,
        find: container_name,
    },
];

fn start_interval(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let check = at.key("healthcheck");
        if check.key("start_interval").is_set() && !check.key("start_period").is_set() {
            found.add(
                &check.key("start_period"),
                format!("service `{service}` has `start_interval` without `start_period`"),
            );
        }
    }
}

fn test(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let test = at.at("healthcheck.test");
        let Some(first) = test.items().next() else { continue };
        if !matches!(first.text(), Some("NONE" | "CMD" | "CMD-SHELL")) {
            let help = "write \"CMD\" before the words of a command, \"CMD-SHELL\" before a line for the shell";
            found.add_with(
                &first,
                format!("the health check of `{service}` does not say how it asks"),
                Some(help.into()),
            );
        }
    }
}

/// The older and the newer place of a value.
const TWINS: &[(&str, &str)] = &[
    ("cpus", "deploy.resources.limits.cpus"),
    ("mem_limit", "deploy.resources.limits.memory"),
    ("mem_reservation", "deploy.resources.reservations.memory"),
    ("pids_limit", "deploy.resources.limits.pids"),
    ("scale", "deploy.replicas"),
];

fn distinct(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for (old, new) in TWINS.iter().map(|(old, new)| (at.at(old), at.at(new))) {
            if old.is_set() && new.is_set() && old.scalar() != new.scalar() {
                let help = format!("patch `{}` instead", new.path);
                found.add_with(&old, format!("service `{service}` has another value at `{}`", new.path), Some(help));
            }
        }
    }
}

fn container_name(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let name = at.key("container_name");
        if let Some(count) = replicas(&at).filter(|count| *count > 1 && name.is_set()) {
            found.add(&name, format!("{count} containers of `{service}` cannot have one name"));
        }
    }
}
