//! From what a project depends on to the backing services that it needs.

mod names;

pub use names::{bound, is_of_another, of_scheme};

use super::{
    commands::compose_files,
    facts::{Backing, Fact, From},
    project::{Project, place},
};
use crate::app::{CATALOGUE, VersionForm};

/// A dependency, the kind that it speaks to, and the driver that a URL of SQLAlchemy names for it.
const CLIENTS: &[(&str, &str, &str)] = &[
    ("asyncpg", "postgres", "postgresql+asyncpg"),
    ("psycopg", "postgres", "postgresql+psycopg"),
    ("psycopg-binary", "postgres", "postgresql+psycopg"),
    ("psycopg2", "postgres", ""),
    ("psycopg2-binary", "postgres", ""),
    ("aiopg", "postgres", ""),
    ("pg8000", "postgres", "postgresql+pg8000"),
    ("pg", "postgres", ""),
    ("postgres", "postgres", ""),
    ("pg-promise", "postgres", ""),
    ("asyncmy", "mysql", "mysql+asyncmy"),
    ("aiomysql", "mysql", "mysql+aiomysql"),
    ("pymysql", "mysql", "mysql+pymysql"),
    ("mysqlclient", "mysql", ""),
    ("mysql-connector-python", "mysql", "mysql+mysqlconnector"),
    ("mysql2", "mysql", ""),
    ("pymongo", "mongodb", ""),
    ("motor", "mongodb", ""),
    ("beanie", "mongodb", ""),
    ("mongoengine", "mongodb", ""),
    ("mongodb", "mongodb", ""),
    ("mongoose", "mongodb", ""),
    ("valkey", "valkey", ""),
    ("redis", "redis", ""),
    ("aioredis", "redis", ""),
    ("redis-om", "redis", ""),
    ("django-redis", "redis", ""),
    ("fastapi-limiter", "redis", ""),
    ("arq", "redis", ""),
    ("rq", "redis", ""),
    ("django-rq", "redis", ""),
    ("taskiq-redis", "redis", ""),
    ("ioredis", "redis", ""),
    ("bullmq", "redis", ""),
    ("pika", "rabbitmq", ""),
    ("aio-pika", "rabbitmq", ""),
    ("aiormq", "rabbitmq", ""),
    ("amqp", "rabbitmq", ""),
    ("taskiq-aio-pika", "rabbitmq", ""),
    ("amqplib", "rabbitmq", ""),
    ("aiokafka", "kafka", ""),
    ("confluent-kafka", "kafka", ""),
    ("kafka-python", "kafka", ""),
    ("faust-streaming", "kafka", ""),
    ("kafkajs", "kafka", ""),
    ("nats-py", "nats", ""),
    ("nats", "nats", ""),
    ("minio", "minio", ""),
    ("elasticsearch", "elasticsearch", ""),
    ("elasticsearch-dsl", "elasticsearch", ""),
    ("opensearch-py", "opensearch", ""),
];

/// Extras that bring a client along: `celery[redis]`.
const EXTRAS: &[(&str, &str, &str, &str)] = &[
    ("celery", "redis", "redis", ""),
    ("dramatiq", "redis", "redis", ""),
    ("dramatiq", "rabbitmq", "rabbitmq", ""),
    ("databases", "postgresql", "postgres", ""),
    ("databases", "asyncpg", "postgres", ""),
    ("tortoise-orm", "asyncpg", "postgres", ""),
    ("kombu", "redis", "redis", ""),
    ("django-channels", "redis", "redis", ""),
    ("fastapi-cache2", "redis", "redis", ""),
    ("faststream", "kafka", "kafka", ""),
    ("faststream", "rabbit", "rabbitmq", ""),
    ("faststream", "nats", "nats", ""),
    ("faststream", "redis", "redis", ""),
];

/// Dependencies by name, each with its extras and its place.
pub type Dependencies = Vec<(String, Vec<String>, String)>;

/// What the dependencies ask for, each kind once; `taken` are names that services cannot have.
pub fn backing(
    dependencies: &Dependencies,
    schemes: &[(&'static str, String)],
    taken: &[String],
    project: &Project,
    folder: &str,
) -> Vec<Backing> {
    let find = |name: &str| dependencies.iter().find(|(one, ..)| one == name);
    let has = |name: &str| find(name).is_some();
    let by_sqlalchemy = has("sqlalchemy") || has("sqlmodel") || has("sqlalchemy-utils") || has("advanced-alchemy");
    let mut all: Vec<Backing> = Vec::new();
    let mut add = |kind: &'static str, driver: &str, at: &str| {
        // Clients of one database share it: alembic's beside the app's.
        let is_there = |one: &Backing| {
            one.kind == kind || is_cache(kind) && is_cache(one.kind) || is_sql(kind) && is_sql(one.kind)
        };
        if all.iter().any(is_there) {
            return;
        }
        let driver = Some(driver).filter(|driver| by_sqlalchemy && !driver.is_empty());
        let driver = driver.map(|driver| Fact::found(driver.to_owned(), at.to_owned()));
        let (name, from) = (free(kind, taken), From::Found(at.to_owned()));
        all.push(Backing { name, kind, version: version(kind, project, folder), driver, from });
    };
    for (client, kind, driver) in CLIENTS {
        if let Some((_, _, at)) = find(client) {
            add(kind, driver, at);
        }
    }
    for (name, extra, kind, driver) in EXTRAS {
        if let Some((_, _, at)) = find(name).filter(|(_, extras, _)| extras.iter().any(|one| one == extra)) {
            add(kind, driver, at);
        }
    }
    // Clients come along with others, and are not written down.
    for (kind, at) in schemes {
        add(kind, "", at);
    }
    // Tasks have to go somewhere: without a client of another queue celery speaks AMQP.
    if let Some((_, _, at)) = find("celery").filter(|_| !all.iter().any(|one| is_queue(one.kind))) {
        let (name, from) =
            (free("rabbitmq", taken), From::Guessed(format!("celery speaks to RabbitMQ unless told otherwise, {at}")));
        all.push(Backing { name, kind: "rabbitmq", version: version("rabbitmq", project, folder), driver: None, from });
    }
    all
}

pub fn is_sql(kind: &str) -> bool {
    matches!(kind, "postgres" | "mysql" | "mariadb")
}

fn is_cache(kind: &str) -> bool {
    matches!(kind, "redis" | "valkey")
}

pub fn is_queue(kind: &str) -> bool {
    is_cache(kind) || kind == "rabbitmq"
}

/// A name that nothing else has.
fn free(kind: &str, taken: &[String]) -> String {
    let own = if is_sql(kind) { "db" } else { kind };
    let names = [own.to_owned(), kind.to_owned(), format!("{kind}-service")];
    names.into_iter().find(|name| !taken.contains(name)).unwrap_or_else(|| format!("the-{kind}"))
}

/// The version that the project runs already, or the one that is known best.
fn version(kind: &str, project: &Project, folder: &str) -> Option<Fact<String>> {
    let facts = CATALOGUE.iter().find(|facts| facts.name == kind)?;
    for (path, text) in compose_files(project, folder) {
        for line in text.lines().map(str::trim) {
            let image = line.strip_prefix("image:").map(|image| image.trim().trim_matches(['"', '\'']));
            let Some((repository, tag)) = image.and_then(|image| image.rsplit_once(':')) else { continue };
            let own = repository.rsplit('/').next().unwrap_or(repository);
            let end = tag.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(tag.len());
            let number = tag[..end].trim_end_matches('.');
            let major: Option<u32> = number.split('.').next().and_then(|major| major.parse().ok());
            let fits = facts.image.repository.ends_with(own) && facts.image.form == VersionForm::Any;
            if fits
                && major.is_some_and(|major| major >= facts.image.oldest)
                && number.split('.').all(|part| !part.is_empty())
            {
                return Some(Fact::found(number.to_owned(), place(&path, text, line)));
            }
        }
    }
    facts
        .image
        .migrates
        .then(|| Fact::guessed(facts.image.default.to_owned(), "a recent one; take the one that your data has"))
}

/// The variable that a service is told by where the source reads none: what its clients take by themselves, or a habit.
pub fn habit(service: &Backing, dependencies: &Dependencies) -> (&'static str, String) {
    let has = |name: &str| dependencies.iter().any(|(one, ..)| one == name);
    let url = format!("${{{}.url}}", service.name);
    match service.kind {
        "redis" | "valkey" if has("rq") => ("RQ_REDIS_URL", url),
        "redis" | "valkey" | "rabbitmq" if has("celery") && service.kind != "valkey" => ("CELERY_BROKER_URL", url),
        "redis" | "valkey" => ("REDIS_URL", url),
        "rabbitmq" => ("RABBITMQ_URL", url),
        "mongodb" => ("MONGODB_URL", url),
        "nats" => ("NATS_URL", url),
        "kafka" => ("KAFKA_BOOTSTRAP_SERVERS", format!("${{{0}.host}}:${{{0}.port}}", service.name)),
        "minio" => ("MINIO_URL", url),
        "elasticsearch" => ("ELASTICSEARCH_URL", url),
        "opensearch" => ("OPENSEARCH_URL", url),
        _ => ("DATABASE_URL", url),
    }
}
