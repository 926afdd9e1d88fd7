//! The objects of Cloud Run (Cloud Run Admin API v1) and of Knative Serving v1, as far as we write them, and all that a
//! patch may add.
//!
//! What is required has no `Option`: whoever takes it away reads that it is missing. What Knative hands on to Kubernetes
//! as it is, is any value here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub type Texts = BTreeMap<String, String>;

/// Types whose keys are spelled as an API spells them, absent ones left out.
macro_rules! objects {
    ($($(#[doc = $about:literal])+ $name:ident { $($field:ident: $kind:ty,)* $(; $($maybe:ident: $any:ty,)+)? })+) => {
        $($(#[doc = $about])+
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            $(pub $field: $kind,)*
            $($(#[serde(skip_serializing_if = "Option::is_none")] pub $maybe: Option<$any>,)+)?
        })+
    };
}

objects! {
    /// `serving.knative.dev/v1`: answers requests.
    Service { api_version: String, kind: String, metadata: Metadata, spec: ServiceSpec, }
    /// What of it is wanted.
    ServiceSpec { template: Template, ; traffic: Vec<Traffic>, }
    /// Which revision gets how many of the requests.
    Traffic { ; configuration_name: String, latest_revision: bool, percent: i64, revision_name: String, tag: String, }

    /// `run.googleapis.com/v1`: runs without being asked.
    WorkerPool { api_version: String, kind: String, metadata: Metadata, spec: WorkerPoolSpec, }
    /// What of it is wanted.
    WorkerPoolSpec { template: Template, ; instance_splits: Value, }

    /// `run.googleapis.com/v1`: runs to its end whenever it is told to.
    Job { api_version: String, kind: String, metadata: Metadata, spec: JobSpec, }
    /// What of it is wanted.
    JobSpec { template: ExecutionTemplate, ; run_execution_token: String, start_execution_token: String, }
    /// Each time that it runs.
    ExecutionTemplate { spec: ExecutionSpec, ; metadata: TemplateMetadata, }
    /// How often at once.
    ExecutionSpec { template: TaskTemplate, ; delay_execution: bool, parallelism: i64, task_count: i64, }
    /// One run.
    TaskTemplate { spec: TaskSpec, }
    /// The instance of a run.
    TaskSpec {
        containers: Vec<Container>,
        ;
        max_retries: i64,
        node_selector: Texts,
        service_account_name: String,
        timeout_seconds: i64,
        volumes: Vec<Volume>,
    }

    /// Of an object.
    Metadata { name: String, ; annotations: Texts, labels: Texts, namespace: String, }
    /// Of a revision, whose name the platform gives.
    TemplateMetadata { ; annotations: Texts, labels: Texts, name: String, }

    /// A revision.
    Template { spec: RevisionSpec, ; metadata: TemplateMetadata, }
    /// The instances of a revision.
    RevisionSpec {
        containers: Vec<Container>,
        ;
        affinity: Value,
        automount_service_account_token: bool,
        container_concurrency: i64,
        dns_config: Value,
        dns_policy: String,
        enable_service_links: bool,
        host_aliases: Value,
        idle_timeout_seconds: i64,
        image_pull_secrets: Vec<Reference>,
        init_containers: Value,
        node_selector: Texts,
        priority_class_name: String,
        response_start_timeout_seconds: i64,
        runtime_class_name: String,
        scheduler_name: String,
        security_context: Value,
        service_account_name: String,
        share_process_namespace: bool,
        timeout_seconds: i64,
        tolerations: Value,
        topology_spread_constraints: Value,
        volumes: Vec<Volume>,
    }
    /// An object of the same namespace.
    Reference { name: String, }

    /// A container of an instance.
    Container {
        image: String,
        ;
        args: Vec<String>,
        command: Vec<String>,
        env: Vec<Variable>,
        env_from: Value,
        image_pull_policy: String,
        liveness_probe: Probe,
        name: String,
        ports: Vec<Port>,
        readiness_probe: Probe,
        resources: Resources,
        security_context: SecurityContext,
        startup_probe: Probe,
        termination_message_path: String,
        termination_message_policy: String,
        volume_mounts: Vec<Mount>,
        working_dir: String,
    }
    /// An environment variable.
    Variable { name: String, ; value: String, value_from: Source, }
    /// Where its value is.
    Source { ; config_map_key_ref: KeyOf, field_ref: Value, resource_field_ref: Value, secret_key_ref: KeyOf, }
    /// On Cloud Run a secret and its version, on Knative an object and its key.
    KeyOf { key: String, name: String, ; optional: bool, }
    /// The port that requests come to.
    Port { container_port: i64, ; name: String, protocol: String, }
    /// What is set aside, and the most of it.
    Resources { ; limits: Amounts, requests: Amounts, }

    /// A question about health.
    Probe {
        ;
        exec: Value,
        failure_threshold: i64,
        grpc: Grpc,
        http_get: HttpGet,
        initial_delay_seconds: i64,
        period_seconds: i64,
        success_threshold: i64,
        tcp_socket: TcpSocket,
        timeout_seconds: i64,
    }
    /// By HTTP.
    HttpGet { ; host: String, http_headers: Vec<Header>, path: String, port: Amount, scheme: String, }
    /// A header of a question.
    Header { name: String, value: String, }
    /// By a connection.
    TcpSocket { ; host: String, port: Amount, }
    /// By gRPC's health service.
    Grpc { ; port: i64, service: String, }

    /// Something to mount.
    Volume {
        name: String,
        ;
        config_map: Value,
        csi: Value,
        empty_dir: EmptyDir,
        ephemeral: Value,
        host_path: Value,
        image: Value,
        nfs: Value,
        persistent_volume_claim: Value,
        projected: Value,
        secret: SecretVolume,
    }
    /// Scratch space.
    EmptyDir { ; medium: String, size_limit: Amount, }
    /// Secrets as files.
    SecretVolume { secret_name: String, ; default_mode: i64, items: Vec<Item>, optional: bool, }
    /// A secret as a file.
    Item { key: String, path: String, ; mode: i64, }
    /// Where a volume is seen.
    Mount { mount_path: String, name: String, ; read_only: bool, sub_path: String, }

    /// What the container may do, in a cluster.
    SecurityContext {
        ;
        allow_privilege_escalation: bool,
        capabilities: Capabilities,
        privileged: bool,
        read_only_root_filesystem: bool,
        run_as_group: i64,
        run_as_non_root: bool,
        run_as_user: i64,
        seccomp_profile: SeccompProfile,
    }
    /// Parts of root's rights.
    Capabilities { ; add: Vec<String>, drop: Vec<String>, }
    /// A filter of system calls.
    SeccompProfile { r#type: String, ; localhost_profile: String, }
}

pub type Amounts = BTreeMap<String, Amount>;

/// An amount or a port: a text, or a number alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    Number(serde_json::Number),
    Text(String),
}

impl Default for Amount {
    fn default() -> Self {
        Amount::Text(String::new())
    }
}

impl From<String> for Amount {
    fn from(text: String) -> Self {
        Amount::Text(text)
    }
}

impl From<u16> for Amount {
    fn from(number: u16) -> Self {
        Amount::Number(number.into())
    }
}
