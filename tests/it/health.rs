//! The health check of a Compose service: who is asked where not everything can be.

use render::{app::Runtime, flow, layers::Request};

use super::rendered::{Cluster, Host, documents, texts};

fn test(probes: &str) -> Vec<String> {
    let profile = format!(
        "name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\nport = 8000\ncommand = [\"orders\"]\n[probes]\n{probes}\n"
    );
    texts(&Host::of(&profile).expect("a profile without errors").service()["healthcheck"]["test"])
}

#[test]
fn readiness_is_asked_where_nothing_in_the_image_can_ask_liveness() {
    assert_eq!(
        test("liveness = { tcp = true }\nreadiness = { exec = [\"/orders\", \"ready\"] }"),
        ["CMD", "/orders", "ready"]
    );
}

#[test]
fn liveness_is_asked_where_both_can_be() {
    assert_eq!(
        test("liveness = { exec = [\"/orders\", \"live\"] }\nreadiness = { exec = [\"/orders\", \"ready\"] }"),
        ["CMD", "/orders", "live"]
    );
}

#[test]
fn there_is_no_check_where_neither_can_be_asked() {
    assert!(test("liveness = { tcp = true }\nreadiness = \"/readyz\"").is_empty());
}

const TLS: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\n[server]\napp = \"a:app\"\n\
                   [resources]\nmemory = \"64Mi\"\n[probes]\nliveness = { https = \"/livez\", headers = { Host = \"a\" } }\n\
                   readiness = \"/plain\"\n";

#[test]
fn a_probe_over_tls_verifies_no_certificate() {
    let cluster = Cluster::of(TLS).unwrap();
    let container = cluster.container();
    let asked = &container["livenessProbe"]["httpGet"];
    assert_eq!(
        (&asked["scheme"], &asked["path"], &asked["port"]),
        (&"HTTPS".into(), &"/livez".into(), &"https".into())
    );
    assert_eq!(container["startupProbe"]["httpGet"], *asked, "it asks what liveness asks");
    assert!(container["readinessProbe"]["httpGet"].get("scheme").is_none());
    let port = &cluster.get("Service").unwrap()["spec"]["ports"][0];
    assert_eq!((&port["name"], &port["appProtocol"]), (&"https".into(), &"https".into()));
    let check = texts(&Host::of(TLS).unwrap().service()["healthcheck"]["test"]);
    assert_eq!(check[..4], ["CMD", "python", "-I", "-c"]);
    assert_eq!(
        check[4],
        "import http.client, ssl, sys; t = ssl.create_default_context(); t.check_hostname = False; \
         t.verify_mode = ssl.CERT_NONE; c = http.client.HTTPSConnection('127.0.0.1', 8000, timeout=4, context=t); \
         c.request('GET', '/livez', headers={'Host': 'a'}); sys.exit(not 200 <= c.getresponse().status < 400)"
    );
}

#[test]
fn another_port_over_tls_says_nothing_about_the_main_one() {
    let admin = TLS.replace("https = \"/livez\"", "https = \"/livez\", port = \"admin\"") + "[ports]\nadmin = 9443\n";
    let cluster = Cluster::of(&admin).unwrap();
    assert_eq!(cluster.get("Service").unwrap()["spec"]["ports"][0]["name"], "http");
    assert_eq!(cluster.container()["livenessProbe"]["httpGet"]["scheme"], "HTTPS");
    assert!(documents("cloudrun", &admin, false).is_ok());
    let error = documents("cloudrun", TLS, false).unwrap_err();
    assert!(error.contains("requests come to an instance as plain HTTP"), "{error}");
}

#[test]
fn who_leads_requests_to_tls_has_to_be_told() {
    let told = |more: &str| {
        let profile =
            format!("{TLS}[network]\ningress_from = [\"namespace:a\"]\n[ingress]\nhost = \"a.example.com\"\n{more}");
        let request = Request::alone("profile.toml", profile.as_bytes());
        let app = flow::app(&request).app.expect("a profile without errors");
        let told = app.problems(Runtime::Orchestrated).into_iter().filter(|one| one.title.contains("speaks TLS"));
        told.filter_map(|one| one.help).collect::<Vec<_>>().concat()
    };
    assert!(told("gateway = \"infra/public\"\n").contains("BackendTLSPolicy"));
    let nginx = "class = \"nginx\"\ntls = true\n";
    assert!(told(nginx).contains("backend-protocol\" = \"HTTPS\""));
    assert_eq!(
        told(&format!("{nginx}annotations = {{ \"nginx.ingress.kubernetes.io/backend-protocol\" = \"HTTPS\" }}\n")),
        ""
    );
    assert_eq!(told("class = \"traefik\"\ntls = true\n"), "", "it goes by the name of the port");
}
