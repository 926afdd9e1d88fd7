//! References to the app's own processes: what each target has them by.

use render::{
    flow,
    layers::Request,
    problem::{Code, Severity},
};
use serde_json::Value;

use crate::rendered::{documents, text};

const APP: &str = "name = \"shop\"\nimage = \"example.com/shop:1.0.0\"\nmain = \"front\"\nport = 8000\ncommand = [\"a\"]\n\
                   [probes]\nliveness = \"/healthz\"\n[resources]\nmemory = \"256Mi\"\n\
                   [processes.api]\nport = 3000\ncommand = [\"b\"]\nresources = { memory = \"128Mi\" }\n\
                   [processes.worker]\ncommand = [\"c\"]\nresources = { memory = \"128Mi\" }\n";

fn with(tables: &str) -> String {
    format!("{APP}{tables}")
}

fn all(name: &str) -> String {
    format!("[env]\nX = \"${{processes.{name}.url}} ${{processes.{name}.host}} ${{processes.{name}.port}}\"\n")
}

/// The variable of a process that refers.
fn cluster(target: &str, tables: &str, name: &str) -> String {
    let objects = documents(target, &with(tables), false).unwrap_or_else(|error| panic!("{error}"));
    let is_it = |object: &&Value| {
        object["metadata"]["name"] == name && object["spec"]["template"]["spec"]["containers"].is_array()
    };
    let object = objects.iter().find(is_it).expect("a workload");
    let env = object["spec"]["template"]["spec"]["containers"][0]["env"].as_array().expect("variables");
    env.iter().find(|one| one["name"] == "X").map(|one| text(&one["value"])).expect("the variable")
}

fn host(tables: &str, name: &str) -> String {
    text(&documents("compose", &with(tables), false).unwrap()[0]["services"][name]["environment"]["X"])
}

fn problems(profile: &str) -> Vec<(Code, String)> {
    let request = Request::alone("profile.toml", profile.as_bytes());
    let problems = flow::app(&request).problems.into_iter();
    problems
        .filter(|one| one.code.severity() == Severity::Error)
        .map(|one| (one.code, one.help.unwrap_or_default()))
        .collect()
}

#[test]
fn a_cluster_reaches_a_process_by_its_service() {
    for who in ["shop", "shop-worker"] {
        assert_eq!(cluster("k8s", &all("api"), who), "http://shop-api shop-api 80");
        assert_eq!(cluster("k8s", &all("front"), who), "http://shop shop 80", "the main one, by its name");
    }
    let own = format!("{}[processes.api.service]\nport = 9000\n", all("api"));
    assert_eq!(cluster("k8s", &own, "shop"), "http://shop-api:9000 shop-api 9000");
    let headless = format!("{}[processes.api.service]\ntype = \"headless\"\n", all("api"));
    assert_eq!(cluster("k8s", &headless, "shop"), "http://shop-api:3000 shop-api 3000", "pods have no other port");
}

#[test]
fn a_host_reaches_a_process_at_the_port_of_its_container() {
    let own = format!("{}[processes.api.service]\nport = 9000\n", all("api"));
    assert_eq!(host(&own, "shop-worker"), "http://shop-api:3000 shop-api 3000");
    assert_eq!(host(&all("front"), "shop-worker"), "http://shop:8000 shop 8000");
}

#[test]
fn what_is_asked_over_tls_is_reached_over_tls() {
    let probes = "probes = { liveness = { https = \"/livez\" } }\n";
    let tls = format!("{}[processes.safe]\nport = 8443\ncommand = [\"s\"]\n{probes}", all("safe"));
    assert_eq!(cluster("k8s", &tls, "shop"), "https://shop-safe:80 shop-safe 80");
    assert_eq!(host(&tls, "shop"), "https://shop-safe:8443 shop-safe 8443");
    let usual = format!("{tls}service = {{ port = 443 }}\n");
    assert_eq!(cluster("k8s", &usual, "shop"), "https://shop-safe shop-safe 443");
}

#[test]
fn knative_reaches_a_process_by_its_namespace_as_its_router_does() {
    let knative = |more: &str| format!("{}[cloudrun]\nflavor = \"knative\"\n{more}", all("api"));
    let told = cluster("cloudrun", &knative("[k8s]\nnamespace = \"prod\"\n"), "shop");
    assert_eq!(told, "http://shop-api.prod shop-api.prod 80");
    let untold = documents("cloudrun", &with(&knative("")), false).unwrap_err();
    assert!(untold.contains("write `[k8s] namespace"), "{untold}");
}

#[test]
fn cloud_run_has_no_names_for_its_services_and_says_what_to_write() {
    let error = documents("cloudrun", &with(&all("api")), false).unwrap_err();
    assert!(error.contains("https://shop-api-PROJECT_NUMBER.REGION.run.app"), "{error}");
}

#[test]
fn files_and_arguments_refer_as_variables_do() {
    let profile = with(
        "[processes.tail]\ncommand = [\"t\"]\nargs = [\"--api=${processes.api.url}\", \"$${processes.api.url}\"]\n\
                        resources = { memory = \"64Mi\" }\n\
                        files = { \"/etc/x\" = { content = \"${processes.front.host}\", template = true } }\n",
    );
    let objects = documents("k8s", &profile, false).unwrap();
    let named = |kind: &str, name: &str| {
        let is_it = |one: &&Value| one["kind"] == kind && one["metadata"]["name"] == name;
        objects.iter().find(is_it).cloned().unwrap_or_else(|| panic!("no {kind} {name}"))
    };
    assert_eq!(named("ConfigMap", "shop-tail-files")["data"]["etc-x"], "shop");
    let args = &named("Deployment", "shop-tail")["spec"]["template"]["spec"]["containers"][0]["args"];
    assert_eq!(*args, serde_json::json!(["--api=http://shop-api", "${processes.api.url}"]));
}

#[test]
fn a_sidecar_and_an_init_container_refer_too() {
    let beside = "[sidecars.proxy]\nimage = \"example.com/p:1\"\nargs = [\"${processes.api.url}\"]\nresources = { memory = \"64Mi\" }\n\
                  [inits.wait]\nimage = \"example.com/w:1\"\nargs = [\"${processes.api.host}\"]\nresources = { memory = \"64Mi\" }\n";
    let services = documents("compose", &with(beside), false).unwrap()[0]["services"].clone();
    assert_eq!(services["shop-proxy"]["command"], serde_json::json!(["http://shop-api:3000"]));
    assert_eq!(services["shop-wait"]["command"], serde_json::json!(["shop-api"]));
}

#[test]
fn what_nobody_can_reach_cannot_be_referred_to() {
    let one = |reference: &str, more: &str| {
        let problems = problems(&with(&format!("[env]\nX = \"${{{reference}}}\"\n{more}")));
        let [(Code::BadReference, help)] = problems.as_slice() else { panic!("{reference}: {problems:?}") };
        help.clone()
    };
    assert!(one("processes.worker.url", "").contains("by its `port`"));
    assert!(one("processes.worker.host", "").contains("by its `port`"));
    let named = "[processes.worker.ports]\nmetrics = 9090\n";
    assert!(one("processes.worker.port", named).contains("${processes.worker.host}:9090"));
    assert!(problems(&with(&format!("[env]\nX = \"${{processes.worker.host}}\"\n{named}"))).is_empty());
    assert!(one("processes.apo.url", "").contains("did you mean `${processes.api.url}`?"));
    assert!(one("processes.api.ulr", "").contains("did you mean `${processes.api.url}`?"));
    assert!(one("api.url", "").contains("did you mean `${processes.api.url}`?"), "as services are referred to");
    assert!(one("processes.web.url", "").contains("`${processes.front.url}`"), "the main process has a name");
    assert!(one("processes.api", "").contains("`${processes.api.url}`"));
    for nobody in ["processes", "processes.", "processes..", "processes.api.url.x"] {
        one(nobody, "");
    }
    let service = problems(&with(
        "[services.db]\nkind = \"postgres\"\nversion = \"17\"\nenv = { X = \"${processes.api.url}\" }\n",
    ));
    assert!(
        matches!(service.as_slice(), [(Code::BadReference, help)] if help.contains("before them all")),
        "{service:?}"
    );
}

/// Both sides closed: what the renderer writes for the app's own processes opens them to each other.
#[test]
fn closed_policies_leave_the_way_between_the_processes_open() {
    let closed = format!("{}[network]\ningress_from = []\negress = [\"dns\"]\n", all("api"));
    let objects = documents("k8s", &with(&closed), false).unwrap();
    let own = serde_json::json!({ "podSelector": { "matchLabels": { "app.kubernetes.io/part-of": "shop" } } });
    let policy = |name: &str| {
        let is_it = |one: &&Value| one["kind"] == "NetworkPolicy" && one["metadata"]["name"] == name;
        objects.iter().find(is_it).cloned().expect("a policy")
    };
    assert_eq!(policy("shop")["spec"]["egress"][0]["to"], serde_json::json!([own]));
    assert_eq!(policy("shop-api")["spec"]["ingress"][0]["from"], serde_json::json!([own]));
    let names = policy("shop")["spec"]["egress"][1]["ports"].clone();
    assert_eq!(names[0]["port"], 53);
}
