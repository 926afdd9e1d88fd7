//! Service accounts: each is what all workloads that name it say.

use std::collections::BTreeMap;

use crate::{
    app::{Account, App, Process, findings::Findings},
    problem::Code,
};

pub(super) fn check(app: &App, findings: &mut Findings<'_>) {
    let mut first: BTreeMap<String, &Process> = BTreeMap::new();
    for process in app.everything() {
        let Some(name) = name(app, process) else { continue };
        match first.get(&name) {
            Some(other) => compare(&name, process, other, findings),
            None => drop(first.insert(name, process)),
        }
        used(process, app, findings);
        unmade(process, findings);
    }
}

fn name(app: &App, process: &Process) -> Option<String> {
    match &process.security.account {
        Account::Own => Some(app.workload(process)),
        Account::Default => None,
        Account::Named { name, .. } => Some(name.clone()),
    }
}

/// One account is rendered once. One that somebody else makes may be one of ours.
fn compare(name: &str, process: &Process, other: &Process, findings: &mut Findings<'_>) {
    let ours = [process, other].iter().any(|one| matches!(one.security.account, Account::Named { create: false, .. }));
    let same = process.security.account == other.security.account;
    let own = [process, other].iter().any(|one| one.security.account == Account::Own);
    if !(same || ours && own) {
        let key = |process: &Process| findings.written(&process.at, &["security.service_account"]);
        let (key, first) = (key(process), key(other));
        let help = "say it once, in `[security]` of the app; or give each an account of its own";
        findings.conflict(&key, &first, format!("the service account `{name}` is described in two ways"), help);
    }
}

/// Rights come by the token.
fn used(process: &Process, app: &App, findings: &mut Findings<'_>) {
    let Account::Named { name, rights, .. } = &process.security.account else { return };
    let rules = process.key("security.service_account.rules");
    let has_token = |other: &Process| {
        other.security.kube_api && matches!(&other.security.account, Account::Named { name: its, .. } if its == name)
    };
    if !rights.is_empty() && !app.everything().any(has_token) {
        findings.key(
            Code::NoEffect,
            &rules,
            "rights without a token are nobody's: no process of the account talks to the API",
            "has no effect",
            "add `kube_api = true` to `[security]`, or drop them",
        );
    }
    if !rights.is_empty() && name == "default" {
        findings.key(
            Code::StrongRights,
            &rules,
            "every pod of the namespace that names no account has these rights",
            "of the account `default`",
            "give them to an account of the app's own, by another `name`",
        );
    }
}

fn unmade(process: &Process, findings: &mut Findings<'_>) {
    if let Account::Named { create: false, annotations, .. } = &process.security.account
        && !annotations.is_empty()
    {
        findings.key(
            Code::NoEffect,
            &process.key("security.service_account.annotations"),
            "annotations of a service account that somebody else makes are not rendered",
            "has no effect",
            "drop them, or say `create = true`: then it is made here",
        );
    }
}
