//! What a process has of its pod: facts about it, and variables of whole objects.

use serde_json::{Value, json};

use crate::rendered::{Cluster, Host};

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\ncommand = [\"serve\"]\n";

fn fact(name: &str, field: &str) -> Value {
    json!({ "name": name, "valueFrom": { "fieldRef": { "fieldPath": field } } })
}

fn plain(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

fn env(profile: &str) -> Vec<Value> {
    Cluster::of(profile).unwrap().container()["env"].as_array().unwrap().clone()
}

#[test]
fn a_fact_about_the_pod_is_a_field_of_it_and_texts_take_it_from_a_variable_before_them() {
    let profile = format!("{APP}[env]\nADDRESS = \"${{pod.ip}}\"\nNODE = \"n-${{pod.name}}@${{pod.ip}}\"\n");
    let wanted = [
        fact("POD_NAME", "metadata.name"),
        fact("POD_IP", "status.podIP"),
        fact("ADDRESS", "status.podIP"),
        plain("NODE", "n-$(POD_NAME)@$(POD_IP)"),
    ];
    assert_eq!(env(&profile), wanted);
}

#[test]
fn arguments_take_facts_from_variables() {
    let profile = format!("{APP}args = [\"--in\", \"${{pod.namespace}}\"]\n");
    assert_eq!(env(&profile), [fact("POD_NAMESPACE", "metadata.namespace")]);
    assert_eq!(Cluster::of(&profile).unwrap().container()["args"], json!(["--in", "$(POD_NAMESPACE)"]));
}

#[test]
fn a_variable_that_texts_need_is_not_free_for_something_else() {
    for taken in ["[env]\nPOD_IP = \"1\"\nA = \"<${pod.ip}>\"", "[secrets]\nPOD_IP = \"a\"\n[env]\nA = \"<${pod.ip}>\""]
    {
        let refused = Cluster::of(&format!("{APP}{taken}")).err().expect("POD_IP is taken");
        assert!(refused.contains("reserved-env"), "{refused}");
    }
    let itself = format!("{APP}[env]\nB = \"<${{pod.ip}}>\"\nPOD_IP = \"${{pod.ip}}\"\n");
    assert_eq!(env(&itself), [fact("POD_IP", "status.podIP"), plain("B", "<$(POD_IP)>")]);
    let alone = format!("{APP}[env]\nA = \"${{pod.ip}}\"\nPOD_IP = \"1\"\n");
    assert_eq!(env(&alone), [fact("A", "status.podIP"), plain("POD_IP", "1")]);
}

#[test]
fn compose_gives_the_names_that_it_has_instead_of_facts_about_a_pod() {
    let profile = format!("{APP}compose.project = \"shop\"\n[env]\nWHERE = \"${{pod.name}}.${{pod.namespace}}\"\n");
    assert_eq!(Host::of(&profile).unwrap().env(), [("WHERE".to_owned(), "orders.shop".to_owned())]);
}

#[test]
fn whole_objects_are_taken_in_their_order_and_are_files_on_compose() {
    let profile = format!("{APP}env_from = [\"secret/shared-env\", \"configmap/flags\"]\n");
    let container = Cluster::of(&profile).unwrap().container().clone();
    let wanted = json!([{ "secretRef": { "name": "shared-env" } }, { "configMapRef": { "name": "flags" } }]);
    assert_eq!(container["envFrom"], wanted);
    let wanted = json!([{ "path": "./shared-env.env", "format": "raw" }, { "path": "./flags.env", "format": "raw" }]);
    assert_eq!(Host::of(&profile).unwrap().service()["env_file"], wanted);
}

#[test]
fn two_objects_of_one_name_would_be_one_file() {
    let profile = format!("{APP}env_from = [\"secret/shared\", \"configmap/shared\"]\n");
    assert!(Cluster::of(&profile).is_ok());
    assert!(Host::of(&profile).err().unwrap().contains("the one file `./shared.env`"));
}
