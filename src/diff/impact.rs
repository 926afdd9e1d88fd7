//! What applying changes does to what runs.

use serde_json::Value;

use super::{Document, Form, quantity::nano};
use crate::report::{Change, Impact, Kind};

/// What a change does at places of objects of some kinds.
struct Rule {
    /// `Deployment apps`: kinds with the group of their API, which is nothing for the core's.
    kinds: &'static [(&'static str, &'static str)],
    impact: Impact,
    /// Beginnings of paths.
    under: &'static [&'static str],
}

const APPS: &[(&str, &str)] =
    &[("Deployment", "apps"), ("StatefulSet", "apps"), ("DaemonSet", "apps"), ("ReplicaSet", "apps")];

/// The first that fits holds. Immutable fields: Kubernetes 1.33, `pkg/apis/*/validation`.
const RULES: &[Rule] = &[
    Rule { kinds: APPS, impact: Impact::Recreate, under: &["/spec/selector"] },
    Rule {
        kinds: &[("StatefulSet", "apps")],
        impact: Impact::Recreate,
        under: &["/spec/volumeClaimTemplates", "/spec/serviceName", "/spec/podManagementPolicy"],
    },
    Rule { kinds: APPS, impact: Impact::Rollout, under: &["/spec/template"] },
    Rule {
        kinds: &[("Job", "batch")],
        impact: Impact::Recreate,
        under: &[
            "/spec/template",
            "/spec/selector",
            "/spec/completionMode",
            "/spec/completions",
            "/spec/podFailurePolicy",
            "/spec/backoffLimitPerIndex",
            "/spec/managedBy",
        ],
    },
    Rule {
        kinds: &[("Service", "")],
        impact: Impact::Recreate,
        under: &["/spec/clusterIP", "/spec/clusterIPs", "/spec/ipFamilies/0"],
    },
    Rule {
        kinds: &[("PersistentVolumeClaim", "")],
        impact: Impact::InPlace,
        under: &["/spec/resources", "/spec/volumeAttributesClassName"],
    },
    Rule { kinds: &[("PersistentVolumeClaim", "")], impact: Impact::Recreate, under: &["/spec"] },
    Rule {
        kinds: &[("RoleBinding", RBAC), ("ClusterRoleBinding", RBAC)],
        impact: Impact::Recreate,
        under: &["/roleRef"],
    },
    Rule {
        kinds: &[("StorageClass", "storage.k8s.io")],
        impact: Impact::Recreate,
        under: &["/parameters", "/provisioner", "/reclaimPolicy", "/volumeBindingMode"],
    },
    // Knative's, and Cloud Run's: a new revision.
    Rule { kinds: KNATIVE, impact: Impact::Rollout, under: &["/spec/template"] },
    Rule { kinds: KNATIVE, impact: Impact::InPlace, under: &["/metadata/annotations"] },
    Rule {
        kinds: &[("Cluster", "postgresql.cnpg.io")],
        impact: Impact::Rollout,
        under: &["/spec/imageName", "/spec/resources", "/spec/postgresql", "/spec/affinity", "/spec/env"],
    },
    Rule { kinds: &[("Kustomization", "kustomize.config.k8s.io")], impact: Impact::None, under: &[""] },
    Rule { kinds: &[], impact: Impact::Recreate, under: &["/metadata/name"] },
    Rule { kinds: &[], impact: Impact::Metadata, under: &["/metadata"] },
];

const RBAC: &str = "rbac.authorization.k8s.io";
const KNATIVE: &[(&str, &str)] = &[
    ("Service", "serving.knative.dev"),
    ("Configuration", "serving.knative.dev"),
    ("WorkerPool", "run.googleapis.com"),
];

/// What applying the changes of a document does, by the worst of them.
pub fn impact(of: &Document, changes: &[Change]) -> Impact {
    let is_sealed = is_sealed(of, changes);
    let each = |change: &Change| match of.form {
        Form::Object | Form::Compose | Form::Data if change.path.is_empty() && change.change == Kind::Add => {
            Impact::Create
        }
        Form::Object if is_sealed && is_of_sealed(change) => Impact::Recreate,
        Form::Object => object(of, change),
        Form::Compose => compose(change, is_base(&of.file)),
        Form::Data if of.file.ends_with("kustomization.yaml") => Impact::None, // a list of files
        Form::Data => Impact::InPlace,
        // Examples and the like: nothing runs of them.
        Form::Text => Impact::None,
    };
    changes.iter().map(each).max().unwrap_or(Impact::None)
}

fn object(of: &Document, change: &Change) -> Impact {
    if change.path.is_empty() && change.change == Kind::Remove {
        return Impact::Delete;
    }
    if change.path == "/metadata/namespace" && change.change == Kind::Replace {
        return Impact::Recreate;
    }
    if of.identity.kind == "PersistentVolumeClaim" && shrinks(change) {
        return Impact::Recreate;
    }
    let group = group(&of.identity.api_version);
    let fits = |rule: &&Rule| {
        (rule.kinds.is_empty() || rule.kinds.contains(&(&of.identity.kind, group)))
            && rule.under.iter().any(|under| is_under(&change.path, under))
    };
    RULES.iter().find(fits).map_or(Impact::InPlace, |rule| rule.impact)
}

/// A claim can grow, and never shrink (Kubernetes API, `PersistentVolumeClaimSpec`, "resources").
fn shrinks(change: &Change) -> bool {
    let size = |value: &Option<Value>| match value.as_ref()? {
        Value::String(text) => nano(text),
        value => nano(&value.to_string()),
    };
    let sizes = size(&change.old_value).zip(size(&change.new_value));
    change.path == "/spec/resources/requests/storage" && sizes.is_some_and(|(old, new)| new < old)
}

/// Whether an object was immutable before, which it stays (Kubernetes API, `ConfigMap` and `Secret`, "immutable").
fn is_sealed(of: &Document, changes: &[Change]) -> bool {
    let now = of.value.get("immutable");
    let before = match changes.iter().find(|change| change.path == "/immutable") {
        Some(change) => change.old_value.as_ref(),
        None => now,
    };
    matches!(of.identity.kind.as_str(), "ConfigMap" | "Secret") && before == Some(&Value::Bool(true))
}

fn is_of_sealed(change: &Change) -> bool {
    ["/data", "/binaryData", "/stringData", "/immutable"].iter().any(|under| is_under(&change.path, under))
}

/// The group of a version such as `apps/v1`.
pub fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

fn is_under(path: &str, under: &str) -> bool {
    path.strip_prefix(under).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a file says what there is; others say what is different about it.
fn is_base(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    ["docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"].contains(&name)
}

/// A container is made again where the hash of its service changes, which leaves these fields out (Docker Compose 2.40,
/// `pkg/compose/hash.go`); networks and volumes have one of their own.
fn compose(change: &Change, is_base: bool) -> Impact {
    let parts: Vec<&str> = change.path.split('/').skip(1).collect();
    match parts[..] {
        [] | ["services"] if change.change == Kind::Remove && is_base => Impact::Delete,
        [] if change.change == Kind::Remove => Impact::Rollout,
        ["services", _] if change.change == Kind::Remove && is_base => Impact::Delete,
        ["services", _] if change.change == Kind::Add && is_base => Impact::InPlace,
        ["services", _, "build" | "pull_policy" | "scale" | "depends_on" | "profiles" | "develop", ..]
        | ["services", _, "deploy", "replicas", ..] => Impact::InPlace,
        ["services", ..] | ["configs" | "secrets", _, ..] => Impact::Rollout,
        ["networks" | "volumes", _, ..] if change.change != Kind::Add => Impact::Recreate,
        ["name"] if is_base => Impact::Recreate,
        _ => Impact::InPlace,
    }
}
