//! What containers of one pod have to keep apart, and what they stand beside.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    app::{App, Attached, Process, findings::Findings},
    key::Key,
    problem::{Code, near::meant},
    profile::Protocol,
};

/// What every runtime shares: on a single host they have one network too.
pub(super) fn check(app: &App, findings: &mut Findings<'_>) {
    for one in app.sidecars.iter().chain(&app.inits) {
        known(app, one, findings);
        named(app, &one.process, findings);
    }
    let mut reported = BTreeSet::new();
    for process in app.everything() {
        ports(app, process, &mut reported, findings);
    }
}

/// They stand beside something that there is.
fn known(app: &App, Attached { process, with }: &Attached, findings: &mut Findings<'_>) {
    let names: Vec<&str> = app.everything().map(|process| process.name.as_str()).collect();
    for (i, name) in with.iter().enumerate().filter(|(_, name)| !names.contains(&name.as_str())) {
        let title = format!("there is no process, job or cron `{name}` for `{}` to be with", process.name);
        findings.value(
            Code::BadReference,
            &process.key("with").child(i.to_string()),
            title,
            "nobody",
            meant(name, &names),
        );
    }
}

/// Containers of a pod differ in their names, and those that fill volumes have names of ours.
fn named(app: &App, process: &Process, findings: &mut Findings<'_>) {
    let name = &process.name;
    let own = app.everything().find(|other| app.workload(other) == *name);
    let help = "give it another name";
    if let Some(other) = own {
        let title = format!("`{name}` is what the container of `{}` is called", other.name);
        findings.key(Code::BadName, &process.at, title, "taken in its pod", help);
    } else if name.starts_with("seed-") {
        let title = format!("`{name}` is called as containers are that fill volumes");
        findings.key(Code::BadName, &process.at, title, "a name of the renderer", help);
    }
}

/// A port of a pod: its name there, its number, and its key.
type Port = (String, (u16, bool), Key);

/// One network has each port once.
fn ports(app: &App, process: &Process, reported: &mut BTreeSet<Key>, findings: &mut Findings<'_>) {
    let mut numbers: BTreeMap<(u16, bool), Key> = BTreeMap::new();
    let mut names: BTreeMap<String, Key> = BTreeMap::new();
    for one in app.pod(process) {
        for (name, number, key) in declared(one) {
            let taken = numbers.get(&number).map(|other| (other, format!("port {} is taken in this pod", number.0)));
            let called = names.get(&name).map(|other| (other, format!("another port of this pod is called `{name}`")));
            // Those of one container are told apart already.
            let other = taken.or(called).filter(|(other, _)| !one.at.covers(other));
            if let Some((other, title)) = other.filter(|_| reported.insert(key.clone())) {
                let help = "the containers of a pod have one network: give each port a number and a name of its own; a \
                            sidecar's `port` is called as the sidecar";
                findings.pair(Code::BadPort, (&key, "this one"), (other, "and this one"), title, help);
            }
            numbers.entry(number).or_insert_with(|| key.clone());
            names.entry(name).or_insert(key);
        }
    }
}

fn declared(process: &Process) -> Vec<Port> {
    let main = process
        .port
        .map(|number| (process.main_port_name().into_owned(), (number, true), process.key("port")))
        .into_iter();
    let named = process.ports.iter().map(|port| {
        (port.name.clone(), (port.number, port.protocol == Protocol::Tcp), process.key("ports").child(&port.name))
    });
    main.chain(named).collect()
}
