//! `[env]`, `[secrets]` and `[inputs]`.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    Text, defaults,
    findings::Findings,
    labels,
    reference::{self, Names},
    secrecy::{self, looks_secret},
};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, EnvScalar, EnvSource, EnvTable, EnvValue, SecretTable},
};

/// An environment variable with a value that everybody may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub text: Text,
}

/// Variables that somebody else keeps together, all of them taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnvGroup {
    pub name: String,
    pub is_secret: bool,
}

/// A secret, by reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    pub name: String,
    /// For whoever supplies it.
    pub about: Option<String>,
    /// The name of the object that holds it, and the key there. Absent: the app's own, and `name`.
    pub from: Option<(String, String)>,
    /// A file instead of a variable.
    pub file: Option<SecretFile>,
    pub optional: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFile {
    /// Absolute.
    pub path: String,
    pub mode: u32,
}

/// A plain value that whoever deploys supplies, as a variable of this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub name: String,
    pub about: Option<String>,
    pub default: Option<String>,
}

/// A reason, after what the profile says a value is.
pub fn told(about: Option<&str>, reason: &'static str) -> Cow<'static, str> {
    about.map_or(reason.into(), |about| format!("{about}: {reason}").into())
}

pub fn secrets(
    wanted: Option<BTreeMap<String, profile::Secret>>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> Vec<Secret> {
    let table = at.below("secrets");
    let secrets = wanted.unwrap_or_default().into_iter().map(|(name, secret)| {
        check_name(&name, &table.child(name.clone()), findings);
        let SecretTable { about, from, mount, mode, optional } = match secret {
            profile::Secret::About(about) => SecretTable { about: Some(about), ..SecretTable::default() },
            profile::Secret::Table(table) => table,
        };
        if mode.is_some() && mount.is_none() {
            findings.key(
                Code::Conflict,
                &table.child(name.clone()).below("mode"),
                "`mode` needs `mount`",
                "the mode of no file",
                "add `mount = \"/path\"`, or drop it",
            );
        }
        let mode = mode.and_then(|mode| u32::from_str_radix(&mode, 8).ok()).unwrap_or(defaults::SECRET_MODE);
        if let Some((object, _)) = from.as_deref().and_then(|from| from.split_once('/')) {
            labels::check_object_name(object, 253, &table.child(name.clone()).below("from"), findings);
        }
        Secret {
            about: about.filter(|about| !about.is_empty()),
            from: from.as_deref().and_then(|from| from.split_once('/')).map(|(a, b)| (a.to_owned(), b.to_owned())),
            file: mount.map(|path| SecretFile { path, mode }),
            optional: optional.unwrap_or(false),
            name,
        }
    });
    secrets.collect()
}

pub fn env_from(wanted: Option<Vec<EnvSource>>, at: &Key, findings: &mut Findings<'_>) -> Vec<EnvGroup> {
    let list = at.below("env_from");
    let groups = wanted.unwrap_or_default().into_iter().enumerate().map(|(i, EnvSource(source))| {
        let (kind, name) = source.split_once('/').unwrap_or(("", &source));
        labels::check_object_name(name, 253, &list.child(i.to_string()), findings);
        EnvGroup { name: name.to_owned(), is_secret: kind == "secret" }
    });
    let groups: Vec<EnvGroup> = groups.collect();
    findings.twice(&list, &groups);
    groups
}

pub fn inputs(wanted: Option<BTreeMap<String, profile::Input>>, at: &Key, findings: &mut Findings<'_>) -> Vec<Input> {
    let table = at.below("inputs");
    let inputs = wanted.unwrap_or_default().into_iter().map(|(name, input)| {
        check_name(&name, &table.child(name.clone()), findings);
        let profile::Input { about, default } = input;
        let number = matches!(default, Some(EnvScalar::Number(_)));
        let default = default.map(scalar);
        if !number && default.as_ref().is_some_and(|text| looks_secret(&name, &Text::literal(text))) {
            let help = format!("declare it instead: `[secrets]` with `{name} = \"what it is\"`");
            secrecy::tell(&name, &table.child(name.clone()).below("default"), help, findings);
        }
        Input { name, about: about.filter(|about| !about.is_empty()), default }
    });
    inputs.collect()
}

pub fn env(
    wanted: Option<BTreeMap<String, EnvValue>>,
    names: &Names<'_>,
    table: &Key,
    findings: &mut Findings<'_>,
) -> Vec<Variable> {
    let variables = wanted.unwrap_or_default().into_iter().map(|(name, value)| {
        let key = table.child(name.clone());
        check_name(&name, &key, findings);
        let (value, public) = match value {
            EnvValue::Text(text) => (EnvScalar::Text(text), false),
            EnvValue::Number(number) => (EnvScalar::Number(number), false),
            EnvValue::Table(EnvTable { value, public }) => (value, public.unwrap_or(false)),
        };
        let number = matches!(value, EnvScalar::Number(_));
        let text = reference::text(&scalar(value), names, &key, findings);
        if !public && !number && looks_secret(&name, &text) {
            let help = format!(
                "declare it: `[secrets]` with `{name} = \"what it is\"`; or say \
                 `{name} = {{ value = …, public = true }}` if everybody may know it"
            );
            secrecy::tell(&name, &key, help, findings);
        }
        Variable { name, text }
    });
    variables.collect()
}

fn scalar(value: EnvScalar) -> String {
    match value {
        EnvScalar::Text(text) => text,
        EnvScalar::Number(number) => number.to_string(),
    }
}

/// What a POSIX environment can hold, and every target can write (The Open Group Base Specifications, chapter 8).
fn check_name(name: &str, key: &Key, findings: &mut Findings<'_>) {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let well_formed = name.starts_with(first) && name.chars().all(|c| first(c) || c.is_ascii_digit());
    if !well_formed {
        findings.key(
            Code::BadEnvName,
            key,
            if name.is_empty() {
                "an environment variable has a name".to_owned()
            } else {
                format!("`{name}` cannot be the name of an environment variable")
            },
            "not a name",
            "use letters, digits and `_`, not starting with a digit",
        );
    }
}

/// No variable may be set by two tables.
pub fn check_twice(tables: [(&str, Vec<&str>); 3], at: &Key, findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<&str, Key> = BTreeMap::new();
    for (table, names) in tables {
        for name in names {
            let key = at.child(table).child(name);
            if let Some(other) = seen.insert(name, key.clone()) {
                findings.pair(
                    Code::DuplicateEnv,
                    (&key, "again here"),
                    (&other, "first here"),
                    format!("`{name}` is set twice"),
                    "keep one of them: a variable is either plain, a secret, or an input",
                );
            }
        }
    }
}
