//! Names and labels.

use super::{
    annotations,
    part::Part,
    types::{Metadata, TemplateMetadata, Texts},
};
use crate::{
    app::{Reader, is_managed_label, keys},
    key::Key,
    tree::{Notes, Path},
};

/// Of an object, with the annotations that belong there.
pub fn object(part: &Part<'_>, own: Vec<annotations::Own>, on: Reader, notes: &mut Notes) -> Metadata {
    let (reason, because) = name_note(part);
    notes.add("metadata.name", reason, because);
    notes.add("metadata.namespace", "where the app lives", keys(&["k8s.namespace"]));
    Metadata {
        name: part.name(),
        // A project, on Cloud Run, which whoever deploys it names.
        namespace: part.app.k8s.namespace.clone().filter(|_| part.is_knative()),
        labels: Some(labels(part, notes)),
        annotations: annotations::annotations(part, own, on, notes),
    }
}

/// Of what an object runs.
pub fn template(part: &Part<'_>, own: Vec<annotations::Own>, on: Reader, notes: &mut Notes) -> TemplateMetadata {
    TemplateMetadata {
        name: None,
        labels: Some(labels(part, notes)),
        annotations: annotations::annotations(part, own, on, notes),
    }
}

fn name_note(part: &Part<'_>) -> (&'static str, Vec<Key>) {
    let name = Key::new("name");
    match part.process.is_main() {
        true => ("the app's name", vec![name]),
        false => ("the app's name, and the process'", vec![name, part.process.at.clone()]),
    }
}

fn labels(part: &Part<'_>, notes: &mut Notes) -> Texts {
    let process = part.process;
    let own = if process.is_main() { Key::new("main") } else { process.at.clone() };
    let (named, names) = name_note(part);
    let mut labels = Texts::new();
    let mut add = |labels: &mut Texts, name: String, value: String, reason: &'static str, keys: Vec<Key>| {
        notes.add(Path::new("metadata.labels").key(name.clone()), reason, keys);
        labels.insert(name, value);
    };
    let prefix = if part.is_knative() { "app.kubernetes.io/" } else { "" };
    let label = |name: &str| format!("{prefix}{name}");
    let app_label = if part.is_knative() { label("name") } else { "app".to_owned() };
    add(&mut labels, app_label, part.app.name.clone(), "the app's name", keys(&["name"]));
    add(&mut labels, label("component"), process.name.clone(), "the process", vec![own]);
    add(&mut labels, label("managed-by"), "render".into(), "who wrote this", Vec::new());
    if part.is_knative() {
        add(&mut labels, label("instance"), part.name(), named, names);
        add(&mut labels, label("part-of"), part.app.name.clone(), "the app's name", keys(&["name"]));
    }
    if let Some(version) = version(part) {
        add(&mut labels, label("version"), version, "the image's tag", process.keys(&["image"]));
    }
    for (name, value) in &process.labels {
        // What Google Cloud does not take is told.
        if part.is_knative() || is_managed_label(name, value) {
            add(&mut labels, name.clone(), value.clone(), "asked for", vec![process.key("labels").child(name)]);
        }
    }
    labels
}

/// The tag, as far as a label can hold it. A digest says nothing to people.
fn version(part: &Part<'_>) -> Option<String> {
    let tag = part.process.image.tag.as_deref()?;
    let plain = |c: char| match c {
        _ if part.is_knative() => c,
        '.' => '-',
        c => c.to_ascii_lowercase(),
    };
    let short: String = tag.chars().take(63).map(plain).collect();
    let version = short.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    Some(version.to_owned()).filter(|version| !version.is_empty())
}
