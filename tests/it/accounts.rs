//! Service accounts and their rights.

use serde_json::{Value, json};

use crate::rendered::documents;

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\n[server]\napp = \"a:app\"\n\
                   [probes]\nliveness = \"/healthz\"\n[resources]\nmemory = \"64Mi\"\n\
                   [processes.worker]\ncommand = [\"work\"]\n";

fn objects(security: &str, kind: &str) -> Vec<Value> {
    let objects = documents("k8s", &format!("{APP}{security}"), false).unwrap();
    objects.into_iter().filter(|object| object["kind"] == kind).collect()
}

fn names(objects: &[Value]) -> Vec<&str> {
    objects.iter().map(|object| object["metadata"]["name"].as_str().unwrap()).collect()
}

const SHARED: &str = "[k8s]\nnamespace = \"shop\"\n[security]\nkube_api = true\n[security.service_account]\nname = \"watcher\"\n\
                      rules = [{ resources = [\"pods\"], verbs = [\"get\"] }, \
                      { groups = [\"apps\"], resources = [\"deployments\"], verbs = [\"patch\"], names = [\"a\"] }]\n";

#[test]
fn an_account_that_processes_share_is_rendered_once() {
    for kind in ["ServiceAccount", "Role", "RoleBinding"] {
        assert_eq!(names(&objects(SHARED, kind)), ["watcher"], "{kind}");
    }
    for deployment in objects(SHARED, "Deployment") {
        assert_eq!(deployment["spec"]["template"]["spec"]["serviceAccountName"], "watcher");
    }
    assert_eq!(names(&objects("", "ServiceAccount")), ["orders", "orders-worker"]);
}

#[test]
fn a_job_that_shares_an_account_has_it_before_it_runs() {
    let shared = format!("{SHARED}[jobs.migrate]\ncommand = [\"migrate\"]\nwhen = \"before\"\n");
    let objects = documents("k8s", &format!("{APP}{shared}"), false).unwrap();
    let place = |kind: &str| objects.iter().position(|object| object["kind"] == kind).unwrap();
    assert_eq!(names(&self::objects(&shared, "ServiceAccount")), ["watcher"]);
    assert!(place("ServiceAccount") < place("Job") && place("RoleBinding") < place("Job"));
}

#[test]
fn rules_are_a_role_of_the_namespace_that_is_bound_to_the_account() {
    let rules = json!([
        { "apiGroups": [""], "resources": ["pods"], "verbs": ["get"] },
        { "apiGroups": ["apps"], "resourceNames": ["a"], "resources": ["deployments"], "verbs": ["patch"] }
    ]);
    assert_eq!(objects(SHARED, "Role")[0]["rules"], rules);
    let binding = &objects(SHARED, "RoleBinding")[0];
    let role = json!({ "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "watcher" });
    assert_eq!(binding["roleRef"], role);
    let subject = json!([{ "kind": "ServiceAccount", "name": "watcher", "namespace": "shop" }]);
    assert_eq!(binding["subjects"], subject);
    assert!(objects("", "Role").is_empty() && objects("", "RoleBinding").is_empty());
}

#[test]
fn rights_may_be_bound_to_an_account_that_somebody_else_makes() {
    let other = SHARED.replace("name = \"watcher\"", "name = \"watcher\"\ncreate = false");
    assert!(objects(&other, "ServiceAccount").is_empty());
    assert_eq!(names(&objects(&other, "RoleBinding")), ["watcher"]);
}
