//! A worker pool of Cloud Run: runs without being asked, in so many instances.

use super::{
    annotations::Own,
    metadata,
    part::Part,
    template,
    types::{WorkerPool, WorkerPoolSpec},
};
use crate::{app::Reader, problem::Problem, targets::object::Object, tree::Notes};

pub fn worker_pool(part: &Part<'_>, problems: &mut Vec<Problem>) -> Object {
    let mut notes = Notes::default();
    let own = vec![
        Own {
            name: "run.googleapis.com/scalingMode",
            value: "manual".into(),
            reason: "no requests tell how many instances are needed".into(),
            keys: Vec::new(),
        },
        Own {
            name: "run.googleapis.com/manualInstanceCount",
            value: part.plan.replicas.to_string(),
            reason: part.plan.reason.clone(),
            keys: part.plan.replica_keys.clone(),
        },
    ];
    let metadata = metadata::object(part, own, Reader::Service, &mut notes);
    let mut inner = Notes::default();
    let template = template::template(part, Vec::new(), &mut inner, problems);
    notes.extend("spec.template", inner);
    let pool = WorkerPool {
        api_version: "run.googleapis.com/v1".into(),
        kind: "WorkerPool".into(),
        metadata,
        spec: WorkerPoolSpec { template, instance_splits: None },
    };
    let because = [part.process.own_keys(), part.app.served_keys(part.process)].concat();
    Object::of(
        ("WorkerPool", part.name()),
        &pool,
        ("works without a port, so nobody's requests start it", because),
        notes,
    )
}
