//! HTTPRoute: which requests a gateway sends to which process.

use super::{
    gateway_api::{
        HttpBackendRef, HttpPathMatch, HttpRoute, HttpRouteFilter, HttpRouteMatch, HttpRouteRule, HttpRouteSpec,
        HttpRouteTimeouts, ParentRef, PathModifier, UrlRewrite,
    },
    object::Object,
    routes,
    workload::Workload,
};
use crate::{
    app::{App, AskPort, Ingress, PathMatch, Route, Seconds, Via, keys},
    key::Key,
    tree::{Notes, Path},
};
use k8s_openapi::Resource;

/// The route of an app that is reached through a gateway.
pub fn http_route(app: &App) -> Option<Object> {
    let Ingress { hosts, via, annotations: _, routes: _ } = app.ingress.as_ref()?;
    let Via::Gateway { namespace, name, listener, timeout } = via else { return None };
    let mut notes = Notes::default();
    let metadata = routes::metadata(app, &mut notes);
    notes.add("spec.hostnames", "the names that clients ask for", keys(&["ingress.host", "ingress.hosts"]));
    notes.add("spec.parentRefs", "the gateway that lets requests in", keys(&["ingress.gateway"]));
    // What the API server would fill in is written out: tools that compare would find a difference for ever.
    let parent = ParentRef {
        group: Some(HttpRoute::GROUP.into()),
        kind: Some("Gateway".into()),
        name: name.clone(),
        namespace: namespace.clone(),
        section_name: listener.clone(),
        port: None,
    };
    let spec = HttpRouteSpec {
        hostnames: Some(hosts.clone()).filter(|hosts| !hosts.is_empty()),
        parent_refs: Some(vec![parent]),
        rules: Some(rules(app, *timeout, &mut notes)),
    };
    let (api_version, kind) = (HttpRoute::API_VERSION.into(), HttpRoute::KIND.into());
    let route = HttpRoute { api_version, kind, metadata, spec };
    Some(Object::new(&route, "leads requests from outside to the processes", keys(&["ingress"]), notes))
}

/// One rule for each backend, in the order in which routes name them: the API has room for few. What is taken away is
/// the path of one rule (Gateway API, `HTTPRouteRule`).
fn rules(app: &App, timeout: Option<Seconds>, notes: &mut Notes) -> Vec<HttpRouteRule> {
    let mut backends: Vec<(&Route, Vec<&Route>)> = Vec::new();
    for route in app.ingress.iter().flat_map(|ingress| &ingress.routes) {
        let same = |(first, _): &&mut (&Route, _)| {
            !first.strip && !route.strip && first.process == route.process && first.port == route.port
        };
        match backends.iter_mut().find(same) {
            Some((_, routes)) => routes.push(route),
            None => backends.push((route, vec![route])),
        }
    }
    let rules = backends.into_iter().enumerate().map(|(i, (first, routes))| {
        note_rule(app, first, &routes, &Path::new("spec.rules").index(i), notes);
        HttpRouteRule {
            backend_refs: Some(vec![backend(app, first)]),
            filters: first.strip.then(|| vec![strip()]),
            matches: Some(routes.into_iter().map(matches).collect()),
            timeouts: timeout
                .map(|time| HttpRouteTimeouts { request: Some(format!("{}s", time.0)), backend_request: None }),
            ..HttpRouteRule::default()
        }
    });
    rules.collect()
}

fn note_rule(app: &App, first: &Route, all: &[&Route], at: &Path, notes: &mut Notes) {
    let routes = || -> Vec<Key> { all.iter().map(|route| route.at.clone()).collect() };
    notes.add(at.clone().key("matches"), "the paths that lead there", routes());
    routes::note_backend(app, first, at.clone().key("backendRefs").index(0), notes);
    notes.add(at.clone().key("filters"), "the process sees what follows the path alone", routes());
    let port = at.clone().key("backendRefs").index(0).key("port");
    notes.add(port, "a Service's port: a gateway knows it by number", [routes(), number_keys(app, first)].concat());
    let because = [keys(&["ingress.timeout"]), routes()].concat();
    notes.add(at.clone().key("timeouts"), "the longest that a request may take", because);
}

/// The rest of a path begins with a slash in any case (Gateway API, `HTTPPathModifier.replacePrefixMatch`).
fn strip() -> HttpRouteFilter {
    let path = PathModifier {
        type_: "ReplacePrefixMatch".into(),
        replace_prefix_match: Some("/".into()),
        ..PathModifier::default()
    };
    let url_rewrite = Some(UrlRewrite { hostname: None, path: Some(path) });
    HttpRouteFilter { type_: "URLRewrite".into(), url_rewrite, ..HttpRouteFilter::default() }
}

fn matches(route: &Route) -> HttpRouteMatch {
    let type_ = match route.match_ {
        PathMatch::Prefix => "PathPrefix",
        PathMatch::Exact => "Exact",
    };
    let path = HttpPathMatch { type_: Some(type_.into()), value: Some(route.path.clone()) };
    HttpRouteMatch { path: Some(path), ..HttpRouteMatch::default() }
}

fn backend(app: &App, route: &Route) -> HttpBackendRef {
    let process = &app.processes[route.process];
    let port = match &route.port {
        AskPort::Main => process.service.port,
        AskPort::Named { name: _, number } => *number,
    };
    HttpBackendRef {
        group: Some(String::new()),
        kind: Some("Service".into()),
        name: app.workload(process),
        port: Some(port.into()),
        weight: Some(1),
        ..HttpBackendRef::default()
    }
}

/// What decides the number that the Service offers.
fn number_keys(app: &App, route: &Route) -> Vec<Key> {
    let process = &app.processes[route.process];
    match &route.port {
        AskPort::Main => super::service::number_keys(&Workload::new(app, process)),
        AskPort::Named { name, .. } => vec![process.key("ports").child(name)],
    }
}
