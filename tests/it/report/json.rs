//! For programs.

use snapbox::{Assert, Data};

use super::*;

/// `SNAPSHOTS=overwrite cargo test --test it report` writes it anew, after a change of `src/report`.
#[test]
fn the_committed_schema_is_that_of_the_types() {
    let generated = serde_json::to_string_pretty(&render::report::schema()).unwrap() + "\n";
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/report.schema.json");
    Assert::new().action_env("SNAPSHOTS").eq(generated, Data::read_from(committed.as_ref(), None).raw());
}

#[test]
fn every_report_is_as_the_schema_says() {
    let validator = jsonschema::validator_for(&render::report::schema()).unwrap();
    for (name, text) in all().into_iter().filter(|(name, _)| name.ends_with(".json")) {
        let value: Value = serde_json::from_str(&text).unwrap();
        let problems: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{name}: {problems:#?}");
    }
}

/// A schema that allows anything would pass the test above.
#[test]
fn the_schema_refuses_what_is_no_report() {
    let validator = jsonschema::validator_for(&render::report::schema()).unwrap();
    let good: Value = serde_json::from_str(&written(Format::Json, &differing())).unwrap();
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut report = good.clone();
        change(&mut report);
        !validator.is_valid(&report)
    };
    assert!(broken(&|report| report["command"] = json!("dance")));
    assert!(broken(&|report| drop(report.as_object_mut().unwrap().remove("summary"))));
    assert!(broken(&|report| report["objects"][0]["impact"] = json!("some")));
    assert!(broken(&|report| report["objects"][0]["changes"][0]["source"]["line"] = json!("4")));
    assert!(broken(&|report| report["objects"][0]["changeType"] = Value::Null));
}

#[test]
fn it_says_which_language_it_is_and_who_wrote_it() {
    let report: Value = serde_json::from_str(&written(Format::Json, &checked())).unwrap();
    assert_eq!(report["schema"], "render/report/v1");
    assert_eq!(report["tool"], json!({"name": "render", "version": env!("CARGO_PKG_VERSION")}));
    assert_eq!(report["summary"]["changed"], json!({"missing": 1, "stale": 1}));
    assert_eq!(report["files"][0]["source"], json!({"file": PROFILE, "line": 18, "column": 3, "key": "workers"}));
}

#[test]
fn objects_have_the_names_that_others_use_for_them() {
    let report: Value = serde_json::from_str(&written(Format::Json, &differing())).unwrap();
    let object = &report["objects"][0];
    assert_eq!((&object["changeType"], &object["impact"]), (&json!("MODIFY"), &json!("rollout")));
    assert_eq!((&object["apiVersion"], &object["kind"]), (&json!("apps/v1"), &json!("Deployment")));
    let change = &object["changes"][1];
    assert_eq!((&change["oldValue"], &change["newValue"]), (&json!("256Mi"), &json!("512Mi")));
    assert_eq!((&change["change"], &change["source"]["line"]), (&json!("replace"), &json!(22)));
}
