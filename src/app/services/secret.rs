//! The Secret that tells about a service, and what its keys are called.

use std::collections::BTreeMap;

use super::{Field, facts::Facts};
use crate::{
    app::{findings::Findings, labels},
    key::Key,
    problem::Code,
    profile::{BackingSecret, BackingSecretKeys, BackingSecretTable, SecretKey},
};

impl Field {
    /// As a key of `secret.keys` is written.
    pub fn told_as(self) -> &'static str {
        match self {
            Field::Name => "name",
            field => field.key(),
        }
    }
}

/// Its name, if it has one of its own, and the keys that are called otherwise than ours.
pub fn secret(
    facts: &Facts,
    wanted: Option<BackingSecret>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> (Option<String>, BTreeMap<Field, String>) {
    let own = at.below("secret");
    let (key, BackingSecretTable { name, keys }) = match wanted {
        None => return (None, BTreeMap::new()),
        Some(BackingSecret::Name(name)) => (own.clone(), BackingSecretTable { name: Some(name), keys: None }),
        Some(BackingSecret::Table(table)) => (own.below("name"), table),
    };
    if let Some(name) = &name {
        labels::check_object_name(name, 253, &key, findings);
    }
    let BackingSecretKeys { url, host, port, username, password, name: database } = keys.unwrap_or_default();
    let all = [
        (Field::Url, url),
        (Field::Host, host),
        (Field::Port, port),
        (Field::User, username),
        (Field::Password, password),
        (Field::Name, database),
    ];
    let keys =
        all.into_iter().filter_map(|(field, key)| key.map(|SecretKey(key)| (field, key))).collect::<BTreeMap<_, _>>();
    for field in keys.keys().filter(|field| !facts.has(**field)) {
        findings.key(
            Code::NoEffect,
            &own.below("keys").child(field.told_as()),
            format!("{} has no {} that a value could refer to", facts.name, field.name()),
            "has no effect",
            "drop it",
        );
    }
    (name, keys)
}
