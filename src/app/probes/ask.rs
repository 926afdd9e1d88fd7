//! What a probe asks: one of several questions, and what of its table belongs to that one.

use std::collections::BTreeMap;

use crate::{
    app::{
        Text,
        findings::Findings,
        probe_port::{self, AskPort, Ports},
        reference::{self, Names},
        start::check_program,
    },
    key::Key,
    problem::Code,
    profile::{self, PortRef},
};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    Http {
        path: String,
        port: AskPort,
        headers: BTreeMap<String, String>,
        tls: bool,
    },
    Tcp {
        port: AskPort,
    },
    /// Of the process itself alone: the kubelet fills in nothing that comes from elsewhere.
    Exec(Vec<Text>),
    Grpc {
        port: AskPort,
        service: Option<String>,
    },
}

/// What questions can be about.
#[derive(Clone, Copy)]
pub struct About<'a> {
    pub ports: &'a Ports<'a>,
    pub names: &'a Names<'a>,
}

/// What a table asks for, before exactly one of it is chosen.
pub struct Asked {
    pub http: Option<profile::HttpPath>,
    pub https: Option<profile::HttpPath>,
    pub tcp: Option<bool>,
    pub exec: Option<Vec<String>>,
    pub grpc: Option<bool>,
    pub service: Option<String>,
    pub port: Option<PortRef>,
    pub headers: Option<BTreeMap<profile::HeaderName, profile::HeaderValue>>,
}

impl Asked {
    pub fn something(&self) -> bool {
        self.http.is_some()
            || self.https.is_some()
            || self.tcp == Some(true)
            || self.exec.is_some()
            || self.grpc == Some(true)
    }
}

pub fn ask(
    asked: Asked,
    fallback: Option<Ask>,
    about: About<'_>,
    key: &Key,
    findings: &mut Findings<'_>,
) -> Option<Ask> {
    let Asked { http, https, tcp, exec, grpc, service, port, headers } = asked;
    let (tcp, grpc) = (tcp == Some(true), grpc == Some(true));
    let asked = [http.is_some(), https.is_some(), tcp, exec.is_some(), grpc];
    let kinds = asked.into_iter().filter(|asked| *asked).count();
    if kinds == 0 && fallback.is_some() && port.is_none() && headers.is_none() && service.is_none() {
        return fallback;
    }
    if kinds != 1 {
        let title =
            if kinds == 0 { "the probe does not say what to ask" } else { "the probe asks several things at once" };
        findings.value(
            Code::Conflict,
            key,
            title,
            "exactly one of `http`, `https`, `tcp`, `exec`, `grpc`",
            "write one of them, as in `{ http = \"/healthz\" }`",
        );
        return None;
    }
    let lost = [
        ("headers", headers.is_some() && http.is_none() && https.is_none()),
        ("service", service.is_some() && !grpc),
        ("port", port.is_some() && exec.is_some()),
    ];
    for (name, _) in lost.into_iter().filter(|(_, lost)| *lost) {
        findings.key(
            Code::Conflict,
            &key.child(name),
            format!("`{name}` has no meaning for this probe"),
            "would be lost",
            "drop it",
        );
    }
    if let Some(command) = exec {
        return Some(Ask::Exec(self::command(&command, about.names, &key.below("exec"), findings)));
    }
    let port = probe_port::find(port, about.ports, key, findings)?;
    let tls = https.is_some();
    for (name, path) in [("http", &http), ("https", &https)] {
        no_text(name, path.as_ref(), about.names, (key, findings));
    }
    Some(match http.or(https) {
        Some(path) => {
            let headers = headers.unwrap_or_default().into_iter().map(|(name, value)| (name.0, value.0));
            Ask::Http { path: path.0, port, headers: headers.collect(), tls }
        }
        None if grpc => Ask::Grpc { port, service: service.filter(|service| !service.is_empty()) },
        None => Ask::Tcp { port },
    })
}

/// A path stands as it is.
fn no_text(
    name: &str,
    path: Option<&profile::HttpPath>,
    names: &Names<'_>,
    (key, findings): (&Key, &mut Findings<'_>),
) {
    let refers = |path: &str| path.contains("${port}") || reference::first(path, names).is_some();
    if path.is_some_and(|path| refers(&path.0)) {
        // Alone it needs no table.
        let table = key.child(name);
        findings.value(
            Code::BadReference,
            if findings.provenance.has(&table) { &table } else { key },
            "no reference is read in the path of a probe",
            "would be asked for as it stands here",
            "write the path itself; another port is `port = \"…\"`, a name of `[ports]`",
        );
    }
}

/// A command inside the container, about the process alone. The kubelet fills in variables that have a value in the pod,
/// and none of a Secret or of the pod (Kubernetes, `ExpandContainerCommandOnlyStatic`).
pub fn command(words: &[String], names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) -> Vec<Text> {
    check_program(words, key, findings);
    let texts = reference::command(words, names, key, findings);
    for (i, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_settled()) {
        let is_own = |name: &str| name == "port" || name.starts_with("ports.") || name.starts_with("inputs.");
        let name = text.refers_to.iter().find(|name| !is_own(name)).cloned().unwrap_or_default();
        findings.value(
            Code::BadReference,
            &key.child(i.to_string()),
            format!("`${{{name}}}` cannot stand in the command of a probe"),
            "a probe asks about its own process, and Kubernetes gives it no secrets",
            "name a program of the image, which has the variables of the process; `${port}`, `${ports.NAME}` and \
             `${inputs.NAME}` can stand here",
        );
    }
    texts
}
