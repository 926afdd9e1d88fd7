//! A profile over a shipped preset: what its user has to write, and all that it says, as comments to change.

use super::{
    facts::{Facts, Start},
    spelling::{Line, block, list, quoted},
};
use crate::layers::PRESETS;

/// What the user of a preset has to write: a table, its key, and an example.
const NEEDED: &[(&str, &str, &str, &str)] = &[
    ("arq", "processes.worker", "args", "[\"orders.worker.WorkerSettings\"]"),
    ("celery", "env", "APP", "\"orders.tasks\""),
];

/// Presets for another server than Python's.
const WITHOUT_SERVER: &[&str] = &["node"];

/// The text of a profile that extends a preset; nothing if there is no such preset.
pub fn profile(preset: &str, folder: &str, facts: Option<&Facts>) -> Option<String> {
    let (_, text) = PRESETS.iter().find(|(name, _)| *name == preset)?;
    let mut name = facts.map_or_else(|| folder.to_owned(), |facts| facts.name.value.clone());
    if PRESETS
        .iter()
        .any(|(_, text)| text.lines().filter_map(table).any(|table| table.rsplit('.').next() == Some(&name)))
    {
        // What the preset calls so has to be another.
        name.push_str("-app");
    }
    let (image, from) = match facts {
        Some(facts) => (facts.image.value.clone(), facts.image.from.to_string()),
        None => (format!("registry.example.com/{name}:0.1.0"), "guessed: write where your images are".to_owned()),
    };
    let mut out = String::new();
    let about = text.lines().take_while(|line| line.starts_with('#'));
    let about = about.map(|line| line.trim_start_matches("# ")).take_while(|line| !line.starts_with("Write `extends"));
    let mut lines: Vec<Line> = about.map(|line| Line::new("", line)).collect();
    lines.push(Line::new(
        "",
        "What is commented out is the preset's: take the `#` away to change it, and that of its table.",
    ));
    block(&lines, &mut out);
    out.push('\n');
    let from_facts = facts.map_or("guessed: the folder's name".to_owned(), |facts| facts.name.from.to_string());
    block(
        &[
            Line::new(format!("extends = {}", quoted(preset)), ""),
            Line::new(format!("name    = {}", quoted(&name)), from_facts),
            Line::new(format!("image   = {}", quoted(&image)), from),
        ],
        &mut out,
    );
    body(text, needed(preset, &name, facts), &mut out);
    Some(out)
}

/// Lines that have to be written, by their tables.
fn needed(preset: &str, name: &str, facts: Option<&Facts>) -> Vec<(String, Line)> {
    let module = name.replace('-', "_");
    let mut lines = Vec::new();
    if !WITHOUT_SERVER.contains(&preset) {
        let found = facts.and_then(|facts| if let Start::Server(server) = &facts.start { Some(server) } else { None });
        let line = match found {
            Some(server) => Line::new(format!("app = {}", quoted(&server.app.value)), &server.app.from),
            None => {
                let app = if preset == "django" {
                    format!("{module}.wsgi:application")
                } else {
                    format!("{module}.main:app")
                };
                Line::new(format!("app = {}", quoted(&app)), "guessed: where the app is, as module:attribute")
            }
        };
        lines.push(("server".to_owned(), line));
    }
    for (_, table, key, example) in NEEDED.iter().filter(|(one, ..)| *one == preset) {
        let worker = facts.and_then(|facts| facts.workers.iter().find(|worker| worker.name == "worker"));
        let known = worker.and_then(|worker| match *key {
            "APP" => worker
                .command
                .iter()
                .skip_while(|word| !matches!(word.as_str(), "-A" | "--app"))
                .nth(1)
                .filter(|app| is_name(app))
                .map(|app| (quoted(app), worker)),
            _ => {
                let settings = worker.command.get(1).filter(|settings| is_name(settings));
                settings.map(|settings| (list(std::slice::from_ref(settings)), worker))
            }
        });
        let line = match known {
            Some((value, worker)) => Line::new(format!("{key} = {value}"), &worker.from),
            None => Line::new(
                format!("{key} = {}", example.replace("orders", &module)),
                "guessed: where it is in your source",
            ),
        };
        lines.push(((*table).to_owned(), line));
    }
    lines
}

/// Whether a word names something in a source, as in `orders.tasks:app`.
fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'))
}

/// The preset, commented out but for the tables in which something has to be written.
fn body(text: &str, mut needed: Vec<(String, Line)>, out: &mut String) {
    let lines = text.lines().skip_while(|line| line.starts_with('#')).filter(|line| !line.starts_with("extends"));
    let tables: Vec<&str> = text.lines().filter_map(table).collect();
    // What the preset has no table for comes first, behind the keys of the top.
    let (mut inside, outside): (Vec<_>, Vec<_>) =
        needed.drain(..).partition(|(name, _)| tables.contains(&name.as_str()));
    let mut outside = Some(outside);
    for line in lines {
        let header = table(line);
        if header.is_some() {
            apart(outside.take(), out);
        }
        match header.and_then(|name| inside.iter().position(|(one, _)| one == name)) {
            Some(at) => {
                let (_, written) = inside.remove(at);
                out.push_str(line);
                out.push('\n');
                block(&[written], out);
            }
            None if line.is_empty() || line.starts_with('#') => {
                out.push_str(line);
                out.push('\n');
            }
            None => {
                out.push_str("# ");
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    apart(outside, out);
}

fn apart(lines: Option<Vec<(String, Line)>>, out: &mut String) {
    for (name, line) in lines.into_iter().flatten() {
        out.push_str(&format!("\n[{name}]\n"));
        block(&[line], out);
    }
}

/// The name of a table, of the line that begins it.
fn table(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.split_once(']').map(|(name, _)| name)
}
