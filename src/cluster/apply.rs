//! One object, applied as a dry run.

use kube::core::Status;
use serde_json::Value;

use super::{
    ask::{Asker, No},
    failure::{self, Failure},
};

/// What came of it.
pub(super) enum Applied {
    /// The object as it would be, and whose words it would overrule.
    As {
        answer: Value,
        conflicts: Vec<String>,
    },
    /// It is to be found out by reading, and why.
    Unasked(String),
    /// Rights are missing.
    NotPermitted(Failure),
    Failed(Failure),
}

pub(super) struct Patch<'a> {
    /// The object as people name it.
    pub what: &'a str,
    pub path: &'a str,
    pub name: &'a str,
    pub object: &'a Value,
    pub manager: &'a str,
}

impl Patch<'_> {
    /// Asks the server. Where others own what is rendered it is asked again as if we insisted, to see what then happens.
    pub async fn send(&self, asker: &Asker) -> Applied {
        let apply = |force| asker.apply(self.path, self.name, self.object, self.manager, force);
        match apply(false).await {
            Ok(answer) => Applied::As { answer, conflicts: Vec::new() },
            Err(No::Said(status)) if is_conflict(&status) => {
                let conflicts = conflicts(&status);
                match apply(true).await {
                    Ok(answer) => Applied::As { answer, conflicts },
                    Err(no) => self.refused(no),
                }
            }
            Err(no) => self.refused(no),
        }
    }

    fn refused(&self, no: No) -> Applied {
        match no {
            No::Said(status) if failure::is_unauthorized(&status) => {
                Applied::NotPermitted(failure::of_status(self.what, &status))
            }
            // `NewDryRunUnsupportedErr` of the API server.
            No::Said(status) if status.code == 400 && status.message.contains("does not support dry run") => {
                Applied::Unasked(format!("compared by reading alone: {}", failure::said(&status)))
            }
            No::Said(status) if is_immutable(&status) => {
                Applied::Unasked(format!("cannot be applied over what is there: {}", failure::said(&status)))
            }
            no => Applied::Failed(no.failure(self.what)),
        }
    }
}

const CONFLICT: &str = "FieldManagerConflict";

/// Fields of other managers; a conflict of another kind is nothing that insisting could solve.
fn is_conflict(status: &Status) -> bool {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    status.code == 409 && causes.into_iter().any(|cause| cause.reason == CONFLICT)
}

/// `.spec.replicas of "kubectl-edit"`, for each.
fn conflicts(status: &Status) -> Vec<String> {
    let causes = status.details.iter().flat_map(|details| &details.causes).filter(|cause| cause.reason == CONFLICT);
    let one = |message: &str, field: &str| {
        let owner = message.strip_prefix("conflict with ").unwrap_or(message);
        let owner = owner.split(" using ").next().unwrap_or(owner);
        format!("`{field}` of {owner}")
    };
    causes.map(|cause| one(&cause.message, &cause.field)).collect()
}

/// Whoever applies it has to delete the old one first.
fn is_immutable(status: &Status) -> bool {
    status.code == 422
        && (status.message.contains("immutable")
            || status.message.contains("updates to statefulset spec for fields other"))
}
