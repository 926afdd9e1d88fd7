//! Environment variables: each once, and after those that it refers to.

use std::{borrow::Cow, collections::BTreeMap};

use super::pods::{Pods, pods};
use crate::targets::check::{At, Found, Rule, Weight, twice};

pub const RULES: &[Rule] = &[
    Rule {
        name: "no variable of a container is set twice",
        source: "Kubernetes API, Container.env: merged by name",
        weight: Weight::Invalid,
        find: names,
    },
    Rule {
        name: "`$(NAME)` refers to a variable that is set before",
        source: "Kubernetes API, EnvVar.value",
        weight: Weight::Invalid,
        find: references,
    },
];

fn names(objects: &[At<'_>], found: &mut Found) {
    for container in pods(objects).iter().flat_map(Pods::containers) {
        for (name, at) in twice(container.key("env").items().map(|variable| (variable.name(), variable))) {
            found.add(&at, format!("container `{}` sets `{name}` twice", container.name()));
        }
    }
}

/// A reference to nothing stays as it is written, and nobody is told.
fn references(objects: &[At<'_>], found: &mut Found) {
    for container in pods(objects).iter().flat_map(Pods::containers) {
        // What comes from elsewhere has names that are not known here.
        if container.key("envFrom").is_set() {
            continue;
        }
        let variables: Vec<At<'_>> = container.key("env").items().collect();
        let mut names = Places::new();
        for (i, variable) in variables.iter().enumerate() {
            names.entry(variable.name()).or_insert(i);
        }
        for (i, variable) in variables.iter().enumerate() {
            report(&variable.key("value"), i, &names, found);
        }
        for word in container.key("command").items().chain(container.key("args").items()) {
            report(&word, variables.len(), &names, found);
        }
    }
}

/// The variables by name, each with its place among them.
type Places<'a> = BTreeMap<Cow<'a, str>, usize>;

/// References to what is not among the first `count` variables.
fn report(at: &At<'_>, count: usize, names: &Places<'_>, found: &mut Found) {
    let is_set = |name: &str| names.get(name).is_some_and(|place| *place < count);
    for name in referred(at.text().unwrap_or_default()).into_iter().filter(|name| !is_set(name)) {
        if names.contains_key(name) {
            found.add(at, format!("`$({name})` refers to a variable that is set later"));
        } else if is_constant(name) && !name.starts_with("KUBERNETES_") {
            let help = format!("set it, or write `$$({name})` if the text itself is meant");
            found.add_with(at, format!("`$({name})` refers to a variable that is not set"), Some(help));
        }
    }
}

/// The names in `$(NAME)`; `$$` is a dollar sign.
fn referred(text: &str) -> Vec<&str> {
    let (mut names, mut rest) = (Vec::new(), text);
    while let Some((_, tail)) = rest.split_once('$') {
        rest = tail.strip_prefix('$').unwrap_or(tail);
        if let Some((name, tail)) = tail.strip_prefix('(').and_then(|tail| tail.split_once(')')) {
            names.push(name);
            rest = tail;
        }
    }
    names
}

/// Written as variables are; `$(date)` is a shell's business.
fn is_constant(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}
