//! The pod of a workload.

use k8s_openapi::api::core::v1::{
    Affinity, LocalObjectReference, PodAffinityTerm, PodAntiAffinity, PodSpec, PodTemplateSpec, Toleration,
    TopologySpreadConstraint, WeightedPodAffinityTerm,
};

use super::{container, security, service_account, volumes, workload::Workload};
use crate::{
    app::keys,
    problem::Problem,
    profile::{self, Spread, TolerationEffect},
    tree::{Notes, Path},
};

/// The pod template, with its notes relative to itself.
pub fn template(workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> PodTemplateSpec {
    let metadata = workload.pod_metadata(notes);
    let mut part = Notes::default();
    let spec = spec(workload, &mut part, problems);
    notes.extend("spec", part);
    PodTemplateSpec { metadata: Some(metadata), spec: Some(spec) }
}

fn spec(workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> PodSpec {
    let (app, process) = (workload.app, workload.process);
    let mut container_notes = Notes::default();
    let volumes = volumes::volumes(workload, notes, &mut container_notes);
    let init_containers = container::init_containers(workload, &volumes, notes);
    let container = container::container(workload, volumes.mounts, &mut container_notes, problems);
    notes.extend(Path::new("containers").item("name", &container.name), container_notes);
    let mut part = Notes::default();
    let security_context = security::pod(process, &mut part);
    notes.extend("securityContext", part);
    note_identity(workload, notes);
    note_scheduling(workload, notes);
    let grace = process.shutdown.pre_stop + process.shutdown.grace();
    let namespace_user = process.security.user_namespace;
    PodSpec {
        affinity: affinity(workload),
        automount_service_account_token: Some(process.security.kube_api),
        containers: vec![container],
        enable_service_links: Some(false),
        host_users: namespace_user.then_some(false),
        image_pull_secrets: some(
            app.k8s.image_pull_secrets.iter().map(|name| LocalObjectReference { name: name.clone() }),
        ),
        init_containers: Some(init_containers).filter(|containers| !containers.is_empty()),
        node_selector: Some(app.k8s.node_selector.clone()).filter(|labels| !labels.is_empty()),
        priority_class_name: app.k8s.priority_class.clone(),
        security_context: Some(security_context),
        service_account_name: service_account::account_name(workload),
        termination_grace_period_seconds: Some(grace.0.into()),
        tolerations: some(app.k8s.tolerations.iter().map(toleration)),
        topology_spread_constraints: spread(workload),
        volumes: Some(volumes.volumes).filter(|volumes| !volumes.is_empty()),
        ..PodSpec::default()
    }
}

fn some<T>(items: impl Iterator<Item = T>) -> Option<Vec<T>> {
    Some(items.collect::<Vec<_>>()).filter(|items| !items.is_empty())
}

fn note_identity(workload: &Workload<'_>, notes: &mut Notes) {
    let process = workload.process;
    let mut account = process.keys(&["security.service_account"]);
    account.extend(keys(&["name"]));
    notes.add("serviceAccountName", "least-privilege: an identity of its own, without rights", account);
    notes.add(
        "automountServiceAccountToken",
        "least-privilege: a token only for processes that talk to the API",
        process.keys(&["security.kube_api"]),
    );
    notes.add("enableServiceLinks", "variables of other Services would collide with the app's settings", Vec::new());
    notes.add("hostUsers", "a user namespace of its own", process.keys(&["security.user_namespace"]));
    notes.add("imagePullSecrets", "asked for", keys(&["k8s.image_pull_secrets"]));
    notes.add(
        "terminationGracePeriodSeconds",
        "graceful-stop: pre_stop + drain + 4s for the lifespan's end + 1s",
        process.keys(&["shutdown.drain", "shutdown.pre_stop", "port", "service.type", "server"]),
    );
}

fn note_scheduling(workload: &Workload<'_>, notes: &mut Notes) {
    let mut spread = workload.replica_keys();
    spread.extend(keys(&["k8s.topology_spread", "name"]));
    notes.add("affinity", "spread: replicas on different hosts, where that is possible", spread.clone());
    notes.add("topologySpreadConstraints", "spread: replicas in different zones, as asked for or possible", spread);
    notes.add("nodeSelector", "asked for", keys(&["k8s.node_selector"]));
    notes.add("tolerations", "asked for", keys(&["k8s.tolerations"]));
    notes.add("priorityClassName", "asked for", keys(&["k8s.priority_class"]));
}

/// Soft, because a hard rule blocks rollouts on small clusters. Not for a workload that never has two replicas.
fn affinity(workload: &Workload<'_>) -> Option<Affinity> {
    if workload.most_replicas() < 2 || workload.app.k8s.topology_spread == Spread::None {
        return None;
    }
    let term = PodAffinityTerm {
        label_selector: Some(workload.selector()),
        topology_key: "kubernetes.io/hostname".into(),
        ..PodAffinityTerm::default()
    };
    let weighted = WeightedPodAffinityTerm { pod_affinity_term: term, weight: 100 };
    Some(Affinity {
        pod_anti_affinity: Some(PodAntiAffinity {
            preferred_during_scheduling_ignored_during_execution: Some(vec![weighted]),
            ..PodAntiAffinity::default()
        }),
        ..Affinity::default()
    })
}

fn spread(workload: &Workload<'_>) -> Option<Vec<TopologySpreadConstraint>> {
    let when_unsatisfiable = match workload.app.k8s.topology_spread {
        _ if workload.most_replicas() < 2 => return None,
        Spread::None => return None,
        Spread::Soft => "ScheduleAnyway",
        Spread::Hard => "DoNotSchedule",
    };
    Some(vec![TopologySpreadConstraint {
        label_selector: Some(workload.selector()),
        // Without it the pods of the old version would count during a rollout.
        match_label_keys: Some(vec!["pod-template-hash".into()]),
        max_skew: 1,
        topology_key: "topology.kubernetes.io/zone".into(),
        when_unsatisfiable: when_unsatisfiable.into(),
        ..TopologySpreadConstraint::default()
    }])
}

fn toleration(wanted: &profile::Toleration) -> Toleration {
    let profile::Toleration { key, value, effect, seconds } = wanted;
    let effect = effect.map(|effect| match effect {
        TolerationEffect::NoSchedule => "NoSchedule",
        TolerationEffect::PreferNoSchedule => "PreferNoSchedule",
        TolerationEffect::NoExecute => "NoExecute",
    });
    Toleration {
        key: key.clone(),
        operator: Some(if value.is_some() { "Equal" } else { "Exists" }.into()),
        value: value.clone(),
        effect: effect.map(Into::into),
        toleration_seconds: seconds.map(i64::from),
    }
}
