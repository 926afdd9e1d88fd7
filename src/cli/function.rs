//! `render fn`: a KRM function, from standard input to standard output.

use std::io::{self, Read};

use clap::Command;

use super::{Exit, say};
use crate::{deliver, krm};

pub const FN: &str = "fn";

/// The name of the program by which it is this function: orchestrators run functions without arguments.
pub const PROGRAM: &str = "render-fn";

/// No list is larger; what is, is not read to its end.
const MOST_BYTES: u64 = 256 << 20;

pub fn command() -> Command {
    let (api, kind) = krm::API;
    Command::new(FN)
        .about("A KRM function for kpt and kustomize: ResourceList in, ResourceList out")
        .long_about(
            "A KRM function for kpt and kustomize: a ResourceList on standard input, with the objects of its profile on \
             standard output. It takes no arguments, and is run by the name `render-fn`, too.",
        )
        .after_help(format!(
            "The functionConfig has the profile, key by key, as `spec`:\n\n  \
             apiVersion: {api}\n  kind: {kind}\n  metadata:\n    name: orders\n  \
             options:            # all of them optional\n    env: prod\n    target: k8s       # or cloudrun\n    \
             paths: false      # leave out which files new objects belong into\n  \
             spec:\n    image: ghcr.io/acme/orders:1.4.2\n\n\
             Or it is a ConfigMap with a `profile.toml`, and `env`, `target` and `paths`, among its data."
        ))
}

pub fn run() -> Exit {
    let mut bytes = Vec::new();
    if let Err(error) = io::stdin().lock().take(MOST_BYTES).read_to_end(&mut bytes) {
        say::error(format!("standard input cannot be read: {error}"));
        return Exit::Wrong;
    }
    let Ok(text) = String::from_utf8(bytes) else {
        say::error("standard input is not UTF-8, so it is no ResourceList");
        return Exit::Wrong;
    };
    let answer = krm::run(&text);
    answer.told.iter().for_each(|(_, text)| say::told(text));
    if let Some(list) = &answer.list
        && let Err(error) = deliver::pass(list, &mut io::stdout().lock())
    {
        say::error(error);
        return Exit::Wrong;
    }
    if answer.is_error() { Exit::Wrong } else { Exit::Done }
}
