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
    let app::Ingress { host, via, annotations: _, routes } = app.ingress.as_ref()?;
    let Via::Class { name, tls } = via else { return None };
    let mut notes = Notes::default();
    let metadata = routes::metadata(app, &mut notes);
    notes.add("spec.ingressClassName", "whose controller lets requests in", keys(&["ingress.class"]));
    notes.add("spec.tls", "the certificate, and the name that it is for", keys(&["ingress.tls"]));
    let secret = app.provenance.sets(&Key::new("ingress.tls.secret"));
    let because = if secret { keys(&["ingress.tls"]) } else { keys(&["ingress.tls", "name"]) };
    notes.add("spec.tls[0].secretName", "the Secret with the certificate", because);
    let name_of_host = "the name that clients ask for";
    notes.add("spec.tls[0].hosts", name_of_host, keys(&["ingress.host", "ingress.tls"]));
    notes.add("spec.rules", "the paths, and where they lead", keys(&["ingress.routes"]));
    notes.add("spec.rules[0].host", name_of_host, keys(&["ingress.host"]));
    let paths = routes.iter().enumerate().map(|(i, route)| {
        let at = Path::new("spec.rules[0].http.paths").index(i);
        note_path(app, route, &at, &mut notes);
        path(app, route)
    });
    let http = HTTPIngressRuleValue { paths: paths.collect() };
    let spec = IngressSpec {
        ingress_class_name: Some(name.clone()),
        rules: Some(vec![IngressRule { host: host.clone(), http: Some(http) }]),
        tls: tls
            .clone()
            .map(|secret| vec![IngressTLS { hosts: host.clone().map(|host| vec![host]), secret_name: Some(secret) }]),
        ..IngressSpec::default()
    };
    let ingress = Ingress { metadata, spec: Some(spec), status: None };
    Some(Object::new(&ingress, "leads requests from outside to the processes", keys(&["ingress"]), notes))
}

fn note_path(app: &App, route: &Route, at: &Path, notes: &mut Notes) {
    notes.add(at.clone(), "a path, and where it leads", vec![route.at.clone()]);
    let backend = at.clone().key("backend");
    routes::note_backend(app, route, backend.clone(), notes);
    let process = &app.processes[route.process];
    let because = match &route.port {
        AskPort::Main => service::name_keys(app, process),
        AskPort::Named { .. } => Vec::new(),
    };
    let port = backend.key("service").key("port");
    notes.add(port, "a port of the Service, by the name of what it speaks", [vec![route.at.clone()], because].concat());
}

fn path(app: &App, route: &Route) -> HTTPIngressPath {
    let process = &app.processes[route.process];
    let port = match &route.port {
        AskPort::Main => process.main_port_name().into_owned(),
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
