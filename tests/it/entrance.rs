//! `[service] to`: requests that come in through a sidecar, wherever they come from.

use serde_json::{Value, json};

use crate::rendered::{documents, texts};

const APP: &str = "name = \"shop\"\nimage = \"example.com/shop:1.0.0\"\nport = 8000\ncommand = [\"a\"]\n\
                   [probes]\nliveness = \"/healthz\"\n[resources]\nmemory = \"256Mi\"\n\
                   [service]\nto = \"nginx\"\n\
                   [sidecars.nginx]\nimage = \"example.com/nginx:1.0.0\"\nport = 8080\nprobes = { readiness = \"/\" }\n\
                   resources = { memory = \"32Mi\" }\n\
                   [processes.worker]\ncommand = [\"w\"]\nresources = { memory = \"32Mi\" }\n\
                   env = { WEB = \"${processes.web.url} ${processes.web.port}\" }\n";

fn with(more: &str) -> String {
    format!("{APP}{more}")
}

fn object(profile: &str, kind: &str, name: &str) -> Value {
    let objects = documents("k8s", profile, false).unwrap_or_else(|error| panic!("{error}"));
    let is_it = |object: &&Value| object["kind"] == kind && object["metadata"]["name"] == name;
    objects.iter().find(is_it).unwrap_or_else(|| panic!("no {kind} {name}")).clone()
}

fn service(profile: &str, name: &str, dev: bool) -> Value {
    documents("compose", profile, dev).unwrap_or_else(|error| panic!("{error}"))[0]["services"][name].clone()
}

#[test]
fn the_service_leads_to_the_sidecar_under_the_name_of_what_that_speaks() {
    let ports = &object(APP, "Service", "shop")["spec"]["ports"];
    let offered = json!([{
        "appProtocol": "http", "name": "http", "port": 80, "protocol": "TCP", "targetPort": "nginx"
    }]);
    assert_eq!(*ports, offered);
    let headless = APP.replace("[service]\n", "[service]\ntype = \"headless\"\n");
    assert_eq!(
        object(&headless, "Service", "shop")["spec"]["ports"][0]["port"],
        8080,
        "clients reach the pods themselves"
    );
}

/// Whoever could reach the process itself would go past the sidecar, which may be what asks who they are.
#[test]
fn the_policy_lets_nobody_in_at_the_process_itself() {
    let gateway = with("[ingress]\ngateway = \"infra/public\"\n");
    let rules = object(&gateway, "NetworkPolicy", "shop")["spec"]["ingress"].clone();
    let ports: Vec<&Value> = rules.as_array().unwrap().iter().map(|rule| &rule["ports"]).collect();
    let sidecar = json!([{ "port": "nginx", "protocol": "TCP" }]);
    assert_eq!(ports, [&sidecar, &sidecar], "neither neighbours nor the gateway");
}

#[test]
fn ways_from_outside_lead_to_the_sidecar_by_the_port_of_the_service() {
    let class =
        with("[ingress]\nclass = \"nginx\"\ntls = true\nroutes = [{ path = \"/\" }, { path = \"/x\", port = 8080 }]\n");
    let paths = object(&class, "Ingress", "shop")["spec"]["rules"][0]["http"]["paths"].clone();
    let backend = json!({ "service": { "name": "shop", "port": { "name": "http" } } });
    assert!(paths.as_array().unwrap().iter().all(|path| path["backend"] == backend), "{paths}");
    let own = documents("k8s", &class.replace("port = 8080 }]", "port = 8000 }]"), false).unwrap_err();
    assert!(own.contains("`web` has no port 8000") && own.contains("`port = 8080`"), "{own}");
    let route = object(&with("[ingress]\ngateway = \"public\"\n"), "HTTPRoute", "shop");
    assert_eq!(route["spec"]["rules"][0]["backendRefs"][0]["port"], 80);
}

#[test]
fn a_host_publishes_the_port_of_the_sidecar_and_others_find_it_there() {
    let published = |profile: &str, dev| texts(&service(profile, "shop-nginx", dev)["ports"]);
    assert_eq!(published(APP, false), ["127.0.0.1:8080:8080"]);
    assert_eq!(published(APP, true), ["127.0.0.1:8080:8080"]);
    let asked = with("[compose]\npublish = \"0.0.0.0:80\"\n");
    assert_eq!(published(&asked, false), ["0.0.0.0:80:8080"]);
    assert_eq!(service(APP, "shop-worker", false)["environment"]["WEB"], "http://shop:8080 8080");
    assert_eq!(service(APP, "shop-nginx", false)["networks"]["default"]["aliases"], json!(["shop"]));
    let env = &object(APP, "Deployment", "shop-worker")["spec"]["template"]["spec"]["containers"][0]["env"];
    assert_eq!(env[0]["value"], "http://shop 80");
}

#[test]
fn a_process_without_a_port_is_offered_through_its_sidecar() {
    let bare = APP.replace("port = 8000\n", "").replace("liveness = \"/healthz\"", "liveness = { exec = [\"/live\"] }");
    assert_eq!(object(&bare, "Service", "shop")["spec"]["ports"][0]["targetPort"], "nginx");
    let pod = object(&bare, "Deployment", "shop")["spec"]["template"]["spec"].clone();
    assert_eq!(
        pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"], 5,
        "proxies have to learn that it goes"
    );
    assert_eq!(texts(&service(&bare, "shop-nginx", false)["ports"]), ["127.0.0.1:8080:8080"]);
}

#[test]
fn a_sidecar_over_tls_is_what_is_told_to_who_leads_there() {
    let tls = APP.replace("readiness = \"/\"", "readiness = { https = \"/\" }");
    assert_eq!(service(&tls, "shop-worker", false)["environment"]["WEB"], "https://shop:8080 8080");
    assert_eq!(object(&tls, "Service", "shop")["spec"]["ports"][0]["name"], "https");
}

#[test]
fn what_is_no_entrance_is_told_once() {
    for (from, to, word) in [
        ("to = \"nginx\"", "to = \"ngin\"", "did you mean `nginx`?"),
        ("to = \"nginx\"", "to = \"worker\"", "there are: nginx"),
        ("port = 8080\n", "with = [\"worker\"]\nport = 8080\n", "is not with `web`"),
        ("port = 8080\nprobes = { readiness = \"/\" }\n", "", "`port` in `[sidecars.nginx]`"),
        ("[service]\n", "[ports]\nhttp = 9000\n[service]\n", "is the name of the port that requests come to"),
    ] {
        let profile = with("[ingress]\ngateway = \"public\"\n").replace(from, to);
        let error = documents("k8s", &profile, false).unwrap_err();
        assert!(error.contains(word), "{error}");
        assert_eq!(error.matches("error[").count(), if word.starts_with("is the name") { 2 } else { 1 }, "{error}");
    }
}
