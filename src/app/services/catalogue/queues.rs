//! What hands messages on.

use super::{
    super::facts::{Database, Facts, Form::Whole, Health, Owner, Password, Release, Url, User},
    TMP, database, java, owner, release, scratch,
};
use crate::{
    app::{Bytes, Seconds},
    profile::BackingKind,
};

pub const RABBITMQ: Facts = Facts {
    kind: BackingKind::Rabbitmq,
    name: "rabbitmq",
    image: database("docker.io/library/rabbitmq", "-alpine", "4", 3),
    ports: &[5672],
    shown: &[5672],
    data: &[(0, "/var/lib/rabbitmq")],
    data_is_roots: false,
    user: Owner { uid: 100, gid: Some(101), elsewhere: Some((999, 999)) },
    env: &[
        ("RABBITMQ_DEFAULT_USER", "{user}"),
        // Its data lies in a folder of this name, which would else be that of the container, and change with it.
        ("RABBITMQ_NODENAME", "rabbit@localhost"),
    ],
    args: &[],
    // Its image refuses to start where a variable names a file.
    password: Password::Env("RABBITMQ_DEFAULT_PASS"),
    health: Health::Loopback(&["rabbitmq-diagnostics", "--quiet", "check_port_connectivity"]),
    within: Seconds(60),
    stop: Seconds(60),
    memory: Bytes::mebi(512),
    pids: 512,
    scratch: &[TMP],
    read_only: false,
    shm: None,
    url: Some(Url {
        schemes: &["amqp", "pyamqp"],
        user: User::App,
        // Without one it is `/` (AMQP URI specification).
        database: Database::None,
        query: "",
    }),
};

pub const NATS: Facts = Facts {
    kind: BackingKind::Nats,
    name: "nats",
    image: release("docker.io/library/nats", "-alpine", "2", 2),
    ports: &[4222, 8222],
    shown: &[4222],
    data: &[],
    data_is_roots: false,
    user: owner(10001, 10001),
    env: &[],
    // Not the configuration of the image, which opens a port for a cluster.
    args: &["--port=4222", "--http_port=8222"],
    password: Password::None,
    health: Health::Loopback(&["wget", "-q", "-T", "4", "-O", "/dev/null", "http://127.0.0.1:8222/healthz"]),
    within: Seconds(30),
    stop: Seconds(30),
    memory: Bytes::mebi(256),
    pids: 128,
    scratch: &[TMP],
    read_only: true,
    shm: None,
    url: Some(Url { schemes: &["nats"], user: User::Nobody, database: Database::None, query: "" }),
};

pub const KAFKA: Facts = Facts {
    kind: BackingKind::Kafka,
    name: "kafka",
    image: Release { form: Whole, ..release("docker.io/apache/kafka", "", "4.1.0", 4) },
    ports: &[9092],
    shown: &[9092],
    data: &[(0, "/var/lib/kafka/data")],
    data_is_roots: false,
    user: owner(1000, 1000),
    env: &[
        ("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://{host}:9092"),
        ("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
        ("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@127.0.0.1:9093"),
        ("KAFKA_HEAP_OPTS", "-Xms{heap} -Xmx{heap}"),
        ("KAFKA_LISTENERS", "PLAINTEXT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093"),
        ("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"),
        ("KAFKA_LOG_DIRS", "/var/lib/kafka/data"),
        ("KAFKA_NODE_ID", "1"),
        ("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
        ("KAFKA_PROCESS_ROLES", "broker,controller"),
        ("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
        ("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
    ],
    args: &[],
    password: Password::None,
    health: Health::Loopback(&["nc", "-z", "-w", "4", "127.0.0.1", "9092"]),
    within: Seconds(120),
    stop: Seconds(60),
    memory: Bytes::mebi(1024),
    pids: 512,
    // The last two are volumes of the image.
    scratch: &[java("/tmp", 64), scratch("/etc/kafka/secrets", 1), scratch("/mnt/shared/config", 1)],
    // It writes its configuration into /opt/kafka/config.
    read_only: false,
    shm: None,
    url: None,
};
