//! Our table of merge classes against Docker Compose itself. For CI:
//! `DOCKER_COMPOSE=/path/to/docker-compose cargo test --test it compose_oracle -- --ignored`. Needs no daemon.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use render::{
    targets::compose::{difference::difference, forms::same, merge::merge, order::order},
    tree::Node,
};

use super::{
    checks::accepted_compose_files,
    compose_docs::{document, service_fields, with_field},
    compose_merge::show,
    dotenv::example,
};

/// Pairs of whole documents; a call of Compose takes about 0.1 s.
const PAIRS: usize = 150;
/// Pairs of files for each field of a service.
const PAIRS_PER_FIELD: usize = 8;
/// Fields whose merge we do not model, and always replace.
const REPLACED: &[&str] = &["gpus"];

struct Compose {
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl Compose {
    fn new() -> Self {
        let program = std::env::var_os("DOCKER_COMPOSE").expect("DOCKER_COMPOSE names a docker-compose program");
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("a.env", "P=1\nQ=1\n"), ("b.env", "Q=2\n"), ("c.env", "Q=3\n"), (".env", "TOKEN=t\n")] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Compose { program: program.into(), folder }
    }

    /// What Compose makes of these files, or what it says against them.
    fn config(&self, files: &[(&str, &Node)]) -> Result<Node, String> {
        let mut command = Command::new(&self.program);
        command.current_dir(self.folder.path()).args(["--profile", "*"]);
        for (name, root) in files {
            fs::write(self.folder.path().join(name), show(root)).unwrap();
            command.args([Path::new("-f"), Path::new(name)]);
        }
        let output = command.arg("config").output().unwrap();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        // Not `--format json`: 2.40.3 makes broken JSON of `build.ssh`.
        let value: serde_json::Value = serde_norway::from_slice(&output.stdout).unwrap();
        Ok(Node::from(value))
    }
}

/// The same documents on every machine.
fn sample<T>(runner: &mut TestRunner, strategy: &impl Strategy<Value = T>) -> T {
    strategy.new_tree(runner).unwrap().current()
}

#[test]
#[ignore = "needs docker-compose"]
fn compose_makes_of_base_and_override_what_is_wanted() {
    let compose = Compose::new();
    let mut runner = TestRunner::deterministic();
    for pair in 0..PAIRS {
        let (base, wanted) = (sample(&mut runner, &document()), sample(&mut runner, &document()));
        let mut over = difference(&base, &wanted);
        order(&mut over);
        let full = compose.config(&[("full.yml", &wanted)]).unwrap_or_else(|e| panic!("{e}\n{}", show(&wanted)));
        let merged = compose
            .config(&[("base.yml", &base), ("over.yml", &over)])
            .unwrap_or_else(|e| panic!("pair {pair}: {e}\nbase {}\nover {}", show(&base), show(&over)));
        assert!(same(&merged, &full), "pair {pair}\n{}", differences(&merged, &full, &base, &over, &wanted));
    }
}

/// Only what a person needs to see of two documents that should be the same.
fn differences(merged: &Node, full: &Node, base: &Node, over: &Node, wanted: &Node) -> String {
    let part = |root: &Node, path: &[&str]| {
        path.iter().try_fold(root, |node, key| node.get(key)).map(show).unwrap_or_default()
    };
    let mut text = String::new();
    for (top, entries) in difference(merged, full).as_map().unwrap_or_default() {
        for (name, what) in entries.as_map().unwrap_or_default() {
            for (field, value) in what.as_map().unwrap_or_default() {
                let path = [&**top, name, field];
                text += &format!("{path:?}: to mend {}\n", show(value));
                for (role, root) in [("base", base), ("over", over), ("wanted", wanted), ("merged", merged)] {
                    text += &format!("    {role} {}\n", part(root, &path));
                }
            }
        }
    }
    text + &show(&difference(merged, full))
}

#[test]
#[ignore = "needs docker-compose"]
fn compose_merges_every_field_as_we_think() {
    let compose = Compose::new();
    let mut runner = TestRunner::deterministic();
    let mut wrong = Vec::new();
    for (field, value) in service_fields().into_iter().filter(|(field, _)| !REPLACED.contains(field)) {
        let files = with_field(field, value);
        let mut accepted = 0;
        for _ in 0..PAIRS_PER_FIELD {
            let (base, over) = (sample(&mut runner, &files), sample(&mut runner, &files));
            // Compose's own refusals are not ours to model: it wants items of some lists to differ, for instance.
            let Ok(theirs) = compose.config(&[("base.yml", &base), ("over.yml", &over)]) else { continue };
            accepted += 1;
            let agreed = merge(&base, &over).map_err(|refused| refused.to_string()).and_then(|merged| {
                let ours = compose.config(&[("full.yml", &merged)])?;
                if same(&ours, &theirs) { Ok(()) } else { Err(differences(&ours, &theirs, &base, &over, &merged)) }
            });
            if let Err(why) = agreed {
                wrong.push(format!("{field}: {why}"));
            }
        }
        if accepted == 0 {
            wrong.push(format!("{field}: Compose accepted no pair"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "needs Docker Compose: DOCKER_COMPOSE=/path/to/docker-compose"]
fn compose_takes_every_patched_file_that_we_take() {
    let compose = Compose::new();
    // What a case includes, or extends.
    fs::write(compose.folder.path().join("other.yml"), "services: { db: { image: 'a:1' } }\n").unwrap();
    let files = accepted_compose_files();
    assert!(files.len() > 10, "{}", files.len());
    let refused = files.iter().filter_map(|(line, root)| {
        let error = compose.config(&[("docker-compose.yml", root)]).err()?;
        Some(format!("{line}\n    {error}"))
    });
    let refused: Vec<String> = refused.collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
#[ignore = "needs Docker Compose: DOCKER_COMPOSE=/path/to/docker-compose"]
fn compose_reads_from_an_example_the_defaults_that_it_shows() {
    let texts = [
        "eu", "a b", " a ", "it's", "'", "\"", "a\"b'c", "$x", "100$", "$$", "a#b", "a # b", "#", "\\", "a\\", "\\n",
        "'\\'", "'a\\n$x'",
    ];
    let inputs =
        texts.iter().enumerate().map(|(i, text)| format!("V{i} = {{ default = {} }}\n", serde_json::json!(text)));
    let example = example(&format!("[inputs]\n{}", inputs.collect::<String>())).expect("an example").text(None);
    let compose = Compose::new();
    fs::write(compose.folder.path().join(".env"), example.replace("\n# V", "\nV")).unwrap();
    let environment = (0..texts.len()).map(|i| (format!("V{i}"), serde_json::json!(format!("${{V{i}}}")))).collect();
    let environment = serde_json::Value::Object(environment);
    let asking = serde_json::json!({ "services": { "a": { "image": "a:1", "environment": environment } } });
    let answer = serde_json::Value::from(&compose.config(&[("asking.yml", &Node::from(asking))]).unwrap());
    for (i, text) in texts.iter().enumerate() {
        // What Compose prints is to be read by Compose.
        let read = answer["services"]["a"]["environment"][format!("V{i}")].as_str().unwrap().replace("$$", "$");
        assert_eq!(read, *text, "{example}");
    }
}
