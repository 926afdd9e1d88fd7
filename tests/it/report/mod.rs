//! The formats of a report, written of reports made by hand: what `--check` and `diff` find, and what nobody should.

mod annotations;
mod files;
mod json;
mod junit;
mod markdown;
mod oracle;
mod scanning;
mod text;

use std::collections::BTreeMap;

use render::{
    problem::Severity,
    report::{
        Base, BaseKind, Change, ChangeType, Command, Compared, Diagnostic, FileState, Fix, Format, Identity, Impact,
        Kind, Object, Of, Place, Report, Summary,
    },
};
use serde_json::{Value, json};

const PROFILE: &str = "apps/orders/profile.toml";

/// What ends a line, a command, an attribute, a code span, a fence, a table and a string, here and there.
const NASTY: &str = "a%b\r\n::error::x,y:z ``` `q` <b>&\"' | \u{1b}[31m \u{0} ]]> \u{202e} ü \\";

fn of(env: &str) -> Of {
    Of { profile: Some(PROFILE.into()), env: Some(env.into()), target: Some("k8s".into()) }
}

fn place(line: usize, key: &str) -> Place {
    Place { file: PROFILE.into(), line, column: 3, byte: 4, key: Some(key.into()) }
}

fn file(name: &str, state: &'static str, line: Option<usize>) -> FileState {
    let file = format!("deploy/k8s/staging/orders/{name}");
    let advice = "the profile or the renderer changed; run without --check";
    let detail = "spec.replicas: 2 → 3; 3 wanted (apps/orders/profile.toml:18)";
    let shown = format!("{state:<12} {file}: {detail}; {advice}");
    FileState {
        file,
        state,
        advice: advice.into(),
        detail: Some(detail.into()),
        of: of("staging"),
        source: line.map(|line| place(line, "workers")),
        shown,
    }
}

fn change(path: &str, old: Option<Value>, new: Option<Value>, line: Option<usize>) -> Change {
    let change = match (&old, &new) {
        (None, _) => Kind::Add,
        (_, None) => Kind::Remove,
        _ => Kind::Replace,
    };
    let source = line.map(|line| place(line, "resources.memory"));
    Change {
        path: path.into(),
        pointer: path.replace("name=orders", "0"),
        change,
        old_value: old,
        new_value: new,
        source,
        reason: None,
    }
}

fn object(kind: &str, change_type: ChangeType, impact: Impact, changes: Vec<Change>) -> Object {
    let identity = Identity {
        api_version: "apps/v1".into(),
        kind: kind.into(),
        namespace: Some("staging".into()),
        name: "orders".into(),
    };
    let file = Some(format!("deploy/k8s/staging/orders/{}.yaml", kind.to_lowercase()));
    Object { of: of("staging"), file, identity, change_type, impact, changes, notes: Vec::new() }
}

fn problem(severity: Severity, code: &str, message: &str) -> Diagnostic {
    Diagnostic {
        code: code.into(),
        severity,
        message: message.into(),
        help: Some("write it".into()),
        profile: Some(PROFILE.into()),
        environments: Vec::new(),
        source: Some(place(4, "")),
        fix: None,
        shown: String::new(),
    }
}

/// A report of nothing, for tests to fill.
fn empty(command: Command) -> Report {
    let base = Base { kind: BaseKind::Folder, reference: "deploy".into(), commit: None };
    Report {
        command,
        base: Some(base),
        summary: Summary::default(),
        renderings: Vec::new(),
        files: Vec::new(),
        objects: Vec::new(),
        diagnostics: Vec::new(),
    }
}

/// What `render all --check` finds.
fn checked() -> Report {
    let compared = |env: &str| Compared { of: of(env), files: 5 };
    Report {
        summary: Summary {
            profiles: 2,
            selected: 1,
            compared: 10,
            unchanged: 8,
            changed: BTreeMap::from([("missing".into(), 1), ("stale".into(), 1)]),
            ..Summary::default()
        },
        renderings: vec![compared("production"), compared("staging")],
        files: vec![file("deployment.yaml", "stale", Some(18)), file("service.yaml", "missing", None)],
        diagnostics: vec![problem(Severity::Warning, "no-probes", "nothing but an open port is checked")],
        ..empty(Command::Check)
    }
}

/// What `render diff` finds.
fn differing() -> Report {
    let container = "/spec/template/spec/containers/name=orders";
    let image = |digit: &str| json!(format!("ghcr.io/acme/orders:1.4.2@sha256:{}", digit.repeat(64)));
    let deployment = object(
        "Deployment",
        ChangeType::Modify,
        Impact::Rollout,
        vec![
            change(&format!("{container}/image"), Some(image("1")), Some(image("2")), Some(2)),
            change(
                &format!("{container}/resources/limits/memory"),
                Some(json!("256Mi")),
                Some(json!("512Mi")),
                Some(22),
            ),
            change(
                &format!("{container}/resources/requests/memory"),
                Some(json!("256Mi")),
                Some(json!("512Mi")),
                Some(22),
            ),
            change("/metadata/labels/app.kubernetes.io~1version", Some(json!("1")), None, None),
        ],
    );
    let text = |word: &str| json!(format!("one\ntwo\nthree\nfour\n{word}\nsix\nseven\neight\nnine\n"));
    let files = object(
        "ConfigMap",
        ChangeType::Modify,
        Impact::InPlace,
        vec![change("/data/orders.toml", Some(text("five")), Some(text("fünf")), Some(30))],
    );
    let gone = object("HorizontalPodAutoscaler", ChangeType::Remove, Impact::Delete, Vec::new());
    let mut new =
        object("Secret", ChangeType::Add, Impact::InPlace, vec![change("/data/key", None, Some(json!("***")), None)]);
    new.notes.push("the cluster was not asked".into());
    Report {
        summary: Summary {
            profiles: 1,
            selected: 1,
            compared: 6,
            unchanged: 2,
            changed: BTreeMap::from([("ADD".into(), 1), ("MODIFY".into(), 2), ("REMOVE".into(), 1)]),
            ..Summary::default()
        },
        objects: vec![deployment, files, gone, new],
        ..empty(Command::Diff)
    }
}

/// Every text is what should not be there.
fn nasty() -> Report {
    let of = Of { profile: Some(NASTY.into()), env: Some(NASTY.into()), target: Some("k8s".into()) };
    let place = Place { file: NASTY.into(), line: 7, column: 2, byte: 2, key: Some(NASTY.into()) };
    let mut file = file(NASTY, "stale", None);
    file.detail = Some(NASTY.into());
    // The line itself is of `deliver`, which takes care of it.
    file.shown = "stale        deploy".into();
    file.of = of.clone();
    file.source = Some(place.clone());
    let mut changed = change(&format!("/data/{NASTY}"), Some(json!(NASTY)), Some(json!([NASTY])), None);
    changed.source = Some(place.clone());
    let long = change("/data/b", Some(json!(format!("{NASTY}\n{NASTY}"))), Some(json!(format!("````\n{NASTY}"))), None);
    let mut object = object(NASTY, ChangeType::Modify, Impact::Rollout, vec![changed, long]);
    object.identity.name = NASTY.into();
    object.notes.push(NASTY.into());
    object.of = of.clone();
    let mut problem = problem(Severity::Error, "unknown-key", NASTY);
    problem.help = Some(NASTY.into());
    problem.profile = Some(NASTY.into());
    problem.environments = vec![NASTY.into()];
    problem.fix =
        Some(Fix { from: place.clone(), to: Place { column: 9, byte: 11, ..place.clone() }, text: NASTY.into() });
    problem.source = Some(place);
    Report {
        summary: Summary { profiles: 1, selected: 1, errors: 1, ..Summary::default() },
        renderings: vec![Compared { of, files: 1 }],
        files: vec![file],
        objects: vec![object],
        diagnostics: vec![problem],
        ..empty(Command::Diff)
    }
}

/// A report of so many files, each with a problem of its own.
fn many(count: usize) -> Report {
    let files = (0..count).map(|at| file(&format!("{at}.yaml"), "stale", Some(at + 1))).collect();
    Report { files, ..checked() }
}

fn written(format: Format, report: &Report) -> String {
    format.write(report, render::report::MOST_BYTES)
}

/// Every format, of every report.
fn all() -> Vec<(String, String)> {
    let reports = [
        ("nothing", empty(Command::Check)),
        ("checked", checked()),
        ("differing", differing()),
        ("nasty", nasty()),
        ("many", many(400)),
    ];
    let formats = |(name, report): &(&str, Report)| {
        Format::ALL.map(|(format, of)| (format!("{name}.{format}"), written(of, report)))
    };
    reports.iter().flat_map(formats).collect()
}
