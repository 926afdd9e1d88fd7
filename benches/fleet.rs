//! What thousands of profiles cost: `render all` over apps that are made for it, with three environments each.
//!
//! `cargo bench --bench fleet` prints figures for 1,000 apps and for 4,000; `cargo bench --bench fleet -- 20000` for
//! others. Beside it stands `kubectl kustomize` over some of the same objects, where there is a kubectl. Nothing is asserted:
//! every machine has its own figures.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

const ENVIRONMENTS: [&str; 3] = ["development", "staging", "production"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let told: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let counts = match (arguments.iter().any(|argument| argument == "--bench"), told.is_empty()) {
        (true, true) => vec![1000, 4000],
        (true, false) => told,
        // `cargo test --benches` only asks whether it runs.
        (false, _) => vec![20],
    };
    for count in counts {
        let folder = tempfile::tempdir().expect("a folder for the apps");
        make(folder.path(), count);
        measure(folder.path(), count);
    }
}

/// Apps of four kinds in a repository.
fn make(root: &Path, count: usize) {
    fs::create_dir(root.join(".git")).expect("a repository");
    fs::write(root.join("render.toml"), "kustomization = true\n").expect("settings");
    for at in 0..count {
        let folder = root.join(format!("teams/team-{}/app-{at}", at % 20));
        fs::create_dir_all(&folder).expect("a folder for an app");
        fs::write(folder.join("profile.toml"), profile(at)).expect("a profile");
    }
}

fn profile(at: usize) -> String {
    let extra = match at % 4 {
        0 => "[services.db]\nkind = \"postgres\"\nversion = \"17\"\n\n[env]\nDATABASE_URL = \"${db.url}\"\n",
        1 => "[jobs.migrate]\nwhen = \"before\"\ncommand = [\"python\", \"-m\", \"app.migrate\"]\n",
        2 => "[processes.worker]\ncommand = [\"python\", \"-m\", \"app.worker\"]\n",
        _ => "[ingress]\nhost = \"app.example.com\"\nclass = \"nginx\"\n",
    };
    format!(
        "name = \"app-{at}\"\nimage = \"registry.example.com/team-{}/app-{at}:1.{}.{}\"\nworkers = {}\n\
         labels = {{ team = \"team-{}\" }}\n\n[server]\napp = \"app.main:app\"\n\n\
         [probes]\nliveness = \"/healthz\"\nreadiness = \"/readyz\"\n\n\
         [resources]\ncpu = \"250m\"\nmemory = \"256Mi\"\n\n{extra}\n\
         [environments.{}]\nworkers = 1\n\n[environments.{}]\nworkers = 2\n\n\
         [environments.{}]\nautoscale = {{ max = 12, cpu = 70 }}\n",
        at % 20,
        at % 7,
        at % 11,
        2 + at % 4,
        at % 20,
        ENVIRONMENTS[0],
        ENVIRONMENTS[1],
        ENVIRONMENTS[2],
    )
}

fn measure(root: &Path, count: usize) {
    println!("\n{count} profiles, {} environments each", ENVIRONMENTS.len());
    let render = |arguments: &[&str]| run(root, env!("CARGO_BIN_EXE_render"), arguments);
    row("render all, into an empty folder", render(&["all", "-q", "-o", "deploy"]), count);
    let check = ["all", "-q", "-o", "deploy", "--check"];
    row("render all --check", fastest(count, || render(&check)), count);
    row("render all --check, one thread", fastest(count, || render(&[&check[..], &["-j", "1"]].concat())), count);
    row(
        "render all --check --target k8s",
        fastest(count, || render(&[&check[..], &["--target", "k8s"]].concat())),
        count,
    );
    row("render all teams/team-0 --check", fastest(count, || render(&[&check[..], &["teams/team-0"]].concat())), count);
    row("render diff", fastest(count, || render(&["diff", "-q", "-o", "deploy"])), count);
    row("render list", fastest(count, || render(&["list", "-q"])), count);
    if Command::new("kubectl").args(["version", "--client"]).output().is_ok_and(|output| output.status.success()) {
        kustomize(root, count.min(100));
    }
}

/// `kubectl kustomize` over some of the same objects. Its time grows with the square of a list, so that it gets a short one.
fn kustomize(root: &Path, count: usize) {
    let folder = root.join("deploy/k8s/production");
    let apps: String = (0..count).map(|at| format!("- app-{at}\n")).collect();
    let list = format!("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n{apps}");
    fs::write(folder.join("kustomization.yaml"), list).expect("a list of apps");
    let folder = folder.to_str().expect("a plain path");
    row(&format!("kubectl kustomize, one environment of {count}"), run(root, "kubectl", &["kustomize", folder]), count);
}

struct Cost {
    time: Duration,
    megabytes: f64,
}

/// The fastest of five runs; of many apps one is long enough.
fn fastest(count: usize, run: impl Fn() -> Cost) -> Cost {
    let runs = if count > 4000 { 1 } else { 5 };
    (0..runs).map(|_| run()).min_by_key(|cost| cost.time).expect("a run")
}

fn row(what: &str, cost: Cost, count: usize) {
    let Cost { time, megabytes } = cost;
    let each = time.as_secs_f64() * 1e6 / count as f64;
    println!("{what:<40} {:>9.3} s {each:>9.1} µs each {megabytes:>8.1} MB", time.as_secs_f64());
}

/// The time of the process and the most resident memory, as the kernel tells whoever waited for it: a shell would count
/// itself, so a line of Python waits, and tells neither its own time nor its own memory.
fn run(root: &Path, program: &str, arguments: &[&str]) -> Cost {
    let script = "import resource, subprocess, sys, time\n\
                  start = time.perf_counter()\n\
                  code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n\
                  seconds = time.perf_counter() - start\n\
                  print(code, seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let mut command = Command::new("python3");
    command.args(["-c", script, program]).args(arguments).current_dir(root).stdin(Stdio::null());
    let output = command.output().expect("python3 is there");
    let said = String::from_utf8(output.stdout).expect("three numbers");
    let numbers: Vec<f64> = said.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    let [code, seconds, kilobytes] = numbers[..] else { panic!("three numbers, not {said}") };
    assert!(code == 0.0, "{program} {arguments:?} ends with {code}");
    Cost { time: Duration::from_secs_f64(seconds), megabytes: kilobytes / 1024.0 }
}
