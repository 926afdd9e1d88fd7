//! Beside the lines of a pull request: GitHub's workflow commands, and what Reviewdog reads.

use super::*;

#[test]
fn a_command_for_each_finding_at_its_line_of_the_profile() {
    let text = written(Format::Github, &checked());
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("::error file=apps/orders/profile.toml,line=18,col=3,title=render%3A stale::deploy/k8s/"),
        "{}",
        lines[0]
    );
    assert!(lines[1].starts_with("::error file=apps/orders/profile.toml,title=render%3A missing::"), "{}", lines[1]);
    assert!(lines[2].starts_with("::warning file=apps/orders/profile.toml,line=4,col=3,title=render%3A no-probes::"));
    assert_eq!(lines.len(), 3);
}

#[test]
fn a_file_that_somebody_edited_is_pointed_at_itself() {
    let edited = Report { files: vec![file("service.yaml", "edited", None)], ..empty(Command::Check) };
    let text = written(Format::Github, &edited);
    assert!(text.starts_with("::error file=deploy/k8s/staging/orders/service.yaml,title="), "{text}");
}

/// GitHub shows ten of a step.
#[test]
fn ten_are_shown_and_of_more_nine_and_a_count() {
    assert_eq!(written(Format::Github, &many(9)).lines().count(), 10);
    let text = written(Format::Github, &many(400));
    assert_eq!(text.lines().count(), 10);
    assert_eq!(
        text.lines().last().unwrap(),
        "::error title=render::and 392 more findings: see the log, or the summary"
    );
}

#[test]
fn errors_come_before_warnings() {
    let mut report = many(0);
    report.diagnostics = vec![
        problem(Severity::Note, "c", "third"),
        problem(Severity::Warning, "b", "second"),
        problem(Severity::Error, "a", "first"),
    ];
    let text = written(Format::Github, &report);
    let words: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(words, ["::error", "::warning", "::notice"]);
}

#[test]
fn what_differs_comes_before_what_is_said_besides() {
    let besides = vec![problem(Severity::Warning, "no-probes", "nothing but an open port is checked"); 20];
    let report = Report { diagnostics: besides, ..differing() };
    let text = written(Format::Github, &report);
    assert!(
        text.starts_with("::warning file=apps/orders/profile.toml,line=2,col=3,title=render%3A rollout::"),
        "{text}"
    );
    let is_besides: Vec<bool> = text.lines().map(|line| line.contains("no-probes")).collect();
    assert!(is_besides.contains(&true) && is_besides[..9].is_sorted(), "{text}");
}

/// Whatever a profile says, a command ends where it should and begins no other.
#[test]
fn a_profile_cannot_give_commands() {
    let text = written(Format::Github, &nasty());
    assert!(text.lines().count() <= 4 && !text.contains('\r'), "{text}");
    for line in text.lines() {
        let (properties, _) = line[2..].split_once("::").unwrap();
        let (word, properties) = properties.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&word), "{line}");
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').unwrap();
            assert!(["file", "line", "col", "title"].contains(&name) && !value.contains(':'), "{line}");
        }
    }
}

/// Changes that one line causes stand together, and those of another line there.
#[test]
fn a_field_is_told_at_the_line_that_causes_it() {
    let text = written(Format::Rdjsonl, &differing());
    let found: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of =
        |line: u64| found.iter().filter(|one| one["location"]["range"]["start"]["line"] == line).collect::<Vec<_>>();
    let [memory] = of(22)[..] else { panic!("{text}") };
    let message = memory["message"].as_str().unwrap();
    assert!(message.contains("limits.memory: 256Mi → 512Mi; ") && message.contains("requests.memory"), "{message}");
    assert_eq!((&memory["severity"], &memory["code"]["value"]), (&json!("WARNING"), &json!("rollout")));
    assert_eq!(of(2).len(), 1);
}

/// Reviewdog counts bytes, not characters.
#[test]
fn columns_are_bytes_for_reviewdog() {
    let text = written(Format::Rdjsonl, &checked());
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(first["location"]["range"]["start"], json!({"line": 18, "column": 4}));
}

/// Reviewdog offers it at a click.
#[test]
fn what_is_certain_is_suggested() {
    let place = crate::cli::Place::empty();
    place.write("profile.toml", "name = \"ü\"\nimage = \"ghcr.io/acme/orders:1\"\nenv = { \"Ü\" = \"1\" }\nprot = 1\n");
    let ran = place.run("k8s -o deploy --check -q --format rdjsonl");
    let found: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let suggested = found.iter().find(|one| one["code"]["value"] == "unknown-key").unwrap();
    let range = json!({"start": {"line": 4, "column": 1}, "end": {"line": 4, "column": 5}});
    assert_eq!(suggested["suggestions"], json!([{"range": range, "text": "port"}]), "{}", ran.stdout);
    let sarif: Value = serde_json::from_str(&place.run("k8s -o deploy --check -q --format sarif").stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let fixed = results.iter().find(|one| one["ruleId"] == "unknown-key").unwrap();
    let replaced = &fixed["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replaced["insertedContent"]["text"], "port");
    assert_eq!(replaced["deletedRegion"], json!({"startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 5}));
}
