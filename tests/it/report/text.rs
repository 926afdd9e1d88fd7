//! For people.

use snapbox::{assert_data_eq, str};

use super::*;

fn plain(report: &Report) -> String {
    let text = written(Format::Text, report);
    // As on no terminal.
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain + rest
}

#[test]
fn files_are_the_lines_that_people_know() {
    let report = checked();
    let lines: Vec<&str> = report.files.iter().map(|file| file.shown.as_str()).collect();
    assert_eq!(plain(&report), lines.join("\n") + "\n");
}

#[test]
fn objects_say_what_happens_to_them_and_fields_where_they_are_written() {
    assert_data_eq!(
        plain(&differing()),
        str![[r#"
apps/orders/profile.toml (staging, k8s)
  ~ Deployment staging/orders: rollout
      spec.template.spec.containers[orders].image: …@sha256:1111111111111111111111111111111111111111111111111111111111111111 → …@sha256:2222222222222222222222222222222222222222222222222222222222222222  (apps/orders/profile.toml:2)
      spec.template.spec.containers[orders].resources.limits.memory: 256Mi → 512Mi  (apps/orders/profile.toml:22)
      spec.template.spec.containers[orders].resources.requests.memory: 256Mi → 512Mi  (apps/orders/profile.toml:22)
      metadata.labels.app.kubernetes.io/version: 1 is gone
  ~ ConfigMap staging/orders: in-place
      data.orders.toml:  (apps/orders/profile.toml:30)
          two
          three
          four
        - five
        + fünf
          six
          seven
          eight
  - HorizontalPodAutoscaler staging/orders: delete
  + Secret staging/orders: in-place
      data.key: *** is new
      note: the cluster was not asked

"#]]
    );
}

#[test]
fn nothing_of_a_profile_leaves_its_line() {
    let text = plain(&nasty());
    assert!(!text.contains(['\r', '\u{0}', '\u{202e}']), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("::")), "{text}");
}
