//! HorizontalPodAutoscaler: replicas by load.

use k8s_openapi::api::autoscaling::v2::{
    ContainerResourceMetricSource, CrossVersionObjectReference, HPAScalingPolicy, HPAScalingRules,
    HorizontalPodAutoscaler, HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::{object::Object, spelling::number, workload::Workload};
use crate::{
    app::{Autoscale, Behavior, Demand, Policy, Scaling, ScalingSelect, Version, keys},
    key::Key,
    problem::{Code, Problem},
    tree::{Notes, Path},
};

/// The autoscaler of a workload. It owns the number of replicas; the Deployment is silent about it.
pub fn autoscaler(workload: &Workload<'_>, problems: &mut Vec<Problem>) -> Option<Object> {
    let process = workload.process;
    let Autoscale { min: _, max, cpu, memory, behavior } = process.autoscale.as_ref()?;
    let mut notes = Notes::default();
    let metadata = workload.metadata(&mut notes);
    note(workload, &mut notes);
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
            kind: workload.kind().into(),
            name: workload.name(),
        },
    };
    let autoscaler = HorizontalPodAutoscaler { metadata, spec: Some(spec), status: None };
    Some(Object::new(&autoscaler, "more replicas under load, and fewer without", process.keys(&["autoscale"]), notes))
}

fn note(workload: &Workload<'_>, notes: &mut Notes) {
    let (app, process) = (workload.app, workload.process);
    let Some(Autoscale { min, max: _, cpu, memory, behavior }) = &process.autoscale else { return };
    let fewest = if min.is_some() { "asked for".to_owned() } else { workload.plan.reason.clone() };
    notes.add("spec.minReplicas", fewest, workload.fewest_keys());
    notes.add("spec.maxReplicas", "asked for", process.keys(&["autoscale.max"]));
    let target = [keys(&["name"]), workload.kind_keys()].concat();
    notes.add("spec.scaleTargetRef", "what keeps the pods of this workload running", target);
    note_metrics(workload, (*cpu, *memory), notes);
    let key = process.key("autoscale.behavior");
    let gently = "scale-down-gently: a dip in the traffic must not end warm pods";
    let directions = [
        ("scaleUp", "scale_up", &behavior.up, "asked for"),
        (
            "scaleDown",
            "scale_down",
            &behavior.down,
            if app.provenance.sets(&key.below("scale_down")) { "asked for" } else { gently },
        ),
    ];
    for (field, name, scaling, reason) in directions {
        let (path, key) = (Path::new("spec.behavior").key(field), key.child(name));
        if scaling.as_ref().is_some_and(|scaling| scaling.tolerance.is_some()) {
            let because = vec![key.below("tolerance"), Key::new("k8s.version")];
            notes.add(path.clone().key("tolerance"), "asked for; Kubernetes has it from 1.35 on", because);
        }
        notes.add(path, reason, vec![key]);
    }
}

fn note_metrics(workload: &Workload<'_>, (cpu, memory): (Option<u32>, Option<u32>), notes: &mut Notes) {
    let (app, process) = (workload.app, workload.process);
    let Demand { cpu_request, cpu_limit: _, memory_request, memory_limit: _ } = workload.demand();
    let threshold = |percent: u32, of: u64| of * u64::from(percent) / 100;
    let cpu = cpu.map(|percent| {
        let milli = threshold(percent, cpu_request.0);
        let reason = format!("{percent}% of what a container requests is {milli}m; on average over the replicas");
        // Memory takes the place of the default.
        let unset = !app.sets(process, "autoscale.cpu");
        let because = if unset { &["autoscale.cpu", "autoscale.memory"][..] } else { &["autoscale.cpu"] };
        (reason, process.keys(because))
    });
    let memory = memory.map(|percent| {
        let mebi = threshold(percent, memory_request.0) >> 20;
        let reason = format!("{percent}% of what a container requests is {mebi}Mi; on average over the replicas");
        (reason, process.keys(&["autoscale.memory"]))
    });
    for (i, (reason, because)) in [cpu, memory].into_iter().flatten().enumerate() {
        let metric = Path::new("spec.metrics").index(i);
        let container = metric.clone().key("containerResource").key("container");
        notes.add(metric, reason, because);
        notes.add(container, "the app's name; sidecars do not count", keys(&["name"]));
    }
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
    let span = workload.app.provenance.key(&key.below("tolerance"));
    problems.push(
        Problem::new(Code::TooNewForCluster, "`tolerance` needs Kubernetes 1.35; it is not emitted")
            .at(span, "newer than `[k8s] version`")
            .help("set `[k8s] version = \"1.35\"` or later, or drop it"),
    );
    None
}
