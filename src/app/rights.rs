//! `rules` of a service account: what a process may do with the API of the cluster that it runs in.

use super::findings::Findings;
use crate::{
    key::Key,
    problem::{Code, near::near},
    profile::AccountRule,
};

/// Some verbs on some resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// `""` is the core group.
    pub groups: Vec<String>,
    pub resources: Vec<String>,
    pub verbs: Vec<String>,
    /// Of the objects; none: all of them.
    pub names: Vec<String>,
}

/// What the API server knows (Kubernetes documentation, "Authorization", "Request Verbs").
const VERBS: &[&str] = &[
    "approve",
    "attest",
    "bind",
    "create",
    "delete",
    "deletecollection",
    "escalate",
    "get",
    "impersonate",
    "list",
    "patch",
    "sign",
    "update",
    "use",
    "watch",
];

/// Well-known resources, by their group.
const RESOURCES: &[(&str, &str)] = &[
    (
        "",
        "configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims persistentvolumes pods \
         replicationcontrollers resourcequotas secrets serviceaccounts services",
    ),
    ("apps", "controllerrevisions daemonsets deployments replicasets statefulsets"),
    ("batch", "cronjobs jobs"),
    ("autoscaling", "horizontalpodautoscalers"),
    ("coordination.k8s.io", "leases"),
    ("discovery.k8s.io", "endpointslices"),
    ("networking.k8s.io", "ingressclasses ingresses networkpolicies"),
    ("policy", "poddisruptionbudgets"),
    ("rbac.authorization.k8s.io", "clusterrolebindings clusterroles rolebindings roles"),
    ("gateway.networking.k8s.io", "gateways grpcroutes httproutes"),
];

/// Resources, the verbs on them, and why that is more than it looks.
const STRONG: &[(&str, &[&str], &str)] = &[
    ("secrets", &["get", "list", "watch"], "reads Secrets of the whole namespace, not only its own"),
    ("pods/exec", &["create", "get"], "runs commands in every pod of the namespace"),
    ("pods/attach", &["create", "get"], "joins every process of the namespace"),
    ("pods/ephemeralcontainers", &["patch", "update"], "adds containers to every pod of the namespace"),
    ("serviceaccounts/token", &["create"], "takes the rights of every account of the namespace"),
    ("roles", &["create", "patch", "update", "bind", "escalate"], "gives itself further rights"),
    ("rolebindings", &["create", "patch", "update"], "gives itself further rights"),
    ("serviceaccounts", &["impersonate"], "takes the rights of every account of the namespace"),
];

pub fn rights(wanted: Option<Vec<AccountRule>>, list: &Key, findings: &mut Findings<'_>) -> Vec<Right> {
    let wanted = wanted.unwrap_or_default().into_iter().enumerate();
    let rights = wanted.map(|(i, AccountRule { groups, resources, verbs, names })| {
        let at = list.child(i.to_string());
        let has_groups = groups.is_some();
        let groups = groups.unwrap_or_else(|| vec![String::new()]);
        let right = Right { groups, resources, verbs, names: names.unwrap_or_default() };
        check(&right, has_groups, &at, findings);
        right
    });
    rights.collect()
}

fn check(right: &Right, has_groups: bool, at: &Key, findings: &mut Findings<'_>) {
    let Right { groups, resources, verbs, names } = right;
    for (name, items) in [("groups", groups), ("resources", resources), ("verbs", verbs), ("names", names)] {
        findings.twice(&at.child(name), items);
        for (i, _) in items.iter().enumerate().filter(|(_, item)| item.contains('*')) {
            findings.value(
                Code::WideRights,
                &at.child(name).child(i.to_string()),
                "a right of everything is more than any app needs",
                "a wildcard",
                format!("list the {name} that it needs"),
            );
        }
    }
    groups_written(groups, &at.below("groups"), findings);
    verbs_known(verbs, &at.below("verbs"), findings);
    for (i, resource) in resources.iter().enumerate() {
        let key = at.below("resources").child(i.to_string());
        resource_known(resource, groups, has_groups, &key, findings);
        strong(resource, right, &key, findings);
    }
    // The name of what is not there yet is no part of the request (Kubernetes documentation, "Using RBAC
    // Authorization", "Referring to resources").
    for (i, verb) in verbs.iter().enumerate().filter(|(_, verb)| matches!(verb.as_str(), "create" | "deletecollection"))
    {
        if !names.is_empty() {
            findings.value(
                Code::NoEffect,
                &at.below("verbs").child(i.to_string()),
                format!("`{verb}` cannot be given for objects by name"),
                "would never be allowed",
                format!("give `{verb}` in a rule of its own, without `names`"),
            );
        }
    }
}

fn groups_written(groups: &[String], key: &Key, findings: &mut Findings<'_>) {
    for (i, group) in groups.iter().enumerate().filter(|(_, group)| group.contains('/') || *group == "v1") {
        let plain = group.split_once('/').map_or("", |(group, _)| group);
        findings.value(
            Code::BadReference,
            &key.child(i.to_string()),
            format!("`{group}` is a group with its version"),
            "rights hold for all versions",
            format!("write \"{plain}\""),
        );
    }
}

fn verbs_known(verbs: &[String], key: &Key, findings: &mut Findings<'_>) {
    for (i, verb) in verbs.iter().enumerate().filter(|(_, verb)| !VERBS.contains(&verb.as_str()) && !verb.contains('*'))
    {
        let help = match near(verb, VERBS.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "there are get, list, watch, create, update, patch and delete; reading is `get`, `list` and \
                     `watch`"
                .to_owned(),
        };
        let key = key.child(i.to_string());
        findings.value(Code::BadChoice, &key, format!("`{verb}` is no verb of the API"), "no verb", help);
    }
}

/// A resource that everybody has, under the name and in the group that it has. Of others nothing is known here.
fn resource_known(resource: &str, groups: &[String], has_groups: bool, key: &Key, findings: &mut Findings<'_>) {
    let name = resource.split('/').next().unwrap_or_default();
    let all = || RESOURCES.iter().flat_map(|(group, names)| names.split(' ').map(move |name| (*group, name)));
    let plain = name.to_lowercase();
    let plural = all().map(|(_, known)| known).find(|known| {
        *known != name && (*known == plain || *known == format!("{plain}s") || *known == format!("{plain}es"))
    });
    if let Some(meant) = plural {
        findings.value(
            Code::BadReference,
            key,
            format!("`{resource}` is no resource: its name is `{meant}`"),
            "in small letters, and in the plural",
            format!("write \"{}\"", resource.replacen(name, meant, 1)),
        );
        return;
    }
    let mut of = all().filter(|(_, known)| *known == name).map(|(group, _)| group).peekable();
    let Some(group) = of.peek().copied() else { return };
    if !groups.iter().any(|own| own == group || own.contains('*')) {
        let label = if has_groups { "in none of these groups" } else { "not in the core group, which is the default" };
        findings.value(
            Code::BadReference,
            key,
            format!("`{name}` are of the group `{group}`"),
            label,
            format!("write `groups = [\"{group}\"]`, in a rule of its own if others are of another group"),
        );
    }
}

fn strong(resource: &str, right: &Right, key: &Key, findings: &mut Findings<'_>) {
    let given = |verbs: &[&str]| right.verbs.iter().any(|verb| verbs.contains(&verb.as_str()));
    // Who lists or watches asks for none by name.
    let all = right.names.is_empty() || right.verbs.iter().any(|verb| matches!(verb.as_str(), "list" | "watch"));
    for (_, _, why) in STRONG.iter().filter(|(strong, verbs, _)| *strong == resource && given(verbs) && all) {
        findings.value(
            Code::StrongRights,
            key,
            format!("who has this right {why}"),
            "a strong right",
            "give it for the objects that are needed, by `names`, or do without: secrets of its own come by `[secrets]`",
        );
    }
}
