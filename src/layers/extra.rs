//! What the patterns of `[k8s] extra` find: files of raw objects, read once and laid into the merged profile, so that all
//! that follows is pure and every fingerprint covers them.

use std::io;

use serde_json::{Value, json};

use super::{
    Layered, Outside, Request,
    extends::{folder, is_elsewhere, normal, way},
    find, read,
};
use crate::{
    key::Key,
    problem::{Code, Problem},
    source::{Sources, Span},
};

/// Reads the files that each pattern finds, sorted by name.
pub fn read_extra(layered: &mut Layered, request: &Request<'_>) -> Vec<Problem> {
    let list = Key::new("k8s.extra");
    let Some(patterns) = find(&layered.value, &list).and_then(Value::as_array).cloned() else { return Vec::new() };
    let mut problems = Vec::new();
    let found = patterns.iter().filter_map(Value::as_str).enumerate().map(|(i, pattern)| {
        let span = layered.provenance.value(&list.child(i.to_string())).unwrap_or(Span::BEGINNING);
        let found = files(pattern, &span, &layered.provenance.sources, request)
            .and_then(|paths| texts(&paths, &span, &mut layered.provenance.sources, request));
        found.unwrap_or_else(|problem| {
            problems.push(*problem);
            Value::Array(Vec::new())
        })
    });
    let found = Value::Array(found.collect());
    layered.value["k8s"]["found"] = found;
    problems
}

/// The paths that a pattern finds, as [`Request::read`] takes them; at least one.
fn files(pattern: &str, span: &Span, sources: &Sources, request: &Request<'_>) -> Result<Vec<String>, Box<Problem>> {
    let bad = |code: Code, title: String, label: &str, help: &str| {
        Err(Box::new(Problem::new(code, title).at(Some(span.clone()), label).help(help)))
    };
    if is_elsewhere(pattern) {
        let help = "write the path as seen from this file: \"extra/*.yaml\"";
        return bad(Code::BadExtra, "objects are taken from this repository only".into(), "not a relative path", help);
    }
    // What is set on the command line stands where the profile does.
    let from = sources.get(span.source).name.as_str();
    let from = folder(if from == "--set" { request.name } else { from });
    let (inside, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    if is_pattern(inside) {
        let help = "name the folder, and write `*` in the name of the file: \"extra/*.yaml\"";
        return bad(Code::BadExtra, format!("`{inside}` cannot be a folder"), "a pattern of folders", help);
    }
    let inside = normal(&[from, inside].join("/"));
    let inside = if from.starts_with('/') { inside } else { inside.trim_start_matches('/').to_owned() };
    let path = |name: &str| if inside.is_empty() { name.to_owned() } else { format!("{inside}/{name}") };
    if !is_pattern(name) && !name.is_empty() {
        return Ok(vec![path(name)]);
    }
    let names = (request.list)(&inside).map_err(|error| unreadable(&inside, "folder", span, &error))?;
    let mut names: Vec<String> = names.into_iter().filter(|other| fits(other, name)).collect();
    names.sort();
    if names.is_empty() {
        let help = "name YAML files, as in \"extra/*.yaml\"; the path is relative to the file that it is written in";
        return bad(Code::CannotRead, format!("`{pattern}` finds no file"), "nothing there", help);
    }
    Ok(names.iter().map(|name| path(name)).collect())
}

/// What the files hold, each a source of its own.
fn texts(paths: &[String], span: &Span, sources: &mut Sources, request: &Request<'_>) -> Result<Value, Box<Problem>> {
    let home = folder(request.name);
    let files = paths.iter().map(|path| {
        let bytes = (request.read)(path).map_err(|error| unreadable(path, "file", span, &error))?;
        let source = match sources.position(path) {
            Some(source) => source,
            None => read::text(path, &bytes, sources).map_err(|problem| {
                Box::new(if problem.span.is_none() { problem.at(Some(span.clone()), "found here") } else { *problem })
            })?,
        };
        Ok(json!({ "path": way(home, path), "text": sources.get(source).text }))
    });
    files.collect::<Result<Vec<Value>, _>>().map(Value::Array)
}

fn unreadable(path: &str, what: &str, span: &Span, error: &io::Error) -> Box<Problem> {
    if Outside::is(error) {
        let problem = Problem::new(Code::BadExtra, format!("`{path}` lies outside of the repository"));
        let help = "copy it into the repository: the same commit must always give the same output";
        return Box::new(problem.at(Some(span.clone()), "leads out of it").help(help));
    }
    let why = read::why(error, what);
    let problem = Problem::new(Code::CannotRead, format!("cannot read `{path}`: {why}"));
    let help = "the path is relative to the file that it is written in, as in \"extra/*.yaml\"";
    Box::new(problem.at(Some(span.clone()), "named here").help(help))
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?'])
}

/// Whether a name fits a pattern in which `*` is any text and `?` any character. Hidden files are named in full.
fn fits(name: &str, pattern: &str) -> bool {
    fn rest(name: &[char], pattern: &[char]) -> bool {
        // The last `*`, and the name from which on it has not been tried yet.
        let (mut star, mut at, mut name_at) = (None, 0, 0);
        while name_at < name.len() {
            match pattern.get(at) {
                Some('*') => {
                    star = Some((at, name_at));
                    at += 1;
                }
                Some(c) if *c == '?' || *c == name[name_at] => {
                    at += 1;
                    name_at += 1;
                }
                _ => {
                    let Some((star_at, from)) = star else { return false };
                    star = Some((star_at, from + 1));
                    at = star_at + 1;
                    name_at = from + 1;
                }
            }
        }
        pattern[at..].iter().all(|c| *c == '*')
    }
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let chars = |text: &str| text.chars().collect::<Vec<_>>();
    rest(&chars(name), &chars(pattern))
}
