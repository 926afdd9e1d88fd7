//! Objects in buckets, and mail that is caught.

use super::{
    super::facts::{Database, Facts, Form::Free, Health, Password, Release, Url, User},
    TMP, owner, release,
};
use crate::{
    app::{Bytes, Seconds},
    profile::BackingKind,
};

pub const MINIO: Facts = Facts {
    kind: BackingKind::Minio,
    name: "minio",
    // The last release of which there is an image.
    image: Release { form: Free, ..release("docker.io/minio/minio", "", "RELEASE.2025-09-07T16-13-09Z", 0) },
    ports: &[9000, 9001],
    shown: &[9000, 9001],
    data: &[(0, "/data")],
    // A folder that its image does not make, so that Docker does.
    data_is_roots: true,
    user: owner(10001, 10001),
    env: &[("MINIO_ROOT_USER", "{user}")],
    args: &["server", "/data", "--console-address", ":9001"],
    password: Password::File(&["MINIO_ROOT_PASSWORD_FILE"]),
    health: Health::Loopback(&[
        "curl",
        "-fsS",
        "-m",
        "4",
        "-o",
        "/dev/null",
        "http://127.0.0.1:9000/minio/health/live",
    ]),
    within: Seconds(60),
    stop: Seconds(30),
    memory: Bytes::mebi(512),
    pids: 512,
    scratch: &[TMP],
    read_only: true,
    shm: None,
    // Clients take its address and its keys apart.
    url: Some(Url { schemes: &["http"], user: User::Apart, database: Database::None, query: "" }),
};

pub const MAILPIT: Facts = Facts {
    kind: BackingKind::Mailpit,
    name: "mailpit",
    image: Release { prefix: "v", ..release("docker.io/axllent/mailpit", "", "1.27", 1) },
    ports: &[1025, 8025],
    shown: &[8025, 1025],
    data: &[],
    data_is_roots: false,
    user: owner(10001, 10001),
    env: &[],
    args: &[],
    password: Password::None,
    health: Health::Loopback(&["/mailpit", "readyz"]),
    within: Seconds(30),
    stop: Seconds(10),
    memory: Bytes::mebi(128),
    pids: 64,
    // What is caught lies there.
    scratch: &[TMP],
    read_only: true,
    shm: None,
    url: Some(Url { schemes: &["smtp"], user: User::Nobody, database: Database::None, query: "" }),
};
