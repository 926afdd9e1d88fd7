//! Files of the repository, and of the profile, in containers.

use render::{
    app::App,
    flow::{self, Outcome},
    layers::Request,
    targets::{self, Wish},
};
use serde_json::{Value, json};

use crate::rendered::text;

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\ncommand = [\"serve\"]\nprobes = false\n\
                   resources = { memory = \"64Mi\" }\n";

/// The files of a repository, by path.
type Repository<'a> = &'a [(&'a str, &'a str)];

fn outcome(name: &str, profile: &str, repository: Repository<'_>) -> Outcome {
    let read = |path: &str| match repository.iter().find(|(known, _)| *known == path) {
        Some((_, text)) => Ok(text.as_bytes().to_vec()),
        None => Err(std::io::ErrorKind::NotFound.into()),
    };
    flow::app(&Request { read: &read, ..Request::alone(name, profile.as_bytes()) })
}

fn app(name: &str, profile: &str, repository: Repository<'_>) -> App {
    let outcome = outcome(name, profile, repository);
    outcome.app.unwrap_or_else(|| panic!("{:#?}", outcome.problems))
}

fn documents(app: &App, target: &str) -> Vec<Value> {
    let target = targets::find(target).unwrap();
    let rendered = (target.render)(&Wish { app, base: None, dev: false, full: true });
    assert!(rendered.problems.is_empty(), "{:#?}", rendered.problems);
    rendered.bundle.files.iter().map(|file| serde_yaml::from_str(&file.text(None)).unwrap()).collect()
}

fn of_kind(documents: &[Value], kind: &str, name: &str) -> Value {
    let is_it = |one: &&Value| one["kind"] == kind && one["metadata"]["name"] == name;
    documents.iter().find(is_it).unwrap_or_else(|| panic!("no {kind} {name}")).clone()
}

#[test]
fn a_source_is_relative_to_the_file_that_names_it() {
    let base = "[files]\n\"/etc/a\" = { source = \"conf/a\" }\n";
    let profile = format!("extends = \"../base/app.toml\"\n{APP}[files]\n\"/etc/b\" = {{ source = \"conf/b\" }}\n");
    let repository = [("apps/base/app.toml", base), ("apps/base/conf/a", "A"), ("apps/orders/conf/b", "B")];
    let app = app("apps/orders/profile.toml", &profile, &repository);
    let map = of_kind(&documents(&app, "k8s"), "ConfigMap", "orders-files");
    assert_eq!(map["data"], json!({ "etc-a": "A", "etc-b": "B" }));
    let file = &documents(&app, "compose")[0];
    assert_eq!(file["configs"], json!({ "etc-a": { "file": "../base/conf/a" }, "etc-b": { "file": "./conf/b" } }));
}

#[test]
fn a_compose_file_elsewhere_names_the_files_from_there() {
    let profile =
        format!("{APP}[files]\n\"/etc/a\" = {{ source = \"../shared/a\" }}\n\"/etc/b\" = {{ source = \"b\" }}\n");
    let mut app = app("orders/profile.toml", &profile, &[("shared/a", "A"), ("orders/b", "B")]);
    for (home, a, b) in [
        ("", "../shared/a", "./b"),
        ("..", "../../shared/a", "../b"),
        ("../../apps/orders", "../../apps/shared/a", "../../apps/orders/b"),
        ("orders", "./shared/a", "./orders/b"),
    ] {
        app.compose.home = home.to_owned();
        let wanted = json!({ "etc-a": { "file": a }, "etc-b": { "file": b } });
        assert_eq!(documents(&app, "compose")[0]["configs"], wanted, "{home}");
    }
}

#[test]
fn a_changed_file_makes_new_pods_and_a_stale_header() {
    let profile = format!("{APP}[files]\n\"/etc/a\" = {{ source = \"a\" }}\n");
    let (one, other) = (&[("a", "one")][..], &[("a", "other")][..]);
    let checksum = |repository| {
        let all = documents(&app("profile.toml", &profile, repository), "k8s");
        let deployment = of_kind(&all, "Deployment", "orders");
        text(&deployment["spec"]["template"]["metadata"]["annotations"]["checksum/files"])
    };
    assert_ne!(checksum(one), checksum(other));
    let label = |repository| {
        let all = documents(&app("profile.toml", &profile, repository), "compose");
        text(&all[0]["services"]["orders"]["labels"]["checksum/files"])
    };
    assert_ne!(label(one), label(other));
    assert_ne!(outcome("profile.toml", &profile, one).model, outcome("profile.toml", &profile, other).model);
}

#[test]
fn each_process_has_its_own_files_and_shares_the_others() {
    let profile = format!(
        "{APP}[files]\n\"/etc/a\" = {{ content = \"app\" }}\n\"/etc/b\" = {{ content = \"app\" }}\n\
         [defaults.process]\nresources = {{ memory = \"64Mi\" }}\nprobes = false\n\
         [processes.worker]\ncommand = [\"work\"]\nfiles = {{ \"/etc/a\" = {{ content = \"worker\" }} }}\n\
         [processes.bare]\ncommand = [\"wait\"]\nfiles = {{ \"/etc/a\" = {{ enabled = false }}, \"/etc/b\" = {{ enabled = false }} }}\n",
    );
    let app = app("profile.toml", &profile, &[]);
    let all = documents(&app, "k8s");
    assert_eq!(of_kind(&all, "ConfigMap", "orders-files")["data"], json!({ "etc-a": "app", "etc-b": "app" }));
    let worker = of_kind(&all, "ConfigMap", "orders-worker-files");
    assert_eq!(worker["data"], json!({ "etc-a": "worker", "etc-b": "app" }));
    let pod = &of_kind(&all, "Deployment", "orders-worker")["spec"]["template"];
    assert_eq!(pod["spec"]["volumes"][1], json!({ "name": "files", "configMap": { "name": "orders-worker-files" } }));
    let mount = &pod["spec"]["containers"][0]["volumeMounts"][1];
    assert_eq!(mount, &json!({ "name": "files", "mountPath": "/etc/a", "subPath": "etc-a", "readOnly": true }));
    let bare = of_kind(&all, "Deployment", "orders-bare");
    assert!(bare["spec"]["template"]["metadata"].get("annotations").is_none());
    assert_eq!(all.iter().filter(|one| one["kind"] == "ConfigMap").count(), 2);
    // On one host what they share is one file, and the worker's bears its name.
    let file = &documents(&app, "compose")[0];
    let subpaths = |service: &str| -> Vec<String> {
        let volumes = file["services"][service]["volumes"].as_array().unwrap();
        volumes.iter().map(|volume| text(&volume["volume"]["subpath"])).collect()
    };
    assert_eq!(subpaths("orders"), ["etc-a", "etc-b"]);
    assert_eq!(subpaths("orders-worker"), ["worker-etc-a", "etc-b"]);
}

#[test]
fn paths_that_look_alike_are_keys_of_their_own() {
    let profile = format!(
        "{APP}[files]\n\"/etc/a-b\" = {{ content = \"1\" }}\n\"/etc/a/b\" = {{ content = \"2\" }}\n\
         \"/etc/.env\" = {{ content = \"3\" }}\n\"/..x\" = {{ content = \"4\" }}\n\"/ä\" = {{ content = \"5\" }}\n",
    );
    let map = of_kind(&documents(&app("profile.toml", &profile, &[]), "k8s"), "ConfigMap", "orders-files");
    let wanted = json!({ "etc-a-b": "1", "etc-a-b-2": "2", "etc-.env": "3", "x": "4", "file": "5" });
    assert_eq!(map["data"], wanted);
}

#[test]
fn what_stands_in_the_profile_alone_is_written_before_anything_starts() {
    let profile = format!(
        "{APP}[inputs]\nREGION = {{ default = \"eu\" }}\n[files]\n\
         \"/etc/a\" = {{ content = \"r = ${{inputs.REGION}}\", template = true }}\n\"/etc/b\" = {{ content = \"5$\" }}\n",
    );
    let file = &documents(&app("profile.toml", &profile, &[]), "compose")[0];
    let prepare = &file["services"]["orders-volumes"];
    assert_eq!(prepare["environment"], json!({ "FILE_ETC_A": "r = ${REGION:-eu}", "FILE_ETC_B": "5$$" }));
    let script = "printf %s \"$$FILE_ETC_A\" > /files/etc-a\nprintf %s \"$$FILE_ETC_B\" > /files/etc-b";
    assert_eq!(text(&prepare["entrypoint"][2]), script);
    assert!(prepare.get("cap_add").is_none(), "it gives nothing away");
    assert!(file.get("configs").is_none(), "Compose cannot copy into what is read-only");
}

#[test]
fn what_would_be_a_reference_in_a_file_is_told_unless_somebody_decided() {
    let told = |rest: &str| {
        let profile = format!(
            "name = \"a\"\nimage = \"a:1\"\n[inputs]\nREGION = {{ default = \"eu\" }}\n[files.\"/etc/a\"]\n{rest}\n"
        );
        let request = render::layers::Request::alone("profile.toml", profile.as_bytes());
        let problems = render::flow::app(&request).problems;
        problems.iter().filter(|one| one.code == render::problem::Code::UnreadReference).count()
    };
    assert_eq!(told("content = \"in ${inputs.REGION}\""), 1);
    assert_eq!(told("content = \"in ${inputs.REGION}\"\ntemplate = true"), 0);
    assert_eq!(told("content = \"in ${inputs.REGION}\"\ntemplate = false"), 0);
    assert_eq!(told("content = \"listen ${PORT} ${inputs.NOTHING} $REGION\""), 0);
}
