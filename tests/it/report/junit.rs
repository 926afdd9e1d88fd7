//! A test report.

use super::*;

#[test]
fn a_suite_for_each_environment_and_a_case_for_each_rendering_green_ones_too() {
    let text = written(Format::Junit, &checked());
    let expected = [
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        r#"<testsuites name="render" tests="2" failures="1" errors="0">"#,
        r#"  <testsuite name="production" tests="1" failures="0" errors="0">"#,
        r#"    <testcase classname="apps/orders/profile.toml" name="k8s">"#,
        r#"      <system-out>"#,
        r#"  <testsuite name="staging" tests="1" failures="1" errors="0">"#,
        r#"      <failure type="differs" message="2 differences">deploy/k8s/staging/orders/deployment.yaml (stale): spec.replicas"#,
    ];
    for line in expected {
        assert!(text.lines().any(|there| there.starts_with(line)), "{line}\nin {text}");
    }
    let silent = Report { diagnostics: Vec::new(), ..checked() };
    let green = r#"    <testcase classname="apps/orders/profile.toml" name="k8s"/>"#;
    assert_eq!(written(Format::Junit, &silent).lines().filter(|line| *line == green).count(), 1);
}

#[test]
fn an_error_is_of_every_rendering_that_has_it() {
    let mut report = checked();
    report.diagnostics = vec![problem(Severity::Error, "unknown-key", "unknown key `prot`")];
    let text = written(Format::Junit, &report);
    assert_eq!(text.matches("<error type=\"errors\" message=\"1 error\">").count(), 2, "{text}");
    assert!(text.contains("tests=\"2\" failures=\"0\" errors=\"2\""), "{text}");
    report.diagnostics[0].environments = vec!["staging".into()];
    let text = written(Format::Junit, &report);
    assert!(text.contains("<testsuite name=\"production\" tests=\"1\" failures=\"0\" errors=\"0\""), "{text}");
}

/// Of a profile that cannot be read nobody knows what it renders to.
#[test]
fn an_error_without_a_rendering_is_a_case_of_its_own() {
    let diagnostics = vec![problem(Severity::Error, "syntax", "no TOML")];
    let text = written(Format::Junit, &Report { diagnostics, ..empty(Command::Check) });
    assert!(text.contains("<testsuite name=\"(none)\" tests=\"1\" failures=\"0\" errors=\"1\""), "{text}");
    assert!(text.contains("<testcase classname=\"apps/orders/profile.toml\" name=\"(other)\">"), "{text}");
}

#[test]
fn no_text_of_a_profile_is_markup_or_what_xml_cannot_say() {
    let text = written(Format::Junit, &nasty());
    assert!(!text.contains("<b>") && !text.contains("]]>"), "{text}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}

#[test]
fn changes_of_a_diff_are_failures() {
    let text = written(Format::Junit, &differing());
    assert!(text.contains("Deployment staging/orders changes (rollout)\n  spec.template"), "{text}");
    assert!(text.contains("HorizontalPodAutoscaler staging/orders is removed (delete)"), "{text}");
}
