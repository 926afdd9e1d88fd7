//! Paths in the container.

use super::findings::Findings;
use crate::{key::Key, problem::Code};

/// What the kernel and the runtime keep for themselves; only shared memory can be mounted there.
const SYSTEM: &[&str] = &["/proc", "/sys", "/dev"];

/// A path that every target can mount something at: Kubernetes refuses `..` and `:`, and short forms of Compose end
/// at `:`.
pub fn check(path: &str, key: &Key, findings: &mut Findings<'_>) -> bool {
    let mut parts = path.split('/').skip(1);
    let plain = path.starts_with('/')
        && parts.all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(|c: char| c.is_control() || c == ':');
    let system = SYSTEM.iter().any(|system| is_inside(path, system)) && !is_inside(path, "/dev/shm");
    if !plain {
        findings.value(
            Code::BadPath,
            key,
            format!("`{path}` is not a plain absolute path"),
            "cannot be mounted",
            "write the path from `/` on, without a `/` at its end, `.`, `..`, `//`, `:` and control characters",
        );
    } else if system {
        findings.value(
            Code::BadPath,
            key,
            format!("`{path}` belongs to the system"),
            "cannot be mounted over",
            "choose another path, as in \"/tmp\"; of these, only \"/dev/shm\" can be had",
        );
    }
    plain && !system
}

/// Whether a path is another, or lies below it.
pub fn is_inside(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
