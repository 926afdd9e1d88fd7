//! What eight times as many entries cost: about eight times as much where no part compares each entry with each, 64
//! times where one does.
//!
//! Nobody's profile is so long, but whoever runs `render` on profiles of others must not wait for minutes.

use std::{fs, hint::black_box, time::Instant};

use render::{
    app::App,
    flow,
    layers::Request,
    targets::{TARGETS, Wish},
};

const FEW: usize = 300;
const TIMES: usize = 8;

const HEAD: &str = "name = \"orders\"\nimage = \"orders:1\"\nport = 8000\n[server]\napp = \"a:b\"\n";

pub fn all() {
    variables();
    mounts();
    names();
    patches();
}

fn variables() {
    let refers = |i: usize| format!("V{i} = \"${{secrets.S{i}}} ${{inputs.I{i}}}\"\n");
    grow("env", &|count| {
        let (env, over) = (lines(count, refers), lines(count / 2, |i| format!("V{i} = \"other\"\n")));
        let secrets = lines(count, |i| format!("S{i} = \"about it\"\n"));
        let inputs = lines(count, |i| format!("I{i} = {{ default = \"x\" }}\n"));
        format!("[env]\n{env}[secrets]\n{secrets}[inputs]\n{inputs}[environments.other.env]\n{over}")
    });
}

fn mounts() {
    grow("mounts", &|count| {
        let secrets = lines(count, |i| format!("S{i} = {{ mount = \"/run/files/{i}\" }}\n"));
        let over = lines(count / 2, |i| format!("S{i} = {{ mount = \"/run/others/{i}\" }}\n"));
        let writable = lines(count, |i| format!("{{ path = \"/{:060}/{i}\", size = \"1Mi\", seed = true }},", 0));
        let space = "[resources]\nmemory = \"900Gi\"\nephemeral_storage = \"900Gi\"\n";
        format!("{space}[secrets]\n{secrets}[security]\nwritable = [{writable}]\n[environments.other.secrets]\n{over}")
    });
}

fn names() {
    grow("names", &|count| {
        let all = |what: &str| lines(count, |i| format!("n{i} = \"{what}\"\n"));
        let ports = lines(count, |i| format!("p{i} = {}\n", 10_000 + i));
        let unset = lines(count, |i| format!("\"labels.n{i}\","));
        format!(
            "[labels]\n{}[annotations]\n{}[ports]\n{ports}[environments.other]\nunset = [{unset}]\n",
            all("a"),
            all("b")
        )
    });
}

fn patches() {
    grow("patches", &|count| {
        let patch = |target: &str, kind: &str, merge: String| {
            format!("[[patches]]\ntarget = \"{target}\"\nkind = \"{kind}\"\nmerge = {merge}\n")
        };
        let k8s = lines(count, |i| patch("k8s", "Deployment", format!("{{ metadata.annotations.a{i} = \"x\" }}")));
        let compose = lines(count, |i| patch("compose", "service", format!("{{ labels.a{i} = \"x\" }}")));
        let faulty = patch("k8s", "Service", "{ spec = { porst = 1 } }".into());
        format!("{k8s}{compose}{faulty}[environments.other]\nworkers = 8\n")
    });
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// Prints what many entries cost beside few.
fn grow(what: &str, profile: &dyn Fn(usize) -> String) {
    let [few, many] = [FEW, FEW * TIMES].map(|count| format!("{HEAD}{}", profile(count)));
    // In turns, and the fastest of each: a busy moment strikes both.
    let mut fastest = [f64::INFINITY; 2];
    for _ in 0..3 {
        for (fastest, text) in fastest.iter_mut().zip([&few, &many]) {
            *fastest = fastest.min(cost(text));
        }
    }
    let [few, many] = fastest.map(|seconds| seconds * 1e3);
    let of = format!("growth: {} entries of {what}, and {}", FEW, FEW * TIMES);
    println!("{of:<44} {few:>8.1}ms {many:>8.1}ms {:>6.1}x", many / few);
}

/// Seconds that it takes to render everything that there is, each line with its reason.
fn cost(text: &str) -> f64 {
    let (before, start) = (on_cpu(), Instant::now());
    let (base, other) = (app(text, None), app(text, Some("other")));
    for target in TARGETS {
        for (app, base, dev) in [(&base, None, false), (&base, None, true), (&other, Some(&base), false)] {
            let rendered = (target.render)(&Wish { app, base: base.map(Into::into), dev, full: false });
            black_box(rendered.bundle.files.iter().map(|file| file.text(Some(&app.provenance)).len()).sum::<usize>());
        }
    }
    match (before, on_cpu()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed().as_secs_f64(),
    }
}

fn app(text: &str, env: Option<&str>) -> App {
    let read = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let outcome = flow::app(&Request { env, read: &read, ..Request::alone("profile.toml", text.as_bytes()) });
    outcome.app.unwrap_or_else(|| panic!("{:?}", outcome.problems.last()))
}

/// Seconds that this thread had a processor, where the kernel tells: then other programs do not count.
fn on_cpu() -> Option<f64> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = told.split(' ').next()?.parse().ok()?;
    (nanoseconds > 0.0).then_some(nanoseconds / 1e9)
}
