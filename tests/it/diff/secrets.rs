//! What nobody may read in a report.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const SECRET: &str = "hunter2";

fn all(changes: &[Change]) -> String {
    serde_json::to_string(changes).unwrap()
}

/// Each with the secret in it, as another value and not there.
fn hiding_places() -> Vec<(&'static str, String)> {
    let object = |says: &str| format!("apiVersion: v1\nkind: {says}\n");
    let app = |says: &str| {
        object(&format!(
            "Deployment\nmetadata: {{name: a}}\nspec: {{template: {{spec: {{containers: [{{name: app, {says}}}]}}}}}}"
        ))
    };
    vec![
        ("a.yaml", object("Secret\nmetadata: {name: a}\ndata: {other: SECRET}")),
        ("a.yaml", object("Secret\nmetadata: {name: a}\nstringData: {other: SECRET, more: [SECRET]}")),
        ("a.yaml", object("ConfigMap\nmetadata: {name: a}\ndata: {DB_PASSWORD: SECRET}")),
        (
            "a.yaml",
            object(
                "ConfigMap\nmetadata: {name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: 'SECRET'}}",
            ),
        ),
        ("a.yaml", app("env: [{name: API_KEY, value: SECRET}]")),
        ("a.yaml", app("env: [{name: TOLD, value: SECRET}]")),
        ("a.yaml", app("env: [{name: URL, value: 'postgresql://u:SECRET@db/a'}]")),
        ("a.yaml", app("args: [a, '--password=SECRET']")),
        ("a.yaml", app("args: [a, --password, SECRET]")),
        ("a.yaml", app("command: [sh, -c, 'x --password SECRET']")),
        ("docker-compose.yml", "services: {app: {environment: {DB_PASSWORD: SECRET}}}".into()),
        ("docker-compose.yml", "services: {app: {environment: [DB_PASSWORD=SECRET]}}".into()),
        ("docker-compose.yml", "services: {app: {environment: {TOLD: '${TOLD:-SECRET}'}}}".into()),
        ("docker-compose.yml", "services: {app: {build: {context: ., args: [API_TOKEN=SECRET]}}}".into()),
        ("docker-compose.yml", "services: {app: {command: [x, --password, SECRET]}}".into()),
        ("docker-compose.yml", "services: {app: {command: 'x --password=SECRET'}}".into()),
        (
            ".env.example",
            "# of the database\nDB_PASSWORD=SECRET\nTOLD=SECRET\n#TOLD=SECRET\nexport TOLD=SECRET\n".into(),
        ),
        ("values.json", "{\"password\": \"SECRET\"}".into()),
    ]
}

#[test]
fn a_secret_is_masked_wherever_it_stands_and_its_change_is_told() {
    let names = BTreeSet::from(["TOLD".to_owned()]);
    for show_ignored in [false, true] {
        let rules = Rules { secrets: &names, show_ignored, ..Rules::PLAIN };
        for (file, text) in hiding_places() {
            let (old, new) =
                (in_file(&text.replace("SECRET", SECRET), file), in_file(&text.replace("SECRET", "hunter3"), file));
            let told = compare(Some(&old), Some(&new), &rules);
            let is_shown = show_ignored || !text.contains("last-applied");
            assert_eq!(told.is_empty(), !is_shown, "{text}");
            let sides = [told, compare(None, Some(&new), &rules), compare(Some(&old), None, &rules)];
            for told in sides.iter().map(|told| all(told)) {
                assert!(!told.contains("hunter"), "{text}: {told}");
                assert!(told.contains("***") || !is_shown, "{text}: {told}");
            }
            assert!(
                !is_shown || all(&sides[0]).contains("*** (before)") && all(&sides[0]).contains("*** (after)"),
                "{}",
                all(&sides[0])
            );
        }
    }
}

#[test]
fn what_only_refers_to_a_secret_is_readable() {
    let url =
        |host: &str| container(&format!("env: [{{name: DATABASE_URL, value: 'postgresql://$(U):$(P)@{host}/a'}}]"));
    assert_eq!(
        told(&url("one"), &url("two")),
        [
            r#"~ /spec/template/spec/containers/name=app/env/name=DATABASE_URL/value: "postgresql://$(U):$(P)@one/a" -> "postgresql://$(U):$(P)@two/a""#
        ]
    );
    let compose = |why: &str| {
        in_file(
            &format!("services: {{app: {{environment: {{DB_PASSWORD: '${{DB_PASSWORD:?{why}}}'}}}}}}"),
            "docker-compose.yml",
        )
    };
    assert!(told(&compose("set it"), &compose("put it into .env"))[0].contains("put it into .env"));
    let path = |path: &str| container(&format!("env: [{{name: PASSWORD_FILE, value: {path}}}]"));
    assert!(told(&path("/a"), &path("/b"))[0].ends_with("\"/a\" -> \"/b\""));
}

#[test]
fn lines_of_which_only_secrets_differ_are_told_without_them() {
    let of = |value: &str| in_file(&format!("A=1\nDB_PASSWORD={value}\n"), ".env.example");
    assert_eq!(
        told(&of("hunter2"), &of("hunter3")),
        [r#"~ : "A=1\nDB_PASSWORD=*** (before)\n" -> "A=1\nDB_PASSWORD=*** (after)\n""#]
    );
}

proptest! {
    /// However the two sides differ otherwise.
    #[test]
    fn no_masked_value_is_anywhere_in_what_is_told(
        old in super::any::object(), new in super::any::object(), value in "[a-z]{0,4}hunter[0-9]{1,3}", key in "[a-z]{1,8}"
    ) {
        let secret = |value: &str, more: &Value| Document::new(json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": value }},
            "data": {&key: value, "more": more, "list": [value, more]}, "stringData": {"x": {"y": value}},
            "spec": more,
        }), "a.yaml");
        let (one, other) = (secret(&value, &old), secret(&format!("{value}0"), &new));
        for show_ignored in [false, true] {
            let rules = Rules { show_ignored, ..Rules::PLAIN };
            for (old, new) in [(Some(&one), Some(&other)), (None, Some(&one)), (Some(&one), None), (Some(&other), Some(&one))] {
                let told = all(&compare(old, new, &rules));
                prop_assert!(!told.contains("hunter"), "{}", told);
            }
        }
    }
}
