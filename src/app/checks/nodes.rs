//! Nodes that are chosen for one process, and that others get with it.

use std::collections::BTreeSet;

use crate::{
    app::{App, Process, findings::Findings},
    key::Key,
    problem::Code,
};

/// Labels that tell what a node is, and not what it is for (Kubernetes, "Well-Known Labels, Annotations and Taints").
const COMMON: &[&str] = &["kubernetes.io/arch", "kubernetes.io/os", "topology.kubernetes.io/"];

/// Where pods run is shared, and nodes with GPUs are dear.
pub(super) fn check(app: &App, findings: &mut Findings<'_>) {
    let has_gpu = |process: &Process| {
        let sidecars = app.sidecars(process);
        std::iter::once(process).chain(sidecars).any(|one| one.resources.gpu.is_some())
    };
    let (with, without): (Vec<&Process>, Vec<&Process>) = app.everything().partition(|process| has_gpu(process));
    let mut told = BTreeSet::new();
    for process in with {
        for (table, one, several) in
            [("k8s.node_selector", "runs on", "run on"), ("k8s.tolerations", "may run on", "may run on")]
        {
            let same =
                |other: &&Process| chosen(process, table).iter().any(|key| is_same(process, other, key, findings));
            let others: Vec<&&Process> = without.iter().filter(|other| same(other)).collect();
            let key = process.key(table);
            let span = findings.provenance.value(&key).map(|span| (span.source, span.range.start));
            if others.is_empty() || !told.insert(span) {
                continue;
            }
            let names: Vec<String> = others.iter().map(|other| format!("`{}`", other.name)).collect();
            let name = &process.name;
            let (have, verb) = if names.len() == 1 { ("has", one) } else { ("have", several) };
            findings.key(
                Code::GpuNodes,
                &key,
                format!("{} {have} no GPU, and {verb} the nodes that are chosen for `{name}`", names.join(", ")),
                "shared by all that run",
                format!("let `{name}` have it to itself, in `[processes.{name}.k8s]`"),
            );
        }
    }
}

/// What chooses nodes of its own: each label, or all tolerations, relative to the process.
fn chosen(process: &Process, table: &'static str) -> Vec<Key> {
    let relative = table.split('.').fold(Key::ROOT, |key, part| key.child(part));
    match table {
        "k8s.node_selector" => {
            let own = |name: &&String| COMMON.iter().all(|common| !name.starts_with(common));
            process.k8s.node_selector.keys().filter(own).map(|name| relative.child(name)).collect()
        }
        _ if process.k8s.tolerations.is_empty() => Vec::new(),
        _ => vec![relative],
    }
}

/// Whether two processes have a key from one place.
fn is_same(one: &Process, other: &Process, key: &Key, findings: &Findings<'_>) -> bool {
    let at = |process: &Process| key.segments().fold(process.at.clone(), |at, part| at.child(part));
    let (one, other) = (at(one), at(other));
    findings.provenance.sets(&other) && findings.provenance.value(&one) == findings.provenance.value(&other)
}
