//! Further processes of an app: what they share with the main one, and what is theirs alone.

use render::{
    flow,
    layers::Request,
    problem::{Code, Severity},
};
use serde_json::Value;

use crate::rendered::{documents, text};

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\nworkers = 4\n\
                   [server]\napp = \"a:app\"\n[probes]\nliveness = \"/healthz\"\n[resources]\nmemory = \"256Mi\"\n\
                   [env]\nA = \"app\"\nB = \"app\"\n[k8s]\nworkers_per_pod = 2\n[compose]\nworkers = 3\ncpus = 3\n";

fn with(processes: &str) -> String {
    format!("{APP}{processes}")
}

/// The pods' container of a workload.
fn container(profile: &str, name: &str) -> Value {
    workload(profile, name)["spec"]["template"]["spec"]["containers"][0].clone()
}

fn workload(profile: &str, name: &str) -> Value {
    let objects = documents("k8s", profile, false).unwrap();
    let is_it = |object: &&Value| object["kind"] == "Deployment" && object["metadata"]["name"] == name;
    objects.iter().find(is_it).unwrap_or_else(|| panic!("no Deployment {name}")).clone()
}

fn service(profile: &str, name: &str, dev: bool) -> Value {
    documents("compose", profile, dev).unwrap()[0]["services"][name].clone()
}

fn env(container: &Value) -> Vec<(String, String)> {
    let all = container["env"].as_array().into_iter().flatten();
    all.map(|one| (text(&one["name"]), text(&one["value"]))).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn what_is_shared_merges_and_what_is_a_process_own_is_not_handed_on() {
    let profile = with("[processes.worker]\ncommand = [\"work\"]\nenv = { B = \"worker\", C = \"worker\" }");
    let worker = container(&profile, "orders-worker");
    assert_eq!(worker["image"], "example.com/orders:1.4.2");
    assert_eq!(env(&worker), pairs(&[("A", "app"), ("B", "worker"), ("C", "worker")]));
    for own in ["livenessProbe", "ports"] {
        assert!(worker.get(own).is_none(), "{own}");
    }
    assert_eq!(env(&container(&profile, "orders"))[3..], pairs(&[("A", "app"), ("B", "app")]));
}

#[test]
fn what_is_nearer_wins() {
    let profile = with(
        "[defaults.process]\nuid = 20001\ncommand = [\"all\"]\nenv = { A = \"defaults\", B = \"defaults\" }\n\
         [processes.worker]\ncommand = [\"work\"]\nenv = { B = \"worker\", C = \"worker\" }\n\
         [processes.other]\nlike = \"worker\"\nenv = { C = \"other\" }\n[processes.third]\nlike = \"other\"",
    );
    let other = container(&profile, "orders-other");
    assert_eq!(env(&other), pairs(&[("A", "defaults"), ("B", "worker"), ("C", "other")]));
    assert_eq!(other["command"].to_string(), r#"["work"]"#);
    assert_eq!(other["securityContext"]["runAsUser"], 20001);
    assert_eq!(env(&container(&profile, "orders-third")), env(&other));
}

#[test]
fn a_server_of_its_own_takes_the_place_of_an_inherited_command_and_the_other_way_round() {
    let profile = with(
        "[defaults.process]\ncommand = [\"all\"]\nargs = [\"-v\"]\n\
         [processes.admin.server]\napp = \"b:app\"\n[processes.plain]\nlike = \"admin\"\ncommand = [\"plain\"]",
    );
    assert_eq!(text(&container(&profile, "orders-admin")["command"][1]), "b:app");
    assert!(container(&profile, "orders-admin").get("args").is_none());
    assert_eq!(container(&profile, "orders-plain")["command"].to_string(), r#"["plain"]"#);
}

#[test]
fn what_a_process_switches_off_it_does_not_inherit() {
    let profile = with(
        "[secrets]\nKEY = \"a key\"\n[processes.worker]\ncommand = [\"work\"]\nsecrets = { KEY = { enabled = false } }",
    );
    assert_eq!(env(&container(&profile, "orders-worker")), pairs(&[("A", "app"), ("B", "app")]));
}

#[test]
fn numbers_of_targets_are_about_the_main_process() {
    let profile = with("[processes.worker]\ncommand = [\"work\"]\nworkers = 5\nresources = { memory = \"64Mi\" }");
    assert_eq!(workload(&profile, "orders")["spec"]["replicas"], 2);
    assert_eq!(workload(&profile, "orders-worker")["spec"]["replicas"], 5);
    let worker = service(&profile, "orders-worker", false);
    assert_eq!(worker["deploy"]["replicas"], 5);
    assert!(worker.get("ports").is_none() && worker["deploy"]["resources"]["limits"].get("cpus").is_none());
}

#[test]
fn selectors_tell_processes_apart_and_policies_let_them_talk() {
    let profile = with("[network]\ningress_from = []\n[processes.admin]\nserver = { app = \"b:app\" }");
    let objects = documents("k8s", &profile, false).unwrap();
    let selects = |kind: &str, at: &str| -> Vec<String> {
        let of_kind = objects.iter().filter(|object| object["kind"] == kind);
        of_kind.map(|object| object["spec"].pointer(at).unwrap_or(&Value::Null).to_string()).collect()
    };
    let one =
        |instance: &str| format!(r#"{{"app.kubernetes.io/instance":"{instance}","app.kubernetes.io/name":"orders"}}"#);
    assert_eq!(selects("Service", "/selector"), [one("orders"), one("orders-admin")]);
    assert_eq!(selects("Deployment", "/selector/matchLabels"), [one("orders"), one("orders-admin")]);
    let own = r#"{"app.kubernetes.io/part-of":"orders"}"#;
    assert_eq!(selects("NetworkPolicy", "/ingress/0/from/0/podSelector/matchLabels"), [own, own]);
}

#[test]
fn development_builds_what_has_the_main_image_and_leaves_the_rest_alone() {
    let profile = with(
        "[dev]\ncommand = [\"develop\"]\n[processes.worker]\ncommand = [\"work\"]\n\
         [processes.proxy]\nimage = \"example.com/proxy:1\"",
    );
    let worker = service(&profile, "orders-worker", true);
    assert_eq!(worker["image"], "orders:1.4.2-local");
    assert_eq!(worker["entrypoint"].to_string(), r#"["work"]"#);
    assert!(worker.get("ports").is_none());
    let proxy = service(&profile, "orders-proxy", true);
    assert_eq!(proxy["image"], "example.com/proxy:1");
    assert!(proxy.get("build").is_none() && proxy.get("volumes").is_none());
}

#[test]
fn what_is_unset_of_a_process_is_not_inherited_either() {
    let profile = with(
        "[defaults.process]\nautoscale = { max = 3 }\n[processes.a]\ncommand = [\"a\"]\nworkers = 2\n\
         [processes.b]\nlike = \"a\"\n",
    );
    let scaled = |set: &[&str]| {
        let set: Vec<String> = set.iter().map(|one| (*one).to_owned()).collect();
        let request = Request { set: &set, ..Request::alone("profile.toml", profile.as_bytes()) };
        let outcome = flow::app(&request);
        let app = outcome.app.unwrap_or_else(|| panic!("{:#?}", outcome.problems));
        let names =
            app.processes.iter().filter(|process| process.autoscale.is_some()).map(|process| process.name.clone());
        (names.collect::<Vec<_>>(), outcome.problems.iter().any(|problem| problem.code == Code::UnsetNothing))
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(scaled(&[]), (names(&["a", "b"]), false));
    assert_eq!(scaled(&["unset=[\"processes.b.autoscale\"]"]), (names(&["a"]), false));
    assert_eq!(scaled(&["unset=[\"processes.b.autoscael\"]"]), (names(&["a", "b"]), true));
}

#[test]
fn a_process_of_another_image_can_refuse_what_the_app_shares() {
    let profile = with(
        "[secrets]\nKEY = \"of the app\"\n\
         [processes.pages]\nimage = \"example.com/pages:1\"\nport = 8080\nenv = { B = \"2\" }\n",
    );
    let profile = format!("unset = [\"processes.pages.env\", \"processes.pages.secrets\"]\n{profile}");
    let names = |name: &str| {
        let env = container(&profile, name)["env"].take();
        env.as_array().unwrap().iter().map(|one| text(&one["name"])).collect::<Vec<_>>()
    };
    assert_eq!(names("orders-pages"), ["B"]);
    assert!(["A", "KEY"].iter().all(|name| names("orders").contains(&(*name).to_owned())));
    let outcome = flow::app(&Request::alone("profile.toml", profile.as_bytes()));
    assert!(!outcome.problems.iter().any(|problem| problem.code == Code::UnsetNothing), "{:?}", outcome.problems);
}

#[test]
fn what_the_main_process_has_to_itself_lies_over_the_top_level_and_is_not_shared() {
    let profile = with(
        "[secrets]\nKEY = \"of all\"\n[processes.web]\nenv = { B = \"web\", C = \"web\" }\nport = 9000\n\
         secrets = { LOGIN = \"of the web server\" }\n[processes.worker]\ncommand = [\"work\"]",
    );
    let names = |name: &str| {
        let env = container(&profile, name)["env"].take();
        env.as_array().unwrap().iter().map(|one| text(&one["name"])).collect::<Vec<_>>()
    };
    assert_eq!(names("orders-worker"), ["KEY", "A", "B"]);
    assert_eq!(names("orders")[3..], ["KEY", "LOGIN", "A", "B", "C"]);
    let web = service(&profile, "orders", false);
    assert_eq!((&web["environment"]["A"], &web["environment"]["B"]), (&"app".into(), &"web".into()));
    assert_eq!(container(&profile, "orders")["ports"][0]["containerPort"], 9000);
    let objects = documents("k8s", &profile, false).unwrap();
    assert_eq!(objects.iter().filter(|object| object["kind"] == "Deployment").count(), 2);
}

#[test]
fn the_main_process_can_do_without_what_all_share() {
    let shared = "[secrets]\nKEY = \"of all\"\n";
    let profile = with(&format!("{shared}[processes.web]\nsecrets = {{ KEY = {{ enabled = false }} }}"));
    assert_eq!(env(&container(&profile, "orders"))[3..], pairs(&[("A", "app"), ("B", "app")]));
    // By the name that it has, and by a command in place of the server.
    let fork = "[processes.api]\ncommand = [\"serve\"]\nworkers_env = \"N\"\nport = 8000";
    let profile = format!("main = \"api\"\n{}", with(fork));
    assert_eq!(container(&profile, "orders")["command"].to_string(), r#"["serve"]"#);
}

#[test]
fn what_is_wrong_with_what_the_main_process_has_to_itself_is_told_at_its_own_line() {
    let profile = with(
        "[processes.worker]\ncommand = [\"work\"]\n[processes.web]\nenv = { API_TOKEN = \"dGhpcyBpcyBhIGtleQ\" }\nlike = \"worker\"",
    );
    let told = |profile: &str| -> Vec<(Code, usize)> {
        let problems = flow::app(&Request::alone("profile.toml", profile.as_bytes())).problems;
        let errors = problems.into_iter().filter(|problem| problem.code.severity() == Severity::Error);
        errors.map(|one| (one.code, profile[..=one.span.unwrap().range.start].lines().count())).collect()
    };
    let last = profile.lines().count();
    assert_eq!(told(&profile), [(Code::BadReference, last)]);
    assert_eq!(told(&profile.replace("\nlike = \"worker\"", "")), [(Code::SecretInEnv, last - 1)]);
}

/// A second web process of an image of its own.
const FRONT: &str = "[processes.front]\nimage = \"example.com/front:2.0.0\"\nport = 3000\nworkers = 2\n";

#[test]
fn where_pods_run_holds_for_all_and_numbers_are_those_of_one() {
    let profile = format!(
        "{}[processes.worker]\ncommand = [\"work\"]\nworkers = 6\nworkers_env = \"N\"\n\
         k8s = {{ workers_per_pod = 3, node_selector = {{ gpu = \"yes\" }} }}\n",
        APP.replace("[k8s]\n", "[k8s]\nnode_selector = { disk = \"ssd\" }\nreplicas = 9\n")
    );
    let worker = workload(&profile, "orders-worker");
    assert_eq!(worker["spec"]["replicas"], 2);
    let selector = &worker["spec"]["template"]["spec"]["nodeSelector"];
    assert_eq!(selector.to_string(), r#"{"disk":"ssd","gpu":"yes"}"#);
    let main = workload(&profile, "orders");
    assert_eq!(main["spec"]["replicas"], 9);
    assert_eq!(main["spec"]["template"]["spec"]["nodeSelector"].to_string(), r#"{"disk":"ssd"}"#);
}

#[test]
fn a_process_is_published_only_if_it_asks_for_it() {
    assert!(service(&with(FRONT), "orders-front", false).get("ports").is_none());
    let published = with(&format!("{FRONT}workers_env = \"N\"\ncompose = {{ publish = \"0.0.0.0:8080\" }}"));
    assert_eq!(service(&published, "orders-front", false)["ports"].to_string(), r#"["0.0.0.0:8080:3000"]"#);
    assert_eq!(service(&published, "orders", false)["ports"].to_string(), r#"["127.0.0.1:8000:8000"]"#);
}

#[test]
fn one_port_of_the_host_leads_to_one_process() {
    let twice = with(&format!("{FRONT}workers_env = \"N\"\ncompose = {{ publish = \"0.0.0.0:8000\" }}"));
    let problems = documents("compose", &twice, false).unwrap_err();
    assert!(problems.contains("port 8000 of the host is published twice"), "{problems}");
    let apart = twice.replace("0.0.0.0:8000", "192.0.2.1:8000");
    assert!(documents("compose", &apart, false).is_ok());
}

#[test]
fn an_image_of_its_own_is_built_only_where_the_profile_says_how() {
    let pulled = service(&with(FRONT), "orders-front", true);
    assert!(pulled.get("build").is_none(), "{pulled}");
    let built = with(&format!(
        "{FRONT}build = {{ context = \"front\", dockerfile = \"D\" }}\ndev = {{ command = [\"npm\"], sync = [\"f\"] }}"
    ));
    let built = service(&format!("{built}\n[build]\ndockerfile = \"E\""), "orders-front", true);
    assert_eq!(built["build"].to_string(), r#"{"context":"front","dockerfile":"D"}"#);
    assert_eq!(built["image"], "orders-front:2.0.0-local");
    assert_eq!(built["entrypoint"].to_string(), r#"["npm"]"#);
    assert_eq!(built["volumes"][0]["target"], "/app/f");
}

#[test]
fn a_command_asks_on_compose_what_probes_ask_on_kubernetes() {
    let asked = with(&format!(
        "{FRONT}probes = {{ liveness = {{ http = \"/h\", every = \"7s\" }} }}\ncompose = {{ healthcheck = [\"wget\", \"$x\"] }}"
    ));
    let check = &service(&asked, "orders-front", false)["healthcheck"];
    assert_eq!(check["test"].to_string(), r#"["CMD","wget","$$x"]"#);
    assert_eq!(check["interval"], "7s");
    assert!(container(&asked, "orders-front")["livenessProbe"]["httpGet"].is_object());
}

#[test]
fn the_user_of_an_image_is_shared_by_all_that_run_it() {
    let profile = format!(
        "uid = 2000\ngid = 3000\n{}",
        with(
            "[processes.worker]\ncommand = [\"work\"]\n[processes.own]\ncommand = [\"own\"]\nuid = 20000\n\
             [processes.proxy]\nimage = \"example.com/proxy:1\"\n[jobs.migrate]\ncommand = [\"migrate\"]",
        ),
    );
    let user = |context: &Value| (context["runAsUser"].clone(), context["runAsGroup"].clone());
    let of = |name: &str| user(&container(&profile, name)["securityContext"]);
    assert_eq!(of("orders"), (2000.into(), 3000.into()));
    assert_eq!(of("orders-worker"), (2000.into(), 3000.into()));
    assert_eq!(of("orders-own"), (20000.into(), 20000.into()));
    assert_eq!(of("orders-proxy"), (10001.into(), 10001.into()));
    let objects = documents("k8s", &profile, false).unwrap();
    let job = objects.iter().find(|object| object["kind"] == "Job").unwrap();
    assert_eq!(user(&job["spec"]["template"]["spec"]["securityContext"]), (2000.into(), 3000.into()));
    let set = ["unset=[\"processes.worker.uid\", \"processes.worker.gid\"]".to_owned()];
    let request = Request { set: &set, ..Request::alone("profile.toml", profile.as_bytes()) };
    let outcome = flow::app(&request);
    let app = outcome.app.unwrap_or_else(|| panic!("{:#?}", outcome.problems));
    let worker = app.processes.iter().find(|process| process.name == "worker").unwrap();
    assert_eq!((worker.user.uid, worker.user.gid), (Some(10001), Some(10001)));
    assert!(outcome.problems.iter().all(|problem| problem.code != Code::UnsetNothing));
}

/// A process with a build of its own, and what else runs its image.
const API: &str = "[processes.api]\nimage = \"example.com/api:1\"\nserver = { app = \"api:app\" }\nprobes = false\n\
                   resources = { memory = \"64Mi\" }\nbuild = { context = \"./api/\", dockerfile = \"Dockerfile\" }\n";

#[test]
fn folders_of_the_code_are_where_the_build_of_their_image_reads_them() {
    let mounts = |more: &str, name: &str| {
        let volumes = service(&with(&format!("{API}{more}")), name, true)["volumes"].take();
        let volumes = volumes.as_array().cloned().unwrap_or_default();
        volumes.iter().map(|one| format!("{}:{}", text(&one["source"]), text(&one["target"]))).collect::<Vec<_>>()
    };
    assert_eq!(mounts("", "orders-api"), ["./api/src:/app/src"]);
    assert_eq!(mounts("", "orders"), ["./src:/app/src"]);
    let both = "dev = { sync = [\"api/src\", \"lib\"] }\n";
    assert_eq!(mounts(both, "orders-api"), ["./api/src:/app/src", "./api/lib:/app/lib"]);
    let argv = service(&with(&format!("{API}{both}")), "orders-api", true)["entrypoint"].to_string();
    assert!(argv.contains(r#""--reload-dir","/app/src","--reload-dir","/app/lib""#), "{argv}");
    assert_eq!(mounts("[build]\ncontext = \"../code\"\n", "orders"), ["../code/src:/app/src"]);
    let watch =
        service(&with(&format!("{API}dev = {{ watch = true }}\n")), "orders-api", true)["develop"]["watch"].take();
    assert_eq!((&watch[0]["path"], &watch[0]["target"]), (&"./api/src".into(), &"/app/src".into()));
    assert_eq!(watch[1]["path"], "./api/pyproject.toml");
    let twice = with(&format!("{API}dev = {{ sync = [\"src\", \"api/src\"] }}\n"));
    let refused = documents("compose", &twice, true).expect_err("one place");
    assert!(refused.contains("something else is mounted at `/app/src` already"), "{refused}");
}

#[test]
fn what_has_the_image_of_a_further_process_is_developed_with_it() {
    let profile = with(&format!(
        "{API}[defaults.job]\nresources = {{ memory = \"64Mi\" }}\n\
         [jobs.migrate]\nimage = \"example.com/api:1\"\ncommand = [\"migrate\"]\n\
         [jobs.other]\nimage = \"example.com/api:2\"\ncommand = [\"other\"]\n\
         [inits.wait]\nimage = \"example.com/api:1\"\ncommand = [\"wait\"]\nresources = {{ memory = \"64Mi\" }}\n"
    ));
    let api = service(&profile, "orders-api", true);
    assert_eq!(api["image"], "orders-api:1-local");
    for with_it in ["orders-migrate", "orders-wait"] {
        let service = service(&profile, with_it, true);
        for same in ["image", "build", "volumes", "user"] {
            assert_eq!(service[same], api[same], "{with_it} {same}");
        }
    }
    assert_eq!(service(&profile, "orders-other", true)["image"], "example.com/api:2");
}

#[test]
fn an_image_that_is_changed_for_a_process_alone_is_told_of_where_others_keep_it() {
    let job = "[defaults.job]\nresources = { memory = \"64Mi\" }\n\
               [jobs.migrate]\nimage = \"example.com/api:1\"\ncommand = [\"migrate\"]\n\
               [environments.prod.processes.api]\nimage = \"example.com/api:2\"\n\
               [environments.both]\nprocesses.api.image = \"example.com/api:2\"\njobs.migrate.image = \"example.com/api:2\"\n";
    let left = |env: Option<&str>, set: &[&str]| {
        let profile = with(&format!("{API}{job}"));
        let set: Vec<String> = set.iter().map(|one| (*one).to_owned()).collect();
        let outcome = flow::app(&Request { env, set: &set, ..Request::alone("profile.toml", profile.as_bytes()) });
        outcome.problems.iter().filter(|problem| problem.code == Code::ImageLeftBehind).count()
    };
    assert_eq!(left(None, &[]), 0);
    assert_eq!(left(Some("prod"), &[]), 1);
    assert_eq!(left(Some("both"), &[]), 0);
    assert_eq!(left(None, &["processes.api.image=example.com/api:3"]), 1);
    assert_eq!(left(None, &["jobs.migrate.image=example.com/api:3"]), 0, "a job may be ahead");
}
