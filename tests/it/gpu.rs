//! Processes with GPUs: devices on every target, and replicas instead of workers.

use render::{app::Runtime, flow, layers::Request, problem::Code};
use serde_json::json;

use crate::rendered::{Cluster, Host};

fn profile(gpu: &str, more: &str) -> String {
    format!(
        "name = \"model\"\nimage = \"example.com/model:1\"\n{more}\n[server]\napp = \"a:b\"\n\
         [resources]\nmemory = \"1Gi\"\n{gpu}\n[probes]\nliveness = \"/healthz\"\n\
         [build]\ndockerfile = \"Dockerfile\"\n[compose]\npublish = false\n"
    )
}

#[test]
fn a_gpu_is_requested_and_limited_and_lets_the_cpu_run_free() {
    let resources = |gpu: &str| Cluster::of(&profile(gpu, "")).unwrap().container()["resources"].clone();
    let with = resources("gpu = 2");
    for side in ["requests", "limits"] {
        assert_eq!(with[side]["nvidia.com/gpu"], "2");
    }
    assert!(with["limits"].get("cpu").is_none());
    assert_eq!(resources("")["limits"]["cpu"], "1");
    assert_eq!(resources("gpu = 1\ncpu = { limit = \"3\" }")["limits"]["cpu"], "3");
    assert_eq!(resources("gpu = { resource = \"amd.com/gpu\" }")["limits"]["amd.com/gpu"], "1");
}

#[test]
fn a_process_with_a_gpu_has_replicas_on_every_target_and_one_unless_more_are_asked_for() {
    let count = |more: &str| {
        let profile = profile("gpu = 1", more);
        let (cluster, host) = (Cluster::of(&profile).unwrap(), Host::of(&profile).unwrap());
        assert!(host.env().contains(&("WEB_CONCURRENCY".into(), "1".into())), "one worker in each container");
        (cluster.replicas(), host.replicas())
    };
    assert_eq!(count(""), (1, 1));
    assert_eq!(count("workers = 3"), (3, 3));
}

#[test]
fn compose_reserves_the_devices_of_the_vendor_that_it_knows_in_development_too() {
    let devices = |gpu: &str, dev: bool| {
        let profile = profile(gpu, "");
        let host = if dev { Host::dev(&profile) } else { Host::of(&profile) };
        host.unwrap().service().pointer("/deploy/resources/reservations/devices").cloned()
    };
    for dev in [false, true] {
        let wanted = json!([{ "capabilities": ["gpu"], "count": 2, "driver": "nvidia" }]);
        assert_eq!(devices("gpu = 2", dev), Some(wanted));
        assert_eq!(devices("gpu = { resource = \"amd.com/gpu\" }", dev), None);
        assert_eq!(devices("", dev), None);
    }
}

#[test]
fn who_has_no_gpu_is_told_to_be_on_the_nodes_of_who_has_one() {
    let told = |more: &str| {
        let profile = format!(
            "name = \"a\"\nimage = \"example.com/a:1.0.0\"\nresources = {{ memory = \"1Gi\", gpu = 1 }}\n\
             [processes.w]\ncommand = [\"w\"]\nresources = {{ memory = \"1Gi\" }}\n{more}"
        );
        let app =
            render::flow::app(&render::layers::Request::alone("profile.toml", profile.as_bytes())).app.expect("an app");
        let problems = app.problems(render::app::Runtime::Orchestrated).into_iter();
        problems.filter(|one| one.code == render::problem::Code::GpuNodes).map(|one| one.title).collect::<Vec<_>>()
    };
    let selector = "node_selector = { gpu = \"yes\" }\n";
    let both = format!("[k8s]\n{selector}tolerations = [{{ key = \"gpu\" }}]\n");
    let titles = [
        "`w` has no GPU, and runs on the nodes that are chosen for `web`",
        "`w` has no GPU, and may run on the nodes that are chosen for `web`",
    ];
    assert_eq!(told(&both), titles);
    assert_eq!(
        told(&format!("[k8s]\n{selector}[jobs.j]\ncommand = [\"j\"]\nresources = {{ memory = \"1Gi\" }}\n")),
        ["`w`, `j` have no GPU, and run on the nodes that are chosen for `web`"]
    );
    assert!(told(&format!("[processes.web.k8s]\n{selector}")).is_empty(), "the main process has it to itself");
    assert!(told("[k8s]\nnode_selector = { \"kubernetes.io/arch\" = \"amd64\" }\n").is_empty(), "what a node is");
    assert!(told(&format!("[processes.w.k8s]\n{selector}[k8s]\ntopology_spread = \"none\"\n")).is_empty(), "its own");
}

#[test]
fn containers_that_would_share_a_device_of_the_host_are_told_of() {
    let shares = |gpu: &str, more: &str| {
        let profile = profile(gpu, more);
        let outcome = flow::app(&Request::alone("profile.toml", profile.as_bytes()));
        let problems = outcome.app.expect(&profile).problems(Runtime::SingleHost);
        problems.into_iter().any(|problem| problem.code == Code::SharedDevice)
    };
    assert!(shares("gpu = 1", "workers = 2"));
    assert!(!shares("gpu = 1", ""));
    assert!(!shares("gpu = { resource = \"amd.com/gpu\" }", "workers = 2"), "it has none there, and is told so");
    assert!(!shares("", "workers = 2"));
}
