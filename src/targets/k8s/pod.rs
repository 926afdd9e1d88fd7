//! The pod of a workload.

use k8s_openapi::api::core::v1::{
    Affinity, LocalObjectReference, PodAffinityTerm, PodAntiAffinity, PodSpec, PodTemplateSpec, Toleration,
    TopologySpreadConstraint, WeightedPodAffinityTerm,
};

use super::{
    containers::{self, Containers},
    security, service_account,
    workload::Workload,
};
use crate::{
    app::{self, Account, Shutdown, Spread, TolerationEffect, defaults, keys},
    problem::Problem,
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
    let Containers { container, before, volumes } = containers::containers(workload, notes, problems);
    let mut part = Notes::default();
    let security_context = security::pod(app, process, &mut part);
    notes.extend("securityContext", part);
    note_identity(workload, notes);
    note_scheduling(workload, notes);
    let grace = app.sidecars(process).map(|sidecar| sidecar.shutdown.grace());
    let grace = grace.fold(process.shutdown.pre_stop + process.shutdown.grace(), |sum, own| sum + own);
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
        init_containers: Some(before).filter(|containers| !containers.is_empty()),
        node_selector: Some(process.k8s.node_selector.clone()).filter(|labels| !labels.is_empty()),
        priority_class_name: process.k8s.priority_class.clone(),
        security_context: Some(security_context),
        service_account_name: service_account::account_name(workload),
        termination_grace_period_seconds: Some(grace.0.into()),
        tolerations: some(process.k8s.tolerations.iter().map(toleration)),
        topology_spread_constraints: spread(workload),
        volumes: Some(volumes).filter(|volumes| !volumes.is_empty()),
        ..PodSpec::default()
    }
}

fn some<T>(items: impl Iterator<Item = T>) -> Option<Vec<T>> {
    Some(items.collect::<Vec<_>>()).filter(|items| !items.is_empty())
}

fn note_identity(workload: &Workload<'_>, notes: &mut Notes) {
    let process = workload.process;
    let (reason, mut account) = match &process.security.account {
        Account::Own | Account::Default => ("least-privilege: an identity of its own, without rights", keys(&["name"])),
        Account::Named { .. } => ("asked for", Vec::new()),
    };
    account.splice(0..0, process.keys(&["security.service_account"]));
    notes.add("serviceAccountName", reason, account);
    let token = if process.security.kube_api {
        "asked for: the process talks to the Kubernetes API"
    } else {
        "least-privilege: no token, the process does not talk to the Kubernetes API"
    };
    notes.add("automountServiceAccountToken", token, process.keys(&["security.kube_api"]));
    let links = "the variables of every Service in the namespace would collide with the app's settings";
    notes.add("enableServiceLinks", links, Vec::new());
    let users = "asked for: root in the container would be nobody on the host";
    notes.add("hostUsers", users, process.keys(&["security.user_namespace"]));
    notes.add("imagePullSecrets", "asked for", keys(&["k8s.image_pull_secrets"]));
    let mut because = [process.keys(&["shutdown.drain"]), workload.app.pre_stop_keys(process)].concat();
    let mut sum = grace_sum(&process.shutdown);
    for sidecar in workload.app.sidecars(process) {
        sum.push_str(&format!(" + {}s for {}", sidecar.shutdown.grace().0, sidecar.name));
        because.extend(sidecar.keys(&["shutdown.drain"]));
    }
    because.extend(workload.app.sidecar_keys(process));
    notes.add("terminationGracePeriodSeconds", sum, because);
}

/// How the grace period adds up.
fn grace_sum(shutdown: &Shutdown) -> String {
    let Shutdown { drain, pre_stop } = shutdown;
    let before = if pre_stop.0 > 0 { format!("{}s pre_stop + ", pre_stop.0) } else { String::new() };
    let (lifespan, margin) = (defaults::LIFESPAN.0, defaults::GRACE_MARGIN.0);
    format!("graceful-stop: {before}{}s drain + {lifespan}s for the lifespan's end + {margin}s", drain.0)
}

fn note_scheduling(workload: &Workload<'_>, notes: &mut Notes) {
    let process = workload.process;
    let spread = [process.keys(&["k8s.topology_spread"]), workload.most_keys()].concat();
    notes.add("affinity", "spread: replicas on different hosts, where that is possible", spread.clone());
    let zones = match workload.process.k8s.topology_spread {
        Spread::Hard => "asked for: replicas evenly over zones, or not at all",
        Spread::Soft | Spread::None => "spread: replicas in different zones, where that is possible",
    };
    let zones_keys = [spread, workload.kind_keys()].concat();
    notes.add("topologySpreadConstraints", zones, zones_keys);
    let term = "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm";
    let own = "the pods of this workload";
    notes.add(Path::new(term).key("labelSelector"), own, keys(&["name"]));
    notes.add("topologySpreadConstraints[0].labelSelector", own, keys(&["name"]));
    notes.add("nodeSelector", "asked for", process.keys(&["k8s.node_selector"]));
    notes.add("tolerations", "asked for", process.keys(&["k8s.tolerations"]));
    notes.add("priorityClassName", "asked for", process.keys(&["k8s.priority_class"]));
}

/// Soft, because a hard rule blocks rollouts on small clusters. Not for a workload that never has two replicas.
fn affinity(workload: &Workload<'_>) -> Option<Affinity> {
    if workload.most_replicas() < 2 || workload.process.k8s.topology_spread == Spread::None {
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
    let when_unsatisfiable = match workload.process.k8s.topology_spread {
        _ if workload.most_replicas() < 2 => return None,
        Spread::None => return None,
        Spread::Soft => "ScheduleAnyway",
        Spread::Hard => "DoNotSchedule",
    };
    Some(vec![TopologySpreadConstraint {
        label_selector: Some(workload.selector()),
        // Without it the pods of the old version would count during a rollout. Those of a StatefulSet bear no such
        // label, and go before their successors come.
        match_label_keys: (!workload.process.has_own_volumes()).then(|| vec!["pod-template-hash".into()]),
        max_skew: 1,
        topology_key: "topology.kubernetes.io/zone".into(),
        when_unsatisfiable: when_unsatisfiable.into(),
        ..TopologySpreadConstraint::default()
    }])
}

fn toleration(wanted: &app::Toleration) -> Toleration {
    let app::Toleration { key, value, effect, seconds } = wanted;
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
