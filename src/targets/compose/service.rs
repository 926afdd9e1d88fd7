//! One process as a Compose service, hardened as on Kubernetes.

use docker_compose_types::{Entrypoint, Labels, LoggingParameters, PullPolicy, Service, SingleValue};

use super::{
    attached::{self, Host, Reached},
    depends, dev, env, files, health, limits, mounts,
    once::{self, Once},
    spelling,
};
use crate::{
    app::{
        App, Build, Parallelism, Process, Protocol, Published, Restart, Run, Runtime, Seconds, Start, Text, User,
        defaults, keys,
    },
    key::Key,
    problem::Problem,
    tree::{Content, Node, Notes, Path},
};

/// Compose kills a container that is still there after this, beyond the process' own grace.
const BEYOND_GRACE: Seconds = Seconds(5);

/// In development nobody waits.
const DEV_GRACE: Seconds = Seconds(5);

/// A process in one runtime, while its service is written.
pub struct Part<'a> {
    pub app: &'a App,
    pub process: &'a Process,
    /// If it ends.
    pub once: Option<Once<'a>>,
    /// If it stands beside another.
    pub host: Option<Host<'a>>,
    /// What is rendered.
    pub asked: Runtime,
    /// What it runs in.
    pub runtime: Runtime,
    pub plan: Parallelism,
    pub notes: Notes,
    /// How its image is built here, and where the profile says so.
    pub build: Option<(&'a Build, Key)>,
    /// What decides whether it is developed here at all.
    decided_by: Vec<Key>,
}

impl<'a> Part<'a> {
    pub fn new(app: &'a App, process: &'a Process, asked: Runtime) -> Self {
        let decided_by = match (asked, &process.build) {
            // Nobody develops a service.
            _ if process.is_service() => Vec::new(),
            (Runtime::Dev, None) => process.keys(&["image", "build"]),
            (Runtime::Dev, Some(_)) if !process.is_main() => process.keys(&["build"]),
            _ => Vec::new(),
        };
        let decided_by = [decided_by, app.only_keys(process)].concat();
        let build = app.build(process).filter(|_| asked == Runtime::Dev || app.compose.build);
        let runtime = app.on_one_machine(process, asked);
        let plan = app.parallelism(process, runtime);
        Part { app, process, once: None, host: None, asked, runtime, plan, notes: Notes::default(), build, decided_by }
    }

    /// A process that ends.
    pub fn once(app: &'a App, once: Once<'a>, asked: Runtime) -> Self {
        let process = match once {
            Once::Job(job) => &job.process,
            Once::Cron(cron) => &cron.process,
            Once::Init(process) => process,
        };
        Part { once: Some(once), ..Part::new(app, process, asked) }
    }

    /// The same beside another.
    pub fn beside(self, host: Host<'a>) -> Self {
        Part { host: Some(host), ..self }
    }

    pub fn name(&self) -> String {
        match self.host {
            Some(host) => attached::name(self.app, host.process, self.process),
            None if self.process.is_service() => self.process.name.clone(),
            None => self.app.workload(self.process),
        }
    }

    /// In whose pod it is.
    pub fn pod(&self) -> &'a Process {
        self.host.map_or(self.process, |host| host.process)
    }

    /// The name of its pod, as far as there is such a thing.
    pub fn pod_name(&self) -> String {
        self.app.workload(self.pod())
    }

    /// What decides the name of its pod.
    pub fn pod_keys(&self) -> Vec<Key> {
        [keys(&["name"]), self.pod().own_keys()].concat()
    }

    pub fn is_dev(&self) -> bool {
        self.runtime == Runtime::Dev
    }

    pub fn run(&self) -> Run {
        self.app.run(self.process, self.runtime, self.plan.workers)
    }
}

/// The service as a tree, with what the types cannot say added.
pub fn service(part: &mut Part<'_>, problems: &mut Vec<Problem>) -> Node {
    let typed = typed(part, problems);
    let mut root = Node::typed(&typed);
    overlay(part, &mut root);
    let mut notes = std::mem::take(&mut part.notes);
    notes.all_by(&part.decided_by);
    if part.is_dev() {
        notes.some_by(&part.app.built_keys(part.process), dev::is_otherwise);
    }
    notes.join(&mut root);
    root
}

fn typed(part: &mut Part<'_>, problems: &mut Vec<Problem>) -> Service {
    let (entrypoint, command) = start(part);
    note(part);
    let Reached { network_mode, networks, ports } = attached::reached(part);
    let process = part.process;
    Service {
        image: Some(if part.is_dev() { dev::image(part) } else { spelling::literal(&process.image.reference) }),
        pull_policy: part.build.is_some().then_some(PullPolicy::Build),
        build_: dev::build(part),
        entrypoint: entrypoint.map(Entrypoint::List),
        command: command.map(docker_compose_types::Command::Args),
        depends_on: depends::depends_on(part),
        environment: env::environment(part, problems),
        secrets: mounts::secrets(part),
        volumes: mounts::volumes(part, problems),
        tmpfs: mounts::tmpfs(part),
        ports,
        networks,
        network_mode,
        labels: labels(part),
        profiles: once::profiles(part),
        healthcheck: match part.once {
            Some(_) => Some(once::healthcheck(part)),
            None => health::healthcheck(part, problems),
        },
        logging: Some(logging(part)),
        restart: Some(restart(part)),
        deploy: limits::deploy(part),
        stop_grace_period: Some(spelling::seconds(grace(part))),
        user: user(part),
        read_only: process.security.read_only && !part.is_dev(),
        cap_drop: vec!["ALL".into()],
        cap_add: process.security.capabilities.clone(),
        security_opt: vec!["no-new-privileges:true".into()],
        ..Service::default()
    }
}

/// Reasons that hang on nothing but keys.
fn note(part: &mut Part<'_>) {
    let process = part.process;
    let because = [keys(&["name"]), process.own_keys()].concat();
    let what = match part.once {
        None => "process",
        Some(Once::Job(_)) => "job",
        Some(Once::Cron(_)) => "cron",
        Some(Once::Init(_)) => "init container",
    };
    match part.host {
        Some(host) => attached::note(part, host),
        None if process.is_companion() => {
            let reason = format!("the companion `{}`, under its own name", process.name);
            part.notes.add("", reason, process.own_keys());
        }
        None => part.notes.add("", format!("the {what} `{}`, under the app's name", process.name), because),
    }
    if part.is_dev() {
        dev::note(part);
    } else {
        note_production(part);
    }
    let notes = &mut part.notes;
    let dropped = if process.security.capabilities.is_empty() {
        "least-privilege: all dropped"
    } else {
        "least-privilege: all dropped, but for the one that is asked for"
    };
    notes.add("cap_drop", dropped, process.keys(&["security.capabilities"]));
    notes.add("cap_add", "asked for", process.keys(&["security.capabilities"]));
    notes.add("security_opt", "least-privilege: no program can gain more", Vec::new());
    for name in part.process.labels.keys() {
        notes.add(Path::new("labels").key(name), "asked for", vec![part.process.key("labels").child(name)]);
    }
    for name in process.compose.labels.keys() {
        notes.add(Path::new("labels").key(name), "asked for", vec![process.key("compose.labels").child(name)]);
    }
    let logging = if process.compose.logging.is_some() { "asked for" } else { "rotated: the disk does not fill" };
    notes.add("logging", logging, process.keys(&["compose.logging"]));
}

/// Reasons for what development has otherwise.
fn note_production(part: &mut Part<'_>) {
    let process = part.process;
    let built = dev::build_keys(part);
    let notes = &mut part.notes;
    notes.add("image", "asked for", process.keys(&["image"]));
    notes.add("pull_policy", "asked for: built here, never pulled", built);
    let read_only = if process.security.read_only {
        "an intruder cannot change the program; what must be written is mounted"
    } else {
        "asked for"
    };
    notes.add("read_only", read_only, process.keys(&["security.read_only"]));
    let restart = match process.compose.restart {
        Restart::UnlessStopped => "nobody else restarts it on a single host",
        Restart::No | Restart::Always | Restart::OnFailure => "asked for",
    };
    notes.add("restart", restart, process.keys(&["compose.restart"]));
    let (lifespan, margin) = (defaults::LIFESPAN.0, defaults::GRACE_MARGIN.0);
    let drain = process.shutdown.drain.0;
    let grace = format!(
        "graceful-stop: {drain}s drain + {lifespan}s for the lifespan's end + {margin}s, and {}s more before the kill",
        BEYOND_GRACE.0
    );
    notes.add("stop_grace_period", grace, process.keys(&["shutdown.drain"]));
}

/// What types cannot say: files of variables, configs, explicit `false`, limits on processes, `develop`.
fn overlay(part: &mut Part<'_>, root: &mut Node) {
    if let Some(files) = env::files(part) {
        root.set("env_file", files);
    }
    if let Some(configs) = files::configs(part) {
        root.set("configs", configs);
    }
    // Their types write what is not set.
    if let Some(Content::Seq(volumes)) = root.get_mut("volumes").map(|volumes| &mut volumes.content) {
        for bind in volumes.iter_mut().filter_map(|volume| volume.get_mut("bind")) {
            if let Content::Map(entries) = &mut bind.content {
                entries.retain(|key| key == "create_host_path");
            }
        }
    }
    if let (Some(secret), Some(build)) = (dev::index_secret(part), root.get_mut("build")) {
        build.set("secrets", secret);
    }
    if part.is_dev() {
        root.set("read_only", Node::new(Content::Bool(false)));
        if let Some(develop) = dev::watch(part).filter(|_| part.once.is_none()) {
            root.set("develop", develop);
        }
    } else if let Some(limits) = Path::new("deploy.resources.limits").find_mut(root) {
        limits.set("pids", Node::new(Content::Number(part.process.compose.pids.into())));
        part.notes.add(
            "deploy.resources.limits.pids",
            "the most processes and threads: bounds a fork bomb",
            part.process.keys(&["compose.pids"]),
        );
    }
}

/// What runs, in exec form: `entrypoint` replaces the image's, and drops its command.
fn start(part: &mut Part<'_>) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let process = part.process;
    let words = |words: &[String]| words.iter().map(|word| spelling::literal(word)).collect::<Vec<_>>();
    let names = spelling::Names::of(part);
    let texts = |words: &[Text]| words.iter().map(|word| spelling::text(word, &names)).collect::<Vec<_>>();
    if part.is_dev()
        && let Some(command) = &process.dev.command
    {
        let because = [process.keys(&["dev.command"]), word_keys(part, command)].concat();
        part.notes.add("entrypoint", "asked for", because);
        return (Some(texts(command)), None);
    }
    let mut because = [process.keys(&["args"]), word_keys(part, process.args())].concat();
    because.extend(part.is_dev().then(|| process.key("dev.command")));
    part.notes.add("command", "asked for", because);
    match &process.start {
        Start::Server(server) => {
            let because = part.app.argv_keys(process, server, &part.run(), &part.plan.worker_keys);
            let run = part.run();
            part.notes.add("entrypoint", server.argv_reason(&run), because);
            (Some(words(&server.argv(&run))), None)
        }
        Start::Command { command, args, workers_env: _ } => {
            let mut because = [process.keys(&["command"]), word_keys(part, command)].concat();
            because.extend(part.is_dev().then(|| process.key("dev.command")));
            part.notes.add("entrypoint", "asked for", because);
            (Some(texts(command)), args.as_deref().map(texts))
        }
        Start::Image { args, workers_env: _ } => (None, args.as_deref().map(texts)),
    }
}

/// What decides what references in words stand for.
pub fn word_keys(part: &Part<'_>, words: &[Text]) -> Vec<Key> {
    let places = words.iter().flat_map(|text| [env::pod_keys(part, text), spelling::referred(part.app, text)].concat());
    part.app.words_keys(part.process, words).into_iter().chain(places).collect()
}

/// Published on loopback unless asked otherwise: a published port goes past the host's firewall.
pub fn ports(part: &mut Part<'_>, because: &[Key]) -> Vec<String> {
    note_ports(part, because);
    let published = part.app.published(part.process, part.runtime).into_iter();
    let text = |Published { address, host, port, protocol, key: _ }| match protocol {
        Protocol::Tcp => format!("{address}:{host}:{port}"),
        Protocol::Udp => format!("{address}:{host}:{port}/udp"),
    };
    published.map(text).collect()
}

fn note_ports(part: &mut Part<'_>, because: &[Key]) {
    let own: &[&str] = match (part.is_dev(), part.process.is_main()) {
        _ if part.process.is_companion() => &["publish", "ports"],
        (true, true) => &["dev.debug_port"],
        (true, false) => &["compose.publish", "dev.debug_port"],
        (false, _) => &["compose.publish"],
    };
    let because = [part.app.entrance_keys(part.process), part.process.keys(own), because.to_vec()].concat();
    let reason = if part.is_dev() {
        "development: within reach of this machine alone, wherever else it is published"
    } else if part.process.is_companion() || part.app.sets(part.process, "compose.publish") {
        "published where it is asked for"
    } else {
        "loopback-only: a port published elsewhere would go past the host's firewall"
    };
    part.notes.add("ports", reason, because);
}

fn labels(part: &mut Part<'_>) -> Labels {
    let checksum = files::checksum(part);
    let labels = part.process.labels.iter().chain(&part.process.compose.labels);
    let labels = labels.map(|(name, value)| (name.clone(), spelling::literal(value)));
    Labels::Map(labels.chain(checksum).collect())
}

pub fn logging(part: &Part<'_>) -> LoggingParameters {
    let text = |(name, value): (&str, &str)| (name.to_owned(), SingleValue::String(spelling::literal(value)));
    match &part.process.compose.logging {
        None => LoggingParameters {
            driver: Some("json-file".into()),
            options: Some([("max-file", "3"), ("max-size", "10m")].into_iter().map(text).collect()),
        },
        Some(logging) => LoggingParameters {
            driver: Some(spelling::literal(&logging.driver)),
            options: logging
                .options
                .as_ref()
                .map(|options| options.iter().map(|(name, value)| text((&name.0, value))).collect()),
        },
    }
}

pub fn restart(part: &mut Part<'_>) -> String {
    let policy = match (part.once, part.process.compose.restart) {
        _ if part.is_dev() => "no",
        (Some(once), _) => return once::restart(part, once),
        // Nobody would ever end it, once what it stands beside has ended.
        _ if part.host.is_some_and(|host| host.once.is_some()) => {
            part.notes.add("restart", "beside what runs to its end: whoever starts that stops this", Vec::new());
            "no"
        }
        (None, Restart::No) => "no",
        (None, Restart::Always) => "always",
        (None, Restart::OnFailure) => "on-failure",
        (None, Restart::UnlessStopped) => "unless-stopped",
    };
    policy.to_owned()
}

fn grace(part: &Part<'_>) -> Seconds {
    if part.is_dev() { DEV_GRACE } else { part.process.shutdown.grace() + BEYOND_GRACE }
}

/// Who a container runs as, why, and what decides it.
pub struct RunsAs {
    /// `user:group` by number; absent: the image's own.
    pub user: Option<String>,
    pub reason: &'static str,
    pub keys: Vec<Key>,
}

fn user(part: &mut Part<'_>) -> Option<String> {
    let RunsAs { user, reason, keys } = runs_as(part);
    part.notes.add("user", reason, keys);
    user
}

/// Who the container of a service runs as, developed here or not.
pub fn runs_as(part: &Part<'_>) -> RunsAs {
    if part.is_dev() { dev::runs_as(part) } else { as_asked(part) }
}

/// The profile's own user.
pub fn as_asked(part: &Part<'_>) -> RunsAs {
    let User { uid, gid } = part.process.user;
    let own = uid.is_none_or(|uid| uid >= defaults::LOWEST_UID);
    let user = uid.map(|uid| gid.map_or_else(|| uid.to_string(), |gid| format!("{uid}:{gid}")));
    if part.process.is_service() {
        let keys = part.process.keys(&["kind", "image"]);
        return RunsAs { user, reason: "the user that its image is made for: it never is root", keys };
    }
    RunsAs {
        user,
        reason: if own { "a number that no user of the host has" } else { "asked for" },
        keys: part.process.keys(&["uid", "gid"]),
    }
}
