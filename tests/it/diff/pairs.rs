//! Which document of one side is which of the other.

use render::diff::{self, Pair};

use super::*;

fn all(texts: &[&str]) -> Vec<Document> {
    texts.iter().flat_map(|text| documents(text, "").unwrap()).collect()
}

/// `old > new` by kind, namespace and name.
fn pairs(old: &[&str], new: &[&str]) -> Vec<String> {
    let name = |document: &Option<Document>| match document {
        Some(Document { identity, .. }) => {
            format!("{} {}/{}", identity.api_version, identity.namespace.as_deref().unwrap_or(""), identity.name)
        }
        None => "-".into(),
    };
    diff::pair(all(old), all(new)).iter().map(|Pair { old, new }| format!("{} > {}", name(old), name(new))).collect()
}

fn object(version: &str, name: &str) -> String {
    format!("{{apiVersion: {version}, kind: A, metadata: {name}}}")
}

#[test]
fn objects_are_paired_by_what_they_are_whatever_the_version_and_the_order() {
    let (a, b) = (object("x.io/v1", "{name: a, namespace: prod}"), object("x.io/v2", "{name: b, namespace: prod}"));
    let newer = object("x.io/v2", "{name: a, namespace: prod}");
    assert_eq!(pairs(&[&a, &b], &[&b, &newer]), ["x.io/v2 prod/b > x.io/v2 prod/b", "x.io/v1 prod/a > x.io/v2 prod/a"]);
    let other = object("y.io/v1", "{name: a, namespace: prod}");
    assert_eq!(pairs(&[&a], &[&other]), ["- > y.io/v1 prod/a", "x.io/v1 prod/a > -"]);
    let elsewhere = object("x.io/v1", "{name: a, namespace: test}");
    assert_eq!(pairs(&[&a], &[&elsewhere]).len(), 2);
}

#[test]
fn a_namespace_that_one_side_leaves_open_is_the_same() {
    let (with, without) = (object("v1", "{name: a, namespace: prod}"), object("v1", "{name: a}"));
    assert_eq!(pairs(&[&without], &[&with]), ["v1 /a > v1 prod/a"]);
    assert_eq!(pairs(&[&with], &[&without]), ["v1 prod/a > v1 /a"]);
    let exact = pairs(&[&without, &with], &[&with]);
    assert_eq!(exact, ["v1 prod/a > v1 prod/a", "v1 /a > -"], "the very same first");
}

#[test]
fn what_says_nearly_the_same_under_another_name_was_renamed() {
    let job = |name: &str, command: &str| {
        format!(
            "{{apiVersion: batch/v1, kind: Job, metadata: {{name: {name}}}, spec: {{backoffLimit: 1, ttl: 5, command: {command}, image: a}}}}"
        )
    };
    assert_eq!(
        pairs(&[&job("a-1", "x"), &job("b-1", "y")], &[&job("b-2", "y"), &job("a-2", "x")]),
        ["batch/v1 /b-1 > batch/v1 /b-2", "batch/v1 /a-1 > batch/v1 /a-2"]
    );
    let other =
        "{apiVersion: batch/v1, kind: Job, metadata: {name: c}, spec: {backoffLimit: 9, ttl: 9, command: z, image: c}}";
    assert_eq!(pairs(&[&job("a-1", "x")], &[other]), ["- > batch/v1 /c", "batch/v1 /a-1 > -"]);
    let small =
        |name: &str| format!("{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: {name}}}, automount: false}}");
    assert_eq!(pairs(&[&small("a")], &[&small("b")]).len(), 2, "who says next to nothing is like nobody");
    let [pair] = &diff::pair(all(&[&job("a", "x")]), all(&[&job("b", "x")]))[..] else { panic!() };
    assert!(pair.is_renamed());
    let changes = changes(pair.old.as_ref().unwrap(), pair.new.as_ref().unwrap());
    assert_eq!(lines(&changes), ["~ /metadata/name: \"a\" -> \"b\""]);
}

#[test]
fn files_are_paired_by_their_paths() {
    let of = |file: &str| documents("A=1\n", file).unwrap().remove(0);
    let paired = diff::pair(vec![of("a/.env.example"), of("b/.env.example")], vec![of("b/.env.example")]);
    assert_eq!(paired.len(), 2);
    assert_eq!(paired[0].old.as_ref().unwrap().file, "b/.env.example");
}

fn app(app: &str, namespace: &str) -> Vec<String> {
    let labels = format!("{{app.kubernetes.io/name: {app}, app.kubernetes.io/instance: {app}}}");
    let metadata = |name: &str| format!("metadata: {{name: {name}, namespace: {namespace}, labels: {labels}}}");
    let (own, media) = (metadata(app), metadata(&format!("{app}-media")));
    vec![
        format!("{{apiVersion: v1, kind: ServiceAccount, {own}, automountServiceAccountToken: false}}"),
        format!("{{apiVersion: v1, kind: ConfigMap, {media}, data: {{}}}}"),
        format!("{{apiVersion: v1, kind: Service, {own}, spec: {{selector: {labels}, type: ClusterIP}}}}"),
        format!(
            "{{apiVersion: apps/v1, kind: Deployment, {own}, spec: {{selector: {labels}, replicas: 2, template: \
             {{spec: {{serviceAccountName: {app}, containers: [{{name: {app}, image: 'a/{app}:1'}}]}}}}}}}}"
        ),
    ]
}

fn pairs_of(old: &[String], new: &[String]) -> Vec<String> {
    let texts =
        |all: &[String]| -> Vec<Document> { all.iter().flat_map(|text| documents(text, "").unwrap()).collect() };
    let name = |one: &Option<Document>| {
        one.as_ref().map_or("-".into(), |one| format!("{:?}/{}", one.identity.namespace, one.identity.name))
    };
    diff::pair(texts(old), texts(new))
        .iter()
        .map(|Pair { old, new }| format!("{} > {}", name(old), name(new)))
        .collect()
}

#[test]
fn an_app_by_another_name_is_paired_object_by_object_however_little_they_say() {
    for (old, new) in [(app("users", "prod"), app("user", "prod")), (app("users", "prod"), app("users", "shop"))] {
        let pairs = pairs_of(&old, &new);
        assert_eq!(pairs.len(), 4, "{pairs:#?}");
        assert!(pairs.iter().all(|pair| !pair.contains('-') || pair.contains("media")), "{pairs:#?}");
    }
    let pairs = pairs_of(&app("users", "prod"), &[app("user", "prod"), app("billing", "prod")].concat());
    assert_eq!(pairs.iter().filter(|pair| pair.starts_with("- > ")).count(), 4, "{pairs:#?}");
}

#[test]
fn of_many_that_are_alike_each_is_paired_with_the_one_whose_name_ends_the_same() {
    let policy = |name: &str| {
        format!(
            "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}, namespace: prod, labels: \
             {{team: shop, part: x}}}}, spec: {{policyTypes: [Ingress, Egress], podSelector: {{matchLabels: {{app: \
             {name}}}}}}}}}"
        )
    };
    let [old, new] = [["users-worker", "users-clean"], ["accounts-clean", "accounts-worker"]];
    let pairs = pairs_of(&old.map(policy), &new.map(policy));
    for part in ["worker", "clean"] {
        let pair = format!("Some(\"prod\")/users-{part} > Some(\"prod\")/accounts-{part}");
        assert!(pairs.contains(&pair), "{pair}: {pairs:#?}");
    }
}
