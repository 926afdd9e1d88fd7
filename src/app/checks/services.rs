//! What is wrong with backing services in one runtime alone.

use crate::{
    app::{App, Backing, Process, findings::Findings},
    problem::Code,
    profile::Provision,
};

/// On a host, which runs them all.
pub(super) fn on_host(app: &App, findings: &mut Findings<'_>) {
    for backing in &app.services {
        version(backing, findings);
        for process in app.containers() {
            password(backing, process, findings);
        }
    }
}

/// The default moves with the program, and the data stays.
fn version(backing: &Backing, findings: &mut Findings<'_>) {
    let facts = backing.facts();
    let written = ["version", "image"].iter().any(|name| findings.provenance.sets(&backing.at().child(*name)));
    if facts.image.migrates && !written {
        let (name, default) = (backing.name(), facts.image.default);
        findings.key(
            Code::DefaultVersion,
            backing.at(),
            format!("the version of `{name}` is not written down: {} {default} is today's default", facts.name),
            "its data belongs to one major version",
            format!("write `version = \"{default}\"`, so that a newer default leaves the data alone"),
        );
    }
}

/// Nobody else has the variable, or the file, that a service has its password from.
fn password(backing: &Backing, process: &Process, findings: &mut Findings<'_>) {
    let what = |name: &str| format!("`{name}` is the password of the service `{}` on Compose", backing.name());
    let variable = backing.password_variable();
    for input in process.inputs.iter().filter(|input| Some(&input.name) == variable.as_ref()) {
        findings.pair(
            Code::Conflict,
            (&process.shared("inputs").child(&input.name), "readable by everybody"),
            (backing.at(), "takes it for its password"),
            what(&input.name),
            "give the input another name, or drop it: the variable is there already",
        );
    }
    let file = backing.password_file();
    for secret in process.secrets.iter().filter(|one| one.file.is_some() && Some(&one.name) == file.as_ref()) {
        findings.pair(
            Code::Conflict,
            (&process.shared("secrets").child(&secret.name), "a file of its own"),
            (backing.at(), "has its password in a file of this name"),
            what(&secret.name),
            "give the secret another name",
        );
    }
}

/// In a cluster, where a service of somebody else is known by references alone.
pub(super) fn in_cluster(app: &App, findings: &mut Findings<'_>) {
    for backing in &app.services {
        if backing.provision == Provision::External && !app.is_referred_to(backing) {
            let name = backing.name();
            findings.key(
                Code::NoEffect,
                backing.at(),
                format!("on Kubernetes nothing tells the app where `{name}` is"),
                "somebody else's there, and no value refers to it",
                format!("refer to it, as in `[env]` with `{}_HOST = \"${{{name}.host}}\"`", backing.prefix()),
            );
        }
    }
}
