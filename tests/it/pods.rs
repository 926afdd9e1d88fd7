//! What a process has of its pod: facts about it, variables of whole objects, and other containers.

use render::{app::Runtime, flow, layers::Request, problem::Code};
use serde_json::{Value, json};

use crate::rendered::{Cluster, Host, documents, text};

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

/// The pod of a workload.
fn pod(profile: &str, kind: &str, name: &str) -> Value {
    let objects = documents("k8s", profile, false).unwrap();
    let is_it = |object: &&Value| object["kind"] == kind && text(&object["metadata"]["name"]).starts_with(name);
    let object = objects.iter().find(is_it).unwrap_or_else(|| panic!("no {kind} {name}"));
    object["spec"]["template"]["spec"].clone()
}

fn names(containers: &Value) -> Vec<String> {
    containers.as_array().into_iter().flatten().map(|one| text(&one["name"])).collect()
}

fn services(profile: &str) -> Value {
    documents("compose", profile, false).unwrap()[0]["services"].clone()
}

const PROXY: &str = "[sidecars.proxy]\nimage = \"example.com/proxy:2\"\n";

#[test]
fn sidecars_start_first_and_stay_and_inits_run_in_the_order_of_writing() {
    let profile = format!(
        "{APP}{PROXY}[inits.zeta]\nargs = [\"z\"]\n[sidecars.agent]\nimage = \"example.com/agent:1\"\n[inits.alpha]\nargs = [\"a\"]\n"
    );
    let pod = pod(&profile, "Deployment", "orders");
    assert_eq!(names(&pod["containers"]), ["orders"]);
    assert_eq!(names(&pod["initContainers"]), ["proxy", "agent", "zeta", "alpha"]);
    let policy = |at: usize| pod["initContainers"][at]["restartPolicy"].clone();
    assert_eq!(
        [policy(0), policy(1), policy(2), policy(3)],
        [json!("Always"), json!("Always"), Value::Null, Value::Null]
    );
    // 20s drain + 5s, and 5s for each sidecar after it.
    assert_eq!(pod["terminationGracePeriodSeconds"], 35);
}

#[test]
fn another_image_gets_nothing_of_the_app_and_its_own_image_what_all_share() {
    let shared = "[env]\nA = \"app\"\n[secrets]\nKEY = \"a key\"\n[security]\nread_only = false\n";
    let profile = format!("{APP}{shared}{PROXY}env = {{ B = \"own\" }}\n[inits.wait]\nargs = [\"wait\"]\n");
    let pod = pod(&profile, "Deployment", "orders");
    let [proxy, wait] = [&pod["initContainers"][0], &pod["initContainers"][1]];
    assert_eq!(proxy["env"], json!([plain("B", "own")]));
    assert_eq!(proxy["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(wait["image"], "example.com/orders:1.4.2");
    assert_eq!(names(&wait["env"]), ["KEY", "A"]);
    assert_eq!(wait["securityContext"]["readOnlyRootFilesystem"], false);
}

#[test]
fn they_stand_beside_what_they_name_and_else_the_main_process() {
    let profile = format!(
        "{APP}[processes.worker]\nargs = [\"work\"]\n[jobs.migrate]\nargs = [\"migrate\"]\n\
         {PROXY}with = [\"worker\", \"migrate\"]\n[inits.wait]\nargs = [\"wait\"]\n"
    );
    let before = |kind: &str, name: &str| names(&pod(&profile, kind, name)["initContainers"]);
    assert_eq!(before("Deployment", "orders"), ["wait"]);
    assert_eq!(before("Deployment", "orders-worker"), ["proxy"]);
    assert_eq!(before("Job", "orders-migrate"), ["proxy"]);
}

#[test]
fn each_container_writes_to_scratch_space_of_its_own() {
    let pod = pod(&format!("{APP}{PROXY}"), "Deployment", "orders");
    assert_eq!(names(&pod["volumes"]), ["tmp", "proxy-tmp"]);
    assert_eq!(pod["initContainers"][0]["volumeMounts"], json!([{ "name": "proxy-tmp", "mountPath": "/tmp" }]));
}

#[test]
fn the_user_of_an_image_is_not_overruled_by_the_pod() {
    let users = |uid: &str| {
        let pod = pod(&format!("{APP}{PROXY}uid = {uid}\n"), "Deployment", "orders");
        let containers = [&pod, &pod["containers"][0], &pod["initContainers"][0]];
        containers.map(|one| one["securityContext"]["runAsUser"].clone())
    };
    assert_eq!(users("65532"), [json!(10001), json!(10001), json!(65532)]);
    assert_eq!(users("\"image\""), [Value::Null, json!(10001), Value::Null]);
}

#[test]
fn a_sidecar_names_its_port_after_itself_and_asks_it_by_that_name() {
    let profile = format!("{APP}{PROXY}port = 9801\nprobes = {{ startup = {{ http = \"/startup\" }} }}\n");
    let proxy = pod(&profile, "Deployment", "orders")["initContainers"][0].clone();
    assert_eq!(proxy["ports"], json!([{ "name": "proxy", "containerPort": 9801, "protocol": "TCP" }]));
    assert_eq!(proxy["startupProbe"]["httpGet"], json!({ "path": "/startup", "port": "proxy" }));
    // Clients reach the process alone.
    assert!(documents("k8s", &profile, false).unwrap().iter().all(|object| object["kind"] != "Service"));
}

#[test]
fn on_compose_the_first_sidecar_has_the_network_and_the_ports_of_all() {
    let profile = format!(
        "{APP}port = 8000\n[compose]\nnetworks = {{ edge = {{}} }}\n{PROXY}[sidecars.agent]\nimage = \"example.com/agent:1\"\n\
         [inits.wait]\nargs = [\"wait\"]\n"
    );
    let services = services(&profile);
    let proxy = &services["orders-proxy"];
    assert_eq!(proxy["ports"], json!(["127.0.0.1:8000:8000"]));
    assert_eq!(proxy["networks"]["default"]["aliases"], json!(["orders"]));
    assert_eq!(proxy["networks"]["edge"]["aliases"], json!(["orders"]));
    assert!(proxy.get("network_mode").is_none() && proxy.get("depends_on").is_none());
    for name in ["orders", "orders-agent", "orders-wait"] {
        let service = &services[name];
        assert_eq!(service["network_mode"], "service:orders-proxy", "{name}");
        assert!(service.get("ports").is_none() && service.get("networks").is_none(), "{name}");
    }
    let started = json!({ "condition": "service_started", "restart": true });
    let once = json!({ "condition": "service_started" });
    let done = json!({ "condition": "service_completed_successfully" });
    let waits = |name: &str| services[name]["depends_on"].clone();
    assert_eq!(waits("orders"), json!({ "orders-agent": started, "orders-proxy": started, "orders-wait": done }));
    assert_eq!(waits("orders-wait"), json!({ "orders-agent": once, "orders-proxy": once }));
    assert_eq!(waits("orders-agent"), json!({ "orders-proxy": started }));
    assert_eq!(services["orders-wait"]["restart"], "on-failure");
}

#[test]
fn on_compose_each_process_has_a_sidecar_of_its_own() {
    let profile = format!(
        "{APP}[processes.worker]\nargs = [\"work\"]\n[crons.report]\nargs = [\"report\"]\nschedule = \"@daily\"\n\
         {PROXY}with = [\"web\", \"worker\", \"report\"]\n"
    );
    let services = services(&profile);
    assert_eq!(services["orders-worker"]["network_mode"], "service:orders-worker-proxy");
    assert_eq!(services["orders-report"]["network_mode"], "service:orders-report-proxy");
    // Whoever starts the one starts the other.
    assert_eq!(services["orders-report-proxy"]["profiles"], services["orders-report"]["profiles"]);
    assert!(services["orders-worker-proxy"].get("profiles").is_none());
}

#[test]
fn on_compose_a_sidecar_of_what_ends_is_not_started_again_and_whoever_starts_it_stops_it() {
    let profile = format!(
        "{APP}[crons.report]\nargs = [\"report\"]\nschedule = \"@daily\"\nresources = {{ memory = \"64Mi\" }}\n\
         [jobs.migrate]\nargs = [\"migrate\"]\nresources = {{ memory = \"64Mi\" }}\n\
         {PROXY}with = [\"web\", \"report\", \"migrate\"]\n"
    );
    let services = services(&profile);
    assert_eq!(services["orders-proxy"]["restart"], "unless-stopped");
    for ends in ["orders-report-proxy", "orders-migrate-proxy"] {
        assert_eq!(services[ends]["restart"], "no", "{ends}");
    }
    let told = |profile: &str| {
        let outcome = flow::app(&Request::alone("profile.toml", profile.as_bytes()));
        let problems = outcome.app.expect(profile).problems(Runtime::SingleHost).into_iter();
        problems.map(|problem| (problem.code, problem.help.unwrap_or_default())).collect::<Vec<_>>()
    };
    let line = "@daily  cd /srv/orders && flock -n .orders-report.lock sh -c 'timeout 3600 docker compose run --rm \
                orders-report; code=$?; docker compose rm --force --stop orders-report-proxy; exit $code'";
    let all = told(&profile);
    assert!(all.iter().any(|(code, help)| *code == Code::NoScheduler && help.ends_with(line)), "{all:#?}");
    let stays = |all: &[(Code, String)]| all.iter().filter(|(code, _)| *code == Code::SidecarStays).count();
    assert_eq!(stays(&all), 1, "of the job");
    // Runs that overlap share it: no line can tell when it may go.
    let overlap = told(&profile.replace("schedule =", "concurrency = \"allow\"\nschedule ="));
    assert_eq!(stays(&overlap), 2);
    assert!(overlap.iter().all(|(_, help)| !help.contains("sh -c")), "{overlap:#?}");
}
