//! `render list`.

use serde_json::Value;

use super::*;

#[test]
fn a_line_for_each_rendering() {
    let listed = repository().run("list -q").silently();
    let expected = "\
apps/billing/profile.toml  billing  default     k8s       k8s/default/billing
apps/billing/profile.toml  billing  -           compose   compose/billing
apps/billing/profile.toml  billing  default     cloudrun  cloudrun/default/billing
apps/orders/profile.toml   orders   staging     k8s       k8s/staging/orders
apps/orders/profile.toml   orders   production  k8s       k8s/production/orders
apps/orders/profile.toml   orders   -           compose   compose/orders
apps/orders/profile.toml   orders   staging     compose   compose/orders
apps/orders/profile.toml   orders   production  compose   compose/orders
";
    assert_eq!(listed, expected);
}

#[test]
fn json_is_one_line_for_a_matrix_and_names_what_is_written() {
    let place = delivered();
    let listed = place.run("list -q --format json --target k8s").silently();
    assert_eq!(listed.lines().count(), 1);
    let rows: Vec<Value> = serde_json::from_str(&listed).unwrap();
    assert_eq!(rows.len(), 3);
    for row in &rows {
        let folder = row["folder"].as_str().unwrap();
        assert!(place.path().join("deploy").join(folder).is_dir(), "{folder}");
        assert!(place.path().join(row["profile"].as_str().unwrap()).is_file());
    }
    assert_eq!((&rows[1]["name"], &rows[1]["environment"]), (&"orders".into(), &"staging".into()));
}

#[test]
fn a_profile_with_errors_is_told_and_the_others_listed() {
    let place = repository();
    place.write("apps/billing/profile.toml", "name = 1\n");
    let ran = place.run("list -q --format json --target k8s");
    assert!(ran.code == 2 && ran.stderr.contains("apps/billing/profile.toml"), "{}", ran.stderr);
    assert_eq!(serde_json::from_str::<Vec<Value>>(&ran.stdout).unwrap().len(), 2);
}

#[test]
fn nothing_is_an_empty_list() {
    let place = repository();
    assert_eq!(place.run("list -q --format json --shard 3/3").silently(), "[]\n");
    assert_eq!(place.run("list -q --shard 3/3").silently(), "");
}
