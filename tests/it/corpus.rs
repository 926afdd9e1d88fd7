//! Profiles of public deployments that nobody here wrote (`tests/cases/corpus`): they render for every target, and what
//! their upstream has is there.
//!
//! Beside each profile `upstream.txt` says what that is: a command of the program without `render`, an object (the kind and name of
//! one of a cluster, the name of one of Compose's services), a path in it, and a value in JSON after `=` or a part of it
//! after `~`. A `-` before an object says that it is not there.

use std::{
    fs,
    path::{Path, PathBuf},
};

use render::{
    app::App,
    flow,
    layers::Request,
    problem::{any_error, show},
    targets::{self, Rendered, TARGETS, Target, Wish},
};
use serde_json::Value;

use crate::rendered::read;

/// A patch is a part of an upstream that the language cannot say: no more of them than profiles.
const PATCHES_OF_A_PROFILE: f64 = 1.0;

fn profiles() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/corpus");
    let mut profiles: Vec<_> =
        fs::read_dir(folder).unwrap().map(|case| case.unwrap().path().join("profile.toml")).collect();
    profiles.sort();
    assert_eq!(profiles.len(), 12, "one for each of the deployments");
    profiles
}

fn table(profile: &Path) -> toml::Table {
    fs::read_to_string(profile).unwrap().parse().unwrap()
}

fn environments(profile: &Path) -> Vec<String> {
    let table = table(profile);
    let environments = table.get("environments").and_then(toml::Value::as_table).into_iter().flatten();
    environments.map(|(name, _)| name.clone()).collect()
}

fn app(profile: &Path, env: Option<&str>) -> App {
    let text = fs::read_to_string(profile).unwrap();
    let folder = profile.parent().unwrap();
    let read = |path: &str| fs::read(folder.join(path));
    let list = |path: &str| {
        let files = fs::read_dir(folder.join(path))?;
        files.map(|file| Ok(file?.file_name().to_string_lossy().into_owned())).collect()
    };
    let request = Request { env, read: &read, list: &list, ..Request::alone("profile.toml", text.as_bytes()) };
    let outcome = flow::app(&request);
    let told = outcome.problems.iter().map(|one| show(one, &outcome.sources, false)).collect::<String>();
    outcome.app.unwrap_or_else(|| panic!("{}:\n{told}", profile.display()))
}

fn render(target: &Target, wish: &Wish<'_>, place: &str) -> Rendered {
    let rendered = (target.render)(wish);
    let sources = &wish.app.provenance.sources;
    let told = rendered.problems.iter().map(|one| show(one, sources, false)).collect::<String>();
    assert!(!any_error(&rendered.problems), "{place}:\n{told}");
    rendered
}

#[test]
fn every_profile_of_a_public_deployment_renders_everywhere() {
    for profile in profiles() {
        let base = app(&profile, None);
        let of_environments: Vec<App> = environments(&profile).iter().map(|env| app(&profile, Some(env))).collect();
        let wanted = serde_json::to_value(table(&profile)).unwrap();
        for target in TARGETS.iter().filter(|target| target.is_wanted(&wanted)) {
            let place = |what: &str| format!("{} {} {what}", profile.display(), target.name);
            for full in [true, false] {
                render(target, &Wish { app: &base, base: None, dev: false, full }, &place("base"));
                render(target, &Wish { app: &base, base: None, dev: true, full }, &place("--dev"));
                for app in &of_environments {
                    let wish = Wish { app, base: Some((&base).into()), dev: false, full };
                    render(target, &wish, &place(app.environment.as_deref().unwrap()));
                }
            }
        }
    }
}

#[test]
fn what_the_upstream_has_is_there() {
    let mut wrong = String::new();
    for profile in profiles() {
        let expected = profile.with_file_name("upstream.txt");
        let text = fs::read_to_string(&expected).unwrap_or_else(|error| panic!("{}: {error}", expected.display()));
        let lines: Vec<_> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(lines.len() >= 5, "{}: says next to nothing", expected.display());
        let (mut command, mut documents) = ("", Vec::new());
        for line in lines {
            match line.strip_prefix("$ ") {
                Some(wanted) => (command, documents) = (wanted, self::documents(&profile, wanted)),
                None => {
                    if let Err(found) = hold(line, command, &documents) {
                        wrong += &format!("{}: {command}: {line}\n    {found}\n", profile.display());
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What a command prints, in full.
fn documents(profile: &Path, command: &str) -> Vec<Value> {
    let words: Vec<&str> = command.split(' ').collect();
    let env = words.iter().position(|word| *word == "--env").map(|at| words[at + 1]);
    let app = app(profile, env);
    let wish = Wish { app: &app, base: None, dev: words.contains(&"--dev"), full: true };
    let target = targets::find(words[0]).unwrap_or_else(|| panic!("{command}"));
    let rendered = render(target, &wish, command);
    rendered.bundle.files.iter().map(|file| read(&file.text(None))).collect()
}

/// One line of a table: `[-]OBJECT [PATH (=|~) VALUE]`.
fn hold(line: &str, command: &str, documents: &[Value]) -> Result<(), String> {
    let (absent, line) = line.strip_prefix('-').map_or((false, line), |line| (true, line));
    let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
    let object = match command.starts_with("compose") {
        true => documents.iter().find_map(|file| file["services"].get(name)),
        false => documents.iter().find(|object| is_called(object, name)),
    };
    if absent && rest.is_empty() {
        return object.map_or(Ok(()), |_| Err("it is there".into()));
    }
    let object = object.ok_or("no such object")?;
    if rest.is_empty() {
        return Ok(());
    }
    let (path, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let found = path.split('/').try_fold(object, |value, segment| step(value, segment));
    if absent {
        return found.map_or(Ok(()), |found| Err(format!("there is {found}")));
    }
    let found = found.ok_or_else(|| format!("nothing there in {object}"))?;
    let matches = match rest.split_once(' ') {
        None => true,
        Some(("=", wanted)) => {
            let wanted = serde_json::from_str(wanted).unwrap_or_else(|error| panic!("{wanted}: {error}"));
            *found == Value::clone(&wanted)
        }
        Some(("~", part)) => found.as_str().map_or_else(|| found.to_string(), str::to_owned).contains(part),
        Some(_) => panic!("{line}"),
    };
    if matches { Ok(()) } else { Err(format!("there is {found}")) }
}

/// `KIND/NAME`; a name that ends in `*` begins so.
fn is_called(object: &Value, wanted: &str) -> bool {
    let (kind, wanted) = wanted.split_once('/').unwrap_or((wanted, "*"));
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    object["kind"] == kind && wanted.strip_suffix('*').map_or(name == wanted, |start| name.starts_with(start))
}

/// One step down: a key, an index, or `KEY=VALUE` for the item of a list that has it. `~1` is a slash, as in JSON
/// pointers.
fn step<'a>(value: &'a Value, segment: &str) -> Option<&'a Value> {
    let segment = segment.replace("~1", "/");
    match (value, segment.split_once('=')) {
        (Value::Array(items), Some((key, wanted))) => items.iter().find(|item| item[key] == *wanted),
        (Value::Array(items), None) => items.get(segment.parse::<usize>().ok()?),
        _ => value.get(&segment),
    }
}

#[test]
fn hardly_anything_of_a_public_deployment_needs_a_patch() {
    let profiles = profiles();
    let patches = |profile: &PathBuf| table(profile).get("patches").and_then(toml::Value::as_array).map_or(0, Vec::len);
    let all: usize = profiles.iter().map(patches).sum();
    let each = all as f64 / profiles.len() as f64;
    assert!(each <= PATCHES_OF_A_PROFILE, "{all} patches in {} profiles", profiles.len());
}
