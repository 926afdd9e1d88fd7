//! A job summary.

use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use super::*;

fn cut(report: &Report, bytes: usize) -> String {
    Format::Markdown.write(report, bytes)
}

/// Whether every fence and every fold is closed, the former by its own kind.
fn assert_closed(text: &str) {
    let mut open: Option<&str> = None;
    for line in text.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match open {
            None if ticks.len() >= 3 => open = Some(ticks),
            Some(fence) if ticks.len() >= fence.len() && line == ticks => open = None,
            _ => {}
        }
    }
    assert_eq!(open, None, "{text}");
    assert_eq!(text.matches("<details").count(), text.matches("</details>").count(), "{text}");
}

#[test]
fn a_cut_leaves_what_is_said_besides_out_before_what_differs() {
    let mut report = differing();
    for app in 0..30 {
        let mut one = problem(Severity::Warning, "no-probes", "nothing but an open port is checked");
        one.profile = Some(format!("apps/app-{app}/profile.toml"));
        report.diagnostics.push(one);
    }
    let text = cut(&report, 3000);
    assert!(text.contains("* `Deployment staging/orders` **rollout**"), "{text}");
    assert!(text.contains("more findings: the report is cut to 3000 bytes"), "{text}");
    assert_closed(&text);
}

#[test]
fn files_are_a_list_in_a_fold_of_their_profile() {
    assert_data_eq!(
        written(Format::Markdown, &checked()),
        str![[r#"
## render: 2 files differ

1 of 2 profiles, 10 files compared with `deploy`: 1 missing, 1 stale

<details open><summary><b>apps/orders/profile.toml</b>: 1 warning, 2 files</summary>

* **stale** `deploy/k8s/staging/orders/deployment.yaml`: `spec.replicas: 2 → 3; 3 wanted (apps/orders/profile.toml:18); the profile or the renderer changed; run without --check`
* **missing** `deploy/k8s/staging/orders/service.yaml`: `spec.replicas: 2 → 3; 3 wanted (apps/orders/profile.toml:18); the profile or the renderer changed; run without --check`
* **warning** `no-probes` at `apps/orders/profile.toml:4`: `nothing but an open port is checked`; help: `write it`

</details>


"#]]
    );
}

#[test]
fn fields_are_a_diff() {
    let text = written(Format::Markdown, &differing());
    let expected = "\
* `Deployment staging/orders` **rollout** (`staging`, `k8s`)

```diff
- spec.template.spec.containers[orders].image: …@sha256:1111";
    assert!(text.contains(expected), "{text}");
    let expected = "\
```diff
@@ data.orders.toml  # apps/orders/profile.toml:30 @@
  two
  three
  four
- five
+ fünf
  six
";
    assert!(text.contains(expected), "{text}");
    assert!(
        text.contains("* `HorizontalPodAutoscaler staging/orders` **delete** (`staging`, `k8s`), removed\n"),
        "{text}"
    );
    assert!(text.contains("+ data.key: ***\n") && text.contains("  * `the cluster was not asked`\n"), "{text}");
}

#[test]
fn no_difference_is_said() {
    let text = written(Format::Markdown, &empty(Command::Check));
    assert!(text.starts_with("## render: no difference\n"), "{text}");
}

/// The default is below what GitHub takes of a step.
#[test]
fn a_summary_is_one_that_github_takes() {
    let text = written(Format::Markdown, &many(20_000));
    assert!(text.len() <= 1024 * 1024 && text.len() > 900_000, "{}", text.len());
    let left = text.lines().last().unwrap();
    assert!(left.ends_with(" more findings: the report is cut to 1000000 bytes (`--max-bytes`)."), "{left}");
    assert_closed(&text);
}

#[test]
fn what_is_too_long_is_cut_field_by_field() {
    let mut report = differing();
    let fields = (0..500).map(|at| change(&format!("/data/key-{at}"), Some(json!("a")), Some(json!("b")), None));
    report.objects[0].changes = fields.collect();
    let text = cut(&report, 8000);
    assert!(text.len() <= 8000, "{}", text.len());
    assert!(text.contains("… and ") && text.contains(" more fields\n```\n"), "{text}");
    // One long object hides none of the others.
    assert!(text.contains("HorizontalPodAutoscaler") && text.contains("Secret"), "{text}");
    assert_closed(&text);
}

#[test]
fn a_profile_cannot_open_or_close_anything() {
    let text = written(Format::Markdown, &nasty());
    assert_closed(&text);
    assert!(!text.contains(['\r', '\u{0}', '\u{202e}']), "{text}");
    let summary = text.lines().find(|line| line.starts_with("<details")).unwrap();
    assert_eq!(summary.matches('<').count(), 5, "{summary}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// However little room there is and whatever values are, nothing is left open, and nothing is longer.
    #[test]
    fn whatever_is_cut_is_whole(bytes in 1000_usize..6000, values in prop::collection::vec("(`{0,5}|.|\n){0,60}", 1..12)) {
        let mut report = checked();
        report.objects = differing().objects;
        for (at, value) in values.iter().enumerate() {
            let new = Some(json!(value));
            let fields = vec![change(&format!("/data/{at}"), Some(json!("old")), new, Some(at + 1))];
            report.objects.push(object("ConfigMap", ChangeType::Modify, Impact::InPlace, fields));
        }
        let text = cut(&report, bytes);
        prop_assert!(text.len() <= bytes, "{} of {bytes}", text.len());
        assert_closed(&text);
    }
}
