//! Whether an autoscaler has bounds between which it can act, and a signal to act on.

use crate::{
    app::{App, Autoscale, Process, Runtime, findings::Findings},
    problem::Code,
};

pub(super) fn check(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let Some(autoscale) = &process.autoscale else { return };
    bounds(app, process, autoscale, findings);
    threshold(process, autoscale, findings);
    if let (Some(_), None) = (autoscale.memory, autoscale.cpu) {
        findings.value(
            Code::WeakAutoscale,
            &process.key("autoscale.memory"),
            "memory is a weak signal: a process gives little of it back, so replicas stay",
            "the only signal",
            "scale by `cpu` too",
        );
    }
}

fn bounds(app: &App, process: &Process, autoscale: &Autoscale, findings: &mut Findings<'_>) {
    let ruled = app.parallelism(process, Runtime::Orchestrated).replicas;
    let min = autoscale.min.unwrap_or(ruled);
    let key = process.key("autoscale.max");
    if autoscale.max < min {
        findings.value(
            Code::BadAutoscale,
            &key,
            format!("at most {} replicas, where there are at least {min}", autoscale.max),
            "below the minimum",
            "raise `max`, or lower `min` or `workers`",
        );
    } else if autoscale.max == min {
        findings.value(
            Code::WeakAutoscale,
            &key,
            format!("an autoscaler between {min} and {min} replicas does nothing"),
            "equal to the minimum",
            "raise `max`, or drop `[autoscale]`",
        );
    }
    if let Some(replicas) = process.k8s.replicas
        && autoscale.min.is_some_and(|min| min != replicas)
    {
        findings.conflict(
            &process.key("k8s.replicas"),
            &process.key("autoscale.min"),
            "the autoscaler owns the number of replicas",
            "drop `[k8s] replicas`: `[autoscale] min` says it",
        );
    }
}

/// It must lie well below what the workers can use at all, or it is never reached.
fn threshold(process: &Process, autoscale: &Autoscale, findings: &mut Findings<'_>) {
    let Some(cpu) = autoscale.cpu else { return };
    let threshold = process.resources.cpu_request.0 * u64::from(cpu) / 100;
    // Without a limit one core is what a Python worker can use; other processes may use more than is known here.
    let Some(usable) = process.resources.cpu_limit.map(|limit| limit.0) else { return };
    if threshold * 10 > usable * 8 {
        findings.value(
            Code::BadAutoscale,
            &process.key("autoscale.cpu"),
            format!("the autoscaler would never act: it waits for {threshold}m of {usable}m CPU"),
            "above 80% of what a worker can use",
            "lower `cpu`, lower the CPU request, or raise the limit",
        );
    }
}
