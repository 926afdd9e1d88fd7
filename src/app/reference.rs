//! References in values: `${secrets.NAME}`, `${inputs.NAME}`, `${ports.NAME}`, `${port}`, `${pod.NAME}`, and `${SERVICE.url}`
//! or another field of a backing service.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    findings::Findings,
    services::{Field, Offers, facts::Facts},
};
use crate::{
    key::Key,
    problem::{Code, near::near},
};

/// A text of literals and references, in order. Every target escapes it in its own way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    pub parts: Vec<Part>,
    /// Every reference as it was written: `inputs.REGION`, `port`.
    pub refers_to: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Literal(String),
    /// The value of a secret that is a variable.
    Secret(String),
    /// The value of an input.
    Input(String),
    /// What only the running pod knows.
    Pod(PodFact),
    /// What tells about a backing service.
    Service {
        service: String,
        field: Field,
    },
}

/// A fact about the pod that a process runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodFact {
    Name,
    Namespace,
    Ip,
}

impl PodFact {
    pub const ALL: [PodFact; 3] = [PodFact::Name, PodFact::Namespace, PodFact::Ip];

    /// As it is written after `pod.`.
    pub fn name(self) -> &'static str {
        match self {
            PodFact::Name => "name",
            PodFact::Namespace => "namespace",
            PodFact::Ip => "ip",
        }
    }

    /// The variable that texts take it from.
    pub fn variable(self) -> &'static str {
        match self {
            PodFact::Name => "POD_NAME",
            PodFact::Namespace => "POD_NAMESPACE",
            PodFact::Ip => "POD_IP",
        }
    }
}

impl Text {
    pub fn literal(text: impl Into<String>) -> Self {
        Text { parts: vec![Part::Literal(text.into())], refers_to: Vec::new() }
    }

    /// What stands in the profile itself.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            Part::Secret(_) | Part::Input(_) | Part::Pod(_) | Part::Service { .. } => None,
        })
    }

    /// The secret that is all of the text.
    pub fn only_secret(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Secret(name)] => Some(name),
            _ => None,
        }
    }

    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Secret(name) => Some(name.as_str()),
            Part::Literal(_) | Part::Input(_) | Part::Pod(_) | Part::Service { .. } => None,
        })
    }

    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Input(name) => Some(name.as_str()),
            Part::Literal(_) | Part::Secret(_) | Part::Pod(_) | Part::Service { .. } => None,
        })
    }

    /// The facts about the pod that are part of it.
    pub fn facts(&self) -> impl Iterator<Item = PodFact> {
        self.parts.iter().filter_map(|part| match part {
            Part::Pod(fact) => Some(*fact),
            Part::Literal(_) | Part::Secret(_) | Part::Input(_) | Part::Service { .. } => None,
        })
    }

    /// What it takes of backing services.
    pub fn services(&self) -> impl Iterator<Item = (&str, Field)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Service { service, field } => Some((service.as_str(), *field)),
            Part::Literal(_) | Part::Secret(_) | Part::Input(_) | Part::Pod(_) => None,
        })
    }

    /// The fact about the pod that is all of it.
    pub fn fact(&self) -> Option<PodFact> {
        match self.parts.as_slice() {
            [Part::Pod(fact)] => Some(*fact),
            _ => None,
        }
    }

    /// What it takes of a backing service, if it is nothing else.
    pub fn only_service(&self) -> Option<(&str, Field)> {
        match self.parts.as_slice() {
            [Part::Service { service, field }] => Some((service, *field)),
            _ => None,
        }
    }
}

/// What can be referred to.
pub struct Names<'a> {
    /// Secrets that are variables.
    pub secrets: BTreeSet<&'a str>,
    pub inputs: BTreeSet<&'a str>,
    pub ports: BTreeMap<&'a str, u16>,
    pub port: Option<u16>,
    pub services: &'a Offers,
}

/// Reads a text with references. `$$` is `$`; a `$` before anything but `{` and `$` is itself.
pub fn text(raw: &str, names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) -> Text {
    let mut parts = Vec::new();
    let mut refers_to = Vec::new();
    let mut literal = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find('$') {
        literal.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('$') {
            literal.push('$');
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix('{') {
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
        "pod" => PodFact::ALL.into_iter().find(|fact| fact.name() == entry).map(Part::Pod),
        service => {
            let field = Field::ALL.into_iter().find(|field| field.name() == entry)?;
            let known = names.services.get(service).filter(|facts| facts.has(field));
            known.map(|_| Part::Service { service: service.to_owned(), field })
        }
    }
}

/// What can be said of a service, as references.
fn fields(service: &str, names: &Names<'_>) -> Vec<String> {
    let facts = names.services.get(service).into_iter();
    let fields = facts.flat_map(|facts| Field::ALL.into_iter().filter(|field| facts.has(*field)));
    fields.map(|field| format!("{service}.{}", field.name())).collect()
}

fn unknown(name: &str, names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) {
    let secrets = names.secrets.iter().map(|name| format!("secrets.{name}"));
    let inputs = names.inputs.iter().map(|name| format!("inputs.{name}"));
    let ports = names.ports.keys().map(|name| format!("ports.{name}"));
    if let Some((service, facts)) = name.split_once('.').and_then(|(table, _)| names.services.get_key_value(table)) {
        return unknown_field(name, (service, facts), names, key, findings);
    }
    let services = names.services.keys().flat_map(|service| fields(service, names));
    let facts = PodFact::ALL.iter().map(|fact| format!("pod.{}", fact.name()));
    let port = names.port.map(|_| "port".into());
    let known: Vec<String> = secrets.chain(inputs).chain(ports).chain(port).chain(services).chain(facts).collect();
    let near = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(distance, known)| *distance <= 1.max(known.len() / 3))
        .min()
        .map(|(_, known)| known);
    let help = match near {
        Some(near) => format!("did you mean `${{{near}}}`? Write `$${{` for a text that starts with `${{`"),
        None => format!("there are: {}. Write `$${{` for a text that starts with `${{`", known.join(", ")),
    };
    let path: Vec<&str> = key.segments().collect();
    let title = match path.as_slice() {
        ["processes", one, ..] => format!("`${{{name}}}` refers to nothing that the process `{one}` has"),
        [kind @ ("jobs" | "crons"), one, ..] => {
            format!("`${{{name}}}` refers to nothing that the {} `{one}` has", &kind[..kind.len() - 1])
        }
        _ => format!("`${{{name}}}` refers to nothing"),
    };
    bad(key, &title, "no such thing", &help, findings);
}

/// A field that no service of its kind has.
fn unknown_field(name: &str, of: (&str, &Facts), names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) {
    let (service, facts) = of;
    let known = fields(service, names);
    let all: Vec<String> = known.iter().map(|field| format!("`${{{field}}}`")).collect();
    let help = match near(name, known.iter().map(String::as_str)) {
        _ if name.ends_with(".password") => format!(
            "it has none where we run it, on a network of its own; where it has one, `${{{service}.url}}` holds it: there \
             are {}",
            all.join(", ")
        ),
        Some(near) => format!("did you mean `${{{near}}}`? There are {}", all.join(", ")),
        None => format!("there are {}", all.join(", ")),
    };
    bad(key, &format!("`${{{name}}}` refers to nothing that {} has", facts.name), "no such thing", &help, findings);
}

fn bad(key: &Key, title: &str, label: &str, help: &str, findings: &mut Findings<'_>) {
    findings.value(Code::BadReference, key, title, label, help);
}
