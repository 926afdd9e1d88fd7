//! Databases, queues, what takes work from them, and what is done before the start.

use super::{FASTAPI, facts, line, profile};

fn with(requirements: &str, more: &[(&str, &str)]) -> (render::init::Facts, String) {
    let own = [("requirements.txt", requirements), ("shop/main.py", FASTAPI), ("shop/__init__.py", "")];
    let files = [&own[..], more].concat();
    (facts(&files), profile(&files))
}

fn backing(facts: &render::init::Facts) -> Vec<(&str, &str)> {
    facts.backing.iter().map(|one| (one.name.as_str(), one.kind)).collect()
}

fn commands(facts: &render::init::Facts) -> Vec<String> {
    facts.workers.iter().map(|worker| worker.command.join(" ")).collect()
}

#[test]
fn each_client_asks_for_its_service_and_tells_where_it_is() {
    for (client, kind, variable, value) in [
        ("asyncpg", "postgres", "DATABASE_URL", "${db.url}"),
        ("psycopg2-binary", "postgres", "DATABASE_URL", "${db.url}"),
        ("aiomysql", "mysql", "DATABASE_URL", "${db.url}"),
        ("motor", "mongodb", "MONGODB_URL", "${mongodb.url}"),
        ("redis[hiredis]>=5", "redis", "REDIS_URL", "${redis.url}"),
        ("valkey", "valkey", "REDIS_URL", "${valkey.url}"),
        ("aio_pika", "rabbitmq", "RABBITMQ_URL", "${rabbitmq.url}"),
        ("aiokafka", "kafka", "KAFKA_BOOTSTRAP_SERVERS", "${kafka.host}:${kafka.port}"),
        ("nats-py", "nats", "NATS_URL", "${nats.url}"),
        ("minio", "minio", "MINIO_URL", "${minio.url}"),
        ("elasticsearch", "elasticsearch", "ELASTICSEARCH_URL", "${elasticsearch.url}"),
        ("opensearch-py", "opensearch", "OPENSEARCH_URL", "${opensearch.url}"),
        ("celery", "rabbitmq", "CELERY_BROKER_URL", "${rabbitmq.url}"),
        ("celery[redis]", "redis", "CELERY_BROKER_URL", "${redis.url}"),
        ("faststream[kafka]", "kafka", "KAFKA_BOOTSTRAP_SERVERS", "${kafka.host}:${kafka.port}"),
    ] {
        let (found, text) = with(&format!("fastapi\nuvicorn\n{client}\n"), &[]);
        assert_eq!(found.backing.iter().map(|one| one.kind).collect::<Vec<_>>(), [kind], "{client}");
        assert_eq!(line(&text, variable), Some(format!("\"{value}\"").as_str()), "{client}\n{text}");
    }
}

#[test]
fn variables_are_told_by_what_they_are_called() {
    let settings = "class Settings(BaseSettings):\n    POSTGRES_SERVER: str\n    POSTGRES_PORT: int = 5432\n    POSTGRES_USER: str\n    POSTGRES_PASSWORD: str\n    POSTGRES_DB: str\n    SHOP_REDIS_HOST: str\n    REDIS_TTL: int = 3\n    TEST_DATABASE_URL: str = \"x\"\n    DB_POOL_SIZE: int = 5\n    CELERY_TASK_NAME: str = \"x\"\n";
    let (_, text) = with("fastapi\nuvicorn\nsqlmodel\npsycopg[binary]\nredis\n", &[("shop/settings.py", settings)]);
    for (name, value) in [
        ("POSTGRES_SERVER", "${db.host}"),
        ("POSTGRES_PORT", "${db.port}"),
        ("POSTGRES_USER", "${db.user}"),
        ("POSTGRES_PASSWORD", "${db.password}"),
        ("POSTGRES_DB", "${db.name}"),
        ("SHOP_REDIS_HOST", "${redis.host}"),
    ] {
        assert_eq!(line(&text, name), Some(format!("\"{value}\"").as_str()), "{text}");
    }
    for other in ["REDIS_TTL", "TEST_DATABASE_URL", "DB_POOL_SIZE", "CELERY_TASK_NAME", "DATABASE_URL"] {
        assert_eq!(line(&text, other), None, "{other}\n{text}");
    }
    assert_eq!(line(&text, "driver"), Some("\"postgresql+psycopg\""));
}

#[test]
fn a_url_that_is_put_together_of_parts_is_left_to_the_source() {
    let settings = "class Settings(BaseSettings):\n    DB_HOST: str\n    DB_URI: str = f\"{USER}@{HOST}\"\n    DB_PREFIX: str = \"postgresql://\"\n";
    let (_, text) = with("fastapi\nuvicorn\nasyncpg\n", &[("shop/settings.py", settings)]);
    assert_eq!((line(&text, "DB_HOST"), line(&text, "DB_URI")), (Some("\"${db.host}\""), None));
}

#[test]
fn the_driver_is_what_the_source_writes_before_its_url() {
    let settings = "DATABASE_URL = os.environ.get(\"DATABASE_URL\", \"postgresql+psycopg_async://localhost/x\")\n";
    let (_, text) = with("fastapi\nuvicorn\nasyncpg\nsqlalchemy\n", &[("shop/settings.py", settings)]);
    assert_eq!(line(&text, "driver"), Some("\"postgresql+psycopg_async\""));
    let (_, text) = with("fastapi\nuvicorn\nasyncpg\nsqlalchemy\n", &[]);
    assert_eq!(line(&text, "driver"), Some("\"postgresql+asyncpg\""));
    let (_, text) = with("fastapi\nuvicorn\nasyncpg\n", &[]);
    assert_eq!(line(&text, "driver"), None, "the driver alone takes a plain URL");
}

#[test]
fn versions_are_those_that_the_project_runs() {
    let compose =
        "services:\n  db:\n    image: postgres:16.3-alpine\n  cache:\n    image: \"redis:7\"\n  web:\n    build: .\n";
    let (_, text) = with("fastapi\nuvicorn\nasyncpg\nredis\n", &[("compose.yaml", compose)]);
    assert!(
        text.contains("version = \"16.3\"")
            && text.contains("version = \"7\"")
            && text.contains("# found: compose.yaml:3"),
        "{text}"
    );
    let old = with("fastapi\nuvicorn\nasyncpg\n", &[("compose.yaml", "services:\n  db:\n    image: postgres:9.6\n")]).1;
    assert_eq!(line(&old, "version"), Some("\"18\""), "what is older than what is known");
}

#[test]
fn an_app_that_is_called_like_its_database_still_renders() {
    for name in ["db", "redis", "worker", "uvicorn", "web", "9000", "X_Y.Z", "ü", &"long-".repeat(30)] {
        let project = format!(
            "[project]\nname = \"{name}\"\nversion = \"1+local.2\"\ndependencies = [\"fastapi\", \"uvicorn\", \"asyncpg\", \"redis\", \"arq\"]\n"
        );
        profile(&[
            ("pyproject.toml", &project),
            ("main.py", FASTAPI),
            ("tasks.py", "class WorkerSettings:\n    functions = []\n"),
            ("alembic.ini", "[alembic]\n"),
        ]);
    }
}

#[test]
fn celery_gets_workers_and_one_who_asks_them() {
    let tasks = "from celery import Celery\n\ncelery_app = Celery(\"shop\", broker=os.environ[\"CELERY_BROKER_URL\"])\ncelery_app.conf.beat_schedule = {}\n";
    let (found, text) = with("fastapi\nuvicorn\ncelery[redis]\n", &[("shop/tasks.py", tasks)]);
    assert_eq!(
        commands(&found),
        [
            "celery -A shop.tasks:celery_app worker",
            "celery -A shop.tasks:celery_app beat --schedule /tmp/celerybeat-schedule"
        ]
    );
    assert!(
        text.contains("workers_env = \"CELERY_WORKER_CONCURRENCY\"") && text.contains("state     = \"memory\""),
        "{text}"
    );
    // What the project runs itself says more.
    let compose =
        "services:\n  worker:\n    command: celery -A shop.tasks worker -Q mail --concurrency=4 -B --logfile=logs/x\n";
    let (found, _) = with("fastapi\nuvicorn\ncelery[redis]\n", &[("shop/tasks.py", tasks), ("compose.yaml", compose)]);
    assert_eq!(commands(&found)[0], "celery -A shop.tasks worker -Q mail");
}

#[test]
fn every_kind_of_worker_is_started_by_its_own_program() {
    let cases: &[(&str, &str, &str)] = &[
        ("arq", "class WorkerSettings:\n    functions = []\n", "arq shop.tasks.WorkerSettings"),
        ("rq", "", "rq worker default"),
        ("dramatiq[rabbitmq]", "@dramatiq.actor\ndef f(): ...\n", "dramatiq shop.tasks --processes 1"),
        ("taskiq\ntaskiq-redis", "broker = ListQueueBroker(\"x\")\n", "taskiq worker --workers 1 shop.tasks:broker"),
        ("huey\nredis", "huey = RedisHuey(\"x\")\n", "huey_consumer.py shop.tasks.huey"),
    ];
    for (package, source, wanted) in cases {
        let (found, text) = with(&format!("fastapi\nuvicorn\n{package}\n"), &[("shop/tasks.py", source)]);
        assert_eq!(commands(&found), [*wanted], "{text}");
        assert_eq!(backing(&found).len(), 1, "{package}");
    }
}

#[test]
fn migrations_run_where_the_image_has_what_they_need() {
    let ini = "[alembic]\nscript_location = %(here)s/migrations\n";
    let docker = |copy: &str| format!("FROM python:3.13\nWORKDIR /app\n{copy}\nCMD [\"uvicorn\", \"shop.main:app\"]\n");
    let job = |ini_path: &str, docker: Option<String>| {
        let mut more = vec![(ini_path, ini)];
        more.extend(docker.as_deref().map(|text| ("Dockerfile", text)));
        with("fastapi\nuvicorn\nasyncpg\nalembic\n", &more).0.migration.map(|one| one.command.join(" "))
    };
    let plain = Some("alembic upgrade head".to_owned());
    assert_eq!(job("alembic.ini", None), plain);
    assert_eq!(job("alembic.ini", Some(docker("COPY . ."))), plain);
    assert_eq!(job("alembic.ini", Some(docker("COPY shop shop\nCOPY alembic.ini ./"))), plain);
    assert_eq!(job("alembic.ini", Some(docker("COPY shop shop"))), None, "it would fail, and the app never start");
    assert_eq!(
        job("shop/db/alembic.ini", Some(docker("COPY shop shop"))),
        Some("alembic -c /app/shop/db/alembic.ini upgrade head".into())
    );
    assert_eq!(job("shop/db/alembic.ini", None), Some("alembic -c shop/db/alembic.ini upgrade head".into()));
}

#[test]
fn a_database_in_a_file_gets_a_disk_and_one_process() {
    let (_, text) = with(
        "fastapi\nuvicorn\nsqlalchemy\naiosqlite\nalembic\n",
        &[
            ("alembic.ini", "[alembic]\n"),
            ("shop/db.py", "URL = os.getenv(\"DATABASE_URL\", \"sqlite+aiosqlite:///./shop.db\")\n"),
        ],
    );
    assert_eq!(line(&text, "DATABASE_URL"), Some("\"sqlite+aiosqlite:////data/shop.db\""));
    assert_eq!(line(&text, "state"), Some("\"disk\""));
    assert!(line(&text, "data").is_some_and(|volume| volume.contains("/data")), "{text}");
}
