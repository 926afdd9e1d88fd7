//! What keeps findings from one run to the next: SARIF, GitLab's Code Quality.

use std::collections::BTreeSet;

use super::*;

fn sarif(report: &Report) -> Value {
    serde_json::from_str(&written(Format::Sarif, report)).unwrap()
}

fn gitlab(report: &Report) -> Vec<Value> {
    serde_json::from_str(&written(Format::Gitlab, report)).unwrap()
}

#[test]
fn a_result_lies_in_the_profile() {
    let run = &sarif(&checked())["runs"][0];
    let result = &run["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("stale"), &json!("error")));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], PROFILE);
    assert_eq!(place["region"], json!({"startLine": 18, "startColumn": 3}));
    for result in run["results"].as_array().unwrap() {
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
    }
}

#[test]
fn a_path_is_a_uri() {
    let mut report = checked();
    report.files[0].source = Some(Place { file: "apps/ü 1#?%/profile.toml".into(), ..place(1, "") });
    report.files[1].of.profile = None;
    report.files[1].file = "/srv/deploy/a.yaml".into();
    let results = &sarif(&report)["runs"][0]["results"];
    let uri = |at: usize| &results[at]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri(0), "apps/%C3%BC%201%23%3F%25/profile.toml");
    assert_eq!(uri(1), "file:///srv/deploy/a.yaml");
}

/// GitHub refuses more in a run, and keeps those that weigh most.
#[test]
fn a_run_has_25_000_results_at_most_the_worst_first() {
    let mut report = many(25_010);
    report.diagnostics = vec![problem(Severity::Error, "unknown-key", "unknown key `prot`")];
    let run = &sarif(&report)["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 25_000);
    assert_eq!(run["results"][0]["ruleId"], "unknown-key");
    let told = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(told, "11 results are left out: a run takes 25000");
}

fn fingerprints(report: &Report) -> Vec<String> {
    gitlab(report).iter().map(|one| one["fingerprint"].as_str().unwrap().to_owned()).collect()
}

/// GitLab swallows the second of two.
#[test]
fn no_two_fingerprints_are_equal() {
    let mut report = checked();
    report.diagnostics.push(report.diagnostics[0].clone());
    report.files.push(report.files[0].clone());
    report.objects = differing().objects;
    report.objects.push(report.objects[0].clone());
    let all = fingerprints(&report);
    let different: BTreeSet<&String> = all.iter().collect();
    assert_eq!((different.len(), all.len()), (all.len(), 14), "{all:#?}");
}

/// A line that is added above must not close a finding and open another.
#[test]
fn fingerprints_stay_when_lines_move() {
    let before = Report { objects: differing().objects, ..checked() };
    let mut after = before.clone();
    let moved = |place: &mut Place| place.line += 5;
    after.diagnostics.iter_mut().filter_map(|one| one.source.as_mut()).for_each(moved);
    after.files.iter_mut().filter_map(|one| one.source.as_mut()).for_each(moved);
    let changes = after.objects.iter_mut().flat_map(|one| &mut one.changes);
    changes.filter_map(|one| one.source.as_mut()).for_each(moved);
    assert_ne!(written(Format::Gitlab, &before), written(Format::Gitlab, &after));
    assert_eq!(fingerprints(&before), fingerprints(&after));
}

#[test]
fn a_finding_of_code_quality_has_all_that_gitlab_asks_for() {
    for report in [checked(), differing(), nasty()] {
        for one in gitlab(&report) {
            for text in ["description", "check_name", "fingerprint"] {
                assert!(one[text].as_str().is_some_and(|text| !text.is_empty()), "{one}");
            }
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&one["severity"].as_str().unwrap()));
            assert!(one["location"]["path"].as_str().is_some_and(|path| !path.starts_with("./")));
            assert!(one["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0));
        }
    }
}

/// An empty artefact closes what earlier runs found.
#[test]
fn where_nothing_is_found_there_still_is_a_report() {
    let nothing = empty(Command::Check);
    assert_eq!(written(Format::Gitlab, &nothing), "[]\n");
    assert_eq!(sarif(&nothing)["runs"][0]["results"], json!([]));
}

/// GitHub shows them beside each alert.
#[test]
fn every_rule_says_what_it_is_about() {
    let mut report = checked();
    report.diagnostics.extend(render::problem::Code::ALL.iter().map(|code| problem(code.severity(), code.name(), "a")));
    report.objects = differing().objects;
    let rules = sarif(&report)["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().clone();
    assert!(rules.len() > render::problem::Code::ALL.len());
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            let text = rule[text]["text"].as_str().unwrap();
            assert!(text.len() > 10 && text.contains(' ') && text.trim() == text, "{rule}");
        }
    }
}
