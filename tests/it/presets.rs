//! The shipped presets, each under the few lines that its user writes (`tests/presets/`).

use std::fs;

use render::{
    flow,
    layers::{PRESETS, Request},
    problem::{Severity, show},
    targets::{TARGETS, Wish},
};
use serde_json::Value;

use super::rendered::documents;

fn case(preset: &str) -> String {
    fs::read_to_string(format!("tests/presets/{preset}.toml")).unwrap_or_else(|error| panic!("{preset}: {error}"))
}

#[test]
fn each_renders_without_a_warning_under_a_small_profile() {
    for (preset, text) in PRESETS {
        let profile = case(preset);
        assert!(profile.starts_with(&format!("extends = \"{preset}\"\n")), "{preset}");
        let lines = profile.lines().filter(|line| !line.is_empty()).count();
        assert!(lines <= 10, "{preset}: {lines} lines are much to write over a preset");
        assert!(
            text.starts_with("# ") && text.lines().count() <= 50,
            "{preset}: a preset is short, and says what it is"
        );
        let outcome = flow::app(&Request::alone("profile.toml", profile.as_bytes()));
        let app = outcome.app.as_ref().unwrap_or_else(|| panic!("{preset}: {:?}", outcome.problems));
        let wanted = TARGETS.iter().filter(|target| target.on_request.is_none());
        for (target, dev) in wanted.flat_map(|target| [(target, false), (target, true)]) {
            let rendered = (target.render)(&Wish { app, base: None, dev, full: true });
            let problems = outcome.problems.iter().chain(&rendered.problems);
            let told: String = problems
                .filter(|problem| problem.code.severity() != Severity::Note)
                .map(|problem| show(problem, &outcome.sources, false))
                .collect();
            assert!(told.is_empty(), "{preset} for {} (dev: {dev}):\n{told}", target.name);
            let findings = (target.check)(&rendered.bundle.files);
            assert!(findings.is_empty(), "{preset} for {} (dev: {dev}): {findings:?}", target.name);
        }
    }
}

#[test]
fn the_readme_names_each() {
    let readme = fs::read_to_string("README.md").unwrap();
    for (preset, _) in PRESETS {
        assert!(readme.contains(&format!("`{preset}`")), "{preset}");
    }
}

/// The object of a kind and name, and the service of that name.
struct Both {
    objects: Vec<Value>,
    services: Value,
}

impl Both {
    fn of(preset: &str) -> Self {
        let compose = documents("compose", &case(preset), false).unwrap();
        Both { objects: documents("k8s", &case(preset), false).unwrap(), services: compose[0]["services"].clone() }
    }

    fn deployment(&self, name: &str) -> &Value {
        let found = self.objects.iter().find(|one| one["kind"] == "Deployment" && one["metadata"]["name"] == name);
        &found.unwrap_or_else(|| panic!("no Deployment {name}"))["spec"]
    }

    fn container(&self, name: &str) -> &Value {
        &self.deployment(name)["template"]["spec"]["containers"][0]
    }

    fn env<'a>(&'a self, name: &str, variable: &str) -> &'a Value {
        let all = self.container(name)["env"].as_array().unwrap();
        all.iter().find(|one| one["name"] == variable).unwrap_or_else(|| panic!("{name} has no {variable}"))
    }
}

#[test]
fn celery_workers_are_pods_in_a_cluster_and_processes_on_a_host() {
    let both = Both::of("celery");
    assert_eq!(both.deployment("billing-worker")["replicas"], 2);
    assert_eq!(both.env("billing-worker", "CELERY_WORKER_CONCURRENCY")["value"], "1");
    assert_eq!(both.env("billing-worker", "APP")["value"], "billing.tasks");
    let worker = &both.services["billing-worker"];
    assert_eq!(worker["environment"]["CELERY_WORKER_CONCURRENCY"], "2");
    assert!(worker["deploy"].get("replicas").is_none(), "one container of all");
    assert_eq!(both.deployment("billing-worker")["template"]["spec"]["terminationGracePeriodSeconds"], 65);
    let beat = both.deployment("billing-beat");
    assert_eq!((&beat["replicas"], &beat["strategy"]["type"]), (&1.into(), &"Recreate".into()));
    let broker = &both.env("billing", "CELERY_BROKER_URL")["valueFrom"]["secretKeyRef"]["name"];
    assert_eq!(*broker, "billing-queue", "the web server asks for work");
    assert_eq!(worker["environment"]["CELERY_BROKER_URL"], "redis://queue:6379/0");
    assert_eq!(worker["depends_on"]["queue"]["condition"], "service_healthy");
}

#[test]
fn arq_workers_are_containers_of_one_process_each() {
    let both = Both::of("arq");
    assert_eq!(both.deployment("mailer-worker")["replicas"], 2);
    assert_eq!(both.container("mailer-worker")["command"], Value::from(vec!["arq"]));
    assert_eq!(both.container("mailer-worker")["args"], Value::from(vec!["mailer.worker.WorkerSettings"]));
    assert_eq!(both.services["mailer-worker"]["deploy"]["replicas"], 2);
}

#[test]
fn django_is_migrated_once_and_before_it_starts() {
    let both = Both::of("django");
    let job = both.objects.iter().find(|one| one["kind"] == "Job").expect("a Job");
    let migrate = &job["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(migrate["command"], Value::from(vec!["python", "manage.py", "migrate", "--noinput"]));
    let web = both.container("shop")["env"].as_array().unwrap();
    let needed = migrate["env"].as_array().unwrap();
    assert!(needed.len() == 2 && needed.iter().all(|one| web.contains(one)), "{needed:?}");
    let started = &both.services["shop"]["depends_on"]["shop-migrate"]["condition"];
    assert_eq!(started, "service_completed_successfully");
    let probe = &both.container("shop")["livenessProbe"]["httpGet"];
    assert_eq!((&probe["path"], &probe["httpHeaders"][0]["value"]), (&"/healthz".into(), &"localhost".into()));
    let argv = both.container("shop")["command"].as_array().unwrap();
    assert!(argv.iter().any(|word| word == "gthread"), "{argv:?}");
}

#[test]
fn fastapi_has_its_database_and_cache_on_a_host_and_is_told_of_others_in_a_cluster() {
    let both = Both::of("fastapi-postgres-redis");
    let web = &both.services["shop"];
    for (service, condition) in
        [("db", "service_healthy"), ("cache", "service_healthy"), ("shop-migrate", "service_completed_successfully")]
    {
        assert!(both.services[service]["image"].is_string(), "{service}");
        assert_eq!(web["depends_on"][service]["condition"], condition, "{service}");
    }
    let url = "postgresql+asyncpg://shop:${DB_PASSWORD:?set DB_PASSWORD in .env}@db:5432/shop";
    assert_eq!(web["environment"]["DATABASE_URL"], url);
    assert_eq!(both.services["shop-migrate"]["environment"]["DATABASE_URL"], url);
    assert!(both.objects.iter().all(|object| object["kind"] != "StatefulSet"), "a cluster has them elsewhere");
    assert_eq!(both.env("shop", "DB_PASSWORD")["valueFrom"]["secretKeyRef"]["name"], "shop-db");
    let url = both.env("shop", "DATABASE_URL")["value"].as_str().unwrap();
    assert!(url.starts_with("postgresql+asyncpg://$(") && url.contains("$(DB_PASSWORD)"), "{url}");
}

#[test]
fn node_starts_as_its_image_does_and_is_told_its_port() {
    let both = Both::of("node");
    let container = both.container("storefront");
    assert!(container.get("command").is_none() && container.get("args").is_none(), "{container}");
    assert_eq!(both.env("storefront", "PORT")["value"], "3000");
    assert_eq!(
        (&both.deployment("storefront")["replicas"], &container["ports"][0]["containerPort"]),
        (&2.into(), &3000.into())
    );
    let service = &both.services["storefront"];
    assert!(service["deploy"].get("replicas").is_none(), "one container has the published port");
    assert_eq!(service["healthcheck"]["test"][1], "node");
    let dev = &documents("compose", &case("node"), true).unwrap()[0]["services"]["storefront"];
    assert_eq!(dev["environment"]["NODE_ENV"], "development");
}
