//! The GitHub action and the GitLab job, run as their platforms run them: the scripts themselves, in the files of a repository
//! that is as rendered, is not, or has errors.
#![cfg(unix)]

use std::{collections::BTreeMap, fs};

use serde_json::Value;

use super::examples::{bash, example, repository, yaml};
use crate::cli::{Place, Ran};

fn action() -> Value {
    yaml(&fs::read_to_string("action.yml").unwrap())
}

fn steps(action: &Value) -> Vec<Value> {
    action["runs"]["steps"].as_array().unwrap().clone()
}

/// Runs a step with inputs, each at its default unless it is given.
fn step(place: &Place, step: &Value, inputs: &[(&str, &str)]) -> Ran {
    let given: BTreeMap<&str, &str> = inputs.iter().copied().collect();
    let action = action();
    let mut variables = vec![("HOME", place.path().join("home").display().to_string())];
    for name in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH", "RUNNER_TEMP", "GITHUB_ACTION_PATH"] {
        variables.push((name, place.path().join("github").join(name).display().to_string()));
    }
    for (name, expression) in step["env"].as_object().into_iter().flatten() {
        let input = expression.as_str().unwrap().trim_start_matches("${{ inputs.").trim_end_matches(" }}");
        let default = action["inputs"][input]["default"].as_str().unwrap_or_else(|| panic!("no input {input}"));
        variables.push((name, given.get(input).copied().unwrap_or(default).to_owned()));
    }
    fs::create_dir_all(place.path().join("github/RUNNER_TEMP")).unwrap();
    drop(fs::remove_file(place.path().join("github/GITHUB_OUTPUT")));
    assert_eq!(step["shell"], "bash");
    bash(place, step["run"].as_str().unwrap(), &variables)
}

/// The step that compares, its exit code, and whether it says that files differ.
fn check(place: &Place, inputs: &[(&str, &str)]) -> (Ran, bool) {
    let compares = steps(&action()).into_iter().find(|step| step["id"] == "check").unwrap();
    let ran = step(place, &compares, inputs);
    let output = place.read("github/GITHUB_OUTPUT");
    let report = place.path().join("github/RUNNER_TEMP/render-report.json");
    assert!(output.contains(&format!("report={}\n", report.display())), "{output}");
    let report: Value = serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
    assert!(report["summary"].is_object(), "{report}");
    (ran, output.contains("changed=true\n"))
}

#[test]
fn the_action_ends_as_the_comparison_does() {
    let place = repository(&[]);
    let (ran, changed) = check(&place, &[]);
    assert_eq!((ran.code, changed), (1, true), "{ran:?}");
    assert!(ran.stdout.lines().any(|line| line.starts_with("::error ") && line.contains("file=")), "{}", ran.stdout);
    assert!(place.read("github/GITHUB_STEP_SUMMARY").contains("deploy/k8s/prod/orders"));
    let (ran, changed) = check(&place, &[("fail-on-difference", "false")]);
    assert_eq!((ran.code, changed), (0, true));
    place.run("all -o deploy -q").told(0);
    let (ran, changed) = check(&place, &[]);
    assert_eq!((ran.code, changed), (0, false), "{ran:?}");
    let (ran, _) = check(&place, &[("profiles", "apps/orders apps"), ("args", "--env prod --target k8s")]);
    assert_eq!(ran.code, 0, "{ran:?}");
    place.write("apps/orders/profile.toml", "name = 1\n");
    for fails in ["true", "false"] {
        let (ran, changed) = check(&place, &[("fail-on-difference", fails)]);
        assert_eq!((ran.code, changed), (2, false), "{ran:?}");
        assert!(ran.stdout.contains("::error ") && ran.stdout.contains("file=apps/orders/profile.toml"), "{ran:?}");
    }
}

#[test]
fn the_action_tells_what_a_branch_changes_and_lets_it_pass() {
    let place = repository(&[]);
    fs::remove_dir(place.path().join(".git")).unwrap();
    place.run("all -o deploy -q").told(0);
    let identity = "git -c user.name=a -c user.email=a@example.com -c commit.gpgsign=false";
    let home = [("HOME", place.path().join("home").display().to_string())];
    let ran = bash(&place, &format!("git init -q -b main; git add apps deploy; {identity} commit -q -m first"), &home);
    assert_eq!(ran.code, 0, "{ran:?}");
    let changes = steps(&action()).into_iter().find(|step| step["id"] == "diff").unwrap();
    let run = |base: &str| step(&place, &changes, &[("base", base), ("args", "--env prod --target k8s")]);
    assert_eq!(run("main").code, 0);
    place.write("apps/orders/profile.toml", &super::examples::ORDERS.replace("workers = 4", "workers = 6"));
    let ran = run("main");
    assert_eq!(ran.code, 0, "{ran:?}");
    let summary = place.read("github/GITHUB_STEP_SUMMARY");
    assert!(summary.contains("orders") && summary.contains("replicas") && summary.contains('6'), "{summary}");
    let ran = run("nowhere");
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn the_action_builds_the_version_that_is_asked_for_once() {
    let place = repository(&[("cargo", r#"echo "cargo $*" >>calls"#)]);
    let all = steps(&action());
    let scripts = all.iter().filter(|step| step["run"].is_string() && step["id"].is_null());
    let codes: Vec<i32> = scripts.map(|one| step(&place, one, &[]).code).collect();
    assert_eq!(codes, [0, 0]);
    let (home, own) = (place.path().join("home/.render"), place.path().join("github/GITHUB_ACTION_PATH"));
    let built = format!("cargo install --locked --path {} --root {}\n", own.display(), home.display());
    assert_eq!(place.read("calls"), built);
    assert_eq!(place.read("github/GITHUB_PATH"), format!("{}\n", home.join("bin").display()));
}

#[test]
fn no_script_has_the_words_of_a_caller_in_it() {
    let release = yaml(&example("github/release.yml"));
    let all = [steps(&action()), release["jobs"]["staging"]["steps"].as_array().unwrap().clone()].concat();
    let scripts: Vec<&str> = all.iter().filter_map(|step| step["run"].as_str()).collect();
    assert!(scripts.len() >= 5 && scripts.iter().all(|script| !script.contains("${{")), "{scripts:#?}");
}

#[test]
fn the_workflow_gives_the_action_inputs_that_it_has() {
    let workflow = yaml(&example("github/check.yml"));
    let steps = workflow["jobs"]["check"]["steps"].as_array().unwrap();
    let own = steps.iter().find(|step| step["uses"].as_str().unwrap().starts_with("example/render@")).unwrap();
    let action = action();
    for (name, _) in own["with"].as_object().unwrap() {
        assert!(action["inputs"].get(name).is_some(), "{name}");
    }
}

#[test]
fn the_job_of_gitlab_ends_as_the_comparison_does_and_leaves_its_reports() {
    let job = &yaml(&example("gitlab/gitlab-ci.yml"))["manifests"];
    let script: Vec<&str> = job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let place = repository(&[]);
    let run = |code: i32| {
        let ran = bash(&place, &script.join("\n"), &[]);
        assert_eq!(ran.code, code, "{ran:?}");
        let report = |name: &str| place.read(job["artifacts"]["reports"][name].as_str().unwrap());
        let junit = report("junit");
        assert!(junit.starts_with("<?xml") && junit.contains("<testsuite"), "{junit}");
        let quality: Value = serde_json::from_str(&report("codequality")).unwrap();
        quality.as_array().unwrap().len()
    };
    assert!(run(1) > 0);
    place.run("all -o deploy -q").told(0);
    assert_eq!(run(0), 0);
    place.write("apps/orders/profile.toml", "name = 1\n");
    assert!(run(2) > 0);
}
