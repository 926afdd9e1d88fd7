//! From the files of a project to a profile that renders.

mod any;
mod health;
mod image;
mod packages;
mod python;
mod services;
mod variables;
mod web;

use std::collections::BTreeMap;

use render::init::{self, Facts, Project, facts::Start};

use super::rendered::documents;

/// A project in a folder called `shop`.
fn project(files: &[(&str, &str)]) -> Project {
    // Only what would be read from a disk.
    let read = |path: &str| {
        path.split('/')
            .rev()
            .enumerate()
            .all(|(i, part)| if i == 0 { init::interest(path) != init::Interest::Nothing } else { init::enters(part) })
    };
    let parents = |path: &str| path.match_indices('/').map(|(at, _)| path[..at].to_owned()).collect::<Vec<_>>();
    let folders = files.iter().flat_map(|(path, _)| parents(path)).collect();
    let files = files.iter().filter(|(path, _)| read(path));
    let files: BTreeMap<String, String> = files.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Project { folder: "shop".into(), origin: None, is_repository: true, files, folders }
}

fn facts(files: &[(&str, &str)]) -> Facts {
    init::read(&project(files)).expect("a project")
}

/// The profile of a project, which renders everywhere.
fn profile(files: &[(&str, &str)]) -> String {
    let profile = init::profile(&facts(files));
    renders(&profile);
    profile
}

fn renders(profile: &str) {
    for (target, dev) in [("k8s", false), ("compose", false), ("compose", true)] {
        if let Err(told) = documents(target, profile, dev) {
            panic!("{target} (dev: {dev}): {told}\n{profile}");
        }
    }
}

/// What a server is given, and by which it is served.
fn server(facts: &Facts) -> (&str, &str, Vec<&str>) {
    match &facts.start {
        Start::Server(server) => {
            (server.kind.value, &server.app.value, server.args.iter().map(String::as_str).collect())
        }
        Start::Image => ("", "", Vec::new()),
    }
}

/// The value of a key of a profile, as it is written, without the words behind it.
fn line<'a>(profile: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = profile.lines().filter_map(|line| line.split_once(" = ").filter(|(name, _)| name.trim() == key));
    lines.next().map(|(_, value)| value.split("  #").next().unwrap_or(value).trim())
}

const FASTAPI: &str = "from fastapi import FastAPI\n\napp = FastAPI()\n";
