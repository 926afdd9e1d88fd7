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
fn what_looks_like_a_secret_by_itself_is_masked_whatever_its_name() {
    let variable = |value: &str| {
        let value = value.replace('\'', "''");
        container(&format!("env: [{{name: PLAIN, value: '{value}'}}]"))
    };
    for secret in [
        "jdbc:postgresql://h/db?user=u&password=hunter6",
        "https://example.com/a?api_key=hunter6",
        "https://abcdef0123456789@sentry.io/1",
        "{\"password\":\"hunter7\"}",
        "{\"db\": [{\"apiKey\": \"hunter7\"}]}",
        "sk_live_hunter7",
        "Bearer ghp_hunter7hunter7hunter7",
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-hunter7-hunter7",
        "glpat-hunter7hunter7hunter7",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    ] {
        let told = all(&changes(&variable(secret), &variable("plain")));
        assert!(!told.contains(&secret[4..]) && told.contains("***"), "{secret}: {told}");
        let data = config_map(json!({"a": secret, "b": "1"}));
        let told = all(&compare(Some(&data), None, &Rules::PLAIN));
        assert!(!told.contains("hunter") && told.contains("***"), "{secret}: {told}");
    }
    for plain in [
        "postgresql://shop@db.example.com/shop",
        "https://example.com/a?key=1&sslmode=require",
        "https://example.com/?password=$(PASSWORD)",
        "{\"level\":\"info\",\"token\":\"/run/secrets/token\"}",
        "skating_live_x",
    ] {
        let told = all(&changes(&variable(plain), &variable("other")));
        assert!(told.contains(&serde_json::to_string(plain).unwrap()), "{plain}: {told}");
    }
}

#[test]
fn of_a_file_in_a_config_map_the_lines_without_secrets_are_told() {
    let file =
        |level: &str, password: &str| config_map(json!({"a.ini": format!("level = {level}\npassword = {password}\n")}));
    assert_eq!(
        told(&file("info", "hunter2"), &file("debug", "hunter2")),
        [r#"~ /data/a.ini: "level = info\npassword =***\n" -> "level = debug\npassword =***\n""#]
    );
    assert_eq!(
        told(&file("info", "hunter2"), &file("info", "hunter3")),
        [r#"~ /data/a.ini: "level = info\npassword =*** (before)\n" -> "level = info\npassword =*** (after)\n""#]
    );
    let gone = all(&compare(Some(&file("info", "hunter2")), None, &Rules::PLAIN));
    assert!(gone.contains("level = info") && !gone.contains("hunter"), "{gone}");
}

#[test]
fn the_name_of_a_key_of_a_secret_is_no_secret() {
    let refers = |name: &str, key: &str| {
        container(&format!("env: [{{name: DB_PASSWORD, valueFrom: {{secretKeyRef: {{name: {name}, key: {key}}}}}}}]"))
    };
    let told = told(&refers("db", "password"), &refers("orders-db", "admin-password"));
    assert!(told[0].ends_with("\"db\" -> \"orders-db\"") || told[1].ends_with("\"db\" -> \"orders-db\""), "{told:?}");
    assert!(told.iter().any(|one| one.ends_with("\"password\" -> \"admin-password\"")), "{told:?}");
    // In a map of data it is the name of one.
    let data = |value: &str| config_map(json!({"key": value}));
    assert!(!all(&changes(&data("hunter2"), &data("hunter3"))).contains("hunter"));
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
