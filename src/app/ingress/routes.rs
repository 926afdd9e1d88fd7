//! Which path leads to which port of which process.

use std::collections::{BTreeMap, BTreeSet};

use super::strip;
use crate::{
    app::{AskPort, Attached, Process, findings::Findings},
    key::Key,
    problem::{Code, Problem, near::near},
    profile::{self, PathMatch, PortRef, Protocol},
};

/// Requests for a path go to a port of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Where it is written; the list of routes where nothing is.
    pub at: Key,
    pub path: String,
    pub match_: PathMatch,
    /// Its place in [`App::processes`](crate::app::App::processes).
    pub process: usize,
    pub port: AskPort,
    /// Whether the process sees what follows the path alone.
    pub strip: bool,
}

pub fn routes(
    wanted: Option<Vec<profile::Route>>,
    (processes, sidecars): (&[Process], &[Attached]),
    list: &Key,
    findings: &mut Findings<'_>,
) -> Vec<Route> {
    let is_written = wanted.is_some();
    let wanted = wanted.unwrap_or_else(|| vec![profile::Route::default()]);
    let mut seen: BTreeMap<(String, bool), Key> = BTreeMap::new();
    let mut routes = Vec::new();
    for (i, wanted) in wanted.into_iter().enumerate() {
        let at = if is_written { list.child(i.to_string()) } else { list.clone() };
        let profile::Route { path, match_, to, port, strip } = wanted;
        let path = path.unwrap_or_else(|| "/".to_owned());
        let match_ = match_.unwrap_or(PathMatch::Prefix);
        check_path(&path, &at.below("path"), findings);
        let strip = strip.unwrap_or(false);
        if strip {
            strip::check(&path, match_, &at, findings);
        }
        if let Some(first) = seen.insert((plain(&path, match_), match_ == PathMatch::Exact), at.clone()) {
            let title = format!("two routes for `{path}`");
            let help = "keep one of them: a request goes to one process";
            findings.pair(Code::ListedTwice, (&at, "again"), (&first, "first"), title, help);
        }
        let Some(process) = find(to.as_deref(), processes, &at, findings) else { continue };
        let port = self::port(port, (&processes[process], sidecars), &at, findings);
        routes.extend(port.map(|port| Route { at, path, match_, process, port, strip }));
    }
    check_count(&routes, list, findings);
    routes
}

/// A slash at the end of a prefix means nothing (Gateway API, `PathMatchPathPrefix`; Kubernetes API, `PathTypePrefix`).
fn plain(path: &str, match_: PathMatch) -> String {
    match match_ {
        PathMatch::Prefix => path.trim_end_matches('/').to_owned(),
        PathMatch::Exact => path.to_owned(),
    }
}

/// What an Ingress and an HTTPRoute both refuse (Kubernetes, `validateIngressRulePath`; Gateway API, `HTTPPathMatch`).
fn check_path(path: &str, key: &Key, findings: &mut Findings<'_>) {
    let inside = ["//", "/./", "/../", "%2f", "%2F"].iter().find(|part| path.contains(**part));
    let end = ["/..", "/."].iter().find(|part| path.ends_with(**part));
    if let Some(part) = inside.or(end) {
        findings.value(
            Code::BadPath,
            key,
            format!("a route cannot be about `{path}`"),
            &format!("holds `{part}`"),
            "write the path as clients send it, without `//`, `.`, `..` and `%2F`",
        );
    }
}

/// An HTTPRoute has room for so many rules, one for each backend and one for each path that is taken away (Gateway API,
/// `HTTPRouteSpec.rules`).
const MOST_RULES: usize = 16;

fn check_count(routes: &[Route], list: &Key, findings: &mut Findings<'_>) {
    let (stripped, others): (Vec<&Route>, Vec<&Route>) = routes.iter().partition(|route| route.strip);
    let backends: BTreeSet<(usize, String)> =
        others.into_iter().map(|route| (route.process, format!("{:?}", route.port))).collect();
    let count = backends.len() + stripped.len();
    if count > MOST_RULES {
        findings.key(
            Code::OutOfRange,
            list,
            format!("`{list}` makes {count} rules: one for each port that it leads to, and one for each path that is stripped"),
            &format!("must be at most {MOST_RULES}"),
            "an HTTPRoute has no room for more",
        );
    }
}

fn find(to: Option<&str>, processes: &[Process], at: &Key, findings: &mut Findings<'_>) -> Option<usize> {
    let Some(to) = to else { return Some(0) };
    let found = processes.iter().position(|process| process.name == to);
    if found.is_none() {
        let names = || processes.iter().map(|process| process.name.as_str());
        let span = findings.provenance.value(&at.below("to"));
        let problem =
            Problem::new(Code::BadReference, format!("there is no process `{to}`")).at(span.clone(), "no process");
        findings.report(match near(to, names()) {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")).fix(span, format!("\"{meant}\"")),
            None => {
                let all: Vec<String> = names().map(|name| format!("`{name}`")).collect();
                problem.help(format!("a route leads to a process of the app: {}", all.join(", ")))
            }
        });
    }
    found
}

/// The port of a process that a route names.
fn port(
    wanted: Option<PortRef>,
    (process, sidecars): (&Process, &[Attached]),
    at: &Key,
    findings: &mut Findings<'_>,
) -> Option<AskPort> {
    let is_main = match &wanted {
        None => true,
        Some(PortRef::Number(number)) => process.service.entrance == Some(*number),
        Some(PortRef::Name(name)) => process.calls_main(name),
    };
    if is_main && process.service.entrance.is_some() {
        return Some(AskPort::Main);
    }
    let named = process.ports.iter().find(|port| match &wanted {
        None => false,
        Some(PortRef::Number(number)) => port.number == *number,
        Some(PortRef::Name(name)) => port.name == *name,
    });
    match named {
        Some(port) if port.protocol == Protocol::Tcp => {
            return Some(AskPort::Named { name: port.name.clone(), number: port.number });
        }
        _ => no_port(wanted.as_ref(), named.is_some(), (process, sidecars), at, findings),
    }
    None
}

/// The sidecar of a process that listens on the port which is wanted.
fn behind<'a>(wanted: &PortRef, process: &Process, sidecars: &'a [Attached]) -> Option<&'a str> {
    let PortRef::Number(number) = wanted else { return None };
    let mut own = sidecars.iter().filter(|sidecar| sidecar.with.contains(&process.name)).map(|one| &one.process);
    own.find(|sidecar| sidecar.port == Some(*number)).map(|sidecar| sidecar.name.as_str())
}

fn no_port(
    wanted: Option<&PortRef>,
    is_udp: bool,
    (process, sidecars): (&Process, &[Attached]),
    at: &Key,
    findings: &mut Findings<'_>,
) {
    let name = &process.name;
    let tcp = process.ports.iter().filter(|port| port.protocol == Protocol::Tcp).map(|port| port.name.as_str());
    let names: Vec<String> = process
        .service
        .entrance
        .map(|port| port.to_string())
        .into_iter()
        .chain(tcp.clone().map(|name| format!("\"{name}\"")))
        .collect();
    let instead = match names.as_slice() {
        [] => format!("give `{name}` a `port`, or lead to another process"),
        names => format!("write `port = {}`", names.join("` or `port = ")),
    };
    let Some(wanted) = wanted else {
        let key = if findings.provenance.has(&at.below("to")) { at.below("to") } else { at.clone() };
        let title = format!("a route leads to `{name}`, which has no main port");
        return findings.value(Code::UnknownPort, &key, title, "nothing listens", instead);
    };
    let shown = match wanted {
        PortRef::Number(number) => number.to_string(),
        PortRef::Name(name) => format!("`{name}`"),
    };
    let title = match is_udp {
        true => format!("a route cannot lead to port {shown} of `{name}`: it is UDP"),
        false => format!("`{name}` has no port {shown}"),
    };
    let span = findings.provenance.value(&at.below("port"));
    let problem = Problem::new(Code::UnknownPort, title).at(span.clone(), if is_udp { "UDP" } else { "not declared" });
    let meant = match wanted {
        PortRef::Name(wanted) => near(wanted, tcp),
        PortRef::Number(_) => None,
    };
    let sidecar = behind(wanted, process, sidecars);
    let table = if process.is_main() { "[service]".to_owned() } else { format!("[processes.{name}.service]") };
    findings.report(match (meant, sidecar) {
        (Some(meant), _) => problem.help(format!("did you mean `{meant}`?")).fix(span, format!("\"{meant}\"")),
        (None, Some(sidecar)) => problem.help(format!(
            "the sidecar `{sidecar}` has it: let requests come in there, by `{table} to = \"{sidecar}\"`, and drop `port` here"
        )),
        (None, None) => problem.help(instead),
    });
}
