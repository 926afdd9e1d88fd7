//! How much a service may use, and how many containers of it there are.

use docker_compose_types::{Deploy, Limits, Resources};

use super::{mounts, service::Part, spelling};
use crate::{
    app::{Bytes, Resources as Needs, keys},
    tree::Path,
};

/// Limits, and containers of a process that cannot fork. Nothing of it in development.
pub fn deploy(part: &mut Part<'_>) -> Option<Deploy> {
    if part.is_dev() {
        return None;
    }
    let process = part.process;
    let in_memory = mounts::scratch_in_memory(part);
    let demand = process.resources.of_container(&process.start, part.plan.workers, in_memory);
    note_limits(part, in_memory);
    let limits = Limits {
        cpus: part.app.compose.cpus.filter(|_| process.is_main()).map(|cpus| cpus.to_string()),
        memory: Some(spelling::bytes(demand.memory_limit)),
        devices: None,
    };
    let reserved = (demand.memory_request != demand.memory_limit).then(|| Limits {
        cpus: None,
        memory: Some(spelling::bytes(demand.memory_request)),
        devices: None,
    });
    Some(Deploy {
        replicas: (part.plan.replicas > 1).then(|| part.plan.replicas.into()),
        resources: Some(Resources { limits: Some(limits), reservations: reserved }),
        ..Deploy::default()
    })
}

fn note_limits(part: &mut Part<'_>, in_memory: Bytes) {
    let (app, process, plan) = (part.app, part.process, &part.plan);
    let Needs { memory_request, memory_limit, .. } = process.resources;
    for (place, side, worker) in [
        ("reservations", "resources.memory.request", memory_request),
        ("limits", "resources.memory.limit", memory_limit),
    ] {
        let sum = Needs::memory_sum(worker, &process.start, plan.workers, in_memory);
        let path = Path::new("deploy.resources").key(place).key("memory");
        let mut because = app.memory_keys(process, side, plan, true);
        if place == "reservations" {
            // There is none if it is the limit.
            because.extend(process.keys(&["resources.memory.limit"]));
        }
        part.notes.add(path, sum, because);
    }
    part.notes.add("deploy.resources.limits.cpus", "asked for", keys(&["compose.cpus"]));
    part.notes.add("deploy.replicas", plan.reason.clone(), plan.replica_keys.clone());
}
