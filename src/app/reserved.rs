//! Variables that say what a key of the profile says, or an argument of the server: one of the two would be lost.

use super::{Start, configuration, findings::Findings, server};
use crate::{key::Key, problem::Code, profile::ServerKind};

/// Reports variables that the renderer sets, and those that the server takes for its own settings. `tables` are the keys
/// of the tables that set variables of the process, each with the names in it.
pub fn check(
    start: &Start,
    port_env: Option<&str>,
    tables: &[(Key, Vec<&str>)],
    at: &Key,
    findings: &mut Findings<'_>,
) {
    let set = configuration::reserved(start, port_env);
    for (table, names) in tables {
        configuration::check_reserved(names, table, &set, findings);
    }
    configuration::check_port_env(start, port_env, at, findings);
    let Some(server) = start.server() else { return };
    for (table, names) in tables {
        for name in names.iter().filter(|name| set.iter().all(|(other, _)| other != *name)) {
            setting(server.kind, name, &table.child(*name), findings);
        }
    }
    // The port is what `PORT` says.
    if let Some(name) = port_env.filter(|name| *name != "PORT") {
        taken(server.kind, name, &at.child("port_env"), findings);
    }
}

/// What a variable says already.
enum Says {
    /// What this key of the profile says.
    Key(&'static str),
    /// What this argument of the server says.
    Argument(String),
}

fn says(kind: ServerKind, name: &str) -> Option<Says> {
    let facts = server::facts(kind);
    if let Some((_, key)) = facts.said.iter().find(|(known, _)| *known == name) {
        return Some(Says::Key(key));
    }
    let setting = name.strip_prefix(facts.prefix?).filter(|setting| !setting.is_empty())?;
    Some(Says::Argument(format!("--{}", setting.to_lowercase().replace('_', "-"))))
}

/// A variable of the profile that is a setting of the server.
fn setting(kind: ServerKind, name: &str, at: &Key, findings: &mut Findings<'_>) {
    let Some(says) = says(kind, name) else { return };
    let title = title(kind, name, &says);
    let help = match says {
        Says::Key("port") => {
            format!("drop it, and set `port`; `port_env = \"{name}\"` tells the process the same number")
        }
        Says::Key(key) => format!("drop it, and set `{key}`"),
        Says::Argument(flag) => match server::owned(kind, &flag) {
            Some((_, "")) => "drop it: the renderer decides it".to_owned(),
            Some((_, key)) => format!("drop it, and set `{key}`"),
            None => {
                format!("drop it, and write the argument into `[server] args`: \"{flag}\", and its value if it has one")
            }
        },
    };
    findings.key(Code::ReservedEnv, at, title, "would change the server past the profile", help);
}

/// A variable for the port that the server reads as something else.
fn taken(kind: ServerKind, name: &str, at: &Key, findings: &mut Findings<'_>) {
    let set = server::facts(kind).reserved;
    if let Some(says) = says(kind, name).filter(|_| !set.contains(&name)) {
        let title = title(kind, name, &says);
        findings.value(Code::ReservedEnv, at, title, "not free for the port", "choose another variable");
    }
}

fn title(kind: ServerKind, name: &str, says: &Says) -> String {
    match says {
        Says::Key(key) => format!("`{name}` says what the key `{key}` says"),
        Says::Argument(_) => format!("`{name}` is read by {} as its own setting", format!("{kind:?}").to_lowercase()),
    }
}
