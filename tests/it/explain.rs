//! Every rendered value names the keys that decide it: each key of the profiles in `tests/cases/every-key-*.toml` is
//! dropped and changed, and whatever moved must have named it.

mod moved;
mod profiles;
mod schema;

use std::collections::BTreeSet;

use render::{
    bundle::{Paragraph, Text},
    flow,
    key::Key,
    layers::{Outside, Request},
    problem::any_error,
    targets::{self, Wish},
    tree::Node,
};
use serde_json::Value;

use self::{
    moved::{Move, moves},
    profiles::{CASES, Case},
};

/// Keys that change no output of any target today, and why.
const SILENT: &[(&str, &str)] = &[
    ("env.*.public", "decides whether the value is taken at all: without it there is an error"),
    ("dev.env.*.public", "decides whether the value is taken at all: without it there is an error"),
    ("services.*.env.*.public", "decides whether the value is taken at all: without it there is an error"),
];

/// Everything that a profile renders to: files by mode and name, and what the layers merged to in each.
struct Output {
    files: Vec<(String, Node)>,
    models: Vec<(Option<String>, Value)>,
}

/// Renders every mode of a profile; `None` if any has an error.
fn render(profile: &Value) -> Option<Output> {
    let text = profiles::toml(profile);
    let read = |path: &str| match path.rsplit('/').next() {
        Some("monitor.yaml") => Ok(include_bytes!("../cases/extra/monitor.yaml").to_vec()),
        Some("base.toml") => Ok(include_bytes!("../cases/every-key-base.toml").to_vec()),
        // Another file holds something else.
        _ if path.starts_with("conf/") => Ok(format!("# {path}\n").into_bytes()),
        _ => Err(Outside.into()),
    };
    let list = |_: &str| Ok(vec!["monitor.yaml".to_owned(), "README.md".to_owned()]);
    let app = |env| {
        let request = Request { env, read: &read, list: &list, ..Request::alone("profile.toml", text.as_bytes()) };
        let outcome = flow::app(&request);
        Some((outcome.app?, outcome.model))
    };
    let mut output = Output { files: Vec::new(), models: Vec::new() };
    let (base, model) = app(None)?;
    let base = &base;
    let plain = Wish { app: base, base: None, dev: false, full: false };
    let all = [("k8s", false, false), ("compose", false, false), ("compose --dev", true, false)];
    let more = [("compose --dev --full", true, true), ("cloudrun", false, false)];
    for (mode, dev, full) in
        all.into_iter().chain(more).chain([("dockerfile", false, false), ("dockerfile --dev", true, false)])
    {
        output.add(mode, &Wish { dev, full, ..plain }, &model)?;
    }
    let environments = profile.get("environments").and_then(Value::as_object);
    for name in environments.into_iter().flat_map(|all| all.keys()) {
        let (app, of_env) = app(Some(name))?;
        output.add(&format!("k8s --env {name}"), &Wish { app: &app, ..plain }, &of_env)?;
        let over = Wish { app: &app, base: Some(base.into()), ..plain };
        output.add(&format!("compose --env {name}"), &over, &of_env)?;
        output.models.push((Some(name.clone()), of_env));
    }
    output.models.insert(0, (None, model));
    Some(output)
}

impl Output {
    /// Adds what a mode renders to, if the profile wants it.
    fn add(&mut self, mode: &str, wish: &Wish<'_>, model: &Value) -> Option<()> {
        let target = mode.split(' ').next().and_then(targets::find).expect("a target");
        if !target.is_wanted(model) {
            return Some(());
        }
        let rendered = (target.render)(wish);
        if any_error(&rendered.problems) {
            return None;
        }
        for file in rendered.bundle.files {
            self.files.push((format!("{mode}: {}", file.path), file.root));
        }
        for text in rendered.bundle.texts {
            self.files.push((format!("{mode}: {}", text.path), tree(&text)));
        }
        Some(())
    }

    fn file(&self, name: &str) -> Option<&Node> {
        self.files.iter().find_map(|(file, root)| (file == name).then_some(root))
    }

    /// What differs in another output.
    fn moves<'a>(&'a self, other: &'a Output) -> Vec<Move<'a>> {
        let names: BTreeSet<&String> = self.files.iter().chain(&other.files).map(|(name, _)| name).collect();
        // An environment that is gone renders nothing, and nobody asks why.
        let modes =
            |output: &Output| output.files.iter().map(|(name, _)| mode(name).to_owned()).collect::<BTreeSet<_>>();
        let shared: BTreeSet<String> = modes(self).intersection(&modes(other)).cloned().collect();
        let names = names.into_iter().filter(|name| shared.contains(mode(name)));
        let both = names.map(|name| (name, self.file(name), other.file(name)));
        both.flat_map(|(name, before, after)| {
            let ours =
                moved::Sides { file: name, before, after, base: below(name, self), base_after: below(name, other) };
            moves(&ours)
        })
        .collect()
    }
}

/// A text as a document, for which its top speaks as its kind does for an object.
fn tree(text: &Text) -> Node {
    fn below(paragraphs: &[Paragraph], root: &mut Node) {
        for Paragraph { name, lines, note, below: further } in paragraphs {
            assert!(root.get(name).is_none(), "two paragraphs `{name}`");
            let mut node = Node::text(lines);
            if !further.is_empty() {
                node.set("heading", Node::text(lines));
                below(further, &mut node);
            }
            root.set(name.clone(), node.noted(note.clone()));
        }
    }
    let Paragraph { name: _, lines, note, below: all } = &text.top;
    let mut root = Node::map();
    root.set("kind", Node::text(lines).noted(note.clone()));
    below(all, &mut root);
    root
}

fn mode(file: &str) -> &str {
    file.split_once(':').map_or(file, |(mode, _)| mode)
}

/// What a file that holds only differences lies over.
fn below<'a>(name: &str, output: &'a Output) -> Option<&'a Node> {
    let over = name.starts_with("compose --") && !name.contains("--full");
    let base = if name.ends_with(".example") { ".env.example" } else { "docker-compose.yml" };
    output.file(&format!("compose: {base}")).filter(|_| over)
}

/// A profile with one key dropped or changed, and the keys of the merged profile that this changed.
struct Perturbed {
    what: String,
    dropped: bool,
    keys: Vec<Key>,
    output: Output,
}

/// What renders, and whether all that was tried does.
fn perturbed(case: &Case, base: &Output, path: &[String]) -> (Vec<Perturbed>, bool) {
    let variants = profiles::variants(&case.profile, path);
    let count = variants.len();
    let rendered = variants.into_iter().filter_map(|variant| {
        let output = render(&variant.profile)?;
        let pairs = base.models.iter().zip(&output.models);
        let keys: Vec<Key> = pairs.flat_map(|((_, a), (_, b))| schema::differences(a, b)).collect();
        let left = |key: &Key| output.models.iter().any(|(_, model)| key.find(model).is_some());
        let dropped = variant.dropped && !keys.iter().any(left);
        Some(Perturbed { what: variant.what, dropped, keys, output })
    });
    let rendered: Vec<Perturbed> = rendered.collect();
    let all = rendered.len() == count;
    (rendered, all)
}

/// Keys without which there is an error, and which take no other value alone: one way of asking or another.
const REQUIRED: &[&str] = &["patches.*.target", "probes.*.tcp", "probes.*.grpc"];

fn is_silent(path: &[String]) -> bool {
    let silent = SILENT.iter().map(|(pattern, _)| pattern);
    silent.chain(REQUIRED).any(|pattern| profiles::matches(pattern, path))
}

/// Every value that moves names the key that moved it; and what a note names and the profile sets matters: it moves the
/// value, or something around or below it.
fn check(name: &str) {
    let case = CASES.iter().find(|case| case.name == name).expect("a case of this name");
    let base = render(&case.profile).unwrap_or_else(|| panic!("{name} has errors"));
    let mut failures = BTreeSet::new();
    let mut named = moved::named(&base.files);
    let mut dropped = Vec::new();
    for path in profiles::paths(&case.profile) {
        // Another dialect is another document: no value of it has moved.
        if profiles::matches("cloudrun.flavor", &path) {
            continue;
        }
        let (all, complete) = perturbed(case, &base, &path);
        let mut seen = false;
        for one in &all {
            let moves = base.moves(&one.output);
            seen |= !moves.is_empty();
            let unnamed = moves.iter().filter(|moved| !moved.is_named(&one.keys, one.dropped));
            failures.extend(unnamed.map(|moved| format!("{}: {moved}", one.what)));
            named.retain(|claim| !claim.is_borne_out(&moves, &one.keys));
            dropped.extend(
                one.keys.iter().filter(|key| complete && one.dropped && one.keys.iter().all(|k| k == *key)).cloned(),
            );
        }
        let table = profiles::get(&case.profile, &path).is_some_and(Value::is_object);
        if !seen && !table && !is_silent(&path) && !case.stuck.contains(&path.join(".").as_str()) {
            failures.insert(format!("`{}` changes nothing ({} tried)", path.join("."), all.len()));
        }
    }
    // Nothing can be said of a key where one of the values that were tried is an error.
    let model = |claim: &moved::Claim| base.models.iter().find(|(env, _)| env.as_deref() == claim.environment());
    let set = |claim: &moved::Claim| model(claim).is_some_and(|(_, model)| claim.key.find(model).is_some());
    named.retain(|claim| dropped.contains(&claim.key) && set(claim));
    failures.extend(named.iter().map(ToString::to_string));
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// One test for each profile, so that they run side by side.
macro_rules! check {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*
    };
}

check!(
    uvicorn,
    gunicorn,
    fastapi,
    granian,
    hypercorn,
    command,
    image,
    patches,
    layers,
    processes,
    gateway,
    class,
    jobs,
    hooks,
    services,
    cnpg,
    preview,
    cloudrun,
    knative,
    instances,
    volumes,
    shared,
    pods,
    companions,
    build,
    requirements
);

#[test]
fn every_leaf_has_a_note() {
    for case in CASES.iter() {
        let base = render(&case.profile).expect("no errors");
        for (name, root) in &base.files {
            let bare = moved::bare(root);
            assert!(bare.is_empty(), "{}: {name}: no reason for {}", case.name, bare.join(", "));
        }
    }
}

#[test]
fn the_profiles_set_every_key_of_the_schema_to_something_of_their_own() {
    let mut missing: BTreeSet<String> = schema::keys();
    for case in CASES.iter() {
        for path in profiles::paths(&case.profile) {
            let value = profiles::get(&case.profile, &path).expect("a path of the profile");
            missing.retain(|key| !(profiles::matches(key, &path) && schema::default(key).as_ref() != Some(value)));
        }
    }
    assert!(missing.is_empty(), "no profile sets {missing:?}");
}

/// Why a field of the one service of a small profile is as it is on Compose.
fn reason(security: &str, field: &str) -> String {
    let profile = format!(
        "name = \"orders\"\nimage = \"a:1\"\nserver.app = \"a:b\"\nprobes.liveness = \"/a\"\n[security]\n{security}\n"
    );
    let request = Request::alone("profile.toml", profile.as_bytes());
    let app = flow::app(&request).app.expect("a good profile");
    let target = targets::find("compose").unwrap();
    let rendered = (target.render)(&Wish { app: &app, base: None, dev: false, full: true });
    let service = rendered.bundle.files[0].root.get("services").unwrap().get("orders").unwrap();
    let field = service.get(field).unwrap();
    let note = field.note.as_ref().or(field.as_seq().and_then(|items| items[0].note.as_ref()));
    note.expect("every value has a reason").reason.to_string()
}

#[test]
fn dropped_capabilities_tell_of_the_one_that_is_given_back() {
    assert_eq!(reason("", "cap_drop"), "least-privilege: all dropped");
    let one = reason("capabilities = [\"NET_BIND_SERVICE\"]", "cap_drop");
    assert_eq!(one, "least-privilege: all dropped, but for the one that is asked for");
}

#[test]
fn a_seeded_folder_tells_that_compose_keeps_it() {
    let seeded = reason("writable = [{ path = \"/srv/data\", seed = true }]", "volumes");
    assert!(seeded.contains("outlives the container"), "{seeded}");
}
