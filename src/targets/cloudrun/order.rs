//! Which containers of an instance start before others: sidecars one after another, then the process, as in a cluster. What
//! requests come to is the last, since it gets them as soon as it has started, whatever the others do.
//!
//! Source: Cloud Run documentation, "Deploying container images to services", "Start up order": a container is waited for
//! by its startup probe alone.

use std::collections::BTreeMap;

use super::{annotations::Own, part::Part, probes};
use crate::{key::Key, tree::Notes};

/// What says so; nothing where nobody is waited for. Knative has no such order.
pub fn order(part: &Part<'_>) -> Option<Own> {
    if part.is_knative() {
        return None;
    }
    let sidecars = || part.app.sidecars(part.process).map(|sidecar| part.beside(sidecar));
    let (entered, before): (Vec<Part<'_>>, Vec<Part<'_>>) = sidecars().partition(Part::is_entrance);
    let own = Part::new(part.app, part.process);
    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut started: Vec<String> = Vec::new();
    for one in before.iter().chain([&own]).chain(&entered) {
        needs.insert(one.container(), started.clone());
        let awaited = probes::startup(one, &mut Notes::default()).is_some();
        started.extend(awaited.then(|| one.container()));
    }
    needs.retain(|_, names| !names.is_empty());
    // What comes last is settled by where requests come to, and whoever has a port is asked.
    let settled = part.process.keys(&["service.to"]);
    let asked =
        [part.process].into_iter().filter(|process| process.port.is_none()).flat_map(|one| one.keys(&["probes"]));
    let of_sidecars = part.app.sidecar_keys(part.process);
    let keys = [vec![Key::new("name")], part.process.own_keys(), settled, asked.collect(), of_sidecars].concat();
    let value = serde_json::to_string(&needs).unwrap_or_default();
    (!needs.is_empty()).then(|| Own {
        name: "run.googleapis.com/container-dependencies",
        value,
        reason:
            "sidecars start before the process, and what requests come to when all others have: each waits for the \
                 startup probes of those before it"
                .into(),
        keys,
    })
}
