//! Companions: what they are called, what they wait for, and that no cluster runs them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    app::{App, Companion, Process, Runtime, findings::Findings},
    key::Key,
    problem::{Code, near::meant},
};

/// What holds wherever they stand.
pub(super) fn check(app: &App, findings: &mut Findings<'_>) {
    let taken = names(app);
    let mut circles = BTreeSet::new();
    for one in &app.companions {
        named(one, &taken, findings);
        known(app, one, findings);
        circle(app, one, &mut circles, findings);
    }
}

/// Every name of a service of Compose, and those by which others call what is a part of the app.
fn names(app: &App) -> BTreeMap<String, Key> {
    let mut names = BTreeMap::new();
    for process in app.everything() {
        let workload = app.workload(process);
        let beside = app.pod(process).skip(1).map(|one| (format!("{workload}-{}", one.name), one));
        let own = [(workload.clone(), process), (process.name.clone(), process)];
        for (name, one) in own.into_iter().chain(beside) {
            names.entry(name).or_insert_with(|| one.at.clone());
        }
    }
    for backing in &app.services {
        names.entry(backing.name().to_owned()).or_insert_with(|| backing.at().clone());
    }
    names
}

fn named(one: &Companion, taken: &BTreeMap<String, Key>, findings: &mut Findings<'_>) {
    let name = &one.process.name;
    let Some(other) = taken.get(name) else { return };
    // The main process has no table.
    let other = if *other == Key::ROOT { &Key::new("name") } else { other };
    findings.pair(
        Code::BadName,
        (&one.process.at, "this companion"),
        (other, "has the name already"),
        format!("`{name}` is the name of a part of the app already"),
        "give the companion another name: it is the whole name of its service",
    );
}

/// Whoever waits, waits for something that there is.
fn known(app: &App, one: &Companion, findings: &mut Findings<'_>) {
    let others = app.companions.iter().filter(|other| other.process.at != one.process.at);
    let processes = app.processes.iter().map(|process| process.name.as_str());
    let services = app.services.iter().map(|backing| backing.name());
    let names: Vec<&str> = services.chain(processes).chain(others.map(|other| other.process.name.as_str())).collect();
    for (i, name) in one.needs.iter().enumerate().filter(|(_, name)| !names.contains(&name.as_str())) {
        let title = format!("there is no service, process or companion `{name}` for `{}` to need", one.process.name);
        findings.value(
            Code::BadReference,
            &one.process.key("needs").child(i.to_string()),
            title,
            "nothing",
            meant(name, &names),
        );
    }
}

/// Who waits for itself never starts. Told once, by the first of a circle.
fn circle(app: &App, one: &Companion, seen: &mut BTreeSet<Key>, findings: &mut Findings<'_>) {
    let mut line = vec![one];
    let mut done = BTreeSet::new();
    while let Some(at) = line.pop() {
        for next in app.companions.iter().filter(|other| at.needs.contains(&other.process.name)) {
            // One that needs itself is told to be unknown.
            if next.process.at == one.process.at && at.process.at != one.process.at && !seen.contains(&one.process.at) {
                let title = format!("the companion `{}` waits for itself", one.process.name);
                let help = "let one of them start first";
                findings.value(Code::BadReference, &one.process.key("needs"), title, "leads back", help);
                seen.extend(done.iter().cloned());
                seen.insert(at.process.at.clone());
                return;
            }
            if done.insert(next.process.at.clone()) {
                line.push(next);
            }
        }
    }
}

/// A companion that waits for another where that does not stand.
pub(super) fn on_host(app: &App, runtime: Runtime, findings: &mut Findings<'_>) {
    let standing: BTreeSet<&Key> = app.companions(runtime).map(|one| &one.process.at).collect();
    for one in app.companions(runtime) {
        for (i, name) in one.needs.iter().enumerate() {
            let other = app.companions.iter().find(|other| other.process.name == *name);
            let Some(other) = other.filter(|other| !standing.contains(&other.process.at)) else { continue };
            findings.pair(
                Code::Conflict,
                (&one.process.key("needs").child(i.to_string()), "waits for it"),
                (&other.process.key("only"), "stands elsewhere alone"),
                format!("`{}` needs `{name}`, which does not stand here", one.process.name),
                format!("give `{}` an `only` like that of `{name}`, or drop it here", one.process.name),
            );
        }
    }
}

/// Nobody is to look for them in vain. What is for development is missed nowhere else.
pub(super) fn elsewhere(app: &App, runtime: Runtime, findings: &mut Findings<'_>) {
    for Companion { process: Process { at, name, .. }, .. } in app.companions(runtime) {
        findings.key(
            Code::NoCompanion,
            at,
            format!("`{name}` stands on Compose alone, and is not rendered here"),
            "a companion",
            format!(
                "what a cluster is to run is a process with an image of its own, `[processes.{name}]`; what is for \
                 development alone says `only = [\"dev\"]`"
            ),
        );
    }
}
