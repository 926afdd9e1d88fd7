//! `render k8s`: hardened Kubernetes objects, one file each.

mod account;
mod autoscaler;
pub mod check;
mod container;
mod deployment;
mod disruption_budget;
mod env;
mod gateway_api;
mod http_route;
mod ingress;
mod network_policy;
mod object;
mod patching;
mod pod;
mod probes;
mod routes;
mod security;
mod service;
mod service_account;
mod spelling;
mod volumes;
mod workload;

use self::{object::Object, workload::Workload};
use super::{Rendered, Target, Wish};
use crate::{app::Runtime, problem::Problem};

pub const TARGET: Target = Target {
    name: "k8s",
    about: "Kubernetes objects, hardened for Pod Security `restricted`",
    examples: &[
        ("render k8s", "the objects of profile.toml, to standard output"),
        ("render k8s --env production --explain", "an environment's, each line with its reason"),
        ("render k8s -o deploy/k8s", "one file for each object"),
        ("render k8s -o deploy/k8s --check", "does what is committed match the profile?"),
    ],
    overrides: false,
    unseen: &["compose"],
    rivals: &[],
    render,
    check: check::check,
};

fn render(wish: &Wish<'_>) -> Rendered {
    // There is no Kubernetes for developers, and no object is a difference to another.
    let Wish { app, base: _, dev: _, full: _ } = *wish;
    account::account(app);
    let mut rendered = Rendered { problems: app.problems(Runtime::Orchestrated), ..Rendered::default() };
    let mut objects = Vec::new();
    for process in &app.processes {
        let workload = Workload::new(app, process);
        objects.extend(self::objects(&workload, &mut rendered.problems));
    }
    objects.extend(http_route::http_route(app));
    objects.extend(ingress::ingress(app));
    patching::patch(app, &mut objects, &mut rendered.problems);
    rendered.bundle.files.extend(objects.into_iter().map(|object| object.into_file(&app.name)));
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
