//! `[security]`: where the hardened default gives way.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Bytes, Right, User, defaults,
    findings::Findings,
    labels,
    path::{self, Apart},
    resources::amount,
    rights,
};
use crate::{
    key::Key,
    problem::Code,
    profile::{
        self, Directory, Medium, ServiceAccount, ServiceAccountKind, ServiceAccountTable, Uid, Writable, WritableTable,
    },
};

/// What a process may do.
#[derive(Debug, Clone, PartialEq)]
pub struct Security {
    /// The root file system cannot be written.
    pub read_only: bool,
    pub scratch: Vec<Scratch>,
    /// All others are dropped.
    pub capabilities: Vec<String>,
    pub account: Account,
    /// The process talks to the orchestrator's API.
    pub kube_api: bool,
    pub user_namespace: bool,
}

/// A directory that can be written and is gone with the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scratch {
    /// Absolute.
    pub path: String,
    pub size: Bytes,
    pub medium: Medium,
    /// Starts with what the image has there.
    pub seed: bool,
}

impl Security {
    /// What scratch directories may hold on disk.
    pub fn on_disk(&self) -> Bytes {
        self.scratch.iter().filter(|scratch| scratch.medium == Medium::Disk).map(|scratch| scratch.size).sum()
    }
}

/// Whose rights the process has in the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// One with the process' own name.
    Own,
    /// The namespace's.
    Default,
    Named {
        name: String,
        create: bool,
        annotations: BTreeMap<String, String>,
        rights: Vec<Right>,
    },
}

pub fn security(wanted: Option<profile::Security>, at: &Key, findings: &mut Findings<'_>) -> Security {
    let key = at.below("security");
    let profile::Security { read_only, writable, capabilities, service_account, kube_api, user_namespace } =
        wanted.unwrap_or_default();
    let capabilities = capabilities.unwrap_or_default();
    check_capabilities(&capabilities, &key.below("capabilities"), findings);
    Security {
        read_only: read_only.unwrap_or(true),
        scratch: scratch(writable, &key.below("writable"), findings),
        capabilities,
        account: account(service_account, &key.below("service_account"), findings),
        kube_api: kube_api.unwrap_or(false),
        user_namespace: user_namespace.unwrap_or(false),
    }
}

fn account(wanted: Option<ServiceAccount>, key: &Key, findings: &mut Findings<'_>) -> Account {
    match wanted {
        None | Some(ServiceAccount::Kind(ServiceAccountKind::Own)) => Account::Own,
        Some(ServiceAccount::Kind(ServiceAccountKind::Default)) => Account::Default,
        Some(ServiceAccount::Table(ServiceAccountTable { name, create, annotations, rules })) => {
            let (create, annotations) = (create.unwrap_or(true), annotations.unwrap_or_default());
            labels::check_object_name(&name, 253, &key.below("name"), findings);
            labels::check_annotations(&annotations, &key.below("annotations"), findings);
            if create && name == "default" {
                findings.value(
                    Code::BadName,
                    &key.below("name"),
                    "every namespace has a service account `default` already",
                    "made by the cluster",
                    "write `service_account = \"default\"`, or choose another name",
                );
            }
            let rights = rights::rights(rules, &key.below("rules"), findings);
            Account::Named { name, create, annotations, rights }
        }
    }
}

fn scratch(wanted: Option<Vec<Writable>>, key: &Key, findings: &mut Findings<'_>) -> Vec<Scratch> {
    let wanted = wanted.unwrap_or_else(|| vec![Writable::Path(Directory(defaults::WRITABLE.into()))]);
    let mut all: Vec<Scratch> = Vec::new();
    let mut apart = Apart::default();
    for (i, writable) in wanted.into_iter().enumerate() {
        let key = key.child(i.to_string());
        let WritableTable { path: Directory(path), size, medium, seed } = match writable {
            Writable::Path(path) => WritableTable { path, size: None, medium: None, seed: None },
            Writable::Table(table) => table,
        };
        let path_key = if findings.provenance.has(&key.below("path")) { key.below("path") } else { key.clone() };
        let meets = apart.meets(&path);
        if path::check(&path, &path_key, findings) && meets {
            findings.value(
                Code::BadPath,
                &path_key,
                format!("`{path}` overlaps another writable directory"),
                "one hides the other",
                "keep the outer one",
            );
        }
        let size = size.and_then(|size| amount(&size, &key.below("size"), findings));
        all.push(Scratch {
            path,
            size: size.unwrap_or(defaults::SCRATCH),
            medium: medium.unwrap_or(Medium::Disk),
            seed: seed.unwrap_or(false),
        });
    }
    all
}

/// Pod Security `restricted` admits one capability (Kubernetes documentation, "Pod Security Standards").
fn check_capabilities(capabilities: &[String], key: &Key, findings: &mut Findings<'_>) {
    findings.twice(key, capabilities);
    let mut seen = BTreeSet::new();
    for (i, name) in capabilities.iter().enumerate() {
        if name == "NET_BIND_SERVICE" || !seen.insert(name) {
            continue;
        }
        let known = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            && !name.starts_with("CAP_")
            && name != "ALL";
        let (title, help) = if known {
            (
                format!("`{name}` is a capability that no hardened cluster admits"),
                "do without it; if there is no way, add it with a patch, which shows in every review",
            )
        } else {
            (
                format!("`{name}` is not the name of a capability"),
                "write it in upper case without `CAP_`, as in \"NET_BIND_SERVICE\"",
            )
        };
        findings.value(Code::BadCapability, &key.child(i.to_string()), title, "not admitted", help);
    }
}

pub fn user(uid: Option<Uid>, gid: Option<u32>, at: &Key, findings: &mut Findings<'_>) -> User {
    let key = at.below("uid");
    let uid = match uid {
        None => Some(defaults::UID),
        Some(Uid::Number(number)) => Some(number),
        Some(Uid::Image(profile::ImageUser::Image)) => None,
    };
    if let (None, Some(_)) = (uid, gid) {
        findings.pair(
            Code::Conflict,
            (&at.below("gid"), "a group alone"),
            (&key, "the user is known to the image alone"),
            "a group by number needs a user by number",
            "name the number of the image's user as `uid`, or drop `gid`: runtimes refuse one without the other",
        );
    }
    let gid = gid.or(uid);
    // A group that follows the user is wrong only as the user is.
    let own_gid = gid.filter(|_| findings.provenance.has(&at.below("gid")));
    for (name, number) in [("uid", uid), ("gid", own_gid)] {
        match number {
            Some(0) => findings.value(
                Code::RootUser,
                &at.child(name),
                if name == "uid" {
                    "the process must not run as root"
                } else {
                    "the process must not run in root's group"
                },
                "root",
                "use a number above 10000, as in `uid = 10001`; root is possible in development: `[dev] user = 0`",
            ),
            Some(number) if number < defaults::LOWEST_UID && findings.provenance.has(&at.child(name)) => findings
                .value(
                    Code::LowUser,
                    &at.child(name),
                    format!("{name} {number} may be somebody else's on the host"),
                    "below 10000",
                    "scanners want a number from 10000 up; keep it if the image needs it",
                ),
            _ => {}
        }
    }
    User { uid, gid }
}
