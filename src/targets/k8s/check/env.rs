//! Environment variables: each once, and after those that it refers to.

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
        let names: Vec<_> = variables.iter().map(At::name).collect();
        for (i, variable) in variables.iter().enumerate() {
            report(&variable.key("value"), &|name| names[..i].iter().any(|n| n == name), &names, found);
        }
        for word in container.key("command").items().chain(container.key("args").items()) {
            report(&word, &|name| names.iter().any(|n| n == name), &names, found);
        }
    }
}

fn report(at: &At<'_>, is_set: &dyn Fn(&str) -> bool, names: &[std::borrow::Cow<'_, str>], found: &mut Found) {
    for name in referred(at.text().unwrap_or_default()).into_iter().filter(|name| !is_set(name)) {
        if names.iter().any(|other| other == name) {
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
