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
fn the_keys_of_a_secret_may_have_the_names_that_an_operator_gives_them() {
    let keys = "{ url = \"uri\", username = \"user\", name = \"dbname\" }";
    let db = format!("{DB}secret = {{ name = \"hippo-pguser-shop\", keys = {keys} }}\n");
    let whole = format!("[env]\nDATABASE_URL = \"${{db.url}}\"\nWHO = \"${{db.user}}\"\n{db}");
    assert_eq!(env(&whole), pairs(&[("DATABASE_URL", "hippo-pguser-shop/uri"), ("WHO", "hippo-pguser-shop/user")]));
    // The variables of its parts bear our names, and those that are not named otherwise are as they were.
    let parts = format!("[env]\nA_URL = \"${{db.url}}\"\n{db}driver = \"postgresql+asyncpg\"\n");
    let all = env(&parts);
    let of = |name: &str| all.iter().find(|(other, _)| other == name).map(|(_, place)| place.as_str()).unwrap();
    assert_eq!(of("DB_USERNAME"), "hippo-pguser-shop/user");
    assert_eq!(of("DB_DATABASE"), "hippo-pguser-shop/dbname");
    assert_eq!(of("DB_PASSWORD"), "hippo-pguser-shop/password");
    // Without a name it is the app's.
    let unnamed = format!("[env]\nA = \"${{db.host}}\"\n{DB}secret.keys.host = \"server\"\n");
    assert_eq!(env(&unnamed), pairs(&[("A", "orders-db/server")]));
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

fn preview(kind: &str, more: &str) -> String {
    format!("[services.it]\nkind = \"{kind}\"\nk8s = \"preview\"\n{more}")
}

/// The container of the one object of a kind that runs a service.
fn runs(objects: &[Value]) -> Value {
    let is_it = |one: &&Value| matches!(text(&one["kind"]).as_str(), "StatefulSet" | "Deployment");
    let found = objects.iter().filter(is_it).find(|one| one["metadata"]["name"] == "orders-it");
    found.expect("what runs it")["spec"]["template"]["spec"].clone()
}

fn value(pod: &Value, name: &str) -> Value {
    let env = pod["containers"][0]["env"].as_array().unwrap();
    env.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("a variable {name}")).clone()
}

#[test]
fn a_review_environment_runs_a_database_whose_data_goes_with_it() {
    let all = objects(&preview("postgres", "version = \"17\"\nsize = \"2Gi\"\n"));
    let set = of_kind(&all, "StatefulSet");
    assert_eq!(set["metadata"]["labels"]["environment"], "preview");
    assert_eq!(set["spec"]["replicas"], 1);
    assert_eq!(set["spec"]["persistentVolumeClaimRetentionPolicy"]["whenDeleted"], "Delete");
    assert_eq!(set["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"], "2Gi");
    let own = |kind: &str| {
        let is_it = |one: &&Value| one["kind"] == kind && one["metadata"]["name"] == "orders-it";
        all.iter().find(is_it).unwrap_or_else(|| panic!("a {kind}")).clone()
    };
    assert_eq!(own("Service")["spec"]["clusterIP"], "None");
    assert_eq!(set["spec"]["serviceName"], "orders-it");
    // Who belongs to the app may come in, and it talks to nobody else.
    let policy = own("NetworkPolicy");
    let app = serde_json::json!([{ "podSelector": { "matchLabels": { "app.kubernetes.io/part-of": "orders" } } }]);
    assert_eq!(policy["spec"]["ingress"][0]["from"], app);
    assert_eq!(policy["spec"]["egress"], serde_json::json!([{ "to": app }]));
}

#[test]
fn a_database_owns_the_folder_of_its_data_whatever_else_lies_on_the_volume() {
    let pod = |version: &str| runs(&objects(&preview("postgres", &format!("version = \"{version}\"\n"))));
    let mount = |pod: &Value| pod["containers"][0]["volumeMounts"][0].clone();
    let old = pod("17");
    assert_eq!(mount(&old)["mountPath"], "/var/lib/postgresql/data");
    assert_eq!(mount(&old)["subPath"], "data");
    assert_eq!(value(&old, "PGDATA")["value"], "/var/lib/postgresql/data/pgdata");
    // Its image makes a folder of its own there.
    let new = pod("18");
    assert_eq!(mount(&new)["mountPath"], "/var/lib/postgresql");
    assert!(!new["containers"][0]["env"].to_string().contains("PGDATA"));
    assert_eq!(old["securityContext"]["fsGroup"], 70);
    // A user whose groups the image alone knows needs one for its volume.
    let java = runs(&objects(&preview("elasticsearch", "")));
    assert_eq!(
        (&java["securityContext"]["fsGroup"], &java["securityContext"]["runAsGroup"]),
        (&1000.into(), &Value::Null)
    );
}

#[test]
fn whoever_deploys_makes_the_password_of_a_review_environment() {
    let app = "[env]\nIT_AT = \"${it.url}\"\n";
    let url = |scheme: &str, rest: &str| format!("{scheme}://orders:$(IT_PASSWORD)@orders-it:{rest}");
    let of_app = |tables: &str| env(&format!("{app}{}", preview("postgres", tables)));
    let wanted = url("postgresql", "5432/orders");
    assert_eq!(of_app("version = \"17\"\n"), pairs(&[("IT_PASSWORD", "orders-it/password"), ("IT_AT", &wanted)]));
    assert_eq!(of_app("secret = \"mine\"\nversion = \"17\"\n")[0], pairs(&[("IT_PASSWORD", "mine/password")])[0]);
    // As a file where the image reads one, and else as a variable.
    let pod = runs(&objects(&preview("mariadb", "secret = \"mine\"\n")));
    assert_eq!(value(&pod, "MARIADB_PASSWORD_FILE")["value"], "/run/secrets/it_password");
    let volumes = pod["volumes"].as_array().unwrap();
    let secret = volumes.iter().find(|one| one["secret"].is_object()).unwrap();
    assert_eq!(secret["secret"]["secretName"], "mine");
    assert_eq!(secret["secret"]["items"][0], serde_json::json!({ "key": "password", "path": "it_password" }));
    let other = objects(&preview("mariadb", "secret.keys.password = \"word\"\n"));
    assert!(runs(&other)["volumes"].to_string().contains(r#"{"key":"word","path":"it_password"}"#));
    let pod = runs(&objects(&preview("rabbitmq", "")));
    let from = value(&pod, "RABBITMQ_DEFAULT_PASS")["valueFrom"]["secretKeyRef"].clone();
    assert_eq!(from, serde_json::json!({ "name": "orders-it", "key": "password" }));
}

#[test]
fn what_a_job_waits_for_in_a_review_environment_comes_before_it() {
    let job = "[jobs.migrate]\ncommand = [\"a\"]\nwhen = \"before\"\n[k8s]\n";
    let all = objects(&format!("{}{job}jobs = \"argocd\"\n", preview("postgres", "version = \"17\"\n")));
    let wave = |object: &Value| text(&object["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]);
    let own = |object: &&Value| object["metadata"]["name"] == "orders-it";
    let waves: Vec<String> = all.iter().filter(own).map(wave).collect();
    assert_eq!((waves.len(), waves.iter().all(|wave| wave == "-2")), (4, true), "{waves:?}");
    assert_eq!(wave(&of_kind(&all, "Job")), "-1");
    // A release of Helm makes it only after the job.
    let helm = format!("{APP}{}{job}jobs = \"helm\"\n", preview("postgres", "version = \"17\"\n"));
    assert!(documents("k8s", &helm, false).unwrap_err().contains("conflict"));
}

#[test]
fn every_kind_runs_in_a_review_environment_as_hardened_as_its_image_can() {
    for facts in Facts::all() {
        let all = objects(&preview(facts.name, ""));
        let pod = runs(&all);
        let container = &pod["containers"][0];
        let context = &container["securityContext"];
        assert_eq!(context["readOnlyRootFilesystem"], facts.read_only, "{}", facts.name);
        assert_eq!((&context["runAsNonRoot"], &context["allowPrivilegeEscalation"]), (&true.into(), &false.into()));
        assert_eq!(texts(&context["capabilities"]["drop"]), ["ALL"]);
        assert_eq!(pod["automountServiceAccountToken"], false);
        let kind = if facts.data.is_empty() { "Deployment" } else { "StatefulSet" };
        assert!(all.iter().any(|one| one["kind"] == kind && one["metadata"]["name"] == "orders-it"), "{}", facts.name);
        // It is not killed while its client is still starting.
        assert!(container["startupProbe"]["tcpSocket"].is_object(), "{}", facts.name);
        let names: Vec<String> =
            container["env"].as_array().into_iter().flatten().map(|one| text(&one["name"])).collect();
        let once: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(once.len(), names.len(), "{}: {names:?}", facts.name);
        assert!(!container.to_string().contains("{host}"), "{}", facts.name);
    }
}

#[test]
fn what_a_service_is_told_of_the_apps_own_stands_in_its_container_once() {
    let more =
        "env = { LICENCE = \"${secrets.LICENCE}\", ZONE = \"${inputs.ZONE}\", MORE = \"a-${secrets.LICENCE}\" }\n";
    let tables = format!("[secrets]\nLICENCE = \"a\"\n[inputs]\nZONE.default = \"eu\"\n{}", preview("redis", more));
    let pod = runs(&objects(&tables));
    let names: Vec<String> =
        pod["containers"][0]["env"].as_array().unwrap().iter().map(|one| text(&one["name"])).collect();
    assert_eq!(names, ["LICENCE", "MORE", "ZONE"]);
    assert_eq!(value(&pod, "LICENCE")["valueFrom"]["secretKeyRef"]["name"], "orders-secrets");
    assert_eq!((&value(&pod, "MORE")["value"], &value(&pod, "ZONE")["value"]), (&"a-$(LICENCE)".into(), &"eu".into()));
}

#[test]
fn a_service_of_a_review_environment_goes_where_it_refers_to() {
    let kafka = objects(&preview("kafka", ""));
    let policy = kafka.iter().find(|one| one["kind"] == "NetworkPolicy" && one["metadata"]["name"] == "orders-it");
    // It looks itself up, by a name server.
    assert_eq!(policy.unwrap()["spec"]["egress"][1]["ports"][0]["port"], 53);
    let other = "env = { DB = \"${db.host}\" }\n";
    let all = objects(&format!("{}{DB}", preview("redis", other)));
    let policy = all.iter().find(|one| one["kind"] == "NetworkPolicy" && one["metadata"]["name"] == "orders-it");
    assert_eq!(policy.unwrap()["spec"]["egress"][2]["ports"][0]["port"], 5432);
}

const SET_UP: &str = "[services.it.files]\n\
    \"/docker-entrypoint-initdb.d/10.sql\" = { content = \"CREATE ROLE ${it.user};\", template = true }\n";

#[test]
fn files_set_a_database_up_on_a_host_and_in_a_review_environment() {
    let tables = format!("{}{SET_UP}", preview("postgres", "version = \"17\"\n"));
    let all = objects(&tables);
    let map = of_kind(&all, "ConfigMap");
    assert_eq!(map["metadata"]["name"], "orders-it-files");
    assert_eq!(map["data"]["docker-entrypoint-initdb.d-10.sql"], "CREATE ROLE orders;");
    let mounts = runs(&all)["containers"][0]["volumeMounts"].as_array().unwrap().clone();
    let mount = mounts.iter().find(|one| one["mountPath"] == "/docker-entrypoint-initdb.d/10.sql").unwrap();
    assert_eq!((&mount["readOnly"], &mount["subPath"]), (&true.into(), &"docker-entrypoint-initdb.d-10.sql".into()));
    // On a host what stands in the profile alone is written before the service starts.
    let document = compose(&tables);
    let it = &document["services"]["it"];
    assert_eq!(it["depends_on"]["orders-volumes"]["condition"], "service_completed_successfully");
    let mount = it["volumes"].as_array().unwrap().iter().find(|one| one["source"] == "orders-files").unwrap();
    assert_eq!(mount["target"], "/docker-entrypoint-initdb.d/10.sql");
    let written = &document["services"]["orders-volumes"];
    assert_eq!(written["environment"]["FILE_IT_DOCKER_ENTRYPOINT_INITDB_D_10_SQL"], "CREATE ROLE orders;");
    assert!(it["labels"]["checksum/files"].is_string() && document["volumes"].get("orders-files").is_some());
    // The app has none of it.
    assert!(document["services"]["orders"].get("volumes").is_none());
}

#[test]
fn whoever_runs_a_service_for_others_sets_it_up() {
    for who in ["external", "cnpg"] {
        let all = objects(&format!(
            "{DB}k8s = \"{who}\"\n{}",
            SET_UP.replace("services.it", "services.db").replace("it.user", "db.user")
        ));
        assert!(!all.iter().any(|one| one["kind"] == "ConfigMap"), "{who}");
    }
}

#[test]
fn a_patch_reaches_what_runs_a_service_and_is_checked() {
    let patch = |merge: &str| {
        let patch =
            format!("[[patches]]\ntarget = \"k8s\"\nkind = \"StatefulSet\"\nname = \"orders-it\"\nmerge = {merge}\n");
        documents("k8s", &with(&format!("{}{patch}", preview("redis", ""))), false)
    };
    let all = patch("{ spec = { template = { spec = { priorityClassName = \"low\" } } } }").unwrap();
    assert_eq!(runs(&all)["priorityClassName"], "low");
    let wrong = patch("{ spec = { serviceName = \"elsewhere\" } }").unwrap_err();
    assert!(wrong.contains("there is no Service `elsewhere`"), "{wrong}");
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

#[test]
fn nothing_follows_the_url_of_a_service_that_ends_with_its_database() {
    let told = |url: &str, service: &str| {
        let error = documents("compose", &with(&format!("[env]\nX = \"{url}\"\n[services.one]\n{service}\n")), false);
        error.err().unwrap_or_default()
    };
    let redis = told("${one.url}/1", "kind = \"redis\"");
    assert!(redis.contains("write `redis://${one.host}:${one.port}/1`; or `database = \"1\"`"), "{redis}");
    let postgres = told("${one.url}/b?x=1", "kind = \"postgres\"\nversion = \"17\"");
    assert!(
        postgres.contains("`postgresql://${one.user}:${one.password}@${one.host}:${one.port}/b?x=1`"),
        "{postgres}"
    );
    assert_eq!(told("${one.url}?x=1", "kind = \"postgres\"\nversion = \"17\""), "");
    assert_eq!(told("${one.url}/vhost", "kind = \"rabbitmq\"\nversion = \"4.1\""), "");
}

#[test]
fn data_that_the_image_leaves_to_root_is_given_to_the_user_of_the_service() {
    let store = compose("[env]\nS3 = \"${store.url}\"\n[services.store]\nkind = \"minio\"\n");
    let (store, prepare) = (&store["services"]["store"], &store["services"]["orders-volumes"]);
    assert_eq!(texts(&prepare["entrypoint"]), ["chown", text(&store["user"]).as_str(), "/volumes/store-data"]);
    assert_eq!(prepare["volumes"][0]["source"], store["volumes"][0]["source"]);
    assert_eq!(store["depends_on"]["orders-volumes"]["condition"], "service_completed_successfully");
    assert_eq!(store["volumes"][0]["volume"]["nocopy"], true, "or the image's folder would make it root's again");
    let db = compose(DB);
    assert!(db["services"].get("orders-volumes").is_none(), "its image gives the folder to its user");
    assert!(db["services"]["db"].get("depends_on").is_none());
    // With volumes of the app that belong to another.
    let both = compose(
        "[volumes]\nmedia = { mount = \"/media\", size = \"1Gi\", access = \"rwx\" }\n[processes.web]\nuid = 20001\n\
         [services.store]\nkind = \"minio\"\n",
    );
    let script = "chown \"$$1\" /volumes/store-data\nchown \"$$2\" /volumes/media";
    let wanted = ["sh", "-euc", script, "sh", "10001:10001", "20001:20001"];
    assert_eq!(texts(&both["services"]["orders-volumes"]["entrypoint"]), wanted);
}
