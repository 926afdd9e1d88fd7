//! The functionConfig of `render fn`: what it takes, and what is said of one that is wrong.

use render::krm::{self, Answer};
use serde_json::{Value, json};

use crate::cli::Place;

fn list(config: &str) -> String {
    let config: String = config.lines().map(|line| format!("  {line}\n")).collect();
    format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n\
         - {{apiVersion: v1, kind: Secret, metadata: {{name: theirs}}}} # theirs\nfunctionConfig:\n{config}"
    )
}

fn profile(spec: &str) -> String {
    let spec: String = spec.lines().map(|line| format!("  {line}\n")).collect();
    list(&format!("apiVersion: render.dev/v1alpha1\nkind: RenderProfile\nmetadata:\n  name: orders\nspec:\n{spec}"))
}

fn value(answer: &Answer) -> Value {
    serde_norway::from_str(answer.list.as_ref().unwrap()).unwrap()
}

/// The results of a run that must fail. The items that came in are there still, and no others.
fn errors(list: &str) -> Vec<Value> {
    let answer = krm::run(list);
    assert!(answer.is_error() && !answer.told.is_empty(), "{list}");
    let value = value(&answer);
    assert_eq!(value["items"], json!([{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "theirs"}}]));
    assert!(answer.list.unwrap().contains("} # theirs\n"));
    value["results"].as_array().unwrap().clone()
}

#[test]
fn a_problem_is_told_at_the_field_that_has_it() {
    let results = errors(&profile("image: \"a/b:1\"\nworkrs: 4\nprobes:\n  liveness: 5\nlabels:\n  acme.io/x: [1]\n"));
    let at = |path: &str| {
        let found = results.iter().find(|one| one["field"]["path"] == path);
        found.unwrap_or_else(|| panic!("{path}: {results:#?}")).clone()
    };
    let unknown = at("spec.workrs");
    assert_eq!(unknown["severity"], "error");
    assert_eq!(unknown["tags"]["code"], "unknown-key");
    assert_eq!(
        unknown["resourceRef"],
        json!({"apiVersion": "render.dev/v1alpha1", "kind": "RenderProfile", "name": "orders"})
    );
    assert_eq!(at("spec.probes.liveness")["field"]["currentValue"], 5);
    at("spec.labels[acme.io/x]");
    assert_eq!(results.len(), 3, "{results:#?}");
}

#[test]
fn a_warning_is_a_result_of_a_run_that_goes_well() {
    let answer = krm::run(&profile("image: a/b:1\nport: 8000\n"));
    assert!(!answer.is_error(), "{:?}", answer.told);
    let value = value(&answer);
    assert!(value["items"].as_array().unwrap().len() > 3);
    let results = value["results"].as_array().unwrap();
    assert!(results.iter().all(|one| one["severity"] != "error") && !results.is_empty(), "{results:#?}");
    assert_eq!(results.len(), answer.told.len());
}

#[test]
fn a_config_map_has_the_file_itself() {
    let config = |data: &str| {
        list(&format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: function-input\ndata:\n{data}"))
    };
    let toml = "  profile.toml: |\n    extends = \"base.toml\"\n    name = \"orders\"\n    [environments.prod]\n    workers = 3\n  base.toml: |\n    image = \"a/b:1\"\n    port = 80\n";
    let answer = krm::run(&config(&format!("{toml}  env: prod\n  paths: \"false\"\n")));
    assert!(!answer.is_error(), "{:?}", answer.told);
    let value = value(&answer);
    let deployment =
        value["items"].as_array().unwrap().iter().find(|item| item["kind"] == "Deployment").unwrap().clone();
    assert_eq!(deployment["spec"]["replicas"], 3);
    // Nobody gave the object a name, so it is the app's; and nobody is told a file.
    assert_eq!(deployment["metadata"]["annotations"], json!({"render.dev/profile": "orders"}));
    let results =
        errors(&config("  profile.toml: |\n    name = \"orders\"\n    workers = \"x\"\n    image = \"a/b:1\"\n"));
    assert_eq!(results[0]["field"]["path"], "data[profile.toml]");
    assert!(results[0]["message"].as_str().unwrap().contains("(profile.toml:2)"), "{results:#?}");
    assert_eq!(errors(&config("  env: prod\n"))[0]["field"]["path"], "data[profile.toml]");
    assert!(
        errors(&config(&format!("{toml}  enw: prod\n")))[0]["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `env`?")
    );
}

#[test]
fn what_is_no_profile_is_told() {
    let wrong = [
        (list("apiVersion: v1\nkind: Pod\n"), "kind", "`RenderProfile` of `render.dev/v1alpha1`"),
        (list("apiVersion: render.dev/v1\nkind: RenderProfile\n"), "kind", "no `RenderProfile` of `render.dev/v1`"),
        (list("apiVersion: render.dev/v1alpha1\nkind: RenderProfile\nspecs: {}\n"), "specs", "did you mean `spec`?"),
        (
            list("apiVersion: render.dev/v1alpha1\nkind: RenderProfile\noptions: {target: compose}\nspec: {}\n"),
            "options.target",
            "there is k8s, cloudrun",
        ),
        (
            list("apiVersion: render.dev/v1alpha1\nkind: RenderProfile\noptions: {paths: 1}\nspec: {}\n"),
            "options.paths",
            "`true` or `false`",
        ),
        (
            profile("image: a/b:1\n").split("functionConfig").next().unwrap().to_owned(),
            "functionConfig",
            "there is no functionConfig",
        ),
    ];
    for (list, path, why) in wrong {
        let results = errors(&list);
        let found = results.iter().find(|one| one["field"]["path"] == path);
        let message = found.unwrap_or_else(|| panic!("{path}: {results:#?}"))["message"].as_str().unwrap().to_owned();
        assert!(message.contains(why), "{message}");
    }
    let unknown = profile("image: a/b:1\n").replace("spec:\n", "options: {env: prd}\n  spec:\n")
        + "    environments: {prod: {workers: 2}}\n";
    assert!(errors(&unknown)[0]["message"].as_str().unwrap().contains("has no environment `prd`"));
    let outside = profile("image: a/b:1\nextends: ../base.toml\n");
    assert!(errors(&outside)[0]["message"].as_str().unwrap().contains("reads no files"), "{:#?}", errors(&outside));
}

#[test]
fn the_words_of_kubernetes_mean_what_they_mean_there() {
    // To Kubernetes, words other than true and false are texts, and 0440 is octal.
    let list = profile("image: a/b:1\nport: 8000\nenv:\n  A: \"yes\"\n  B: no\n  C: 0o17\n  D: \"1.5\"\n");
    let answer = krm::run(&list);
    assert!(!answer.is_error(), "{:?}", answer.told);
    let value = value(&answer);
    let all = value["items"].as_array().unwrap();
    let deployment = all.iter().find(|item| item["kind"] == "Deployment").unwrap();
    let env = deployment["spec"]["template"]["spec"]["containers"][0]["env"].as_array().unwrap().clone();
    for (name, value) in [("A", "yes"), ("B", "no"), ("C", "15"), ("D", "1.5")] {
        assert!(env.contains(&json!({"name": name, "value": value})), "{name}: {env:#?}");
    }
}

#[test]
fn what_is_no_list_ends_the_run_with_words_and_nothing_else() {
    for (input, why) in [
        ("", "standard input is empty"),
        ("a: [", "not YAML"),
        ("apiVersion: v1\nkind: List\nitems: []\n", "no ResourceList"),
        ("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: {}\n", "is no list"),
        ("name = \"orders\"\n", "no ResourceList"),
    ] {
        let told = Place::empty().run_with_input("fn", input).told(2);
        assert!(told.contains("error") && told.contains(why), "{told}");
    }
    let ran = Place::empty().run_with_input("fn", &profile("image: a/b:latest\n"));
    assert!(ran.code == 2 && ran.stderr.contains("floating-tag") && ran.stdout.contains("severity: error"), "{ran:?}");
    assert!(Place::empty().run("fn x").told(2).contains("unexpected argument"));
}
