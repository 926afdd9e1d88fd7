//! One object: its form, the place that it gets, and our labels.

use serde_json::Value;

use super::{
    Raw,
    document::{Here, is_said},
};
use crate::{
    app::{App, Extra, keys},
    problem::{Code, Problem},
    targets::{k8s::object::Object, object::order},
    tree::{Node, Note},
};

/// Kinds of Kubernetes that are in no namespace, and well-known ones of others.
const CLUSTER_WIDE: &[&str] = &[
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "CustomResourceDefinition",
    "DeviceClass",
    "FlowSchema",
    "GatewayClass",
    "IngressClass",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeSnapshotClass",
];

/// Whether objects of a kind live in no namespace. Of kinds that are not Kubernetes' own only the name tells, which
/// begins with `Cluster` by custom: ClusterIssuer, ClusterSecretStore.
fn is_cluster_wide(kind: &str) -> bool {
    let of_cluster =
        kind.strip_prefix("Cluster").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    of_cluster || CLUSTER_WIDE.contains(&kind)
}

/// What only a cluster writes.
const WRITTEN_BY_A_CLUSTER: &[&str] =
    &["/metadata/uid", "/metadata/resourceVersion", "/metadata/managedFields", "/status"];

/// The object of a document, labelled; or what keeps it from being one.
pub fn object<'a>(
    app: &App,
    file: &Extra,
    value: Value,
    here: &Here<'a>,
    problems: &mut Vec<Problem>,
) -> Option<Raw<'a>> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (version, kind, name) = (text("/apiVersion"), text("/kind"), text("/metadata/name"));
    let (Some(_), Some(kind)) = (version, kind) else {
        let missing = if version.is_none() { "apiVersion" } else { "kind" };
        let help = "write an object as it is applied: a map with `apiVersion`, `kind`, `metadata` and what it is about";
        problems.push(here.bad(format!("an object needs `{missing}`"), "not an object of a cluster", help));
        return None;
    };
    if kind == "List" || kind.ends_with("List") && value.get("items").is_some() {
        let help = "write each of its items as a document of its own, with `---` between them";
        problems.push(here.bad(format!("a `{kind}` is many objects in one"), "not one object", help));
        return None;
    }
    let Some(name) = name.map(str::to_owned) else {
        let help = "write `metadata: { name: … }`: a generated name would be another one at every apply";
        problems.push(here.bad(format!("the {kind} has no name"), "needs `metadata.name`", help));
        return None;
    };
    let kind = kind.to_owned();
    if let Some(pointer) = WRITTEN_BY_A_CLUSTER.iter().find(|pointer| value.pointer(pointer).is_some_and(is_said)) {
        let last = pointer.rsplit('/').next().unwrap_or_default();
        problems.push(
            Problem::new(Code::BadExtra, format!("{kind} `{name}`: `{last}` is what a cluster writes"))
                .at(here.key(last), "of an object that lives already")
                .help("drop it: the object is made anew wherever it is applied"),
        );
    }
    secrecy(&kind, &name, &value, here, problems);
    let mut root = Node::from(value);
    note(&mut root, file);
    place(app, &kind, &mut root);
    label(app, &kind, &mut root);
    order(&mut root);
    Some(Raw { object: Object { kind, name, root }, here: *here })
}

/// Values that everybody reads who reads the repository.
fn secrecy(kind: &str, name: &str, value: &Value, here: &Here<'_>, problems: &mut Vec<Problem>) {
    let held = ["data", "stringData"].into_iter().find(|key| value.get(*key).is_some_and(is_said));
    if let Some(key) = held.filter(|_| kind == "Secret") {
        problems.push(
            Problem::new(Code::WeakExtra, format!("Secret `{name}`: its values stand in the repository"))
                .at(here.key(key), "for everybody who can read it")
                .help(
                    "let something else make the Secret (External Secrets, Sealed Secrets), and name it in `[secrets]`",
                ),
        );
    }
}

/// Every value is there because the file says so.
fn note(root: &mut Node, file: &Extra) {
    let reason = format!("as `{}` says", file.path);
    let crate::tree::Content::Map(entries) = &mut root.content else { return };
    for (key, value) in entries.iter_mut() {
        // The name of its file is short where it begins with the app's.
        let name = if key == "kind" { keys(&["name"]) } else { Vec::new() };
        value.note = Some(Note::new(reason.clone(), [vec![file.key.clone()], name].concat()));
    }
}

/// The namespace of all others, unless it says one or lives in none.
fn place(app: &App, kind: &str, root: &mut Node) {
    let (Some(namespace), Some(metadata)) = (&app.k8s.namespace, root.get_mut("metadata")) else { return };
    if metadata.get("namespace").is_none() && !is_cluster_wide(kind) {
        let note = Note::new("where the app lives", keys(&["k8s.namespace"]));
        metadata.set("namespace", Node::text(namespace).noted(note));
    }
}

/// Labels and annotations of all our objects, as far as it has none of its own. A Pod would be taken for one of ours by
/// them, in policies of others.
fn label(app: &App, kind: &str, root: &mut Node) {
    let Some(metadata) = root.get_mut("metadata") else { return };
    let main = &app.processes[0];
    let own = |table: &'static str, name: &str| vec![main.key(table).child(name)];
    let ours = [
        ("app.kubernetes.io/managed-by", "render", "who wrote this", Vec::new()),
        ("app.kubernetes.io/part-of", app.name.as_str(), "the app's name", keys(&["name"])),
    ];
    let ours = ours.into_iter().filter(|_| kind != "Pod");
    for (name, value, reason, because) in ours {
        add(metadata, "labels", name, value, Note::new(reason, because));
    }
    for (name, value) in &main.labels {
        add(metadata, "labels", name, value, Note::new("asked for", own("labels", name)));
    }
    for (name, value) in &main.annotations {
        add(metadata, "annotations", name, value, Note::new("asked for", own("annotations", name)));
    }
}

fn add(metadata: &mut Node, table: &'static str, name: &str, value: &str, note: Note) {
    if metadata.get(table).is_none_or(|table| table.as_map().is_none()) {
        metadata.set(table, Node::map());
    }
    if let Some(table) = metadata.get_mut(table).filter(|table| table.get(name).is_none()) {
        table.set(name.to_owned(), Node::text(value).noted(note));
    }
}
