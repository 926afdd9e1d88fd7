//! Which profiles of many.

use super::*;

/// The names of the apps that `render list` lists.
pub(super) fn apps(place: &Place, arguments: &str) -> Vec<String> {
    let ran = place.run(&format!("list -q {arguments}"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut names: Vec<String> =
        ran.stdout.lines().map(|line| line.split_whitespace().nth(1).unwrap().to_owned()).collect();
    names.dedup();
    names
}

/// Six apps in two teams.
fn teams() -> Place {
    let place = repository();
    for (folder, name, label) in
        [("teams/a/one", "one", "a"), ("teams/a/two", "two", "a"), ("teams/b/three", "three", "b")]
    {
        let text = BILLING.replace("\"billing\"", &format!("\"{name}\"")).replace("\"money\"", &format!("\"{label}\""));
        place.write(&format!("{folder}/profile.toml"), &text);
    }
    place.write("teams/b/four.toml", &BILLING.replace("\"billing\"", "\"four\""));
    place
}

#[test]
fn every_profile_below_a_folder() {
    let place = teams();
    assert_eq!(apps(&place, ""), ["billing", "orders", "one", "two", "three"]);
    assert_eq!(apps(&place, "."), ["billing", "orders", "one", "two", "three"]);
    assert_eq!(apps(&place, "teams/a"), ["one", "two"]);
    assert_eq!(apps(&place, "teams/a/ apps/orders/profile.toml teams/a/one"), ["orders", "one", "two"]);
    assert_eq!(apps(&place, "teams/b/four.toml"), ["four"], "a file may have any name if it is named");
}

#[test]
fn folders_of_other_tools_and_links_are_not_looked_into() {
    let place = teams();
    for folder in [".hidden", "node_modules/x", "apps/.venv"] {
        place.write(&format!("{folder}/profile.toml"), "none of ours\n");
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.path().join("teams"), place.path().join("again")).unwrap();
    assert_eq!(apps(&place, ""), ["billing", "orders", "one", "two", "three"]);
}

#[cfg(unix)]
#[test]
fn a_profile_is_taken_once_whatever_links_lead_to_it() {
    use std::os::unix::fs::symlink;
    let place = teams();
    fs::create_dir(place.path().join("apps/again")).unwrap();
    symlink("../orders/profile.toml", place.path().join("apps/again/profile.toml")).unwrap();
    assert_eq!(apps(&place, ""), ["orders", "billing", "one", "two", "three"]);
    symlink("teams", place.path().join("a")).unwrap();
    assert_eq!(apps(&place, "a teams"), ["one", "two", "three"]);
    assert_eq!(apps(&place, "a/a teams/../teams/a/one/profile.toml teams/b/../a"), ["one", "two"]);
}

#[test]
fn patterns() {
    let place = teams();
    assert_eq!(apps(&place, "teams/*"), ["one", "two", "three"]);
    assert_eq!(apps(&place, "teams/?/t*"), ["two", "three"]);
    assert_eq!(apps(&place, "**/o*"), ["orders", "one"]);
    assert_eq!(apps(&place, "teams/b/*.toml"), ["four"]);
    assert_eq!(apps(&place, "**/three/profile.toml"), ["three"]);
    assert_eq!(apps(&place, "./teams/a/*"), ["one", "two"]);
    let here = place.path().canonicalize().unwrap();
    assert_eq!(apps(&place, &format!("{}/teams/b/*", here.display())), ["three"]);
}

#[test]
fn labels() {
    let place = teams();
    assert_eq!(apps(&place, "-l team=a"), ["one", "two"]);
    assert_eq!(apps(&place, "-l team!=a"), ["billing", "orders", "three"]);
    assert_eq!(apps(&place, "-l team,team!=a -l team!=b"), ["billing", "orders"]);
    place.write(
        "teams/a/one/profile.toml",
        &BILLING.replace("labels = { team = \"money\" }", "").replace("billing", "one"),
    );
    assert_eq!(apps(&place, "-l !team"), ["one"]);
    let told = place.run("list -l =x").told(2);
    assert!(told.contains("team!=shop"), "{told}");
}

#[test]
fn shards_are_about_equal_and_together_everything() {
    let place = teams();
    let parts: Vec<Vec<String>> = (1..=2).map(|at| apps(&place, &format!("--shard {at}/2"))).collect();
    assert_eq!(parts, [vec!["billing", "one", "three"], vec!["orders", "two"]]);
    assert_eq!(apps(&place, "--shard 7/8"), Vec::<String>::new(), "more shards than profiles");
    for wrong in ["0/2", "3/2", "1", "a/b", "1/0"] {
        assert_eq!(place.run(&format!("list --shard {wrong}")).code, 2, "{wrong}");
    }
}

#[test]
fn what_is_not_there_is_an_error_and_never_an_empty_success() {
    let place = teams();
    for (arguments, expected) in [
        ("nowhere", "there is no nowhere"),
        ("'apps/*/x'", "there is no profile.toml"),
        ("-l team=c", "none of 5 profiles has these labels"),
        ("--env prdo", "none of 5 profiles has an environment of this name"),
        ("-", "standard input"),
    ] {
        let arguments = arguments.replace('\'', "");
        let ran = place.run(&format!("all -o deploy {arguments}"));
        assert!(ran.code == 2 && ran.stderr.contains(expected), "{arguments}: {}", ran.stderr);
    }
    assert!(!place.path().join("deploy").exists());
    let empty = Place::empty();
    assert!(empty.run("all -o deploy").told(2).contains("there is no profile.toml"));
}

#[test]
fn environments_and_targets() {
    let place = repository();
    place.run("all -o deploy -q --env staging").told(0);
    assert_eq!(place.list("deploy/k8s"), ["staging"]);
    assert_eq!(place.list("deploy/compose/orders"), ["docker-compose.staging.yml", "docker-compose.yml"]);
    place.run("all -o other -q --target k8s --target cloudrun").told(0);
    assert_eq!(place.list("other"), ["cloudrun", "k8s"]);
    assert!(place.run("all -o other --target helm").told(2).contains("helm"));
}
