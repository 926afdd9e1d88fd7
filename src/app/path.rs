//! Paths in the container.

use std::{collections::BTreeSet, ops::Bound};

use super::findings::Findings;
use crate::{key::Key, problem::Code};

/// What the kernel and the runtime keep for themselves; only shared memory can be mounted there.
const SYSTEM: &[&str] = &["/proc", "/sys", "/dev"];

/// A path that every target can mount something at: Kubernetes refuses `..` and `:`, and short forms of Compose end
/// at `:`.
pub fn check(path: &str, key: &Key, findings: &mut Findings<'_>) -> bool {
    let misfit = misfit(path);
    if let Some((title, label, help)) = &misfit {
        findings.value(Code::BadPath, key, title, label, *help);
    }
    misfit.is_none()
}

/// The same of a path that is a key itself.
pub fn check_key(path: &str, key: &Key, findings: &mut Findings<'_>) -> bool {
    let misfit = misfit(path);
    if let Some((title, label, help)) = &misfit {
        findings.key(Code::BadPath, key, title, label, *help);
    }
    misfit.is_none()
}

/// Why nothing can be mounted there, in a title, a label and what to do.
fn misfit(path: &str) -> Option<(String, &'static str, &'static str)> {
    let mut parts = path.split('/').skip(1);
    let plain = path.starts_with('/')
        && parts.all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(|c: char| c.is_control() || c == ':');
    let system = SYSTEM.iter().any(|system| is_inside(path, system)) && !is_inside(path, "/dev/shm");
    if !plain {
        return Some((
            format!("`{path}` is not a plain absolute path"),
            "cannot be mounted",
            "write the path from `/` on, without a `/` at its end, `.`, `..`, `//`, `:` and control characters",
        ));
    }
    system.then(|| {
        (
            format!("`{path}` belongs to the system"),
            "cannot be mounted over",
            "choose another path, as in \"/tmp\"; of these, only \"/dev/shm\" can be had",
        )
    })
}

/// Whether a path is another, or lies below it.
pub fn is_inside(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Paths of which none lies inside another, in an order in which what lies inside a path follows it.
#[derive(Default)]
pub struct Apart(BTreeSet<String>);

impl Apart {
    /// Adds a path; whether it is one of those before it, lies inside one, or holds one.
    pub fn meets(&mut self, path: &str) -> bool {
        let path = in_order(path);
        if self.0.range(..=path.clone()).next_back().is_some_and(|outer| holds(outer, &path)) {
            return true;
        }
        // Whatever meets those inside meets this one too.
        let mut met = false;
        while let Some(inner) = first_inside(&self.0, &path).map(str::to_owned) {
            self.0.remove(&inner);
            met = true;
        }
        self.0.insert(path);
        met
    }
}

/// No character comes before a slash then, so that nothing stands between a path and what lies inside it.
fn in_order(path: &str) -> String {
    path.replace('/', "\0")
}

fn first_inside<'a>(paths: &'a BTreeSet<String>, path: &str) -> Option<&'a str> {
    paths
        .range::<str, _>((Bound::Included(path), Bound::Unbounded))
        .next()
        .map(String::as_str)
        .filter(|inner| holds(path, inner))
}

fn holds(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('\0'))
}
