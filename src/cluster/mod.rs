//! What a cluster has of what is rendered, and what applying it would make of that.
//!
//! Nothing is ever written: objects are read, and where that is asked for and allowed applied as a dry run. The only place
//! that talks to a network, and the only one that names `kube`.

mod apply;
mod ask;
mod connection;
mod failure;
mod kinds;
mod look;
mod managers;
mod overlay;
mod owned;
mod place;
mod predict;
mod removed;

use std::time::Duration;

use serde_json::Value;

pub use connection::{Cluster, Connection};
pub use failure::Failure;

/// How it is found out what applying would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As a dry run; read-only each object for which that is not allowed.
    Auto,
    /// By reading alone: every field that is rendered is laid over what is there.
    Get,
    /// By a dry run of server-side apply: defaults and admission as the server does them.
    Ssa,
}

/// What is asked, and as whom.
#[derive(Debug, Clone)]
pub struct How {
    pub mode: Mode,
    /// Who deploys the objects, by the name that the server keeps of them; nothing: whoever applied each of them.
    pub manager: Option<String>,
    /// What is new is sent to the server too, which takes the right to create it.
    pub validate_new: bool,
    /// Namespaces that are not there will be when the objects are applied.
    pub assume_namespaces: bool,
    /// For each answer.
    pub timeout: Duration,
}

/// What there is of one object.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// Nothing yet. What the server would make of it is what is rendered: more would be the server's own words.
    Absent {
        notes: Vec<String>,
    },
    There {
        live: Value,
        /// The object once it is applied.
        applied: Value,
        /// By a dry run; otherwise by reading alone.
        by_dry_run: bool,
        /// Whether an autoscaler decides how many replicas it has.
        is_scaled: bool,
        notes: Vec<String>,
    },
    Failed(Failure),
}

/// Looks at objects, eight at a time; the answers in their order.
///
/// # Errors
/// Why nothing at all can be asked.
pub fn look(connection: &Connection, how: &How, objects: &[Value]) -> Result<(Cluster, Vec<Seen>), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| Failure::unreachable(format!("no connection can be made: {error}")))?;
    let looked = runtime.block_on(look::all(connection, how, objects));
    // A plugin that never ends must not hold us.
    runtime.shutdown_background();
    looked
}
