//! `render … --check` with `--format` and `--report`.

use std::fs;

use super::*;
use crate::cli::{Place as Folder, served};

const ORDERS: &str = concat!(
    r#"name = "orders"
image = "ghcr.io/acme/orders:1.4.2"
workers = 2

"#,
    served!("orders"),
    r#"
[resources]
memory = "256Mi"

[environments.staging]
workers = 3

[environments.production]
"#
);

fn delivered() -> Folder {
    let place = Folder::repository();
    place.write("apps/orders/profile.toml", ORDERS);
    place.run("all -o deploy -q").told(0);
    place
}

fn stale() -> Folder {
    let place = delivered();
    place.write("apps/orders/profile.toml", &ORDERS.replace("workers = 3", "workers = 4"));
    place
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn standard_output_holds_the_report_alone() {
    let ran = stale().run("all -o deploy --check --format json");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.starts_with("deploy: 1 profile, 13 files: "), "{}", ran.stderr);
    let report = json_of(&ran.stdout);
    assert_eq!(report["summary"]["changed"]["stale"], report["files"].as_array().unwrap().len());
    let deployment = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["file"] == "deploy/k8s/staging/orders/deployment.yaml");
    let source = &deployment.unwrap()["source"];
    assert_eq!(source, &json!({"file": PROFILE, "line": 16, "column": 1, "key": "workers"}));
    assert_eq!(deployment.unwrap()["env"], "staging");
}

#[test]
fn what_is_as_rendered_is_a_report_too() {
    let ran = delivered().run("all -o deploy --check -q --format json");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let report = json_of(&ran.stdout);
    assert_eq!((&report["files"], &report["summary"]["unchanged"]), (&json!([]), &json!(13)));
    assert_eq!(report["renderings"].as_array().unwrap().len(), 5);
    for format in ["github", "rdjsonl"] {
        assert_eq!(delivered().run(&format!("all -o deploy --check -q --format {format}")).silently(), "");
    }
}

/// What people read on standard output stays what it was.
#[test]
fn one_run_writes_many_formats() {
    let place = stale();
    let text = place.run("all -o deploy --check -q").stdout;
    let ran = place.run("all -o deploy --check -q --report json=a.json --report junit=b.xml --report text=c.txt");
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (1, text.as_str(), ""));
    assert_eq!(json_of(&place.read("a.json"))["command"], "check");
    assert!(place.read("b.xml").starts_with("<?xml"));
    assert_eq!(place.read("c.txt"), text);
}

#[test]
fn a_profile_with_errors_is_in_the_report_and_the_code_is_2() {
    let place = stale();
    place.write("apps/billing/profile.toml", "name = \"billing\"\nimage = \"ghcr.io/acme/billing:1\"\nprot = 1\n");
    let ran = place.run("all -o deploy --check --format json");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("error[unknown-key]: unknown key `prot`"), "{}", ran.stderr);
    let report = json_of(&ran.stdout);
    let diagnostic = report["diagnostics"].as_array().unwrap().iter().find(|one| one["severity"] == "error").unwrap();
    assert_eq!(
        *diagnostic,
        json!({
            "code": "unknown-key", "severity": "error", "message": "unknown key `prot`", "help": "did you mean `port`?",
            "profile": "apps/billing/profile.toml",
            "source": {"file": "apps/billing/profile.toml", "line": 3, "column": 1},
            "fix": {
                "from": {"file": "apps/billing/profile.toml", "line": 3, "column": 1},
                "to": {"file": "apps/billing/profile.toml", "line": 3, "column": 5},
                "text": "port",
            },
        })
    );
    assert_eq!(report["summary"]["errors"], 1);
    assert!(!report["files"].as_array().unwrap().is_empty(), "and all of the others");
    let junit = place.run("all -o deploy --check --format junit -q").stdout;
    assert!(junit.contains("<error ") && junit.contains("<failure "), "{junit}");
}

/// Many warnings are counted for people, and all there for programs.
#[test]
fn warnings_that_people_are_spared_are_in_the_report() {
    let place = delivered();
    place.write(
        "apps/quiet/profile.toml",
        "name = \"quiet\"\nimage = \"ghcr.io/acme/quiet:1\"\n[server]\napp = \"a:b\"\n",
    );
    let ran = place.run("all -o deploy --check --format json");
    assert!(
        ran.stderr.contains("help: `render all apps/quiet/profile.toml -o deploy --check` tells those of one"),
        "{}",
        ran.stderr
    );
    let report = json_of(&ran.stdout);
    assert!(codes(&report).contains(&"no-probes"), "{report}");
}

fn codes(report: &Value) -> Vec<&str> {
    report["diagnostics"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

/// A reviewer hears of warnings about what the change touches.
#[test]
fn warnings_of_what_does_not_differ_are_counted_unless_asked_for() {
    let place = stale();
    place.write(
        "apps/quiet/profile.toml",
        "name = \"quiet\"\nimage = \"ghcr.io/acme/quiet:1\"\n[server]\napp = \"a:b\"\n",
    );
    place.run("all apps/quiet -o deploy -q").told(0);
    let report = |warnings: &str| {
        let ran = place.run(&format!("all -o deploy --check -q --format json {warnings}"));
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        json_of(&ran.stdout)
    };
    let (differing, all, none) = (report(""), report("--warnings all"), report("--warnings none"));
    assert!(codes(&all).contains(&"no-probes") && !codes(&differing).contains(&"no-probes"), "{all}");
    assert_eq!((codes(&none), &all["summary"]["leftOut"]), (Vec::new(), &json!(0)));
    let left_out = |report: &Value| report["summary"]["leftOut"].as_u64().unwrap() as usize;
    assert_eq!(left_out(&none), codes(&all).len());
    assert_eq!(left_out(&differing), codes(&all).len() - codes(&differing).len());
    assert_eq!(differing["files"], all["files"]);
}

#[test]
fn one_target_has_the_same_reports() {
    let place = stale();
    let ran = place.run("k8s apps/orders --env staging -o deploy/k8s/staging/orders --check -q --format json");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let report = json_of(&ran.stdout);
    let one = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["file"].as_str().unwrap().ends_with("deployment.yaml"));
    assert_eq!(one.unwrap()["source"]["line"], 16);
    assert_eq!(report["renderings"], json!([{"profile": PROFILE, "env": "staging", "target": "k8s", "files": 5}]));
    place.write("apps/orders/profile.toml", "name = 1\n");
    let ran = place.run("k8s apps/orders -o deploy/k8s/staging/orders --check --format json");
    assert_eq!(ran.code, 2);
    assert_eq!(json_of(&ran.stdout)["diagnostics"][0]["source"]["line"], 1);
    let ran = place.run("k8s nowhere -o deploy/k8s/staging/orders --check --format json");
    assert_eq!((ran.code, &json_of(&ran.stdout)["diagnostics"][0]["code"]), (2, &json!("cannot-read")));
}

/// Wherever it is named from, a pipeline finds it from where it runs.
#[test]
fn paths_are_seen_from_where_it_runs() {
    let place = stale();
    let here = fs::canonicalize(place.path()).unwrap();
    let here = here.to_str().unwrap();
    let whole = place.run(&format!("all {here}/apps -o {here}/deploy --check -q --format json")).stdout;
    let dotted = place.run("all ./apps -o ./deploy --check -q --format json").stdout;
    let plain = place.run("all apps -o deploy --check -q --format json").stdout;
    let files = |text: &str| -> Vec<(Value, Value, Value)> {
        let of = |one: &Value| (one["file"].clone(), one["profile"].clone(), one["source"].clone());
        json_of(text)["files"].as_array().unwrap().iter().map(of).collect()
    };
    assert_eq!(files(&plain)[0].1, PROFILE);
    assert_eq!(files(&dotted), files(&plain));
    assert_eq!(files(&whole), files(&plain));
}

#[test]
fn nothing_but_text_has_colours() {
    let place = stale();
    for (name, _) in Format::ALL {
        let ran = place.run(&format!("all -o deploy --check -q --color always --format {name} --report {name}=file"));
        assert!(!ran.stdout.contains('\u{1b}') && !place.read("file").contains('\u{1b}'), "{name}");
    }
}

#[test]
fn what_cannot_be_is_said_before_anything_is_rendered() {
    let place = delivered();
    let told = |line: &str| place.run(line).told(2);
    let said = told("all -o deploy --format json");
    assert!(
        said.contains("`--format` and `--report` tell of a comparison") && said.contains("add `--check`"),
        "{said}"
    );
    assert!(told("all -o other --report json=a.json").contains("add `--check`"));
    assert!(!place.path().join("other").exists());
    assert!(told("k8s apps/orders --format json").contains("add `--check`"));
    let said = told("all -o deploy --check --report json=no/such/a.json");
    assert!(said.contains("there is no folder `no/such`") && said.contains("mkdir -p no/such"), "{said}");
    assert!(told("all -o deploy --check --report json=deploy").contains("`deploy` is a folder"));
    assert!(
        told("all -o deploy --check --report json=a --report sarif=a").contains("two reports would be written to `a`")
    );
    assert!(told("all -o deploy --check --report yaml=a").contains("there is no format `yaml`, but text, json, "));
    assert!(told("all -o deploy --check --report json").contains("as in `junit=report.xml`"));
    assert!(told("all -o deploy --check --report json=-").contains("standard output is `--format json`"));
    assert!(told("all -o deploy --check --max-bytes 10").contains("a report takes 1000 at least"));
    assert!(told("all -o deploy --check --format yaml").contains("[possible values: text, json, github, "));
}

#[test]
fn a_report_replaces_the_last_one_in_one_step() {
    let place = stale();
    place.write("a.json", "not JSON\n");
    place.run("all -o deploy --check -q --report json=a.json");
    json_of(&place.read("a.json"));
    assert_eq!(place.list("."), [".git", "a.json", "apps", "deploy"]);
}

#[cfg(unix)]
#[test]
fn a_report_goes_into_devices_and_through_no_link() {
    use std::os::unix::fs::symlink;
    let place = stale();
    let ran = place.run("all -o deploy --check -q --report github=/dev/stderr");
    assert!(ran.code == 1 && ran.stderr.starts_with("::error file="), "{}", ran.stderr);
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("token"), "secret").unwrap();
    symlink(outside.path().join("token"), place.path().join("link")).unwrap();
    symlink(outside.path().join("new"), place.path().join("nowhere")).unwrap();
    symlink(outside.path(), place.path().join("reports")).unwrap();
    for file in ["link", "nowhere", "reports/a.json"] {
        let told = place.run(&format!("all -o deploy --check -q --report json={file}")).told(2);
        assert!(told.contains(file) && told.contains("link"), "{told}");
    }
    assert_eq!(std::fs::read_to_string(outside.path().join("token")).unwrap(), "secret");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_standard_output_does_not_take_is_code_2() {
    let place = stale();
    for line in ["all -o deploy --check", "all -o deploy --check --format json", "diff -o deploy --format json"] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = place.command(line).stdout(full).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}: {told}");
        assert!(told.contains("error: cannot write to standard output: "), "{line}: {told}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_the_code_is_2() {
    let place = stale();
    let ran = place.run("all -o deploy --check -q --report json=/dev/full");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("error: cannot write `/dev/full`: "), "{}", ran.stderr);
    assert!(!ran.stdout.is_empty());
}

#[test]
fn the_schema_of_reports_is_printed() {
    let place = Folder::empty();
    let schema = json_of(&place.run("schema report").silently());
    assert_eq!(schema, render::report::schema());
    assert_eq!(json_of(&place.run("schema profile").silently()), json_of(&place.run("schema").silently()));
}
