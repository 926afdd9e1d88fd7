//! The object that a server is given: `app = FastAPI()`, or a function that makes one.

use std::collections::BTreeMap;

use super::{
    Source, at,
    modules::{Module, module},
    syntax::{Assignment, Call, is_name, split, within},
};
use crate::init::project;

/// What an app speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaks {
    Asgi,
    Wsgi,
}

/// Classes whose objects are apps.
const CLASSES: &[(&str, Speaks)] = &[
    ("APIFlask", Speaks::Wsgi),
    ("AirFastAPI", Speaks::Asgi),
    ("Esmerald", Speaks::Asgi),
    ("FastAPI", Speaks::Asgi),
    ("FastStream", Speaks::Asgi),
    ("Flask", Speaks::Wsgi),
    ("Litestar", Speaks::Asgi),
    ("OpenAPI", Speaks::Wsgi),
    ("Quart", Speaks::Asgi),
    ("Starlette", Speaks::Asgi),
];

/// An app in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    pub module: Module,
    /// With `()` behind a function that makes it.
    pub attribute: String,
    pub speaks: Speaks,
    /// The file that it is in.
    pub path: String,
    pub at: String,
}

impl App {
    /// As servers are told.
    pub fn name(&self) -> String {
        format!("{}:{}", self.module.name, self.attribute)
    }
}

struct Candidate<'a> {
    path: &'a str,
    attribute: String,
    speaks: Speaks,
    at: String,
}

/// The apps of a source, the likeliest first.
pub fn apps(source: &Source<'_>) -> Vec<App> {
    let classes = classes(source);
    let factories = factories(source, &classes);
    let mut found: Vec<Candidate<'_>> = Vec::new();
    for (path, lines) in &source.files {
        let mut block = "";
        for line in lines {
            if line.indent == 0 {
                block = &line.text;
            }
            // What stands below `if` or `try` is made when the module is imported.
            let is_top =
                line.indent == 0 || ["try:", "else:", "if ", "with "].iter().any(|head| block.starts_with(head));
            let when_run = block.starts_with("if ") && block.contains("__name__");
            let Some(Assignment { name, value: Some(value), .. }) =
                Assignment::read(&line.text).filter(|_| is_top && !when_run)
            else {
                continue;
            };
            let Some(call) = Call::read(value) else { continue };
            let made = || {
                factories
                    .iter()
                    .find(|one| one.attribute == call.name() && !call.callee.contains("self."))
                    .map(|one| one.speaks)
            };
            if let Some(speaks) = classes.get(call.name()).copied().or_else(made) {
                found.push(Candidate { path, attribute: name.to_owned(), speaks, at: at(path, line) });
            }
        }
    }
    found.extend(factories.into_iter().map(|one| Candidate { attribute: format!("{}()", one.attribute), ..one }));
    found.sort_by_key(rank);
    let apps = found.into_iter().map(|one| App {
        module: module(source, one.path),
        attribute: one.attribute,
        speaks: one.speaks,
        path: one.path.to_owned(),
        at: one.at,
    });
    apps.filter(|app| app.module.name.split('.').all(is_name)).collect()
}

/// The known ones, and those of the source that are made of them.
fn classes(source: &Source<'_>) -> BTreeMap<String, Speaks> {
    let mut classes: BTreeMap<String, Speaks> =
        CLASSES.iter().map(|(name, speaks)| ((*name).to_owned(), *speaks)).collect();
    for (_, line) in source.all() {
        if let Some(call) = line.text.strip_prefix("class ").and_then(Call::read) {
            let base = call
                .args
                .iter()
                .find_map(|base| CLASSES.iter().find(|(name, _)| base.rsplit('.').next() == Some(name)));
            classes.extend(base.map(|(_, speaks)| (call.callee.to_owned(), *speaks)));
        }
    }
    classes
}

/// Functions of the top that make an app, and need nothing for it.
fn factories<'a>(source: &Source<'a>, classes: &BTreeMap<String, Speaks>) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    for (path, lines) in &source.files {
        let mut function = None;
        for line in lines {
            if line.indent == 0 {
                function = line
                    .text
                    .strip_prefix("def ")
                    .and_then(Call::read)
                    .filter(is_callable)
                    .map(|call| (call.callee, at(path, line)));
                continue;
            }
            let Some((name, place)) = &function else { continue };
            let returned = line.text.strip_prefix("return ");
            let value = returned.or_else(|| Assignment::read(&line.text).and_then(|one| one.value));
            let class = value.and_then(Call::read).and_then(|call| classes.get(call.name()).copied());
            if let Some(speaks) = class.filter(|_| MAKERS.iter().any(|word| name.contains(word))) {
                found.push(Candidate { path, attribute: (*name).to_owned(), speaks, at: place.clone() });
                function = None;
            }
        }
    }
    found
}

/// Words in the names of functions that make apps; others may make one for a test or a part.
const MAKERS: &[&str] = &["app", "create", "make", "build", "init", "factory", "main", "server", "api"];

/// Without an argument.
fn is_callable(call: &Call<'_>) -> bool {
    call.args.iter().all(|arg| arg.contains('=') || arg.starts_with('*') || matches!(*arg, "/"))
}

fn rank(one: &Candidate<'_>) -> (bool, bool, usize, usize, usize, String) {
    let (folder, file) = project::split(one.path);
    let attributes = ["app", "application", "asgi_app", "api", "server"];
    let files = ["main.py", "app.py", "asgi.py", "wsgi.py", "server.py", "api.py", "__init__.py", "application.py"];
    let place = |list: &[&str], wanted: &str| list.iter().position(|one| *one == wanted).unwrap_or(list.len());
    let aside = folder
        .split('/')
        .any(|part| matches!(part, "scripts" | "example" | "demo" | "benchmarks" | "tools" | "tutorial"));
    let is_factory = one.attribute.ends_with("()");
    let depth = one.path.matches('/').count();
    (aside, is_factory, place(&attributes, &one.attribute), place(&files, file), depth, one.path.to_owned())
}

/// The app that `uvicorn.run("orders.main:app", port=8080)` names, with its port.
pub fn run(source: &Source<'_>) -> Option<(Option<String>, Option<u16>, String)> {
    source.all().find_map(|(path, line)| {
        let start = line.text.find("uvicorn.run(")?;
        let args = split(within(&line.text[start + "uvicorn.run".len()..]), ',');
        let call = Call { callee: "uvicorn.run", args };
        let app = call.positional(0).or_else(|| call.named("app")).and_then(super::syntax::literal);
        let port = call.named("port").and_then(|port| port.parse().ok());
        Some((app.map(str::to_owned), port, at(path, line)))
    })
}
