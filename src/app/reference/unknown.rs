//! What refers to nothing, and what was meant.

use super::{
    PodFact,
    read::{Names, bad},
};
use crate::{
    app::{
        findings::Findings,
        services::{Field, facts::Facts},
        sibling::{Address, Open},
    },
    key::Key,
    problem::near::near,
};

/// What can be said of a service, as references.
fn fields(service: &str, names: &Names<'_>) -> Vec<String> {
    let facts = names.services.get(service).into_iter();
    let fields = facts.flat_map(|facts| Field::ALL.into_iter().filter(|field| facts.has(*field)));
    fields.map(|field| format!("{service}.{}", field.name())).collect()
}

pub(super) fn unknown(name: &str, names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) {
    let secrets = names.secrets.iter().map(|name| format!("secrets.{name}"));
    let inputs = names.inputs.iter().map(|name| format!("inputs.{name}"));
    let ports = names.ports.keys().map(|name| format!("ports.{name}"));
    if name == "processes" || name.starts_with("processes.") {
        return unknown_process(name, names, key, findings);
    }
    if let Some((service, facts)) = name.split_once('.').and_then(|(table, _)| names.services.get_key_value(table)) {
        return unknown_field(name, (service, facts), names, key, findings);
    }
    // As a service would be referred to.
    if let Some((process, _)) = name.split_once('.').filter(|(table, _)| has_process(names, table)) {
        let help = format!("did you mean `${{processes.{name}}}`? The process `{process}` is referred to so");
        return bad(key, &format!("`${{{name}}}` refers to no service"), "no such service", &help, findings);
    }
    let services = names.services.keys().flat_map(|service| fields(service, names));
    let facts = PodFact::ALL.iter().map(|fact| format!("pod.{}", fact.name()));
    let port = names.port.map(|_| "port".into());
    let known: Vec<String> = secrets.chain(inputs).chain(ports).chain(port).chain(services).chain(facts).collect();
    let near = near_one(name, &known);
    let help = match near {
        None if let Some(help) = shared(key, findings) => help,
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

/// What to do about a text that a workload has from the app, where it refers to what only the main process has.
fn shared(key: &Key, findings: &Findings<'_>) -> Option<String> {
    let path: Vec<&str> = key.segments().collect();
    let [kind, one, table, rest @ ..] = path.as_slice() else { return None };
    let of_app =
        rest.iter().fold(Key::ROOT.child((*table).to_owned()), |key, segment| key.child((*segment).to_owned()));
    let at = findings.provenance.value(key);
    let is_shared = at.is_some() && at == findings.provenance.value(&of_app);
    is_shared.then(|| {
        format!(
            "the app shares it: keep it away from here by `unset = [\"{kind}.{one}.{table}\"]`, or let the main process \
             have it to itself, in its own table of `[processes]`"
        )
    })
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

fn has_process(names: &Names<'_>, name: &str) -> bool {
    names.processes.is_some_and(|processes| processes.contains_key(name))
}

/// The one that is most like a name, if any is like it.
fn near_one<'a>(name: &str, known: &'a [String]) -> Option<&'a String> {
    known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(distance, known)| *distance <= 1.max(known.len() / 3))
        .min()
        .map(|(_, known)| known)
}

/// What can be said of a process, as references.
fn addresses(process: &str, open: Open) -> Vec<String> {
    let addresses = Address::ALL.into_iter().filter(|address| open.has(*address));
    addresses.map(|address| format!("processes.{process}.{}", address.name())).collect()
}

/// What leads to no process, or to one that nobody can reach.
fn unknown_process(name: &str, names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) {
    let Some(processes) = names.processes else {
        let help = "it starts before them all, and nobody but who needs it is in its network";
        return bad(key, "a backing service refers to no process of the app", "out of its reach", help, findings);
    };
    let (process, what) =
        name.trim_start_matches("processes").trim_start_matches('.').split_once('.').unwrap_or_default();
    let one_of = |known: &[String]| {
        let all: Vec<String> = known.iter().map(|one| format!("`${{{one}}}`")).collect();
        all.join(", ")
    };
    match processes.get(process) {
        Some(open) if !open.any => bad(
            key,
            &format!("`${{{name}}}` leads to a process without a port"),
            "nobody can reach it",
            &format!("tell where `{process}` listens, by its `port`"),
            findings,
        ),
        Some(open) => {
            let known = addresses(process, *open);
            let help = match near(name, known.iter().map(String::as_str)) {
                _ if Address::ALL.iter().any(|address| address.name() == what) => {
                    format!("set its `port`; or write the number of another: `${{processes.{process}.host}}:9090`")
                }
                Some(near) => format!("did you mean `${{{near}}}`? There are {}", one_of(&known)),
                None => format!("there are {}", one_of(&known)),
            };
            let title = format!("`${{{name}}}` refers to nothing that the process `{process}` has");
            bad(key, &title, "no such thing", &help, findings);
        }
        None => {
            let open = processes.iter().filter(|(_, open)| open.any);
            let known: Vec<String> = open.clone().flat_map(|(name, open)| addresses(name, *open)).collect();
            let help = match near(process, open.map(|(name, _)| name.as_str())) {
                Some(near) => {
                    format!("did you mean `${{{}}}`?", name.replacen(&format!(".{process}."), &format!(".{near}."), 1))
                }
                None if known.is_empty() => "no process has a `port`, by which others could reach it".to_owned(),
                None => format!("there are {}", one_of(&known)),
            };
            bad(key, &format!("`${{{name}}}` refers to no process"), "no such process", &help, findings);
        }
    }
}
