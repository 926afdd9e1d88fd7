//! `render argocd`: run as Argo CD runs a plugin, in the folder of an Application, with its words in the environment.

use std::fs;

use serde_json::{Value, json};

use crate::cli::{PROFILE, Place, Ran};

/// Runs what the plugin runs: nothing of our own environment, only what Argo CD sets.
fn run(place: &Place, line: &str, variables: &[(&str, &str)]) -> Ran {
    let mut command = place.command(line);
    command.env_clear();
    for (name, value) in [("ARGOCD_APP_NAME", "orders"), ("ARGOCD_APP_NAMESPACE", "shop"), ("KUBE_VERSION", "1.33.0")] {
        command.env(name, value);
    }
    command.envs(variables.iter().copied());
    Ran::from(command.output().unwrap())
}

fn with(place: &Place, parameters: &Value) -> Ran {
    run(place, "argocd", &[("ARGOCD_APP_PARAMETERS", &parameters.to_string())])
}

const STAGING: &str = r#"[{"name":"env","string":"staging"}]"#;

#[test]
fn an_application_gets_the_objects_of_its_environment() {
    let place = Place::new();
    let expected = place.run("k8s --env staging").silently();
    for variables in [[("ARGOCD_APP_PARAMETERS", STAGING)], [("ARGOCD_ENV_RENDER_ENV", "staging")]] {
        assert_eq!(run(&place, "argocd", &variables).silently(), expected);
    }
    // Without environments there is nothing to ask for.
    place.write("profile.toml", PROFILE.split("[environments").next().unwrap());
    let expected = place.run("k8s").silently();
    for parameters in ["null", "[]", "", r#"[{"name":"env","string":""}]"#] {
        assert_eq!(run(&place, "argocd", &[("ARGOCD_APP_PARAMETERS", parameters)]).silently(), expected);
    }
}

#[test]
fn images_and_keys_are_those_of_the_application() {
    let place = Place::new();
    let parameters = json!([
        {"name": "env", "string": "staging"},
        {"name": "images", "map": {"orders": "ghcr.io/acme/orders:1.5.0"}},
        {"name": "set", "array": ["workers=7"]},
    ]);
    let text = with(&place, &parameters).silently();
    assert!(text.contains("image: ghcr.io/acme/orders:1.5.0\n") && text.contains("replicas: 7\n"), "{text}");
}

#[test]
fn nothing_doubtful_ends_well_or_prints_an_object() {
    let place = Place::new();
    let cases = [
        (json!([]), "which environment?", "the profile has staging"),
        (json!([{"name": "env", "string": "prod"}]), "has no environment `prod`", "staging"),
        (json!([{"name": "env", "array": ["staging"]}]), "takes `string:`, and has `array:`", ""),
        (json!([{"name": "envs", "string": "staging"}]), "`envs` is unknown", "did you mean `env`?"),
        (
            json!([{"name": "env", "string": "staging"}, {"name": "images", "map": {"ordrs": "a/b:1"}}]),
            "no image of `ordrs`",
            "did you mean `orders`?",
        ),
        (
            json!([{"name": "env", "string": "staging"}, {"name": "images", "map": {"orders": "a/b:latest"}}]),
            "floating-tag",
            "",
        ),
        (json!([{"name": "env", "string": "staging"}, {"name": "set", "array": ["workrs=7"]}]), "unknown-key", ""),
        (
            json!([{"name": "env", "string": "staging"}, {"name": "target", "string": "compose"}]),
            "renders no objects",
            "k8s, cloudrun",
        ),
        (json!([{"name": "profile", "string": "../profile.toml"}]), "leaves the Application's folder", ""),
        (json!([{"name": "profile", "string": "other.toml"}]), "there is no other.toml", "is the folder of a profile"),
        (json!({"name": "env"}), "is no list of parameters", ""),
    ];
    for (parameters, why, help) in cases {
        let told = with(&place, &parameters).told(2);
        assert!(told.contains(why) && told.contains(help), "{told}");
        assert!(told.lines().count() <= 20, "{told}");
    }
    let both = [("ARGOCD_APP_PARAMETERS", STAGING), ("ARGOCD_ENV_RENDER_ENV", "prod")];
    assert!(run(&place, "argocd", &both).told(2).contains("`env` is said twice"));
    fs::remove_file(place.path().join("profile.toml")).unwrap();
    assert!(run(&place, "argocd", &[]).told(2).contains("there is no profile.toml"));
}

#[test]
fn of_many_errors_the_first_are_told_and_the_rest_counted() {
    let place = Place::empty();
    let many: String = (0..60).map(|at| format!("wrong{at} = 1\n")).collect();
    place.write("profile.toml", &format!("name = \"orders\"\nimage = \"a/b:1\"\n{many}"));
    let told = run(&place, "argocd", &[]).told(2);
    assert_eq!(told.lines().count(), 20, "{told}");
    assert!(told.starts_with("error[unknown-key]: "), "{told}");
    assert!(told.lines().last().unwrap().contains("more lines: run `render k8s`"), "{told}");
    assert!(!told.contains('\u{1b}'));
}

#[test]
fn its_pages_are_told_the_parameters_of_the_profile() {
    let place = Place::new();
    let text = run(&place, "argocd --announce", &[]).silently();
    let announced: Vec<Value> = serde_json::from_str(&text).unwrap();
    let names: Vec<&str> = announced.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["env", "images", "set"]);
    assert_eq!((&announced[0]["required"], &announced[0]["tooltip"]), (&json!(true), &json!("one of staging")));
    assert!(announced[1]["tooltip"].as_str().unwrap().ends_with("of orders"));
    // What Argo CD would send back, untouched, is understood.
    let mut back = announced.clone();
    back[0]["string"] = "staging".into();
    assert_eq!(with(&place, &Value::Array(back)).silently(), place.run("k8s --env staging").silently());
}

#[test]
fn no_other_command_looks_at_the_environment() {
    let place = Place::new();
    let expected = place.run("k8s").silently();
    let variables =
        [("ARGOCD_ENV_RENDER_ENV", "staging"), ("RENDER_ENV", "staging"), ("ARGOCD_APP_PARAMETERS", STAGING)];
    assert_eq!(run(&place, "k8s", &variables).silently(), expected);
}
