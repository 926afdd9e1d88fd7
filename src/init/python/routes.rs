//! Where the app answers that it is well. A path counts only where it is known whole: routers are followed to the app
//! that includes them, and what cannot be followed is told, and not used.

use super::{
    Source, at,
    modules::imports,
    syntax::{Assignment, Call, literal, split},
};
use crate::init::{
    facts::{Fact, Health},
    project,
};

/// Paths that only say that the process answers.
const ALIVE: &[&str] = &["healthz", "livez", "live", "liveness", "alive", "ping", "heartbeat"];
/// Paths that say that it can take requests.
const READY: &[&str] = &["readyz", "ready", "readiness"];
/// Paths that may ask whatever the app needs.
const WELL: &[&str] = &["health", "healthcheck", "health-check", "health_check", "_health", "status", "up"];

/// A GET route.
struct Route<'a> {
    path: &'a str,
    file: &'a str,
    /// What it is a route of: `router` in `@router.get("/health")`.
    owner: &'a str,
    at: String,
}

pub fn health(source: &Source<'_>) -> Health {
    let mut health = Health::default();
    let routes: Vec<Route<'_>> = source.files.keys().flat_map(|file| routes(source, file)).collect();
    let mut whole: Vec<Fact<String>> = Vec::new();
    for route in routes.iter().filter(|route| kind(route.path).is_some()) {
        match prefix(source, route.file, route.owner, 0) {
            Some(prefix) => whole.push(Fact::found(joined(&prefix, route.path), route.at.clone())),
            None => health.parts.push(Fact::found(route.path.to_owned(), route.at.clone())),
        }
    }
    // The shortest is the app's own, and not one of its parts.
    whole.sort_by_key(|fact| (fact.value.matches('/').count(), fact.value.len()));
    decide(&whole, &mut health);
    if !whole.is_empty() {
        health.parts.clear();
    }
    health
}

/// Which paths are asked for what. What may ask a database is not asked whether the process is stuck: that would restart
/// all of them when the database is away.
pub fn decide(paths: &[Fact<String>], health: &mut Health) {
    let of = |wanted: Kind| paths.iter().find(|fact| kind(&fact.value) == Some(wanted)).cloned();
    health.liveness = of(Kind::Alive);
    health.readiness = of(Kind::Ready).or_else(|| of(Kind::Well)).or_else(|| health.liveness.clone());
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Alive,
    Ready,
    Well,
}

/// What a path tells by its name.
pub fn kind(path: &str) -> Option<Kind> {
    let plain = path.bytes().all(|c| c.is_ascii_alphanumeric() || b"/-_.".contains(&c));
    let last = path.trim_end_matches('/').rsplit('/').next().filter(|_| plain)?;
    let is = |list: &[&str]| list.contains(&last);
    [(ALIVE, Kind::Alive), (READY, Kind::Ready), (WELL, Kind::Well)]
        .into_iter()
        .find(|(list, _)| is(list))
        .map(|(_, kind)| kind)
}

pub fn joined(prefix: &str, path: &str) -> String {
    format!("{}/{}", prefix.trim_end_matches('/'), path.trim_start_matches('/'))
}

/// The routes of a file: decorators, and calls that add one.
fn routes<'a>(source: &'a Source<'_>, file: &'a str) -> Vec<Route<'a>> {
    let lines = source.files.get(file).into_iter().flatten();
    let found = lines.filter_map(|line| {
        let text = line.text.strip_prefix('@').unwrap_or(&line.text);
        let call = Call::read(text)?;
        let (owner, method) = call.callee.rsplit_once('.')?;
        let is_decorator = line.text.starts_with('@');
        let fits = match method {
            "get" => is_decorator,
            "route" | "api_route" => {
                is_decorator && call.named("methods").is_none_or(|methods| methods.contains("GET"))
            }
            "add_api_route" | "add_route" => !is_decorator,
            _ => false,
        };
        let path = literal(call.positional(0).or_else(|| call.named("path"))?)?;
        fits.then(|| Route { path, file, owner, at: at(file, line) })
    });
    found.collect()
}

/// Routers in routers.
const DEEPEST: usize = 6;

/// What stands before the paths of an owner in a file, if it is known.
fn prefix(source: &Source<'_>, file: &str, owner: &str, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    let router = router(source, file, owner);
    let Some(own) = router else {
        // Not a router: an app, if the file has one of this name; perhaps one that is a part of another.
        return if is_app(source, file, owner) { mounted(source, file, owner, depth) } else { None };
    };
    let own = own?;
    let mut found = source.all().flat_map(|(from, line)| includes(&line.text).map(move |call| (from, call)));
    let (from, call) = found.find(|(from, call)| {
        let named = call.positional(0).or_else(|| call.named("router")).or_else(|| call.named("blueprint"));
        named.is_some_and(|arg| refers(source, from, arg, file, owner))
    })?;
    let (includer, _) = call.callee.rsplit_once('.')?;
    let given = match call.named("prefix").or_else(|| call.named("url_prefix")) {
        Some(text) => value(source, text)?,
        None => String::new(),
    };
    // A blueprint's own prefix gives way.
    let own = if call.named("url_prefix").is_some() { String::new() } else { own };
    Some(format!("{}{given}{own}", prefix(source, from, includer, depth + 1)?))
}

/// What stands before the paths of an app: nothing, unless another one mounts it.
fn mounted(source: &Source<'_>, file: &str, app: &str, depth: usize) -> Option<String> {
    let mut calls = source
        .all()
        .flat_map(|(from, line)| Call::find_all(&line.text, "mount").into_iter().map(move |call| (from, call)));
    let found = calls.find(|(from, call)| {
        let named = call.named("app").or_else(|| call.positional(1));
        named.is_some_and(|arg| refers(source, from, arg, file, app))
    });
    let Some((from, call)) = found else { return Some(String::new()) };
    let (outer, _) = call.callee.rsplit_once('.')?;
    let path = value(source, call.positional(0).or_else(|| call.named("path"))?)?;
    // One that is mounted in itself has no end.
    let before = if depth < DEEPEST && is_app(source, from, outer) {
        mounted(source, from, outer, depth + 1)?
    } else {
        return None;
    };
    Some(joined(&before, path.trim_matches('/')).trim_end_matches('/').to_owned())
}

fn includes(text: &str) -> impl Iterator<Item = Call<'_>> {
    Call::find_all(text, "include_router").into_iter().chain(Call::find_all(text, "register_blueprint"))
}

/// The prefix of a router that a file makes: nothing if it makes none, nothing in it if it is not known.
fn router(source: &Source<'_>, file: &str, name: &str) -> Option<Option<String>> {
    source.files.get(file)?.iter().find_map(|line| {
        let assigned = Assignment::read(&line.text).filter(|assigned| assigned.name == name)?;
        let call = Call::read(assigned.value?)?;
        let known = matches!(call.name(), "APIRouter" | "Blueprint") || call.name().ends_with("Router");
        known.then(|| match call.named("prefix").or_else(|| call.named("url_prefix")) {
            Some(text) => value(source, text),
            None => Some(String::new()),
        })
    })
}

/// Whether a name is an app: it is made here, or comes as an argument that is said to be one.
fn is_app(source: &Source<'_>, file: &str, name: &str) -> bool {
    let lines = source.files.get(file).into_iter().flatten();
    let mut lines = lines.map(|line| line.text.as_str());
    lines.any(|text| {
        let made = Assignment::read(text).filter(|one| one.name == name).and_then(|one| Call::read(one.value?));
        let by = |call: Call<'_>| {
            let callee = call.name().to_lowercase();
            ["fastapi", "starlette", "flask", "quart", "app", "application"].iter().any(|word| callee.contains(word))
        };
        let given = || {
            let call = text.split_once("def ").and_then(|(_, rest)| Call::read(rest));
            call.is_some_and(|call| {
                call.args.iter().any(|arg| {
                    arg.split_once(':').is_some_and(|(one, kind)| {
                        one.trim() == name && kind.contains("FastAPI") | kind.contains("Flask")
                    })
                })
            })
        };
        made.is_some_and(by) || given()
    })
}

/// Whether an expression in one file is a name of another.
fn refers(source: &Source<'_>, from: &str, arg: &str, file: &str, name: &str) -> bool {
    let own = source.own(file).trim_end_matches(".py");
    let module = own.strip_suffix("/__init__").unwrap_or(own).rsplit('/').next().unwrap_or(own);
    let lines = || source.files.get(from).into_iter().flatten().map(|line| line.text.as_str());
    match arg.rsplit_once('.') {
        Some((path, attribute)) => {
            let last = path.rsplit('.').next().unwrap_or(path);
            attribute == name && (last == module || lines().any(|text| alias(text, last) == Some(module)))
        }
        None if from == file => arg == name,
        None => lines().any(|text| {
            let comes_from = imports(text).and_then(|path| path.rsplit('.').find(|part| !part.is_empty()));
            // Also by way of the package that it is in.
            let package = own.rsplit('/').nth(1);
            let fits = comes_from == Some(module)
                || comes_from.is_some() && comes_from == package && text.contains(" as ") | (arg != "router");
            fits && imported(text).any(|(original, own)| own == arg && original == name)
        }),
    }
}

/// What `from m import a as b, c` imports, by its name there and here.
fn imported(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let names = text.strip_prefix("from ").and_then(|rest| rest.split_once(" import ")).map_or("", |(_, names)| names);
    let names = names.trim().trim_start_matches('(').trim_end_matches(')');
    names.split(',').map(|one| {
        one.trim().split_once(" as ").map_or((one.trim(), one.trim()), |(one, other)| (one.trim(), other.trim()))
    })
}

/// The last part of the module that is known by a name in a file.
fn alias<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    if let Some((original, _)) = imported(text).find(|(original, own)| *own == name && original != own) {
        return Some(original);
    }
    let (path, own) = text.strip_prefix("import ")?.split_once(" as ")?;
    (own.trim() == name).then(|| path.rsplit('.').next().unwrap_or(path).trim())
}

/// A text, or a name that stands for one text in the whole source.
fn value(source: &Source<'_>, text: &str) -> Option<String> {
    if let Some(text) = literal(text) {
        return Some(text.to_owned());
    }
    let name = text.rsplit('.').next().filter(|name| super::syntax::is_name(name))?;
    let values = source.all().filter_map(|(_, line)| {
        let one = Assignment::read(&line.text).filter(|one| one.name == name)?;
        literal(one.value?).map(str::to_owned)
    });
    let values: Vec<String> = values.collect();
    values.split_first().filter(|(first, rest)| rest.iter().all(|one| one == *first)).map(|(first, _)| first.clone())
}

/// Health of a Django project: paths of its main `urls.py`.
pub fn django(source: &Source<'_>, project: &str, host: Option<&str>) -> Health {
    let mut health = Health { host: host.map(str::to_owned), ..Health::default() };
    let mut whole = Vec::new();
    for (file, line) in source.all() {
        let (folder, name) = project::split(source.own(file));
        let calls = ["path", "re_path", "url"].into_iter().flat_map(|name| Call::find_all(&line.text, name));
        for call in calls.filter(|_| name == "urls.py") {
            let path =
                call.positional(0).and_then(literal).map(|path| path.trim_start_matches('^').trim_end_matches('$'));
            let Some(path) = path.filter(|path| kind(path).is_some()) else { continue };
            if call.positional(1).is_some_and(|view| view.starts_with("include")) {
                continue;
            }
            let fact = Fact::found(joined("", path), at(file, line));
            if folder.rsplit('/').next() == Some(project) { whole.push(fact) } else { health.parts.push(fact) }
        }
    }
    decide(&whole, &mut health);
    health
}

/// Paths of other languages: `app.get('/healthz', …)`.
pub fn elsewhere(text: &str, path: &str) -> Vec<Fact<String>> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((before, rest)) = line.split_once(".get(") else { continue };
        let owner = before.trim();
        let given = split(rest.trim_end_matches([';', '{', ' ']), ',').first().copied().and_then(literal);
        if let Some(route) =
            given.filter(|route| kind(route).is_some() && matches!(owner, "app" | "server" | "fastify"))
        {
            found.push(Fact::found(joined("", route), format!("{path}:{}", number + 1)));
        }
    }
    found
}
