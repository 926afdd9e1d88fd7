//! `render k8s`: hardened Kubernetes objects, one file each.

mod autoscaler;
mod container;
mod deployment;
mod disruption_budget;
mod env;
mod network_policy;
mod object;
mod pod;
mod probes;
mod security;
mod service;
mod service_account;
mod spelling;
mod volumes;
mod workload;

use self::{object::Object, workload::Workload};
use super::{Rendered, Target};
use crate::{app::App, problem::Problem};

pub const TARGET: Target =
    Target { name: "k8s", about: "Kubernetes objects, hardened for Pod Security `restricted`", render };

fn render(app: &App) -> Rendered {
    let mut rendered = Rendered::default();
    for process in &app.processes {
        let workload = Workload::new(app, process);
        rendered.problems.extend(problems(&workload));
        let objects = objects(&workload, &mut rendered.problems);
        rendered.bundle.files.extend(objects.into_iter().map(|object| object.into_file(&app.name)));
    }
    rendered
}

/// The objects of one process, in the order in which they are applied.
fn objects(workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Vec<Object> {
    let all = [
        service_account::service_account(workload),
        service::service(workload),
        Some(deployment::deployment(workload, problems)),
        autoscaler::autoscaler(workload, problems),
        disruption_budget::disruption_budget(workload),
        network_policy::network_policy(workload),
    ];
    all.into_iter().flatten().collect()
}

/// What only matters under an orchestrator.
fn problems(workload: &Workload<'_>) -> Vec<Problem> {
    let Workload { app, process, plan } = workload;
    process.check_recycling(plan.workers, crate::app::Runtime::Orchestrated, &app.provenance).into_iter().collect()
}
