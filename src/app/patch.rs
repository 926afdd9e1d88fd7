//! `[[patches]]`, checked for form; what they match is known to the targets.

use serde_json::{Map, Value};

use super::findings::Findings;
use crate::{
    key::Key,
    layers::unusable_environment,
    problem::Code,
    profile::{self, PatchTarget},
};

/// A patch that applies to this rendering.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// Where it stands in the profile.
    pub at: Key,
    pub target: PatchTarget,
    /// Absent: any.
    pub kind: Option<String>,
    /// Absent: any.
    pub name: Option<String>,
    pub change: Option<Change>,
    /// JSON pointers (RFC 6901).
    pub remove: Vec<String>,
}

/// What a patch merges.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Table(Map<String, Value>),
    Yaml(String),
}

/// The patches of this rendering: those of another environment are left out.
pub fn patches(
    wanted: Option<Vec<profile::Patch>>,
    environment: Option<&str>,
    findings: &mut Findings<'_>,
) -> Vec<Patch> {
    let table = Key::new("patches");
    let mut patches = Vec::new();
    for (i, wanted) in wanted.unwrap_or_default().into_iter().enumerate() {
        let at = table.child(i.to_string());
        let profile::Patch { target, kind, name, env, merge, yaml, remove } = wanted;
        let remove = remove.unwrap_or_default();
        if merge.is_some() && yaml.is_some() {
            findings.conflict(
                &at.below("yaml"),
                &at.below("merge"),
                "a patch merges either a table or YAML",
                "write two patches",
            );
        }
        let change = merge.map(Change::Table).or(yaml.map(Change::Yaml));
        if change.is_none() && remove.is_empty() {
            findings.value(
                Code::BadPatch,
                &at,
                "the patch changes nothing",
                "neither `merge`, `yaml` nor `remove`",
                "say what to change, as in `merge = { spec = { paused = true } }`",
            );
        }
        if change.as_ref().is_some_and(|change| matches!(change, Change::Table(table) if table.is_empty())) {
            findings.value(
                Code::BadPatch,
                &at.below("merge"),
                "the patch changes nothing",
                "an empty table",
                "say what to change, as in `merge = { spec = { paused = true } }`",
            );
        }
        if let Some(name) = &env {
            check_environment(name, &at.below("env"), findings);
        }
        for (j, pointer) in remove.iter().enumerate().filter(|(_, pointer)| !pointer.starts_with('/')) {
            findings.value(
                Code::BadPatch,
                &at.below("remove").child(j.to_string()),
                format!("`{pointer}` is not a JSON pointer"),
                "does not start with `/`",
                "write the path with slashes, as in \"/spec/template/spec/affinity\"",
            );
        }
        if env.is_none() || env.as_deref() == environment {
            let name = name.filter(|name| name != "*");
            patches.push(Patch { at, target, kind, name, change, remove });
        }
    }
    patches
}

/// A patch for an environment that nobody can select would never apply.
fn check_environment(name: &str, at: &Key, findings: &mut Findings<'_>) {
    let table = Key::new("environments");
    if findings.provenance.has(&table.child(name)) {
        return;
    }
    let help = match unusable_environment(name) {
        Some((why, _)) => format!("{why}: drop `env` to patch everywhere, or name an environment of the profile"),
        None => format!("declare `[environments.{name}]`, or drop `env` to patch everywhere"),
    };
    let title = format!("the profile has no environment `{name}`");
    findings.value(Code::UnknownEnvironment, at, title, "the patch would never apply", help);
}
