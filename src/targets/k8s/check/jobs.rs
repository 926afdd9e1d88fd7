//! What is special about workloads that end.

use super::pods::{name, of_kind, pods};
use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[
    Rule {
        name: "what ends is not started again, and what does not end always is",
        source: "Kubernetes, ValidateJobSpec and ValidatePodTemplateSpecForReplicaSet",
        weight: Weight::Invalid,
        find: restarted,
    },
    Rule {
        name: "the name of a CronJob leaves room for the times of its runs",
        source: "Kubernetes, ValidateCronJobCreate",
        weight: Weight::Invalid,
        find: long,
    },
    Rule {
        name: "what ends has to end at some time",
        source: "Polaris and Kubescape, deadlines of Jobs",
        weight: Weight::Unhardened,
        find: endless,
    },
    Rule {
        name: "failures are told apart where each is a pod's",
        source: "Kubernetes, ValidateJobSpec: podFailurePolicy needs Never, and the replacement of pods that have failed",
        weight: Weight::Invalid,
        find: told_apart,
    },
    Rule {
        name: "a Job leaves its pods to their Job",
        source: "Kubernetes, ValidateJobSpec: a selector of its own could match the pods of others",
        weight: Weight::Invalid,
        find: selecting,
    },
];

const LONGEST_CRON_JOB: usize = 52;

fn ends(object: &At<'_>) -> bool {
    matches!(object.key("kind").text(), Some("Job" | "CronJob"))
}

fn restarted(objects: &[At<'_>], found: &mut Found) {
    for pods in pods(objects) {
        let at = pods.spec.key("restartPolicy");
        let kind = pods.object.key("kind").text().unwrap_or_default();
        match (ends(&pods.object), at.text()) {
            (true, Some("Never" | "OnFailure")) | (false, None | Some("Always")) => {}
            (true, _) => found.add(&at, format!("the pods of a {kind} are restarted `Never`, or `OnFailure`")),
            (false, _) => found.add(&at, format!("the pods of a {kind} are restarted `Always`")),
        }
    }
}

fn long(objects: &[At<'_>], found: &mut Found) {
    for object in of_kind(objects, "CronJob").filter(|object| name(object).len() > LONGEST_CRON_JOB) {
        let at = object.at("metadata.name");
        found.add(&at, format!("`{}` has more than {LONGEST_CRON_JOB} characters", name(object)));
    }
}

/// The spec of a Job, or of those that a CronJob makes.
fn spec<'a>(object: &At<'a>) -> At<'a> {
    let of_cron = object.at("spec.jobTemplate.spec");
    if of_cron.is_set() { of_cron } else { object.key("spec") }
}

fn endless(objects: &[At<'_>], found: &mut Found) {
    for object in objects.iter().filter(|object| ends(object)) {
        let at = spec(object).key("activeDeadlineSeconds");
        if !at.is_set() {
            found.add(&at, "`activeDeadlineSeconds` is not set: what hangs is never ended");
        }
    }
}

fn told_apart(objects: &[At<'_>], found: &mut Found) {
    for object in objects.iter().filter(|object| ends(object) && spec(object).key("podFailurePolicy").is_set()) {
        let spec = spec(object);
        let help = || Some("remove `podFailurePolicy` in the same patch".to_owned());
        let restart = spec.at("template.spec.restartPolicy");
        if restart.text() == Some("OnFailure") {
            found.add_with(
                &restart,
                "`podFailurePolicy` tells failures apart, which are none of a restarted pod",
                help(),
            );
        }
        let replacement = spec.key("podReplacementPolicy");
        if replacement.text() == Some("TerminatingOrFailed") {
            found.add_with(&replacement, "`podFailurePolicy` waits until a pod has failed", help());
        }
    }
}

fn selecting(objects: &[At<'_>], found: &mut Found) {
    for object in objects.iter().filter(|object| ends(object)) {
        let spec = spec(object);
        for at in ["selector", "manualSelector"].map(|key| spec.key(key)).iter().filter(|at| at.is_set()) {
            found.add(at, "a selector of its own could take the pods of others for its own");
        }
    }
}
