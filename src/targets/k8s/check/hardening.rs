//! Protection beyond what Pod Security asks for.

use super::pods::{Pods, of_kind, pods};
use crate::{
    app::{Image, PINNED},
    targets::check::{At, Found, Rule, Weight},
};

pub const RULES: &[Rule] = &[
    Rule {
        name: "the root file system is read-only",
        source: "kube-score, kube-linter no-read-only-root-fs, Trivy KSV-0014",
        weight: Weight::Unhardened,
        find: read_only,
    },
    Rule {
        name: "no pod gets a token of the API unasked",
        source: "Checkov CKV_K8S_38",
        weight: Weight::Unhardened,
        find: token,
    },
    Rule {
        name: "a network policy closes both directions",
        source: "kube-score pod-networkpolicy",
        weight: Weight::Unhardened,
        find: directions,
    },
    Rule {
        name: "a network policy lets nobody in without saying whom",
        source: "Kubernetes API, NetworkPolicyIngressRule: without `from` it is everybody",
        weight: Weight::Unhardened,
        find: everybody,
    },
    Rule {
        name: "a container's image is named for good",
        source: "as the profile's own; kube-score, kube-linter latest-tag",
        weight: Weight::Unhardened,
        find: floating,
    },
    Rule {
        name: "an image is named by a reference",
        source: "kubelet: InvalidImageName",
        weight: Weight::Invalid,
        find: reference,
    },
    Rule {
        name: "a role lists what it gives",
        source: "Checkov CKV_K8S_49",
        weight: Weight::Unhardened,
        find: wildcards,
    },
    Rule {
        name: "who is privileged is not kept from gaining privileges",
        source: "Kubernetes, ValidateSecurityContext",
        weight: Weight::Invalid,
        find: contradiction,
    },
];

fn read_only(objects: &[At<'_>], found: &mut Found) {
    for container in pods(objects).iter().flat_map(Pods::containers) {
        let at = container.at("securityContext.readOnlyRootFilesystem");
        if !at.is(true) {
            found.add(&at, format!("container `{}` can write to its root file system", container.name()));
        }
    }
}

/// Unset means yes.
fn token(objects: &[At<'_>], found: &mut Found) {
    for pods in pods(objects) {
        let at = pods.spec.key("automountServiceAccountToken");
        let help = Some("`[security] kube_api = true` asks for it".into());
        if !at.is_set() {
            found.add(&at, "`automountServiceAccountToken` is not set: every container gets a token of the API");
        } else if at.is(true) {
            found.add_with(&at, "every container gets a token of the API", help);
        }
    }
}

fn directions(objects: &[At<'_>], found: &mut Found) {
    for policy in of_kind(objects, "NetworkPolicy") {
        let types = policy.at("spec.policyTypes");
        for direction in ["Ingress", "Egress"].into_iter().filter(|direction| !types.holds(direction)) {
            found.add(&types, format!("the policy does not close {direction}"));
        }
    }
}

fn everybody(objects: &[At<'_>], found: &mut Found) {
    for rule in of_kind(objects, "NetworkPolicy").flat_map(|policy| policy.at("spec.ingress").items()) {
        let from = rule.key("from");
        if from.items().next().is_none() {
            found.add(&from, "everybody may come in");
        }
    }
}

/// The images of all containers, each with the name of its own.
fn images<'a>(objects: &[At<'a>]) -> Vec<(String, &'a str, At<'a>)> {
    let containers = pods(objects).iter().flat_map(Pods::containers).collect::<Vec<_>>();
    let image = |at: At<'a>| Some((at.name().into_owned(), at.key("image").text()?, at.key("image")));
    containers.into_iter().filter_map(image).collect()
}

fn floating(objects: &[At<'_>], found: &mut Found) {
    for (name, image, at) in images(objects) {
        if let Some(why) = Image::parse(image).and_then(|image| image.floats()) {
            let message = format!("`{image}` of container `{name}` does not name one image: {why}");
            found.add_with(&at, message, Some(PINNED.into()));
        }
    }
}

fn reference(objects: &[At<'_>], found: &mut Found) {
    for (name, image, at) in images(objects) {
        if Image::parse(image).is_none() {
            found.add(&at, format!("the image of container `{name}`, `{image}`, is not an image reference"));
        }
    }
}

fn wildcards(objects: &[At<'_>], found: &mut Found) {
    for rule in of_kind(objects, "Role").flat_map(|role| role.key("rules").items()) {
        for list in ["apiGroups", "resources", "verbs"].map(|key| rule.key(key)) {
            for item in list.items().filter(|item| item.text().is_some_and(|text| text.contains('*'))) {
                found.add(&item, format!("`{}` gives everything", list.path));
            }
        }
    }
}

/// The API server refuses what contradicts itself, so that it takes two keys to give up the protection.
fn contradiction(objects: &[At<'_>], found: &mut Found) {
    for container in pods(objects).iter().flat_map(Pods::containers) {
        let context = container.key("securityContext");
        let escalation = context.key("allowPrivilegeEscalation");
        let is_admin =
            context.at("capabilities.add").holds("SYS_ADMIN") || context.at("capabilities.add").holds("CAP_SYS_ADMIN");
        if escalation.is(false) && (context.key("privileged").is(true) || is_admin) {
            let name = container.name();
            found
                .add(&escalation, format!("container `{name}` is privileged, and `allowPrivilegeEscalation` is false"));
        }
    }
}
