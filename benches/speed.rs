//! What a render costs: as a process, beside `cat` printing the same bytes, and inside one.
//!
//! `cargo bench` prints a table. Figures are compared within one run: what matters is the ratio, since every machine
//! and every moment has its own clock.

mod growth;

use std::{
    fs,
    hint::black_box,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use render::{
    flow,
    layers::Request,
    targets::{TARGETS, Wish},
};

const PROFILE: &str = "examples/fastapi/profile.toml";
const ROUNDS: usize = 300;

fn main() {
    // `cargo test --benches` only asks whether it runs.
    let rounds = if std::env::args().any(|argument| argument == "--bench") { ROUNDS } else { 3 };
    let text = fs::read(PROFILE).expect("run from the package's root");
    println!("{:<44} {:>10} {:>10}", "", "median", "fastest");
    in_process(&text, rounds);
    whole_process(rounds);
    if rounds == ROUNDS {
        growth::all();
    }
}

fn row(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let (median, fastest) = (times[times.len() / 2], times[0]);
    println!("{what:<44} {median:>10.1?} {fastest:>10.1?}");
    median
}

fn time(rounds: usize, mut run: impl FnMut()) -> Vec<Duration> {
    let once = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..rounds).map(|_| once(&mut run)).collect()
}

fn in_process(text: &[u8], rounds: usize) {
    let request = Request::alone(PROFILE, text);
    let first = time(1, || drop(black_box(flow::app(&request))));
    row("in process: text to app, the first time", first);
    row("in process: text to app", time(rounds, || drop(black_box(flow::app(&request)))));
    let app = flow::app(&request).app.expect("the example resolves");
    for target in TARGETS {
        let wish = Wish { app: &app, base: None, dev: false, full: false };
        let render = || {
            let rendered = (target.render)(&wish);
            black_box(rendered.bundle.files.iter().map(|file| file.text(None).len()).sum::<usize>());
        };
        row(&format!("in process: app to text, {}", target.name), time(rounds, render));
    }
    let all = || {
        let app = flow::app(&request).app.expect("the example resolves");
        for target in TARGETS {
            let rendered = (target.render)(&Wish { app: &app, base: None, dev: false, full: false });
            black_box(rendered.bundle.files.iter().map(|file| file.text(None).len()).sum::<usize>());
        }
    };
    row("in process: text to both targets", time(rounds, all));
}

fn whole_process(rounds: usize) {
    let program = env!("CARGO_BIN_EXE_render");
    let folder = tempfile::tempdir().expect("a folder for what cat prints");
    for target in ["k8s", "compose"] {
        let printed = folder.path().join(target);
        let output = Command::new(program).args([target, "--quiet", PROFILE]).output().expect("the program runs");
        fs::write(&printed, output.stdout).expect("the folder takes a file");
        let mut render = Command::new(program);
        render.args([target, "--quiet", PROFILE]);
        let mut cat = Command::new("cat");
        cat.arg(&printed);
        // In turns, so that a busy moment of the machine strikes both.
        let (mut of_cat, mut of_render) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            of_cat.extend(time(1, || run(&mut cat)));
            of_render.extend(time(1, || run(&mut render)));
        }
        let cat = row(&format!("process: cat, what `render {target}` prints"), of_cat);
        let render = row(&format!("process: render {target}"), of_render);
        println!("{:<44} {:>9.2}x", "         that is", render.as_secs_f64() / cat.as_secs_f64());
        println!("{:<44} {:>7.1} MB", "         at most in memory", peak_megabytes(program, target));
    }
}

fn run(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.expect("the command runs").success());
}

/// The most resident memory of one run, as the kernel tells the shell that waited for it.
fn peak_megabytes(program: &str, target: &str) -> f64 {
    let script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); \
                  print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let output = Command::new("python3").args(["-c", script, program, target, "--quiet", PROFILE]).output();
    let kilobytes = output.ok().and_then(|output| String::from_utf8(output.stdout).ok()?.trim().parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}
