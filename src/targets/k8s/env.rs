//! Environment variables of the container: the renderer's own first, then facts about the pod, inputs, secrets, what
//! tells about services, and the profile's, so that each may refer to those before it.

use k8s_openapi::api::core::v1::{
    ConfigMapEnvSource, EnvFromSource, EnvVar, EnvVarSource, ObjectFieldSelector, SecretEnvSource, SecretKeySelector,
};

use super::{backing, spelling, workload::Workload};
use crate::{
    app::{EnvGroup, Input, OwnVariable, PodFact, Runtime, Secret, Variable, told},
    key::Key,
    problem::{Code, Problem},
    tree::{Notes, Path},
};

pub fn env(workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Vec<EnvVar> {
    let mut env = own(workload, notes);
    env.extend(facts(workload, notes));
    env.extend(supplied(workload, notes, problems));
    env.extend(secrets(workload, notes));
    env.extend(backing::env(workload, notes));
    env.extend(plain(workload, notes));
    env
}

/// Whole objects. What holds them is not ours, so no rollout follows a change of it.
pub fn env_from(workload: &Workload<'_>, notes: &mut Notes) -> Vec<EnvFromSource> {
    let reason = "every entry of it as a variable, those above win; pods see a change when they next start";
    notes.add("envFrom", reason, workload.process.keys(&["env_from"]));
    let groups = workload.process.env_from.iter().map(|EnvGroup { name, is_secret }| match is_secret {
        true => EnvFromSource {
            secret_ref: Some(SecretEnvSource { name: name.clone(), optional: None }),
            ..EnvFromSource::default()
        },
        false => EnvFromSource {
            config_map_ref: Some(ConfigMapEnvSource { name: name.clone(), optional: None }),
            ..EnvFromSource::default()
        },
    });
    groups.collect()
}

fn add(notes: &mut Notes, name: &str, reason: impl Into<std::borrow::Cow<'static, str>>, keys: Vec<Key>) {
    notes.add(Path::new("env").item("name", name), reason, keys);
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

/// Facts about the pod that texts refer to.
fn facts(workload: &Workload<'_>, notes: &mut Notes) -> Vec<EnvVar> {
    let facts = workload.process.facts_in_texts().into_iter().map(|(fact, texts)| {
        let name = fact.variable();
        let (reason, keys) = match texts.as_slice() {
            // Any of them alone would do.
            [_, _, ..] => ("a fact about the pod, which several texts refer to", Vec::new()),
            one => ("a fact about the pod, which a text refers to", one.to_vec()),
        };
        add(notes, name, reason, keys);
        fact_variable(name, fact)
    });
    facts.collect()
}

fn fact_variable(name: &str, fact: PodFact) -> EnvVar {
    let field = match fact {
        PodFact::Name => "metadata.name",
        PodFact::Namespace => "metadata.namespace",
        PodFact::Ip => "status.podIP",
    };
    let selector = ObjectFieldSelector { api_version: None, field_path: field.into() };
    let value_from = Some(EnvVarSource { field_ref: Some(selector), ..EnvVarSource::default() });
    EnvVar { name: name.to_owned(), value: None, value_from }
}

fn supplied(workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Vec<EnvVar> {
    let table = workload.process.shared("inputs");
    let mut env = Vec::new();
    for input in &workload.process.inputs {
        let Input { name, about, default } = input;
        let key = table.child(name);
        match default {
            // What a service is told of it stands in its own variables.
            Some(_) if workload.process.is_service() => {}
            Some(value) => {
                add(
                    notes,
                    name,
                    told(about.as_deref(), "the input's default, or what an environment of the profile says"),
                    vec![key.below("default")],
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
    std::iter::once(workload.process.shared("secrets").child(&secret.name)).chain(named).collect()
}

fn plain(workload: &Workload<'_>, notes: &mut Notes) -> Vec<EnvVar> {
    let table = workload.process.key("env");
    let (app, names) = (workload.app, backing::names(workload.app, workload.process));
    let facts = workload.process.facts_in_texts();
    // What is such a fact by itself is set already, and so is what a Secret tells.
    let is_set = |one: &Variable| {
        let fact = one.text.fact().is_some_and(|fact| facts.contains_key(&fact) && fact.variable() == one.name);
        fact || backing::whole(app, one).is_some() || one.text.only_secret() == Some(&one.name)
    };
    let env = workload.process.env.iter().filter(|one| !is_set(one)).map(|one| {
        let mut because = vec![table.child(&one.name)];
        // What a reference stands for decides as much as the text around it.
        because.extend(app.referred_keys(workload.process, &one.text));
        because.extend(backing::referred(app, workload.process, &one.text));
        add(notes, &one.name, backing::reason(app, &one.text), because);
        match one.text.fact() {
            Some(fact) => fact_variable(&one.name, fact),
            None => variable(&one.name, spelling::text(&one.text, &names)),
        }
    });
    env.collect()
}
