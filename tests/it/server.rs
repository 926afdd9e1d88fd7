//! The command lines and variables of every server: what ran, by hand, with uvicorn 0.54.0, gunicorn 27.0.1 with
//! uvicorn-worker 0.4.0, fastapi-cli 0.0.34, granian 2.8.7, hypercorn 0.18.0 and debugpy 1.8.22. Each answered its
//! probe, had as many workers as it was told, and ended within its drain. A new flag here wants to be run again.

use crate::rendered::{Cluster, Host};

const SERVERS: &[&str] = &["uvicorn", "gunicorn", "fastapi", "granian", "hypercorn"];

fn profile(kind: &str, server: &str, tables: &str) -> String {
    format!(
        "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\nworkers = 4\n\
         [server]\nkind = \"{kind}\"\n{server}\n[shutdown]\ndrain = \"25s\"\n{tables}"
    )
}

/// Variables, by name, and words, as a shell would have them.
fn line(mut env: Vec<(String, String)>, argv: Vec<String>) -> String {
    env.sort();
    let env = env.into_iter().map(|(name, value)| format!("{name}={value}"));
    env.chain(argv).collect::<Vec<_>>().join(" ")
}

fn k8s(profile: &str) -> String {
    let cluster = Cluster::of(profile).unwrap();
    line(cluster.env(), cluster.argv())
}

fn compose(profile: &str) -> String {
    let host = Host::of(profile).unwrap();
    line(host.env(), host.argv())
}

fn dev(profile: &str) -> String {
    let host = Host::dev(profile).unwrap();
    line(host.env(), host.argv())
}

const APP: &str = "app = \"orders.main:app\"";

#[test]
fn uvicorn() {
    let profile = profile("uvicorn", APP, "");
    assert_eq!(
        k8s(&profile),
        "UVICORN_WORKERS=1 WEB_CONCURRENCY=1 \
         uvicorn orders.main:app --host 0.0.0.0 --port 8000 --timeout-graceful-shutdown 25"
    );
    // Its supervisor kills a worker that is silent for longer, as one that imports is.
    assert_eq!(
        compose(&profile),
        "UVICORN_TIMEOUT_WORKER_HEALTHCHECK=60 UVICORN_WORKERS=4 WEB_CONCURRENCY=4 \
         uvicorn orders.main:app --host 0.0.0.0 --port 8000 --timeout-graceful-shutdown 25"
    );
    assert_eq!(
        dev(&profile),
        "UVICORN_WORKERS=1 WEB_CONCURRENCY=1 uvicorn orders.main:app --host 0.0.0.0 --port 8000 \
         --timeout-graceful-shutdown 2 --reload --reload-dir /app/src"
    );
}

#[test]
fn gunicorn() {
    let profile = profile("gunicorn", APP, "");
    let words = |workers: u32, class: &str, drain: u32| {
        format!(
            "WEB_CONCURRENCY={workers} gunicorn orders.main:app --bind 0.0.0.0:8000 --workers {workers} \
             --worker-class {class} --worker-tmp-dir /dev/shm --no-control-socket --access-logfile - \
             --graceful-timeout {drain}"
        )
    };
    assert_eq!(k8s(&profile), words(1, "uvicorn_worker.UvicornWorker", 25));
    assert_eq!(compose(&profile), words(4, "uvicorn_worker.UvicornWorker", 25));
    // Its reloader cannot end uvicorn's worker.
    assert_eq!(dev(&profile), words(1, "asgi", 2) + " --reload");
}

#[test]
fn a_lone_worker_has_nobody_to_share_a_preloaded_app_with() {
    let profile = profile("gunicorn", &format!("{APP}\npreload = true"), "");
    assert!(compose(&profile).contains("--preload"));
    assert!(!k8s(&profile).contains("--preload"));
    assert_eq!(Cluster::of(&profile).unwrap().container()["resources"]["limits"]["memory"], "288Mi");
}

#[test]
fn the_worker_of_a_wsgi_app_is_the_users_to_name() {
    for (kind, args, ours) in [
        ("gunicorn", r#"["--worker-class", "gthread"]"#, "UvicornWorker"),
        ("gunicorn", r#"["-kgthread", "--threads=8"]"#, "UvicornWorker"),
        ("gunicorn", r#"["--worker-cl=gthread"]"#, "UvicornWorker"),
        ("granian", r#"["--interface=wsgi"]"#, "asgi"),
    ] {
        let profile = profile(kind, &format!("{APP}\nargs = {args}"), "");
        for argv in [k8s(&profile), compose(&profile), dev(&profile)] {
            assert!(!argv.contains(ours) && !argv.contains("asgi"), "{argv}");
            assert!(argv.ends_with(&args.replace(['[', ']', '"', ','], "")), "{argv}");
        }
    }
}

#[test]
fn fastapi() {
    let profile = profile("fastapi", APP, "");
    let words = "fastapi run --entrypoint orders.main:app --host 0.0.0.0 --port 8000";
    assert_eq!(k8s(&profile), format!("WEB_CONCURRENCY=1 {words}"));
    assert_eq!(compose(&profile), format!("WEB_CONCURRENCY=4 {words}"));
    assert_eq!(
        dev(&profile),
        "WEB_CONCURRENCY=1 fastapi dev --entrypoint orders.main:app --host 0.0.0.0 --port 8000 --reload-dir /app/src"
    );
}

#[test]
fn granian() {
    let profile = profile("granian", APP, "");
    let words = "granian orders.main:app --interface asgi --host 0.0.0.0 --port 8000 --workers-kill-timeout";
    // A cluster replaces the container of a dead worker; a single host has nobody to do it.
    assert_eq!(k8s(&profile), format!("GRANIAN_WORKERS=1 {words} 25"));
    assert_eq!(compose(&profile), format!("GRANIAN_RESPAWN_FAILED_WORKERS=true GRANIAN_WORKERS=4 {words} 25"));
    assert_eq!(dev(&profile), format!("GRANIAN_WORKERS=1 {words} 2 --reload --reload-paths /app/src"));
}

#[test]
fn hypercorn() {
    let profile = profile("hypercorn", APP, "");
    let words = |workers: u32, drain: u32| {
        format!("hypercorn orders.main:app --bind 0.0.0.0:8000 --workers {workers} --graceful-timeout {drain}")
    };
    assert_eq!(k8s(&profile), words(1, 25));
    assert_eq!(compose(&profile), words(4, 25));
    assert_eq!(dev(&profile), words(1, 2) + " --reload");
}

#[test]
fn every_server_runs_under_a_debugger_by_the_name_of_its_module() {
    for kind in SERVERS {
        let argv = Host::dev(&profile(kind, APP, "[dev]\ndebug_port = 5678\n")).unwrap().argv();
        assert_eq!(argv[..7], ["python", "-m", "debugpy", "--listen", "0.0.0.0:5678", "-m", kind]);
        assert_eq!(Cluster::of(&profile(kind, APP, "[dev]\ndebug_port = 5678\n")).unwrap().argv()[0], *kind);
    }
}

#[test]
fn a_factory_is_called() {
    let factory = |kind: &str| profile(kind, "app = \"orders.main:make()\"", "");
    for (kind, starts, ends) in [
        ("uvicorn", "uvicorn orders.main:make --host", " --factory"),
        ("granian", "granian orders.main:make --interface", " --factory"),
        ("gunicorn", "gunicorn orders.main:make() --bind", " 25"),
        ("hypercorn", "hypercorn orders.main:make() --bind", " 25"),
    ] {
        let words = k8s(&factory(kind));
        assert!(words.contains(starts) && words.ends_with(ends), "{words}");
    }
    assert!(Cluster::of(&factory("fastapi")).err().unwrap().contains("server-lacks"));
}

#[test]
fn settings_are_spelled_as_each_server_has_them() {
    let settings = |names: &[&str]| {
        let all = [
            ("trusted_proxies", "[\"10.0.0.0/8\", \"192.168.1.7\"]"),
            ("timeout", "\"30s\""),
            ("keep_alive", "\"1500ms\""),
            ("max_requests", "1000"),
            ("preload", "true"),
            ("args", "[\"--root-path\", \"/api\"]"),
        ];
        let lines =
            all.iter().filter(|(name, _)| names.contains(name)).map(|(name, value)| format!("{name} = {value}\n"));
        lines.collect::<String>() + APP
    };
    let words = |kind: &str, names: &[&str]| compose(&profile(kind, &settings(names), ""));
    let uvicorn = words("uvicorn", &["trusted_proxies", "keep_alive", "max_requests", "args"]);
    assert!(uvicorn.starts_with("FORWARDED_ALLOW_IPS=10.0.0.0/8,192.168.1.7 "), "{uvicorn}");
    assert!(
        uvicorn.ends_with(
            "25 --timeout-keep-alive 2 --limit-max-requests 1000 --limit-max-requests-jitter 100 --root-path /api"
        ),
        "{uvicorn}"
    );
    let gunicorn = words("gunicorn", &["trusted_proxies", "timeout", "keep_alive", "max_requests", "preload", "args"]);
    assert!(gunicorn.starts_with("FORWARDED_ALLOW_IPS=10.0.0.0/8,192.168.1.7 "), "{gunicorn}");
    assert!(
        gunicorn.ends_with(
            "25 --timeout 30 --keep-alive 2 --max-requests 1000 --max-requests-jitter 100 --preload --root-path /api"
        ),
        "{gunicorn}"
    );
    let hypercorn = words("hypercorn", &["keep_alive", "max_requests", "args"]);
    assert!(
        hypercorn.ends_with("25 --keep-alive 2 --max-requests 1000 --max-requests-jitter 100 --root-path /api"),
        "{hypercorn}"
    );
    for (kind, lacks) in
        [("uvicorn", "timeout"), ("uvicorn", "preload"), ("granian", "keep_alive"), ("fastapi", "max_requests")]
    {
        let refused = Host::of(&profile(kind, &settings(&[lacks]), "")).err().unwrap();
        assert!(refused.contains("server-lacks"), "{refused}");
    }
}

#[test]
fn arguments_of_the_renderer_are_its_own_however_they_are_written() {
    for (kind, arg) in [
        ("uvicorn", "--workers"),
        ("uvicorn", "--workers=4"),
        ("uvicorn", "--reload"),
        ("uvicorn", "--factory"),
        ("gunicorn", "-w4"),
        ("gunicorn", "-w"),
        ("gunicorn", "--graceful=3"),
        ("gunicorn", "-b0.0.0.0:80"),
        ("gunicorn", "-D"),
        ("hypercorn", "--daemon"),
        ("hypercorn", "--work"),
        ("fastapi", "-e"),
        ("granian", "--no-respawn-failed-workers"),
    ] {
        let refused = Host::of(&profile(kind, &format!("args = [\"{arg}\"]\n{APP}"), "")).err();
        assert!(refused.is_some_and(|refused| refused.contains("owned-argument")), "{kind} {arg}");
    }
    for (kind, arg) in
        [("uvicorn", "--work"), ("gunicorn", "--log-level"), ("hypercorn", "-c"), ("uvicorn", "/workers")]
    {
        let admitted = Host::of(&profile(kind, &format!("args = [\"{arg}\"]\n{APP}"), ""));
        assert!(admitted.is_ok(), "{kind} {arg}");
    }
}

#[test]
fn a_drain_is_one_that_the_server_takes() {
    let drain = |drain: &str| profile("granian", APP, "").replace("25s", drain);
    assert!(k8s(&drain("0s")).ends_with("--workers-kill-timeout 1"));
    assert!(k8s(&drain("30m")).ends_with("--workers-kill-timeout 1800"));
    assert!(Cluster::of(&drain("31m")).err().unwrap().contains("out-of-range"));
}
