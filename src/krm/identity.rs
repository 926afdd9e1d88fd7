//! What makes two texts one object, and whose an object is.

use crate::tree::{Node, Spot};

/// Says which profile an object is of. The same in every run: no hash, no version.
pub const OWNER: &str = "render.dev/profile";
/// Where a new object belongs (Configuration Functions Specification, "internal.config.kubernetes.io/path").
pub const PATH: &str = "internal.config.kubernetes.io/path";
pub const INDEX: &str = "internal.config.kubernetes.io/index";

/// Annotations by which whoever runs functions finds an item again.
const ORCHESTRATORS: [&str; 4] =
    ["internal.config.kubernetes.io/", "config.kubernetes.io/", "config.k8s.io/", "kustomize.config.k8s.io/"];

/// Group, kind, namespace and name: an object stays itself under another version of its API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub group: String,
    pub kind: String,
    pub namespace: Option<String>,
    pub name: String,
}

impl Identity {
    fn new(api: &str, kind: &str, namespace: Option<&str>, name: &str) -> Self {
        let group = api.rsplit_once('/').map_or("", |(group, _)| group);
        let namespace = namespace.filter(|namespace| !namespace.is_empty()).map(str::to_owned);
        Identity { group: group.to_owned(), kind: kind.to_owned(), namespace, name: name.to_owned() }
    }

    /// Of an item that came in; nothing of one without a name.
    pub fn of(item: &Spot) -> Option<Self> {
        let word = |key| item.get(key).and_then(Spot::as_text);
        let name = metadata(item, "name")?;
        Some(Identity::new(word("apiVersion")?, word("kind")?, metadata(item, "namespace"), name))
    }

    /// Of a rendered object.
    pub fn rendered(root: &Node) -> Self {
        let word = |key| root.get(key).and_then(Node::as_text).unwrap_or_default();
        let metadata = |key| root.get("metadata").and_then(|metadata| metadata.get(key)).and_then(Node::as_text);
        Identity::new(word("apiVersion"), word("kind"), metadata("namespace"), metadata("name").unwrap_or_default())
    }

    /// The same but for a namespace that one of the two has not: another function gave it one.
    pub fn may_be(&self, other: &Identity) -> bool {
        let namespaces = self.namespace.is_none() || other.namespace.is_none() || self.namespace == other.namespace;
        namespaces && self.group == other.group && self.kind == other.kind && self.name == other.name
    }
}

impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Identity { group: _, kind, namespace, name } = self;
        match namespace {
            Some(namespace) => write!(f, "{kind} {namespace}/{name}"),
            None => write!(f, "{kind} {name}"),
        }
    }
}

/// A text of an item's metadata.
pub fn metadata<'a>(item: &'a Spot, key: &str) -> Option<&'a str> {
    item.get("metadata")?.get(key)?.as_text()
}

pub fn annotation<'a>(item: &'a Spot, key: &str) -> Option<&'a str> {
    item.get("metadata")?.get("annotations")?.get(key)?.as_text()
}

/// The annotations of an item that are its orchestrator's.
pub fn kept(item: &Spot) -> impl Iterator<Item = (&str, &str)> {
    let annotations = item.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let entries = annotations.map_or(&[][..], Spot::entries).iter();
    let texts = entries.filter_map(|(key, value)| Some((key.as_text()?, value.as_text()?)));
    texts.filter(|(key, _)| ORCHESTRATORS.iter().any(|prefix| key.starts_with(prefix)))
}

/// Gives a rendered object annotations.
pub fn annotate<'a>(root: &mut Node, annotations: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let Some(metadata) = root.get_mut("metadata") else { return };
    if metadata.get("annotations").is_none() {
        metadata.set("annotations", Node::map());
    }
    let Some(own) = metadata.get_mut("annotations") else { return };
    for (key, value) in annotations {
        own.set(key.to_owned(), Node::text(value));
    }
}
