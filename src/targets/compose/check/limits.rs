//! Amounts and times that have to fit each other.

use super::{
    form,
    services::{replicas, services},
    variables::fixed_at,
};
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

/// The older and the newer place of a value, what makes Compose compare them, and how both are read.
const TWINS: &[(&str, &str, &str, Amount)] = &[
    ("cpus", "deploy.resources.limits.cpus", "deploy.resources.limits", form::number),
    ("mem_limit", "deploy.resources.limits.memory", "deploy.resources.limits", form::bytes),
    ("mem_reservation", "deploy.resources.reservations.memory", "deploy.resources.reservations", form::bytes),
    ("pids_limit", "deploy.resources.limits.pids", "deploy.resources.limits", form::number),
    ("scale", "deploy.replicas", "deploy.replicas", form::number),
];

type Amount = fn(&str) -> Option<f64>;

/// None at the newer place is another value too; none at the older place, which is 0, is not.
fn distinct(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for (old, new, compared, amount) in TWINS {
            let (old, new) = (at.at(old), at.at(new));
            let value = |at: &At<'_>| fixed_at(at).and_then(|text| amount(&text).or_else(|| form::number(&text)));
            // What a variable decides is the same by accident, unless it is the same variable.
            let differs = match (value(&old), value(&new)) {
                (Some(old), new) => old != 0.0 && new != Some(old),
                (None, _) => old.scalar() != new.scalar(),
            };
            if old.is_set() && at.at(compared).is_set() && differs {
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
