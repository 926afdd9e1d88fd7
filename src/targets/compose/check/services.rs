//! The services of a file, and the forms in which they name things.

use super::{
    form::flag,
    variables::{fixed, fixed_at},
};
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

/// Whether something is switched on, or a variable may switch it on.
pub fn is_yes(at: &At<'_>) -> bool {
    at.is(true) || at.text().is_some_and(|text| fixed(text).and_then(|text| flag(&text)) != Some(false))
}

/// Whether something is switched on, whatever variables say.
pub fn is_surely(at: &At<'_>) -> bool {
    at.is(true) || at.text().and_then(fixed).and_then(|text| flag(&text)) == Some(true)
}

/// A volume of a service: where from, where to, and what else the short form has.
pub struct Mount<'a> {
    pub source: &'a str,
    pub target: &'a str,
    pub options: &'a str,
}

/// The parts of `source:target:options`; the source is empty where there is only a target.
pub fn mount<'a>(volume: &At<'a>) -> Mount<'a> {
    let Some(text) = volume.text() else {
        let text = |key: &str| volume.key(key).text().unwrap_or_default();
        return Mount { source: text("source"), target: text("target"), options: "" };
    };
    let Some((source, rest)) = cut(text) else { return Mount { source: "", target: text, options: "" } };
    let (target, options) = cut(rest).unwrap_or((rest, ""));
    Mount { source, target, options }
}

/// Cuts at the first colon that is in no variable: `${DATA:-/srv}:/data`.
fn cut(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    let at = text.bytes().position(|byte| {
        depth += match byte {
            b'{' => 1,
            b'}' => -1,
            _ => 0,
        };
        byte == b':' && depth == 0
    })?;
    Some((&text[..at], &text[at + 1..]))
}

/// Containers of a service; `None` if a variable decides.
pub fn replicas(service: &At<'_>) -> Option<i64> {
    let (scale, replicas) = (service.key("scale"), service.at("deploy.replicas"));
    let set = if scale.is_set() { scale } else { replicas };
    if set.is_set() { fixed_at(&set)?.parse().ok() } else { Some(1) }
}
