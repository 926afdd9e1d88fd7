//! What is wrong with backing services in one runtime alone.

use crate::{
    app::{App, Backing, Field, Process, Runtime, Settings, findings::Findings, path::is_inside},
    problem::Code,
    profile::{BackingKind, Jobs, Provision, When},
};

/// On a host, which runs them all.
pub(super) fn on_host(app: &App, findings: &mut Findings<'_>) {
    for backing in &app.services {
        version(backing, findings);
        for process in app.on_host(Runtime::SingleHost) {
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

/// What would lie among its data, which it wants to find empty at its first start.
pub(super) fn files(backing: &Backing, findings: &mut Findings<'_>) {
    let Some(data) = backing.data else { return };
    for file in backing.process.files.iter().filter(|file| is_inside(&file.path, data)) {
        findings.key(
            Code::BadPath,
            &backing.process.file_key(file),
            format!("`{}` lies among the data of `{}`, `{data}`", file.path, backing.name()),
            "hides what is there, or keeps it from being set up",
            "mount it elsewhere, and name that place in `args` or `env`",
        );
    }
}

/// Files of a service that somebody else runs.
pub(super) fn set_up_elsewhere(backing: &Backing, who: &str, help: &str, findings: &mut Findings<'_>) {
    if !backing.process.files.is_empty() {
        findings.key(
            Code::SetUpElsewhere,
            &backing.key("files"),
            format!("{who} runs `{}`, and mounts none of its files", backing.name()),
            "on Compose and with `k8s = \"preview\"` alone",
            help,
        );
    }
}

/// What somebody does who runs a service for others.
pub(super) const BY_HAND: &str =
    "see that it is set up there, or let a job do it: `[jobs.NAME]` with `when = \"before\"`";

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

/// In a cluster, where a service is somebody else's, an operator's, or made with the app.
pub(super) fn in_cluster(app: &App, findings: &mut Findings<'_>) {
    for backing in &app.services {
        match backing.provision {
            Provision::External => {
                untold(app, backing, findings);
                set_up_elsewhere(backing, "on Kubernetes somebody else", BY_HAND, findings);
            }
            Provision::Cnpg => {
                set_up_elsewhere(backing, "CloudNativePG", BY_PATCH, findings);
                version(backing, findings);
                operated(app, backing, findings);
                idle_keys(backing, &[], "CloudNativePG takes `username` and `password` from it", findings);
            }
            Provision::Preview => {
                version(backing, findings);
                needs_secret(app, backing, findings);
                idle_keys(backing, &[Field::Password], "the profile says all but the password there", findings);
                hidden(backing, findings);
            }
        }
    }
}

/// A service of somebody else is known by references alone.
fn untold(app: &App, backing: &Backing, findings: &mut Findings<'_>) {
    if !app.is_referred_to(backing) {
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

/// No password is made here: the same profile gives the same output.
fn needs_secret(app: &App, backing: &Backing, findings: &mut Findings<'_>) {
    if !backing.facts().has(Field::Password) {
        return;
    }
    let secret = backing.secret.clone().unwrap_or_else(|| app.workload(&backing.process));
    let key = backing.secret_key(Field::Password);
    let namespace = app.k8s.namespace.iter().map(|name| format!("--namespace {name} ")).collect::<String>();
    findings.value(
        Code::NeedsSecret,
        &backing.key("k8s"),
        format!("`{}` starts when there is a Secret `{secret}` with its password", backing.name()),
        "made by whoever deploys",
        format!(
            "make it before the first deployment: \
             `kubectl create secret generic {secret} {namespace}--from-literal={key}=\"$(openssl rand -hex 24)\"`"
        ),
    );
}

/// Names of keys that nobody reads.
fn idle_keys(backing: &Backing, read: &[Field], why: &str, findings: &mut Findings<'_>) {
    for field in backing.secret_keys.keys().filter(|field| backing.facts().has(**field) && !read.contains(field)) {
        findings.key(
            Code::NoEffect,
            &backing.key("secret").below("keys").child(field.told_as()),
            format!("on Kubernetes nobody asks the Secret of `{}` for this key", backing.name()),
            why,
            "drop it, or keep it for an environment in which somebody else runs the service",
        );
    }
}

/// A secret of the app is a variable there, which texts refer to.
fn hidden(backing: &Backing, findings: &mut Findings<'_>) {
    let process = &backing.process;
    let secrets: Vec<&str> = process.secrets.iter().map(|secret| secret.name.as_str()).collect();
    let named = process.env.iter().filter(|one| secrets.contains(&one.name.as_str()));
    for one in named.filter(|one| one.text.only_secret() != Some(&one.name)) {
        let name = &one.name;
        findings.pair(
            Code::DuplicateEnv,
            (&process.key("env").child(name), "set here"),
            (&process.shared("secrets").child(name), "referred to"),
            format!("on Kubernetes `{}` has the secret `{name}` in a variable of this name", backing.name()),
            "give one of them another name",
        );
    }
}

/// CloudNativePG documentation, "Bootstrap", "Executing queries after initialization".
const BY_PATCH: &str = "let a patch name what holds the SQL: `spec.bootstrap.initdb.postInitApplicationSQLRefs`";

/// What CloudNativePG cannot be told.
fn operated(app: &App, backing: &Backing, findings: &mut Findings<'_>) {
    let (name, facts) = (backing.name(), backing.facts());
    if backing.kind != BackingKind::Postgres {
        findings.value(
            Code::Conflict,
            &backing.key("k8s"),
            format!("CloudNativePG runs PostgreSQL, not {}", facts.name),
            &format!("`{name}` is {}", facts.name),
            "write `k8s = \"external\"`",
        );
        return;
    }
    settings(backing, findings);
    for (key, help) in [
        ("image", "name one that the operator can run by a patch: `spec.imageName`"),
        ("env", "write settings in `args`, as in `-c`, `max_connections=200`, or a patch for `spec.env`"),
    ] {
        if findings.provenance.has(&backing.key(key)) {
            let title = format!("CloudNativePG does not run `{name}` with this `{key}`");
            findings.key(Code::NoEffect, &backing.key(key), title, "on Compose alone", help);
        }
    }
    for suffix in ["rw", "ro", "r"] {
        let taken = format!("{name}-{suffix}");
        for process in app.processes.iter().filter(|process| process.name == taken) {
            findings.pair(
                Code::BadName,
                (&process.at, "this process"),
                (backing.at(), "the operator's Services of this one"),
                format!("both would have the Service `{}-{taken}`", app.name),
                "give one of them another name",
            );
        }
    }
}

/// Arguments are for whoever starts it by a command; the operator takes settings.
fn settings(backing: &Backing, findings: &mut Findings<'_>) {
    let list = backing.key("args");
    let Settings { parameters: _, libraries: _, others, fixed } = backing.settings();
    for at in others {
        findings.value(
            Code::NoEffect,
            &list.child(at.to_string()),
            "CloudNativePG starts PostgreSQL by itself, and takes settings alone",
            "no setting that is written out",
            "write settings as in `args = [\"-c\", \"max_connections=200\"]`",
        );
    }
    for (at, name) in fixed {
        findings.value(
            Code::NoEffect,
            &list.child(at.to_string()),
            format!("CloudNativePG sets `{name}` itself"),
            "refused by the operator, so left out",
            "drop it, or keep it for an environment that runs on Compose alone",
        );
    }
}

/// The hook of a job comes before everything that a release of Helm makes.
pub(super) fn before_release(app: &App, findings: &mut Findings<'_>) {
    if app.k8s.jobs != Jobs::Helm {
        return;
    }
    for job in app.jobs.iter().filter(|job| job.when == When::Before) {
        let needed = app.needs(&job.process, &[]);
        for backing in needed.into_iter().filter(|backing| backing.provision != Provision::External) {
            findings.pair(
                Code::Conflict,
                (&job.process.key("when"), "before the first release makes anything"),
                (&backing.key("k8s"), "made by the release"),
                format!("the job `{}` runs before there is a `{}`", job.process.name, backing.name()),
                "run it after, by `when = \"after\"`; a tool that knows waves: `[k8s] jobs = \"argocd\"`",
            );
        }
    }
}
