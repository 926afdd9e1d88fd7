//! ServiceAccount: an identity without rights, and without a token.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::ServiceAccount;

use super::{object::Object, role, workload::Workload};
use crate::{
    app::Account,
    tree::{Notes, Path},
};

/// The account of a workload and its rights, as far as the profile wants them made.
pub fn objects(workload: &Workload<'_>) -> Vec<Object> {
    service_account(workload).into_iter().chain(role::rights(workload)).collect()
}

/// Several workloads may share an account: it is rendered where the first of them is.
pub fn once(objects: &mut Vec<Object>) {
    let mut seen = BTreeSet::new();
    let is_shared = |kind: &str| matches!(kind, "ServiceAccount" | "Role" | "RoleBinding");
    objects.retain(|object| !is_shared(&object.kind) || seen.insert((object.kind.clone(), object.name.clone())));
}

fn service_account(workload: &Workload<'_>) -> Option<Object> {
    let annotations = match &workload.process.security.account {
        Account::Default | Account::Named { create: false, .. } => return None,
        Account::Own => BTreeMap::new(),
        Account::Named { annotations, .. } => annotations.clone(),
    };
    let keys = workload.process.keys(&["security.service_account"]);
    let mut notes = Notes::default();
    let mut metadata = workload.metadata(&mut notes);
    metadata.name = account_name(workload);
    let (reason, mut name_keys) = match &workload.process.security.account {
        Account::Named { .. } => ("asked for", Vec::new()),
        Account::Own | Account::Default => ("the app's name", crate::app::keys(&["name"])),
    };
    name_keys.splice(0..0, keys.clone());
    notes.add("metadata.name", reason, name_keys);
    let table = workload.process.key("security.service_account.annotations");
    for name in annotations.keys() {
        notes.add(Path::new("metadata.annotations").key(name), "asked for", vec![table.child(name)]);
    }
    if !annotations.is_empty() {
        metadata.annotations.get_or_insert_default().extend(annotations);
    }
    notes.add(
        "automountServiceAccountToken",
        "least-privilege: a pod that talks to the Kubernetes API asks for its token itself",
        Vec::new(),
    );
    let account =
        ServiceAccount { metadata, automount_service_account_token: Some(false), ..ServiceAccount::default() };
    let reason = match &workload.process.security.account {
        Account::Named { rights, .. } if !rights.is_empty() => "asked for: an identity with rights of its own",
        _ => "least-privilege: an identity of its own, without rights",
    };
    let named = matches!(workload.process.security.account, Account::Named { .. });
    // The name of its file is short where it begins with the app's.
    let keys = if named { [keys, crate::app::keys(&["name"])].concat() } else { keys };
    Some(Object::new(&account, reason, keys, notes))
}

/// The account that pods name; absent: the namespace's.
pub fn account_name(workload: &Workload<'_>) -> Option<String> {
    match &workload.process.security.account {
        Account::Own => Some(workload.name()),
        Account::Default => None,
        Account::Named { name, .. } => Some(name.clone()),
    }
}
