//! Ways from outside lead to a Service of the output, and each request takes one of them.

use super::pods::{name, of_kind, together};
use crate::targets::check::{At, Found, Rule, Weight, twice};

pub const RULES: &[Rule] = &[
    Rule {
        name: "a route leads to a port of a Service of the output",
        source: "kube-score ingress-targets-service, kube-linter dangling-ingress",
        weight: Weight::Invalid,
        find: dangling,
    },
    Rule {
        name: "no two routes are about the same requests",
        source: "Gateway API, HTTPRouteRule: the older route wins; an Ingress' controller chooses",
        weight: Weight::Invalid,
        find: ambiguous,
    },
    Rule {
        name: "a path begins with a slash, and holds no way around itself",
        source: "Kubernetes, validateIngressRulePath; Gateway API, HTTPPathMatch",
        weight: Weight::Invalid,
        find: paths,
    },
    Rule {
        name: "what takes a prefix away is about one prefix",
        source: "Gateway API, HTTPRouteRule: CEL rules for replacePrefixMatch",
        weight: Weight::Invalid,
        find: rewrites,
    },
    Rule {
        name: "the class of an Ingress is named once",
        source: "Kubernetes, ValidateIngressCreate",
        weight: Weight::Invalid,
        find: classes,
    },
];

/// One path of a route: what it is about, and where it stands.
struct Way<'a> {
    host: &'a str,
    path: At<'a>,
    type_: &'a str,
    /// What else it asks of a request.
    condition: String,
}

fn hosts<'a>(route: &At<'a>) -> Vec<&'a str> {
    let hosts: Vec<&str> = route.at("spec.hostnames").items().filter_map(|host| host.text()).collect();
    if hosts.is_empty() { vec![""] } else { hosts }
}

fn ways<'a>(objects: &[At<'a>]) -> Vec<Way<'a>> {
    let mut ways = Vec::new();
    for route in of_kind(objects, "HTTPRoute") {
        for matched in route.at("spec.rules").items().flat_map(|rule| rule.key("matches").items()) {
            let others =
                ["headers", "method", "queryParams"].map(|key| matched.key(key).node.map(serde_json::Value::from));
            let condition = format!("{others:?}{:?}", route.at("spec.parentRefs").node.map(serde_json::Value::from));
            for host in hosts(route) {
                let (path, type_) = (matched.at("path.value"), matched.at("path.type"));
                ways.push(Way {
                    host,
                    path,
                    type_: type_.text().unwrap_or("PathPrefix"),
                    condition: condition.clone(),
                });
            }
        }
    }
    for ingress in of_kind(objects, "Ingress") {
        let class = ingress.at("spec.ingressClassName").text().unwrap_or_default();
        for rule in ingress.at("spec.rules").items() {
            for path in rule.at("http.paths").items() {
                let type_ = path.key("pathType").text().unwrap_or_default();
                let host = rule.key("host").text().unwrap_or_default();
                ways.push(Way { host, path: path.key("path"), type_, condition: class.to_owned() });
            }
        }
    }
    ways
}

fn ambiguous(objects: &[At<'_>], found: &mut Found) {
    let ways = ways(objects).into_iter().map(|Way { host, path, type_, condition }| {
        let text = path.text().unwrap_or("/");
        let plain = if type_.ends_with("Prefix") { text.trim_end_matches('/') } else { text };
        ((host, plain.to_owned(), type_, condition), path)
    });
    for (_, at) in twice(ways) {
        found.add(&at, format!("another route is about `{}` already", at.text().unwrap_or("/")));
    }
}

fn paths(objects: &[At<'_>], found: &mut Found) {
    for Way { path, .. } in
        ways(objects).into_iter().filter(|way| matches!(way.type_, "PathPrefix" | "Prefix" | "Exact"))
    {
        let Some(text) = path.text() else { continue };
        let around = ["//", "/./", "/../", "%2f", "%2F"].iter().any(|part| text.contains(part));
        if !text.starts_with('/') || around || text.ends_with("/.") || text.ends_with("/..") {
            found.add(&path, format!("`{text}` is not a path of a request"));
        }
    }
}

fn rewrites(objects: &[At<'_>], found: &mut Found) {
    for rule in of_kind(objects, "HTTPRoute").flat_map(|route| route.at("spec.rules").items()) {
        let filters = rule.key("filters").items();
        let modifiers = filters.flat_map(|filter| ["urlRewrite.path", "requestRedirect.path"].map(|at| filter.at(at)));
        for modifier in modifiers.filter(|at| at.key("replacePrefixMatch").is_set()) {
            let matches: Vec<At<'_>> = rule.key("matches").items().collect();
            let is_prefix = |one: &At<'_>| matches!(one.at("path.type").text(), None | Some("PathPrefix"));
            if !matches!(matches.as_slice(), [one] if is_prefix(one)) {
                found.add(
                    &modifier.key("replacePrefixMatch"),
                    "the rule is not about one prefix, which it would take away",
                );
            }
        }
    }
}

fn classes(objects: &[At<'_>], found: &mut Found) {
    for ingress in of_kind(objects, "Ingress") {
        let old = ingress.at("metadata.annotations").key("kubernetes.io/ingress.class");
        if old.is_set() && ingress.at("spec.ingressClassName").is_set() {
            found.add(&old, "`spec.ingressClassName` names the class already");
        }
    }
}

fn dangling(objects: &[At<'_>], found: &mut Found) {
    for route in of_kind(objects, "HTTPRoute") {
        for rule in route.at("spec.rules").items() {
            let mirrors = rule.key("filters").items().map(|filter| filter.at("requestMirror.backendRef"));
            for backend in rule.key("backendRefs").items().chain(mirrors.filter(At::is_set)) {
                let is_ours = matches!(backend.key("kind").text(), None | Some("Service"))
                    && matches!(backend.key("group").text(), None | Some(""));
                let namespace = backend.key("namespace").text();
                let here = namespace.is_none() || namespace == route.at("metadata.namespace").text();
                if is_ours && here {
                    leads(route, &backend.key("name"), &backend.key("port"), objects, found);
                }
            }
        }
    }
    for ingress in of_kind(objects, "Ingress") {
        let paths = ingress.at("spec.rules").items().flat_map(|rule| rule.at("http.paths").items());
        let backends = paths.map(|path| path.key("backend")).chain([ingress.at("spec.defaultBackend")]);
        for service in backends.map(|backend| backend.key("service")).filter(At::is_set) {
            let (name, number) = (service.at("port.name"), service.at("port.number"));
            leads(ingress, &service.key("name"), if name.is_set() { &name } else { &number }, objects, found);
        }
    }
}

/// The Service that a route names is there, and offers the port, by name or number.
fn leads(route: &At<'_>, service: &At<'_>, port: &At<'_>, objects: &[At<'_>], found: &mut Found) {
    let wanted = service.text().unwrap_or_default();
    let Some(service_object) =
        of_kind(objects, "Service").find(|object| name(object) == wanted && together(object, route))
    else {
        return found.add(service, format!("there is no Service `{wanted}` in this output"));
    };
    let offers = |offered: At<'_>| match port.text() {
        Some(name) => offered.key("name").text() == Some(name),
        None => offered.key("port").number() == port.number(),
    };
    if !service_object.at("spec.ports").items().any(offers) {
        let shown = port.scalar().unwrap_or_default();
        found.add(port, format!("the Service `{wanted}` offers no port `{shown}`"));
    }
}
