//! Whether there is an instance of Cloud Run of the size that a process needs.

use crate::{
    app::{App, Process, Resources, cloudrun::Misfit, cloudrun::Size, findings::Findings},
    key::Key,
    problem::Code,
};

pub(super) fn check(app: &App, process: &Process, findings: &mut Findings<'_>) {
    if process.resources.gpu.is_some() {
        return gpu(process, findings);
    }
    let size = app.size(process);
    match size.misfit {
        Some(Misfit::Cpu(cpu)) => cpu_misfit(process, cpu.0, findings),
        Some(Misfit::Memory { most }) => {
            let help = match Size::enough(size.needs.1) {
                Some(cpu) if process.cloudrun.cpu.is_some() => {
                    format!("raise `[cloudrun] cpu` to \"{}\"", cpu.0 / 1000)
                }
                _ => "lower `[resources] memory`, or the sizes in `[security] writable`".into(),
            };
            findings.value(
                Code::BadResources,
                &place(process, findings),
                format!("{} of memory do not go with {} CPU: at most {most} do", size.needs.1, cores(size.cpu.0)),
                "more than Cloud Run gives",
                help,
            );
        }
        None if size.is_raised() => raised(app, process, &size, findings),
        None => {}
    }
    if size.is_part_of_a_core() && size.misfit.is_none() && !process.is_attached() {
        part_of_a_core(process, findings);
    }
}

/// A device is chosen by its model there, and goes with CPU and memory of its own (Cloud Run documentation, "GPU support").
fn gpu(process: &Process, findings: &mut Findings<'_>) {
    findings.key(
        Code::BadResources,
        &process.key("resources.gpu"),
        "a GPU of Cloud Run is chosen by its model, which no key says",
        "not rendered",
        "switch it off in an environment (`unset = [\"resources.gpu\"]`) and patch the model in, or render it for Kubernetes",
    );
}

/// What to change: the CPU where it was asked for, otherwise the memory.
fn place(process: &Process, findings: &Findings<'_>) -> Key {
    if process.cloudrun.cpu.is_some() {
        return process.key("cloudrun.cpu");
    }
    findings.written(&process.at, &["resources.memory.limit", "resources.memory", "resources", "server", "command"])
}

fn cores(milli: u64) -> String {
    if milli.is_multiple_of(1000) { (milli / 1000).to_string() } else { format!("{milli}m") }
}

fn cpu_misfit(process: &Process, milli: u64, findings: &mut Findings<'_>) {
    let asked = process.key("cloudrun.cpu");
    let key = match findings.provenance.sets(&asked) {
        true => asked,
        false => findings.written(&process.at, &["resources.cpu.limit", "resources.cpu", "resources"]),
    };
    findings.value(
        Code::BadResources,
        &key,
        format!("Cloud Run has no instances of {} CPU", cores(milli)),
        "not a size that there is",
        "ask for 1, 2, 4, 6 or 8 cores, or for a part of one: \"80m\" to \"999m\"",
    );
}

fn raised(app: &App, process: &Process, size: &Size, findings: &mut Findings<'_>) {
    let key = process.key("resources.memory");
    // What nobody wrote down is a guess anyway, and told as one.
    if !findings.provenance.sets(&key) {
        return;
    }
    let written = app.written_in_memory(process);
    let sum = Resources::memory_sum(process.resources.memory_limit, &process.start, 1, written);
    let what = if process.is_attached() { "a container" } else { "an instance" };
    findings.value(
        Code::RaisedSize,
        &key,
        format!("{what} of {} CPU gets {}, and needs {sum}", cores(size.cpu.0), size.memory),
        "less than Cloud Run gives",
        "nothing has to be done: more memory costs a little more, and less is not to be had",
    );
}

/// Below one core there is one request at a time, and no worker pool.
fn part_of_a_core(process: &Process, findings: &mut Findings<'_>) {
    let cpu = process.key("cloudrun.cpu");
    if process.service.entrance.is_none() {
        findings.value(
            Code::BadResources,
            &cpu,
            "a process without a port gets a core at least",
            "a part of one",
            "write \"1\" or more, or drop it",
        );
    } else if process.cloudrun.concurrency.is_some_and(|count| count > 1) {
        findings.pair(
            Code::Conflict,
            (&process.key("cloudrun.concurrency"), "several at once"),
            (&cpu, "with a part of a core"),
            "an instance with less than a core takes one request at a time",
            "write `concurrency = 1`, or raise `cpu` to \"1\"",
        );
    }
}
