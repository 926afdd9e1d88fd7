//! Environment variables of the container: the renderer's own first, then inputs, secrets and the profile's, so that
//! each may refer to those before it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, SecretKeySelector};

use super::{spelling, workload::Workload};
use crate::{
    app::{Input, OwnVariable, Runtime, Secret, told},
    key::Key,
    problem::{Code, Problem},
    tree::{Notes, Path},
};

pub fn inputs<'a>(workload: &Workload<'a>) -> BTreeMap<&'a str, &'a Input> {
    workload.process.inputs.iter().map(|input| (input.name.as_str(), input)).collect()
}

pub fn env(workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Vec<EnvVar> {
    let mut env = own(workload, notes);
    env.extend(supplied(workload, notes, problems));
    env.extend(secrets(workload, notes));
    env.extend(plain(workload, notes));
    env
}

fn add(notes: &mut Notes, name: &str, reason: impl Into<std::borrow::Cow<'static, str>>, keys: Vec<Key>) {
    notes.add(Path::new(&format!("env[name={name}]")), reason, keys);
}

fn variable(name: &str, value: String) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value), value_from: None }
}

/// Settings that follow from other keys.
fn own(workload: &Workload<'_>, notes: &mut Notes) -> Vec<EnvVar> {
    let own = workload.app.own_variables(workload.process, Runtime::Orchestrated, &workload.plan);
    let own = own.into_iter().map(|OwnVariable { name, value, reason, keys }| {
        add(notes, &name, reason, keys);
        variable(&name, value)
    });
    own.collect()
}

fn supplied(workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Vec<EnvVar> {
    let table = workload.process.key("inputs");
    let mut env = Vec::new();
    for input in &workload.process.inputs {
        let Input { name, about, default } = input;
        let key = table.child(name);
        match default {
            Some(value) => {
                add(
                    notes,
                    name,
                    told(about.as_deref(), "the input's default, or what an environment of the profile says"),
                    vec![key.child("default")],
                );
                env.push(variable(name, spelling::literal(value)));
            }
            None => problems.push(
                Problem::new(Code::InputWithoutValue, format!("Kubernetes needs a value for the input `{name}`"))
                    .at(workload.app.provenance.key(&key), "no default")
                    .help(format!(
                        "write `default = \"…\"` here, or in `[environments.NAME.inputs.{name}]` and render that environment"
                    )),
            ),
        }
    }
    env
}

fn secrets(workload: &Workload<'_>, notes: &mut Notes) -> Vec<EnvVar> {
    let secrets = workload.process.secrets.iter().filter(|secret| secret.file.is_none());
    let secrets = secrets.map(|secret| {
        let Secret { name, about, from: _, file: _, optional } = secret;
        let (object, key) = place(workload, secret);
        let reason = told(about.as_deref(), "by reference, the value is in the cluster alone");
        add(notes, name, reason, place_keys(workload, secret));
        let selector = SecretKeySelector { name: object, key, optional: optional.then_some(true) };
        EnvVar {
            name: name.clone(),
            value: None,
            value_from: Some(EnvVarSource { secret_key_ref: Some(selector), ..EnvVarSource::default() }),
        }
    });
    secrets.collect()
}

/// The Secret and the key in it.
pub fn place(workload: &Workload<'_>, secret: &Secret) -> (String, String) {
    secret.from.clone().unwrap_or_else(|| (format!("{}-secrets", workload.app.name), secret.name.clone()))
}

/// What decides where a secret is found.
pub fn place_keys(workload: &Workload<'_>, secret: &Secret) -> Vec<Key> {
    let named = secret.from.is_none().then(|| Key::new("name"));
    std::iter::once(workload.process.key("secrets").child(&secret.name)).chain(named).collect()
}

fn plain(workload: &Workload<'_>, notes: &mut Notes) -> Vec<EnvVar> {
    let table = workload.process.key("env");
    let inputs = inputs(workload);
    let env = workload.process.env.iter().map(|one| {
        let mut because = vec![table.child(&one.name)];
        // What a reference stands for decides as much as the text around it.
        because.extend(workload.app.referred_keys(workload.process, &one.text));
        add(notes, &one.name, "asked for", because);
        variable(&one.name, spelling::text(&one.text, &inputs))
    });
    env.collect()
}
