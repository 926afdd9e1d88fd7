//! A backing service as a Compose service, hardened as far as its image runs so.

use docker_compose_types::{
    AdvancedNetworks, AdvancedSecrets, AdvancedVolumes, ComposeSecret, Deploy, Environment, Healthcheck,
    HealthcheckTest, Labels, Limits, MapOrEmpty, Networks, Ports, Resources, Secrets, Service, SingleValue, Tmpfs,
    Volume as InVolume, Volumes,
};

use super::{
    depends, files,
    service::{self, Part, RunsAs},
    spelling, storage,
};
use crate::{
    app::{App, Backing, Field, Password, Seconds, Start, Text, defaults, keys},
    key::Key,
    tree::{Content, Node, Notes, Path},
};

/// Its data, by the name of the volume.
pub fn volume(backing: &Backing) -> Option<String> {
    backing.data.map(|_| format!("{}-data", backing.name()))
}

/// The password's entry among the secrets of the file, and where its value comes from.
///
/// One variable for whoever deploys, from which the service and the URLs of the app have it. Compose copies it into the
/// container, for which the root file system must be writable (docker/compose#12531).
pub fn secret(backing: &Backing) -> Option<(String, ComposeSecret)> {
    Some((backing.password_file()?, ComposeSecret::Environment(backing.password_variable()?)))
}

pub fn service(part: &mut Part<'_>, backing: &Backing) -> Node {
    let process = part.process;
    let facts = backing.facts();
    note(part, backing);
    let RunsAs { user, reason, keys } = service::as_asked(part);
    part.notes.add("user", reason, keys);
    let typed = Service {
        image: Some(spelling::literal(&process.image.reference)),
        depends_on: depends::of_service(part),
        labels: Labels::Map(files::checksum(part).into_iter().collect()),
        command: args(part).map(docker_compose_types::Command::Args),
        environment: environment(part, backing),
        secrets: secrets(backing),
        volumes: data(part, backing).into_iter().chain(files::volumes(part)).collect(),
        tmpfs: tmpfs(backing),
        ports: Ports::Short(ports(backing)),
        networks: networks(backing),
        healthcheck: Some(healthcheck(backing)),
        logging: Some(service::logging(part)),
        restart: Some(service::restart(part)),
        deploy: Some(limits(part)),
        shm_size: backing.shm.map(spelling::bytes),
        stop_grace_period: Some(spelling::seconds(facts.stop)),
        user,
        cap_drop: vec!["ALL".into()],
        security_opt: vec!["no-new-privileges:true".into()],
        ..Service::default()
    };
    let mut root = Node::typed(&typed);
    if let Some(configs) = files::configs(part) {
        root.set("configs", configs);
    }
    root.set("read_only", Node::new(Content::Bool(is_read_only(backing))));
    if let Some(limits) = Path::new("deploy.resources.limits").find_mut(&mut root) {
        limits.set("pids", Node::new(Content::Number(facts.pids.into())));
    }
    std::mem::take(&mut part.notes).join(&mut root);
    root
}

/// Compose copies a secret that is no file into the container.
fn is_read_only(backing: &Backing) -> bool {
    backing.facts().read_only && backing.password_file().is_none()
}

fn note(part: &mut Part<'_>, backing: &Backing) {
    let facts = backing.facts();
    let own = |names: &[&'static str]| part.process.keys(names);
    let notes = &mut part.notes;
    notes.add("", format!("{}, under its own name", facts.name), vec![backing.at().clone(), backing.key("kind")]);
    let (image, written) = part.app.image_note(backing);
    notes.add("image", image, written);
    let read_only = match (is_read_only(backing), facts.read_only) {
        (true, _) => "an intruder cannot change the program; what must be written is mounted",
        (false, true) => "Compose copies the password into the container, which it refuses where this is true",
        (false, false) => "its image writes beside its programs when it starts",
    };
    notes.add("read_only", read_only, own(&["kind"]));
    notes.add("cap_drop", "least-privilege: all dropped", Vec::new());
    notes.add("security_opt", "least-privilege: no program can gain more", Vec::new());
    notes.add("restart", "as the app: nobody else restarts it on a single host", keys(&["compose.restart"]));
    let logging = if part.process.compose.logging.is_some() { "asked for" } else { "rotated: the disk does not fill" };
    notes.add("logging", logging, keys(&["compose.logging"]));
    let health = "its own client asks it; processes wait for the answer, nothing is restarted by it";
    notes.add("healthcheck", health, part.app.health_keys(backing));
    notes.add("stop_grace_period", "so long it takes to write down what it holds", own(&["kind"]));
    let limits = "deploy.resources.limits";
    let memory = "what it may take in all, scratch space and shared memory with it";
    notes.add(Path::new(limits).key("memory"), memory, own(&["resources.memory", "resources.memory.limit", "kind"]));
    let reserved = own(&["resources.memory", "resources.memory.request", "resources.memory.limit"]);
    notes.add("deploy.resources.reservations", "asked for", reserved);
    let pids = "the most processes and threads: bounds a fork bomb";
    notes.add(Path::new(limits).key("pids"), pids, own(&["kind"]));
    notes.add("shm_size", "shared memory, which counts as its own", own(&["shm_size", "kind"]));
    notes.add("tmpfs", "scratch space in memory, bounded, gone with the container", own(&["kind"]));
    note_reach(backing, notes);
}

fn note_reach(backing: &Backing, notes: &mut Notes) {
    let publish = vec![backing.key("publish")];
    notes.add("ports", "asked for", backing.process.keys(&["publish", "kind"]));
    let path = |name: &str| Path::new("networks").key(name);
    notes.add(path(defaults::BACKEND), "out of reach for everybody but the app's processes", Vec::new());
    notes.add(path("default"), "a port can be published from a network with a way out alone", publish);
    if let Some(file) = backing.password_file() {
        let reason = "the password as a file: whoever sees the variables of the container does not see it";
        notes.add(Path::new("secrets").item("source", file), reason, vec![backing.key("kind")]);
    }
}

fn args(part: &mut Part<'_>) -> Option<Vec<String>> {
    let Start::Image { args: Some(args), .. } = &part.process.start else { return None };
    let names = spelling::Names::of(part);
    let because = args.iter().flat_map(|text| referred(part.app, text)).collect::<Vec<_>>();
    let because = [part.process.keys(&["args", "kind"]), because].concat();
    part.notes.add("command", "what its image is told beside its own start, and what is asked for", because);
    Some(args.iter().map(|text| spelling::text(text, &names)).collect())
}

fn environment(part: &mut Part<'_>, backing: &Backing) -> Environment {
    let names = spelling::Names::of(part);
    let path = |name: &str| Path::new("environment").key(name);
    let mut values = Vec::new();
    for variable in &part.process.env {
        let key = part.process.key("env").child(&variable.name);
        let reason = match part.app.provenance.has(&key) {
            true => "asked for",
            false => "what its image is told",
        };
        let because = [
            vec![key, backing.key("kind")],
            part.app.referred_keys(part.process, &variable.text),
            referred(part.app, &variable.text),
        ];
        part.notes.add(path(&variable.name), reason, because.concat());
        values.push((variable.name.clone(), spelling::text(&variable.text, &names)));
    }
    let password: Vec<(&str, String)> = match backing.facts().password {
        Password::None => Vec::new(),
        Password::File(variables) => {
            let file = format!("/run/secrets/{}", backing.password_file().unwrap_or_default());
            variables.iter().map(|name| (*name, file.clone())).collect()
        }
        Password::Env(name) => vec![(name, spelling::required(&backing.password_variable().unwrap_or_default()))],
    };
    let reason = match backing.facts().password {
        Password::Env(_) => "the shell's or .env's value: its image reads no file",
        Password::File(_) | Password::None => {
            "the file that holds the password, which is taken at the first start alone"
        }
    };
    for (name, value) in password {
        part.notes.add(path(name), reason, vec![backing.key("kind")]);
        values.push((name.to_owned(), value));
    }
    Environment::KvPair(values.into_iter().map(|(name, value)| (name, Some(SingleValue::String(value)))).collect())
}

/// What decides that which stands for a reference to a service.
pub fn referred(app: &App, text: &Text) -> Vec<Key> {
    let keys = text.services().filter_map(|(service, field)| {
        let backing = app.service(service)?;
        Some(match field {
            Field::Url => {
                let parts = [Field::Port, Field::User, Field::Name].into_iter();
                let parts = parts.flat_map(|part| app.field_keys(backing, part));
                std::iter::once(backing.key("driver")).chain(parts).collect()
            }
            part => app.field_keys(backing, part),
        })
    });
    keys.flatten().collect()
}

fn secrets(backing: &Backing) -> Option<Secrets> {
    let source = backing.password_file()?;
    Some(Secrets::Advanced(vec![AdvancedSecrets { source, target: None, uid: None, gid: None, mode: None }]))
}

fn data(part: &mut Part<'_>, backing: &Backing) -> Vec<Volumes> {
    let (Some(source), Some(target)) = (volume(backing), backing.data) else { return Vec::new() };
    let because = part.process.keys(&["kind", "version", "image"]);
    let reason = "its data, which outlives the container, where this version of its image keeps it";
    part.notes.add(Path::new("volumes").item("target", target), reason, because);
    // What the image has at its place would come with root as its owner.
    let given = storage::gives(part, &source).then_some(InVolume { nocopy: Some(true), subpath: None });
    vec![Volumes::Advanced(AdvancedVolumes {
        source: Some(source),
        target: target.into(),
        _type: "volume".into(),
        read_only: false,
        bind: None,
        volume: given,
        tmpfs: None,
    })]
}

fn tmpfs(backing: &Backing) -> Option<Tmpfs> {
    let list = backing.facts().scratch.iter().map(|scratch| {
        let noexec = if scratch.exec { "exec" } else { "noexec" };
        format!("{}:rw,{noexec},nosuid,nodev,size={}m,mode=1777", scratch.path, scratch.size.0 >> 20)
    });
    Some(list.collect::<Vec<_>>()).filter(|list| !list.is_empty()).map(Tmpfs::List)
}

fn ports(backing: &Backing) -> Vec<String> {
    backing.publish.iter().map(|(host, port)| format!("{}:{}:{port}", host.address, host.port)).collect()
}

/// Ports are published from a network with a way out alone.
fn networks(backing: &Backing) -> Networks {
    let default = (!backing.publish.is_empty()).then_some("default");
    let names = [defaults::BACKEND].into_iter().chain(default);
    Networks::Advanced(AdvancedNetworks(names.map(|name| (name.to_owned(), MapOrEmpty::Empty)).collect()))
}

fn healthcheck(backing: &Backing) -> Healthcheck {
    let words = backing.health.iter().map(|word| spelling::literal(word));
    Healthcheck {
        test: Some(HealthcheckTest::Multiple(std::iter::once("CMD".to_owned()).chain(words).collect())),
        interval: Some(spelling::seconds(Seconds(10))),
        timeout: Some(spelling::seconds(Seconds(5))),
        retries: 5,
        start_period: Some(spelling::seconds(backing.facts().within)),
        start_interval: Some(spelling::seconds(Seconds(2))),
        disable: false,
    }
}

fn limits(part: &Part<'_>) -> Deploy {
    let (limit, request) = (part.process.resources.memory_limit, part.process.resources.memory_request);
    let of = |memory| Limits { cpus: None, memory: Some(spelling::bytes(memory)), devices: None };
    Deploy {
        resources: Some(Resources { limits: Some(of(limit)), reservations: (request != limit).then(|| of(request)) }),
        ..Deploy::default()
    }
}
