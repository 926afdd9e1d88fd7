//! What a Deployment and a StatefulSet have alike: pods of one template, found by their labels, and so many of them.

use k8s_openapi::{
    api::core::v1::PodTemplateSpec,
    apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta},
};

use super::{pod, spelling::number, workload::Workload};
use crate::{problem::Problem, tree::Notes};

/// Old revisions that are kept for a rollback.
pub const HISTORY: i32 = 3;

/// Seconds for which a new pod must stay ready before it counts.
pub const SETTLED: i32 = 5;

pub struct Replicas {
    pub metadata: ObjectMeta,
    pub selector: LabelSelector,
    pub template: PodTemplateSpec,
    /// Absent with an autoscaler, which owns the number: each apply would reset it.
    pub number: Option<i32>,
}

/// The parts, with their notes.
pub fn replicas(workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Replicas {
    let (process, plan) = (workload.process, &workload.plan);
    let metadata = workload.metadata(notes);
    workload.selector_note(notes, "spec.selector");
    let mut part = Notes::default();
    let template = pod::template(workload, &mut part, problems);
    notes.extend("spec.template", part);
    let because = [plan.replica_keys.clone(), process.keys(&["autoscale"])].concat();
    notes.add("spec.replicas", plan.reason.clone(), because);
    let number = process.autoscale.is_none().then(|| number(plan.replicas));
    Replicas { metadata, selector: workload.selector(), template, number }
}
