//! References in commands, arguments and probes, and what stays the shell's.

use render::{app::Runtime, flow, layers::Request};
use serde_json::Value;

use crate::rendered::{documents, texts};

const APP: &str = "name = \"shop\"\nimage = \"example.com/shop:1.0.0\"\nport = 8000\n\
                   env.DB_HOST = \"${db.host}\"\nresources = { memory = \"256Mi\" }\n";

const TABLES: &str = "[ports]\nmetrics = 9090\n[secrets]\nTOKEN = \"token\"\n[inputs]\nREGION = { default = \"eu\" }\n\
                      [services.db]\nkind = \"postgres\"\nversion = \"17\"\n[services.cache]\nkind = \"redis\"\n";

const PROBE: &str = "probes = { liveness = \"/healthz\" }\n";

fn with(own: &str) -> String {
    format!("{APP}{own}{TABLES}")
}

/// The container of a workload in the cluster.
fn container(own: &str, workload: &str) -> Value {
    let objects = documents("k8s", &with(own), false).unwrap_or_else(|error| panic!("{error}"));
    let named = |object: &&Value| object["metadata"]["name"].as_str().is_some_and(|name| name.starts_with(workload));
    let mut pods = objects.iter().filter(named).map(|object| match object["spec"].get("jobTemplate") {
        Some(template) => &template["spec"]["template"]["spec"],
        None => &object["spec"]["template"]["spec"],
    });
    pods.find(|pod| pod["containers"].is_array()).expect("a workload")["containers"][0].clone()
}

fn service(own: &str, name: &str) -> Value {
    documents("compose", &with(own), false).unwrap_or_else(|error| panic!("{error}"))[0]["services"][name].clone()
}

fn refused(own: &str) -> String {
    documents("k8s", &with(own), false).expect_err("an error")
}

/// What the shell of a script is told by each target, without the words before it.
fn script(script: &str) -> (String, String) {
    let own = format!("{PROBE}command = [\"/bin/sh\", \"-ec\", '{script}']\n");
    let cluster = texts(&container(&own, "shop")["command"]).pop().unwrap();
    (cluster, texts(&service(&own, "shop")["entrypoint"]).pop().unwrap())
}

#[test]
fn a_command_reads_references_as_arguments_do() {
    let line =
        "[\"x\", \"${port}:${cache.port}\", \"${secrets.TOKEN}\", \"${inputs.REGION}\", \"${ports.metrics}\", \"$$1\"]";
    for (key, on_host) in [("command", "entrypoint"), ("args", "command")] {
        let own = format!("{PROBE}{key} = {line}\n");
        let cluster = ["x", "8000:$(CACHE_PORT)", "$(TOKEN)", "eu", "9090", "$1"];
        assert_eq!(texts(&container(&own, "shop")[key]), cluster, "{key}");
        let host = ["x", "8000:6379", "${TOKEN:?set TOKEN in .env}", "${REGION:-eu}", "9090", "$$1"];
        assert_eq!(texts(&service(&own, "shop")[on_host]), host, "{key}");
    }
}

#[test]
fn every_workload_waits_for_the_service_that_its_command_names() {
    for (table, name) in [
        ("[processes.one]", "shop-one"),
        ("[jobs.one]", "shop-one"),
        ("[crons.one]\nschedule = \"@daily\"", "shop-one"),
        ("[companions.one]\nimage = \"example.com/one:1.0.0\"", "one"),
    ] {
        let own =
            format!("{PROBE}{table}\nresources = {{ memory = \"64Mi\" }}\ncommand = [\"x\", \"${{cache.url}}\"]\n");
        let service = service(&own, name);
        assert_eq!(texts(&service["entrypoint"])[1], "redis://cache:6379/0", "{table}");
        assert_eq!(service["depends_on"]["cache"]["condition"], "service_healthy", "{table}");
        if name != "one" {
            let container = container(&own, name);
            assert_eq!(texts(&container["command"])[1], "$(CACHE_URL)", "{table}");
            assert!(container["env"].as_array().unwrap().iter().any(|one| one["name"] == "CACHE_URL"), "{table}");
        }
    }
}

#[test]
fn a_sidecar_and_an_init_read_references_in_their_commands() {
    for kind in ["sidecars", "inits"] {
        let own = format!(
            "{PROBE}[{kind}.one]\ncommand = [\"x\", \"${{secrets.TOKEN}}\"]\nresources = {{ memory = \"64Mi\" }}\n"
        );
        let objects = documents("k8s", &with(&own), false).unwrap_or_else(|error| panic!("{error}"));
        let all: String = objects.iter().map(Value::to_string).collect();
        assert!(all.contains("[\"x\",\"$(TOKEN)\"]"), "{kind}");
    }
}

#[test]
fn a_closed_policy_leads_to_what_a_command_names() {
    let own = format!("{PROBE}network = {{ egress = [\"services\"] }}\ncommand = [\"x\", \"${{cache.host}}\"]\n");
    let objects = documents("k8s", &with(&own), false).unwrap_or_else(|error| panic!("{error}"));
    let policy = objects.iter().find(|object| object["kind"] == "NetworkPolicy").unwrap();
    assert!(policy["spec"]["egress"].to_string().contains("6379"), "{policy}");
}

#[test]
fn what_a_command_refers_to_in_vain_is_an_error() {
    for (word, meant) in [("${db.ur}", "${db.url}"), ("${secrets.TOKN}", "${secrets.TOKEN}"), ("${prt}", "${port}")] {
        let error = refused(&format!("{PROBE}command = [\"x\", \"{word}\"]\n"));
        assert!(error.contains(&format!("did you mean `{meant}`?")), "{error}");
    }
}

#[test]
fn the_variables_of_a_script_are_the_shells() {
    for own in ["${HOME}", "$HOME", "${port}", "${A:-b}", "${A%.txt}", "${#A}", "${V-1.2}", "${A", "$(date +%s)x"] {
        let (cluster, host) = script(own);
        assert_eq!(cluster.replace("$$(", "$("), own);
        assert_eq!(host.replace("$$", "$"), own);
    }
    let (cluster, host) = script("kill $$; echo $${HOME}");
    assert_eq!((cluster.as_str(), host.as_str()), ("kill $$$; echo ${HOME}", "kill $$$$; echo $${HOME}"));
}

#[test]
fn a_dotted_name_in_a_script_is_a_reference_for_no_shell_has_one() {
    let (cluster, host) = script("exec serve ${cache.url} ${A:-${inputs.REGION}} ${HOME}");
    assert_eq!(cluster, "exec serve $(CACHE_URL) ${A:-eu} ${HOME}");
    assert_eq!(host, "exec serve redis://cache:6379/0 $${A:-${REGION:-eu}} $${HOME}");
    let error = refused(&format!("{PROBE}command = [\"sh\", \"-c\", \"exec x ${{db.ulr}}\"]\n"));
    assert!(error.contains("did you mean `${db.url}`?"), "{error}");
}

#[test]
fn only_the_word_after_the_flags_of_a_shell_is_its_script() {
    for (line, told) in [
        ("command = [\"bash\", \"-euo\", \"pipefail\", \"-c\", \"echo ${HOME}\", \"${port}\"]", "8000"),
        ("command = [\"tini\", \"--\", \"sh\", \"-c\", \"echo ${HOME}\"]", "echo ${HOME}"),
        ("command = [\"sh\", \"start.sh\", \"${port}\"]", "8000"),
    ] {
        assert_eq!(texts(&container(&format!("{PROBE}{line}\n"), "shop")["command"]).pop().unwrap(), told, "{line}");
    }
    let own = format!("{PROBE}command = [\"sh\", \"-c\"]\nargs = [\"echo ${{HOME}}\", \"${{port}}\"]\n");
    assert_eq!(texts(&container(&own, "shop")["args"]), ["echo ${HOME}", "8000"], "the script is among the arguments");
    let error = refused(&format!("{PROBE}command = [\"x\", \"-c\", \"${{HOME}}\"]\n"));
    assert!(error.contains("`${HOME}` refers to nothing"), "{error}");
}

#[test]
fn the_port_in_a_script_is_told_to_be_empty_unless_the_script_sets_it() {
    let told = |script: &str| {
        let profile = with(&format!("{PROBE}command = [\"sh\", \"-c\", \"{script}\"]\n"));
        let problems = flow::app(&Request::alone("profile.toml", profile.as_bytes())).problems;
        problems.iter().any(|one| one.title.starts_with("`${port}`"))
    };
    assert!(told("exec serve --port=${port}"));
    assert!(!told("port=$((PORT + 1)); exec serve --port=${port}"));
    assert!(!told("exec serve --port=${PORT}"));
}

#[test]
fn a_probe_knows_the_ports_and_inputs_of_its_process() {
    let exec = "[\"check\", \"127.0.0.1:${port}\", \"${ports.metrics}\", \"${inputs.REGION}\"]";
    let own = format!("probes = {{ liveness = {{ exec = {exec} }} }}\n");
    let plain = ["check", "127.0.0.1:8000", "9090", "eu"];
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        assert_eq!(texts(&container(&own, "shop")[probe]["exec"]["command"]), plain, "{probe}");
    }
    let asked = ["CMD", "check", "127.0.0.1:8000", "9090", "${REGION:-eu}"];
    assert_eq!(texts(&service(&own, "shop")["healthcheck"]["test"]), asked);
    let own = format!("{PROBE}compose = {{ healthcheck = {exec} }}\n");
    assert_eq!(texts(&service(&own, "shop")["healthcheck"]["test"]), asked, "the profile's own check, too");
}

#[test]
fn a_probe_refers_to_no_secret_no_service_and_nothing_unknown() {
    for (word, title) in [
        ("${secrets.TOKEN}", "cannot stand in the command of a probe"),
        ("${db.host}", "cannot stand in the command of a probe"),
        ("${pod.ip}", "cannot stand in the command of a probe"),
        ("${ports.metric}", "refers to nothing"),
    ] {
        let error = refused(&format!("probes = {{ liveness = {{ exec = [\"check\", \"{word}\"] }} }}\n"));
        assert!(error.contains(&format!("`{word}` {title}")), "{error}");
    }
    for path in ["readiness = \"/h${port}\"", "liveness = { https = \"/${inputs.REGION}\" }"] {
        let error = refused(&format!("probes = {{ {path} }}\n"));
        assert!(error.contains("no reference is read in the path of a probe"), "{error}");
    }
}

#[test]
fn the_command_of_development_reads_references_and_waits_for_its_services() {
    let own = format!(
        "{PROBE}dev = {{ command = [\"npm\", \"start\", \"${{port}}\", \"${{cache.url}}\"] }}\n[processes.w]\ncommand = [\"w\", \"${{cache.url}}\"]\n"
    );
    let service =
        documents("compose", &with(&own), true).unwrap_or_else(|error| panic!("{error}"))[0]["services"]["shop"]
            .clone();
    assert_eq!(texts(&service["entrypoint"]), ["npm", "start", "8000", "redis://cache:6379/0"]);
    assert_eq!(service["depends_on"]["cache"]["condition"], "service_healthy");
}

#[test]
fn a_fact_about_the_pod_in_a_command_is_told_on_compose() {
    let profile = with(&format!("{PROBE}command = [\"x\", \"${{pod.ip}}\"]\n"));
    let app = flow::app(&Request::alone("profile.toml", profile.as_bytes())).app.expect("an app");
    let told = |runtime| app.problems(runtime).iter().any(|one| one.title.contains("`${pod.ip}`"));
    assert!(told(Runtime::SingleHost) && !told(Runtime::Orchestrated));
}
