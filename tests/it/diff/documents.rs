//! Texts to documents.

use render::diff::Form;

use super::*;

fn names(text: &str, file: &str) -> Vec<String> {
    let name =
        |document: &Document| format!("{:?} {} {}", document.form, document.identity.kind, document.identity.name);
    documents(text, file).unwrap().iter().map(name).collect()
}

#[test]
fn a_stream_is_taken_apart_and_lists_too() {
    let text = "---\n# nothing\n---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n---\napiVersion: v1\nkind: List\nitems:\n\
                - {apiVersion: v1, kind: B, metadata: {name: b}}\n- {apiVersion: v1, kind: C, metadata: {name: c}}\n";
    assert_eq!(names(text, ""), ["Object A a", "Object B b", "Object C c"]);
    let listed = "apiVersion: v1\nkind: ConfigMapList\nitems: [{metadata: {name: a}}]\n";
    assert_eq!(names(listed, ""), ["Object ConfigMap a"]);
    assert_eq!(names("", ""), [""; 0]);
    assert_eq!(
        names("{\"apiVersion\": \"v1\", \"kind\": \"A\", \"metadata\": {\"name\": \"a\"}}", "a.json"),
        ["Object A a"]
    );
}

#[test]
fn what_is_no_object_is_known_by_its_file() {
    assert_eq!(names("services: {}\n", "x/docker-compose.yml"), ["Compose  x/docker-compose.yml"]);
    assert_eq!(names("name: shop\n", "docker-compose.prod.yml"), ["Compose  docker-compose.prod.yml"]);
    assert_eq!(names("A=1\n", "x/.env.example"), ["Text  x/.env.example"]);
    assert_eq!(names("a: 1\n---\na: 2\n", "x.yaml"), ["Data  x.yaml", "Data  x.yaml#2"]);
    assert_eq!(documents("{\"//\": [\"a\"], \"b\": 1}", "x.json").unwrap()[0].value, json!({"b": 1}));
}

#[test]
fn values_are_read_as_whoever_applies_them_reads_them() {
    let object = document("apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {a: yes, mode: 0644}\n");
    assert_eq!(object.value["spec"], json!({"a": true, "mode": 420}));
    let compose = in_file("services: {app: {restart: no, init: true}}\n", "docker-compose.yml");
    assert_eq!(compose.value["services"]["app"], json!({"restart": "no", "init": true}));
}

#[test]
fn tags_of_compose_are_part_of_a_value() {
    let text = "services:\n  app:\n    ports: !override ['80:80']\n    cap_drop: !reset null\n    command: !override 5\nx-own: !custom [a]\n";
    let value = in_file(text, "docker-compose.yml").value;
    assert_eq!(value["x-own"], json!({"!custom": ["a"]}));
    let app = value["services"]["app"].clone();
    let expected =
        json!({"ports": {"!override": ["80:80"]}, "cap_drop": {"!reset": null}, "command": {"!override": "5"}});
    assert_eq!(app, expected);
}

#[test]
fn what_is_rendered_reads_as_what_is_written() {
    for example in ["fastapi-postgres-redis", "gallery", "workers"] {
        let folder = format!("examples/{example}/rendered/compose");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".yml") {
                let read = in_file(&std::fs::read_to_string(&path).unwrap(), name);
                assert_eq!(diff::value(&diff::node(&read.value)), read.value);
                assert_eq!(read.form, Form::Compose);
            }
        }
    }
}

use render::diff;

#[test]
fn what_is_broken_is_told_with_its_line() {
    let why = documents("apiVersion: v1\nkind: [A\nmetadata: {}\n", "a.yaml").unwrap_err();
    assert!(why.starts_with("line "), "{why}");
    assert!(documents("{", "a.json").is_err());
    assert!(documents("{{ .Values.x }}: 1\n", "a.yaml").is_err());
}

#[test]
fn a_long_stream_is_read_to_its_end() {
    let text: String = (0..3000)
        .map(|i| {
            format!(
                "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{i}}}\ndata: {{{}}}\n",
                (0..50).map(|k| format!("k{k}: v")).collect::<Vec<_>>().join(", ")
            )
        })
        .collect();
    assert_eq!(documents(&text, "").unwrap().len(), 3000);
}
