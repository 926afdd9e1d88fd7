//! From what the profile says to parts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Part, PodFact, Text, line::is_reference, unknown::unknown};
use crate::{
    app::{
        findings::Findings,
        services::{Field, Offers},
        sibling::{Address, Siblings},
    },
    key::Key,
    problem::Code,
};

/// What can be referred to.
pub struct Names<'a> {
    /// Secrets that are variables.
    pub secrets: BTreeSet<&'a str>,
    pub inputs: BTreeSet<&'a str>,
    pub ports: BTreeMap<&'a str, u16>,
    pub port: Option<u16>,
    pub services: &'a Offers,
    /// Absent: they are out of reach.
    pub processes: Option<&'a Siblings>,
}

/// What stands beside a process, and values can refer to.
pub struct Others {
    pub services: Offers,
    pub processes: Siblings,
}

/// Whose a dollar sign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Ours. `$$` is `$`; a `$` before anything but `{` and `$` is itself.
    Text,
    /// A shell's, but for what it can have no name for. Only `$${` is `${`: `$$` is its process.
    Script,
}

/// Reads a text with references.
pub fn text(raw: &str, names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) -> Text {
    read(raw, Reading::Text, names, key, findings)
}

pub(super) fn read(raw: &str, reading: Reading, names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) -> Text {
    let is_script = reading == Reading::Script;
    let mut parts = Vec::new();
    let mut refers_to = Vec::new();
    let mut literal = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find('$') {
        literal.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('$') {
            literal.push_str(if is_script && !tail.starts_with('{') { "$$" } else { "$" });
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix('{') {
            let own = || tail.split_once('}').is_some_and(|(name, _)| is_reference(name, names));
            if is_script && !own() {
                literal.push('$');
                continue;
            }
            let Some((name, tail)) = tail.split_once('}') else {
                bad(
                    key,
                    "a reference is not closed",
                    "lacks a `}`",
                    "end it with `}`, or write `$$` for a dollar sign",
                    findings,
                );
                return Text { parts, refers_to };
            };
            match refer(name, names) {
                Some(Part::Literal(text)) => literal.push_str(&text),
                Some(part) => {
                    push_literal(&mut parts, &mut literal);
                    parts.push(part);
                }
                None => unknown(name, names, key, findings),
            }
            refers_to.push(name.to_owned());
            rest = tail;
        } else {
            literal.push('$');
        }
    }
    literal.push_str(rest);
    push_literal(&mut parts, &mut literal);
    Text { parts, refers_to }
}

/// The first reference of a text in which none is read: one with a dot, that names something.
pub fn first<'a>(raw: &'a str, names: &Names<'_>) -> Option<&'a str> {
    let all = raw.match_indices("${").filter_map(|(at, open)| raw[at + open.len()..].split_once('}'));
    all.map(|(name, _)| name).find(|name| name.contains('.') && refer(name, names).is_some())
}

fn push_literal(parts: &mut Vec<Part>, literal: &mut String) {
    if !literal.is_empty() {
        parts.push(Part::Literal(std::mem::take(literal)));
    }
}

fn refer(name: &str, names: &Names<'_>) -> Option<Part> {
    if name == "port" {
        return names.port.map(|port| Part::Literal(port.to_string()));
    }
    let (table, entry) = name.split_once('.')?;
    match table {
        "secrets" => names.secrets.contains(entry).then(|| Part::Secret(entry.to_owned())),
        "inputs" => names.inputs.contains(entry).then(|| Part::Input(entry.to_owned())),
        "ports" => names.ports.get(entry).map(|port| Part::Literal(port.to_string())),
        "processes" => {
            let (process, what) = entry.split_once('.')?;
            let address = Address::ALL.into_iter().find(|address| address.name() == what)?;
            let known = names.processes?.get(process).filter(|open| open.has(address));
            known.map(|_| Part::Process { process: process.to_owned(), address })
        }
        "pod" => PodFact::ALL.into_iter().find(|fact| fact.name() == entry).map(Part::Pod),
        service => {
            let field = Field::ALL.into_iter().find(|field| field.name() == entry)?;
            let known = names.services.get(service).filter(|facts| facts.has(field));
            known.map(|_| Part::Service { service: service.to_owned(), field })
        }
    }
}

pub(super) fn bad(key: &Key, title: &str, label: &str, help: &str, findings: &mut Findings<'_>) {
    findings.value(Code::BadReference, key, title, label, help);
}
