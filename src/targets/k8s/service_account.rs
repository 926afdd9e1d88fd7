//! ServiceAccount: an identity without rights, and without a token.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ServiceAccount;

use super::{object::Object, workload::Workload};
use crate::{app::Account, tree::Notes};

/// The account of a workload, if the profile wants one made.
pub fn service_account(workload: &Workload<'_>) -> Option<Object> {
    let annotations = match &workload.process.security.account {
        Account::Default | Account::Named { create: false, .. } => return None,
        Account::Own => BTreeMap::new(),
        Account::Named { annotations, .. } => annotations.clone(),
    };
    let keys = workload.process.keys(&["security.service_account"]);
    let mut notes = Notes::default();
    let mut metadata = workload.metadata(&mut notes);
    metadata.name = account_name(workload);
    let mut name_keys = keys.clone();
    name_keys.extend(crate::app::keys(&["name"]));
    notes.add("metadata.name", "the workload's own identity", name_keys);
    if !annotations.is_empty() {
        metadata.annotations.get_or_insert_default().extend(annotations);
        let mut note_keys = keys.clone();
        note_keys.extend(crate::app::keys(&["annotations"]));
        notes.add("metadata.annotations", "asked for", note_keys);
    }
    notes.add("automountServiceAccountToken", "only pods that talk to the API ask for a token", Vec::new());
    let account =
        ServiceAccount { metadata, automount_service_account_token: Some(false), ..ServiceAccount::default() };
    Some(Object::new(&account, "least-privilege: an identity of its own, without rights", keys, notes))
}

/// The account that pods name; absent: the namespace's.
pub fn account_name(workload: &Workload<'_>) -> Option<String> {
    match &workload.process.security.account {
        Account::Own => Some(workload.name()),
        Account::Default => None,
        Account::Named { name, .. } => Some(name.clone()),
    }
}
