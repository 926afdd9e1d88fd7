//! What a cluster has of what is rendered: asked of a server that keeps what it was asked, and answers as told.
#![cfg(feature = "cluster")]

mod answers;
mod fields;
mod server;
mod ways;

use std::{path::PathBuf, time::Duration};

use render::{
    cluster::{Cluster, Connection, Failure, How, Mode, Seen, look},
    diff::{Document, Rules, compare},
};
use serde_json::{Value, json};
use server::{Answer, Request, Server};
use tempfile::TempDir;

/// A kubeconfig for a server, with more for its cluster and its user.
struct Kubeconfig {
    _folder: TempDir,
    path: PathBuf,
}

fn kubeconfig(url: &str, cluster: Value, user: Value) -> Kubeconfig {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    let mut cluster = cluster;
    cluster["server"] = url.into();
    let text = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "clusters": [{ "name": "test", "cluster": cluster }],
        "users": [{ "name": "test", "user": user }],
        "contexts": [{ "name": "test", "context": { "cluster": "test", "user": "test", "namespace": "shop" } }],
    });
    std::fs::write(&path, text.to_string()).unwrap();
    Kubeconfig { _folder: folder, path }
}

fn how(mode: Mode) -> How {
    How { mode, manager: None, validate_new: false, assume_namespaces: false, timeout: Duration::from_secs(5) }
}

type Looked = Result<(Cluster, Vec<Seen>), Failure>;

fn ask(server: &Server, how: &How, objects: &[Value]) -> Looked {
    let file = kubeconfig(&server.url, json!({}), json!({}));
    let connection = Connection { kubeconfig: Some(file.path.clone()), ..Connection::default() };
    let looked = look(&connection, how, objects);
    for request in server.asked() {
        let is_dry = request.method == "PATCH" && request.path.contains("dryRun=All");
        assert!(request.method == "GET" || is_dry, "{} {} writes", request.method, request.path);
    }
    looked
}

fn one(server: &Server, how: &How, object: Value) -> Seen {
    let (_, mut seen) = ask(server, how, &[object]).unwrap();
    assert_eq!(seen.len(), 1);
    seen.remove(0)
}

fn notes(seen: &Seen) -> Vec<String> {
    match seen {
        Seen::Absent { notes } | Seen::There { notes, .. } => notes.clone(),
        Seen::Failed(failure) => vec![failure.title.clone()],
    }
}

/// The fields that would change.
fn changes(seen: &Seen) -> Vec<String> {
    let Seen::There { live, applied, is_scaled, .. } = seen else { panic!("{seen:?}") };
    let document = |value: &Value| Document::new(value.clone(), "");
    let rules = Rules { is_scaled: *is_scaled, ..Rules::PLAIN };
    let changes = compare(Some(&document(live)), Some(&document(applied)), &rules);
    changes.into_iter().map(|change| change.path).collect()
}

/// What is rendered of an app.
fn deployment() -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "orders", "namespace": "shop", "labels": { "app.kubernetes.io/name": "orders" } },
        "spec": {
            "replicas": 3,
            "selector": { "matchLabels": { "app.kubernetes.io/name": "orders" } },
            "template": {
                "metadata": { "labels": { "app.kubernetes.io/name": "orders" } },
                "spec": { "containers": [
                    { "name": "orders", "image": "orders:1", "env": [{ "name": "LOG_LEVEL", "value": "info" }] },
                ] },
            },
        },
    })
}

/// The same as a server has it: with its defaults, and whose fields these are.
fn live(manager: &str, operation: &str) -> Value {
    let mut live = deployment();
    let container = &mut live["spec"]["template"]["spec"]["containers"][0];
    container["terminationMessagePath"] = "/dev/termination-log".into();
    container["imagePullPolicy"] = "IfNotPresent".into();
    live["spec"]["revisionHistoryLimit"] = 10.into();
    live["metadata"]["uid"] = "1".into();
    live["metadata"]["resourceVersion"] = "7".into();
    live["status"] = json!({ "replicas": 3 });
    live["metadata"]["managedFields"] = json!([{
        "manager": manager, "operation": operation, "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
        "fieldsV1": {
            "f:metadata": { "f:labels": { "f:app.kubernetes.io/name": {} } },
            "f:spec": {
                "f:replicas": {},
                "f:selector": {},
                "f:template": {
                    "f:metadata": { "f:labels": { "f:app.kubernetes.io/name": {} } },
                    "f:spec": { "f:containers": { "k:{\"name\":\"orders\"}": {
                        ".": {}, "f:name": {}, "f:image": {},
                        "f:env": { "k:{\"name\":\"LOG_LEVEL\"}": { ".": {}, "f:name": {}, "f:value": {} } },
                    } } },
                },
            },
        },
    }]);
    live
}

const PATH: &str = "/apis/apps/v1/namespaces/shop/deployments/orders";

/// Answers questions for one object, and says which version it is.
fn answering(get: Answer, patch: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Server {
    Server::start(move |request| match (request.method.as_str(), request.at()) {
        ("GET", "/version") => Answer::ok(json!({ "gitVersion": "v1.36.0" })),
        ("GET", PATH) => get.clone(),
        ("PATCH", PATH) => patch(request),
        ("GET", "/api/v1/namespaces/shop") => {
            Answer::ok(json!({ "kind": "Namespace", "metadata": { "name": "shop" } }))
        }
        _ => Answer::status(404, "NotFound", "not found"),
    })
}

/// A server that accepts everything as it is.
fn has(live: Value) -> Server {
    let answer = live.clone();
    answering(Answer::ok(live), move |_| Answer::ok(answer.clone()))
}
