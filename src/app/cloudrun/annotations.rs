//! Who reads an annotation, so that each is written where it is read.
//!
//! Source: Cloud Run Admin API v1, `ObjectMeta.annotations`.

/// What an annotation can stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A service, or a worker pool.
    Service,
    /// What either of them runs.
    Revision,
    Job,
    /// Each run of a job.
    Execution,
}

use Reader::{Execution, Job, Revision, Service};

/// Those of `run.googleapis.com/` that others read than services.
const READERS: &[(&str, &[Reader])] = &[
    ("base-images", &[Service, Revision]),
    ("binary-authorization", &[Service, Job, Execution]),
    ("binary-authorization-breakglass", &[Service, Job]),
    ("client-name", &[Service, Revision, Job, Execution]),
    ("cloudsql-instances", &[Revision, Execution]),
    ("container-dependencies", &[Revision, Execution]),
    ("cpu-throttling", &[Revision]),
    ("encryption-key", &[Revision, Execution]),
    ("encryption-key-shutdown-hours", &[Revision]),
    ("execution-environment", &[Revision, Execution]),
    ("gpu-zonal-redundancy-disabled", &[Revision]),
    ("health-check-disabled", &[Revision]),
    ("launch-stage", &[Service, Job]),
    ("network-interfaces", &[Revision, Execution]),
    ("post-key-revocation-action-type", &[Revision]),
    ("secrets", &[Revision, Execution]),
    ("secure-session-agent", &[Revision]),
    ("sessionAffinity", &[Revision]),
    ("startup-cpu-boost", &[Revision]),
    ("vpc-access-connector", &[Revision, Execution]),
    ("vpc-access-egress", &[Revision, Execution]),
];

/// Who reads an annotation; absent: people, and their tools, wherever it stands.
pub fn readers(name: &str) -> Option<&'static [Reader]> {
    match name.split_once('/')? {
        ("autoscaling.knative.dev", _) => Some(&[Revision]),
        ("run.googleapis.com", own) => {
            Some(READERS.iter().find(|(known, _)| *known == own).map_or(&[Service], |(_, readers)| *readers))
        }
        ("serving.knative.dev" | "networking.knative.dev", _) => Some(&[Service]),
        _ => None,
    }
}
