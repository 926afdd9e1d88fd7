//! Names: of objects, of containers, and of the identity that pods run under.

use super::pods::{name, of_kind, pods, together};
use crate::targets::check::{At, Found, Rule, Weight, twice};

/// What holds for kinds that are not Kubernetes' own, too.
pub const OF_ALL: &[Rule] = &[
    Rule {
        name: "an object has a name of its own",
        source: "Kubernetes API, ObjectMeta.name",
        weight: Weight::Invalid,
        find: nameless,
    },
    Rule {
        name: "no two objects of a kind have one name",
        source: "Kubernetes documentation, Object Names and IDs",
        weight: Weight::Invalid,
        find: objects,
    },
    Rule {
        name: "names and labels are written as a cluster takes them",
        source: "Kubernetes, ValidateObjectMeta",
        weight: Weight::Invalid,
        find: super::forms::metadata,
    },
];

pub const RULES: &[Rule] = &[
    Rule {
        name: "a workload runs at least one container, each from an image",
        source: "Kubernetes API, PodSpec",
        weight: Weight::Invalid,
        find: images,
    },
    Rule {
        name: "no two containers of a pod have one name",
        source: "Kubernetes API, PodSpec",
        weight: Weight::Invalid,
        find: containers,
    },
    Rule {
        name: "the ServiceAccount that bears a workload's name is in the output",
        source: "kube-linter, non-existent-service-account",
        weight: Weight::Invalid,
        find: accounts,
    },
    Rule {
        name: "the Role that bears the name of its binding is in the output",
        source: "Kubernetes documentation, Using RBAC Authorization: a binding of nothing gives nothing",
        weight: Weight::Invalid,
        find: roles,
    },
];

/// A generated name is another one at every apply.
fn nameless(objects: &[At<'_>], found: &mut Found) {
    for object in objects {
        let (name, generated) = (object.at("metadata.name"), object.at("metadata.generateName"));
        if !name.is_set() {
            found.add(&name, "`metadata.name` is missing");
        } else if generated.is_set() {
            found.add(&generated, "`metadata.generateName` has no meaning beside `metadata.name`");
        }
    }
}

fn objects(objects: &[At<'_>], found: &mut Found) {
    let named = objects.iter().map(|object| {
        let namespace = object.at("metadata.namespace").text();
        let group = object.key("apiVersion").text().and_then(|version| version.split_once('/')).map(|(group, _)| group);
        ((object.key("kind").text(), group, namespace, name(object)), object.at("metadata.name"))
    });
    for ((kind, _, _, name), at) in twice(named) {
        found.add(&at, format!("there is another {} `{name}`", kind.unwrap_or_default()));
    }
}

fn images(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        if pod.main().next().is_none() {
            found.add(&pod.spec.key("containers"), "the pods have no container");
        }
        for container in pod.containers() {
            let image = container.key("image");
            if image.text().is_none_or(str::is_empty) {
                found.add(&image, format!("container `{}` has no image", container.name()));
            }
        }
    }
}

fn containers(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        for (name, at) in twice(pod.containers().into_iter().map(|container| (container.name(), container))) {
            found.add(&at, format!("there is another container `{name}`"));
        }
    }
}

/// Another account may live in the cluster already; one with the workload's name is what we render.
fn accounts(objects: &[At<'_>], found: &mut Found) {
    for pod in pods(objects) {
        let at = pod.spec.key("serviceAccountName");
        // A Job's own name may have the hash of its content in it.
        let instance = pod.template.key("metadata").key("labels").key("app.kubernetes.io/instance");
        let Some(account) = at.text().filter(|account| instance.text() == Some(account)) else { continue };
        let is_it = |object: &&At<'_>| name(object) == account && together(object, &pod.object);
        if !of_kind(objects, "ServiceAccount").any(|object| is_it(&object)) {
            found.add(&at, format!("there is no ServiceAccount `{account}`"));
        }
    }
}

/// Another Role may live in the cluster already.
fn roles(objects: &[At<'_>], found: &mut Found) {
    for binding in of_kind(objects, "RoleBinding") {
        let role = binding.at("roleRef.name");
        let is_own = binding.at("roleRef.kind").text() == Some("Role") && role.text() == Some(name(binding));
        let is_it = |object: &At<'_>| name(object) == name(binding) && together(object, binding);
        if is_own && !of_kind(objects, "Role").any(is_it) {
            found.add(&role, format!("there is no Role `{}`", name(binding)));
        }
    }
}
