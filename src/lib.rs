//! One app profile, rendered into what Docker Compose, Kubernetes and Cloud Run need.
//!
//! ```text
//! profile.toml ──parse──▶ Profile ──resolve──▶ App ──render──▶ Bundle ──deliver──▶ stdout · folder · drift report
//!    text                 sparse    defaults,   complete,  per target   paths+trees   the only writer
//!                                   problems    target-free
//! ```
//!
//! Nothing flows back. Only `deliver` writes, only `cli` and `deliver` read the disk, and nothing asks for the clock,
//! randomness, the network or an environment variable while it renders: the same profile gives the same bytes everywhere.

pub mod app;
pub mod bundle;
pub mod canonical;
pub mod cli;
#[cfg(feature = "cluster")]
pub mod cluster;
pub mod deliver;
pub mod diff;
pub mod edit;
pub mod flow;
pub mod init;
pub mod key;
pub mod krm;
pub mod layers;
pub mod problem;
pub mod profile;
pub mod report;
mod schema;
pub mod source;
pub mod targets;
pub mod tree;
