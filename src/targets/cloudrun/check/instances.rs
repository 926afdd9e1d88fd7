//! What an instance may be like, how many there are, and who may come in.

use super::{annotation, containers, instance, is_knative};
use crate::targets::check::{At, Found, Rule, Weight, form::quantity};

pub const RULES: &[Rule] = &[
    Rule {
        name: "there are not fewer instances at most than at least",
        source: "Knative Serving, validateMinMaxScale",
        weight: Weight::Invalid,
        find: bounds,
    },
    Rule {
        name: "CPU is one of the steps of Cloud Run, with memory that goes with it",
        source: "Cloud Run documentation, Configure CPU limits for services",
        weight: Weight::Invalid,
        find: sizes,
    },
    Rule {
        name: "the containers of an instance have no more CPU and memory than there is, and are 10 at most",
        source: "Cloud Run documentation, Configure CPU limits for services, and Deploying a service with sidecar containers",
        weight: Weight::Invalid,
        find: sums,
    },
    Rule {
        name: "an instance with less than a core takes one request at a time, on the first generation",
        source: "Cloud Run documentation, Configure CPU limits for services",
        weight: Weight::Invalid,
        find: parts_of_a_core,
    },
    Rule {
        name: "Cloud Run waits for a start no longer than it does, and asks in its ways whether an instance lives",
        source: "Cloud Run documentation, Configure container health checks for services",
        weight: Weight::Invalid,
        find: probes,
    },
    Rule {
        name: "only whom IAM lets may call a service",
        source: "Cloud Run documentation, Allowing public access",
        weight: Weight::Unhardened,
        find: public,
    },
    Rule {
        name: "a container in a cluster has no more rights than Pod Security `restricted` leaves it",
        source: "Kubernetes documentation, Pod Security Standards",
        weight: Weight::Unhardened,
        find: restricted,
    },
];

/// Annotations are texts, whatever they count.
fn count(at: &At<'_>) -> Option<u32> {
    at.text()?.parse().ok()
}

fn bounds(objects: &[At<'_>], found: &mut Found) {
    for object in objects {
        for [least, most] in [["minScale", "maxScale"], ["min-scale", "max-scale"]] {
            let [least, most] =
                [least, most].map(|name| annotation(object, &format!("autoscaling.knative.dev/{name}")));
            for bound in [&least, &most].into_iter().filter(|at| at.is_set() && count(at).is_none()) {
                found.add(bound, format!("`{}` is no number of instances", bound.scalar().unwrap_or_default()));
            }
            if let (Some(min), Some(max)) = (count(&least), count(&most))
                && max != 0
                && max < min
            {
                found.add(&most, format!("at most {max} instances, where there are at least {min}"));
            }
        }
    }
}

const GI: f64 = 1_073_741_824.0;

/// Cores, with the least and the most memory that go with them.
const STEPS: &[(f64, f64, f64)] = &[
    (1.0, 0.5 * GI, 4.0 * GI),
    (2.0, 0.5 * GI, 8.0 * GI),
    (4.0, 2.0 * GI, 16.0 * GI),
    (6.0, 4.0 * GI, 24.0 * GI),
    (8.0, 4.0 * GI, 32.0 * GI),
];

/// A container of Cloud Run's, and what it is limited to.
struct Limited<'a> {
    limits: At<'a>,
    cpu: f64,
    memory: f64,
}

/// The instances of Cloud Run, each with its containers; one that does not say its limits has Cloud Run's.
fn managed<'a>(objects: &[At<'a>]) -> Vec<(At<'a>, Vec<Limited<'a>>)> {
    let managed = objects.iter().filter(|object| !is_knative(object)).cloned();
    let limited = |container: At<'a>| {
        let limits = container.at("resources.limits");
        let limit = |name: &str| quantity(&limits.key(name).scalar()?);
        let (cpu, memory) = (limit("cpu").unwrap_or(1.0), limit("memory").unwrap_or(0.5 * GI));
        Limited { limits, cpu, memory }
    };
    managed.map(|object| (object.clone(), instance(&object).key("containers").items().map(limited).collect())).collect()
}

fn sizes(objects: &[At<'_>], found: &mut Found) {
    for Limited { limits, cpu, memory } in managed(objects).into_iter().flat_map(|(_, containers)| containers) {
        let (least, most) = match STEPS.iter().find(|(step, ..)| *step == cpu) {
            Some((_, least, most)) => (*least, *most),
            None if (0.08..0.5).contains(&cpu) => (0.125 * GI, 0.5 * GI),
            None if (0.5..1.0).contains(&cpu) => (0.125 * GI, GI),
            None => {
                let help = "there are 1, 2, 4, 6 and 8 cores, and parts of one from 80m on";
                let shown = limits.key("cpu").scalar().unwrap_or_default().into_owned();
                found.add_with(
                    &limits.key("cpu"),
                    format!("Cloud Run has no instances of {shown} CPU"),
                    Some(help.into()),
                );
                continue;
            }
        };
        if !(least..=most).contains(&memory) {
            let shown = limits.key("memory").scalar().unwrap_or_default().into_owned();
            let help = format!("from {}Mi to {}Mi do", least * 1024.0 / GI, most * 1024.0 / GI);
            found.add_with(&limits.key("memory"), format!("{shown} of memory do not go with {cpu} CPU"), Some(help));
        }
    }
}

fn sums(objects: &[At<'_>], found: &mut Found) {
    for (object, containers) in managed(objects) {
        let at = instance(&object).key("containers");
        let cpu: f64 = containers.iter().map(|one| one.cpu).sum();
        let memory: f64 = containers.iter().map(|one| one.memory).sum();
        if containers.len() > 10 {
            found.add(&at, format!("there are {} containers, and an instance has 10 at most", containers.len()));
        }
        // One alone is told already.
        if containers.len() > 1 && (cpu > 8.0 || memory > 32.0 * GI) {
            let memory = memory / GI;
            found.add(&at, format!("{cpu} CPU and {memory}Gi in all, and an instance has 8 and 32Gi at most"));
        }
    }
}

fn parts_of_a_core(objects: &[At<'_>], found: &mut Found) {
    for (object, containers) in managed(objects) {
        let cpu: f64 = containers.iter().map(|one| one.cpu).sum();
        let Some(first) = containers.first().filter(|_| cpu < 1.0) else { continue };
        let generation = annotation(&object, "run.googleapis.com/execution-environment");
        let concurrency = object.at("spec.template.spec.containerConcurrency");
        let serves = object.key("kind").text() == Some("Service");
        if generation.text() == Some("gen2") {
            found.add(&generation, "the second generation has no parts of a core");
        }
        if serves && concurrency.number() != Some(1) {
            found.add(&concurrency, "an instance with less than a core takes one request at a time");
        }
        match object.key("kind").text() {
            Some("WorkerPool") => found.add(&first.limits.key("cpu"), "a worker pool has a core at least"),
            Some("Job") => found.add(&first.limits.key("cpu"), "a job has a core at least"),
            _ => {}
        }
    }
}

fn probes(objects: &[At<'_>], found: &mut Found) {
    let managed: Vec<At<'_>> = objects.iter().filter(|object| !is_knative(object)).cloned().collect();
    for container in containers(&managed) {
        let startup = container.key("startupProbe");
        let number = |name: &str, default| startup.key(name).number().unwrap_or(default);
        let longest = number("periodSeconds", 10).saturating_mul(number("failureThreshold", 3));
        if startup.is_set() && longest > 240 {
            found.add(&startup, format!("a start may take {longest}s, and Cloud Run waits for 240s"));
        }
        for (name, ways) in [
            ("startupProbe", &["exec"][..]),
            ("livenessProbe", &["exec", "tcpSocket"]),
            ("readinessProbe", &["exec", "tcpSocket"]),
        ] {
            let probe = container.key(name);
            for way in ways.iter().map(|way| probe.key(way)).filter(At::is_set) {
                found.add(&way, format!("Cloud Run does not ask in this way: `{}`", way.path));
            }
            let (timeout, period) = (probe.key("timeoutSeconds"), probe.key("periodSeconds"));
            if timeout.number().unwrap_or(1) > period.number().unwrap_or(10) {
                found.add(&timeout, "an answer may take longer than the time between two probes");
            }
        }
    }
}

fn public(objects: &[At<'_>], found: &mut Found) {
    for object in objects {
        let at = object.at("metadata.annotations").key("run.googleapis.com/invoker-iam-disabled");
        if at.text() == Some("true") {
            found.add(&at, "everybody may call the service");
        }
    }
}

fn restricted(objects: &[At<'_>], found: &mut Found) {
    let knative: Vec<At<'_>> = objects.iter().filter(|object| is_knative(object)).cloned().collect();
    for container in containers(&knative) {
        let context = container.key("securityContext");
        let mut must = |good: bool, at: &At<'_>, what: &str| {
            if !good {
                found.add(at, format!("container `{}` {what}", container.name()));
            }
        };
        let key = |name: &str| context.key(name);
        must(key("allowPrivilegeEscalation").is(false), &key("allowPrivilegeEscalation"), "may gain privileges");
        must(key("runAsNonRoot").is(true), &key("runAsNonRoot"), "is not kept from running as root");
        must(key("runAsUser").number() != Some(0), &key("runAsUser"), "runs as root");
        let dropped = context.at("capabilities.drop");
        must(dropped.holds("ALL"), &dropped, "does not drop ALL capabilities");
        let seccomp = context.at("seccompProfile.type");
        let filtered = matches!(seccomp.text(), Some("RuntimeDefault" | "Localhost"));
        must(filtered, &seccomp, "is not filtered by seccomp");
    }
}
