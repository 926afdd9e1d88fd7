//! Everything, or nothing.

use std::time::{Duration, SystemTime};

use render::deliver::{Error, State, write};

use super::*;

#[test]
fn a_folder_is_made_if_it_is_missing() {
    let dir = folder();
    let deep = dir.path().join("deploy/k8s/prod");
    let report = write(&output(&[("a.yaml", "a: 1\n"), ("sub/b.yaml", "b: 1\n")]), &deep, false).unwrap();
    assert_eq!(brief(&report.written), [("a.yaml".into(), State::Missing), ("b.yaml".into(), State::Missing)]);
    assert_eq!(names(&deep), ["a.yaml", "sub"]);
    assert_eq!(names(&deep.join("sub")), ["b.yaml"]);
}

#[test]
fn equal_files_keep_their_time() {
    let dir = delivered();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for name in names(dir.path()) {
        fs::File::options().write(true).open(dir.path().join(name)).unwrap().set_modified(old).unwrap();
    }
    let time = |name: &str| fs::metadata(dir.path().join(name)).unwrap().modified().unwrap();
    let mut changed = two_changed();
    changed.files[0].model = two().files[0].model;
    let report = write(&changed, dir.path(), false).unwrap();
    assert_eq!((brief(&report.written), report.kept), (vec![("service.yaml".into(), State::Stale)], 1));
    assert_eq!(time("deployment.yaml"), old);
    assert_ne!(time("service.yaml"), old);
    assert_eq!(write(&changed, dir.path(), false).unwrap().written, []);
}

#[test]
fn one_refusal_keeps_everything_as_it_is_and_all_are_named() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "ClusterIP", "NodePort");
    put(dir.path(), "hpa.yaml", "mine: true\n");
    let mut changed = two_changed();
    changed.files[0].text.push_str("spec: {}\n");
    changed.files.push(document("hpa.yaml", "kind: HorizontalPodAutoscaler\n"));
    changed.files.push(document("sub/new.yaml", "kind: Pod\n"));
    let before: Vec<_> = names(dir.path()).into_iter().map(|name| (read(dir.path(), &name), name)).collect();
    let expected = [("service.yaml".into(), State::StaleEdited), ("hpa.yaml".into(), State::Foreign)];
    assert_eq!(refused(&changed, dir.path(), false), expected);
    let after: Vec<_> = names(dir.path()).into_iter().map(|name| (read(dir.path(), &name), name)).collect();
    assert_eq!(before, after);
    let message = write(&changed, dir.path(), false).unwrap_err().to_string();
    assert!(message.starts_with("nothing was written"), "{message}");
    assert!(
        message.contains("service.yaml") && message.contains("hpa.yaml") && message.contains("--force"),
        "{message}"
    );
}

#[test]
fn force_overwrites_edits_and_foreign_files() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "ClusterIP", "NodePort");
    put(dir.path(), "deployment.yaml", "mine: true\n");
    let report = write(&two(), dir.path(), true).unwrap();
    assert_eq!(
        brief(&report.written),
        [("deployment.yaml".into(), State::Foreign), ("service.yaml".into(), State::Edited)]
    );
    assert!(states(&two(), dir.path()).iter().all(|(_, state)| *state == State::Ok));
}

#[test]
fn the_report_says_what_was_written_over_what() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "ClusterIP", "NodePort");
    let mut output = two();
    output.files.remove(0);
    output.files.push(document("new.yaml", "a: 1\n"));
    let report = write(&output, dir.path(), true).unwrap().to_string();
    let at = dir.path().display();
    let expected = format!(
        "replaced     {at}/service.yaml (edited)\n\
         wrote        {at}/new.yaml\n\
         orphan       {at}/deployment.yaml: no part of what is rendered here; `render all … --prune` deletes it, or \
         delete it, or move it away"
    );
    assert_eq!(report, expected);
}

#[test]
fn paths_that_lead_out_are_refused() {
    let dir = folder();
    let deploy = dir.path().join("deploy");
    for path in ["../a", "/tmp/a", "a/../../b", "", ".", "a//b", "a/", "./a", "a\\b", "c:a", "a\0b"] {
        let error = write(&output(&[("fine.yaml", "a: 1\n"), (path, "a: 1\n")]), &deploy, true).unwrap_err();
        assert!(matches!(error, Error::BadPath { .. }), "{path:?}: {error}");
    }
    assert!(!deploy.exists());
}

#[test]
fn two_files_of_one_name_or_a_file_named_as_a_folder_are_refused() {
    let dir = folder();
    for twice in [["a", "a"], ["a", "a/b"], ["a/b", "a"]] {
        let error = write(&output(&twice.map(|path| (path, "a: 1\n"))), dir.path(), true).unwrap_err();
        assert!(matches!(error, Error::BadPath { .. }), "{twice:?}: {error}");
    }
    assert!(names(dir.path()).is_empty());
    write(&output(&[("a", "a: 1\n"), ("ab/c", "a: 1\n"), ("a.b", "a: 1\n")]), dir.path(), false).unwrap();
}

#[test]
fn a_rendering_without_files_is_an_error_not_an_empty_folder() {
    let dir = delivered();
    assert!(matches!(write(&output(&[]), dir.path(), true), Err(Error::Nothing)));
    assert!(matches!(check(&output(&[]), dir.path()), Err(Error::Nothing)));
    assert_eq!(names(dir.path()).len(), 2);
}
