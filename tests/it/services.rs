//! Backing services: what runs on a host, what a cluster is told, and what values refer to.

use render::{
    app::{Facts, Field, Health, Password},
    profile::BackingKind,
};
use serde_json::Value;

use crate::rendered::{documents, text, texts};

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\nport = 8000\n\
                   [probes]\nliveness = \"/healthz\"\n[resources]\nmemory = \"256Mi\"\n";

fn with(tables: &str) -> String {
    format!("{APP}{tables}")
}

fn compose(tables: &str) -> Value {
    documents("compose", &with(tables), false).unwrap_or_else(|error| panic!("{error}")).remove(0)
}

/// The variables of a Deployment's container, each as its value or as `secret/key`.
fn env(tables: &str) -> Vec<(String, String)> {
    let objects = documents("k8s", &with(tables), false).unwrap_or_else(|error| panic!("{error}"));
    let deployment = objects.iter().find(|object| object["kind"] == "Deployment").unwrap();
    let env = deployment["spec"]["template"]["spec"]["containers"][0]["env"].as_array().cloned().unwrap_or_default();
    let told = |one: &Value| match &one["valueFrom"]["secretKeyRef"] {
        Value::Null => text(&one["value"]),
        secret => format!("{}/{}", text(&secret["name"]), text(&secret["key"])),
    };
    env.iter().map(|one| (text(&one["name"]), told(one))).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

const DB: &str = "[services.db]\nkind = \"postgres\"\nversion = \"17\"\n";

#[test]
fn the_data_of_postgres_lies_where_its_major_version_wants_it() {
    for (version, path) in [
        ("version = \"18\"", "/var/lib/postgresql"),
        ("version = \"18.1\"", "/var/lib/postgresql"),
        ("version = \"17\"", "/var/lib/postgresql/data"),
        ("image = \"pgvector/pgvector:pg17\"", "/var/lib/postgresql/data"),
        ("image = \"pgvector/pgvector:0.8.1-pg18\"", "/var/lib/postgresql"),
        ("image = \"example.com/db:own\"\nversion = \"16\"", "/var/lib/postgresql/data"),
    ] {
        let document = compose(&format!("[services.db]\nkind = \"postgres\"\n{version}"));
        assert_eq!(document["services"]["db"]["volumes"][0]["target"], path, "{version}");
        assert_eq!(document["services"]["db"]["volumes"][0]["source"], "db-data");
        assert!(document["volumes"].get("db-data").is_some());
    }
}

#[test]
fn one_variable_supplies_the_password_to_the_service_and_to_who_refers_to_it() {
    let document = compose(&format!("[env]\nDATABASE_URL = \"${{db.url}}\"\n{DB}driver = \"postgresql+asyncpg\"\n"));
    let db = &document["services"]["db"];
    assert_eq!(db["environment"]["POSTGRES_PASSWORD_FILE"], "/run/secrets/db_password");
    assert_eq!(db["secrets"][0]["source"], "db_password");
    assert_eq!(document["secrets"]["db_password"]["environment"], "DB_PASSWORD");
    let url = "postgresql+asyncpg://orders:${DB_PASSWORD:?set DB_PASSWORD in .env}@db:5432/orders";
    assert_eq!(document["services"]["orders"]["environment"]["DATABASE_URL"], url);
    // Compose refuses to copy a secret into what cannot be written.
    assert_eq!(db["read_only"], false);
}

#[test]
fn a_service_is_on_a_network_without_a_way_out_unless_it_is_published() {
    let document = compose(&format!("{DB}[services.cache]\nkind = \"redis\"\npublish = true\n"));
    assert_eq!(document["networks"]["backend"]["internal"], true);
    let names = |service: &str| -> Vec<String> {
        document["services"][service]["networks"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(names("db"), ["backend"]);
    assert!(document["services"]["db"].get("ports").is_none());
    assert_eq!(names("cache"), ["backend", "default"]);
    assert_eq!(texts(&document["services"]["cache"]["ports"]), ["127.0.0.1:6379:6379"]);
    assert_eq!(names("orders"), ["backend", "default"]);
}

#[test]
fn a_process_waits_for_the_services_that_it_refers_to_and_for_those_that_nobody_refers_to() {
    let document = compose(&format!(
        "{DB}[services.cache]\nkind = \"redis\"\n[services.mail]\nkind = \"mailpit\"\n\
         [processes.web2]\ncommand = [\"a\"]\nenv = {{ A = \"${{db.host}}\" }}\n\
         [processes.worker]\ncommand = [\"b\"]\nargs = [\"${{cache.url}}\"]\n"
    ));
    let waits = |service: &str| -> Vec<String> {
        let waits = document["services"][service]["depends_on"].as_object();
        waits.unwrap().iter().map(|(name, how)| format!("{name} {}", text(&how["condition"]))).collect()
    };
    assert_eq!(waits("orders"), ["mail service_healthy"]);
    assert_eq!(waits("orders-web2"), ["db service_healthy", "mail service_healthy"]);
    assert_eq!(waits("orders-worker"), ["cache service_healthy", "mail service_healthy"]);
}

#[test]
fn an_app_that_needs_no_service_is_as_it_was() {
    let document = compose("");
    for gone in ["volumes", "secrets", "networks"] {
        assert!(document.get(gone).is_none(), "{gone}");
    }
    let service = &document["services"]["orders"];
    assert!(service.get("depends_on").is_none() && service.get("networks").is_none());
}

#[test]
fn a_url_alone_is_taken_from_the_secret_as_it_is() {
    let url = format!("[env]\nDATABASE_URL = \"${{db.url}}\"\nPORT_ALONE = \"${{db.port}}\"\n{DB}");
    assert_eq!(env(&url), pairs(&[("DATABASE_URL", "orders-db/url"), ("PORT_ALONE", "orders-db/port")]));
    let other = format!("{url}secret = \"shop\"\n");
    assert_eq!(env(&other)[0], pairs(&[("DATABASE_URL", "shop/url")])[0]);
}

#[test]
fn a_url_with_a_driver_is_put_together_after_its_parts() {
    let driver = "driver = \"postgresql+asyncpg\"\n";
    let url = "postgresql+asyncpg://$(DB_USERNAME):$(DB_PASSWORD)@$(DB_HOST):$(DB_PORT)/$(DB_DATABASE)";
    let parts = [
        ("DB_HOST", "orders-db/host"),
        ("DB_PORT", "orders-db/port"),
        ("DB_USERNAME", "orders-db/username"),
        ("DB_PASSWORD", "orders-db/password"),
        ("DB_DATABASE", "orders-db/database"),
    ];
    let all = [parts.as_slice(), &[("A_URL", url)]].concat();
    assert_eq!(env(&format!("[env]\nA_URL = \"${{db.url}}\"\n{DB}{driver}")), pairs(&all));
}

#[test]
fn a_variable_of_the_profile_is_taken_where_it_is_just_that_and_left_alone_where_it_is_not() {
    let text = "[env]\nA = \"x${cache.url}\"\nCACHE_URL = \"${cache.url}\"\n[services.cache]\nkind = \"redis\"\n";
    assert_eq!(env(text), pairs(&[("CACHE_URL", "orders-cache/url"), ("A", "x$(CACHE_URL)")]));
    let other = text.replace("CACHE_URL = \"${cache.url}\"", "CACHE_URL = \"redis://elsewhere\"");
    let wanted =
        [("SERVICE_CACHE_URL", "orders-cache/url"), ("A", "x$(SERVICE_CACHE_URL)"), ("CACHE_URL", "redis://elsewhere")];
    assert_eq!(env(&other), pairs(&wanted));
}

fn objects(tables: &str) -> Vec<Value> {
    documents("k8s", &with(tables), false).unwrap_or_else(|error| panic!("{error}"))
}

fn of_kind(objects: &[Value], kind: &str) -> Value {
    objects.iter().find(|object| object["kind"] == kind).unwrap_or_else(|| panic!("a {kind}")).clone()
}

#[test]
fn an_operator_tells_the_password_and_its_services_are_known() {
    let cnpg = format!("{DB}k8s = \"cnpg\"\n");
    let url = format!("[env]\nDATABASE_URL = \"${{db.url}}\"\nPGHOST = \"${{db.host}}\"\n{cnpg}");
    assert_eq!(env(&url), pairs(&[("DATABASE_URL", "orders-db-app/uri"), ("PGHOST", "orders-db-rw")]));
    let composed = "postgresql+psycopg://orders:$(DB_PASSWORD)@orders-db-rw:5432/orders";
    let driver = format!("[env]\nA_URL = \"${{db.url}}\"\n{cnpg}driver = \"postgresql+psycopg\"\n");
    assert_eq!(env(&driver), pairs(&[("DB_PASSWORD", "orders-db-app/password"), ("A_URL", composed)]));
    // The operator makes no Secret beside one that is there: nobody tells the whole URL.
    let secret = format!("[env]\nA_URL = \"${{db.url}}\"\n{cnpg}secret = \"owner\"\n");
    let composed = composed.replace("+psycopg", "");
    assert_eq!(env(&secret), pairs(&[("DB_PASSWORD", "owner/password"), ("A_URL", &composed)]));
    let cluster = of_kind(&objects(&secret), "Cluster");
    assert_eq!(cluster["spec"]["bootstrap"]["initdb"]["secret"]["name"], "owner");
}

#[test]
fn an_operator_is_told_the_settings_among_the_arguments() {
    let args = r#"["-c", "max_connections=200", "-cwork_mem=8MB", "--shared-preload-libraries=a, b", "-c", "x.y=a=b"]"#;
    let cluster = of_kind(&objects(&format!("{DB}k8s = \"cnpg\"\nargs = {args}\n")), "Cluster");
    let settings = &cluster["spec"]["postgresql"];
    let wanted = serde_json::json!({ "max_connections": "200", "work_mem": "8MB", "x.y": "a=b" });
    assert_eq!(settings["parameters"], wanted);
    assert_eq!(texts(&settings["shared_preload_libraries"]), ["a", "b"]);
}

#[test]
fn a_job_that_is_waited_for_finds_its_database_there() {
    let tables = format!("{DB}k8s = \"cnpg\"\n[jobs.migrate]\ncommand = [\"a\"]\nwhen = \"before\"\n[k8s]\n");
    let wave = |object: &Value| text(&object["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]);
    let all = objects(&format!("{tables}jobs = \"argocd\"\n"));
    assert_eq!([wave(&of_kind(&all, "Cluster")), wave(&of_kind(&all, "Job"))], ["-2", "-1"]);
    let plain = objects(&format!("{tables}jobs = \"plain\"\n"));
    assert!(of_kind(&plain, "Cluster")["metadata"].get("annotations").is_none());
    assert_eq!(plain[0]["kind"], "Cluster");
}

#[test]
fn a_patch_may_tell_an_operator_more() {
    let more = "[[patches]]\ntarget = \"k8s\"\nkind = \"Cluster\"\nname = \"orders-db\"\n\
                merge = { spec = { instances = 2, backup = { retentionPolicy = \"30d\" } } }\n";
    let cluster = of_kind(&objects(&format!("{DB}k8s = \"cnpg\"\n{more}")), "Cluster");
    assert_eq!(cluster["spec"]["backup"]["retentionPolicy"], "30d");
    assert_eq!(cluster["spec"]["instances"], 2);
    let wrong = more.replace("instances = 2", "instances = \"two\"");
    let problems = documents("k8s", &with(&format!("{DB}k8s = \"cnpg\"\n{wrong}")), false).unwrap_err();
    assert!(problems.contains("patched-invalid"), "{problems}");
}

#[test]
fn a_closed_policy_leads_to_the_services_that_a_process_needs() {
    let tables = format!(
        "[network]\negress = [\"dns\", \"services\"]\n[env]\nA = \"${{db.url}}\"\nB = \"${{cache.url}}\"\n\
         {DB}k8s = \"cnpg\"\n[services.cache]\nkind = \"redis\"\n[services.queue]\nkind = \"rabbitmq\"\n\
         [processes.worker]\ncommand = [\"b\"]\nargs = [\"${{queue.url}}\"]\nenv = {{ A = \"\", B = \"\" }}\n"
    );
    let all = objects(&tables);
    let rules = |name: &str| {
        let policy = all.iter().find(|one| one["kind"] == "NetworkPolicy" && one["metadata"]["name"] == name);
        policy.unwrap()["spec"]["egress"].as_array().unwrap()[2..].to_vec()
    };
    let port = |number: u16| serde_json::json!([{ "port": number, "protocol": "TCP" }]);
    let [cache, db] = &rules("orders")[..] else { panic!("two services") };
    assert_eq!((&cache["ports"], &cache["to"]), (&port(6379), &Value::Null));
    assert_eq!(db["ports"], port(5432));
    assert_eq!(db["to"][0]["podSelector"]["matchLabels"]["cnpg.io/cluster"], "orders-db");
    let [queue] = &rules("orders-worker")[..] else { panic!("one service") };
    assert_eq!(queue["ports"], port(5672));
}

#[test]
fn every_kind_renders_on_a_host_with_all_that_can_be_said_of_it() {
    for facts in Facts::all() {
        let fields: Vec<Field> = Field::ALL.into_iter().filter(|field| facts.has(*field)).collect();
        let env: String = fields.iter().map(|one| format!("{0}_PATH = \"a${{it.{0}}}\"\n", one.name())).collect();
        let document = compose(&format!("[env]\n{env}[services.it]\nkind = \"{}\"\n", facts.name));
        let service = &document["services"]["it"];
        let tag = text(&service["image"]);
        assert!(tag.starts_with(facts.image.repository) && tag.contains(facts.image.default), "{tag}");
        assert_eq!(texts(&service["healthcheck"]["test"])[0], "CMD");
        let health = service["healthcheck"]["test"].to_string();
        assert!(!["{host}", "{user}", "{name}"].iter().any(|word| health.contains(word)), "{health}");
        assert_eq!(texts(&service["cap_drop"]), ["ALL"]);
        assert_eq!(service["deploy"]["resources"]["limits"]["pids"], facts.pids);
        assert_eq!(service["volumes"].is_null(), facts.data.is_empty());
        for field in fields {
            let value = text(&document["services"]["orders"]["environment"][format!("{}_PATH", field.name())]);
            assert!(value.len() > 1 && !value.contains("it."), "{} {value}", facts.name);
        }
    }
}

#[test]
fn the_catalogue_is_consistent() {
    let mut names: Vec<&str> = Facts::all().map(|facts| facts.name).collect();
    names.dedup();
    assert_eq!(names.len(), Facts::all().count());
    for facts in Facts::all() {
        let Facts { name, ports, shown, data, scratch, env, password, health, url, .. } = facts;
        let kind: BackingKind = serde_json::from_value((*name).into()).unwrap();
        assert_eq!(kind, facts.kind);
        assert!(!ports.is_empty() && shown.iter().all(|port| ports.contains(port)), "{name}");
        assert!(data.is_sorted_by(|a, b| a.0 > b.0) && data.last().is_none_or(|(from, _)| *from == 0), "{name}");
        let inside = |path: &str, other: &str| path == other || path.starts_with(&format!("{other}/"));
        let hides = |one: &render::app::ServiceScratch| data.iter().any(|(_, path)| inside(path, one.path));
        assert!(!scratch.iter().any(hides), "{name}: scratch over the data");
        assert!(env.is_sorted(), "{name}: by name");
        // Who has a password has a user, and the other way round.
        let user = facts.has(Field::User);
        assert_eq!(user, !matches!(password, Password::None), "{name}");
        let (Health::Loopback(words) | Health::Host(words)) = health;
        assert!(!words.concat().contains("localhost"), "{name}: may be ::1");
        assert!(url.as_ref().is_none_or(|url| !url.schemes.is_empty()), "{name}");
    }
}
