//! What the README shows is what happens.

use std::{fs, process::Command};

use snapbox::{Assert, Data};

/// The `console` blocks of the README: each a command, and what it prints (`...` stands for any lines).
fn blocks() -> Vec<(String, String)> {
    let text = fs::read_to_string("README.md").unwrap();
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
fn the_readme_shows_what_the_program_prints() {
    let mut shown = 0;
    for (command, expected) in blocks() {
        let Some(actual) = run(&command) else { continue };
        if expected.is_empty() {
            continue;
        }
        shown += 1;
        Assert::new().eq(actual.trim_end(), Data::text(expected.trim_end()));
    }
    assert!(shown >= 4, "only {shown} commands of the README show their output");
}

#[test]
fn links_of_the_readme_lead_somewhere() {
    let text = fs::read_to_string("README.md").unwrap();
    for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(link.starts_with('#') || fs::exists(link).unwrap(), "{link}");
    }
}
