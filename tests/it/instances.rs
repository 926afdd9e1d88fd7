//! Several containers in an instance of Cloud Run: who starts first, what requests come to, and what they get in all.

use serde_json::{Value, json};

use crate::rendered::{Platform, documents, text};

const PROCESS: &str = "name = \"orders\"\nimage = \"eu.gcr.io/acme/orders:1.4.2\"\nport = 8000\ncommand = [\"serve\"]\n\
                       [probes]\nliveness = \"/healthz\"\n[resources]\nmemory = \"600Mi\"\n";

const NEEDS: &str = "run.googleapis.com/container-dependencies";

fn sidecar(name: &str, more: &str) -> String {
    format!("[sidecars.{name}]\nimage = \"eu.gcr.io/acme/{name}:1\"\nresources = {{ memory = \"64Mi\" }}\n{more}\n")
}

fn cloudrun(profile: &str) -> Platform {
    Platform::of("cloudrun", profile).unwrap_or_else(|problems| panic!("{problems}"))
}

fn needs(profile: &str) -> Option<Value> {
    cloudrun(profile).annotation(NEEDS).map(|text| serde_json::from_str(&text).expect("JSON"))
}

fn containers(platform: &Platform) -> Vec<Value> {
    platform.instance()["containers"].as_array().unwrap().clone()
}

#[test]
fn sidecars_start_one_after_another_and_then_the_process() {
    let profile = format!(
        "{PROCESS}{}{}{}",
        sidecar("proxy", "port = 9000"),
        sidecar("agent", ""),
        sidecar("cache", "ports = { own = 6379 }\nprobes = { startup = { tcp = true, port = \"own\" } }")
    );
    let expected = json!({ "agent": ["proxy"], "cache": ["proxy"], "orders": ["proxy", "cache"] });
    assert_eq!(needs(&profile), Some(expected), "nobody waits for what has no startup probe");
    assert_eq!(needs(&format!("{PROCESS}{}", sidecar("agent", ""))), None);
    assert_eq!(needs(PROCESS), None);
}

#[test]
fn what_requests_come_to_starts_when_all_others_have() {
    let profile = format!(
        "{PROCESS}[service]\nto = \"front\"\n{}{}",
        sidecar("front", "port = 8080\nport_env = \"PORT\""),
        sidecar("proxy", "port = 9000\nport_env = \"PORT\"")
    );
    assert_eq!(needs(&profile), Some(json!({ "front": ["proxy", "orders"], "orders": ["proxy"] })));
    let platform = cloudrun(&profile);
    let [process, front, proxy] = containers(&platform).try_into().expect("three containers");
    assert_eq!(front["ports"], json!([{ "name": "http1", "containerPort": 8080 }]));
    assert!(process.get("ports").is_none() && proxy.get("ports").is_none());
    // The platform tells its port to the one, and refuses that it is set.
    assert!(front.get("env").is_none());
    assert_eq!(proxy["env"], json!([{ "name": "PORT", "value": "9000" }]));
}

#[test]
fn a_process_without_a_port_serves_through_its_sidecar() {
    let process = PROCESS.replace("port = 8000\n", "").replace("[probes]\nliveness = \"/healthz\"\n", "");
    let profile = format!("{process}[service]\nto = \"front\"\n{}", sidecar("front", "port = 8080"));
    assert_eq!(cloudrun(&profile).object()["kind"], "Service");
    assert_eq!(cloudrun(&profile).instance()["containerConcurrency"], 80);
}

#[test]
fn a_sidecar_needs_no_whole_core_and_an_instance_has_no_more_than_there_is() {
    for (resources, cpu, memory) in [
        ("cpu = \"10m\", memory = \"64Mi\"", "80m", "128Mi"),
        ("cpu = \"300m\", memory = \"200Mi\"", "300m", "264Mi"),
        ("cpu = \"300m\", memory = \"600Mi\"", "500m", "664Mi"),
        ("cpu = \"300m\", memory = \"2Gi\"", "1", "2112Mi"),
        ("cpu = { limit = \"1500m\" }, memory = \"64Mi\"", "2", "512Mi"),
    ] {
        let profile = format!("{PROCESS}[sidecars.agent]\nimage = \"agent:1\"\nresources = {{ {resources} }}\n");
        let limits = containers(&cloudrun(&profile))[1]["resources"]["limits"].clone();
        assert_eq!((text(&limits["cpu"]), text(&limits["memory"])), (cpu.into(), memory.into()), "{resources}");
    }
    let large = PROCESS.replace("memory = \"600Mi\"", "memory = \"20Gi\"\ncpu = { limit = \"6\" }");
    let agent = "[sidecars.agent]\nimage = \"agent:1\"\nresources = { memory = \"16Gi\", cpu = \"100m\" }\n";
    let problems = documents("cloudrun", &format!("{large}{agent}"), false).expect_err("refused");
    assert!(problems.contains("12000m of CPU in all, and an instance of Cloud Run has 8000m at most"), "{problems}");
}

#[test]
fn what_containers_share_is_memory_of_the_process_once() {
    let volumes =
        "[volumes]\npages = { mount = \"/pages\", size = \"100Mi\", medium = \"disk\", for = [\"web\", \"front\"] }\n";
    let platform = cloudrun(&format!("{PROCESS}{volumes}{}", sidecar("front", "port = 8080")));
    let memory: Vec<String> =
        containers(&platform).iter().map(|one| text(&one["resources"]["limits"]["memory"])).collect();
    // 600 + 64 of scratch + 100, and 64 + 64 of scratch.
    assert_eq!(memory, ["764Mi", "128Mi"]);
    let volume = json!({ "name": "pages", "emptyDir": { "medium": "Memory", "sizeLimit": "100Mi" } });
    assert_eq!(platform.instance()["volumes"][0], volume);
    assert_eq!(containers(&platform)[1]["volumeMounts"][0], json!({ "name": "pages", "mountPath": "/pages" }));
}

#[test]
fn a_patch_that_breaks_what_containers_wait_for_is_refused() {
    let patch = |merge: &str| format!("[[patches]]\ntarget = \"cloudrun\"\nyaml = '''\n{merge}\n'''\n");
    let annotation = |value: &str| {
        patch(&format!("spec: {{ template: {{ metadata: {{ annotations: {{ {NEEDS}: '{value}' }} }} }} }}"))
    };
    let profile = format!("{PROCESS}{}{}", sidecar("proxy", "port = 9000"), sidecar("agent", ""));
    for (value, title) in [
        (r#"{"orders":["prox"]}"#, "there is no container `prox`"),
        (r#"{"orders":["agent"]}"#, "`orders` waits for `agent`, which no startup probe asks"),
        ("proxy", "names of containers are wanted"),
    ] {
        let problems = documents("cloudrun", &format!("{profile}{}", annotation(value)), false).expect_err("refused");
        assert!(problems.contains(title), "{problems}");
    }
    let grown = "spec: { template: { spec: { containers: [{ name: agent, resources: \
                 { limits: { cpu: 8, memory: 4Gi } } }] } } }";
    let problems = documents("cloudrun", &format!("{profile}{}", patch(grown)), false).expect_err("refused");
    assert!(problems.contains("in all, and an instance has 8 and 32Gi at most"), "{problems}");
}
