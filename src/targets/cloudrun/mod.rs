//! `render cloudrun`: services of Cloud Run, or of Knative in a cluster, which run as many instances as requests need.
//!
//! Both speak `serving.knative.dev/v1`, in two dialects. What has no port answers nobody: on Cloud Run it is a worker
//! pool, and Knative has nothing for it; nor for what ends, which is a job of Cloud Run.

mod account;
mod annotations;
pub mod check;
mod container;
mod env;
mod job;
mod metadata;
mod order;
mod part;
mod patching;
mod probes;
mod security;
mod service;
mod sizes;
mod template;
pub mod types;
mod volumes;
mod worker_pool;

use self::part::Part;
use super::{
    Rendered, Target, Wish,
    object::{Object, files},
};
use crate::{
    app::{Flavor, Runtime},
    problem::Problem,
};

pub const TARGET: Target = Target {
    name: "cloudrun",
    about: "Cloud Run services, worker pools and jobs; or Knative services",
    examples: &[
        ("render cloudrun", "the services of profile.toml, to standard output"),
        ("render cloudrun -o deploy/cloudrun", "one file for each, for `gcloud run services replace`"),
    ],
    overrides: false,
    dev: false,
    on_request: Some("cloudrun"),
    layout: Some("cloudrun/{env}/{name}"),
    index: None,
    rivals: &[],
    render,
    check: check::check,
};

fn render(wish: &Wish<'_>) -> Rendered {
    // There is no Cloud Run for developers, and no object is a difference to another.
    let Wish { app, base: _, dev: _, full: _ } = *wish;
    account::account(app);
    let mut rendered = Rendered { problems: app.problems(Runtime::Serverless), ..Rendered::default() };
    let parts = app.processes.iter().map(|process| Part::new(app, process));
    let lasting: Vec<Object> = parts.filter_map(|part| object(&part, &mut rendered.problems)).collect();
    // In the order in which they are deployed.
    let mut objects = match app.cloudrun.flavor {
        Flavor::Cloudrun => {
            let [first, last] = [true, false].map(|waited_for| job::jobs(app, waited_for, &mut rendered.problems));
            first.into_iter().chain(lasting).chain(last).collect()
        }
        Flavor::Knative => lasting,
    };
    patching::patch(app, &mut objects, &mut rendered.problems);
    rendered.bundle.files = files(objects, &app.name);
    rendered
}

/// What a process is here; that it is nothing is said already.
fn object(part: &Part<'_>, problems: &mut Vec<Problem>) -> Option<Object> {
    match (part.serves(), part.app.cloudrun.flavor) {
        (true, _) => Some(service::service(part, problems)),
        (false, Flavor::Cloudrun) => Some(worker_pool::worker_pool(part, problems)),
        (false, Flavor::Knative) => None,
    }
}
