//! What reaches a folder, and what never does.

mod disk;
mod header;
mod links;
mod origins;
mod print;
mod states;
mod together;
mod write;

use std::{fs, path::Path};

use render::deliver::{Document, Error, Finding, Fingerprint, Output, Rendering, State, check, write};

/// What decides the files of these tests.
const MODEL: &str = r#"{"workers":4}"#;
const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: orders\nspec:\n  type: ClusterIP\n";
const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\n";

fn origin() -> Rendering {
    Rendering { source: "apps/orders/profile.toml".into(), target: "k8s".into(), env: Some("prod".into()), dev: false }
}

fn document(path: &str, text: &str) -> Document {
    Document { path: path.into(), text: text.into(), model: Fingerprint::of(MODEL) }
}

fn output(files: &[(&str, &str)]) -> Output {
    let files = files.iter().map(|(path, text)| document(path, text)).collect();
    Output { at: String::new(), files, origin: origin(), siblings: Vec::new(), rivals: &[] }
}

/// Two files, as most tests need them.
fn two() -> Output {
    output(&[("deployment.yaml", DEPLOYMENT), ("service.yaml", SERVICE)])
}

/// The same, after the profile changed.
fn two_changed() -> Output {
    let mut output =
        output(&[("deployment.yaml", DEPLOYMENT), ("service.yaml", &SERVICE.replace("ClusterIP", "None"))]);
    output.files.iter_mut().for_each(|file| file.model = Fingerprint::of(r#"{"workers":8}"#));
    output
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A folder that holds what [`two`] renders.
fn delivered() -> tempfile::TempDir {
    let dir = folder();
    write(&two(), dir.path(), false).expect("an empty folder takes anything");
    dir
}

fn read(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn put(dir: &Path, name: &str, text: impl AsRef<[u8]>) {
    fs::write(dir.join(name), text).unwrap_or_else(|error| panic!("{name}: {error}"));
}

fn edit(dir: &Path, name: &str, from: &str, to: &str) {
    let old = read(dir, name);
    assert!(old.contains(from), "{name} has {from:?}");
    put(dir, name, old.replace(from, to));
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a folder");
    let mut names: Vec<_> = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// `(file name, state)` of everything that `check` reports.
fn states(output: &Output, dir: &Path) -> Vec<(String, State)> {
    brief(&check(output, dir).expect("a folder that can be read"))
}

fn brief(findings: &[Finding]) -> Vec<(String, State)> {
    let name = |finding: &Finding| finding.path.file_name().expect("a file").to_string_lossy().into_owned();
    findings.iter().map(|finding| (name(finding), finding.state)).collect()
}

fn refused(output: &Output, dir: &Path, force: bool) -> Vec<(String, State)> {
    match write(output, dir, force) {
        Err(Error::Refused(findings)) => brief(&findings),
        other => panic!("refused, not {other:?}"),
    }
}
