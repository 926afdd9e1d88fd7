//! The workers-versus-replicas rule, in what is rendered: parallelism is stated once, and every target runs as many
//! processes, in as much memory, and stops them in time.

mod case;
mod read;

use proptest::prelude::*;

use self::{
    case::{MI, Start, case},
    read::{
        assert_drains, drain_flag, host_memory, host_scratch, k8s_bytes, pod_memory, pod_scratch, seconds, workers,
    },
};
use crate::rendered::{Cluster, Host, Platform, flag, text};

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cluster_runs_what_is_wanted_in_pods_of_one_worker(case in case()) {
        let cluster = Cluster::of(&case.toml()).map_err(TestCaseError::fail)?;
        let in_pod = workers(case.start, &cluster.argv(), &cluster.env());
        prop_assert_eq!(in_pod, case.per_pod(), "one in each pod unless asked otherwise");
        match case.replicas {
            Some(replicas) => prop_assert_eq!(cluster.replicas(), replicas, "what is asked for holds"),
            None => {
                let all = cluster.replicas() * in_pod;
                prop_assert!(all >= case.wanted(), "{} of {} wanted", all, case.wanted());
                prop_assert!(all < case.wanted() + in_pod, "a pod too many: {} for {}", all, case.wanted());
            }
        }
        prop_assert!(!cluster.argv().iter().any(|word| word.starts_with("--reload")));
    }

    #[test]
    fn a_single_host_runs_as_many_in_one_container(case in case()) {
        let host = Host::of(&case.toml()).map_err(TestCaseError::fail)?;
        let wanted = case.on_compose.unwrap_or(case.wanted());
        let (in_container, containers) = if case.start == Start::Alone { (1, wanted) } else { (wanted, 1) };
        prop_assert_eq!(workers(case.start, &host.argv(), &host.env()), in_container);
        prop_assert_eq!(host.replicas(), containers);
        prop_assert!(!host.argv().iter().any(|word| word.starts_with("--reload")));
    }

    #[test]
    fn cloud_run_gives_each_instance_one_worker_and_no_less_than_it_needs(case in case()) {
        let platform = Platform::of("cloudrun", &case.toml()).map_err(TestCaseError::fail)?;
        prop_assert_eq!(workers(case.start, &platform.argv(), &platform.env()), 1);
        let count = if case.port { "autoscaling.knative.dev/maxScale" } else { "run.googleapis.com/manualInstanceCount" };
        let wanted = if case.autoscale && case.port { 500 } else { case.wanted() };
        prop_assert_eq!(platform.annotation(count), Some(wanted.to_string()));
        let declared: u64 = case.scratch.iter().map(|scratch| scratch.mebi * MI).sum();
        let needed = case.memory().1 + case.supervisor(1, case.memory().1) + declared;
        let limits = &platform.container()["resources"]["limits"];
        let cores: u64 = text(&limits["cpu"]).parse().expect("whole cores");
        prop_assert_eq!(k8s_bytes(&text(&limits["memory"])), needed.max(least(cores)), "all that it writes is memory");
        assert_drains(&case, &platform.argv(), case.drain.min(8));
    }

    #[test]
    fn knative_gives_each_instance_one_worker_and_all_that_is_asked_for(case in case()) {
        let platform = Platform::of("knative", &case.toml());
        if !case.port {
            prop_assert!(platform.err().is_some_and(|told| told.contains("nothing-to-render")));
            return Ok(());
        }
        let platform = platform.map_err(TestCaseError::fail)?;
        prop_assert_eq!(workers(case.start, &platform.argv(), &platform.env()), 1);
        let wanted = if case.autoscale { 500 } else { case.wanted() };
        prop_assert_eq!(platform.annotation("autoscaling.knative.dev/max-scale"), Some(wanted.to_string()));
        let scratch: u64 = case.scratch.iter().filter(|scratch| scratch.memory).map(|scratch| scratch.mebi * MI).sum();
        let (request, limit) = case.memory();
        for (side, worker) in [("requests", request), ("limits", limit)] {
            let memory = k8s_bytes(&text(&platform.container()["resources"][side]["memory"]));
            prop_assert_eq!(memory, worker + case.supervisor(1, worker) + scratch);
        }
        assert_drains(&case, &platform.argv(), case.drain);
    }

    #[test]
    fn a_developer_runs_one(case in case()) {
        let dev = Host::dev(&case.toml()).map_err(TestCaseError::fail)?;
        prop_assert_eq!(workers(case.start, &dev.argv(), &dev.env()), 1);
        prop_assert_eq!(dev.replicas(), 1);
        prop_assert!(dev.service().get("deploy").is_none(), "a developer's machine sets no limits");
        let reloads = dev.argv().iter().any(|word| word == "--reload" || word == "dev");
        prop_assert_eq!(reloads, matches!(case.start, Start::Server(..)));
    }

    #[test]
    fn memory_is_conserved(case in case()) {
        let cluster = Cluster::of(&case.toml()).map_err(TestCaseError::fail)?;
        let host = Host::of(&case.toml()).map_err(TestCaseError::fail)?;
        let in_pod = workers(case.start, &cluster.argv(), &cluster.env());
        let in_container = workers(case.start, &host.argv(), &host.env());
        let (pod, container) = (pod_memory(&cluster), host_memory(&host));
        let (request, limit) = case.memory();
        for (pod, container, worker) in [(pod.0, container.0, request), (pod.1, container.1, limit)] {
            // What remains without the supervisor and scratch space is the workers', in both.
            let of_pod = pod - pod_scratch(&cluster) - case.supervisor(in_pod, worker);
            let of_container = container - host_scratch(&host) - case.supervisor(in_container, worker);
            prop_assert_eq!(of_pod, in_pod * worker);
            prop_assert_eq!(of_container, in_container * worker);
            let exact = case.replicas.is_none() && case.on_compose.is_none() && case.wanted() % in_pod == 0;
            if exact {
                prop_assert_eq!(of_pod * cluster.replicas(), of_container * host.replicas(), "in all");
            }
        }
        let declared: u64 = case.scratch.iter().map(|scratch| scratch.mebi * MI).sum();
        let in_memory: u64 = case.scratch.iter().filter(|scratch| scratch.memory).map(|scratch| scratch.mebi * MI).sum();
        prop_assert_eq!(pod_scratch(&cluster), in_memory);
        prop_assert_eq!(host_scratch(&host), declared, "Compose keeps all of it in memory");
    }

    #[test]
    fn nothing_is_killed_while_it_drains(case in case()) {
        let cluster = Cluster::of(&case.toml()).map_err(TestCaseError::fail)?;
        let host = Host::of(&case.toml()).map_err(TestCaseError::fail)?;
        let grace = cluster.pod()["terminationGracePeriodSeconds"].as_u64().expect("a grace period");
        let slept = cluster.container()["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64();
        prop_assert_ne!(slept, Some(0), "servers before 1.34 refuse it");
        let wanted = case.pre_stop.unwrap_or(if case.port { 5 } else { 0 });
        prop_assert_eq!(slept.unwrap_or(0), wanted);
        prop_assert!(grace >= slept.unwrap_or(0) + case.drain + 5, "{grace}s");
        assert_drains(&case, &cluster.argv(), case.drain);
        let host_grace = seconds(&text(&host.service()["stop_grace_period"]));
        prop_assert!(host_grace >= case.drain + 5, "{host_grace}s");
        assert_drains(&case, &host.argv(), case.drain);
        let dev = Host::dev(&case.toml()).map_err(TestCaseError::fail)?;
        let drain = drain_flag(case.start).and_then(|name| flag(&dev.argv(), name).map(str::to_owned));
        let drain = drain.map_or(0, |drain| drain.parse::<u64>().unwrap());
        prop_assert!(seconds(&text(&dev.service()["stop_grace_period"])) > drain);
    }

    #[test]
    fn who_counts_replicas_is_told_once(case in case()) {
        let cluster = Cluster::of(&case.toml()).map_err(TestCaseError::fail)?;
        prop_assert_eq!(cluster.get("HorizontalPodAutoscaler").is_some(), case.autoscale);
        prop_assert_eq!(cluster.deployment().get("replicas").is_none(), case.autoscale, "an apply would reset it");
        prop_assert_eq!(cluster.get("PodDisruptionBudget").is_some(), cluster.replicas() > 1);
        let strategy = text(&cluster.deployment()["strategy"]["type"]);
        prop_assert_eq!(strategy == "Recreate", case.stateful);
        if case.stateful {
            let host = Host::of(&case.toml()).map_err(TestCaseError::fail)?;
            prop_assert_eq!(cluster.replicas(), 1);
            prop_assert_eq!(workers(case.start, &cluster.argv(), &cluster.env()), 1);
            prop_assert_eq!(host.replicas(), 1);
            prop_assert_eq!(workers(case.start, &host.argv(), &host.env()), 1);
        }
    }
}

fn app(top: &str, tables: &str) -> String {
    format!("name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\n{top}\n{tables}")
}

#[test]
fn state_is_never_in_two_processes() {
    for more in [
        "workers = 2\n[k8s]",
        "[k8s]\nreplicas = 2",
        "[k8s]\nworkers_per_pod = 2",
        "[compose]\nworkers = 2",
        "[autoscale]\nmax = 3",
    ] {
        let profile = app("state = \"memory\"", "");
        let profile = format!("{profile}{more}\n[server]\napp = \"orders.main:app\"\n");
        let refused = Cluster::of(&profile).err().or_else(|| Host::of(&profile).err());
        let refused = refused.unwrap_or_else(|| panic!("admitted: {more}"));
        assert!(refused.contains("state"), "{refused}");
    }
}

#[test]
fn what_cannot_fork_has_a_pod_or_a_container_for_each() {
    let profile = app("command = [\"serve\"]\nworkers = 3\nport = 8000", "");
    let refused = Host::of(&profile).err().expect("three containers and one port of the host");
    assert!(refused.contains("cannot-fork"), "{refused}");
    let per_pod = format!("{profile}[compose]\npublish = false\n[k8s]\nworkers_per_pod = 2\n");
    assert!(Cluster::of(&per_pod).is_err());
    let host = Host::of(&format!("{profile}[compose]\npublish = false\n")).unwrap();
    assert_eq!((host.replicas(), host.service().get("ports")), (3, None));
}

#[test]
fn a_worker_that_recycles_itself_is_not_alone_in_its_pod() {
    let recycling =
        |kind: &str| app("", &format!("[server]\napp = \"a:app\"\nkind = \"{kind}\"\nmax_requests = 1000\n"));
    assert!(Cluster::of(&recycling("uvicorn")).err().unwrap().contains("recycles-container"));
    assert!(Host::of(&recycling("uvicorn")).is_ok());
    assert!(Cluster::of(&recycling("gunicorn")).is_ok());
}

/// The least memory that goes with so many cores (Cloud Run documentation, "Configure CPU limits for services").
fn least(cores: u64) -> u64 {
    match cores {
        1 | 2 => 512 * MI,
        4 => 2048 * MI,
        _ => 4096 * MI,
    }
}
