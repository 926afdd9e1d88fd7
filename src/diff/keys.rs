//! What tells the items of a list apart.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Form,
    step::{Step, key_from_end},
    tags,
};
use crate::targets::compose::{
    fields::{Class, Order, class_at},
    forms,
};

/// The names of the items of two lists, and whether their order means something.
pub(super) struct Names {
    pub old: Vec<String>,
    pub new: Vec<String>,
    pub is_ordered: bool,
}

impl Names {
    /// Where the one item stands that has another name now, on either side. A port by another number and the one
    /// container by another name are what they were.
    pub fn renamed(&self, at: &[Step]) -> Option<(usize, usize)> {
        let only = |one: &[String], other: &[String]| {
            let mut alone = one.iter().enumerate().filter(|(_, name)| !other.contains(name)).map(|(at, _)| at);
            alone.next().filter(|_| alone.next().is_none())
        };
        let both = only(&self.old, &self.new).zip(only(&self.new, &self.old));
        both.filter(|_| matches!(key_from_end(at, 0), "ports" | "containers"))
    }
}

/// Nothing where places alone tell the items apart: the list has no key, an item has none, or two share one.
pub(super) fn names(form: Form, at: &[Step], old: &[Value], new: &[Value]) -> Option<Names> {
    let all = |items: &[Value]| {
        let names: Vec<String> = items.iter().map(|item| name(form, at, item)).collect::<Option<_>>()?;
        let distinct = names.iter().collect::<BTreeSet<_>>().len() == names.len();
        distinct.then_some(names)
    };
    Some(Names { old: all(old)?, new: all(new)?, is_ordered: is_ordered(form, at) })
}

/// The name of an item of the list at a place.
pub(super) fn name(form: Form, at: &[Step], item: &Value) -> Option<String> {
    match form {
        Form::Object => of_object(at, item),
        Form::Compose => match class_at(&keys(at)) {
            Class::List(unique, _) => forms::key(unique, &tags::node(item)),
            _ => None,
        },
        Form::Data | Form::Text => None,
    }
}

/// The name of an item of a list in an object of a cluster, by the key of the list and the one above it.
pub fn item_name(list: &str, above: &str, item: &Value) -> Option<String> {
    of_object(&[Step::Key(above.to_owned()), Step::Key(list.to_owned())], item)
}

/// Variables may use those before them, and one container is started after the other.
fn is_ordered(form: Form, at: &[Step]) -> bool {
    match form {
        Form::Object => matches!(key_from_end(at, 0), "env" | "initContainers"),
        Form::Compose => matches!(class_at(&keys(at)), Class::List(_, Order::Kept)),
        Form::Data | Form::Text => true,
    }
}

fn keys(at: &[Step]) -> Vec<&str> {
    fn key(step: &Step) -> &str {
        match step {
            Step::Key(key) => key,
            Step::Item(_) | Step::Index(_) => "*",
        }
    }
    at.iter().map(key).collect()
}

/// The keys of the Kubernetes API's lists (`listMapKeys` and `patchMergeKey` in its types), and those of lists that it
/// calls sets.
fn of_object(at: &[Step], item: &Value) -> Option<String> {
    let (list, above) = (key_from_end(at, 0), key_from_end(at, 1));
    let by = |key: &str| Some(format!("{key}={}", plain(item.pointer(&format!("/{key}"))?)?));
    match list {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "secrets" => by("name"),
        "volumeMounts" => by("mountPath"),
        "volumeDevices" => by("devicePath"),
        "hostAliases" => by("ip"),
        "topologySpreadConstraints" => and(by("topologyKey")?, item, "whenUnsatisfiable", ""),
        "conditions" => by("type"),
        "matchExpressions" => by("key"),
        "ownerReferences" => by("uid"),
        "volumeClaimTemplates" => Some(format!("metadata.name={}", item.pointer("/metadata/name").and_then(plain)?)),
        "subjects" => and(and(by("name")?, item, "namespace", "")?, item, "kind", ""),
        "backendRefs" | "parentRefs" => and(and(by("name")?, item, "sectionName", "")?, item, "port", ""),
        // Of a volume that is made of a ConfigMap or a Secret.
        "items" if matches!(above, "configMap" | "secret") => by("key"),
        "ports" => {
            let key = ["containerPort", "port"].into_iter().find(|key| item.get(key).is_some())?;
            and(by(key)?, item, "protocol", "TCP")
        }
        "metrics" => {
            let kind = item.get("type")?.as_str()?;
            let source = item.get(kind[..1].to_lowercase() + &kind[1..])?;
            let name = source.get("name").or_else(|| source.pointer("/metric/name"))?;
            Some(format!("type={kind},name={}", plain(name)?))
        }
        "accessModes" | "policyTypes" | "finalizers" | "hostnames" | "supplementalGroups" => plain(item),
        "add" | "drop" if above == "capabilities" => plain(item),
        "verbs" | "resources" | "apiGroups" | "resourceNames" => plain(item),
        _ => None,
    }
}

/// With a second key, where it is not what it usually is.
fn and(name: String, item: &Value, key: &str, usual: &str) -> Option<String> {
    match item.get(key) {
        None => Some(name),
        Some(value) => {
            let value = plain(value)?;
            Some(if value == usual { name } else { format!("{name},{key}={value}") })
        }
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
