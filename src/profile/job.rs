//! `[jobs.NAME]` and `[crons.NAME]`: what runs to its end, once or by a schedule.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::{ClosedBuild, Dev, Duration, Process, ProcessCloudrun, ProcessCompose, ProcessK8s, process::closed};

/// What runs to its end once for each version of the app: a migration, a seed.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = ending)]
pub struct Job {
    /// Another job whose keys this one takes where it has none of its own.
    pub like: Option<String>,
    #[serde(flatten)]
    pub keys: JobKeys,
}

/// What jobs share.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = ending)]
pub struct JobDefaults {
    #[serde(flatten)]
    pub keys: JobKeys,
}

/// The keys of a job.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct JobKeys {
    pub when: Option<When>,
    /// Jobs of the same time that have to succeed before it. Without them, jobs of one time run side by side.
    pub needs: Option<Vec<String>>,
    /// How often it is tried again when it fails.
    #[schemars(range(min = 0, max = 100), extend("default" = 2))]
    pub retries: Option<u32>,
    /// The longest that it may take, with all that is tried again.
    #[schemars(extend("default" = "15m"))]
    pub deadline: Option<Duration>,
    /// How long a cluster keeps it after its end, with its logs; absent: until its successor comes, or somebody
    /// deletes it.
    pub keep: Option<Duration>,
    #[serde(flatten)]
    pub process: Process,
    #[serde(flatten)]
    pub own: EndingOwn,
}

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "before"))]
pub enum When {
    /// Before the processes of its version start: a migration.
    Before,
    /// Once they run.
    After,
    /// Whenever somebody starts it by hand.
    Manual,
}

/// What runs to its end again and again.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = ending)]
pub struct Cron {
    /// Another cron whose keys this one takes where it has none of its own.
    pub like: Option<String>,
    #[serde(flatten)]
    pub keys: CronKeys,
}

/// What crons share.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = ending)]
pub struct CronDefaults {
    #[serde(flatten)]
    pub keys: CronKeys,
}

/// The keys of a cron.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct CronKeys {
    /// Minute, hour, day of the month, month and day of the week, as in "0 3 * * *", or `@daily` and its like. Required.
    #[schemars(length(min = 1))]
    pub schedule: Option<String>,
    /// The time zone of the schedule, by its IANA name.
    #[schemars(length(min = 1), extend("default" = "Etc/UTC"))]
    pub timezone: Option<String>,
    pub concurrency: Option<Concurrency>,
    /// How often a run is tried again when it fails.
    #[schemars(range(min = 0, max = 100), extend("default" = 2))]
    pub retries: Option<u32>,
    /// The longest that a run may take, with all that is tried again.
    #[schemars(extend("default" = "1h"))]
    pub deadline: Option<Duration>,
    /// So many finished runs are kept, with their logs, of those that failed and of those that did not.
    #[schemars(range(min = 0, max = 100), extend("default" = 3))]
    pub keep: Option<u32>,
    /// Starts no run until this is taken out again.
    #[schemars(extend("default" = false))]
    pub suspend: Option<bool>,
    #[serde(flatten)]
    pub process: Process,
    #[serde(flatten)]
    pub own: EndingOwn,
}

/// What becomes of a run that is due while the one before it still runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "forbid"))]
pub enum Concurrency {
    /// It is left out.
    Forbid,
    /// Both run.
    Allow,
    /// The older one is ended.
    Replace,
}

/// What single targets are told of a job or a cron.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub struct EndingOwn {
    pub k8s: Option<EndingK8s>,
    pub compose: Option<EndingCompose>,
    pub cloudrun: Option<EndingCloudrun>,
    pub dev: Option<EndingDev>,
    /// How its image is built in development. An image of another name is not built without this.
    pub build: Option<ClosedBuild>,
}

/// What Kubernetes alone is told of a job or a cron. Where its pods run is the app's unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = ending_k8s)]
pub struct EndingK8s {
    #[serde(flatten)]
    pub process: ProcessK8s,
}

/// What Compose alone is told of a job or a cron. `logging` and `pids` are the app's unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = ending_compose)]
pub struct EndingCompose {
    #[serde(flatten)]
    pub process: ProcessCompose,
}

/// What Cloud Run alone is told of a job or a cron. `service_account` is the app's unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = ending_cloudrun)]
pub struct EndingCloudrun {
    #[serde(flatten)]
    pub process: ProcessCloudrun,
}

/// How a job or a cron is developed, over the app's `[dev]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[schemars(transform = ending_dev)]
pub struct EndingDev {
    #[serde(flatten)]
    pub process: Dev,
}

/// Has no keys but its own, and those of a process that make sense in what ends by itself.
fn ending(schema: &mut Schema) {
    without(schema, "workers_env port_env port workers state server ports service probes autoscale shutdown rollout");
}

fn ending_k8s(schema: &mut Schema) {
    without(schema, "workers_per_pod replicas");
}

fn ending_compose(schema: &mut Schema) {
    without(schema, "publish restart workers healthcheck");
}

fn ending_cloudrun(schema: &mut Schema) {
    without(schema, "min max concurrency timeout ingress cpu_boost");
}

fn ending_dev(schema: &mut Schema) {
    without(schema, "reload watch debug_port");
}

/// Has no other keys, and none of these.
pub(super) fn without(schema: &mut Schema, names: &str) {
    closed(schema);
    if let Some(properties) = schema.get_mut("properties").and_then(|value| value.as_object_mut()) {
        properties.retain(|key, _| names.split(' ').all(|name| name != key));
    }
}
