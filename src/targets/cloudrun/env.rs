//! Environment variables: the renderer's own first, then inputs, secrets, what tells about services, and the profile's, so
//! that in a cluster each may refer to those before it. Cloud Run replaces nothing in a text.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    part::Part,
    types::{KeyOf, Source, Variable},
};
use crate::{
    app::{self, Address, Backing, EnvGroup, Field, Input, OwnVariable, Place, Runtime, Secret, Text, defaults, told},
    key::Key,
    problem::{Code, Problem},
    targets::{
        backing::{self, Told},
        expansion,
    },
    tree::{Notes, Path},
};

type Inputs<'a> = BTreeMap<&'a str, &'a Input>;

pub fn inputs<'a>(part: &Part<'a>) -> Inputs<'a> {
    part.process.inputs.iter().map(|input| (input.name.as_str(), input)).collect()
}

pub fn env(part: &Part<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Vec<Variable> {
    let mut env = own(part, notes);
    env.extend(supplied(part, notes, problems));
    env.extend(secrets(part, notes));
    env.extend(services(part, notes));
    env.extend(plain(part, notes));
    env
}

/// A text as the platform reads it: what is an error there is nothing.
pub fn text(part: &Part<'_>, text: &Text, inputs: &Inputs<'_>) -> String {
    if part.is_knative() {
        return expansion::text(text, &names(part));
    }
    let parts = text.parts.iter().map(|part| match part {
        app::Part::Literal(literal) => literal.as_str(),
        app::Part::Input(name) => {
            inputs.get(name.as_str()).and_then(|input| input.default.as_deref()).unwrap_or_default()
        }
        app::Part::Secret(_) | app::Part::Pod(_) | app::Part::Service { .. } | app::Part::Process { .. } => "",
    });
    parts.collect()
}

/// What references stand for in a cluster. Knative's router tells services apart by the name with the namespace (Knative
/// Serving, `ingress.ExpandedHosts`), and listens where plain HTTP is.
fn names<'a>(part: &Part<'a>) -> expansion::Names<'a> {
    let mut names = expansion::Names::of(part.process);
    for other in &part.app.processes {
        let namespace = part.app.k8s.namespace.as_deref().unwrap_or_default();
        let host = format!("{}.{namespace}", part.app.workload(other));
        names.place(&other.name, Place { host, port: defaults::HTTP_PORT, tls: false });
    }
    backing::stand_for(part.app, part.process, Runtime::Serverless, &mut names);
    names
}

/// What decides where the services and processes are that a text leads to.
pub fn led_keys(part: &Part<'_>, text: &Text) -> Vec<Key> {
    let services = part.is_knative().then(|| backing::referred(part.app, part.process, text));
    services.into_iter().flatten().chain(sibling_keys(part, text)).collect()
}

fn sibling_keys(part: &Part<'_>, text: &Text) -> Vec<Key> {
    let keys = text.processes().filter_map(|(name, address)| {
        let process = part.app.process(name)?;
        let host = [app::keys(&["name", "k8s.namespace"]), process.own_keys()].concat();
        Some(match address {
            Address::Host | Address::Url => host,
            Address::Port => Vec::new(),
        })
    });
    keys.flatten().collect()
}

/// A text without references.
pub fn literal(part: &Part<'_>, text: &str) -> String {
    if part.is_knative() { expansion::literal(text) } else { text.to_owned() }
}

/// Whole objects, in a cluster.
pub fn env_from(part: &Part<'_>, notes: &mut Notes) -> Option<serde_json::Value> {
    let reason = "every entry of it as a variable, those above win; instances see a change when they next start";
    notes.add("envFrom", reason, part.process.keys(&["env_from"]));
    let groups = part.process.env_from.iter().filter(|_| part.is_knative()).map(|EnvGroup { name, is_secret }| {
        let kind = if *is_secret { "secretRef" } else { "configMapRef" };
        serde_json::json!({ kind: { "name": name } })
    });
    let groups: Vec<_> = groups.collect();
    (!groups.is_empty()).then_some(groups.into())
}

fn add(notes: &mut Notes, name: &str, reason: impl Into<Cow<'static, str>>, keys: Vec<Key>) {
    notes.add(Path::new("env").item("name", name), reason, keys);
}

fn variable(name: &str, value: String) -> Variable {
    Variable { name: name.to_owned(), value: Some(value), value_from: None }
}

/// Settings that follow from other keys.
fn own(part: &Part<'_>, notes: &mut Notes) -> Vec<Variable> {
    let own = part.app.own_variables(part.process, Runtime::Serverless, &part.plan);
    let own = own.into_iter().map(|OwnVariable { name, value, reason, keys }| {
        add(notes, &name, reason, keys);
        variable(&name, value)
    });
    own.collect()
}

fn supplied(part: &Part<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Vec<Variable> {
    let table = part.process.key("inputs");
    let mut env = Vec::new();
    for input in &part.process.inputs {
        let Input { name, about, default } = input;
        let key = table.child(name);
        match default {
            Some(value) => {
                let reason = "the input's default, or what an environment of the profile says";
                add(notes, name, told(about.as_deref(), reason), vec![key.below("default")]);
                env.push(variable(name, literal(part, value)));
            }
            None => {
                let who = if part.is_knative() { "Knative" } else { "Cloud Run" };
                problems.push(
                    Problem::new(Code::InputWithoutValue, format!("{who} needs a value for the input `{name}`"))
                        .at(part.app.provenance.key(&key), "no default")
                        .help(format!(
                            "write `default = \"…\"` here, or in `[environments.NAME.inputs.{name}]` and render that environment"
                        )),
                );
            }
        }
    }
    env
}

fn secrets(part: &Part<'_>, notes: &mut Notes) -> Vec<Variable> {
    let secrets = part.process.secrets.iter().filter(|secret| secret.file.is_none());
    let secrets = secrets.map(|secret| {
        let Secret { name, about, from: _, file: _, optional: _ } = secret;
        let reason = if part.is_knative() {
            "by reference, the value is in the cluster alone"
        } else {
            "by reference, the value is in Secret Manager alone"
        };
        add(notes, name, told(about.as_deref(), reason), place_keys(part, secret));
        referring(part, name, secret)
    });
    secrets.collect()
}

fn referring(part: &Part<'_>, name: &str, secret: &Secret) -> Variable {
    let optional = (secret.optional && part.is_knative()).then_some(true);
    from_secret(name, place(part, secret), optional)
}

fn from_secret(name: &str, (object, key): (String, String), optional: Option<bool>) -> Variable {
    let source = Source { secret_key_ref: Some(KeyOf { key, name: object, optional }), ..Source::default() };
    Variable { name: name.to_owned(), value: None, value_from: Some(source) }
}

/// What Secrets tell about services, in a cluster: whatever refers to it comes after it.
fn services(part: &Part<'_>, notes: &mut Notes) -> Vec<Variable> {
    if !part.is_knative() {
        return Vec::new();
    }
    let told = backing::env(part.app, part.process, Runtime::Serverless, notes).into_iter();
    told.map(|Told { name, secret, key }| from_secret(&name, (secret, key), None)).collect()
}

/// The secret that a text is, and nothing beside it: Cloud Run can give it another name.
fn alone<'a>(part: &Part<'a>, text: &Text) -> Option<&'a Secret> {
    let name = text.only_secret().filter(|_| !part.is_knative())?;
    part.process.secrets.iter().find(|secret| secret.name == name)
}

/// What a text tells of a service, and nothing beside it: on Cloud Run a secret, too.
fn told_alone<'a>(part: &Part<'a>, text: &Text) -> Option<(&'a Backing, Field)> {
    let (service, field) = text.only_service().filter(|_| !part.is_knative())?;
    Some((part.app.service(service)?, field))
}

/// The object and the key in it; on Cloud Run the secret and its version.
pub fn place(part: &Part<'_>, secret: &Secret) -> (String, String) {
    if !part.is_knative() {
        return part.app.managed_secret(secret);
    }
    secret.from.clone().unwrap_or_else(|| (format!("{}-secrets", part.app.name), secret.name.clone()))
}

/// What decides where a secret is found.
pub fn place_keys(part: &Part<'_>, secret: &Secret) -> Vec<Key> {
    let named = secret.from.is_none().then(|| Key::new("name"));
    std::iter::once(part.process.key("secrets").child(&secret.name)).chain(named).collect()
}

fn plain(part: &Part<'_>, notes: &mut Notes) -> Vec<Variable> {
    let table = part.process.key("env");
    let inputs = inputs(part);
    // In a cluster, what a Secret tells is set already.
    let is_set = |one: &app::Variable| part.is_knative() && backing::whole(part.app, one).is_some();
    let env = part.process.env.iter().filter(|one| !is_set(one)).map(|one| {
        let mut because = vec![table.child(&one.name)];
        // What a reference stands for decides as much as the text around it.
        because.extend(part.app.referred_keys(part.process, &one.text));
        because.extend(led_keys(part, &one.text));
        if let Some((backing, field)) = told_alone(part, &one.text) {
            let reason = "by reference, the value is in Secret Manager alone";
            because.extend([backing.key("secret"), Key::new("name")]);
            add(notes, &one.name, reason, because);
            return from_secret(&one.name, part.app.managed_service(backing, field), None);
        }
        if let Some(secret) = alone(part, &one.text) {
            let reason = "asked for: a secret under another name";
            because.extend(place_keys(part, secret));
            add(notes, &one.name, reason, because);
            return referring(part, &one.name, secret);
        }
        add(notes, &one.name, backing::reason(part.app, &one.text), because);
        variable(&one.name, text(part, &one.text, &inputs))
    });
    env.collect()
}
