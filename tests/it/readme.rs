//! What the README and the pages under `docs/` show is what happens.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use snapbox::{Assert, Data};

/// The README, and the pages that it leads to.
fn pages() -> Vec<(PathBuf, String)> {
    let docs = fs::read_dir("docs").unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = [PathBuf::from("README.md")].into_iter().chain(docs).collect();
    pages.sort();
    pages.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The `console` blocks of the pages: each a command, and what it prints (`...` stands for any lines).
fn blocks() -> Vec<(String, String)> {
    let text: String = pages().into_iter().map(|(_, text)| text).collect();
    let mut found = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for one in block.split("$ ").skip(1) {
            let (command, output) = one.split_once('\n').unwrap();
            found.push((command.to_owned(), output.to_owned()));
        }
    }
    found
}

/// Both streams, as a terminal shows them. Only `render` is run; `cargo` would build inside a test.
fn run(command: &str) -> Option<String> {
    let mut words = command.split_whitespace();
    (words.next()? == "render").then(|| {
        let output = Command::new(env!("CARGO_BIN_EXE_render")).args(words).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    })
}

#[test]
fn the_pages_show_what_the_program_prints() {
    let mut shown = 0;
    for (command, expected) in blocks() {
        let Some(actual) = run(&command) else { continue };
        if expected.is_empty() {
            continue;
        }
        shown += 1;
        Assert::new().eq(actual.trim_end(), Data::text(expected.trim_end()));
    }
    assert!(shown >= 4, "only {shown} commands show their output");
}

#[test]
fn links_of_the_pages_lead_somewhere() {
    for (page, text) in pages() {
        let folder = page.parent().unwrap_or(Path::new("."));
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let path = link.split('#').next().unwrap();
            assert!(
                path.is_empty() || path.starts_with("https:") || folder.join(path).exists(),
                "{}: {link}",
                page.display()
            );
        }
    }
}

#[test]
fn the_readme_leads_to_every_page() {
    let readme = fs::read_to_string("README.md").unwrap();
    for (page, _) in pages() {
        assert!(
            page == Path::new("README.md") || readme.contains(&format!("({})", page.display())),
            "{}",
            page.display()
        );
    }
}
