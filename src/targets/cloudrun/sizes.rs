//! CPU and memory: in steps on Cloud Run, as the process says on Knative.

use super::{
    part::Part,
    types::{Amount, Amounts, Resources},
};
use crate::{
    app::{self, Bytes, Demand, MilliCpu, times},
    key::Key,
    tree::{Notes, Path},
};

pub fn resources(part: &Part<'_>, container_notes: &mut Notes) -> Resources {
    let mut notes = Notes::default();
    let resources = if part.is_knative() { of_cluster(part, &mut notes) } else { of_machine(part, &mut notes) };
    container_notes.extend("resources", notes);
    resources
}

fn cpu(amount: MilliCpu) -> Amount {
    let text = if amount.0.is_multiple_of(1000) { (amount.0 / 1000).to_string() } else { format!("{}m", amount.0) };
    text.into()
}

fn bytes(amount: Bytes) -> Amount {
    amount.to_string().into()
}

fn amounts<const N: usize>(amounts: [(&str, Option<Amount>); N]) -> Amounts {
    amounts.into_iter().filter_map(|(name, amount)| Some((name.to_owned(), amount?))).collect()
}

/// Cloud Run sets aside what the limits are.
fn of_machine(part: &Part<'_>, notes: &mut Notes) -> Resources {
    let (app, process, size) = (part.app, part.process, &part.size);
    let asked = process.cloudrun.cpu.is_some();
    let reason = if asked {
        "asked for".to_owned()
    } else if size.cpu_by_memory {
        format!("the least that goes with {} of memory", size.memory)
    } else {
        let what = if process.resources.cpu_limit.is_some() { "can use" } else { "requests" };
        match part.host {
            None => format!("what one worker {what}, rounded up to a step of Cloud Run"),
            Some(_) => format!("what it {what}; a part of a core from 80m on, or a step of Cloud Run"),
        }
    };
    notes.add("limits.cpu", reason, app.size_cpu_keys(process, size));
    let scratch = app.written_in_memory(process);
    let sum = app::Resources::memory_sum(process.resources.memory_limit, &process.start, 1, scratch);
    let reason = match size.is_raised() {
        true => format!("the least that goes with so much CPU: more than {sum}"),
        false => sum,
    };
    notes.add("limits.memory", reason, app.size_memory_keys(process, size));
    let limits = amounts([("cpu", Some(cpu(size.cpu))), ("memory", Some(bytes(size.memory)))]);
    Resources { limits: Some(limits), requests: None }
}

fn of_cluster(part: &Part<'_>, notes: &mut Notes) -> Resources {
    let (app, process) = (part.app, part.process);
    let in_memory = app.written_in_memory(process);
    let Demand { cpu_request, cpu_limit, memory_request, memory_limit } =
        process.resources.of_container(&process.start, 1, in_memory);
    let mut add = |side: &'static str, name: &str, reason: String, keys: Vec<Key>| {
        notes.add(Path::new(side).key(name), reason, keys);
    };
    for side in ["requests", "limits"] {
        let reason = "bounds what an instance can fill of its node's disk".to_owned();
        add(side, "ephemeral-storage", reason, app.storage_keys(process));
    }
    let worker = |amount: MilliCpu| times(1, format!("{}m", amount.0));
    add("requests", "cpu", worker(process.resources.cpu_request), app.cpu_request_keys(process));
    if let Some(limit) = process.resources.cpu_limit {
        let given = app.sets(process, "resources.cpu.limit");
        let mut because = process.keys(&["resources.cpu.limit"]);
        because.extend(if given { Vec::new() } else { process.keys(&["server"]) });
        let lifted = limit > app::defaults::PYTHON_CPU_LIMIT || !app.sets(process, "resources.cpu");
        because.extend((!given && lifted).then(|| process.key("resources.cpu")));
        add("limits", "cpu", worker(limit), because);
    }
    let sum = |worker| app::Resources::memory_sum(worker, &process.start, 1, in_memory);
    let because = |side| app.memory_keys(process, side, &part.plan, in_memory > Bytes(0));
    let (request, limit) = (process.resources.memory_request, process.resources.memory_limit);
    add("requests", "memory", sum(request), because("resources.memory.request"));
    add("limits", "memory", sum(limit), because("resources.memory.limit"));
    let gpu = process.resources.gpu.as_ref();
    for (side, gpu) in ["requests", "limits"].iter().filter_map(|side| Some((*side, gpu?))) {
        let reason = "asked for: a device is never shared".to_owned();
        add(side, &gpu.resource, reason, process.keys(&["resources.gpu"]));
    }
    let side = |cpu_amount: Option<MilliCpu>, memory: Bytes| {
        let device = gpu.map(|gpu| Amount::from(gpu.count.to_string()));
        Some(amounts([
            ("cpu", cpu_amount.map(cpu)),
            ("memory", Some(bytes(memory))),
            ("ephemeral-storage", Some(bytes(process.resources.ephemeral_storage))),
            (gpu.map_or("", |gpu| gpu.resource.as_str()), device),
        ]))
    };
    Resources { limits: side(cpu_limit, memory_limit), requests: side(Some(cpu_request), memory_request) }
}
