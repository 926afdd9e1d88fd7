//! From the names of variables, and the values that they had, to what they are told of services.

use super::{is_cache, is_sql};
use crate::{
    app::{CATALOGUE, Field},
    init::facts::Backing,
};

/// Words in names of variables, and the kinds that they speak of.
const WORDS: &[(&str, &[&str])] = &[
    ("SQLALCHEMY", &["postgres", "mysql", "mariadb"]),
    ("DATABASE", &["postgres", "mysql", "mariadb", "mongodb"]),
    ("DB", &["postgres", "mysql", "mariadb", "mongodb"]),
    ("SQL", &["postgres", "mysql", "mariadb"]),
    ("POSTGRES", &["postgres"]),
    ("POSTGRESQL", &["postgres"]),
    ("PG", &["postgres"]),
    ("MYSQL", &["mysql", "mariadb"]),
    ("MARIADB", &["mysql", "mariadb"]),
    ("MONGO", &["mongodb"]),
    ("MONGODB", &["mongodb"]),
    ("REDIS", &["redis", "valkey"]),
    ("VALKEY", &["valkey", "redis"]),
    ("RABBITMQ", &["rabbitmq"]),
    ("RABBIT", &["rabbitmq"]),
    ("AMQP", &["rabbitmq"]),
    ("BROKER", &["rabbitmq", "redis", "valkey", "kafka"]),
    ("CELERY", &["rabbitmq", "redis", "valkey"]),
    ("CACHE", &["redis", "valkey"]),
    ("KAFKA", &["kafka"]),
    ("NATS", &["nats"]),
    ("MINIO", &["minio"]),
    ("S3", &["minio"]),
    ("ELASTICSEARCH", &["elasticsearch"]),
    ("ELASTIC", &["elasticsearch"]),
    ("ES", &["elasticsearch"]),
    ("OPENSEARCH", &["opensearch"]),
];

/// What of a service a variable is told, by how its name ends. `PG` is libpq's way to write it in one word.
const PARTS: &[(&[&str], Field)] = &[
    (&["URL", "URI", "DSN"], Field::Url),
    (&["HOST", "HOSTNAME", "SERVER", "ADDRESS", "PGHOST"], Field::Host),
    (&["PORT", "PGPORT"], Field::Port),
    (&["USER", "USERNAME", "PGUSER"], Field::User),
    (&["PASSWORD", "PASS", "PASSWD", "PWD", "PGPASSWORD"], Field::Password),
    (&["DB", "DATABASE", "NAME", "DBNAME", "PGDATABASE"], Field::Name),
];

/// Words in names of variables that do not say what they are about.
const NEUTRAL: &[&str] = &[
    "ASYNC",
    "BOOTSTRAP",
    "CONNECTION",
    "DEFAULT",
    "LIMIT",
    "LIMITER",
    "MAIN",
    "PRIMARY",
    "QUEUE",
    "RATE",
    "READER",
    "RESULT",
    "SESSION",
    "SYNC",
    "WRITER",
];

/// The kinds that a variable speaks of, by its name, those of the word that says the most.
fn kinds(variable: &str) -> Option<&'static [&'static str]> {
    let words: Vec<&str> = variable.split('_').filter(|word| !word.is_empty()).collect();
    let (last, before) = words.split_last()?;
    if words.iter().any(|word| matches!(*word, "TEST" | "TESTING" | "TESTS")) {
        return None;
    }
    let own = (last.starts_with("PG") && last.len() > 2).then_some("PG");
    let known = |word: &str| WORDS.iter().find(|(known, _)| *known == word).map(|(_, kinds)| *kinds);
    // What comes first may be the app's name. What follows the known word says that it is about something else.
    let start = before.iter().position(|word| known(word).is_some()).unwrap_or(before.len());
    let strange = before[start..].iter().any(|word| known(word).is_none() && !NEUTRAL.contains(word));
    let words = own.into_iter().chain(before[start..].iter().copied()).filter(|_| !strange);
    words.filter_map(known).min_by_key(|kinds| kinds.len())
}

/// Whether a variable speaks of a service that is none of these.
pub fn is_of_another(variable: &str, services: &[Backing]) -> bool {
    kinds(variable).is_some_and(|kinds| !services.iter().any(|one| kinds.contains(&one.kind)))
}

/// What a variable is told of a service, by its name; where its value so far was the URL of a kind, by that.
pub fn bound(variable: &str, kind: Option<&str>, services: &[Backing]) -> Option<(usize, String)> {
    let last = variable.rsplit('_').next()?;
    let find = |kind: &str| {
        services.iter().position(|one| {
            one.kind == kind || is_cache(kind) && is_cache(one.kind) || is_sql(kind) && is_sql(one.kind)
        })
    };
    let at = match kind {
        // Whatever it is called, it is this service's.
        Some(kind) => find(kind)?,
        None => kinds(variable)?.iter().find_map(|kind| services.iter().position(|one| one.kind == *kind))?,
    };
    let service = &services[at];
    if service.kind == "kafka" && (variable.ends_with("SERVERS") || variable.ends_with("BROKERS")) {
        return Some((at, format!("${{{0}.host}}:${{{0}.port}}", service.name)));
    }
    let facts = CATALOGUE.iter().find(|facts| facts.name == service.kind)?;
    let part = PARTS.iter().find(|(ends, _)| ends.contains(&last)).map(|(_, field)| *field);
    let part = if kind.is_some() || last == "BACKEND" && variable.contains("RESULT") { Some(Field::Url) } else { part };
    let part = part.filter(|field| facts.has(*field))?;
    Some((at, format!("${{{}.{}}}", service.name, part.name())))
}

/// The kind of service that a URL leads to.
pub fn of_scheme(url: &str) -> Option<&'static str> {
    let (scheme, rest) = url.split_once("://")?;
    if rest.is_empty() {
        return None;
    }
    match scheme.split('+').next()? {
        "postgresql" | "postgres" => Some("postgres"),
        "mysql" => Some("mysql"),
        "mariadb" => Some("mariadb"),
        "redis" | "rediss" => Some("redis"),
        "valkey" => Some("valkey"),
        "amqp" | "pyamqp" | "amqps" => Some("rabbitmq"),
        "mongodb" => Some("mongodb"),
        "nats" => Some("nats"),
        _ => None,
    }
}
