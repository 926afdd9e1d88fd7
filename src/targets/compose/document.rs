//! A whole Compose document: services, networks and secrets, patched and in reading order.

use docker_compose_types::{
    Compose, ComposeNetwork, ComposeNetworks, ComposeSecret, ComposeSecrets, MapOrEmpty, NetworkSettings,
};

use super::{
    attached, backing, dev, files,
    once::Once,
    order,
    service::{self, Part},
    storage, top_level,
};
use crate::{
    app::{App, Patch, PatchTarget, Runtime, defaults, keys},
    key::Key,
    problem::{Problem, any_error},
    targets::{
        check::{Finding, Patched, blame},
        patches::{self, Document},
    },
    tree::{Content, Node, Notes, Path, Step},
};

/// The document of an app in one runtime, in full.
pub fn document(app: &App, runtime: Runtime, problems: &mut Vec<Problem>) -> Node {
    let mut services = Node::map();
    let processes = app.processes.iter().map(|process| Part::new(app, process, runtime));
    let jobs = app.jobs.iter().map(|job| Part::once(app, Once::Job(job), runtime));
    let crons = app.crons.iter().map(|cron| Part::once(app, Once::Cron(cron), runtime));
    let mut parts: Vec<Part<'_>> = Vec::new();
    for part in processes.chain(jobs).chain(crons) {
        let beside = attached::parts(&part);
        parts.push(part);
        parts.extend(beside);
    }
    parts.extend(app.companions(runtime).map(|one| Part::new(app, &one.process, runtime)));
    for part in &mut parts {
        services.set(part.name(), service::service(part, problems));
    }
    let own = parts.len();
    parts.extend(app.services.iter().map(|backing| Part::new(app, &backing.process, runtime)));
    top_level::check_names(app, runtime, problems);
    if let Some(service) = storage::service(app, &parts, problems) {
        services.set(storage::name(app), service);
    }
    for (backing, part) in app.services.iter().zip(&mut parts[own..]) {
        services.set(backing.name().to_owned(), backing::service(part, backing));
    }
    let mut root = frame(app, runtime);
    root.set("services", services);
    patch(app, &mut root, problems);
    quote_ports(&mut root);
    order::order(&mut root);
    root
}

/// Everything but the services.
fn frame(app: &App, runtime: Runtime) -> Node {
    let mut notes = Notes::default();
    notes.add("name", "the project's name, whatever its folder is called", app.project_keys());
    for name in app.compose.networks.keys() {
        notes.add(Path::new("networks").key(name), "asked for", vec![Key::new("compose.networks").child(name)]);
    }
    let networks = app.compose.networks.iter().map(|(name, network)| {
        let external = network.external.unwrap_or(false);
        let settings = NetworkSettings {
            internal: network.internal.unwrap_or(false),
            external: external.then_some(ComposeNetwork::Bool(true)),
            ..NetworkSettings::default()
        };
        let plain = settings == NetworkSettings::default();
        (name.clone(), if plain { MapOrEmpty::Empty } else { MapOrEmpty::Map(settings) })
    });
    let networks = networks.chain(backend(app, &mut notes));
    let mut files = Vec::new();
    for process in app.on_host(runtime) {
        for secret in process.secrets.iter().filter(|secret| secret.file.is_some()) {
            let because = [vec![process.key("secrets").child(&secret.name)], app.only_keys(process)].concat();
            let reason =
                "the value, in a file beside this one that nobody commits, readable for all in a closed folder";
            notes.add(Path::new("secrets").key(&secret.name), reason, because);
            files.push((secret.name.clone(), Some(ComposeSecret::File(format!("./secrets/{}", secret.name)))));
        }
    }
    for (name, secret) in app.services.iter().filter_map(backing::secret) {
        let reason = "the password, from a variable of the shell or .env, which the URLs of the app take it from too";
        notes.add(Path::new("secrets").key(&name), reason, keys(&["services"]));
        files.push((name, Some(secret)));
    }
    if let Some(id) = dev::build_secret(app, runtime) {
        let asked: &[&str] = if runtime == Runtime::Dev { &[] } else { &["compose.build"] };
        let because = [keys(&["build.index_secret"]), keys(asked)].concat();
        let reason = "URL of the package index, with its password; only the build sees it";
        notes.add(Path::new("secrets").key(id), reason, because);
        files.push((id.to_owned(), Some(ComposeSecret::Environment("UV_DEFAULT_INDEX".into()))));
    }
    let compose = Compose {
        name: Some(app.compose.project.clone()),
        volumes: top_level::volumes(app, runtime, &mut notes),
        networks: ComposeNetworks(networks.collect()),
        secrets: (!files.is_empty()).then(|| ComposeSecrets(files.into_iter().collect())),
        ..Compose::default()
    };
    let mut root = Node::typed(&compose);
    notes.join(&mut root);
    if let Some(configs) = files::top_level(app, runtime) {
        root.set("configs", configs);
    }
    root
}

/// The network of the services. Who is on it alone cannot be reached from outside, nor reach it.
fn backend(app: &App, notes: &mut Notes) -> Option<(String, MapOrEmpty<NetworkSettings>)> {
    let reason = "the services are out of reach for everybody but the processes that need them";
    notes.add(Path::new("networks").key(defaults::BACKEND), reason, keys(&["services"]));
    let settings = NetworkSettings { internal: true, ..NetworkSettings::default() };
    (!app.services.is_empty()).then(|| (defaults::BACKEND.to_owned(), MapOrEmpty::Map(settings)))
}

/// Applies every patch for Compose, and checks what came of it.
fn patch(app: &App, root: &mut Node, problems: &mut Vec<Problem>) {
    let patches: Vec<Patch> =
        app.patches.iter().filter(|patch| patch.target == PatchTarget::Compose).cloned().collect();
    if patches.is_empty() {
        return;
    }
    let plain = root.clone();
    let mut found = Vec::new();
    apply(app, &patches, root, &mut found);
    // Half a patch would be blamed for what it did not get to do.
    if !any_error(&found) {
        found.extend(check(app, patches, &plain));
    }
    problems.extend(found);
}

/// What patches made wrong.
fn check(app: &App, patches: Vec<Patch>, plain: &Node) -> Vec<Problem> {
    let inside = |patch: &Patch, finding: &Finding| match (finding.path.steps(), &patch.kind, &patch.name) {
        (steps, None, None) => Some(steps.to_vec()),
        ([Step::Key(_), Step::Key(service), steps @ ..], _, name) => {
            name.as_ref().is_none_or(|name| name == service).then(|| steps.to_vec())
        }
        _ => None,
    };
    let findings = |patches: &[Patch]| {
        let mut root = plain.clone();
        apply(app, patches, &mut root, &mut Vec::new());
        super::check::document(0, &root)
    };
    let titles = ["Compose file".to_owned()];
    blame(app, &Patched { patches, titles: &titles, inside: &inside, findings: &findings })
}

/// How the items of a list are told apart.
pub fn merge_key(list: &Path) -> Option<&'static str> {
    match list.steps().last() {
        Some(Step::Key(key)) if key == "volumes" => Some("target"),
        _ => None,
    }
}

/// Patches match services by kind and name, or the whole file where they give neither.
fn apply(app: &App, patches: &[Patch], root: &mut Node, problems: &mut Vec<Problem>) {
    let (whole, services): (Vec<&Patch>, Vec<&Patch>) =
        patches.iter().partition(|patch| patch.kind.is_none() && patch.name.is_none());
    if let Some(Content::Map(entries)) = root.get_mut("services").map(|services| &mut services.content) {
        let mut documents: Vec<Document<'_>> = entries
            .iter_mut()
            .map(|(name, root)| Document { kind: "service".into(), name: name.to_owned(), root, patched: false })
            .collect();
        patches::apply(app, services, &mut documents, &merge_key, problems);
    }
    let mut document = [Document { kind: "file".into(), name: app.name.clone(), root, patched: false }];
    patches::apply(app, whole, &mut document, &merge_key, problems);
}

/// Linters want ports in single quotes: `22:22` is a number to some readers.
fn quote_ports(root: &mut Node) {
    let Some(Content::Map(services)) = root.get_mut("services").map(|services| &mut services.content) else { return };
    for (_, service) in services.iter_mut() {
        let Some(Content::Seq(ports)) = service.get_mut("ports").map(|ports| &mut ports.content) else { continue };
        for port in ports {
            if let Content::Text(text) = &mut port.content {
                port.content = Content::Quoted(std::mem::take(text));
            }
        }
    }
}
