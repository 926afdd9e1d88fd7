//! What a server may answer, and what is made of it.

use super::*;

#[test]
fn an_object_that_is_not_there_is_new_and_nothing_is_sent() {
    let server = answering(Answer::status(404, "NotFound", "deployments.apps \"orders\" not found"), |_| panic!());
    let seen = one(&server, &how(Mode::Auto), deployment());
    assert_eq!(seen, Seen::Absent { notes: Vec::new() });
    assert_eq!(server.lines(), ["GET /version", &format!("GET {PATH}"), "GET /api/v1/namespaces/shop"]);
}

#[test]
fn what_is_new_is_sent_on_request_and_what_the_server_refuses_is_told() {
    let refusal = "deployments.apps \"orders\" is forbidden: violates PodSecurity \"restricted:latest\"";
    let get = Answer::status(404, "NotFound", "not found");
    let server = answering(get, move |_| Answer::status(403, "Forbidden", refusal));
    let seen = one(&server, &How { validate_new: true, ..how(Mode::Auto) }, deployment());
    let Seen::Failed(failure) = seen else { panic!("{seen:?}") };
    assert_eq!(failure.title, format!("Deployment shop/orders: the cluster refuses it: {refusal}"));
    assert!(!failure.is_total);
}

#[test]
fn a_dry_run_is_strict_and_goes_by_the_name_of_who_deploys() {
    let server = has(live("argocd-controller", "Apply"));
    let seen = one(&server, &how(Mode::Ssa), deployment());
    assert_eq!(changes(&seen), [""; 0]);
    let patch = server.asked().pop().unwrap();
    for word in ["dryRun=All", "fieldManager=argocd-controller", "fieldValidation=Strict"] {
        assert!(patch.path.contains(word), "{}", patch.path);
    }
    assert!(!patch.path.contains("force"), "{}", patch.path);
    assert_eq!(serde_json::from_str::<Value>(&patch.body).unwrap(), deployment());
    assert_eq!(patch.headers["content-type"], "application/apply-patch+yaml");
    assert!(patch.headers["user-agent"].starts_with("render/"));
}

#[test]
fn whoever_deploys_is_recognised_by_what_the_server_keeps() {
    for (manager, operation, expected) in [
        ("kustomize-controller", "Apply", "kustomize-controller"),
        ("helm", "Apply", "helm"),
        ("helm", "Update", "helm"),
        ("kubectl", "Apply", "kubectl"),
        ("kubectl-client-side-apply", "Update", "kubectl"),
        ("kubectl-edit", "Update", "render"),
        ("pulumi", "Apply", "render"),
    ] {
        let server = has(live(manager, operation));
        let seen = one(&server, &how(Mode::Ssa), deployment());
        let path = server.asked().pop().unwrap().path;
        assert!(path.contains(&format!("fieldManager={expected}")), "{manager}: {path}");
        // Of one that is not known, what it would take away cannot be.
        assert_eq!(notes(&seen).iter().any(|note| note.contains("--field-manager pulumi")), manager == "pulumi");
    }
}

#[test]
fn a_named_manager_is_taken_at_its_word() {
    let server = has(live("argocd-controller", "Apply"));
    one(&server, &How { manager: Some("flux".into()), ..how(Mode::Ssa) }, deployment());
    assert!(server.asked().pop().unwrap().path.contains("fieldManager=flux"));
}

#[test]
fn conflicts_are_told_and_the_server_is_asked_what_insisting_would_do() {
    let mut forced = live("argocd-controller", "Apply");
    forced["spec"]["replicas"] = 3.into();
    let mut there = forced.clone();
    there["spec"]["replicas"] = 5.into();
    let server = answering(Answer::ok(there), move |request| {
        if request.path.contains("force=true") {
            return Answer::ok(forced.clone());
        }
        let conflict = |manager: &str| {
            json!({
                "reason": "FieldManagerConflict", "field": ".spec.replicas",
                "message": format!("conflict with \"{manager}\" using apps/v1"),
            })
        };
        Answer::Json(
            409,
            json!({
                "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 409, "reason": "Conflict",
                "message": "Apply failed with 2 conflicts",
                "details": { "causes": [conflict("kubectl-edit"), conflict("kubectl-client-side-apply")] },
            }),
        )
    });
    let seen = one(&server, &how(Mode::Ssa), deployment());
    assert_eq!(changes(&seen), ["/spec/replicas"]);
    // The deployer's own former self is nobody else.
    assert_eq!(notes(&seen), ["would take `.spec.replicas` of \"kubectl-edit\""]);
    assert_eq!(server.asked().iter().filter(|request| request.method == "PATCH").count(), 2);
}

const MAY_NOT: &str = "deployments.apps \"orders\" is forbidden: User \"ci\" cannot patch resource \"deployments\" in API \
                       group \"apps\" in the namespace \"shop\"";

#[test]
fn who_may_only_read_compares_by_reading_unless_a_dry_run_is_insisted_on() {
    let mut there = live("argocd-controller", "Apply");
    there["spec"]["replicas"] = 2.into();
    let server = answering(Answer::ok(there), |_| Answer::status(403, "Forbidden", MAY_NOT));
    let seen = one(&server, &how(Mode::Auto), deployment());
    assert!(matches!(seen, Seen::There { by_dry_run: false, .. }));
    assert_eq!(changes(&seen), ["/spec/replicas"]);
    assert_eq!(notes(&seen), ["compared by reading alone: this identity may not patch it"]);
    let Seen::Failed(failure) = one(&server, &how(Mode::Ssa), deployment()) else { panic!() };
    assert!(failure.title.starts_with("Deployment shop/orders: not permitted: "), "{}", failure.title);
    assert!(failure.help.unwrap().contains("`patch` on `deployments.apps`"));
}

#[test]
fn reading_alone_sends_nothing() {
    let server = answering(Answer::ok(live("helm", "Update")), |_| panic!("asked to write"));
    let seen = one(&server, &how(Mode::Get), deployment());
    assert_eq!(changes(&seen), [""; 0]);
    assert_eq!(notes(&seen), [""; 0]);
    assert_eq!(server.lines(), ["GET /version", &format!("GET {PATH}")]);
}

#[test]
fn a_webhook_that_knows_no_dry_run_is_left_alone() {
    let message = "admission webhook \"old.example.com\" does not support dry run";
    let server = answering(Answer::ok(live("helm", "Apply")), move |_| Answer::status(400, "BadRequest", message));
    let seen = one(&server, &how(Mode::Ssa), deployment());
    assert_eq!(notes(&seen), [format!("compared by reading alone: {message}")]);
}

#[test]
fn what_is_immutable_is_compared_and_told_to_be() {
    let message = "Deployment.apps \"orders\" is invalid: spec.selector: Invalid value: field is immutable";
    let mut there = live("helm", "Apply");
    there["spec"]["selector"]["matchLabels"] = json!({ "app": "orders" });
    let server = answering(Answer::ok(there), move |_| Answer::status(422, "Invalid", message));
    let seen = one(&server, &how(Mode::Ssa), deployment());
    assert!(changes(&seen).iter().all(|path| path.starts_with("/spec/selector")), "{:?}", changes(&seen));
    assert!(!changes(&seen).is_empty());
    assert_eq!(notes(&seen), [format!("cannot be applied over what is there: {message}")]);
}

#[test]
fn an_object_on_its_way_out_says_so() {
    let mut there = live("helm", "Apply");
    there["metadata"]["deletionTimestamp"] = "2026-01-02T03:04:05Z".into();
    let seen = one(&has(there), &how(Mode::Get), deployment());
    assert_eq!(notes(&seen), ["is being deleted since 2026-01-02T03:04:05Z"]);
}

#[test]
fn a_busy_server_is_asked_again() {
    let (count, answer) = (std::sync::atomic::AtomicUsize::new(0), live("helm", "Apply"));
    let there = answer.clone();
    let server =
        answering(Answer::ok(there), move |_| match count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => Answer::status(429, "TooManyRequests", "the server has too much to do"),
            _ => Answer::ok(answer.clone()),
        });
    assert_eq!(notes(&one(&server, &how(Mode::Ssa), deployment())), [""; 0]);
    assert_eq!(server.asked().iter().filter(|request| request.method == "PATCH").count(), 2);
}

#[test]
fn one_object_that_fails_does_not_stop_the_others() {
    let server = has(live("helm", "Apply"));
    let foreign =
        json!({ "apiVersion": "example.com/v1", "kind": "Widget", "metadata": { "name": "a", "namespace": "shop" } });
    let (cluster, seen) = ask(&server, &how(Mode::Auto), &[foreign, deployment()]).unwrap();
    assert_eq!((cluster.name.as_str(), cluster.version.as_str()), ("test", "v1.36.0"));
    assert_eq!(notes(&seen[0]), ["Widget shop/a: the cluster knows no Widget of example.com/v1"]);
    assert!(matches!(seen[1], Seen::There { by_dry_run: true, .. }));
}

#[test]
fn where_objects_of_other_kinds_are_is_asked_once() {
    let route = |name: &str| {
        let api_version = "gateway.networking.k8s.io/v1";
        json!({ "apiVersion": api_version, "kind": "HTTPRoute", "metadata": { "name": name, "namespace": "shop" } })
    };
    let server = Server::start(move |request| match request.at() {
        "/version" => Answer::ok(json!({ "gitVersion": "v1" })),
        "/apis/gateway.networking.k8s.io/v1" => Answer::ok(json!({
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "gateway.networking.k8s.io/v1",
            "resources": [{ "name": "httproutes", "singularName": "", "kind": "HTTPRoute", "namespaced": true, "verbs": ["get"] }],
        })),
        "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/a" => Answer::ok(route("a")),
        "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/b" => Answer::ok(route("b")),
        _ => Answer::status(404, "NotFound", "not found"),
    });
    let (_, seen) = ask(&server, &how(Mode::Get), &[route("a"), route("b")]).unwrap();
    assert!(seen.iter().all(|seen| changes(seen).is_empty()));
    let asked = |line: &&String| line.ends_with("/apis/gateway.networking.k8s.io/v1");
    assert_eq!(server.lines().iter().filter(asked).count(), 1);
}

#[test]
fn a_namespace_that_is_not_there_is_an_error_unless_it_will_be() {
    let server = Server::start(|request| match request.at() {
        "/version" => Answer::ok(json!({ "gitVersion": "v1" })),
        path => Answer::status(404, "NotFound", &format!("{path} not found")),
    });
    let seen = one(&server, &how(Mode::Auto), deployment());
    assert_eq!(notes(&seen), ["Deployment shop/orders: there is no namespace `shop`"]);
    let told = ["not validated: namespace `shop` is not there yet"];
    let seen = one(&server, &How { assume_namespaces: true, ..how(Mode::Auto) }, deployment());
    assert_eq!((matches!(seen, Seen::Absent { .. }), notes(&seen)), (true, told.map(str::to_owned).to_vec()));
    let namespace = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } });
    let (_, seen) = ask(&server, &how(Mode::Auto), &[namespace, deployment()]).unwrap();
    assert_eq!((notes(&seen[0]), notes(&seen[1])), (Vec::new(), told.map(str::to_owned).to_vec()));
}

#[test]
fn an_object_without_a_namespace_is_in_that_of_the_context_or_the_named_one() {
    let mut object = deployment();
    object["metadata"].as_object_mut().unwrap().remove("namespace");
    let server = has(live("helm", "Apply"));
    one(&server, &how(Mode::Get), object.clone());
    assert_eq!(server.lines().pop().unwrap(), format!("GET {PATH}"));
    let file = kubeconfig(&server.url, json!({}), json!({}));
    let connection =
        Connection { kubeconfig: Some(file.path.clone()), namespace: Some("test".into()), ..Connection::default() };
    look(&connection, &how(Mode::Get), &[object]).unwrap();
    assert!(server.lines().iter().any(|line| line.contains("/namespaces/test/deployments/orders")));
}
