//! How much a service may use, and how many containers of it there are.

use docker_compose_types::{Deploy, Device, DeviceCount, Limits, Resources};

use super::{mounts, service::Part, spelling};
use crate::{
    app::{Bytes, Resources as Needs},
    tree::Path,
};

/// Limits, devices, and containers of a process that cannot fork. In development nothing but devices.
pub fn deploy(part: &mut Part<'_>) -> Option<Deploy> {
    let devices = devices(part);
    if part.is_dev() {
        let reserved = Limits { devices: Some(devices?), ..Limits::default() };
        let resources = Resources { limits: None, reservations: Some(reserved) };
        return Some(Deploy { resources: Some(resources), ..Deploy::default() });
    }
    let process = part.process;
    let in_memory = mounts::in_memory(part);
    let demand = process.resources.of_container(&process.start, part.plan.workers, in_memory);
    note_limits(part, in_memory);
    let limits = Limits {
        cpus: process.compose.cpus.map(|cpus| cpus.to_string()),
        memory: Some(spelling::bytes(demand.memory_limit)),
        devices: None,
    };
    let memory = (demand.memory_request != demand.memory_limit).then(|| spelling::bytes(demand.memory_request));
    let reserved = Limits { cpus: None, memory, devices };
    let reserved = Some(reserved).filter(|reserved| *reserved != Limits::default());
    Some(Deploy {
        replicas: (part.plan.replicas > 1).then(|| part.plan.replicas.into()),
        resources: Some(Resources { limits: Some(limits), reservations: reserved }),
        ..Deploy::default()
    })
}

/// GPUs by the driver of their vendor (Compose Deploy specification, `devices`).
fn devices(part: &mut Part<'_>) -> Option<Vec<Device>> {
    let gpu = part.process.resources.gpu.as_ref().filter(|gpu| gpu.is_nvidia())?;
    let path = "deploy.resources.reservations.devices";
    part.notes.add(
        path,
        "the first devices of the host: Docker does not set them aside, so containers share them",
        part.process.keys(&["resources.gpu"]),
    );
    Some(vec![Device {
        driver: Some("nvidia".into()),
        count: Some(DeviceCount::Count(gpu.count.into())),
        capabilities: Some(vec!["gpu".into()]),
        ..Device::default()
    }])
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
    part.notes.add("deploy.resources.limits.cpus", "asked for", process.keys(&["compose.cpus"]));
    part.notes.add("deploy.replicas", plan.reason.clone(), plan.replica_keys.clone());
}
