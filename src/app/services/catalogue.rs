//! The backing services that are known: one table, checked against the sources of their images (Dockerfile and entry
//! point of August 2026, unless a line says otherwise).

use super::facts::{
    Database, Facts,
    Form::{Any, Free, Whole},
    Health, Owner, Password, Release, Scratch, Url, User,
};
use crate::{
    app::{Bytes, Seconds},
    profile::BackingKind,
};

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
    Facts {
        kind: BackingKind::Postgres,
        name: "postgres",
        image: database("docker.io/library/postgres", "-alpine", "18", 13),
        ports: &[5432],
        shown: &[5432],
        // From 18 on the data lies in a folder of its version below the volume.
        data: &[(18, "/var/lib/postgresql"), (0, "/var/lib/postgresql/data")],
        data_is_roots: false,
        user: Owner { uid: 70, gid: Some(70), elsewhere: Some((999, 999)) },
        env: &[("POSTGRES_DB", "{name}"), ("POSTGRES_USER", "{user}")],
        args: &[],
        password: Password::File(&["POSTGRES_PASSWORD_FILE"]),
        // The server that sets the database up listens on its socket alone.
        health: Health::Loopback(&[
            "pg_isready",
            "--quiet",
            "--host=127.0.0.1",
            "--username={user}",
            "--dbname={name}",
        ]),
        within: Seconds(60),
        stop: Seconds(60),
        memory: Bytes::mebi(512),
        pids: 256,
        scratch: &[TMP, scratch("/var/run/postgresql", 1)],
        read_only: true,
        // Workers of a parallel query share it.
        shm: Some(Bytes::mebi(128)),
        url: Some(Url {
            schemes: &["postgresql", "postgres", "postgis", "ecto"],
            user: User::App,
            database: Database::App,
            query: "",
        }),
    },
    Facts {
        kind: BackingKind::Mysql,
        name: "mysql",
        image: database("docker.io/library/mysql", "", "8.4", 8),
        ports: &[3306],
        shown: &[3306],
        data: &[(0, "/var/lib/mysql")],
        data_is_roots: false,
        user: owner(999, 999),
        env: &[("MYSQL_DATABASE", "{name}"), ("MYSQL_ROOT_HOST", "localhost"), ("MYSQL_USER", "{user}")],
        args: &[],
        password: Password::File(&["MYSQL_PASSWORD_FILE", "MYSQL_ROOT_PASSWORD_FILE"]),
        // It answers to whom it does not let in, too. The server that sets the database up has no network.
        health: Health::Loopback(&["mysqladmin", "ping", "--host=127.0.0.1", "--silent"]),
        within: Seconds(120),
        stop: Seconds(60),
        memory: Bytes::mebi(1024),
        pids: 512,
        scratch: &[TMP, scratch("/var/run/mysqld", 1)],
        read_only: true,
        shm: None,
        url: Some(Url {
            schemes: &["mysql", "mariadb", "mysql2"],
            user: User::App,
            database: Database::App,
            query: "",
        }),
    },
    Facts {
        kind: BackingKind::Mariadb,
        name: "mariadb",
        image: database("docker.io/library/mariadb", "", "11.8", 10),
        ports: &[3306],
        shown: &[3306],
        data: &[(0, "/var/lib/mysql")],
        data_is_roots: false,
        user: owner(999, 999),
        env: &[("MARIADB_DATABASE", "{name}"), ("MARIADB_ROOT_HOST", "localhost"), ("MARIADB_USER", "{user}")],
        args: &[],
        password: Password::File(&["MARIADB_PASSWORD_FILE", "MARIADB_ROOT_PASSWORD_FILE"]),
        health: Health::Loopback(&["healthcheck.sh", "--connect", "--innodb_initialized"]),
        within: Seconds(120),
        stop: Seconds(60),
        memory: Bytes::mebi(512),
        pids: 512,
        scratch: &[TMP, scratch("/run/mysqld", 1)],
        read_only: true,
        shm: None,
        url: Some(Url {
            schemes: &["mysql", "mariadb", "mysql2"],
            user: User::App,
            database: Database::App,
            query: "",
        }),
    },
    Facts {
        kind: BackingKind::Mongodb,
        name: "mongodb",
        image: database("docker.io/library/mongo", "", "8.0", 6),
        ports: &[27017],
        shown: &[27017],
        data: &[(0, "/data/db")],
        data_is_roots: false,
        user: owner(999, 999),
        env: &[("MONGO_INITDB_DATABASE", "{name}"), ("MONGO_INITDB_ROOT_USERNAME", "{user}")],
        args: &[],
        password: Password::File(&["MONGO_INITDB_ROOT_PASSWORD_FILE"]),
        // The server that sets the users up listens on the loopback.
        health: Health::Host(&[
            "mongosh",
            "--quiet",
            "--host={host}",
            "--eval",
            "quit(db.runCommand({ ping: 1 }).ok ? 0 : 1)",
        ]),
        within: Seconds(60),
        stop: Seconds(60),
        memory: Bytes::mebi(1024),
        pids: 512,
        // The second is a volume of the image, which would be left behind by every container.
        scratch: &[TMP, scratch("/data/configdb", 1)],
        read_only: true,
        shm: None,
        url: Some(Url {
            schemes: &["mongodb"],
            user: User::App,
            database: Database::App,
            // Users are kept in a database of their own.
            query: "?authSource=admin",
        }),
    },
    Facts {
        kind: BackingKind::Redis,
        name: "redis",
        // `-e`, without which its client never fails, is of 7.0.
        image: release("docker.io/library/redis", "-alpine", "8", 7),
        ports: &[6379],
        shown: &[6379],
        data: &[(0, "/data")],
        data_is_roots: false,
        user: Owner { uid: 999, gid: Some(1000), elsewhere: Some((999, 999)) },
        env: &[],
        args: &["--appendonly", "yes"],
        password: Password::None,
        health: Health::Loopback(&["redis-cli", "-e", "-h", "127.0.0.1", "ping"]),
        within: Seconds(30),
        stop: Seconds(30),
        memory: Bytes::mebi(256),
        pids: 128,
        scratch: &[],
        read_only: true,
        shm: None,
        url: Some(Url { schemes: &["redis"], user: User::Nobody, database: Database::Else("0"), query: "" }),
    },
    Facts {
        kind: BackingKind::Valkey,
        name: "valkey",
        image: release("docker.io/valkey/valkey", "-alpine", "9", 7),
        ports: &[6379],
        shown: &[6379],
        data: &[(0, "/data")],
        data_is_roots: false,
        user: Owner { uid: 999, gid: Some(1000), elsewhere: Some((999, 999)) },
        env: &[],
        args: &["--appendonly", "yes"],
        password: Password::None,
        health: Health::Loopback(&["valkey-cli", "-e", "-h", "127.0.0.1", "ping"]),
        within: Seconds(30),
        stop: Seconds(30),
        memory: Bytes::mebi(256),
        pids: 128,
        scratch: &[],
        read_only: true,
        shm: None,
        // Its clients are those of Redis.
        url: Some(Url { schemes: &["redis", "valkey"], user: User::Nobody, database: Database::Else("0"), query: "" }),
    },
    Facts {
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
    },
    Facts {
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
    },
    Facts {
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
    },
    Facts {
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
    },
    Facts {
        kind: BackingKind::Elasticsearch,
        name: "elasticsearch",
        image: Release { form: Whole, ..database("docker.elastic.co/elasticsearch/elasticsearch", "", "9.4.5", 8) },
        ports: &[9200],
        shown: &[9200],
        data: &[(0, "/usr/share/elasticsearch/data")],
        data_is_roots: false,
        // In the image its user is of root's group too, to which the configuration belongs.
        user: Owner { uid: 1000, gid: None, elsewhere: None },
        env: &[
            ("ES_JAVA_OPTS", "-Xms{heap} -Xmx{heap}"),
            ("discovery.type", "single-node"),
            ("xpack.security.enabled", "true"),
            ("xpack.security.http.ssl.enabled", "false"),
        ],
        args: &[],
        // From a file that others may read it takes none, and a group is others.
        password: Password::Env("ELASTIC_PASSWORD"),
        // An answer that asks who one is, is an answer.
        health: Health::Loopback(&["curl", "-sS", "-m", "4", "-o", "/dev/null", "http://127.0.0.1:9200"]),
        within: Seconds(120),
        stop: Seconds(60),
        memory: Bytes::mebi(2048),
        pids: 1024,
        scratch: &[java("/tmp", 64)],
        // It keeps its keys beside its configuration.
        read_only: false,
        shm: None,
        url: Some(Url { schemes: &["http"], user: User::Fixed("elastic"), database: Database::None, query: "" }),
    },
    Facts {
        kind: BackingKind::Opensearch,
        name: "opensearch",
        image: database("docker.io/opensearchproject/opensearch", "", "3", 2),
        ports: &[9200],
        shown: &[9200],
        data: &[(0, "/usr/share/opensearch/data")],
        data_is_roots: false,
        user: owner(1000, 1000),
        env: &[
            ("DISABLE_INSTALL_DEMO_CONFIG", "true"),
            ("DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI", "true"),
            // With it there are certificates that nobody trusts; who is on its network may use it.
            ("DISABLE_SECURITY_PLUGIN", "true"),
            ("OPENSEARCH_JAVA_OPTS", "-Xms{heap} -Xmx{heap}"),
            ("discovery.type", "single-node"),
        ],
        args: &[],
        password: Password::None,
        health: Health::Loopback(&["curl", "-fsS", "-m", "4", "-o", "/dev/null", "http://127.0.0.1:9200"]),
        within: Seconds(120),
        stop: Seconds(60),
        memory: Bytes::mebi(2048),
        pids: 1024,
        scratch: &[java("/tmp", 64)],
        // It writes keys and logs beside its programs.
        read_only: false,
        shm: None,
        url: Some(Url { schemes: &["http"], user: User::Nobody, database: Database::None, query: "" }),
    },
    Facts {
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
    },
];
