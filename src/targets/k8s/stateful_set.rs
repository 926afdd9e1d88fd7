//! StatefulSet: a workload whose replicas each have a volume of their own.

use k8s_openapi::api::{
    apps::v1::{
        StatefulSet, StatefulSetPersistentVolumeClaimRetentionPolicy, StatefulSetSpec, StatefulSetUpdateStrategy,
    },
    core::v1::PersistentVolumeClaim,
};

use super::{
    claims,
    object::Object,
    replicas::{HISTORY, Replicas, SETTLED, replicas},
    service,
    workload::Workload,
};
use crate::{
    problem::Problem,
    tree::{Notes, Path},
};

pub fn stateful_set(workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Object {
    let process = workload.process;
    let mut notes = Notes::default();
    let Replicas { metadata, selector, template, number: replicas } = replicas(workload, &mut notes, problems);
    note(workload, &mut notes);
    let spec = StatefulSetSpec {
        replicas,
        min_ready_seconds: Some(SETTLED),
        persistent_volume_claim_retention_policy: Some(StatefulSetPersistentVolumeClaimRetentionPolicy {
            when_deleted: Some(if process.is_service() { "Delete" } else { "Retain" }.into()),
            when_scaled: Some("Retain".into()),
        }),
        pod_management_policy: Some("Parallel".into()),
        revision_history_limit: Some(HISTORY),
        selector,
        service_name: Some(service::governing_name(workload)),
        template,
        update_strategy: Some(StatefulSetUpdateStrategy { type_: Some("RollingUpdate".into()), rolling_update: None }),
        volume_claim_templates: Some(templates(workload, &mut notes)),
        ..StatefulSetSpec::default()
    };
    let set = StatefulSet { metadata, spec: Some(spec), status: None };
    let keys = [process.own_keys(), workload.kind_keys()].concat();
    Object::new(&set, "keeps the pods of this process running, each with its own volume", keys, notes)
}

fn note(workload: &Workload<'_>, notes: &mut Notes) {
    let settled = "a new pod must stay ready so long before the next is replaced";
    notes.add("spec.minReadySeconds", settled, Vec::new());
    let kept = "data is never deleted unasked, neither with its pod nor with the whole set";
    notes.add("spec.persistentVolumeClaimRetentionPolicy", kept, Vec::new());
    let parallel = "replicas wait for no other; one that cannot start does not hold up the rest";
    notes.add("spec.podManagementPolicy", parallel, Vec::new());
    notes.add("spec.revisionHistoryLimit", "enough to roll back, without a heap of old revisions", Vec::new());
    service::governing_note(workload, "spec.serviceName", notes);
    let rolling = "one by one, the old pod first: two never have one volume";
    notes.add("spec.updateStrategy", rolling, Vec::new());
}

fn templates(workload: &Workload<'_>, notes: &mut Notes) -> Vec<PersistentVolumeClaim> {
    let process = workload.process;
    let mut templates = Vec::new();
    for volume in &process.volumes {
        let Some(lasting) = volume.lasting().filter(|lasting| lasting.per_replica) else { continue };
        let mut part = Notes::default();
        let template = claims::template(process, volume, lasting, &mut part);
        notes.extend(Path::new("spec.volumeClaimTemplates").index(templates.len()), part);
        templates.push(template);
    }
    templates
}
