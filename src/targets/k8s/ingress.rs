//! Ingress: which requests a controller of a class sends to which process.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend, IngressSpec,
    IngressTLS, ServiceBackendPort,
};

use super::{object::Object, routes, service};
use crate::{
    app::{self, App, AskPort, PathMatch, Route, Via, keys},
    key::Key,
    tree::{Notes, Path},
};

/// The Ingress of an app that is reached by one.
pub fn ingress(app: &App) -> Option<Object> {
    let app::Ingress { hosts, via, annotations: _, routes } = app.ingress.as_ref()?;
    let Via::Class { name, tls } = via else { return None };
    let mut notes = Notes::default();
    let metadata = routes::metadata(app, &mut notes);
    notes.add("spec.ingressClassName", "whose controller lets requests in", keys(&["ingress.class"]));
    notes.add("spec.tls", "the certificate, and the name that it is for", keys(&["ingress.tls"]));
    let secret = app.provenance.sets(&Key::new("ingress.tls.secret"));
    let because = if secret { keys(&["ingress.tls"]) } else { keys(&["ingress.tls", "name"]) };
    notes.add("spec.tls[0].secretName", "the Secret with the certificate", because);
    let names = keys(&["ingress.host", "ingress.hosts"]);
    notes.add("spec.tls[0].hosts", "the names that clients ask for", [names.clone(), keys(&["ingress.tls"])].concat());
    notes.add(
        "spec.rules",
        "for each name the paths, and where they lead",
        [names, keys(&["ingress.routes"])].concat(),
    );
    // Without a name under any.
    let each = if hosts.is_empty() { vec![None] } else { hosts.iter().cloned().map(Some).collect() };
    let rules = each.into_iter().enumerate().map(|(i, host)| rule(app, routes, (i, host), &mut notes));
    let rules = rules.collect();
    let hosts = Some(hosts.clone()).filter(|hosts| !hosts.is_empty());
    let spec = IngressSpec {
        ingress_class_name: Some(name.clone()),
        rules: Some(rules),
        tls: tls.clone().map(|secret| vec![IngressTLS { hosts, secret_name: Some(secret) }]),
        ..IngressSpec::default()
    };
    let ingress = Ingress { metadata, spec: Some(spec), status: None };
    Some(Object::new(&ingress, "leads requests from outside to the processes", keys(&["ingress"]), notes))
}

/// What leads where under one name.
fn rule(app: &App, routes: &[Route], (i, host): (usize, Option<String>), notes: &mut Notes) -> IngressRule {
    let at = Path::new("spec.rules").index(i);
    notes.add(at.clone().key("host"), "a name that clients ask for", keys(&["ingress.host", "ingress.hosts"]));
    let paths = routes.iter().enumerate().map(|(place, route)| {
        note_path(app, route, &at.clone().key("http").key("paths").index(place), notes);
        path(app, route)
    });
    let http = HTTPIngressRuleValue { paths: paths.collect() };
    IngressRule { host, http: Some(http) }
}

fn note_path(app: &App, route: &Route, at: &Path, notes: &mut Notes) {
    let because = [vec![route.at.clone()], keys(&["ingress.host", "ingress.hosts"])].concat();
    notes.add(at.clone(), "a path, and where it leads", because);
    let backend = at.clone().key("backend");
    routes::note_backend(app, route, backend.clone(), notes);
    let process = &app.processes[route.process];
    let because = match &route.port {
        AskPort::Main => [process.keys(&["service.to"]), service::spoken_keys(app, app.entrance(process))].concat(),
        AskPort::Named { .. } => Vec::new(),
    };
    let port = backend.key("service").key("port");
    notes.add(port, "a port of the Service, by the name of what it speaks", [vec![route.at.clone()], because].concat());
}

fn path(app: &App, route: &Route) -> HTTPIngressPath {
    let process = &app.processes[route.process];
    let port = match &route.port {
        AskPort::Main => app.entrance(process).spoken().to_owned(),
        AskPort::Named { name, number: _ } => name.clone(),
    };
    let type_ = match route.match_ {
        PathMatch::Prefix => "Prefix",
        PathMatch::Exact => "Exact",
    };
    HTTPIngressPath {
        backend: IngressBackend {
            service: Some(IngressServiceBackend {
                name: app.workload(process),
                port: Some(ServiceBackendPort { name: Some(port), number: None }),
            }),
            resource: None,
        },
        path: Some(route.path.clone()),
        path_type: type_.into(),
    }
}
