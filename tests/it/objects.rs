//! Kubernetes objects: which there are, and what they say together.

use crate::rendered::{Cluster, texts};

/// A process that serves nothing by itself.
fn process(tables: &str) -> Cluster {
    let top = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\ncommand = [\"serve\"]\nprobes = false\n";
    Cluster::of(&format!("{top}{tables}")).unwrap()
}

#[test]
fn a_port_beside_the_main_one_is_offered_too() {
    assert!(process("").get("Service").is_none());
    let cluster = process("[ports]\ndns = { port = 5353, protocol = \"udp\" }");
    let service = &cluster.get("Service").expect("a Service")["spec"];
    assert_eq!(service["ports"].to_string(), r#"[{"name":"dns","port":5353,"protocol":"UDP","targetPort":"dns"}]"#);
    let lifecycle = &cluster.container()["lifecycle"];
    assert_eq!(lifecycle["preStop"]["sleep"]["seconds"], 5, "its clients have to learn that it goes");
}

#[test]
fn a_seeded_directory_is_filled_without_rights_on_the_volume_itself() {
    let cluster = process("[security]\nwritable = [\"/tmp\", { path = \"/var/cache\", seed = true }]");
    let seed = &cluster.pod()["initContainers"][0];
    // `-a` would set the times of the volume's own root, which belongs to root.
    assert_eq!(texts(&seed["command"]), ["cp", "-RP", "/var/cache/.", "/seed/"]);
    assert_eq!(seed["securityContext"], cluster.container()["securityContext"]);
}

#[test]
fn a_threshold_is_told_as_the_autoscaler_computes_it() {
    let profile = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\nworkers = 4\n\
                   [server]\napp = \"a:app\"\n[resources]\ncpu = \"200m\"\nmemory = \"100Mi\"\n\
                   [autoscale]\nmax = 10\ncpu = 50\nmemory = 50\n[k8s]\nworkers_per_pod = 2";
    let explained = crate::rendered::explained("k8s", profile);
    // Two workers in each pod; and a supervisor of 48Mi.
    assert!(explained.contains("50% of what a container requests is 200m"), "{explained}");
    assert!(explained.contains("50% of what a container requests is 124Mi"), "{explained}");
}

#[test]
fn only_the_name_that_the_main_port_has_is_taken() {
    let app = "name = \"a\"\nimage = \"x/a:1\"\ncommand = [\"serve\"]\nport = 8080\n";
    let with = |rest: &str| Cluster::of(&format!("{app}{rest}"));
    let http = "[probes]\nliveness = \"/healthz\"\n[ports]\ngrpc = 9090";
    let ports = with(http).unwrap().get("Service").expect("a Service")["spec"]["ports"].clone();
    let told: Vec<_> = ports.as_array().unwrap().iter().map(|port| (&port["name"], &port["appProtocol"])).collect();
    assert_eq!(told, [(&"http".into(), &"http".into()), (&"grpc".into(), &"kubernetes.io/h2c".into())]);
    assert!(with("[probes]\nliveness = { grpc = true }\n[ports]\ngrpc = 9090").is_err());
    assert!(with("[probes]\nliveness = { grpc = true }\n[ports]\nhttp = 9090").is_ok());
}

#[test]
fn labels_beside_the_recommended_ones_are_free() {
    let with = |name: &str| {
        Cluster::of(&format!(
            "name = \"a\"\nimage = \"x/a:1\"\ncommand = [\"serve\"]\nprobes = false\n\
             labels = {{ \"app.kubernetes.io/{name}\" = \"production\" }}"
        ))
    };
    let labels = with("environment").unwrap().get("Deployment").unwrap()["metadata"]["labels"].clone();
    assert_eq!(labels["app.kubernetes.io/environment"], "production");
    assert!(with("part-of").is_err());
}

#[test]
fn the_disk_of_a_pod_has_room_for_its_scratch_space() {
    let storage = |tables: &str| process(tables).container()["resources"]["limits"]["ephemeral-storage"].clone();
    assert_eq!(storage(""), "256Mi");
    let large = "[security]\nwritable = [{ path = \"/tmp\", size = \"2Gi\" }, { path = \"/run\", size = \"1Gi\", medium = \"memory\" }]";
    assert_eq!(storage(large), "2176Mi");
    assert_eq!(storage(&format!("{large}\n[resources]\nephemeral_storage = \"3Gi\"")), "3Gi");
}
