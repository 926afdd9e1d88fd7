//! What concerns one target is told where that is rendered, and nowhere else.

use render::{
    flow,
    layers::Request,
    problem::Code,
    targets::{self, Wish},
};

const GOOD: &str = "name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\nport = 8000\n\
                    [probes]\nliveness = \"/healthz\"\nreadiness = \"/readyz\"\n[resources]\nmemory = \"256Mi\"\n";
const SERVER: &str = "[server]\napp = \"orders.main:app\"\n[build]\ndockerfile = \"Dockerfile\"\n";

fn told(command: (&str, bool), profile: &str) -> Vec<Code> {
    let (name, dev) = command;
    let request = Request::alone("profile.toml", profile.as_bytes());
    let outcome = flow::app(&request);
    let app = outcome.app.unwrap_or_else(|| panic!("{:#?}", outcome.problems));
    let rendered = (targets::find(name).unwrap().render)(&Wish { app: &app, base: None, dev, full: false });
    outcome.problems.iter().chain(&rendered.problems).map(|problem| problem.code).collect()
}

const K8S: (&str, bool) = ("k8s", false);
const COMPOSE: (&str, bool) = ("compose", false);
const DEV: (&str, bool) = ("compose", true);

#[test]
fn nobody_hears_of_what_another_target_makes_of_a_profile() {
    let server = format!("{GOOD}{SERVER}");
    for (profile, code, by) in [
        (format!("workers = 1\n{server}"), Code::SingleReplica, K8S),
        (format!("{server}[k8s]\nreplicas = 3"), Code::RuleOverridden, K8S),
        (format!("{server}[ports]\nmail = 25"), Code::PrivilegedPort, K8S),
        (format!("{server}[compose]\nworkers = 3"), Code::RuleOverridden, COMPOSE),
        (format!("{server}[k8s]\ntolerations = [{{}}]"), Code::WideToleration, K8S),
        (format!("uid = \"image\"\n{server}"), Code::ImageUser, K8S),
        (format!("{server}[autoscale]\nmax = 2"), Code::WeakAutoscale, K8S),
        (format!("{server}[k8s]\nnetwork_policy = false\n[network]\n"), Code::NoEffect, K8S),
        (format!("{server}[dev]\nwatch = true\nsync = []"), Code::NoEffect, DEV),
        (format!("workers = 300\n{server}"), Code::BadResources, COMPOSE),
        (format!("workers = 2\ncommand = [\"serve\"]\n{GOOD}[build]\ndockerfile = \"D\""), Code::CannotFork, COMPOSE),
        (format!("workers = 1\ncommand = [\"serve\"]\n{GOOD}"), Code::NeedsDockerfile, DEV),
    ] {
        for target in [K8S, COMPOSE, DEV] {
            let told = told(target, &profile);
            assert_eq!(told.contains(&code), target == by, "{target:?}: {told:?}\n{profile}");
        }
    }
}

#[test]
fn a_patch_of_the_base_need_not_find_its_place_in_development() {
    let remove = |pointer: &str| {
        let patch = format!("[[patches]]\ntarget = \"compose\"\nkind = \"service\"\nremove = [\"{pointer}\"]\n");
        format!("{GOOD}{SERVER}{patch}")
    };
    for command in [COMPOSE, DEV] {
        assert!(!told(command, &remove("/deploy/resources/limits/pids")).contains(&Code::PatchMatchesNothing));
        assert!(told(command, &remove("/deploi")).contains(&Code::PatchMatchesNothing));
    }
}

#[test]
fn who_says_nothing_of_probes_is_told_so_once() {
    let silent = GOOD.replace("[probes]\nliveness = \"/healthz\"\nreadiness = \"/readyz\"\n", "");
    let told = told(COMPOSE, &silent.replace("port = 8000", "port = 8000\ncommand = [\"orders\"]"));
    assert!(told.contains(&Code::NoProbes) && !told.contains(&Code::NoComposeHealthcheck), "{told:?}");
}
