//! `render diff`: from a tree, a commit, and any manifests.

use serde_json::Value;

use super::{
    git::{committed, git},
    *,
};

const PROFILE: &str = "apps/orders/profile.toml";

pub fn edit(place: &Place, file: &str, from: &str, to: &str) {
    let text = place.read(file);
    assert!(text.contains(from), "{text}");
    place.write(file, &text.replace(from, to));
}

/// The objects of a report, each `TYPE impact Kind name: path, …`.
pub fn objects(place: &Place, line: &str) -> Vec<String> {
    let ran = place.run(&format!("diff -q --format json {line}"));
    assert!(ran.code < 2, "{line}: {}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stdout));
    let all = report["objects"].as_array().unwrap();
    assert_eq!(ran.code == 1, !all.is_empty());
    let object = |object: &Value| {
        let text = |key: &str| object[key].as_str().unwrap_or_default();
        let paths = object["changes"].as_array().unwrap().iter().map(|change| change["path"].as_str().unwrap());
        let paths: Vec<&str> = paths.filter(|path| !path.is_empty()).collect();
        let name = format!("{} {}", text("kind"), text("name"));
        let said = format!("{} {} {}: {}", text("changeType"), text("impact"), name.trim(), paths.join(", "));
        said.trim_end_matches([':', ' ']).to_owned()
    };
    all.iter().map(object).collect()
}

const STAGING: [&str; 2] = [
    "MODIFY rollout deploy/compose/orders/docker-compose.staging.yml: ",
    "MODIFY in-place Deployment orders: /spec/replicas",
];

#[test]
fn what_is_as_rendered_differs_in_nothing() {
    let place = delivered();
    let told = place.run("diff -o deploy").told(0);
    assert!(told.contains("against deploy: 2 profiles, ") && told.ends_with(", none differs\n"), "{told}");
    place.run("diff -o deploy -q").silently();
}

#[test]
fn a_field_is_told_with_what_it_does_and_the_line_that_makes_it_so() {
    let place = delivered();
    edit(&place, PROFILE, "workers = 2", "workers = 3");
    let ran = place.run("diff -o deploy --target k8s");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let expected = "apps/orders/profile.toml (staging, k8s)\n  \
                    ~ Deployment orders: in-place\n      \
                    spec.replicas: 2 → 3  (apps/orders/profile.toml:18)\n";
    assert!(ran.stdout.starts_with(expected), "{}", ran.stdout);
    assert!(ran.stderr.contains("against deploy: 2 profiles, "), "{}", ran.stderr);
    let json = place.run("diff -o deploy --target k8s -q --format json").stdout;
    let report: Value = serde_json::from_str(&json).unwrap();
    let change = &report["objects"][0]["changes"][0];
    assert_eq!(change["source"]["key"], "workers", "{change}");
    assert!(change["reason"].as_str().unwrap().starts_with("workers-vs-replicas: "), "{change}");
    assert_eq!(report["base"], serde_json::json!({"kind": "folder", "ref": "deploy"}));
}

#[test]
fn an_image_restarts_pods_and_containers() {
    let place = delivered();
    edit(&place, PROFILE, "orders:1.4.2", "orders:1.4.3");
    let all = objects(&place, "-o deploy --target k8s --env staging");
    let deployment = all.iter().find(|one| one.contains(" Deployment ")).unwrap();
    assert!(
        deployment.starts_with("MODIFY rollout Deployment orders: /metadata/labels/app.kubernetes.io~1version"),
        "{deployment}"
    );
    assert!(deployment.contains("/spec/template/spec/containers/name=orders/image"), "{deployment}");
    assert!(all.iter().any(|one| one.starts_with("MODIFY metadata Service orders: ")), "{all:#?}");
    let compose = objects(&place, "-o deploy --target compose");
    assert_eq!(compose[0], "MODIFY rollout deploy/compose/orders/docker-compose.yml: /services/orders/image");
}

#[test]
fn a_change_for_one_environment_is_told_of_that_alone() {
    let place = delivered();
    edit(&place, PROFILE, "workers = 2", "workers = 3");
    let all = objects(&place, "-o deploy");
    assert!(all.iter().all(|one| STAGING.iter().any(|known| one.starts_with(known))), "{all:#?}");
    assert_eq!(objects(&place, "-o deploy --env production"), [""; 0]);
    assert_eq!(objects(&place, "-o deploy apps/billing"), [""; 0]);
    assert_eq!(objects(&place, "-o deploy -l team=money"), [""; 0]);
}

#[test]
fn an_edit_by_hand_is_told_from_the_file_to_what_is_rendered() {
    let place = delivered();
    edit(&place, "deploy/k8s/staging/orders/deployment.yaml", "replicas: 2", "replicas: 7");
    let ran = place.run("diff -o deploy -q");
    assert!(ran.stdout.contains("spec.replicas: 7 → 2"), "{}", ran.stdout);
    // What only looks different is none.
    let text = place.read("deploy/k8s/staging/orders/deployment.yaml");
    place.write("deploy/k8s/staging/orders/deployment.yaml", &text.replace("replicas: 7", "replicas:   2 # two"));
    assert_eq!(objects(&place, "-o deploy"), [""; 0]);
}

#[test]
fn what_is_rendered_no_more_is_removed_and_what_others_render_is_theirs() {
    let place = delivered();
    edit(&place, PROFILE, "[environments.staging]\nworkers = 2\n\n", "");
    let all = objects(&place, "-o deploy apps/orders");
    assert!(all.contains(&"REMOVE delete Deployment orders".to_owned()), "{all:#?}");
    assert!(all.contains(&"REMOVE rollout deploy/compose/orders/docker-compose.staging.yml".to_owned()), "{all:#?}");
    assert!(!all.iter().any(|one| one.contains("billing")), "{all:#?}");
    let place = delivered();
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    let all = objects(&place, "-o deploy");
    assert!(all.len() > 4 && all.iter().all(|one| one.starts_with("REMOVE delete ")), "{all:#?}");
    assert_eq!(objects(&place, "-o deploy apps/orders"), [""; 0]);
    // Nobody knows what is rendered of it.
    place.write(PROFILE, "name = 1\n");
    let ran = place.run("diff -o deploy");
    assert!(ran.code == 2 && !ran.stdout.contains("orders"), "{}", ran.stdout);
}

#[test]
fn a_commit_is_compared_with_whatever_lies_in_the_tree_now() {
    let place = committed();
    edit(&place, PROFILE, "workers = 2", "workers = 3");
    let changed = objects(&place, "-o deploy --git first");
    assert!(changed.contains(&STAGING[1].to_owned()), "{changed:#?}");
    place.run("all -o deploy -q").told(0);
    assert_eq!(objects(&place, "-o deploy"), [""; 0]);
    assert_eq!(objects(&place, "-o deploy --git first"), changed);
    git(&place, ".", "add -A");
    git(&place, ".", "commit -q -m second");
    assert_eq!(objects(&place, "-o deploy --git HEAD"), [""; 0]);
    assert_eq!(objects(&place, "-o deploy --git HEAD~1"), changed);
    let json = place.run("diff -o deploy -q --git first --format json").stdout;
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&report["base"]["kind"], &report["base"]["ref"]), (&"git".into(), &"first".into()));
    assert_eq!(report["base"]["commit"].as_str().unwrap().len(), 40);
    // From a folder below, too.
    let ran = place.run_in("apps", "diff orders -o ../deploy --git first -q");
    assert!(ran.code == 1 && ran.stdout.contains("spec.replicas: 2 → 3"), "{}", ran.stderr);
}

#[test]
fn what_a_commit_has_and_nobody_renders_is_removed() {
    let place = committed();
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    fs::remove_dir_all(place.path().join("deploy")).unwrap();
    for more in ["", " --rerender"] {
        let all = objects(&place, &format!("-o deploy --git first{more}"));
        assert!(all.len() > 4 && all.iter().all(|one| one.starts_with("REMOVE delete ")), "{more}: {all:#?}");
        assert_eq!(objects(&place, &format!("apps/orders -o deploy --git first{more}")), [""; 0], "{more}");
    }
    git(&place, ".", "checkout -q .");
    edit(&place, PROFILE, "name = \"orders\"", "name = \"shop\"");
    let all = objects(&place, "-o deploy --git first --target k8s --env production");
    assert!(all.iter().any(|one| one.starts_with("MODIFY recreate Deployment shop: /metadata/name")), "{all:#?}");
    assert!(all.iter().all(|one| one.starts_with("MODIFY ")), "{all:#?}");
}

/// What is committed was rendered by another program.
#[test]
fn what_a_program_changes_is_told_apart_from_what_profiles_change() {
    let place = committed();
    edit(&place, "deploy/k8s/staging/orders/deployment.yaml", "replicas: 2", "replicas: 9");
    git(&place, ".", "commit -q -a -m other");
    assert_eq!(objects(&place, "-o deploy --git HEAD"), ["MODIFY in-place Deployment orders: /spec/replicas"]);
    assert_eq!(objects(&place, "--git HEAD --rerender"), [""; 0]);
    // What a profile extends and mounts is read as that commit has it.
    place.write("shared/base.toml", "annotations = { owner = \"others\" }\n");
    place.write("apps/orders/conf/app.ini", "x = 2\n");
    place.write("apps/orders/extra/two.yaml", &super::git::object("two"));
    let all = objects(&place, "--git HEAD --rerender --target k8s --env staging");
    for expected in ["ADD create Middleware two", "MODIFY in-place ConfigMap ", "MODIFY rollout Deployment orders: "] {
        assert!(all.iter().any(|one| one.starts_with(expected)), "{expected}: {all:#?}");
    }
    assert!(all.iter().any(|one| one.contains("/metadata/annotations/owner")), "{all:#?}");
    assert_eq!(place.run("diff --rerender").code, 2);
}

#[test]
fn a_history_that_is_not_there_is_never_nothing_differs() {
    let place = committed();
    let told = place.run("diff -o deploy --git nothing").told(2);
    assert!(told.contains("git knows no `nothing`"), "{told}");
    assert_eq!(place.run("diff -o deploy --git=--output=x").code, 2);
    edit(&place, PROFILE, "workers = 2", "workers = 3");
    git(&place, ".", "commit -q -a -m second");
    let url = format!("file://{}", place.path().display());
    git(&place, ".", &format!("clone -q --depth 1 --branch main {url} shallow"));
    for line in ["diff -o deploy --git first", "diff --git first --rerender"] {
        let told = place.run_in("shallow", line).told(2);
        assert!(told.contains("fetch-depth: 0"), "{told}");
    }
    let outside = repository();
    fs::remove_dir(outside.path().join(".git")).unwrap();
    assert!(outside.run("diff -o deploy --git main").told(2).contains("git says: "));
}

#[test]
fn a_tree_that_is_not_there_is_asked_for() {
    let place = repository();
    assert!(place.run("diff").told(2).contains("where does the tree lie?"));
    assert!(place.run("diff -o deploy").told(2).contains("`render all -o deploy` writes it"));
    assert!(place.run("diff --against nowhere").told(2).contains("there is no `nowhere`"));
    let place = committed();
    assert!(place.run("diff -o other --git first").told(2).contains("neither here nor in `first`"));
    assert_eq!(place.run("diff -o deploy --git first --against deploy").code, 2);
}

#[test]
fn any_manifests_are_compared_with_one_environment() {
    let place = repository();
    let rendered = place.run("k8s apps/orders --env staging -q").stdout;
    let against =
        |line: &str, input: &str| place.run_with_input(&format!("diff apps/orders --against - -q {line}"), input);
    assert_eq!(
        (against("--env staging", &rendered).code, against("--env staging", &rendered).stdout.as_str()),
        (0, "")
    );
    let other = rendered.replace("replicas: 2", "replicas: 5").replace("memory: 256Mi", "memory: 268435456");
    let ran = against("--env staging", &other);
    assert!(
        ran.code == 1 && ran.stdout.contains("spec.replicas: 5 → 2") && !ran.stdout.contains("memory"),
        "{}",
        ran.stdout
    );
    let twice = against("", &rendered);
    assert_eq!((twice.code, twice.stdout.as_str()), (2, ""));
    assert!(twice.stderr.contains("is rendered more than once") && twice.stderr.contains("--env"), "{}", twice.stderr);
    let more =
        format!("{rendered}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{a: aHVudGVyMg==}}\n");
    let ran = against("--env staging", &more);
    assert!(ran.stdout.contains("- Secret s: ") && !ran.stdout.contains("aHVudGVyMg"), "{}", ran.stdout);
    let json = against("--env staging --format json", &more).stdout;
    assert!(json.contains("\"***\"") && !json.contains("aHVudGVyMg"), "{json}");
    let ran = against("--env staging", "a: {{ .Values.a }}\n");
    assert!(ran.code == 2 && ran.stderr.contains("helm template"), "{}", ran.stderr);
    assert!(against("--env staging", "").stderr.contains("nothing to compare with"));
}

#[test]
fn what_is_no_manifest_is_not_compared() {
    let place = repository();
    for input in ["hello\n", "[]\n", "{}\n", "- a\n", "a: 1\n"] {
        let ran = place.run_with_input("diff apps/billing --target k8s --against -", input);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{input}: {}", ran.stderr);
        assert!(ran.stderr.contains("neither an object of a cluster"), "{input}: {}", ran.stderr);
    }
}

#[test]
fn a_compose_file_from_anywhere_is_compared_as_the_file() {
    let place = delivered();
    let file = place.read("deploy/compose/orders/docker-compose.yml").replace("orders:1.4.2", "orders:1.4.1");
    let expected = "MODIFY rollout docker-compose.yml: /services/orders/image";
    let input = place.run_with_input("diff apps/orders --target compose --against - -q --format json", &file);
    assert!(input.code == 1 && input.stdout.contains("\"/services/orders/image\""), "{}", input.stderr);
    assert_eq!(input.stdout.matches("\"changeType\"").count(), 1, "{}", input.stdout);
    place.write("old/compose.yaml", &file);
    assert_eq!(objects(&place, "apps/orders -o deploy --target compose --against old/compose.yaml"), [expected]);
    // The folder of the app in a tree is none.
    assert_eq!(objects(&place, "apps/orders --target compose --against deploy/compose/orders"), [""; 0]);
    assert_eq!(objects(&place, "apps/orders --env staging --target k8s --against deploy/k8s/staging/orders"), [""; 0]);
    place.write("deploy/compose/orders/docker-compose.yml", &file);
    assert_eq!(objects(&place, "apps/orders -o deploy --target compose --against deploy/compose/orders"), [expected]);
}

#[test]
fn another_tree_is_compared_folder_by_folder() {
    let place = delivered();
    fs::rename(place.path().join("deploy"), place.path().join("before")).unwrap();
    assert_eq!(objects(&place, "--against before"), [""; 0]);
    edit(&place, PROFILE, "workers = 2", "workers = 3");
    let all = objects(&place, "--against before --target k8s");
    assert!(all.contains(&STAGING[1].to_owned()), "{all:#?}");
}

#[test]
fn a_compose_file_of_somebody_is_compared_by_what_compose_reads() {
    let place = repository();
    place.write(
        "old/compose/docker-compose.yml",
        "services:\n  orders:\n    image: a:1\n    environment: [API_TOKEN=hunter2]\n",
    );
    let ran = place.run("diff apps/orders --target compose --against old -q");
    assert!(ran.code == 1 && ran.stdout.contains("services.orders.image: a:1 → "), "{} {}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("services.orders.environment.API_TOKEN: *** is gone"), "{}", ran.stdout);
}

#[test]
fn what_a_repository_does_not_want_to_hear_no_format_tells() {
    let place = delivered();
    edit(&place, PROFILE, "workers = 2", "workers = 3");
    place.write(
        "render.toml",
        "output = \"deploy\"\n[diff]\nignore = [{ kind = \"Deployment\", path = \"/spec/replicas\" }]\n",
    );
    let all = objects(&place, "--target k8s");
    assert!(!all.contains(&STAGING[1].to_owned()), "{all:#?}");
    assert!(objects(&place, "--target k8s --show-ignored").contains(&STAGING[1].to_owned()));
    place.write("render.toml", "output = \"deploy\"\n[diff]\nignore = [\"/services\", \"/spec\"]\n");
    for format in ["text", "json", "markdown", "github", "sarif", "junit", "gitlab", "rdjsonl"] {
        let ran = place.run(&format!("diff -q --format {format}"));
        assert!(ran.code == 0 && !ran.stdout.contains("replicas"), "{format}: {}", ran.stdout);
    }
    for (wrong, expected) in [("[\"spec\"]", "`spec` is no path"), ("[{ kind = \"A\" }]", "ignore"), ("[1]", "ignore")]
    {
        place.write("render.toml", &format!("[diff]\nignore = {wrong}\n"));
        let told = place.run("diff -o deploy").told(2);
        assert!(told.contains("render.toml") && told.contains(expected), "{told}");
    }
}

#[test]
fn a_kind_that_is_misspelt_in_what_is_ignored_is_told() {
    let place = delivered();
    let ran = |kind: &str| {
        place.write("render.toml", &format!("[diff]\nignore = [{{ kind = \"{kind}\", path = \"/spec/replicas\" }}]\n"));
        place.run("diff -o deploy").told(0)
    };
    for kind in ["Deplyment", "deployment"] {
        let told = ran(kind);
        assert!(told.contains(&format!("`{kind}`")) && told.contains("did you mean `Deployment`?"), "{told}");
    }
    for kind in ["Deployment", "Certificate"] {
        assert!(!ran(kind).contains("did you mean"), "{kind}");
    }
}

#[test]
fn of_what_could_not_be_compared_nobody_says_that_it_does_not_differ() {
    let place = delivered();
    place.write(PROFILE, "name = 1\n");
    let told = place.run("diff -o deploy apps/orders").told(2);
    assert!(!told.contains("none differs") && told.contains("1 profile with errors"), "{told}");
    // Of the other one it is known.
    assert!(place.run("diff -o deploy").told(2).contains("none differs"));
}

#[test]
fn colours_are_for_terminals() {
    let place = delivered();
    edit(&place, PROFILE, "workers = 2", "workers = 3");
    assert!(!place.run("diff -o deploy").stdout.contains('\u{1b}'));
    assert!(place.run("diff -o deploy --color always").stdout.contains('\u{1b}'));
}
