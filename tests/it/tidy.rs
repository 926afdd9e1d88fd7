//! The house rules that a test can hold: who may name whom, how large things may grow, what is never used.

use std::{
    fs,
    path::{Path, PathBuf},
};

use render::targets::{TARGETS, Target};

/// What a part may use of ours, beside itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("src/source.rs", &[]),
    ("src/key.rs", &[]),
    ("src/problem", &["source"]),
    ("src/schema.rs", &[]),
    ("src/profile", &["schema"]),
    ("src/tree", &["key"]),
    ("src/layers", &["key", "problem", "source", "tree"]),
    ("src/app", &["key", "layers", "problem", "profile", "source"]),
    ("src/bundle.rs", &["canonical", "key", "layers", "tree"]),
    ("src/targets", &["app", "bundle", "key", "problem", "source", "tree"]),
    ("src/diff", &["app", "report", "targets", "tree"]),
    ("src/edit", &["key", "problem"]),
    ("src/krm", &["flow", "layers", "problem", "source", "targets", "tree"]),
    ("src/cluster", &["diff", "targets"]),
    ("src/init", &["app", "layers", "tree"]),
    ("src/report", &["layers", "problem", "schema", "source", "tree"]),
    ("src/deliver", &[]),
    ("src/canonical.rs", &[]),
    ("src/flow.rs", &["app", "layers", "problem", "profile", "source"]),
];

/// What only some parts may name.
const OWNERS: &[(&str, &[&str])] = &[
    ("k8s_openapi", &["src/targets/k8s"]),
    ("kube::", &["src/cluster"]),
    ("tokio", &["src/cluster"]),
    ("futures_util", &["src/cluster"]),
    ("docker_compose_types", &["src/targets/compose"]),
    ("clap", &["src/cli"]),
    ("tempfile", &["src/deliver"]),
    ("std::env", &["src/main.rs", "src/cli/argocd/environment.rs", "src/cli/fleet/diff/live"]),
    ("std::fs", &["src/deliver", "src/cli"]),
    ("std::time", &["src/cluster", "src/cli/fleet/diff/live"]),
    ("HashMap", &[]),
    ("HashSet", &[]),
    ("std::process", &["src/cli", "src/main.rs"]),
];

const MOST_LINES: usize = 500;

fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new("src"), &mut found);
    found.sort();
    found
}

/// The code of a file: comments are free to name what they like.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn parts_use_only_the_layers_below_them() {
    let mut wrong = Vec::new();
    for path in sources() {
        let name = path.to_str().unwrap();
        let Some((own, allowed)) = LAYERS.iter().find(|(part, _)| name.starts_with(part)) else { continue };
        let own = own.trim_start_matches("src/").trim_end_matches(".rs");
        for used in uses(&code(&path)) {
            if used != own && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{name} uses crate::{used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_target_knows_no_other_target() {
    let mut wrong = Vec::new();
    for path in sources() {
        let name = path.to_str().unwrap();
        let is_in = |target: &&Target| name.starts_with(&format!("src/targets/{}/", target.name));
        let Some(own) = TARGETS.iter().find(is_in) else { continue };
        let code = code(&path);
        let others = TARGETS.iter().filter(|other| other.name != own.name);
        let named = others.filter(|other| code.contains(&format!("targets::{}", other.name)));
        wrong.extend(named.map(|other| format!("{name} names {}", other.name)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_owners_name_what_is_theirs() {
    let mut wrong = Vec::new();
    for path in sources() {
        let name = path.to_str().unwrap();
        let code = code(&path);
        for (owned, owners) in OWNERS {
            let named = code.contains(owned) || by_parts(&code, owned);
            if named && !owners.iter().any(|owner| name.starts_with(owner)) {
                wrong.push(format!("{name} names {owned}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `std::fs` imported as `use std::{fs, …}`.
fn by_parts(code: &str, owned: &str) -> bool {
    let Some(("std", part)) = owned.split_once("::") else { return false };
    code.match_indices("use std::{").any(|(at, _)| {
        let group = &code[at + 10..];
        let group = &group[..group.find(';').unwrap_or(group.len())];
        group.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == part)
    })
}

#[test]
fn files_stay_readable() {
    let lines = |path: &PathBuf| fs::read_to_string(path).unwrap().lines().count();
    let mut sizes: Vec<(usize, PathBuf)> = sources().into_iter().map(|path| (lines(&path), path)).collect();
    sizes.sort();
    let (largest, path) = sizes.last().unwrap();
    assert!(*largest <= MOST_LINES, "{} has {largest} lines", path.display());
    let median = sizes[sizes.len() / 2].0;
    assert!(median <= 130, "the median file has {median} lines");
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<_> =
        sources().into_iter().filter(|path| !fs::read_to_string(path).unwrap().starts_with("//! ")).collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn every_dependency_says_what_it_buys() {
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let section = |header: &str| manifest.split(header).nth(1).unwrap().split("\n[").next().unwrap().to_owned();
    for header in ["[dependencies]", "[dev-dependencies]"] {
        for line in section(header).lines().filter(|line| line.contains(" = ")) {
            assert!(line.contains("# "), "{line}");
        }
    }
}

#[test]
fn the_map_is_short_and_names_every_part() {
    let map = fs::read_to_string("ARCHITECTURE.md").unwrap();
    assert!(map.lines().count() <= 120);
    for entry in fs::read_dir("src").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let part = name.trim_end_matches(".rs");
        assert!(matches!(part, "lib" | "main") || map.contains(&format!("src/{part}")), "src/{part}");
    }
}

/// First segments after `crate::`, also inside `use crate::{a, b::c}`.
fn uses(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + 7..];
        match rest.strip_prefix('{') {
            None => found.push(word(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (i, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if depth == 0 && start && c.is_alphabetic() => {
                            found.push(word(&group[i..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
