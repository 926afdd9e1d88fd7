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
