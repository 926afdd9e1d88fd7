//! What a patch does to a document, and what it leaves alone.

use proptest::prelude::*;
use render::tree::{
    Node, Note, Path,
    patch::{self, Misfit},
};
use serde_json::{Value, json};

use crate::{yaml::explained, yaml_nasty};

/// A few of Kubernetes' merge keys; `ports` are told apart differently in containers and Services.
fn keys(list: &Path) -> Option<&'static str> {
    let list = list.to_string();
    match list.rsplit('.').next()? {
        "containers" | "env" | "volumes" => Some("name"),
        "ports" if list == "spec.ports" => Some("port"),
        "ports" => Some("containerPort"),
        _ => None,
    }
}

fn note() -> Note {
    Note::new("patch", vec![])
}

fn patched(document: Value, patch: Value) -> Value {
    let mut root = Node::from(document);
    patch::merge(&mut root, &patch, &keys, &note()).unwrap();
    Value::from(&root)
}

/// With the order of maps.
fn assert_patched(document: Value, patch: Value, want: Value) {
    assert_eq!(patched(document, patch).to_string(), want.to_string());
}

fn misfits(document: Value, patch: Value) -> Vec<Misfit> {
    patch::merge(&mut Node::from(document), &patch, &keys, &note()).unwrap_err()
}

fn removed(document: Value, pointer: &str) -> (Value, bool) {
    let mut root = Node::from(document);
    let found = patch::remove(&mut root, pointer, &keys, &note());
    (Value::from(&root), found)
}

fn pod() -> Value {
    json!({"spec": {"containers": [
        {"name": "orders", "image": "a:1", "args": ["a", "b"], "ports": [{"containerPort": 8000, "name": "http"}]},
        {"name": "proxy", "image": "b:1"},
    ], "volumes": [{"name": "tmp", "emptyDir": {}}]}})
}

#[test]
fn maps_merge_deeply_and_keep_their_order() {
    let document = json!({"z": {"b": 1, "a": {"x": 1}}, "y": 2});
    let patch = json!({"new": 1, "z": {"a": {"y": 2, "x": 3}, "c": true}});
    assert_patched(document, patch, json!({"z": {"b": 1, "a": {"x": 3, "y": 2}, "c": true}, "y": 2, "new": 1}));
}

#[test]
fn null_removes_and_is_never_set() {
    assert_patched(json!({"a": {"b": 1, "c": 2}}), json!({"a": {"b": null}}), json!({"a": {"c": 2}}));
    assert_patched(json!({"a": 1}), json!({"b": null, "c": {"d": null, "e": 1}}), json!({"a": 1, "c": {"e": 1}}));
    assert_patched(json!({"a": {"b": 1}}), json!({"a": {"b": null}}), json!({"a": {}}));
    assert_patched(json!({"l": [1]}), json!({"l": [{"a": null, "b": 1}]}), json!({"l": [{"b": 1}]}));
}

#[test]
fn a_map_replaces_a_scalar_and_the_other_way_round() {
    assert_patched(json!({"a": 1, "b": {"c": 1}}), json!({"a": {"c": 1}, "b": 1}), json!({"a": {"c": 1}, "b": 1}));
    assert_patched(json!({"a": [], "b": {}}), json!({"a": {}, "b": [2]}), json!({"a": {}, "b": [2]}));
}

#[test]
fn a_list_does_not_replace_a_map_nor_a_map_a_list() {
    let found = misfits(json!({"a": [1], "b": {"c": 1}}), json!({"a": {"d": 1}, "b": ["c=2"]}));
    let at = |name: &'static str| Path::new(name);
    assert_eq!(found, [Misfit::OtherForm { at: at("a"), list: false }, Misfit::OtherForm { at: at("b"), list: true }]);
}

#[test]
fn lists_without_a_merge_key_are_replaced() {
    let patch = json!({"spec": {"containers": [{"name": "orders", "args": ["c"]}]}});
    let patched = patched(pod(), patch);
    assert_eq!(patched["spec"]["containers"][0]["args"], json!(["c"]));
}

#[test]
fn lists_with_a_merge_key_merge_item_by_item() {
    let patch = json!({"spec": {"containers": [
        {"name": "sidecar", "image": "c:1"},
        {"name": "proxy", "image": "b:2"},
        {"name": "orders", "ports": [{"containerPort": 9000}, {"containerPort": 8000, "protocol": "TCP"}]},
    ], "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}});
    let want = json!({"spec": {"containers": [
        {"name": "orders", "image": "a:1", "args": ["a", "b"], "ports": [
            {"containerPort": 8000, "name": "http", "protocol": "TCP"}, {"containerPort": 9000},
        ]},
        {"name": "proxy", "image": "b:2"},
        {"name": "sidecar", "image": "c:1"},
    ], "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}});
    assert_patched(pod(), patch, want);
}

#[test]
fn the_place_of_a_list_decides_its_merge_key() {
    let service = json!({"spec": {"ports": [{"port": 80, "targetPort": "http"}]}});
    let patch = json!({"spec": {"ports": [{"port": 80, "nodePort": 30080}]}});
    assert_patched(service, patch, json!({"spec": {"ports": [{"port": 80, "targetPort": "http", "nodePort": 30080}]}}));
}

#[test]
fn an_item_that_does_not_say_which_one_it_is_does_not_fit() {
    let patch = json!({"spec": {"containers": [{"image": "c"}, {"name": "orders", "env": ["A=b", {"name": null}]}]}});
    let list = |path: &'static str, index| Misfit::NoMergeKey { list: Path::new(path), index, key: "name" };
    let env = "spec.containers[name=orders].env";
    let want = vec![list("spec.containers", 0), list(env, 0), list(env, 1)];
    assert_eq!(misfits(pod(), patch.clone()), want);
    assert_eq!(misfits(json!({}), patch), want, "in a new list as in an old one");
}

#[test]
fn a_patch_is_a_map() {
    for patch in [json!(null), json!("a"), json!([1])] {
        assert_eq!(misfits(pod(), patch), [Misfit::NotAMap]);
    }
}

#[test]
fn what_a_patch_sets_says_so() {
    let mut root = Node::from(json!({"a": 1, "b": {"c": 1, "d": 2}, "containers": [{"name": "x", "image": "a"}]}));
    for path in ["b", "b.c", "b.d", "containers[name=x].image"] {
        Path::new(path).find_mut(&mut root).unwrap().note = Some(Note::new("rule", vec![]));
    }
    let patch = json!({"b": {"c": 1, "e": {"f": 1}}, "containers": [{"name": "x", "image": "b"}, {"name": "y"}]});
    patch::merge(&mut root, &patch, &keys, &note()).unwrap();
    let yaml = "\
a: 1
b:  # rule
  c: 1  # patch
  d: 2  # rule
  e:  # patch
    f: 1
containers:
  - name: x
    image: b  # patch
  # patch
  - name: \"y\"
";
    assert_eq!(explained(&root), yaml);
}

#[test]
fn a_pointer_removes_one_value_and_nothing_around_it() {
    assert_eq!(removed(json!({"a": {"b": 1}}), "/a/b"), (json!({"a": {}}), true));
    assert_eq!(removed(json!({"a": {"b/c": 1, "d~e": 2}}), "/a/b~1c"), (json!({"a": {"d~e": 2}}), true));
    assert_eq!(removed(json!({"a": {"~1": 1}}), "/a/~01"), (json!({"a": {}}), true));
    assert_eq!(removed(json!({"": {"": 1}}), "//"), (json!({"": {}}), true));
    assert_eq!(removed(json!({"a": [1, 2, [3, 4]]}), "/a/2/0"), (json!({"a": [1, 2, [4]]}), true));
}

#[test]
fn a_pointer_names_items_of_lists_by_their_key_or_their_index() {
    let (found, done) = removed(pod(), "/spec/containers/orders/ports/8000");
    assert!(done && found["spec"]["containers"][0]["ports"] == json!([]));
    let (found, done) = removed(pod(), "/spec/containers/0/ports/0/name");
    assert!(done && found["spec"]["containers"][0]["ports"] == json!([{"containerPort": 8000}]));
    let (found, done) = removed(pod(), "/spec/volumes/tmp");
    assert!(done && found["spec"]["volumes"] == json!([]));
    let unkeyed = json!({"l": [{"name": "a"}, {"name": "0"}]});
    assert_eq!(removed(unkeyed.clone(), "/l/a"), (json!({"l": [{"name": "0"}]}), true));
    assert_eq!(removed(unkeyed, "/l/0"), (json!({"l": [{"name": "a"}]}), true), "a name before an index");
}

#[test]
fn a_pointer_that_leads_nowhere_removes_nothing() {
    for pointer in [
        "",
        "/",
        "spec",
        "spec/volumes",
        "/nope",
        "/spec/containers/2",
        "/spec/containers/-",
        "/spec/containers/01",
        "/spec/containers/+1",
        "/spec/volumes/tmp/x/y",
    ] {
        assert_eq!(removed(pod(), pointer), (pod(), false), "{pointer}");
    }
}

/// RFC 7396, which is what is left of the merge when no list has a key.
fn json_merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else { return *target = patch.clone() };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().shift_remove(key);
        } else {
            json_merge(&mut target[key], value);
        }
    }
}

/// Maps of maps with few keys, so that they meet; without lists, where the RFC keeps nulls and we do not.
fn maps() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![Just(json!(null)), any::<u8>().prop_map(Value::from), yaml_nasty::text().prop_map(Value::from)];
    let map =
        |value: BoxedStrategy<Value>| prop::collection::btree_map("[a-c]", value, 0..4).prop_map(|map| json!(map));
    map(leaf.prop_recursive(3, 30, 4, map).boxed())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn without_lists_it_is_the_json_merge_patch(document in maps(), patch in maps()) {
        let mut want = document.clone();
        json_merge(&mut want, &patch);
        prop_assert_eq!(patched(document, patch), want);
    }

    #[test]
    fn a_patch_applied_twice_changes_nothing_more(document in maps(), patch in maps()) {
        let once = patched(document, patch.clone());
        prop_assert_eq!(patched(once.clone(), patch), once);
    }
}
