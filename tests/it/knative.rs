//! What Knative shares with Kubernetes, in whose clusters it runs: services that texts refer to, and sidecars.

use serde_json::{Value, json};

use crate::rendered::{Cluster, Platform, documents};

const SERVER: &str = "name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\nport = 8000\ncommand = [\"serve\"]\n\
                      [probes]\nliveness = \"/healthz\"\n[resources]\nmemory = \"512Mi\"\n";

const SERVICES: &str = "[services.db]\nkind = \"postgres\"\nversion = \"17\"\nsecret = \"db\"\ndriver = \"postgresql+asyncpg\"\n\
                        [services.books]\nkind = \"postgres\"\nversion = \"17\"\nk8s = \"cnpg\"\n\
                        [services.cache]\nkind = \"redis\"\nversion = \"7.4\"\nk8s = \"preview\"\n\
                        [env]\nDATABASE_URL = \"${db.url}\"\nBOOKS_URL = \"${books.url}\"\nDB_HOST = \"${db.host}\"\n\
                        CACHE_URL = \"${cache.url}\"\nBOOKS = \"${books.user}@${books.host}\"\n";

fn knative(profile: &str) -> Platform {
    Platform::of("knative", profile).unwrap_or_else(|problems| panic!("{problems}"))
}

fn told(profile: &str) -> String {
    documents("cloudrun", &format!("{profile}[cloudrun]\nflavor = \"knative\"\n"), false).expect_err("refused")
}

#[test]
fn a_process_of_knative_is_told_of_services_as_a_pod_is() {
    let profile = format!("args = [\"--db\", \"${{db.host}}\"]\n{SERVER}{SERVICES}");
    let (cluster, platform) = (Cluster::of(&profile).unwrap(), knative(&profile));
    assert_eq!(platform.container()["env"], cluster.container()["env"]);
    assert_eq!(platform.argv(), ["serve", "--db", "$(DB_HOST)"]);
    let env = platform.container()["env"].as_array().unwrap();
    let at = |name: &str| env.iter().position(|one| one["name"] == name).unwrap_or_else(|| panic!("{name}: {env:?}"));
    // What refers to a variable comes after it.
    assert!(at("DB_PASSWORD") < at("DATABASE_URL") && at("DB_HOST") < at("DATABASE_URL"));
    assert_eq!(env[at("BOOKS_URL")]["valueFrom"]["secretKeyRef"], json!({ "name": "orders-books-app", "key": "uri" }));
    assert_eq!(env[at("CACHE_URL")]["value"], "redis://orders-cache:6379/0");
    assert_eq!(env[at("BOOKS")]["value"], "orders@orders-books-rw");
}

#[test]
fn a_variable_for_a_secret_leaves_what_the_platform_tells_alone() {
    // Its own variables are other ones here than in a pod: PORT is the platform's.
    let profile = format!("port_env = \"DB_PASSWORD\"\n{SERVER}{SERVICES}");
    let platform = knative(&profile);
    let env = platform.container()["env"].as_array().unwrap();
    let names: Vec<&str> = env.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"DB_PASSWORD") && names.contains(&"SERVICE_DB_PASSWORD"), "{names:?}");
}

#[test]
fn services_that_the_app_brings_along_are_said_to_be_rendered_elsewhere() {
    let broken = format!("{SERVER}{SERVICES}[services.mail]\nkind = \"redis\"\nk8s = \"cnpg\"\n");
    let problems = told(&broken);
    assert!(problems.contains("CloudNativePG runs PostgreSQL, not redis"), "{problems}");
    let objects: Vec<Value> =
        documents("cloudrun", &format!("{SERVER}{SERVICES}[cloudrun]\nflavor = \"knative\"\n"), false).unwrap();
    assert_eq!(objects.len(), 1, "the Service alone");
}

#[test]
fn sidecars_of_knative_share_volumes_are_hardened_and_are_asked_nothing() {
    let profile = format!(
        "{SERVER}[service]\nto = \"front\"\n\
         [volumes]\npages = {{ mount = \"/pages\", size = \"8Mi\", medium = \"disk\", for = [\"web\", \"front\"] }}\n\
         [sidecars.front]\nimage = \"nginx:1.27\"\nport = 8080\nport_env = \"PORT\"\nresources = {{ memory = \"64Mi\" }}\n\
         [sidecars.agent]\nimage = \"agent:1\"\nport = 9000\nresources = {{ memory = \"64Mi\" }}\n"
    );
    let platform = knative(&profile);
    let containers = platform.instance()["containers"].as_array().unwrap();
    let names: Vec<_> = containers.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["orders", "front", "agent"]);
    let ports: Vec<_> = containers.iter().map(|one| one.get("ports").is_some()).collect();
    assert_eq!(ports, [false, true, false], "requests come to the one that `[service] to` names");
    // By default nobody asks the others for their health, and the platform tells the one its port.
    let probes: Vec<_> = containers.iter().map(|one| one.get("startupProbe").is_some()).collect();
    assert_eq!(probes, [false, true, false]);
    assert!(containers[1].get("env").is_none(), "{}", containers[1]);
    for container in containers {
        assert_eq!(container["securityContext"]["runAsNonRoot"], true);
        assert_eq!(container["securityContext"]["capabilities"]["drop"], json!(["ALL"]));
    }
    let mount = |at: usize| containers[at]["volumeMounts"][0]["name"].clone();
    assert_eq!((mount(0), mount(1)), (json!("pages"), json!("pages")));
    let volumes = platform.instance()["volumes"].as_array().unwrap();
    let pages: Vec<_> = volumes.iter().filter(|volume| volume["name"] == "pages").collect();
    assert_eq!(pages, [&json!({ "name": "pages", "emptyDir": { "sizeLimit": "8Mi" } })]);
}

#[test]
fn the_proxy_in_each_instance_keeps_its_ports_to_itself() {
    let problems = told(&format!("{SERVER}[ports]\nmetrics = 9090\n"));
    assert!(problems.contains("port 9090 is taken by Knative's proxy"), "{problems}");
}
