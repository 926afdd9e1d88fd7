//! The examples: what is rendered is what is recorded, in the very files that other tools read.
//!
//! `SNAPSHOTS=overwrite cargo test golden` records anew; read what changed as whoever has to approve it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use render::targets::{TARGETS, Target};
use snapbox::{Assert, Data};

/// One call of the program, and the folder that it fills.
struct Rendering {
    folder: String,
    arguments: Vec<String>,
}

fn rendering(folder: impl Into<String>, arguments: &[&str]) -> Rendering {
    Rendering { folder: folder.into(), arguments: arguments.iter().map(|one| (*one).to_owned()).collect() }
}

/// Everything that a profile is rendered to: each target, for each environment, and for developers.
fn renderings(profile: &Path) -> Vec<Rendering> {
    let table: toml::Table = toml::from_str(&fs::read_to_string(profile).unwrap()).unwrap();
    let environments = table.get("environments").and_then(|value| value.as_table());
    let environments: Vec<&String> = environments.into_iter().flat_map(|table| table.keys()).collect();
    let mut all = Vec::new();
    let wanted = serde_json::to_value(&table).unwrap();
    for Target { name: target, overrides, dev, .. } in TARGETS.iter().filter(|target| target.is_wanted(&wanted)) {
        all.push(rendering(*target, &[target]));
        all.extend(dev.then(|| rendering(*target, &[target, "--dev"])));
        for name in &environments {
            // Overrides lie beside their base; a whole rendering has a folder of its own.
            let folder = if *overrides { (*target).to_owned() } else { format!("{target}-{name}") };
            all.push(rendering(folder, &[target, "--env", name]));
        }
    }
    all
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        found.extend(if path.is_dir() { files(&path) } else { BTreeSet::from([path]) });
    }
    found
}

fn relative(found: &BTreeSet<PathBuf>, to: &Path) -> BTreeSet<PathBuf> {
    found.iter().map(|path| path.strip_prefix(to).unwrap().to_owned()).collect()
}

/// Renders an example, in its place in a repository: headers name it, and Compose files what it mounts, as seen from
/// there, and an export of ours is none. Returns the repository, and what was rendered.
fn render(example: &Path) -> (tempfile::TempDir, PathBuf) {
    let repository = tempfile::tempdir().unwrap();
    fs::create_dir(repository.path().join(".git")).unwrap();
    let recorded = example.join("rendered");
    for path in files(example).iter().filter(|path| !path.starts_with(&recorded)) {
        copy(path, &repository.path().join(path));
    }
    let (profile, out) = (&example.join("profile.toml"), repository.path().join(&recorded));
    for Rendering { folder, arguments } in renderings(profile) {
        let output = Command::new(env!("CARGO_BIN_EXE_render"))
            .current_dir(repository.path())
            .args(&arguments)
            .arg(profile)
            .arg("-o")
            .arg(out.join(folder))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    (repository, out)
}

#[test]
fn every_example_renders_as_recorded() {
    let assert = Assert::new().action_env("SNAPSHOTS");
    let mut examples = 0;
    for entry in fs::read_dir("examples").unwrap() {
        let example = entry.unwrap().path();
        let profile = example.join("profile.toml");
        if !profile.exists() {
            continue;
        }
        examples += 1;
        let (_repository, out) = render(&example);
        let recorded = example.join("rendered");
        let rendered = files(&out);
        if std::env::var_os("SNAPSHOTS").is_some_and(|action| action == "overwrite") {
            // What is no longer rendered must not stay as if it were.
            drop(fs::remove_dir_all(&recorded));
            rendered.iter().for_each(|path| copy(path, &recorded.join(path.strip_prefix(&out).unwrap())));
        }
        let left = relative(&files(&recorded), &recorded);
        assert_eq!(relative(&rendered, &out), left, "the files of {}", example.display());
        for path in &rendered {
            let actual = fs::read_to_string(path).unwrap();
            let expected = recorded.join(path.strip_prefix(&out).unwrap());
            assert.eq(Data::text(actual).raw(), Data::read_from(&expected, None).raw());
        }
    }
    assert!(examples >= 4, "the examples were found");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
}
