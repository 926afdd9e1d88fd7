//! What differs and is not told.

use render::diff::Ignore;

use super::*;

fn rules<'a>(ignore: &'a [Ignore], show_ignored: bool) -> Rules<'a> {
    Rules { ignore, show_ignored, ..Rules::PLAIN }
}

/// As a server gives an object back.
const LIVE: &str = r#"
apiVersion: v1
kind: Service
metadata:
  name: orders
  uid: 0d5c
  resourceVersion: "12"
  generation: 3
  creationTimestamp: "2026-01-01T00:00:00Z"
  managedFields: [{manager: kubectl}]
  labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system}
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: "{}"
    argocd.argoproj.io/tracking-id: a
    meta.helm.sh/release-name: orders
spec:
  clusterIP: 10.0.0.1
  clusterIPs: [10.0.0.1]
  ipFamilies: [IPv4]
  ports: [{port: 80, nodePort: 30001}]
status: {loadBalancer: {}}
"#;

const WANTED: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: orders}\nspec: {ports: [{port: 80}]}\n";

#[test]
fn what_servers_and_appliers_write_is_not_told() {
    let (live, wanted) = (document(LIVE), document(WANTED));
    assert_eq!(told(&live, &wanted), [""; 0]);
    assert_eq!(told(&wanted, &live).len(), 4, "what is said anew counts, unless it is bookkeeping");
    let all = compare(Some(&live), Some(&wanted), &rules(&[], true));
    let paths: Vec<&str> = all.iter().map(|change| change.path.as_str()).collect();
    for path in ["/metadata/uid", "/metadata/annotations", "/spec/clusterIP", "/spec/ports/port=80/nodePort", "/status"]
    {
        assert!(paths.contains(&path), "{path}: {paths:?}");
    }
}

#[test]
fn what_the_profile_sets_is_told_even_where_servers_choose() {
    let headless = document(&WANTED.replace("ports:", "clusterIP: None, ports:"));
    assert_eq!(told(&document(LIVE), &headless), ["~ /spec/clusterIP: \"10.0.0.1\" -> \"None\""]);
}

#[test]
fn what_goes_with_an_object_is_not_told_of_what_is_new_or_gone() {
    let [gone] = &compare(Some(&document(LIVE)), None, &Rules::PLAIN)[..] else { panic!() };
    assert_eq!(gone.old_value, Some(document(WANTED).value));
}

#[test]
fn a_restart_by_hand_is_no_difference() {
    let restarted = "{template: {metadata: {annotations: {kubectl.kubernetes.io/restartedAt: now}}, spec: {}}}";
    assert_eq!(told(&deployment(restarted), &deployment("{template: {spec: {}}}")), [""; 0]);
}

#[test]
fn replicas_are_the_autoscalers_where_there_is_one() {
    let scaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n\
                  spec: {scaleTargetRef: {kind: Deployment, name: orders}}\n";
    assert_eq!(render::diff::scales(&document(scaler)), Some(("Deployment".into(), "orders".into())));
    assert_eq!(render::diff::scales(&deployment("{}")), None);
    let (old, new) = (deployment("{replicas: 7}"), deployment("{replicas: 2}"));
    assert_eq!(told(&old, &new).len(), 1);
    assert_eq!(compare(Some(&old), Some(&new), &Rules { is_scaled: true, ..Rules::PLAIN }), []);
}

#[test]
fn a_repository_says_what_it_does_not_want_to_hear() {
    let (old, new) = (
        container("image: a:1, env: [{name: BUILD, value: '1'}], stdin: true"),
        container("image: a:2, env: [{name: BUILD, value: '2'}], stdin: false"),
    );
    let ignore = |kind: Option<&str>, path: &str| Ignore::new(kind.map(str::to_owned), path).unwrap();
    let left = |ignores: &[Ignore]| compare(Some(&old), Some(&new), &rules(ignores, false)).len();
    let app = "/spec/template/spec/containers/name=app";
    assert_eq!(left(&[]), 3);
    assert_eq!(left(&[ignore(None, &format!("{app}/env/name=BUILD/value"))]), 2);
    assert_eq!(left(&[ignore(None, "/spec/template/spec/containers/*/image")]), 2);
    assert_eq!(left(&[ignore(Some("Deployment"), app)]), 0);
    assert_eq!(left(&[ignore(Some("Service"), app)]), 3);
    assert_eq!(left(&[ignore(None, "/spec/template/spec/containers/name=other")]), 3);
    assert_eq!(compare(Some(&old), Some(&new), &rules(&[ignore(None, "/spec")], true)).len(), 3, "shown on demand");
    let labels = |value: &str| {
        document(&format!("{{apiVersion: v1, kind: A, metadata: {{name: a, labels: {{e.com/b: '{value}'}}}}}}"))
    };
    let ignores = [ignore(None, "/metadata/labels/e.com~1b")];
    assert_eq!(compare(Some(&labels("1")), Some(&labels("2")), &rules(&ignores, false)), []);
    assert!(Ignore::new(None, "metadata.labels").is_err() && Ignore::new(None, "/").is_err());
}
