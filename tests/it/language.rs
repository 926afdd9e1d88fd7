//! The keys of the language that stand in the wrong table.

use render::{
    flow,
    layers::Request,
    problem::{Code, Problem},
};
use serde_json::Value;

const PROFILE: &str = "name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\n";

fn problems(entry: &str) -> Vec<Problem> {
    let text = format!("{PROFILE}{entry}\n");
    let request = Request::alone("profile.toml", text.as_bytes());
    flow::app(&request).problems
}

/// Tables of the schema with keys of their own, and those keys.
fn tables(schema: &Value) -> Vec<(&String, Vec<&String>)> {
    let keys = |part: &Value| {
        let definition = part["$ref"].as_str()?.trim_start_matches('#');
        Some(schema.pointer(definition)?["properties"].as_object()?.keys().collect())
    };
    let all = schema["properties"].as_object().unwrap();
    all.iter().filter_map(|(table, part)| Some((table, keys(part)?))).collect()
}

#[test]
fn every_key_of_the_schema_is_known_when_it_stands_in_the_wrong_table() {
    let schema = render::profile::schema();
    let own = schema["properties"].as_object().unwrap();
    let tables = tables(&schema);
    assert!(tables.len() > 8, "{tables:?}");
    for (table, keys) in &tables {
        for key in keys {
            let elsewhere = tables.iter().filter(|(_, others)| others.contains(key)).count() > 1;
            let wrong = if *table == "rollout" { "shutdown" } else { "rollout" };
            if elsewhere || own.contains_key(*key) {
                continue;
            }
            let told = format!("`{key}` is a key of [{table}]");
            let problems = problems(&format!("[{wrong}]\n{key} = 1"));
            assert!(problems.iter().any(|one| one.help.as_deref() == Some(told.as_str())), "{key}: {problems:?}");
        }
    }
    for key in own.keys().filter(|key| tables.iter().all(|(_, keys)| !keys.contains(key))) {
        let problems = problems(&format!("[rollout]\n{key} = 1"));
        let known = |one: &Problem| {
            one.code == Code::KeyInWrongTable || one.help.as_ref().is_some_and(|help| help.contains("profile itself"))
        };
        assert!(problems.iter().any(known), "{key}: {problems:?}");
    }
}

#[test]
fn what_a_job_lacks_of_a_process_is_told_with_a_reason() {
    let schema = render::profile::schema();
    let keys = |definition: &str| -> Vec<String> {
        schema["definitions"][definition]["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let mut lacking = Vec::new();
    for (table, of_process, of_job) in [
        ("", "Sibling", "Job"),
        ("k8s.", "ClosedK8s", "EndingK8s"),
        ("compose.", "ClosedCompose", "EndingCompose"),
        ("cloudrun.", "ClosedCloudrun", "EndingCloudrun"),
        ("dev.", "Dev", "EndingDev"),
    ] {
        let of_job = keys(of_job);
        let lacks = keys(of_process).into_iter().filter(|key| !of_job.contains(key));
        lacking.extend(lacks.map(|key| format!("{table}{key}")));
    }
    assert!(lacking.len() > 15, "{lacking:?}");
    for kind in ["job", "cron"] {
        for key in &lacking {
            let title = format!("a {kind} has no `{key}`");
            let told = problems(&format!("[{kind}s.one]\n{key} = 1"));
            let one = told.iter().find(|one| one.title == title);
            assert!(one.is_some_and(|one| one.help.is_some()), "{title}: {told:?}");
        }
    }
}
