//! What finds texts.

use super::{
    super::facts::{Database, Facts, Form::Whole, Health, Owner, Password, Release, Url, User},
    database, java, owner,
};
use crate::{
    app::{Bytes, Seconds},
    profile::BackingKind,
};

pub const ELASTICSEARCH: Facts = Facts {
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
};

pub const OPENSEARCH: Facts = Facts {
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
};
