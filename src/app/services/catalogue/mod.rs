//! The backing services that are known: one table, checked against the sources of their images (Dockerfile and entry
//! point of August 2026, unless a line says otherwise).

mod databases;
mod others;
mod queues;
mod search;

use super::facts::{Facts, Form::Any, Owner, Release, Scratch};
use crate::{app::Bytes, profile::BackingKind};

pub fn facts(kind: BackingKind) -> &'static Facts {
    CATALOGUE.iter().find(|facts| facts.kind == kind).expect("a test finds every kind")
}

const TMP: Scratch = scratch("/tmp", 64);

const fn scratch(path: &'static str, mebi: u64) -> Scratch {
    Scratch { path, size: Bytes::mebi(mebi), exec: false }
}

/// Java unpacks libraries into it, and runs them.
const fn java(path: &'static str, mebi: u64) -> Scratch {
    Scratch { path, size: Bytes::mebi(mebi), exec: true }
}

const fn owner(uid: u32, gid: u32) -> Owner {
    Owner { uid, gid: Some(gid), elsewhere: None }
}

const fn release(repository: &'static str, suffix: &'static str, default: &'static str, oldest: u32) -> Release {
    Release { repository, prefix: "", suffix, default, form: Any, oldest, migrates: false }
}

/// A database whose files only one major version reads.
const fn database(repository: &'static str, suffix: &'static str, default: &'static str, oldest: u32) -> Release {
    Release { migrates: true, ..release(repository, suffix, default, oldest) }
}

/// By the name of the kind, in the order of the manual.
pub const CATALOGUE: &[Facts] = &[
    databases::POSTGRES,
    databases::MYSQL,
    databases::MARIADB,
    databases::MONGODB,
    databases::REDIS,
    databases::VALKEY,
    queues::RABBITMQ,
    queues::NATS,
    queues::KAFKA,
    others::MINIO,
    search::ELASTICSEARCH,
    search::OPENSEARCH,
    others::MAILPIT,
];
