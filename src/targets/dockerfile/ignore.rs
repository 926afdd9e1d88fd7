//! `.dockerignore`: what the build does not see. Nothing secret reaches a layer, and what the image does not need changes
//! none (Docker, "Build context").

use super::{Made, install::For};
use crate::{
    app::{AppCode, Lock, keys},
    bundle::{Paragraph, Text},
    tree::Note,
};

const SECRET: &[&str] = &["**/.env", "**/.env.*", "secrets"];
const MADE: &[&str] = &[
    "**/.venv",
    "**/__pycache__",
    "**/*.py[cod]",
    "**/*.egg-info",
    "**/.*_cache",
    "**/.coverage",
    "**/node_modules",
    "build",
    "dist",
    "htmlcov",
];
const BESIDE: &[&str] = &[
    ".git",
    ".github",
    ".gitlab-ci.yml",
    ".idea",
    ".vscode",
    ".dockerignore",
    "*.dockerignore",
    "Dockerfile*",
    "docker-bake*",
    "compose*.y*ml",
    "docker-compose*.y*ml",
    "profile.toml",
];
/// Folders that the image does not need, unless the profile names them.
const NEEDLESS: &[&str] = &["deploy", "docs", "k8s", "tests"];

pub fn ignore(made: &Made<'_>, purpose: For, file: &'static str, path: String) -> Text {
    let named = named(made);
    let inside = |folder: &str| named.iter().any(|path| path.split('/').next() == Some(folder));
    // A developer tests in the image.
    let needless =
        NEEDLESS.iter().filter(|folder| !inside(folder) && (purpose == For::Production || **folder != "tests"));
    let mut needless: Vec<String> = needless.map(|folder| (*folder).to_owned()).collect();
    // Projects name their README and their licence as parts of what is built.
    needless.extend(["*.md", "!README*", "!readme*", "!LICENSE*"].map(str::to_owned));
    let top_files = named.iter().filter(|path| path.ends_with(".md") && !path.contains('/'));
    needless.extend(top_files.map(|path| format!("!{path}")));
    let all = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect::<Vec<_>>();
    let because = keys(&["build.copy", "build.source", "build.lock", "build.requirements"]);
    let below = [
        part("secret", "Secrets: a layer keeps them for whoever has the image.", all(SECRET), Vec::new()),
        part("made", "What tools make, for this machine alone.", all(MADE), Vec::new()),
        part("beside", "About the project, and no part of it.", all(BESIDE), Vec::new()),
        part("needless", "Not needed where the app runs.", needless, because),
    ];
    let lines = format!("# What {file} does not see of the project.");
    let note = Note::new("nothing secret reaches a layer, and what the image does not need changes none", Vec::new());
    Text { path, top: Paragraph { name: "about".into(), lines, note, below: below.into() }, apart: 1 }
}

/// The paths of the project that the profile names.
fn named<'a>(made: &'a Made<'_>) -> Vec<&'a str> {
    let recipe = made.recipe;
    let mut named: Vec<&str> = recipe.copy.iter().map(String::as_str).collect();
    if let AppCode::Files(paths) = &recipe.code {
        named.extend(paths.iter().map(String::as_str));
    }
    if let Lock::Requirements { file, .. } = &recipe.lock {
        named.push(file);
    }
    named
}

fn part(name: &str, about: &'static str, patterns: Vec<String>, keys: Vec<crate::key::Key>) -> Paragraph {
    let note = Note::new(about.trim_end_matches('.').to_lowercase(), keys);
    Paragraph { name: name.into(), lines: format!("# {about}\n{}", patterns.join("\n")), note, below: Vec::new() }
}
