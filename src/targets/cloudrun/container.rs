//! One container of an instance.

use super::{
    env,
    part::Part,
    probes, security, sizes,
    template::some,
    types::{Container, Mount, Port},
};
use crate::{
    app::{Ask, AskPort, Process, PullPolicy, Runtime, Start, Text, keys},
    key::Key,
    problem::Problem,
    tree::{Notes, Path},
};

/// The container, with its notes relative to itself.
pub fn container(part: &Part<'_>, mounts: Vec<Mount>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Container {
    let (command, args) = start(part, notes);
    let knative = part.is_knative();
    match part.host {
        None => notes.add("", "the app's own container, under its name", keys(&["name"])),
        Some(_) => notes.add("", "a sidecar: its network is that of the process", part.process.own_keys()),
    }
    notes.add("image", "asked for", part.process.keys(&["image"]));
    let message = "without a message of its own, the last lines of the log tell why it ended";
    notes.add("terminationMessagePolicy", message, Vec::new());
    let pull = match part.app.k8s.pull_policy {
        PullPolicy::Always => "pull-policy: credentials are checked at every start",
        PullPolicy::IfNotPresent | PullPolicy::Never => "asked for",
    };
    notes.add("imagePullPolicy", pull, keys(&["k8s.pull_policy"]));
    Container {
        image: part.process.image.reference.clone(),
        args,
        command,
        env: some(env::env(part, notes, problems)),
        env_from: env::env_from(part, notes),
        // Cloud Run pulls once for each revision.
        image_pull_policy: knative.then(|| pull_policy(part).into()),
        liveness_probe: probes::liveness(part, notes),
        name: Some(part.container()),
        ports: port(part, notes).map(|port| vec![port]),
        readiness_probe: probes::readiness(part, notes),
        resources: Some(sizes::resources(part, notes)),
        security_context: knative.then(|| security::context(part, notes)),
        startup_probe: probes::startup(part, notes),
        termination_message_policy: knative.then(|| "FallbackToLogsOnError".into()),
        volume_mounts: some(mounts),
        ..Container::default()
    }
}

fn pull_policy(part: &Part<'_>) -> &'static str {
    match part.app.k8s.pull_policy {
        PullPolicy::Always => "Always",
        PullPolicy::IfNotPresent => "IfNotPresent",
        PullPolicy::Never => "Never",
    }
}

/// What runs, in exec form: signals reach the process itself.
fn start(part: &Part<'_>, notes: &mut Notes) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let (app, process) = (part.app, part.process);
    let inputs = env::inputs(part);
    let words = |words: &[String]| words.iter().map(|word| env::literal(part, word)).collect::<Vec<_>>();
    let texts = |words: &[Text]| words.iter().map(|word| env::text(part, word, &inputs)).collect::<Vec<_>>();
    let led = |words: &[Text]| words.iter().flat_map(|text| env::led_keys(part, text)).collect();
    notes.add("args", "asked for", [app.args_keys(process), led(process.args())].concat());
    match &process.start {
        Start::Server(server) => {
            let run = app.run(process, Runtime::Serverless, part.plan.workers);
            let because = app.argv_keys(process, server, &run, &part.plan.worker_keys);
            let reason = server.argv_reason(&run);
            let cut = run.drain < process.shutdown.drain;
            let reason = match cut {
                true => format!("{reason}; it drains for {}s, as Cloud Run kills it soon after", run.drain.0),
                false => reason.to_owned(),
            };
            notes.add("command", reason, because);
            (Some(words(&server.argv(&run))), None)
        }
        Start::Command { command, args, workers_env: _ } => {
            notes.add("command", "asked for", [app.command_keys(process), led(command)].concat());
            (Some(texts(command)), args.as_deref().map(texts))
        }
        Start::Image { args, workers_env: _ } => (None, args.as_deref().map(texts)),
    }
}

/// The one port that requests come to; its name says what is spoken there.
fn port(part: &Part<'_>, notes: &mut Notes) -> Option<Port> {
    let process = part.process;
    let number = process.port.filter(|_| part.is_entrance())?;
    let (name, reason) = match speaks_grpc(process) {
        true => ("h2c", "requests come here, as HTTP/2: its probes speak gRPC"),
        false => ("http1", "requests come here"),
    };
    let at = Path::new("ports").item("name", name);
    let host = part.host.unwrap_or(process);
    let entered = [host.keys(&["service.to"]), part.app.port_keys(process), spoken_keys(part)].concat();
    notes.add(at.clone(), reason, entered);
    notes.add(
        at.key("containerPort"),
        "the port of the process, which is also told as PORT",
        part.app.port_keys(process),
    );
    Some(Port { container_port: number.into(), name: Some(name.into()), protocol: None })
}

/// Whether a question about health is asked by gRPC there, and the keys that say so.
fn speaks_grpc(process: &Process) -> bool {
    process.probes.asks().any(|(ask, _)| is_grpc(ask))
}

fn is_grpc(ask: &Ask) -> bool {
    matches!(ask, Ask::Grpc { port: AskPort::Main, .. })
}

/// What decides what the port speaks; a probe that is not there could say something else.
fn spoken_keys(part: &Part<'_>) -> Vec<Key> {
    let process = part.process;
    let grpc = process.probes.asks().filter(|(ask, _)| is_grpc(ask)).flat_map(|(_, keys)| keys.iter().copied());
    let silent = ["probes.liveness", "probes.readiness", "probes.startup"];
    let silent = silent.into_iter().filter(|name| part.app.is_silent(process, name));
    process.keys(&grpc.chain(silent).collect::<Vec<_>>())
}
