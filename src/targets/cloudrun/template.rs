//! The revision that a service or worker pool runs.

use super::{
    annotations::Own,
    container, metadata, order,
    part::Part,
    types::{Container, Reference, RevisionSpec, Template, Volume},
    volumes::{self, Volumes},
};
use crate::{
    app::{Account, Reader, keys},
    key::Key,
    problem::Problem,
    tree::{Notes, Path},
};

/// The template, with its notes relative to itself.
pub fn template(part: &Part<'_>, own: Vec<Own>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Template {
    let own = match part.is_knative() {
        true => own,
        false => own.into_iter().chain(machine(part)).chain(order::order(part)).collect(),
    };
    let metadata = metadata::template(part, own, Reader::Revision, notes);
    let mut inner = Notes::default();
    let spec = spec(part, &mut inner, problems);
    notes.extend("spec", inner);
    Template { metadata: Some(metadata), spec }
}

/// What Cloud Run runs an instance on.
fn machine(part: &Part<'_>) -> Vec<Own> {
    let (generation, reason) = match part.size.is_part_of_a_core() {
        true => ("gen1", "only the first generation has parts of a core"),
        false => ("gen2", "a whole Linux, and the faster one"),
    };
    let boost = part.process.cloudrun.cpu_boost;
    let boosted = if boost { "more CPU while an instance starts: the first request waits for it" } else { "asked for" };
    let generation = Own {
        name: "run.googleapis.com/execution-environment",
        value: generation.into(),
        reason: reason.into(),
        keys: part_of_a_core_keys(part),
    };
    let boost = Own {
        name: "run.googleapis.com/startup-cpu-boost",
        value: boost.to_string(),
        reason: boosted.into(),
        keys: part.process.keys(&["cloudrun.cpu_boost"]),
    };
    match part.serves() {
        true => vec![generation, boost],
        // Nobody waits for a worker, and there is one generation.
        false => Vec::new(),
    }
}

/// What decides whether an instance has less than a core.
fn part_of_a_core_keys(part: &Part<'_>) -> Vec<Key> {
    let matters = part.size.is_part_of_a_core() || part.process.cloudrun.cpu.is_none();
    if matters { part.process.keys(&["cloudrun.cpu"]) } else { Vec::new() }
}

/// What an instance is made of, whatever it is of.
pub struct Instance {
    pub containers: Vec<Container>,
    pub volumes: Option<Vec<Volume>>,
    pub account: Option<String>,
}

/// An instance, with its notes relative to what it is a part of.
pub fn instance(part: &Part<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Instance {
    let mut volumes = Volumes::default();
    let own = one(part, &mut volumes, notes, problems);
    let sidecars = part.app.sidecars(part.process);
    let sidecars: Vec<Container> =
        sidecars.map(|sidecar| one(&part.beside(sidecar), &mut volumes, notes, problems)).collect();
    let (account, reason, because) = account(part);
    notes.add("serviceAccountName", reason, because);
    let containers = std::iter::once(own).chain(sidecars).collect();
    Instance { containers, volumes: some(volumes.volumes), account }
}

/// One container, and what it adds to the volumes of the instance.
fn one(part: &Part<'_>, volumes: &mut Volumes, notes: &mut Notes, problems: &mut Vec<Problem>) -> Container {
    let (mut own, mut of_instance) = (Notes::default(), Notes::default());
    let mounts = volumes::mounts(part, volumes, &mut of_instance, &mut own);
    if part.host.is_some() {
        of_instance.all_by(&part.process.own_keys());
    }
    notes.extend("", of_instance);
    let container = container::container(part, mounts, &mut own, problems);
    notes.extend(Path::new("containers").item("name", part.container()), own);
    container
}

fn spec(part: &Part<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> RevisionSpec {
    let process = part.process;
    let Instance { containers, volumes, account } = instance(part, notes, problems);
    let knative = part.is_knative();
    let serves = part.serves();
    note(part, notes);
    let secrets = part.app.k8s.image_pull_secrets.iter().map(|name| Reference { name: name.clone() });
    RevisionSpec {
        containers,
        automount_service_account_token: (knative && !process.security.kube_api).then_some(false),
        container_concurrency: part.app.concurrency(process).filter(|_| serves).map(i64::from),
        enable_service_links: knative.then_some(false),
        image_pull_secrets: some(secrets.filter(|_| knative).collect()),
        service_account_name: account,
        timeout_seconds: serves.then_some(process.cloudrun.timeout.0.into()),
        volumes,
        ..RevisionSpec::default()
    }
}

pub fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    Some(items).filter(|items| !items.is_empty())
}

fn note(part: &Part<'_>, notes: &mut Notes) {
    let concurrency = match part.process.cloudrun.concurrency {
        Some(_) => "asked for",
        None if part.size.is_part_of_a_core() => "an instance with less than a core takes one request at a time",
        None => "as many as Cloud Run gives an instance that says nothing",
    };
    let because = match part.process.cloudrun.concurrency {
        Some(_) => part.process.keys(&["cloudrun.concurrency"]),
        None => [part.process.keys(&["cloudrun.concurrency"]), part_of_a_core_keys(part)].concat(),
    };
    notes.add("containerConcurrency", concurrency, because);
    let timeout = if part.is_knative() {
        "the longest answer; and an instance that is told to stop is killed after it"
    } else {
        "the longest answer"
    };
    notes.add("timeoutSeconds", timeout, part.process.keys(&["cloudrun.timeout"]));
    notes.add(
        "automountServiceAccountToken",
        "least-privilege: no token, the process does not talk to the Kubernetes API",
        part.process.keys(&["security.kube_api"]),
    );
    let links = "the variables of every Service in the namespace would collide with the app's settings";
    notes.add("enableServiceLinks", links, Vec::new());
    notes.add("imagePullSecrets", "asked for", keys(&["k8s.image_pull_secrets"]));
}

/// Who the instances are: what `[cloudrun]` says, and in a cluster what the process says.
fn account(part: &Part<'_>) -> (Option<String>, &'static str, Vec<Key>) {
    let own = part.process.keys(&["cloudrun.service_account"]);
    let named = match &part.process.security.account {
        Account::Named { name, .. } if part.is_knative() => Some(name.clone()),
        Account::Named { .. } | Account::Own | Account::Default => None,
    };
    match (&part.process.cloudrun.service_account, named) {
        (Some(account), _) => (Some(account.clone()), "asked for", own),
        (None, Some(name)) => {
            (Some(name), "asked for", [own, part.process.keys(&["security.service_account"])].concat())
        }
        (None, None) => (None, "", Vec::new()),
    }
}
