//! Variables that say what a key of the profile says, or an argument of the server: one of the two would be lost.

use super::{Start, findings::Findings, server};
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
    let set = reserved(start, port_env);
    for (table, names) in tables {
        check_reserved(names, table, &set, findings);
    }
    check_port_env(start, port_env, at, findings);
    let Some(server) = start.server() else { return };
    for (table, names) in tables {
        for name in names.iter().filter(|name| set.iter().all(|(other, _)| other != *name)) {
            setting(server.kind, name, &table.child(*name), findings);
        }
    }
    // The port is what `PORT` says.
    if let Some(name) = port_env.filter(|name| *name != "PORT") {
        taken(server.kind, name, &at.below("port_env"), findings);
    }
}

/// The variables that the renderer sets itself, each with the key that it follows from. A trailing `*` stands for any
/// ending.
fn reserved<'a>(start: &'a Start, port_env: Option<&'a str>) -> Vec<(&'a str, &'static str)> {
    let mut reserved: Vec<(&str, &str)> = match start {
        Start::Server(server) => server::facts(server.kind).reserved.iter().map(|name| (*name, "[server]")).collect(),
        Start::Command { workers_env, .. } | Start::Image { workers_env, .. } => {
            workers_env.iter().map(|name| (name.as_str(), "workers_env")).collect()
        }
    };
    reserved.extend(port_env.map(|name| (name, "port_env")));
    reserved
}

/// The key that a variable follows from, if the renderer sets it.
fn owner<'a>(name: &str, reserved: &[(&str, &'a str)]) -> Option<&'a str> {
    let is = |reserved: &str| reserved.strip_suffix('*').map_or(reserved == name, |prefix| name.starts_with(prefix));
    reserved.iter().find(|(reserved, _)| is(reserved)).map(|(_, owner)| *owner)
}

/// Variables that the renderer sets itself may not be set again.
fn check_reserved(names: &[&str], table: &Key, reserved: &[(&str, &str)], findings: &mut Findings<'_>) {
    for name in names {
        if let Some(owner) = owner(name, reserved) {
            findings.key(
                Code::ReservedEnv,
                &table.child(*name),
                format!("`{name}` is set by the renderer"),
                "set twice",
                format!("drop it: it follows from `{owner}` and the other keys of the profile"),
            );
        }
    }
}

/// The variable for the port must not be one that already says something else.
fn check_port_env(start: &Start, port_env: Option<&str>, at: &Key, findings: &mut Findings<'_>) {
    // Every server can be told its port by this one, and none reads anything else from it.
    let Some(name) = port_env.filter(|name| *name != "PORT" || start.server().is_none()) else { return };
    if let Some(owner) = owner(name, &reserved(start, None)) {
        findings.value(
            Code::ReservedEnv,
            &at.below("port_env"),
            format!("`{name}` is set by the renderer"),
            "not free for the port",
            format!("choose another variable: this one follows from `{owner}`"),
        );
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
