//! HorizontalPodAutoscaler: replicas by load.

use k8s_openapi::api::autoscaling::v2::{
    ContainerResourceMetricSource, CrossVersionObjectReference, HPAScalingPolicy, HPAScalingRules,
    HorizontalPodAutoscaler, HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::{object::Object, spelling::number, workload::Workload};
use crate::{
    app::{Autoscale, Behavior, Policy, Scaling},
    key::Key,
    problem::{Code, Problem},
    profile::{ScalingSelect, Version},
    tree::Notes,
};

/// The autoscaler of a workload. It owns the number of replicas; the Deployment is silent about it.
pub fn autoscaler(workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Option<Object> {
    let process = workload.process;
    let Autoscale { min: _, max, cpu, memory, behavior } = process.autoscale.as_ref()?;
    let mut notes = Notes::default();
    let metadata = workload.metadata(&mut notes);
    notes.add("spec.minReplicas", workload.plan.reason.clone(), workload.replica_keys());
    notes.add("spec.maxReplicas", "asked for", process.keys(&["autoscale.max"]));
    notes.add("spec.scaleTargetRef", "the Deployment of this workload", crate::app::keys(&["name"]));
    notes.add("spec.behavior", "how fast replicas come and go", process.keys(&["autoscale.behavior"]));
    let threshold = cpu.map(|cpu| process.resources.cpu_request.0 * u64::from(cpu) / 100);
    let reason = match threshold {
        Some(milli) => format!("average of the app's container alone; {milli}m CPU for each worker"),
        None => "average of the app's container alone".into(),
    };
    let mut metric_keys = process.keys(&["autoscale.cpu", "autoscale.memory", "autoscale", "resources.cpu"]);
    metric_keys.extend(crate::app::keys(&["name"]));
    notes.add("spec.metrics", reason, metric_keys);
    let metric = |name: &str, utilization: u32| MetricSpec {
        type_: "ContainerResource".into(),
        container_resource: Some(ContainerResourceMetricSource {
            container: workload.name(),
            name: name.into(),
            target: MetricTarget {
                type_: "Utilization".into(),
                average_utilization: Some(number(utilization)),
                ..MetricTarget::default()
            },
        }),
        ..MetricSpec::default()
    };
    let metrics = [cpu.map(|cpu| metric("cpu", cpu)), memory.map(|memory| metric("memory", memory))];
    let spec = HorizontalPodAutoscalerSpec {
        min_replicas: Some(number(workload.fewest_replicas())),
        max_replicas: number(*max),
        metrics: Some(metrics.into_iter().flatten().collect()),
        behavior: Some(rules(behavior, workload, problems)),
        scale_target_ref: CrossVersionObjectReference {
            api_version: Some("apps/v1".into()),
            kind: "Deployment".into(),
            name: workload.name(),
        },
    };
    let autoscaler = HorizontalPodAutoscaler { metadata, spec: Some(spec), status: None };
    Some(Object::new(&autoscaler, "more replicas under load", process.keys(&["autoscale"]), notes))
}

fn rules(behavior: &Behavior, workload: &Workload<'_>, problems: &mut Vec<Problem>) -> HorizontalPodAutoscalerBehavior {
    let key = workload.process.key("autoscale.behavior");
    let mut direction = |scaling: &Option<Scaling>, name: &str| {
        scaling.as_ref().map(|scaling| self::direction(scaling, &key.child(name), workload, problems))
    };
    HorizontalPodAutoscalerBehavior {
        scale_up: direction(&behavior.up, "scale_up"),
        scale_down: direction(&behavior.down, "scale_down"),
    }
}

fn direction(scaling: &Scaling, key: &Key, workload: &Workload<'_>, problems: &mut Vec<Problem>) -> HPAScalingRules {
    let Scaling { stabilization, select, policies, tolerance } = scaling;
    let policies = policies.iter().map(|policy| {
        let (type_, value, every) = match policy {
            Policy::Percent { value, every } => ("Percent", value, every),
            Policy::Pods { value, every } => ("Pods", value, every),
        };
        HPAScalingPolicy { type_: type_.into(), value: number(*value), period_seconds: number(every.0) }
    });
    HPAScalingRules {
        stabilization_window_seconds: stabilization.map(|time| number(time.0)),
        select_policy: select.map(|select| {
            match select {
                ScalingSelect::Max => "Max",
                ScalingSelect::Min => "Min",
                ScalingSelect::Disabled => "Disabled",
            }
            .into()
        }),
        policies: Some(policies.collect::<Vec<_>>()).filter(|policies| !policies.is_empty()),
        tolerance: tolerance.and_then(|percent| gated_tolerance(percent, key, workload, problems)),
    }
}

/// On by default from 1.35 on (Kubernetes feature gate `HPAConfigurableTolerance`); older servers drop the field.
fn gated_tolerance(percent: u32, key: &Key, workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Option<Quantity> {
    if workload.app.k8s.version >= Version::V1_35 {
        return Some(Quantity(format!("{}m", percent * 10)));
    }
    let span = workload.app.provenance.key(&key.child("tolerance"));
    problems.push(
        Problem::new(Code::TooNewForCluster, "`tolerance` needs Kubernetes 1.35; it is not emitted")
            .at(span, "newer than `[k8s] version`")
            .help("set `[k8s] version = \"1.35\"` or later, or drop it"),
    );
    None
}
