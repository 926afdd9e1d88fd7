//! Settings that only one target has: `[k8s]`, `[compose]`.

mod compose;
mod k8s;

pub use compose::{Compose, ProcessCompose, Publish, check_networks, compose, process_compose};
pub use k8s::{Extra, K8s, ProcessK8s, k8s, process_k8s};
