//! Arguments in; artefact on one stream, people on the other; an exit code.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use super::{PROFILE, Place};

#[test]
fn the_artefact_alone_is_on_standard_output() {
    let place = Place::new();
    let objects = place.run("k8s").silently();
    assert!(objects.starts_with("apiVersion: v1\nkind: ServiceAccount\n") && objects.ends_with('\n'));
    assert_eq!(objects.matches("\n---\n").count(), 4, "five objects");
    place.write("profile.toml", &PROFILE.replace("memory = \"256Mi\"", ""));
    let ran = place.run("k8s");
    assert_eq!((ran.code, &ran.stdout), (0, &objects), "the default, by a warning");
    assert!(ran.stderr.starts_with("warning[default-memory]"), "{}", ran.stderr);
    assert_eq!(place.run("k8s --quiet").silently(), objects);
}

#[test]
fn a_profile_is_found_by_name_by_folder_and_on_standard_input() {
    let place = Place::empty();
    place.write("apps/orders/profile.toml", PROFILE);
    let expected = place.run("k8s apps/orders/profile.toml").silently();
    assert_eq!(place.run("k8s apps/orders").silently(), expected);
    assert_eq!(place.run("k8s ./apps/orders/").silently(), expected);
    assert_eq!(place.run_with_input("k8s -", PROFILE).silently(), expected);
    let other = place.run("k8s apps/orders apps/orders").silently();
    assert_eq!(other, format!("{expected}---\n{expected}"));
}

#[test]
fn who_has_no_profile_is_told_how_to_begin() {
    let place = Place::empty();
    let told = place.run("compose").told(2);
    assert!(told.starts_with("error: there is no profile.toml\nhelp: "), "{told}");
    let written: Vec<_> = told.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let ran = place.run_with_input("compose -q -", &written.join("\n"));
    assert_eq!(ran.code, 0, "the help is no help: {}", ran.stderr);
    assert!(place.run("k8s src").told(2).starts_with("error: there is no src\n"));
    place.write("src/main.py", "");
    assert!(place.run("k8s src").told(2).starts_with("error: there is no src/profile.toml\n"));
}

#[test]
fn problems_name_the_profile_as_it_was_given() {
    let place = Place::empty();
    place.write("apps/orders/profile.toml", "nmae = \"orders\"\n");
    for (line, shown) in [
        ("k8s apps/orders/profile.toml", "--> apps/orders/profile.toml:1:1"),
        ("k8s ./apps/orders/profile.toml", "--> ./apps/orders/profile.toml:1:1"),
        ("k8s apps/orders", "--> apps/orders/profile.toml:1:1"),
    ] {
        let told = place.run(line).told(2);
        assert!(told.contains(shown), "{told}");
    }
    let ran = place.run_with_input("k8s -", "nmae = \"orders\"\n");
    assert!(ran.stderr.contains("--> <stdin>:1:1"), "{}", ran.stderr);
    let absolute = place.path().join("apps/orders/profile.toml");
    let told = place.run(&format!("k8s {}", absolute.display())).told(2);
    assert!(told.contains(&format!("--> {}:1:1", absolute.display())), "{told}");
}

#[test]
fn of_several_profiles_each_problem_names_its_own() {
    let place = Place::empty();
    place.write("a.toml", "name = \"orders\"\n");
    place.write("b.toml", "name = \"orders\"\n");
    let told = place.run("k8s -q a.toml b.toml").told(2);
    assert!(told.contains("needs `image`") && told.contains("--> a.toml") && told.contains("--> b.toml"), "{told}");
}

#[test]
fn one_profile_that_is_wrong_keeps_all_from_being_printed() {
    let place = Place::new();
    place.write("wrong.toml", "name = \"Orders\"\n");
    let told = place.run("k8s profile.toml wrong.toml missing.toml").told(2);
    assert!(told.contains("wrong.toml:1") && told.contains("there is no missing.toml"), "{told}");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let place = Place::new();
    for line in [
        "",
        "k9s",
        "k8s --nope",
        "k8s --dev",
        "k8s --full",
        "k8s --check",
        "k8s --force",
        "k8s -o a --check --force",
        "k8s -o a --explain",
        "k8s --color sometimes",
        "k8s --env nowhere",
        "k8s --set workers",
        "k8s --set workers=many",
        "compose --dev --env staging",
        "compose profile.toml profile.toml",
        "k8s -o a profile.toml profile.toml",
        "k8s - -",
        "compose --dev --full -o a",
        "compose --env staging --full -o a --check",
        "schema more",
    ] {
        assert!(!place.run(line).told(2).is_empty(), "{line}");
    }
    assert_eq!(place.list("."), ["profile.toml"]);
}

#[test]
fn keys_are_set_from_the_command_line_over_everything_else() {
    let place = Place::new();
    let replicas = |line: &str| {
        let objects = place.run(line).silently();
        let line = objects.lines().find_map(|line| line.strip_prefix("  replicas: ")).map(str::to_owned);
        line.expect("a number of replicas")
    };
    assert_eq!(replicas("k8s"), "4");
    assert_eq!(replicas("k8s --env staging"), "2");
    assert_eq!(replicas("k8s --env staging --set workers=7"), "7");
    assert_eq!(replicas("k8s --set workers=7 --set workers=9"), "9");
    let labelled = place.run("k8s --set labels.team=8").silently();
    assert!(labelled.contains("team: '8'") || labelled.contains("team: \"8\""), "a text stays a text");
}

#[test]
fn an_override_says_what_differs_and_full_says_all() {
    let place = Place::new();
    let base = place.run("compose").silently();
    let over = place.run("compose --env staging").silently();
    let full = place.run("compose --env staging --full").silently();
    assert!(over.contains("WEB_CONCURRENCY: \"2\"") && !over.contains("image:"), "{over}");
    assert!(full.contains("WEB_CONCURRENCY: \"2\"") && full.contains("image:"));
    assert_eq!(full.lines().count(), base.lines().count());
    let dev = place.run("compose --dev").silently();
    assert!(dev.contains("--reload") && dev.contains("!reset"), "{dev}");
    assert!(!place.run("compose --dev --full").silently().contains("!reset"));
}

#[test]
fn every_line_can_be_asked_why() {
    let place = Place::new();
    let explained = place.run("k8s --explain").silently();
    assert!(
        explained.contains("replicas: 4  # workers-vs-replicas: 4 wanted, one in each pod (profile.toml:3)"),
        "{explained}"
    );
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let place = Place::empty();
    for line in ["k8s", "k8s --nope"] {
        assert!(!place.run(line).told(2).contains('\u{1b}'));
    }
    assert!(place.run("k8s --color always").told(2).contains("\u{1b}["));
    let coloured = |line: &str, env: &[(&str, &str)]| {
        let output = place.command(line).envs(env.iter().copied()).output().unwrap();
        String::from_utf8(output.stderr).unwrap().contains('\u{1b}')
    };
    assert!(coloured("k8s", &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured("k8s", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured("k8s --color never", &[("CLICOLOR_FORCE", "1")]));
    assert!(coloured("k8s --color always", &[("NO_COLOR", "1")]), "what is asked for comes last");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let place = Place::new();
    // Far more than a pipe holds.
    let many = format!("k8s {}", "profile.toml ".repeat(40));
    let mut child = place.command(&many).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "apiVersion: v1\n");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn the_schema_is_the_one_that_profiles_are_checked_with() {
    let place = Place::empty();
    let schema = place.run("schema").silently();
    assert_eq!(schema, include_str!("../../../schemas/profile.schema.json"));
    assert!(serde_json::from_str::<serde_json::Value>(&schema).is_ok());
}

#[test]
fn what_only_overrides_have_is_explained_where_there_are_none() {
    let place = Place::new();
    let told = |line: &str| {
        let ran = place.run(line);
        assert_eq!(ran.code, 2, "{line}");
        ran.stderr
    };
    assert!(told("k8s --dev").contains("`render compose --dev`"));
    assert!(told("k8s --full").contains("drop `--full`"));
}
