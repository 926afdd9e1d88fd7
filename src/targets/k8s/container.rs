//! One container of a pod.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{Container, Lifecycle, LifecycleHandler, ResourceRequirements, SleepAction, VolumeMount},
    apimachinery::pkg::api::resource::Quantity,
};

use super::{backing, env, probes, security, service, spelling, volumes::Seed, workload::Workload};
use crate::{
    app::{Bytes, Demand, MilliCpu, PullPolicy, Resources, Runtime, Start, Text, defaults, keys, times},
    problem::Problem,
    tree::{Notes, Path},
};

/// The container, with its notes relative to itself.
pub fn container(
    workload: &Workload<'_>,
    mounts: Vec<VolumeMount>,
    notes: &mut Notes,
    problems: &mut Vec<Problem>,
) -> Container {
    let process = workload.process;
    let (command, args) = start(workload, notes);
    notes.add(
        "terminationMessagePolicy",
        "without a message of its own, the last lines of the log tell why it ended",
        Vec::new(),
    );
    let mut part = Notes::default();
    let security_context = security::container(workload.app, process, &mut part);
    notes.extend("securityContext", part);
    let container = Container {
        name: workload.container(),
        command,
        args,
        env: Some(env::env(workload, notes, problems)).filter(|env| !env.is_empty()),
        env_from: Some(env::env_from(workload, notes)).filter(|groups| !groups.is_empty()),
        lifecycle: lifecycle(workload, notes),
        startup_probe: probes::startup(workload, notes),
        liveness_probe: probes::liveness(workload, notes),
        readiness_probe: probes::readiness(workload, notes),
        ports: Some(service::container_ports(workload, notes)).filter(|ports| !ports.is_empty()),
        resources: Some(resources(workload, notes)),
        security_context: Some(security_context),
        termination_message_policy: Some("FallbackToLogsOnError".into()),
        volume_mounts: Some(mounts).filter(|mounts| !mounts.is_empty()),
        ..Container::default()
    };
    with_image(container, workload, notes)
}

fn with_image(container: Container, workload: &Workload<'_>, notes: &mut Notes) -> Container {
    notes.add("image", "asked for", workload.process.keys(&["image"]));
    let reason = match workload.app.k8s.pull_policy {
        PullPolicy::Always => "pull-policy: tag and credentials are checked at every start",
        PullPolicy::IfNotPresent | PullPolicy::Never => "asked for",
    };
    notes.add("imagePullPolicy", reason, keys(&["k8s.pull_policy"]));
    let policy = match workload.app.k8s.pull_policy {
        PullPolicy::Always => "Always",
        PullPolicy::IfNotPresent => "IfNotPresent",
        PullPolicy::Never => "Never",
    };
    Container {
        image: Some(workload.process.image.reference.clone()),
        image_pull_policy: Some(policy.into()),
        ..container
    }
}

/// What runs, in exec form: signals reach the process itself.
fn start(workload: &Workload<'_>, notes: &mut Notes) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let process = workload.process;
    let literal = |words: &[String]| words.iter().map(|word| spelling::literal(word)).collect::<Vec<_>>();
    let names = backing::names(workload.app, process);
    let words = |words: &[Text]| words.iter().map(|word| spelling::text(word, &names)).collect::<Vec<_>>();
    let text = |args: &Option<Vec<_>>| args.as_deref().map(words);
    let others =
        |words: &[Text]| words.iter().flat_map(|text| backing::referred(workload.app, process, text)).collect();
    notes.add("args", "asked for", [workload.app.args_keys(process), others(process.args())].concat());
    match &process.start {
        Start::Server(server) => {
            let run = workload.app.run(workload.process, Runtime::Orchestrated, workload.plan.workers);
            let because = workload.app.argv_keys(process, server, &run, &workload.plan.worker_keys);
            notes.add("command", server.argv_reason(&run), because);
            (Some(literal(&server.argv(&run))), None)
        }
        Start::Command { command, args, workers_env: _ } => {
            notes.add("command", "asked for", [workload.app.command_keys(process), others(command)].concat());
            (Some(words(command)), text(args))
        }
        Start::Image { args, workers_env: _ } => (None, text(args)),
    }
}

/// Endpoints are removed while the pod is already told to stop: the sleep lets proxies catch up (Kubernetes
/// documentation, "Pod Lifecycle", "Pod termination").
fn lifecycle(workload: &Workload<'_>, notes: &mut Notes) -> Option<Lifecycle> {
    let seconds = workload.process.shutdown.pre_stop.0;
    notes.add(
        "lifecycle",
        "graceful-stop: proxies learn that the pod goes before it stops listening",
        workload.app.pre_stop_keys(workload.process),
    );
    // Zero is no sleep, and servers before 1.34 refuse it.
    (seconds > 0).then(|| Lifecycle {
        pre_stop: Some(LifecycleHandler {
            sleep: Some(SleepAction { seconds: seconds.into() }),
            ..LifecycleHandler::default()
        }),
        ..Lifecycle::default()
    })
}

/// What it needs, with notes relative to what holds `resources`.
pub fn resources(workload: &Workload<'_>, notes: &mut Notes) -> ResourceRequirements {
    let process = workload.process;
    let Demand { cpu_request, cpu_limit, memory_request, memory_limit } = workload.demand();
    note_resources(workload, workload.scratch_in_memory(), notes);
    let storage = spelling::bytes(process.resources.ephemeral_storage);
    let list = |cpu: Option<Quantity>, memory: Bytes| {
        let mut list = BTreeMap::from([
            ("memory".to_owned(), spelling::bytes(memory)),
            ("ephemeral-storage".to_owned(), storage.clone()),
        ]);
        list.extend(cpu.map(|cpu| ("cpu".to_owned(), cpu)));
        list.extend(process.resources.gpu.iter().map(|gpu| (gpu.resource.clone(), Quantity(gpu.count.to_string()))));
        list
    };
    ResourceRequirements {
        requests: Some(list(Some(spelling::cpu(cpu_request)), memory_request)),
        limits: Some(list(cpu_limit.map(spelling::cpu), memory_limit)),
        ..ResourceRequirements::default()
    }
}

fn note_resources(workload: &Workload<'_>, in_memory: Bytes, notes: &mut Notes) {
    let (process, plan) = (workload.process, &workload.plan);
    for side in ["requests", "limits"] {
        let path = Path::new("resources").key(side).key("ephemeral-storage");
        let reason = "bounds what a pod can fill of its node's disk";
        notes.add(path, reason, workload.app.storage_keys(process));
        if let Some(gpu) = &process.resources.gpu {
            let path = Path::new("resources").key(side).key(&gpu.resource);
            notes.add(
                path,
                "devices are not shared: as many as asked for, at least and at most",
                process.keys(&["resources.gpu"]),
            );
        }
    }
    note_cpu(workload, notes);
    let Resources { memory_request, memory_limit, .. } = process.resources;
    let sum = |worker: Bytes| match process.is_service() {
        true => "what it needs in all, with what it shares".into(),
        false => Resources::memory_sum(worker, &process.start, plan.workers, in_memory),
    };
    let because = |side| workload.app.memory_keys(process, side, plan, in_memory > Bytes(0));
    let limit = if memory_request == memory_limit {
        format!("as requested, because memory cannot be taken back: {}", sum(memory_limit))
    } else {
        sum(memory_limit)
    };
    notes.add("resources.requests.memory", sum(memory_request), because("resources.memory.request"));
    notes.add("resources.limits.memory", limit, because("resources.memory.limit"));
}

fn note_cpu(workload: &Workload<'_>, notes: &mut Notes) {
    let (app, process, plan) = (workload.app, workload.process, &workload.plan);
    let Resources { cpu_request, cpu_limit, .. } = process.resources;
    let sum = |worker: MilliCpu| match process.is_service() {
        true => "what it needs in all".into(),
        false => times(plan.workers, spelling::cpu(worker).0),
    };
    let mut because = app.cpu_request_keys(process);
    because.extend(plan.worker_keys.iter().cloned());
    notes.add("resources.requests.cpu", sum(cpu_request), because);
    let Some(limit) = cpu_limit else { return };
    let given = app.sets(process, "resources.cpu.limit");
    let mut because = process.keys(&["resources.cpu.limit"]);
    if !given {
        because.extend(process.keys(&["server", "resources.gpu"]));
        // Only a larger request than the default limit lifts it.
        let lifted = cpu_request > defaults::PYTHON_CPU_LIMIT || !app.sets(process, "resources.cpu");
        because.extend(lifted.then(|| process.key("resources.cpu")));
    }
    because.extend(plan.worker_keys.iter().cloned());
    let reason = if given {
        sum(limit)
    } else {
        format!("{} core: a Python worker can use one, so it bounds a runaway and throttles nobody", sum(limit))
    };
    notes.add("resources.limits.cpu", reason, because);
}

/// A container that fills a scratch volume with what the image has at its path, before the app starts.
pub fn seed(workload: &Workload<'_>, seed: &Seed, notes: &mut Notes) -> Container {
    let process = workload.process;
    let mut part = Notes::default();
    let mut because = vec![seed.key.clone()];
    if process.is_attached() {
        because.extend(process.own_keys());
    }
    notes.add("", "a mounted directory hides what the image has there: it is copied first", because);
    let security_context = security::container(workload.app, process, &mut part);
    notes.extend("securityContext", part);
    let container = Container {
        name: format!("seed-{}", seed.volume),
        // Not `-a`: the volume's own root belongs to root, and nobody else may set its times and mode.
        command: Some(vec!["cp".into(), "-RP".into(), format!("{}/.", seed.path), "/seed/".into()]),
        resources: Some(resources(workload, notes)),
        security_context: Some(security_context),
        volume_mounts: Some(vec![VolumeMount {
            name: seed.volume.clone(),
            mount_path: "/seed".into(),
            ..VolumeMount::default()
        }]),
        ..Container::default()
    };
    with_image(container, workload, notes)
}
