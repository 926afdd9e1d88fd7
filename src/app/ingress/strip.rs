//! `strip`: a process that does not know under which path it is offered.

use super::Route;
use crate::{app::findings::Findings, key::Key, problem::Code, profile::PathMatch};

pub(super) fn check(path: &str, match_: PathMatch, at: &Key, findings: &mut Findings<'_>) {
    let key = at.below("strip");
    if match_ == PathMatch::Exact {
        let help = "drop `strip`, or `match`: below a prefix something is left";
        findings.conflict(&key, &at.below("match"), "of a path that is all there is nothing is left", help);
    } else if path.trim_end_matches('/').is_empty() {
        findings.key(Code::NoEffect, &key, "there is nothing to strip from `/`", "has no effect", "drop it");
    }
}

/// Controllers take a path away by annotations of their own, if at all.
pub(super) fn check_class(class: &str, routes: &[Route], at: &Key, findings: &mut Findings<'_>) {
    for route in routes.iter().filter(|route| route.strip) {
        let path = route.path.trim_end_matches('/');
        let help = match class {
            "nginx" => format!(
                "ingress-nginx does it for a whole Ingress, whose paths are patterns: bring one by `[k8s] extra`, with the \
                 path `{path}(/|$)(.*)` of the type ImplementationSpecific and the annotations \
                 `nginx.ingress.kubernetes.io/use-regex: \"true\"`, `nginx.ingress.kubernetes.io/rewrite-target: /$2`; or \
                 use a `gateway`"
            ),
            "traefik" => format!(
                "bring a Middleware with `stripPrefix: {{ prefixes: [{path}] }}` by `[k8s] extra`, and name it by `annotations \
                 = {{ \"traefik.ingress.kubernetes.io/router.middlewares\" = \"NAMESPACE-NAME@kubernetescrd\" }}`; or use a \
                 `gateway`"
            ),
            "haproxy" => format!(
                "write `annotations = {{ \"haproxy.org/path-rewrite\" = '{path}/(.*) /\\1' }}` instead, or use a `gateway`"
            ),
            _ => "see which annotation its controller has for it, and write it in `annotations` instead; or use a `gateway`"
                .to_owned(),
        };
        let title = "an Ingress has no field that takes away a part of the path";
        findings.conflict(&route.at.below("strip"), &at.below("class"), title, help);
    }
}
