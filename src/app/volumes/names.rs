//! Who is named by `for`: whether it is there, and knows the volume.

use std::collections::BTreeSet;

use crate::{
    app::{defaults, findings::Findings},
    key::Key,
    problem::{Code, near::meant},
    profile::{self, Profile, VolumeName},
};

/// Everything beside the main process, by its kind and name.
fn workloads(profile: &Profile) -> Vec<(&'static str, &str, &profile::Process)> {
    let Profile { processes, jobs, crons, sidecars, inits, companions, .. } = profile;
    let processes = processes.iter().flatten().map(|(name, one)| ("processes", name.0.as_str(), &one.process));
    let jobs = jobs.iter().flatten().map(|(name, one)| ("jobs", name.0.as_str(), &one.keys.process));
    let crons = crons.iter().flatten().map(|(name, one)| ("crons", name.0.as_str(), &one.keys.process));
    let sidecars = sidecars.iter().flat_map(|all| &all.0);
    let sidecars = sidecars.map(|(name, one)| ("sidecars", name.0.as_str(), &one.process));
    let inits = inits.iter().flat_map(|all| &all.0);
    let inits = inits.map(|(name, one)| ("inits", name.0.as_str(), &one.process));
    let companions = companions.iter().flatten().map(|(name, one)| ("companions", name.0.as_str(), &one.process));
    processes.chain(jobs).chain(crons).chain(sidecars).chain(inits).chain(companions).collect()
}

/// `for` names processes that are there. Called once for all, since what is shared is in every table.
pub fn check_names(profile: &Profile, findings: &mut Findings<'_>) {
    let main = profile.main.as_deref().unwrap_or(defaults::MAIN);
    let all = workloads(profile);
    let names: Vec<&str> = std::iter::once(main).chain(all.iter().map(|(_, name, _)| *name)).collect();
    let own = all.iter().map(|(kind, name, process)| (Key::new(kind).child(*name).below("volumes"), *process));
    let tables = std::iter::once((Key::new("volumes"), &profile.process)).chain(own);
    let mut seen = BTreeSet::new();
    for (table, process) in tables {
        for (VolumeName(volume), wanted) in process.volumes.iter().flatten() {
            let list = table.child(volume).below("for");
            let Some(place) = findings.provenance.value(&list) else { continue };
            let Some(wanted) = wanted.for_.as_ref().filter(|_| seen.insert((place.source, place.range.start))) else {
                continue;
            };
            findings.twice(&list, wanted);
            for (i, name) in wanted.iter().enumerate() {
                if names.contains(&name.as_str()) {
                    let user = all.iter().find(|(_, other, _)| other == name);
                    let (at, user) = user.map_or((Key::ROOT, &profile.process), |(kind, name, process)| {
                        (Key::new(kind).child(*name), *process)
                    });
                    nowhere((volume, name), &list.child(i.to_string()), (&at, user), findings);
                    continue;
                }
                let help = meant(name, &names);
                let title = format!("`{volume}` is for `{name}`, which is nothing of this app");
                findings.value(Code::BadReference, &list.child(i.to_string()), title, "no process, job or cron", help);
            }
        }
    }
}

/// A volume that one workload has to itself, and that is for another.
fn nowhere(
    (volume, name): (&str, &str),
    key: &Key,
    (at, user): (&Key, &profile::Process),
    findings: &mut Findings<'_>,
) {
    let own = at.below("volumes").child(volume);
    let mounts = user.volumes.iter().flatten().any(|(one, wanted)| {
        one.0 == volume && wanted.for_.as_ref().is_none_or(|names| names.iter().any(|other| other == name))
    });
    if !mounts && !findings.provenance.removed.contains(&own) {
        findings.value(
            Code::BadReference,
            key,
            format!("`{name}` knows nothing of the volume `{volume}` that is for it"),
            "would not be mounted there",
            "describe what several mount once, in the `[volumes]` of the app",
        );
    }
}
