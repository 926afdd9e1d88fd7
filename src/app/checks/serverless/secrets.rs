//! Secrets on Cloud Run: each is one of Secret Manager, and a file has a directory to itself.

use super::super::services::{BY_HAND, set_up_elsewhere};
use crate::{
    app::{App, Field, Process, findings::Findings, managed_directory, path::is_inside},
    key::Key,
    problem::{Code, Problem},
};

pub(super) fn check(app: &App, process: &Process, findings: &mut Findings<'_>) {
    for secret in &process.secrets {
        let key = process.key("secrets").child(&secret.name);
        let optional = key.below("optional");
        if secret.optional {
            findings.key(
                Code::NoEffect,
                &optional,
                "Cloud Run starts no instance without a secret that it names",
                "has no effect",
                "create it, if only with an empty value; or switch it off in an environment: `enabled = false`",
            );
        }
        let name = app.managed_secret(secret).0;
        if name.len() > 255 {
            findings.key(
                Code::BadName,
                &key,
                format!("`{name}` is longer than the name of a secret can be"),
                "more than 255 characters",
                "shorten the names that it is made of",
            );
        }
    }
    directories(process, findings);
}

/// What whoever runs a service tells about it, each in a secret of its own.
pub(super) fn services(app: &App, findings: &mut Findings<'_>) {
    for backing in &app.services {
        let refers = |field: Field| {
            let texts = app.everything().flat_map(|process| process.texts());
            texts.into_iter().any(|(_, text)| text.services().any(|one| one == (backing.name(), field)))
        };
        set_up_elsewhere(backing, "on Cloud Run somebody else", BY_HAND, findings);
        let (name, driver) = (app.managed_service(backing, Field::Url).0, backing.key("driver"));
        if let Some(scheme) = backing.driver.as_ref().filter(|_| refers(Field::Url)) {
            findings.value(
                Code::NoEffect,
                &driver,
                format!("Cloud Run cannot put a URL together: the secret `{name}` holds it whole"),
                "has no effect",
                format!("write the URL into the secret as `{scheme}://…`"),
            );
        }
        if !app.is_referred_to(backing) {
            let name = backing.name();
            findings.key(
                Code::NoEffect,
                backing.at(),
                format!("on Cloud Run nothing tells the app where `{name}` is"),
                "somebody else's there, and no value refers to it",
                format!("refer to it, as in `[env]` with `{}_URL = \"${{{name}.url}}\"`", backing.prefix()),
            );
        }
    }
}

fn directories(process: &Process, findings: &mut Findings<'_>) {
    let mut seen: Vec<(&str, Key)> = Vec::new();
    for secret in &process.secrets {
        let Some(file) = &secret.file else { continue };
        let key = process.key("secrets").child(&secret.name).below("mount");
        let own = managed_directory(&file.path);
        let taken = seen.iter().find(|(other, _)| is_inside(own, other) || is_inside(other, own));
        let scratch = process.security.scratch.iter().map(|one| &one.path);
        let mut written = scratch.chain(process.volumes.iter().map(|volume| &volume.path));
        let scratch = written.any(|path| is_inside(path, own));
        if own.is_empty() {
            findings.value(
                Code::BadPath,
                &key,
                "Cloud Run mounts a secret with its directory, and not at the root",
                "lies at the root",
                "give it a directory of its own, as in \"/etc/orders/ca.crt\"",
            );
        } else if let Some((_, other)) = taken {
            let related = findings.provenance.value(other);
            findings.report(
                Problem::new(Code::BadPath, "two secrets cannot be mounted in one directory on Cloud Run")
                    .at(findings.provenance.value(&key), "in one directory")
                    .related(related, "with this one")
                    .help("give each a directory of its own, as in \"/etc/orders/ca/ca.crt\""),
            );
        } else if scratch {
            findings.value(
                Code::BadPath,
                &key,
                format!("`{own}` holds a writable directory, and would hide it"),
                "mounted with its directory",
                "give it a directory of its own, as in \"/etc/orders/ca.crt\"",
            );
        } else {
            findings.value(
                Code::MountHides,
                &key,
                format!("Cloud Run mounts the secret with its directory: `{own}` holds nothing else then"),
                "hides what the image has there",
                "make sure that the image needs nothing there, or choose another directory",
            );
        }
        seen.push((own, key));
    }
}
