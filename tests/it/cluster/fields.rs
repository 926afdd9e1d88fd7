//! Whose fields are whose, and what applying makes of them.

use super::*;

const CONTAINER: &str = "/spec/template/spec/containers/name=orders";

/// In both modes; a server that has nothing to say beyond what is there.
fn in_both(live: &Value, object: &Value, expected: &[&str]) -> Vec<String> {
    let server = has(live.clone());
    let read = one(&server, &how(Mode::Get), object.clone());
    assert_eq!(changes(&read), expected, "by reading");
    let asked = one(&server, &how(Mode::Ssa), object.clone());
    assert_eq!(changes(&asked), expected, "by a dry run");
    assert_eq!(notes(&read), notes(&asked));
    notes(&read)
}

fn without_env(mut object: Value) -> Value {
    object["spec"]["template"]["spec"]["containers"][0].as_object_mut().unwrap().remove("env");
    object
}

#[test]
fn defaults_and_bookkeeping_of_the_server_do_not_differ() {
    in_both(&live("argocd-controller", "Apply"), &deployment(), &[]);
}

#[test]
fn what_the_deployer_no_longer_says_goes_although_a_dry_run_hides_it() {
    let object = without_env(deployment());
    in_both(&live("argocd-controller", "Apply"), &object, &[&format!("{CONTAINER}/env")]);
    in_both(&live("helm", "Update"), &object, &[&format!("{CONTAINER}/env")]);
}

#[test]
fn what_others_say_stays() {
    let mut live = live("argocd-controller", "Apply");
    live["metadata"]["annotations"] = json!({ "example.com/on-call": "shop" });
    live["spec"]["template"]["spec"]["containers"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": "injected", "image": "mesh:1" }));
    let theirs = json!({
        "manager": "mesh", "operation": "Update", "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
        "fieldsV1": {
            "f:metadata": { "f:annotations": { ".": {}, "f:example.com/on-call": {} } },
            "f:spec": { "f:template": { "f:spec": { "f:containers": {
                "k:{\"name\":\"injected\"}": { ".": {}, "f:name": {}, "f:image": {} },
            } } } },
        },
    });
    live["metadata"]["managedFields"].as_array_mut().unwrap().push(theirs);
    assert_eq!(in_both(&live, &deployment(), &[]), [""; 0]);
}

#[test]
fn what_others_say_as_well_stays_and_is_told() {
    let mut live = live("argocd-controller", "Apply");
    let theirs = json!({
        "manager": "ops", "operation": "Apply", "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
        "fieldsV1": { "f:spec": { "f:replicas": {} } },
    });
    live["metadata"]["managedFields"].as_array_mut().unwrap().push(theirs);
    let mut object = deployment();
    object["spec"].as_object_mut().unwrap().remove("replicas");
    assert_eq!(in_both(&live, &object, &[]), ["`.spec.replicas` is no longer rendered and stays: `ops` set it, too"]);
}

#[test]
fn replicas_that_an_autoscaler_chose_are_its_own() {
    let mut live = live("argocd-controller", "Apply");
    live["spec"]["replicas"] = 9.into();
    let scaled = json!({
        "manager": "kube-controller-manager", "operation": "Update", "subresource": "scale", "apiVersion": "apps/v1",
        "fieldsType": "FieldsV1", "fieldsV1": { "f:spec": { "f:replicas": {} } },
    });
    live["metadata"]["managedFields"].as_array_mut().unwrap().push(scaled);
    let seen = one(&has(live), &how(Mode::Get), deployment());
    assert_eq!(changes(&seen), [""; 0]);
}

#[test]
fn what_kubectl_applied_last_and_is_no_longer_rendered_goes() {
    let mut live = deployment();
    live["spec"]["minReadySeconds"] = 5.into();
    live["metadata"]["annotations"] = json!({ "kubectl.kubernetes.io/last-applied-configuration": live.to_string() });
    in_both(&live, &without_env(deployment()), &[&format!("{CONTAINER}/env"), "/spec/minReadySeconds"]);
}

#[test]
fn labels_and_annotations_of_others_stay_where_kubectl_applied() {
    let mut live = deployment();
    live["metadata"]["annotations"] = json!({ "example.com/ours": "1" });
    let last = live.to_string();
    live["metadata"]["annotations"]["example.com/theirs"] = "1".into();
    live["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = last.into();
    in_both(&live, &deployment(), &["/metadata/annotations/example.com~1ours"]);
}

#[test]
fn what_the_server_fills_in_of_its_own_accord_is_not_told() {
    let there = live("argocd-controller", "Apply");
    let mut answer = there.clone();
    let containers = answer["spec"]["template"]["spec"]["containers"].as_array_mut().unwrap();
    containers.push(json!({ "name": "injected", "image": "mesh:2" }));
    containers[0]["stdin"] = false.into();
    answer["metadata"]["annotations"] = json!({ "mesh.example.com/at": "now" });
    let server = answering(Answer::ok(there), move |_| Answer::ok(answer.clone()));
    assert_eq!(changes(&one(&server, &how(Mode::Ssa), deployment())), [""; 0]);
}

#[test]
fn a_change_of_ours_is_told_in_the_words_of_the_server() {
    let there = live("argocd-controller", "Apply");
    let mut object = deployment();
    object["spec"]["template"]["spec"]["containers"][0]["image"] = "orders:2".into();
    let mut answer = there.clone();
    answer["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror.example.com/orders:2".into();
    let server = answering(Answer::ok(there), move |_| Answer::ok(answer.clone()));
    let Seen::There { applied, .. } = one(&server, &how(Mode::Ssa), object) else { panic!() };
    assert_eq!(applied["spec"]["template"]["spec"]["containers"][0]["image"], "mirror.example.com/orders:2");
}

#[test]
fn what_means_the_same_does_not_differ() {
    let mut live = live("helm", "Update");
    live["spec"]["template"]["spec"]["containers"][0]["resources"] =
        json!({ "limits": { "memory": "1Gi", "cpu": "1" } });
    let mut object = deployment();
    object["spec"]["template"]["spec"]["containers"][0]["resources"] =
        json!({ "limits": { "memory": "1024Mi", "cpu": "1000m" } });
    in_both(&live, &object, &[]);
}

#[test]
fn lists_that_the_server_replaces_are_replaced() {
    let policy = |types: Value, ingress: Value| {
        json!({
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": { "name": "orders", "namespace": "shop" },
            "spec": { "policyTypes": types, "ingress": ingress },
        })
    };
    let rule = json!({ "ports": [{ "port": "http", "protocol": "TCP" }] });
    let live = policy(json!(["Ingress", "Egress"]), json!([rule, { "from": [] }]));
    let server = Server::start(move |request| match request.at() {
        "/version" => Answer::ok(json!({ "gitVersion": "v1" })),
        _ => Answer::ok(live.clone()),
    });
    let bare = json!({ "ports": [{ "port": "http" }] });
    let seen = one(&server, &how(Mode::Get), policy(json!(["Ingress"]), json!([bare])));
    assert_eq!(changes(&seen), ["/spec/policyTypes/Egress", "/spec/ingress/1"]);
}
