//! Why a service is run as it is: generic code names the keys that a process of the app would have.

use super::{DATA, LABEL, PGDATA, SHM, is_looked_up};
use crate::{
    app::{Backing, Field, Password, Process, Provision, Variable},
    key::Key,
    targets::k8s::{backing, object::Object, workload::Workload},
    tree::{Content, Node, Notes, Path},
};

/// Gives the notes of an object the keys of the service, and its own words where they are others than a process'.
pub fn explain(workload: &Workload<'_>, backing: &Backing, object: &mut Object) {
    by_its_kind(workload, backing, &mut object.root);
    note(workload, backing).join(&mut object.root);
    if let Some(note) = object.root.get_mut("kind").and_then(|kind| kind.note.as_mut()) {
        note.keys.extend([backing.at().clone(), backing.key("k8s")]);
    }
}

/// What a process of the app has a key for follows from the kind of a service.
fn by_its_kind(workload: &Workload<'_>, backing: &Backing, node: &mut Node) {
    if let Some(note) = &mut node.note {
        note.keys = note.keys.iter().flat_map(|key| deciding(workload, backing, key)).collect();
    }
    match &mut node.content {
        Content::Map(entries) => entries.iter_mut().for_each(|(_, node)| by_its_kind(workload, backing, node)),
        Content::Seq(items) => items.iter_mut().for_each(|node| by_its_kind(workload, backing, node)),
        _ => {}
    }
}

/// What decides what a process' key would.
fn deciding(workload: &Workload<'_>, backing: &Backing, key: &Key) -> Vec<Key> {
    let app = workload.app;
    let own = |names: &[&'static str]| backing.process.keys(names);
    if backing.password_file().is_some_and(|file| *key == Key::new("secrets").child(file)) {
        return [backing::secret_keys(backing, Field::Password), own(&["kind"])].concat();
    }
    if !backing.at().covers(key) || key == backing.at() {
        return std::iter::once(key.clone()).chain(referring(workload.process, key)).collect();
    }
    let words: Vec<&str> = key.segments().skip(backing.at().segments().count()).collect();
    let keys = match words.as_slice() {
        ["image"] => app.image_note(backing).1,
        ["uid" | "gid"] => own(&["image"]),
        ["volumes", DATA, "size"] => own(&["size"]),
        ["volumes", SHM] => own(&["shm_size"]),
        ["args" | "database" | "driver" | "env" | "files" | "k8s" | "resources" | "secret", ..] => vec![key.clone()],
        _ => Vec::new(),
    };
    [keys, own(&["kind"])].concat()
}

/// The text that refers to a secret or an input of the app: without it a service has neither. Of several, none alone
/// decides.
fn referring(process: &Process, key: &Key) -> Option<Key> {
    let name = key.to_string();
    let mut texts = process.texts().filter(|(_, text)| text.refers_to.contains(&name)).map(|(key, _)| key);
    texts.next().filter(|_| texts.next().is_none())
}

/// What is to be said of a service in other words than of a process.
fn note(workload: &Workload<'_>, backing: &Backing) -> Notes {
    let (app, process) = (workload.app, workload.process);
    let mut notes = Notes::default();
    for at in ["metadata", "spec.template.metadata"] {
        let label = Path::new(at).key("labels").key(LABEL.0);
        notes.add(label, "not for production: it goes with its data", vec![backing.key("k8s")]);
    }
    notes.add("spec.replicas", "one: a second would not have its data", Vec::new());
    let kept = "the data goes with the environment, and stays while it sleeps";
    notes.add("spec.persistentVolumeClaimRetentionPolicy", kept, Vec::new());
    let grace = "so long it takes to write down what it holds";
    notes.add("spec.template.spec.terminationGracePeriodSeconds", grace, vec![backing.key("kind")]);
    let mut part = Notes::default();
    note_container(workload, backing, &mut part);
    notes.extend(Path::new("spec.template.spec.containers").item("name", workload.container()), part);
    for at in ["runAsUser", "runAsGroup", "fsGroup"] {
        let path = Path::new("spec.template.spec.securityContext").key(at);
        notes.add(path, USER, process.keys(&["kind", "image"]));
    }
    let reason = "where it may go: the app's own processes, and to what it refers";
    notes.add("spec.egress", reason, egress_keys(workload, backing));
    let (image, written) = app.image_note(backing);
    notes.add(Path::new("metadata.labels").key("app.kubernetes.io/version"), "the image's tag", written.clone());
    notes.add(
        Path::new("spec.template.spec.containers").item("name", workload.container()).key("image"),
        image,
        written,
    );
    notes
}

/// What it is told as its image wants it may name a service already, itself.
fn egress_keys(workload: &Workload<'_>, backing: &Backing) -> Vec<Key> {
    let (app, process) = (workload.app, workload.process);
    let texts = process.texts().filter(|(key, text)| !app.provenance.has(key) && is_looked_up(text));
    let by_kind = texts.count() > 0;
    let others = app.needs(process, &[]).into_iter().filter(|other| other.name() != backing.name());
    let others: Vec<&Backing> = others.collect();
    let of_others = others.iter().flat_map(|other| [other.at().clone(), other.key("k8s")]);
    // The app's own are reached anyway.
    let asked = !by_kind || others.iter().any(|other| other.provision != Provision::Preview);
    let refers = |table: &Key| process.texts().any(|(key, text)| table.covers(&key) && is_looked_up(text));
    let tables = ["env", "args"].into_iter().filter(|name| app.is_silent(process, name) || refers(&process.key(name)));
    let tables = tables.filter(|_| asked).map(|name| process.key(name)).collect();
    [vec![Key::new("name"), backing.key("kind")], tables, of_others.collect()].concat()
}

const USER: &str = "the user that its image is made for: it never is root";

fn note_container(workload: &Workload<'_>, backing: &Backing, notes: &mut Notes) {
    let (app, process) = (workload.app, workload.process);
    let kind = || process.keys(&["kind"]);
    notes.add("", "the service's own container", vec![Key::new("name"), backing.at().clone()]);
    notes.add("readinessProbe", "its own client asks whether it answers", app.health_keys(backing));
    for at in ["runAsUser", "runAsGroup"] {
        notes.add(Path::new("securityContext").key(at), USER, process.keys(&["kind", "image"]));
    }
    if !process.security.read_only {
        let reason = "its image writes beside its programs when it starts";
        notes.add("securityContext.readOnlyRootFilesystem", reason, kind());
    }
    let args = process.start.args().iter().flat_map(|text| backing::referred(app, process, text));
    let args = [process.keys(&["args", "kind"]), app.args_keys(process), args.collect()].concat();
    notes.add("args", "what its image is told beside its own start, and what is asked for", args);
    let env = |name: &str| Path::new("env").item("name", name);
    for Variable { name, text } in &process.env {
        let key = process.key("env").child(name);
        // What the profile says, and what comes from a Secret, says why by itself.
        if app.provenance.has(&key) || text.only_service().is_some_and(|(_, field)| field == Field::Password) {
            continue;
        }
        let is_file = matches!(backing.facts().password, Password::File(names) if names.contains(&name.as_str()));
        let (reason, keys) = match name.as_str() {
            PGDATA => ("a folder of its own on the volume, whose root is not its", process.keys(&["image", "version"])),
            _ if is_file => ("the file that holds the password, which is taken at the first start alone", Vec::new()),
            _ => {
                let referred = [app.referred_keys(process, text), backing::referred(app, process, text)];
                ("what its image is told", referred.concat())
            }
        };
        notes.add(env(name), reason, [vec![key], keys, kind()].concat());
    }
    if let Some(path) = backing.data {
        let reason = "its data, where this version of its image keeps it";
        let keys = [app.first_set(&backing.process, &["image", "version"]), kind()].concat();
        notes.add(Path::new("volumeMounts").item("mountPath", path), reason, keys);
    }
    // Its size is that of the volume; it decides whether there is one where the kind has none.
    let asked = backing.facts().shm.is_none().then(|| backing.key("shm_size"));
    let reason = "shared memory, which counts as its own";
    let keys = kind().into_iter().chain(asked).collect();
    notes.add(Path::new("volumeMounts").item("mountPath", "/dev/shm"), reason, keys);
}
