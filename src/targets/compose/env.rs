//! Environment variables of a service: the renderer's own first, then the profile's by name.

use std::{borrow::Cow, collections::BTreeMap};

use docker_compose_types::{Environment, SingleValue};

use super::{service::Part, spelling};
use crate::{
    app::{EnvGroup, Input, OwnVariable, PodFact, Runtime, Secret, Text, Variable, told},
    key::Key,
    problem::{Code, Problem},
    tree::{Content, Node, Path},
};

/// Compose and Kubernetes put a password into a text as it is.
const PASSWORD: &str =
    "asked for; a password stands in it as it is, so it has letters, digits and `.`, `_`, `~`, `-` alone";

pub fn environment(part: &mut Part<'_>, problems: &mut Vec<Problem>) -> Environment {
    let process = part.process;
    let mut values: Vec<(String, Option<String>)> = own(part);
    let names = spelling::Names::of(part);
    let mut plain: BTreeMap<String, Option<String>> = BTreeMap::new();
    for input in &process.inputs {
        let key = process.key("inputs").child(&input.name);
        check_default(input, &key, part, problems);
        let reason = if input.default.is_some() {
            "the shell's or .env's value, or this default"
        } else {
            "the shell's or .env's value"
        };
        add(part, &input.name, told(input.about.as_deref(), reason), vec![key.below("default")]);
        plain.insert(input.name.clone(), Some(spelling::input(input)));
    }
    for secret in process.secrets.iter().filter(|secret| secret.file.is_none()) {
        let Secret { name, about, from: _, file: _, optional } = secret;
        let key = process.key("secrets").child(name);
        let reason = told(about.as_deref(), "the shell's or .env's value, which is in no file that we write");
        add(part, name, reason, vec![key]);
        plain.insert(name.clone(), (!optional).then(|| spelling::required(name)));
    }
    for (table, variables) in tables(part) {
        for Variable { name, text } in variables {
            let mut because = vec![table.child(name)];
            because.extend(part.app.referred_keys(process, text));
            because.extend(pod_keys(part, text));
            because.extend(spelling::referred(part.app, text));
            if part.runtime == Runtime::Dev {
                because.push(process.key("dev.env").child(name));
            }
            let reason = if text.holds_password(part.app) { PASSWORD } else { "asked for" };
            add(part, name, reason, because);
            plain.insert(name.clone(), Some(spelling::text(text, &names)));
        }
    }
    values.extend(plain);
    let values = values.into_iter().map(|(name, value)| (name, value.map(SingleValue::String)));
    Environment::KvPair(values.collect())
}

/// What stands for facts about a pod, which a host does not have.
pub fn pod_keys(part: &Part<'_>, text: &Text) -> Vec<Key> {
    let keys = text.facts().map(|fact| match fact {
        PodFact::Name | PodFact::Ip => part.pod_keys(),
        PodFact::Namespace => part.app.project_keys(),
    });
    keys.flatten().collect()
}

/// Files of whole groups of variables. Values are taken as they stand in the file, as the cluster takes them from an
/// object: `kubectl create secret generic NAME --from-env-file NAME.env` reads it the same way.
pub fn files(part: &mut Part<'_>) -> Option<Node> {
    let reason = "every line of it as a variable, `environment` wins; in the cluster it is an object of this name";
    part.notes.add("env_file", reason, part.process.keys(&["env_from"]));
    let files = part.process.env_from.iter().map(|EnvGroup { name, is_secret: _ }| {
        let mut file = Node::map();
        file.set("path", Node::text(format!("./{name}.env")));
        file.set("format", Node::text("raw"));
        file
    });
    let files: Vec<Node> = files.collect();
    (!files.is_empty()).then(|| Node::new(Content::Seq(files)))
}

/// The profile's variables; in development those of `[dev]` lie over them.
fn tables<'a>(part: &Part<'a>) -> Vec<(Key, &'a [Variable])> {
    let mut tables = vec![(part.process.key("env"), part.process.env.as_slice())];
    if part.runtime == Runtime::Dev {
        tables.push((part.process.key("dev.env"), part.process.dev.env.as_slice()));
    }
    tables
}

fn add(part: &mut Part<'_>, name: &str, reason: impl Into<Cow<'static, str>>, keys: Vec<Key>) {
    part.notes.add(Path::new("environment").key(name), reason, keys);
}

/// Settings that follow from other keys.
fn own(part: &mut Part<'_>) -> Vec<(String, Option<String>)> {
    let own = part.app.own_variables(part.process, part.runtime, &part.plan);
    let own = own.into_iter().map(|OwnVariable { name, value, reason, keys }| {
        add(part, &name, reason, keys);
        (name, Some(value))
    });
    own.collect()
}

/// Compose has no way to write a brace or a line break inside `${NAME:-default}`.
fn check_default(input: &Input, key: &Key, part: &Part<'_>, problems: &mut Vec<Problem>) {
    if input.default.as_ref().is_some_and(|default| default.contains(['{', '}', '\n'])) {
        problems.push(
            Problem::new(Code::BadReference, format!("Compose cannot write the default of `{}`", input.name))
                .at(part.app.provenance.value(&key.below("default")), "a brace or line break ends the reference early")
                .help("use a default without `{`, `}` and line breaks, or none: then `.env` supplies it"),
        );
    }
}
