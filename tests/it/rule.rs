//! The workers-versus-replicas rule, in what is rendered: parallelism is stated once, and every target runs as many
//! processes, in as much memory, and stops them in time.

use proptest::prelude::*;

use crate::rendered::{Cluster, Host, flag, text, var};

/// An app in the words of this test: what is written, and what it must come to.
#[derive(Debug, Clone)]
struct Case {
    start: Start,
    /// As `workers` says.
    workers: Option<u64>,
    per_pod: Option<u64>,
    replicas: Option<u64>,
    on_compose: Option<u64>,
    memory: Memory,
    scratch: Vec<Scratch>,
    autoscale: bool,
    drain: u64,
    pre_stop: Option<u64>,
    port: bool,
    stateful: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Start {
    Server(&'static str, /* preload */ bool),
    /// With a variable that tells it how many to fork.
    Forking,
    Alone,
}

/// In mebibytes.
#[derive(Debug, Clone, Copy)]
enum Memory {
    Left,
    One(u64),
    Two(u64, u64),
}

#[derive(Debug, Clone, Copy)]
struct Scratch {
    mebi: u64,
    memory: bool,
}

const MI: u64 = 1 << 20;

impl Case {
    fn wanted(&self) -> u64 {
        let default = if matches!(self.start, Start::Server(..)) && !self.stateful { 2 } else { 1 };
        self.workers.unwrap_or(default)
    }

    fn per_pod(&self) -> u64 {
        self.per_pod.unwrap_or(1)
    }

    /// Request and limit of one worker, in bytes.
    fn memory(&self) -> (u64, u64) {
        match self.memory {
            Memory::Left => (256 * MI, 256 * MI),
            Memory::One(one) => (one * MI, one * MI),
            Memory::Two(request, limit) => (request * MI, limit * MI),
        }
    }

    /// What the server keeps beside its workers, measured: a parent that spawns and its tracker, a master that forks,
    /// and a master that preloads, which is one more app.
    fn supervisor(&self, workers: u64, worker: u64) -> u64 {
        match self.start {
            Start::Server("gunicorn", true) => worker,
            Start::Server("uvicorn" | "fastapi", _) if workers > 1 => 48 * MI,
            Start::Server("uvicorn" | "fastapi", _) => 0,
            Start::Server("hypercorn", _) => 48 * MI,
            Start::Server("gunicorn" | "granian", _) => 32 * MI,
            Start::Server(other, _) => panic!("{other} is not a server"),
            Start::Forking | Start::Alone => 0,
        }
    }

    fn toml(&self) -> String {
        let mut top = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\n".to_owned();
        let mut tables = String::new();
        match self.start {
            Start::Server(kind, preload) => {
                tables += &format!("[server]\napp = \"orders.main:app\"\nkind = \"{kind}\"\n");
                tables += if preload { "preload = true\n" } else { "" };
            }
            Start::Forking => top += "command = [\"serve\"]\nworkers_env = \"SERVE_PROCESSES\"\n",
            Start::Alone => top += "command = [\"serve\"]\n",
        }
        top += if self.port { "port = 8000\n" } else { "" };
        top += if self.stateful { "state = \"memory\"\n" } else { "" };
        let lines = |key: &str, value: Option<u64>| value.map_or(String::new(), |value| format!("{key} = {value}\n"));
        top += &lines("workers", self.workers);
        tables += "[k8s]\n";
        tables += &lines("workers_per_pod", self.per_pod);
        tables += &lines("replicas", self.replicas);
        tables += "[compose]\npublish = false\n";
        tables += &lines("workers", self.on_compose);
        tables += "[resources]\nephemeral_storage = \"4Gi\"\n";
        tables += &match self.memory {
            Memory::Left => String::new(),
            Memory::One(one) => format!("memory = \"{one}Mi\"\n"),
            Memory::Two(request, limit) => format!("memory = {{ request = \"{request}Mi\", limit = \"{limit}Mi\" }}\n"),
        };
        let scratch = self.scratch.iter().enumerate().map(|(i, Scratch { mebi, memory })| {
            let medium = if *memory { "memory" } else { "disk" };
            format!("{{ path = \"/scratch{i}\", size = \"{mebi}Mi\", medium = \"{medium}\" }}")
        });
        tables += &format!("[security]\nwritable = [{}]\n", scratch.collect::<Vec<_>>().join(", "));
        tables += if self.autoscale { "[autoscale]\nmax = 500\ncpu = 70\n" } else { "" };
        tables += &format!("[shutdown]\ndrain = \"{}s\"\n", self.drain);
        tables += &self.pre_stop.map_or(String::new(), |pre_stop| format!("pre_stop = \"{pre_stop}s\"\n"));
        top + &tables
    }
}

fn start() -> impl Strategy<Value = Start> {
    prop_oneof![
        prop::sample::select(vec!["uvicorn", "fastapi", "gunicorn", "granian", "hypercorn"])
            .prop_map(|kind| Start::Server(kind, false)),
        Just(Start::Server("gunicorn", true)),
        Just(Start::Forking),
        Just(Start::Alone),
    ]
}

fn memory() -> impl Strategy<Value = Memory> {
    prop_oneof![
        Just(Memory::Left),
        (32..4096_u64).prop_map(Memory::One),
        (32..512_u64, 0..512_u64).prop_map(|(request, more)| Memory::Two(request, request + more)),
    ]
}

fn scratch() -> impl Strategy<Value = Vec<Scratch>> {
    let one = (1..512_u64, any::<bool>()).prop_map(|(mebi, memory)| Scratch { mebi, memory });
    prop::collection::vec(one, 0..4)
}

/// Profiles that are admitted. What no process can do is left out by construction, so that nothing is refused.
fn case() -> impl Strategy<Value = Case> {
    let rule = (
        start(),
        prop::option::of(1..=64_u64),
        prop::option::weighted(0.4, 1..=8_u64),
        prop::option::weighted(0.2, 1..=20_u64),
        prop::option::weighted(0.3, 1..=16_u64),
    );
    let rest =
        (memory(), scratch(), any::<bool>(), 0..=1800_u64, prop::option::of(0..=60_u64), any::<bool>(), any::<bool>());
    (rule, rest).prop_map(
        |(
            (start, workers, per_pod, replicas, on_compose),
            (memory, scratch, autoscale, drain, pre_stop, port, state),
        )| {
            let server = matches!(start, Start::Server(..));
            Case {
                start,
                workers: if state { workers.map(|_| 1) } else { workers },
                // More in each pod than there are is refused.
                per_pod: per_pod
                    .filter(|_| !state && start != Start::Alone)
                    .map(|count| count.min(workers.unwrap_or(if server { 2 } else { 1 }))),
                replicas: replicas.filter(|_| !state),
                on_compose: on_compose.filter(|_| !state),
                memory,
                scratch,
                autoscale: autoscale && !state,
                drain,
                pre_stop,
                port: port || server,
                stateful: state,
            }
        },
    )
}

/// How many workers a container is told to run, by every way in which it is told.
fn told(start: Start, argv: &[String], env: &[(String, String)]) -> Vec<u64> {
    let (variables, flags): (&[_], &[_]) = match start {
        Start::Server("uvicorn", _) => (&["WEB_CONCURRENCY", "UVICORN_WORKERS"], &[]),
        Start::Server("fastapi", _) => (&["WEB_CONCURRENCY"], &[]),
        Start::Server("gunicorn", _) => (&["WEB_CONCURRENCY"], &["--workers"]),
        Start::Server("granian", _) => (&["GRANIAN_WORKERS"], &[]),
        Start::Server("hypercorn", _) => (&[], &["--workers"]),
        Start::Server(other, _) => panic!("{other} is not a server"),
        Start::Forking => (&["SERVE_PROCESSES"], &[]),
        Start::Alone => return vec![1],
    };
    let from_env = variables.iter().map(|name| var(env, name).unwrap_or_else(|| panic!("no {name}")));
    let from_argv = flags.iter().map(|name| flag(argv, name).unwrap_or_else(|| panic!("no {name}")));
    from_env.chain(from_argv).map(|count| count.parse().expect("a count")).collect()
}

/// The count, told in one voice.
fn workers(start: Start, argv: &[String], env: &[(String, String)]) -> u64 {
    let told = told(start, argv, env);
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?} differ");
    told[0]
}

/// A quantity of Kubernetes, in bytes.
fn k8s_bytes(quantity: &str) -> u64 {
    let units = [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40)];
    let unit = units.into_iter().find_map(|(suffix, unit)| Some((quantity.strip_suffix(suffix)?, unit)));
    let (number, unit) = unit.unwrap_or((quantity, 1));
    number.parse::<u64>().expect("a whole number") * unit
}

/// A byte value of Compose, where `M` is 1024 × 1024 bytes.
fn compose_bytes(value: &str) -> u64 {
    let units = [("b", 1), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)];
    let unit = units.into_iter().find_map(|(suffix, unit)| Some((value.strip_suffix(suffix)?, unit)));
    let (number, unit) = unit.expect("a unit of Compose");
    number.parse::<u64>().expect("a whole number") * unit
}

fn seconds(value: &str) -> u64 {
    value.strip_suffix('s').and_then(|number| number.parse().ok()).expect("whole seconds")
}

/// Memory of a pod: request and limit.
fn pod_memory(cluster: &Cluster) -> (u64, u64) {
    let side = |side: &str| k8s_bytes(&text(&cluster.container()["resources"][side]["memory"]));
    (side("requests"), side("limits"))
}

/// Memory of a Compose container: request and limit.
fn host_memory(host: &Host) -> (u64, u64) {
    let resources = &host.service()["deploy"]["resources"];
    let limit = compose_bytes(&text(&resources["limits"]["memory"]));
    let reserved = resources.get("reservations").map(|reserved| compose_bytes(&text(&reserved["memory"])));
    (reserved.unwrap_or(limit), limit)
}

/// Scratch directories that lie in memory, in bytes: those of a pod by their volumes, those of Compose by their tmpfs.
fn pod_scratch(cluster: &Cluster) -> u64 {
    let volumes = cluster.pod()["volumes"].as_array().into_iter().flatten();
    let in_memory = volumes.filter(|volume| volume["emptyDir"]["medium"] == "Memory");
    in_memory.map(|volume| k8s_bytes(&text(&volume["emptyDir"]["sizeLimit"]))).sum()
}

fn host_scratch(host: &Host) -> u64 {
    let mounts = host.service()["tmpfs"].as_array().into_iter().flatten().map(text);
    let size = |mount: String| {
        let size = mount.split([':', ',']).find_map(|option| option.strip_prefix("size=").map(str::to_owned));
        let size = size.expect("a bounded tmpfs");
        size.strip_suffix('m').map_or_else(|| size.parse().unwrap(), |mebi| mebi.parse::<u64>().unwrap() * MI)
    };
    mounts.map(size).sum()
}

/// The flag by which a server is told how long it may drain.
fn drain_flag(start: Start) -> Option<&'static str> {
    match start {
        Start::Server("uvicorn", _) => Some("--timeout-graceful-shutdown"),
        Start::Server("gunicorn" | "hypercorn", _) => Some("--graceful-timeout"),
        Start::Server("granian", _) => Some("--workers-kill-timeout"),
        _ => None,
    }
}

fn assert_drains(case: &Case, argv: &[String], drain: u64) {
    let Some(name) = drain_flag(case.start) else { return };
    // granian refuses zero.
    let least = if name == "--workers-kill-timeout" { 1 } else { 0 };
    assert_eq!(flag(argv, name), Some(drain.max(least).to_string().as_str()), "{name}");
}

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
        let refused = Cluster::of(&profile).err().unwrap_or_else(|| panic!("admitted: {more}"));
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
