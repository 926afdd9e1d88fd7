//! The workloads among the objects, and their pods.

use std::borrow::Cow;

use crate::targets::check::At;

/// Where the pod template of a kind stands.
const TEMPLATES: &[(&str, &str)] = &[
    ("CronJob", "spec.jobTemplate.spec.template"),
    ("DaemonSet", "spec.template"),
    ("Deployment", "spec.template"),
    ("Job", "spec.template"),
    // Is one itself.
    ("Pod", ""),
    ("StatefulSet", "spec.template"),
];

/// A workload and the pods that it makes.
pub struct Pods<'a> {
    pub object: At<'a>,
    pub template: At<'a>,
    pub spec: At<'a>,
}

pub fn pods<'a>(objects: &[At<'a>]) -> Vec<Pods<'a>> {
    let pods = objects.iter().filter_map(|object| {
        let kind = object.key("kind").text();
        let (_, path) = TEMPLATES.iter().find(|(name, _)| kind == Some(name))?;
        let template = if path.is_empty() { object.clone() } else { object.at(path) };
        Some(Pods { object: object.clone(), spec: template.key("spec"), template })
    });
    pods.collect()
}

/// The objects of a kind.
pub fn of_kind<'a, 'o>(objects: &'o [At<'a>], kind: &'o str) -> impl Iterator<Item = &'o At<'a>> {
    objects.iter().filter(move |object| object.key("kind").text() == Some(kind))
}

/// The name in the metadata of an object.
pub fn name<'a>(object: &At<'a>) -> &'a str {
    object.at("metadata.name").text().unwrap_or_default()
}

/// Whether two objects live together; who says nothing lives where everything is applied.
pub fn together(a: &At<'_>, b: &At<'_>) -> bool {
    a.at("metadata.namespace").text() == b.at("metadata.namespace").text()
}

impl<'a> Pods<'a> {
    /// All containers, those that run first before the others.
    pub fn containers(&self) -> Vec<At<'a>> {
        self.spec.key("initContainers").items().chain(self.main()).collect()
    }

    /// The containers that run as long as the pod: sidecars (init containers that are restarted) too.
    pub fn running(&self) -> Vec<At<'a>> {
        let sidecar = |at: &At<'a>| at.key("restartPolicy").text() == Some("Always");
        self.spec.key("initContainers").items().filter(sidecar).chain(self.main()).collect()
    }

    /// The volumes that it declares, and the claims that a StatefulSet makes for each pod: both have a name.
    pub fn volumes(&self) -> Vec<(Cow<'a, str>, At<'a>)> {
        let declared = self.spec.key("volumes").items().map(|volume| (volume.name(), volume));
        let claims = self.object.at("spec.volumeClaimTemplates").items();
        declared.chain(claims.map(|claim| (claim.key("metadata").name(), claim))).collect()
    }

    pub fn main(&self) -> impl Iterator<Item = At<'a>> + use<'a> {
        self.spec.key("containers").items()
    }

    /// Whether a running container declares a port, by name or number.
    pub fn has_port(&self, port: &At<'_>) -> bool {
        self.running().iter().any(|container| declares(container, port))
    }

    /// Whether a selector of labels, in its short or its long form, finds these pods.
    pub fn selected_by(&self, selector: &At<'_>) -> bool {
        let labels = self.template.at("metadata.labels");
        let label = |key: &str| labels.key(key).text();
        let expressions = selector.key("matchExpressions").items().all(|one| {
            let value = one.key("key").text().and_then(label);
            let among = value.is_some_and(|value| one.key("values").holds(value));
            match one.key("operator").text().unwrap_or_default() {
                "In" => among,
                "NotIn" => !among,
                "Exists" => value.is_some(),
                "DoesNotExist" => value.is_none(),
                _ => false,
            }
        });
        let is_long = selector.key("matchLabels").is_set() || selector.key("matchExpressions").is_set();
        let wanted = if is_long { selector.key("matchLabels") } else { selector.clone() };
        expressions && wanted.entries().all(|(key, value)| value.text().is_some() && value.text() == label(key))
    }
}

/// Whether a container declares a port, by name or number.
pub fn declares(container: &At<'_>, port: &At<'_>) -> bool {
    container.key("ports").items().any(|declared| match port.text() {
        Some(name) => declared.key("name").text() == Some(name),
        None => declared.key("containerPort").number() == port.number(),
    })
}
