//! Every state that a file can be in, and what writing does about it.

use render::deliver::{State, write};

use super::*;

/// The state of `service.yaml` in a folder, and whether writing over it is refused.
fn state(output: &Output, dir: &Path) -> (State, bool) {
    let (_, state) = states(output, dir).into_iter().find(|(name, _)| name == "service.yaml").expect("a file rendered");
    (state, write(output, dir, false).is_err())
}

#[test]
fn what_was_just_written_is_ok() {
    let dir = delivered();
    assert_eq!(states(&two(), dir.path()), [("deployment.yaml".into(), State::Ok), ("service.yaml".into(), State::Ok)]);
}

#[test]
fn in_a_folder_that_is_not_there_everything_is_missing_and_check_does_not_make_it() {
    let dir = folder();
    let deploy = dir.path().join("deploy");
    assert!(states(&two(), &deploy).iter().all(|(_, state)| *state == State::Missing));
    assert!(!deploy.exists());
}

#[test]
fn a_crlf_copy_is_ok_and_stays_as_it_is() {
    let dir = delivered();
    let windows = read(dir.path(), "service.yaml").replace('\n', "\r\n");
    put(dir.path(), "service.yaml", &windows);
    assert_eq!(state(&two(), dir.path()), (State::Ok, false));
    assert_eq!(read(dir.path(), "service.yaml"), windows);
}

#[test]
fn a_changed_profile_makes_files_stale_and_writing_mends_them() {
    let dir = delivered();
    assert_eq!(state(&two_changed(), dir.path()), (State::Stale, false));
    assert!(read(dir.path(), "service.yaml").contains("type: None"));
}

#[test]
fn a_changed_renderer_makes_files_stale_too() {
    let dir = delivered();
    let changed = output(&[("service.yaml", &SERVICE.replace("ClusterIP", "None"))]);
    assert_eq!(state(&changed, dir.path()), (State::Stale, false));
}

#[test]
fn a_stale_crlf_copy_is_stale_not_edited() {
    let dir = delivered();
    put(dir.path(), "service.yaml", read(dir.path(), "service.yaml").replace('\n', "\r\n"));
    assert_eq!(state(&two_changed(), dir.path()), (State::Stale, false));
}

#[test]
fn a_hand_edit_is_edited_and_refused() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "ClusterIP", "NodePort");
    assert_eq!(state(&two(), dir.path()), (State::Edited, true));
}

#[test]
fn a_hand_edit_under_a_changed_profile_is_both() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "ClusterIP", "NodePort");
    assert_eq!(state(&two_changed(), dir.path()), (State::StaleEdited, true));
}

#[test]
fn a_hand_edit_under_a_changed_renderer_is_both() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "ClusterIP", "NodePort");
    let changed = output(&[("service.yaml", &SERVICE.replace("ClusterIP", "None"))]);
    assert_eq!(state(&changed, dir.path()), (State::StaleEdited, true));
}

#[test]
fn a_body_that_somebody_brought_up_to_date_by_hand_has_nothing_to_lose() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "ClusterIP", "None");
    assert_eq!(state(&two_changed(), dir.path()), (State::Stale, false));
    assert_eq!(state(&two_changed(), dir.path()), (State::Ok, false));
}

#[test]
fn another_layout_of_the_same_values_is_reformatted() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "\n  name: orders", " { \"name\": 'orders' }");
    assert_eq!(state(&two(), dir.path()), (State::Reformatted, false));
    assert_eq!(state(&two(), dir.path()), (State::Ok, false));
}

#[test]
fn a_formatter_that_puts_a_document_marker_on_top_only_reformats() {
    let dir = delivered();
    put(dir.path(), "service.yaml", format!("---\n{}", read(dir.path(), "service.yaml")));
    assert_eq!(state(&two(), dir.path()), (State::Reformatted, false));
}

#[test]
fn a_comment_that_somebody_left_is_an_edit() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "type: ClusterIP", "type: ClusterIP # do not touch, ask Ann");
    assert_eq!(state(&two(), dir.path()), (State::Edited, true));
    edit(dir.path(), "service.yaml", " # do not touch, ask Ann", "\n# do not touch, ask Ann");
    assert_eq!(state(&two(), dir.path()), (State::Edited, true));
    edit(dir.path(), "service.yaml", "\n# do not touch", "\t# do not touch");
    assert_eq!(state(&two(), dir.path()), (State::Edited, true));
}

#[test]
fn a_value_of_another_type_is_an_edit() {
    let dir = folder();
    let quoted = output(&[("service.yaml", "port: \"80\"\n")]);
    write(&quoted, dir.path(), false).unwrap();
    edit(dir.path(), "service.yaml", "\"80\"", "80");
    assert_eq!(state(&quoted, dir.path()), (State::Edited, true));
}

#[test]
fn a_tag_that_went_is_an_edit_though_the_values_are_equal() {
    let dir = folder();
    for (tagged, plain) in [("ports: !reset []\n", "ports: []\n"), ("a: {b: !override {c: 1}}\n", "a: {b: {c: 1}}\n")] {
        for (rendered, by_hand) in [(tagged, plain), (plain, tagged)] {
            let output = output(&[("service.yaml", rendered)]);
            write(&output, dir.path(), true).unwrap();
            edit(dir.path(), "service.yaml", rendered, by_hand);
            assert_eq!(state(&output, dir.path()), (State::Edited, true), "{rendered:?} -> {by_hand:?}");
        }
    }
}

#[test]
fn a_file_that_is_no_yaml_is_never_merely_reformatted() {
    let dir = folder();
    let output = output(&[("Dockerfile", "FROM a\nRUN b\nRUN c\n")]);
    write(&output, dir.path(), false).unwrap();
    edit(dir.path(), "Dockerfile", "RUN b\nRUN c", "RUN b RUN c");
    assert_eq!(states(&output, dir.path()), [("Dockerfile".into(), State::Edited)]);
}

#[test]
fn a_broken_edit_is_an_edit() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "metadata:", "metadata: [}");
    assert_eq!(state(&two(), dir.path()), (State::Edited, true));
    let mut latin1 = read(dir.path(), "service.yaml").into_bytes();
    latin1.push(0xe9);
    put(dir.path(), "service.yaml", latin1);
    assert_eq!(state(&two(), dir.path()), (State::Edited, true));
}

#[test]
fn a_licence_above_the_header_is_an_edit_not_a_foreign_file() {
    let dir = delivered();
    put(dir.path(), "service.yaml", format!("# Copyright Acme\n\n{}", read(dir.path(), "service.yaml")));
    assert_eq!(state(&two(), dir.path()), (State::Edited, true));
}

#[test]
fn a_file_without_header_is_foreign_even_with_our_body() {
    let dir = folder();
    for text in [SERVICE, "", "\0\u{1}", "# Code generated by render; DO NOT EDIT.\n"] {
        put(dir.path(), "service.yaml", text);
        assert_eq!(state(&two(), dir.path()), (State::Foreign, true), "{text:?}");
    }
}

#[test]
fn files_that_are_not_rendered_any_more_are_orphans_and_stay() {
    let dir = delivered();
    let less = output(&[("deployment.yaml", DEPLOYMENT)]);
    let expected = [("service.yaml".to_string(), State::Orphan)];
    assert_eq!(states(&less, dir.path())[1..], expected);
    let report = write(&less, dir.path(), true).unwrap();
    assert_eq!(brief(&report.orphans), expected);
    assert_eq!(names(dir.path()), ["deployment.yaml", "service.yaml"]);
}

#[test]
fn a_temporary_file_of_a_run_beside_us_is_no_orphan() {
    let dir = delivered();
    put(dir.path(), ".render-abc.tmp", read(dir.path(), "service.yaml"));
    assert!(states(&two(), dir.path()).iter().all(|(_, state)| *state == State::Ok));
}

#[test]
fn a_rival_is_refused_even_with_force() {
    let dir = delivered();
    put(dir.path(), "compose.yaml", "services: {}\n");
    let mut changed = two_changed();
    changed.rivals = &["compose.yml", "compose.yaml"];
    assert_eq!(states(&changed, dir.path())[2..], [("compose.yaml".into(), State::Rival)]);
    assert_eq!(refused(&changed, dir.path(), true), [("compose.yaml".into(), State::Rival)]);
    assert!(read(dir.path(), "service.yaml").contains("ClusterIP"));
}

#[test]
fn people_read_one_line_per_file() {
    let line = |state, detail: Option<&str>| {
        Finding { path: "deploy/service.yaml".into(), state, detail: detail.map(Into::into) }.to_string()
    };
    assert_eq!(
        line(State::Stale, None),
        "stale        deploy/service.yaml: the profile or the renderer changed; run without --check"
    );
    let odd = line(State::Blocked, Some("two\nlines"));
    assert_eq!(odd, "blocked      deploy/service.yaml: two\\u{a}lines; move it away");
}
