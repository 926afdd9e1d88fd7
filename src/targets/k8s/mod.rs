//! `render k8s`: hardened Kubernetes objects, one file each.

mod account;
mod autoscaler;
mod backing;
pub mod check;
mod claims;
mod cnpg;
mod config_map;
mod container;
mod containers;
mod cron_job;
mod deployment;
mod disruption_budget;
mod env;
mod extra;
mod gateway_api;
mod hash;
mod helm;
mod hooks;
mod http_route;
mod ingress;
mod job;
mod kustomization;
mod network_policy;
mod object;
mod patching;
mod pod;
mod preview;
mod probes;
mod replicas;
mod role;
mod routes;
mod security;
mod service;
mod service_account;
mod spelling;
mod stateful_set;
mod volumes;
mod workload;

use self::{object::Object, workload::Workload};
use super::{Rendered, Target, Wish, object::files};
use crate::{
    app::{App, Backing, Cron, Job, Provision, Runtime, When},
    problem::Problem,
};

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
    dev: false,
    on_request: None,
    layout: Some("k8s/{env}/{name}"),
    index: Some(kustomization::kustomization),
    rivals: &[],
    render,
    check: check::check,
};

fn render(wish: &Wish<'_>) -> Rendered {
    // There is no Kubernetes for developers, and no object is a difference to another.
    let Wish { app, base: _, dev: _, full: _ } = *wish;
    account::account(app);
    let mut rendered = Rendered { problems: app.problems(Runtime::Orchestrated), ..Rendered::default() };
    let mut objects = all(app, &mut rendered.problems);
    helm::escape(app, &mut objects);
    patching::patch(app, &mut objects, &mut rendered.problems);
    job::seal(app, &mut objects);
    rendered.bundle.files = files(objects, &app.name);
    rendered
}

/// Every object, in the order in which they are applied.
fn all(app: &App, problems: &mut Vec<Problem>) -> Vec<Object> {
    let (before, after): (Vec<&Job>, Vec<&Job>) = app.jobs.iter().partition(|job| job.when == When::Before);
    let mut objects = claims::claims(app);
    hooks::mark_claims(app, &mut objects, problems);
    objects.extend(app.services.iter().flat_map(|backing| of_service(app, backing, problems)));
    objects.extend(before.into_iter().flat_map(|job| of_job(app, job, problems)));
    for process in &app.processes {
        objects.extend(of_process(&Workload::new(app, process), problems));
    }
    objects.extend(http_route::http_route(app));
    objects.extend(ingress::ingress(app));
    objects.extend(after.into_iter().flat_map(|job| of_job(app, job, problems)));
    objects.extend(app.crons.iter().flat_map(|cron| of_cron(app, cron, problems)));
    service_account::once(&mut objects);
    extra::add(app, &mut objects, problems);
    objects
}

/// What runs a backing service, if the cluster does; jobs that are waited for need it.
fn of_service(app: &App, backing: &Backing, problems: &mut Vec<Problem>) -> Vec<Object> {
    let mut objects = match backing.provision {
        Provision::External => Vec::new(),
        Provision::Cnpg => vec![cnpg::cluster(app, backing)],
        Provision::Preview => preview::objects(app, backing, problems),
    };
    objects.iter_mut().for_each(|object| hooks::needed(app, object));
    objects
}

/// The objects of one process, in the order in which they are applied.
fn of_process(workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Vec<Object> {
    let pods = match workload.process.has_own_volumes() {
        true => stateful_set::stateful_set(workload, problems),
        false => deployment::deployment(workload, problems),
    };
    let mut objects = service_account::objects(workload);
    objects.extend(config_map::config_maps(workload, problems));
    let all = [
        service::governing(workload, problems),
        service::service(workload),
        Some(pods),
        autoscaler::autoscaler(workload, problems),
        disruption_budget::disruption_budget(workload),
        network_policy::network_policy(workload),
    ];
    objects.extend(all.into_iter().flatten());
    objects
}

fn of_job(app: &App, job: &Job, problems: &mut Vec<Problem>) -> Vec<Object> {
    let workload = Workload::new(app, &job.process);
    let runs = match job.when {
        When::Before | When::After => job::job(job, &workload, problems),
        When::Manual => cron_job::on_demand(job, &workload, problems),
    };
    let mut objects = ending(&workload, runs, problems);
    hooks::mark(app, job, &mut objects);
    objects
}

fn of_cron(app: &App, cron: &Cron, problems: &mut Vec<Problem>) -> Vec<Object> {
    let workload = Workload::new(app, &cron.process);
    let runs = cron_job::cron_job(cron, &workload, problems);
    ending(&workload, runs, problems)
}

/// The objects of what runs to its end: it runs as soon as it is applied, so what it needs is there by then.
fn ending(workload: &Workload<'_>, runs: Object, problems: &mut Vec<Problem>) -> Vec<Object> {
    let mut objects = service_account::objects(workload);
    objects.extend(config_map::config_maps(workload, problems));
    objects.extend(network_policy::network_policy(workload));
    objects.push(runs);
    objects
}
