//! The services of a file, and the forms in which they name things.

use crate::targets::check::At;

pub fn services<'a>(files: &[At<'a>]) -> Vec<(&'a str, At<'a>)> {
    files.iter().flat_map(|file| file.key("services").entries()).collect()
}

/// What a list of names, or a map by name, names.
pub fn names<'a>(at: &At<'a>) -> Vec<(&'a str, At<'a>)> {
    let items = at.items().filter_map(|item| Some((item.text()?, item)));
    at.entries().chain(items).collect()
}

/// Secrets or configs that a service mounts, each with its source.
pub fn sources<'a>(at: &At<'a>) -> Vec<(&'a str, At<'a>)> {
    let source = |item: At<'a>| Some((item.text().or_else(|| item.key("source").text())?, item));
    at.items().filter_map(source).collect()
}

/// A text, or each text of a list.
pub fn texts<'a>(at: &At<'a>) -> Vec<(&'a str, At<'a>)> {
    std::iter::once(at.clone()).chain(at.items()).filter_map(|at| Some((at.text()?, at))).collect()
}

/// Whether a service is built here: a developer's.
pub fn is_built(service: &At<'_>) -> bool {
    service.key("build").is_set()
}

/// The parts of `source:target:options`; the source is empty where there is only a target.
pub fn mount<'a>(volume: &At<'a>) -> (&'a str, &'a str) {
    match volume.text() {
        None => {
            let text = |key: &str| volume.key(key).text().unwrap_or_default();
            (text("source"), text("target"))
        }
        Some(text) => {
            let mut parts = text.split(':');
            match (parts.next(), parts.next()) {
                (Some(source), Some(target)) => (source, target),
                _ => ("", text),
            }
        }
    }
}

/// Containers of a service; `None` if a variable decides.
pub fn replicas(service: &At<'_>) -> Option<i64> {
    let (scale, replicas) = (service.key("scale"), service.at("deploy.replicas"));
    let set = if scale.is_set() { scale } else { replicas };
    if set.is_set() { set.scalar()?.parse().ok() } else { Some(1) }
}
