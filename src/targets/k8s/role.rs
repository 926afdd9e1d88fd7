//! Role and RoleBinding: the rights of a service account, in the namespace of the app.

use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject};

use super::{object::Object, workload::Workload};
use crate::{
    app::{Account, Right},
    key::Key,
    tree::{Notes, Path},
};

/// The API group of roles.
const GROUP: &str = "rbac.authorization.k8s.io";

/// What an account may do, and that it may; nothing without rights.
pub fn rights(workload: &Workload<'_>) -> Vec<Object> {
    let Account::Named { name, rights, create: _, annotations: _ } = &workload.process.security.account else {
        return Vec::new();
    };
    if rights.is_empty() {
        return Vec::new();
    }
    vec![role(workload, name, rights), binding(workload, name)]
}

/// Why there is a Role at all, under its name.
fn keys(workload: &Workload<'_>) -> Vec<Key> {
    let own = workload.process.keys(&["security.service_account.rules", "security.service_account.name"]);
    [own, crate::app::keys(&["name"])].concat()
}

/// Both bear the name of the account.
fn metadata(
    workload: &Workload<'_>,
    name: &str,
    notes: &mut Notes,
) -> k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta {
    let mut metadata = workload.metadata(notes);
    metadata.name = Some(name.to_owned());
    notes.add("metadata.name", "the account's name", workload.process.keys(&["security.service_account.name"]));
    metadata
}

fn role(workload: &Workload<'_>, name: &str, rights: &[Right]) -> Object {
    let mut notes = Notes::default();
    let metadata = metadata(workload, name, &mut notes);
    let list = workload.process.key("security.service_account.rules");
    for i in 0..rights.len() {
        notes.add(Path::new("rules").index(i), "asked for", vec![list.child(i.to_string())]);
    }
    let rules = rights.iter().map(|Right { groups, resources, verbs, names }| PolicyRule {
        api_groups: Some(groups.clone()),
        resources: Some(resources.clone()),
        verbs: verbs.clone(),
        resource_names: Some(names.clone()).filter(|names| !names.is_empty()),
        non_resource_urls: None,
    });
    let role = Role { metadata, rules: Some(rules.collect()) };
    Object::new(&role, "asked for: what the account may do in its namespace", keys(workload), notes)
}

fn binding(workload: &Workload<'_>, name: &str) -> Object {
    let mut notes = Notes::default();
    let metadata = metadata(workload, name, &mut notes);
    let named = workload.process.keys(&["security.service_account.name"]);
    notes.add("roleRef", "the role with these rights", named.clone());
    notes.add("subjects", "who has them", named);
    notes.add("subjects[0].namespace", "where the app lives", crate::app::keys(&["k8s.namespace"]));
    let binding = RoleBinding {
        role_ref: RoleRef { api_group: GROUP.into(), kind: "Role".into(), name: name.to_owned() },
        subjects: Some(vec![Subject {
            api_group: None,
            kind: "ServiceAccount".into(),
            name: name.to_owned(),
            namespace: metadata.namespace.clone(),
        }]),
        metadata,
    };
    Object::new(&binding, "asked for: gives the account its rights", keys(workload), notes)
}
