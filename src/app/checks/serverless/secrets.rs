//! Secrets on Cloud Run: each is one of Secret Manager, and a file has a directory to itself.

use crate::{
    app::{App, Process, findings::Findings, managed_directory, path::is_inside},
    key::Key,
    problem::{Code, Problem},
};

pub(super) fn check(app: &App, process: &Process, findings: &mut Findings<'_>) {
    for secret in &process.secrets {
        let key = process.key("secrets").child(&secret.name);
        let optional = key.child("optional");
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

fn directories(process: &Process, findings: &mut Findings<'_>) {
    let mut seen: Vec<(&str, Key)> = Vec::new();
    for secret in &process.secrets {
        let Some(file) = &secret.file else { continue };
        let key = process.key("secrets").child(&secret.name).child("mount");
        let own = managed_directory(&file.path);
        let taken = seen.iter().find(|(other, _)| is_inside(own, other) || is_inside(other, own));
        let scratch = process.security.scratch.iter().any(|one| is_inside(&one.path, own));
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
