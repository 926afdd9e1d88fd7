//! What an override says, and that it says enough.

use proptest::prelude::*;
use render::{
    key::Key,
    targets::compose::{
        difference::{difference, difference_noted, removed},
        forms::same,
        merge::merge,
        order::order,
    },
    tree::{Content, Node, Note, Tag},
};
use serde_json::{Value, json};

use super::compose_docs::document;

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_override_makes_of_the_base_what_is_wanted(base in document(), wanted in document()) {
        let over = difference(&base, &wanted);
        let merged = merge(&base, &over).unwrap();
        prop_assert!(same(&merged, &wanted), "over {}\nmerged {}\nwanted {}", show(&over), show(&merged), show(&wanted));
    }

    #[test]
    fn order_changes_nothing_and_is_done_once(base in document(), wanted in document()) {
        let over = difference(&base, &wanted);
        let mut ordered = over.clone();
        order(&mut ordered);
        prop_assert!(same(&merge(&base, &ordered).unwrap(), &wanted));
        let once = ordered.clone();
        order(&mut ordered);
        prop_assert_eq!(once, ordered);
    }

    #[test]
    fn nothing_differs_from_itself(base in document()) {
        prop_assert_eq!(show(&difference(&base, &base)), r#"{"name": "app"}"#);
    }
}

/// JSON with the tags of YAML.
pub fn show(node: &Node) -> String {
    let tag = match node.tag {
        Some(Tag::Override) => "!override ",
        Some(Tag::Reset) => "!reset ",
        None => "",
    };
    let content = match &node.content {
        Content::Map(entries) => {
            let entries: Vec<_> = entries.iter().map(|(k, v)| format!("{}: {}", json!(k), show(v))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Content::Seq(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        _ => Value::from(node).to_string(),
    };
    format!("{tag}{content}")
}

/// The override of a document with this service, for one with that.
fn service(base: Value, wanted: Value) -> String {
    let document = |service: Value| Node::from(json!({ "name": "app", "services": { "web": service } }));
    let over = show(&difference(&document(base), &document(wanted)));
    let inner = over.strip_prefix(r#"{"name": "app", "services": {"web": "#).expect("only the service differs");
    inner.strip_suffix("}}").unwrap().to_owned()
}

#[test]
fn only_what_differs_is_said() {
    for (base, wanted, over) in [
        // domain: scalars and maps
        (json!({ "user": "1", "init": true }), json!({ "user": "2", "init": true }), r#"{"user": "2"}"#),
        (json!({ "user": "1" }), json!({}), r#"{"user": !reset null}"#),
        (json!({ "pull_policy": "build" }), json!({}), r#"{"pull_policy": !reset "build"}"#),
        (json!({ "deploy": { "replicas": 1 } }), json!({}), r#"{"deploy": !reset {}}"#),
        (
            json!({ "deploy": { "resources": { "limits": { "cpus": "1", "memory": "1G" } } } }),
            json!({ "deploy": { "resources": { "limits": { "memory": "2G" } } } }),
            r#"{"deploy": {"resources": {"limits": {"memory": "2G", "cpus": !reset null}}}}"#,
        ),
        // replaced as a whole
        (json!({ "command": ["a", "b"] }), json!({ "command": ["a", "c"] }), r#"{"command": ["a", "c"]}"#),
        (
            json!({ "healthcheck": { "test": ["CMD", "a"], "retries": 3 } }),
            json!({ "healthcheck": { "test": "a", "retries": 3 } }),
            r#"{"healthcheck": {"test": "a"}}"#,
        ),
        // lists that Compose appends to
        (json!({ "ports": ["80:80"] }), json!({ "ports": ["80:80", "81:81"] }), r#"{"ports": ["81:81"]}"#),
        (
            json!({ "ports": ["80:80"] }),
            json!({ "ports": ["127.0.0.1:80:80"] }),
            r#"{"ports": !override ["127.0.0.1:80:80"]}"#,
        ),
        (json!({ "ports": ["80:80", "81:81"] }), json!({ "ports": ["81:81", "80:80"] }), "absent"),
        (
            json!({ "dns": ["1.1.1.1", "8.8.8.8"] }),
            json!({ "dns": ["8.8.8.8", "1.1.1.1"] }),
            r#"{"dns": !override ["8.8.8.8", "1.1.1.1"]}"#,
        ),
        (json!({ "tmpfs": "/tmp:size=1m" }), json!({ "tmpfs": ["/tmp:size=2m"] }), r#"{"tmpfs": ["/tmp:size=2m"]}"#),
        (
            json!({ "tmpfs": ["/tmp:rw,size=1m"] }),
            json!({ "tmpfs": ["/tmp:size=1m"] }),
            r#"{"tmpfs": !override ["/tmp:size=1m"]}"#,
        ),
        (json!({ "security_opt": ["a"] }), json!({ "security_opt": ["a", "b"] }), r#"{"security_opt": ["b"]}"#),
        (json!({ "security_opt": ["a"] }), json!({}), r#"{"security_opt": !reset []}"#),
        (
            json!({ "volumes": ["data:/a", "more:/b"] }),
            json!({ "volumes": ["data:/a", "./b:/b"] }),
            r#"{"volumes": ["./b:/b"]}"#,
        ),
        (
            json!({ "extra_hosts": { "a": "1.1.1.1" } }),
            json!({ "extra_hosts": { "a": "2.2.2.2" } }),
            r#"{"extra_hosts": !override {"a": "2.2.2.2"}}"#,
        ),
        // values by name
        (
            json!({ "environment": { "A": "1", "B": "1" } }),
            json!({ "environment": { "A": "2", "C": "1" } }),
            r#"{"environment": {"A": "2", "C": "1", "B": !reset null}}"#,
        ),
        (
            json!({ "environment": ["A=1", "B=1"] }),
            json!({ "environment": ["A=2", "B=1"] }),
            r#"{"environment": ["A=2"]}"#,
        ),
        (json!({ "environment": ["A=1"] }), json!({ "environment": ["B=1"] }), r#"{"environment": !override ["B=1"]}"#),
        (json!({ "environment": ["A=1"] }), json!({ "environment": { "A": 1 } }), "absent"),
        // names
        (json!({ "networks": ["a"] }), json!({ "networks": ["a", "b"] }), r#"{"networks": ["b"]}"#),
        (json!({ "networks": ["a", "b"] }), json!({ "networks": ["a"] }), r#"{"networks": {"b": !reset {}}}"#),
        (
            json!({ "depends_on": ["db"] }),
            json!({ "depends_on": { "db": { "condition": "service_healthy" } } }),
            r#"{"depends_on": {"db": {"condition": "service_healthy"}}}"#,
        ),
        (
            json!({ "depends_on": { "db": { "condition": "service_healthy", "restart": true } } }),
            json!({ "depends_on": { "db": { "condition": "service_healthy", "restart": false } } }),
            r#"{"depends_on": {"db": {"restart": false, "condition": "service_healthy"}}}"#,
        ),
        (json!({ "depends_on": ["db", "a"] }), json!({ "depends_on": ["a"] }), r#"{"depends_on": !override ["a"]}"#),
        // forms
        (
            json!({ "build": "." }),
            json!({ "build": { "context": ".", "target": "dev" } }),
            r#"{"build": {"target": "dev"}}"#,
        ),
        // a tagged number would be a text
        (
            json!({ "build": { "ulimits": { "nofile": { "soft": 1, "hard": 2 } } } }),
            json!({ "build": { "ulimits": { "nofile": 10 } } }),
            r#"{"build": {"ulimits": !override {"nofile": 10}}}"#,
        ),
        (json!({ "gpus": "all" }), json!({ "gpus": [{ "count": 1 }] }), r#"{"gpus": !override [{"count": 1}]}"#),
        (json!({ "future": [1] }), json!({ "future": [1, 2] }), r#"{"future": !override [1, 2]}"#),
        // logging options go with another driver
        (
            json!({ "logging": { "driver": "json-file", "options": { "max-size": "1m" } } }),
            json!({ "logging": { "driver": "local", "options": { "max-file": "1" } } }),
            r#"{"logging": {"driver": "local", "options": {"max-file": "1"}}}"#,
        ),
    ] {
        if over == "absent" {
            let document = |service: Value| Node::from(json!({ "name": "app", "services": { "web": service } }));
            assert_eq!(show(&difference(&document(base), &document(wanted))), r#"{"name": "app"}"#);
        } else {
            assert_eq!(service(base, wanted), over);
        }
    }
}

#[test]
fn services_come_whole_and_go_whole() {
    let document = |services: Value| Node::from(json!({ "name": "app", "services": services }));
    let base = document(json!({ "a": { "image": "a:1" }, "b": { "image": "b:1" } }));
    let wanted = document(json!({ "a": { "image": "a:1" }, "c": { "image": "c:1", "ports": ["80:80"] } }));
    assert_eq!(
        show(&difference(&base, &wanted)),
        r#"{"name": "app", "services": {"c": {"image": "c:1", "ports": ["80:80"]}, "b": !reset {}}}"#,
    );
}

#[test]
fn reasons_travel() {
    let note = |reason: &'static str| Note::new(reason, vec![Key::new("workers")]);
    let mut base =
        Node::from(json!({ "services": { "web": { "user": "1", "deploy": { "replicas": 2 }, "init": true } } }));
    let mut wanted = Node::from(json!({ "services": { "web": { "user": "2" } } }));
    let at = |root: &mut Node, path: &'static str, text| {
        render::tree::Path::new(path).find_mut(root).unwrap().note = Some(note(text))
    };
    at(&mut base, "services.web.deploy", "two replicas");
    at(&mut base, "services.web", "the app");
    at(&mut wanted, "services.web.user", "the developer");
    let gone = |path: &[&str], was: Option<&Note>| match path {
        ["services", "web", "init"] => Some(note("no init in development")),
        _ => was.map(removed),
    };
    let over = difference_noted(&base, &wanted, &gone);
    let reason = |field: &str| {
        let node = over.get("services").and_then(|n| n.get("web")).and_then(|n| n.get(field)).unwrap();
        node.note.as_ref().unwrap().reason.to_string()
    };
    assert_eq!(reason("user"), "the developer");
    assert_eq!(reason("deploy"), "removed here; in the base file: two replicas");
    assert_eq!(reason("init"), "no init in development");
}

#[test]
fn a_map_over_a_list_is_refused_as_compose_does() {
    let document = |gpus: Value| Node::from(json!({ "services": { "web": { "gpus": gpus } } }));
    let refused = merge(&document(json!([{ "count": 1 }])), &document(json!("all"))).unwrap_err();
    assert_eq!(refused.to_string(), "cannot override services.web.gpus");
}

#[test]
fn documents_are_read_in_the_order_of_dclint() {
    let mut root = Node::from(json!({
        "volumes": {}, "services": {
            "web-b": {}, "web_a": {}, "web": {
                "user": "1", "cap_drop": ["ALL"], "image": "a:1", "attach": true, "isolation": "x",
                "ports": ["127.0.0.1:9000:80", "${PORT}:80", "3000-3001:3000-3001", "80:80", "[::1]:8000:8000", "443"],
                "depends_on": ["db", "cache"],
                "environment": { "B": "1", "A": "2" },
            },
        },
        "name": "app", "models": {}, "x-b": { "z": 1, "a": 2 }, "networks": {}, "x-a": 1,
    }));
    order(&mut root);
    assert_eq!(
        show(&root),
        concat!(
            r#"{"x-a": 1, "x-b": {"z": 1, "a": 2}, "name": "app", "services": {"web": {"image": "a:1", "#,
            r#""depends_on": ["cache", "db"], "environment": {"A": "2", "B": "1"}, "#,
            r#""ports": ["${PORT}:80", "80:80", "443", "3000-3001:3000-3001", "[::1]:8000:8000", "127.0.0.1:9000:80"], "user": "1", "isolation": "x", "#,
            r#""attach": true, "cap_drop": ["ALL"]}, "web_a": {}, "web-b": {}}, "networks": {}, "volumes": {}, "models": {}}"#,
        )
    );
}
