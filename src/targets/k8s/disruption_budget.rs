//! PodDisruptionBudget: node drains take one replica at a time.

use k8s_openapi::{
    api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec},
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::{object::Object, workload::Workload};
use crate::{app::keys, tree::Notes};

/// The budget of a workload that keeps two replicas or more: with one, it would block every node drain for ever
/// (Kubernetes documentation, "Specifying a Disruption Budget for your Application").
pub fn disruption_budget(workload: &Workload<'_>) -> Option<Object> {
    if !workload.app.k8s.disruption_budget || workload.fewest_replicas() < 2 {
        return None;
    }
    let mut notes = Notes::default();
    let metadata = workload.metadata(&mut notes);
    workload.selector_note(&mut notes, "spec.selector");
    notes.add("spec.maxUnavailable", "a node drain takes one pod at a time, however many there are", Vec::new());
    notes.add("spec.unhealthyPodEvictionPolicy", "a pod that is not ready anyway blocks no drain", Vec::new());
    let spec = PodDisruptionBudgetSpec {
        max_unavailable: Some(IntOrString::Int(1)),
        selector: Some(workload.selector()),
        unhealthy_pod_eviction_policy: Some("AlwaysAllow".into()),
        ..PodDisruptionBudgetSpec::default()
    };
    let budget = PodDisruptionBudget { metadata, spec: Some(spec), status: None };
    let because = [workload.fewest_keys(), keys(&["k8s.disruption_budget"])].concat();
    let reason = "with two replicas or more, a node drain must leave the others";
    Some(Object::new(&budget, reason, because, notes))
}
