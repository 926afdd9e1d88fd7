//! Ways from outside: what leads where, and whom it lets in.

use serde_json::{Value, json};

use crate::rendered::{documents, text};

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\n[server]\napp = \"a:app\"\n\
                   [probes]\nliveness = \"/healthz\"\n[resources]\nmemory = \"64Mi\"\n[ports]\nmetrics = 9090\n\
                   [processes.api]\nserver = { app = \"b:app\" }\n[processes.admin]\nserver = { app = \"c:app\" }\n";

fn objects(more: &str) -> Vec<Value> {
    documents("k8s", &format!("{APP}{more}"), false).unwrap()
}

fn object(more: &str, kind: &str, name: &str) -> Value {
    let is_it = |object: &&Value| object["kind"] == kind && object["metadata"]["name"] == name;
    objects(more).iter().find(is_it).unwrap_or_else(|| panic!("no {kind} {name}")).clone()
}

/// Who may come in by each rule of a process' policy, and to which ports.
fn let_in(more: &str, name: &str) -> Vec<(Value, Vec<String>)> {
    let policy = object(more, "NetworkPolicy", name);
    let rules = policy["spec"]["ingress"].as_array().unwrap().iter();
    let ports = |rule: &Value| rule["ports"].as_array().unwrap().iter().map(|port| text(&port["port"])).collect();
    rules.map(|rule| (rule["from"].clone(), ports(rule))).collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn a_gateway_leads_everything_to_the_main_process_unless_routes_say_otherwise() {
    let route = object("[ingress]\ngateway = \"infra/public\"\nhost = \"a.example.com\"", "HTTPRoute", "orders");
    assert_eq!(route["apiVersion"], "gateway.networking.k8s.io/v1");
    let parent = json!([{
        "group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "public", "namespace": "infra"
    }]);
    assert_eq!(route["spec"]["parentRefs"], parent);
    assert_eq!(route["spec"]["hostnames"], json!(["a.example.com"]));
    let rule = json!([{
        "backendRefs": [{ "group": "", "kind": "Service", "name": "orders", "port": 80, "weight": 1 }],
        "matches": [{ "path": { "type": "PathPrefix", "value": "/" } }]
    }]);
    assert_eq!(route["spec"]["rules"], rule);
}

#[test]
fn routes_to_one_backend_share_a_rule_and_a_gateway_has_ports_by_number() {
    let more = "[processes.api.service]\nport = 8080\n[ingress]\ngateway = \"public\"\ntimeout = \"90s\"\n\
                routes = [{ path = \"/\" }, { path = \"/a\", to = \"api\" }, { path = \"/m\", port = \"metrics\" }, \
                { path = \"/b\", to = \"api\", match = \"exact\" }]";
    let spec = &object(more, "HTTPRoute", "orders")["spec"];
    let rules = spec["rules"].as_array().unwrap().iter();
    let shown = rules.map(|rule| {
        assert_eq!(rule["timeouts"], json!({ "request": "90s" }));
        let backend = &rule["backendRefs"][0];
        let matches = rule["matches"].as_array().unwrap().iter();
        let paths: Vec<String> =
            matches.map(|one| format!("{} {}", text(&one["path"]["type"]), text(&one["path"]["value"]))).collect();
        format!("{}:{} {}", text(&backend["name"]), backend["port"], paths.join(", "))
    });
    let wanted = ["orders:80 PathPrefix /", "orders-api:8080 PathPrefix /a, Exact /b", "orders:9090 PathPrefix /m"];
    assert_eq!(shown.collect::<Vec<_>>(), wanted);
}

#[test]
fn an_ingress_names_its_class_its_certificate_and_ports_by_name() {
    let more = "[ingress]\nclass = \"nginx\"\nhost = \"*.example.com\"\ntls = true\n\
                routes = [{ path = \"/\" }, { path = \"/m\", match = \"exact\", port = \"metrics\" }]";
    let spec = &object(more, "Ingress", "orders")["spec"];
    let path = |path: &str, type_: &str, port: &str| {
        let service = json!({ "name": "orders", "port": { "name": port } });
        json!({ "backend": { "service": service }, "path": path, "pathType": type_ })
    };
    let paths = [path("/", "Prefix", "http"), path("/m", "Exact", "metrics")];
    assert_eq!(spec["ingressClassName"], "nginx");
    assert_eq!(spec["rules"], json!([{ "host": "*.example.com", "http": { "paths": paths } }]));
    assert_eq!(spec["tls"], json!([{ "hosts": ["*.example.com"], "secretName": "orders-tls" }]));
    assert!(objects(more).iter().all(|object| object["kind"] != "HTTPRoute"));
    let plain = object("[ingress]\nclass = \"nginx\"\ntls = false", "Ingress", "orders");
    assert!(plain["spec"].get("tls").is_none() && plain["spec"]["rules"][0].get("host").is_none());
}

#[test]
fn annotations_of_the_way_in_are_its_own_and_win_over_those_of_all() {
    let more = "[ingress]\ngateway = \"public\"\nannotations = { a = \"way\", b = \"way\" }\n";
    let shared = |object: &Value| object["metadata"]["annotations"].clone();
    let profile = format!("annotations = {{ a = \"all\", c = \"all\" }}\n{APP}{more}");
    let all = documents("k8s", &profile, false).unwrap();
    let of = |kind: &str| all.iter().find(|object| object["kind"] == kind).map(shared);
    assert_eq!(of("HTTPRoute"), Some(json!({ "a": "way", "b": "way", "c": "all" })));
    assert_eq!(of("Service"), Some(json!({ "a": "all", "c": "all" })));
}

#[test]
fn annotations_of_a_service_are_on_that_service_alone() {
    let more = "[service]\ntype = \"load-balancer\"\nannotations = { a = \"service\", b = \"service\" }\n\
                [volumes.v]\nmount = \"/v\"\nsize = \"1Gi\"\nper_replica = true\n\
                [network]\ningress_from = [\"0.0.0.0/0\"]\n";
    let profile = format!("annotations = {{ a = \"all\" }}\n{APP}{more}");
    let all = documents("k8s", &profile, false).unwrap();
    let with_b = all.iter().filter(|object| object["metadata"]["annotations"].get("b").is_some());
    let named: Vec<String> =
        with_b.map(|object| format!("{} {}", text(&object["kind"]), text(&object["metadata"]["name"]))).collect();
    assert_eq!(named, ["Service orders"], "neither the one that governs pods, nor that of another process");
    let service = all.iter().find(|object| object["kind"] == "Service" && object["metadata"]["name"] == "orders");
    assert_eq!(service.unwrap()["metadata"]["annotations"], json!({ "a": "service", "b": "service" }));
}

#[test]
fn the_gateway_comes_in_where_a_route_leads_and_nowhere_else() {
    let more =
        "[ingress]\ngateway = \"infra/public\"\nroutes = [{ to = \"api\" }, { path = \"/m\", port = \"metrics\" }]";
    let infra = json!([{ "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "infra" } } }]);
    let here = json!([{ "podSelector": {} }]);
    let all = |ports: &[&str]| (here.clone(), words(ports));
    assert_eq!(let_in(more, "orders"), [all(&["http", "metrics"]), (infra.clone(), words(&["metrics"]))]);
    assert_eq!(let_in(more, "orders-api"), [all(&["http"]), (infra, words(&["http"]))]);
    assert_eq!(let_in(more, "orders-admin"), [all(&["http"])]);
}

#[test]
fn the_gateway_comes_in_whatever_the_list_says_and_everywhere_if_it_is_listed() {
    let closed = "[network]\ningress_from = []\n[ingress]\ngateway = \"infra/public\"";
    let froms = |more: &str| let_in(more, "orders").into_iter().map(|(from, _)| from).collect::<Vec<_>>();
    let own = json!({ "podSelector": { "matchLabels": { "app.kubernetes.io/part-of": "orders" } } });
    let infra = json!({ "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "infra" } } });
    assert_eq!(froms(closed), [json!([own]), json!([infra])]);
    assert_eq!(froms(&closed.replace("[]", "[\"gateway\"]")), [json!([own, infra])]);
    // Its own namespace: already open, or opened for what it leads to.
    let beside = closed.replace("infra/public", "public");
    assert_eq!(froms(&beside), [json!([own]), json!([{ "podSelector": {} }])]);
    assert_eq!(froms(&beside.replace("[]", "[\"same-namespace\"]")), [json!([{ "podSelector": {} }])]);
}

#[test]
fn compose_has_nothing_of_it() {
    let profile = APP.replace("[server]", "[build]\ndockerfile = \"D\"\n[server]");
    let with = format!("{profile}[ingress]\ngateway = \"infra/public\"");
    for dev in [false, true] {
        assert_eq!(documents("compose", &with, dev).unwrap(), documents("compose", &profile, dev).unwrap());
    }
}

#[test]
fn several_names_lead_to_the_same_and_share_a_certificate() {
    let hosts = "host = \"a.example.com\"\nhosts = [\"*.a.example.com\", \"b.example.org\"]\n";
    let all = json!(["a.example.com", "*.a.example.com", "b.example.org"]);
    let route = object(&format!("[ingress]\ngateway = \"infra/public\"\n{hosts}"), "HTTPRoute", "orders");
    assert_eq!(route["spec"]["hostnames"], all);
    let class = format!(
        "[ingress]\nclass = \"nginx\"\ntls = true\n{hosts}routes = [{{ path = \"/\" }}, {{ path = \"/m\", port = \"metrics\" }}]"
    );
    let spec = &object(&class, "Ingress", "orders")["spec"];
    assert_eq!(spec["tls"], json!([{ "hosts": all, "secretName": "orders-tls" }]));
    let rules = spec["rules"].as_array().unwrap();
    assert_eq!(rules.iter().map(|rule| rule["host"].clone()).collect::<Vec<_>>(), *all.as_array().unwrap());
    assert!(rules.iter().all(|rule| rule["http"] == rules[0]["http"]), "each name has every path");
    let alone = object("[ingress]\ngateway = \"public\"\nhosts = [\"a.example.com\"]", "HTTPRoute", "orders");
    assert_eq!(alone["spec"]["hostnames"], json!(["a.example.com"]), "without `host`");
}

/// The API admits one prefix for each rule that takes one away.
#[test]
fn a_stripped_path_has_a_rule_of_its_own() {
    let more = "[ingress]\ngateway = \"public\"\nroutes = [{ path = \"/a\", to = \"api\", strip = true }, \
                { path = \"/b\", to = \"api\", strip = true }, { path = \"/c\", to = \"api\" }, { path = \"/d\", to = \"api\" }]";
    let rules = object(more, "HTTPRoute", "orders")["spec"]["rules"].clone();
    let strip = json!([{
        "type": "URLRewrite", "urlRewrite": { "path": { "type": "ReplacePrefixMatch", "replacePrefixMatch": "/" } }
    }]);
    let shown: Vec<(usize, bool)> = rules
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| (rule["matches"].as_array().unwrap().len(), rule["filters"] == strip))
        .collect();
    assert_eq!(shown, [(1, true), (1, true), (2, false)]);
    let refused = format!(
        "{APP}{more}\n[[patches]]\ntarget = \"k8s\"\nkind = \"HTTPRoute\"\nmerge = {{ spec = {{ rules = [\
                           {{ backendRefs = [{{ name = \"orders\", port = 80 }}], filters = [{{ type = \"URLRewrite\", urlRewrite = {{ path = \
                           {{ type = \"ReplacePrefixMatch\", replacePrefixMatch = \"/\" }} }} }}], matches = [{{ path = {{ value = \"/a\" }} }}, \
                           {{ path = {{ value = \"/b\" }} }}] }}] }} }}\n"
    );
    let error = documents("k8s", &refused, false).unwrap_err();
    assert!(error.contains("not about one prefix"), "{error}");
}

#[test]
fn an_ingress_cannot_strip_and_says_what_its_controller_has_for_it() {
    for (class, word) in [
        ("nginx", "`/raster(/|$)(.*)`"),
        ("traefik", "stripPrefix: { prefixes: [/raster] }"),
        ("haproxy", "'/raster/(.*) /\\1'"),
        ("alb", "which annotation its controller has"),
    ] {
        let profile = format!(
            "{APP}[ingress]\nclass = \"{class}\"\nroutes = [{{ path = \"/raster/\", to = \"api\", strip = true }}]\n"
        );
        let error = documents("k8s", &profile, false).unwrap_err();
        assert!(error.contains("no field that takes away") && error.contains(word), "{error}");
    }
}
