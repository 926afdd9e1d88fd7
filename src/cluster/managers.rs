//! Who deploys an object.

use super::owned::Entry;

/// Those who deploy, by the names that the server keeps of them, and how they apply server-side.
const DEPLOYERS: &[(&str, &str)] = &[
    ("argocd-controller", "argocd-controller"),
    ("kustomize-controller", "kustomize-controller"),
    ("helm-controller", "helm-controller"),
    ("helm", "helm"),
    ("kubectl", "kubectl"),
    (CLIENT_SIDE, "kubectl"),
    (OURS, OURS),
];

/// `kubectl apply` as it was before server-side apply. Whoever applies server-side takes over what it owns (kubectl, Argo
/// CD and Flux all do).
const CLIENT_SIDE: &str = "kubectl-client-side-apply";

/// Where nobody has deployed it.
const OURS: &str = "render";

/// Those among them who write whole objects instead of applying them.
const WRITERS: &[&str] = &["argocd-controller", "helm", "helm-controller", "kustomize-controller", CLIENT_SIDE];

/// The name that a dry run goes by, so that the server takes away what its bearer no longer says.
pub(super) fn deployer(entries: &[Entry<'_>], named: Option<&str>) -> String {
    if let Some(name) = named {
        return name.to_owned();
    }
    let own = || entries.iter().filter(|entry| entry.subresource.is_empty());
    let by_apply = DEPLOYERS.iter().find(|(name, _)| own().any(|entry| entry.is_apply && entry.manager == *name));
    let writes = |name: &str| WRITERS.contains(&name) && own().any(|entry| entry.manager == name);
    let found = by_apply.or_else(|| DEPLOYERS.iter().find(|(name, _)| writes(name)));
    found.map_or(OURS, |(_, applies_as)| applies_as).to_owned()
}

/// Whether what an entry says is the deployer's word.
pub(super) fn is_of(entry: &Entry<'_>, deployer: &str) -> bool {
    let itself = entry.manager == deployer && (entry.is_apply || WRITERS.contains(&entry.manager));
    entry.subresource.is_empty() && (itself || entry.manager == CLIENT_SIDE)
}

/// Those who apply the object, too, and of whom we know nothing.
pub(super) fn strangers<'a>(entries: &'a [Entry<'a>], deployer: &str) -> Vec<&'a str> {
    let strange = |entry: &&Entry<'_>| {
        entry.is_apply && entry.subresource.is_empty() && entry.manager != deployer && entry.manager != OURS
    };
    entries.iter().filter(strange).map(|entry| entry.manager).collect()
}
