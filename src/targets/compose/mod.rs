//! `render compose`: Docker Compose files for one host, and overrides that say only what differs.
//!
//! Base, development and environments are all rendered in full by the same code (`document`); an override is the
//! difference. [`fields`] is the one table of Compose's fields: [`merge`](merge::merge) reads it forwards,
//! [`difference`](difference::difference) backwards, [`order`](order::order) from top to bottom.

mod account;
mod asked;
mod attached;
mod backing;
pub mod check;
mod depends;
mod dev;
pub mod difference;
mod document;
mod dotenv;
mod env;
pub mod fields;
mod files;
pub mod forms;
mod health;
mod interpolation;
mod limits;
pub mod merge;
mod mounts;
mod once;
pub mod order;
mod service;
mod spelling;
mod storage;
mod top_level;

use std::borrow::Cow;

use self::difference::{difference_noted, removed};
use super::{Base, Rendered, Target, Wish};
use crate::{
    app::{App, Runtime},
    bundle::File,
    key::Key,
    problem::{Code, Problem},
    tree::Note,
};

pub const TARGET: Target = Target {
    name: "compose",
    about: "Docker Compose files: production shape, development and environment overrides",
    examples: &[
        ("render compose", "the base file, docker-compose.yml"),
        ("render compose -o .", "as a file, and .env.example with what it asks for"),
        ("render compose --dev", "the development override, docker-compose.override.yml"),
        ("render compose --env staging", "an environment's override, docker-compose.staging.yml"),
        ("render compose --env staging --full", "base and override, merged"),
    ],
    overrides: true,
    dev: true,
    on_request: None,
    layout: Some("compose/{name}"),
    index: None,
    rivals: &["compose.yaml", "compose.yml", "docker-compose.yaml", "compose.override.yaml", "compose.override.yml"],
    render,
    check: check::check,
};

fn render(wish: &Wish<'_>) -> Rendered {
    let Wish { app, base, dev, full } = *wish;
    account::account(app);
    let runtime = if dev { Runtime::Dev } else { Runtime::SingleHost };
    let mut rendered = Rendered { problems: app.problems(runtime), ..Rendered::default() };
    rendered.problems.extend(dev::needs_dockerfile(app, runtime));
    let dockerfile = dev::rendered_dockerfile(app, runtime);
    let wanted = document::document(app, runtime, &mut rendered.problems);
    if dev && full {
        let mut of_base = Vec::new();
        document::document(app, Runtime::SingleHost, &mut of_base);
        in_both(&mut rendered.problems, &of_base);
    }
    let below = match (full, dev, base) {
        (true, ..) | (false, false, None) => None,
        (false, true, _) => Some(Base::from(app)),
        (false, false, base) => base,
    };
    let (path, over) = match (dev, &app.environment) {
        (true, _) => ("docker-compose.override.yml".to_owned(), Some("dev")),
        (false, Some(environment)) => (format!("docker-compose.{environment}.yml"), Some(environment.as_str())),
        (false, None) => ("docker-compose.yml".to_owned(), None),
    };
    let (root, asked) = match below {
        None => {
            let asked = asked::asked(&wanted);
            (wanted, asked)
        }
        // What is wrong with the base alone is said where the base is rendered.
        Some(Base { app: base, files }) => {
            let gone = |path: &[&str], was: Option<&Note>| match dev {
                true => dev::gone(app, path).or_else(|| was.map(removed)),
                false => was.map(|was| differing(was, base, app)),
            };
            let base = match files {
                [file] => Cow::Borrowed(&file.root),
                _ => {
                    let mut of_base = Vec::new();
                    let base = document::document(base, Runtime::SingleHost, &mut of_base);
                    if dev {
                        in_both(&mut rendered.problems, &of_base);
                    }
                    Cow::Owned(base)
                }
            };
            let mut over = difference_noted(&base, &wanted, &gone);
            // What was removed stands where it would have stood.
            order::order(&mut over);
            let asked = asked::asked(&over).beyond(&asked::asked(&base));
            (over, asked)
        }
    };
    let (example, supplied) = dotenv::example(app, &asked, dotenv::Place { file: &path, over });
    rendered.bundle.texts.extend(example);
    rendered.bundle.supplied = dockerfile.into_iter().chain(supplied).collect();
    rendered.bundle.files.push(File::new(path, root));
    rendered
}

/// A patch has done its work if it changes the base: development has not everything that the base has.
fn in_both(problems: &mut Vec<Problem>, of_base: &[Problem]) {
    problems.retain(|problem| problem.code != Code::PatchMatchesNothing || of_base.contains(problem));
}

/// Why an environment has not what the base file has: by the keys that it says otherwise.
fn differing(was: &Note, base: &App, app: &App) -> Note {
    let Note { reason, keys } = removed(was);
    let origin = |app: &App, key: &Key| app.provenance.origins.get(key).cloned();
    let (other, same): (Vec<Key>, Vec<Key>) = keys.into_iter().partition(|key| origin(base, key) != origin(app, key));
    Note::new(reason, if other.is_empty() { same } else { other })
}
