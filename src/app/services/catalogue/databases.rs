//! What keeps records, and gives them back by their keys.

use super::{
    super::facts::{Database, Facts, Health, Owner, Password, Url, User},
    TMP, database, owner, release, scratch,
};
use crate::{
    app::{Bytes, Seconds},
    profile::BackingKind,
};

pub const POSTGRES: Facts = Facts {
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
    health: Health::Loopback(&["pg_isready", "--quiet", "--host=127.0.0.1", "--username={user}", "--dbname={name}"]),
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
};

pub const MYSQL: Facts = Facts {
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
    url: Some(Url { schemes: &["mysql", "mariadb", "mysql2"], user: User::App, database: Database::App, query: "" }),
};

pub const MARIADB: Facts = Facts {
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
    url: MYSQL.url,
};

pub const MONGODB: Facts = Facts {
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
};

pub const REDIS: Facts = Facts {
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
};

/// Redis, as it goes on elsewhere.
pub const VALKEY: Facts = Facts {
    kind: BackingKind::Valkey,
    name: "valkey",
    image: release("docker.io/valkey/valkey", "-alpine", "9", 7),
    health: Health::Loopback(&["valkey-cli", "-e", "-h", "127.0.0.1", "ping"]),
    // Its clients are those of Redis.
    url: Some(Url { schemes: &["redis", "valkey"], user: User::Nobody, database: Database::Else("0"), query: "" }),
    ..REDIS
};
