//! The Dockerfiles: every trap of images of Python apps that we know of, in every variant.
//!
//! Each test names what goes wrong in Dockerfiles that people copy from each other, and holds all of ours against it.

use std::collections::BTreeSet;

use render::{
    app::App,
    flow,
    layers::Request,
    problem::{Code, Problem},
    targets::{self, Rendered, Wish},
};
use serde_json::Value;

const APP: &str = "name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\nworkers = 4\n\
                   probes = { liveness = \"/healthz\", readiness = \"/readyz\" }\nresources = { memory = \"256Mi\" }\n";

const SERVERS: [&str; 5] = ["uvicorn", "gunicorn", "fastapi", "granian", "hypercorn"];

const DIGEST: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

fn app(profile: &str) -> App {
    let outcome = flow::app(&Request::alone("profile.toml", profile.as_bytes()));
    outcome.app.unwrap_or_else(|| panic!("{profile}\n{:#?}", outcome.problems))
}

fn of_server(kind: &str, build: &str) -> String {
    format!("{APP}[server]\napp = \"orders.main:app\"\nkind = \"{kind}\"\n[build]\n{build}")
}

fn rendered(profile: &str, target: &str, dev: bool) -> Rendered {
    let app = app(profile);
    (targets::find(target).unwrap().render)(&Wish { app: &app, base: None, dev, full: false })
}

fn file(profile: &str, name: &str, dev: bool) -> String {
    let Rendered { bundle, problems } = rendered(profile, "dockerfile", dev);
    let text = bundle.texts.iter().find(|text| text.path == name);
    text.unwrap_or_else(|| panic!("no {name}: {problems:#?}")).text(None)
}

fn production(profile: &str) -> String {
    file(profile, "Dockerfile", false)
}

fn development(profile: &str) -> String {
    file(profile, "Dockerfile.dev", true)
}

/// `[build]` of every base, with the digests that it needs.
fn bases() -> Vec<(&'static str, String)> {
    let held = |images: &[&str]| {
        let digests: Vec<String> = images.iter().map(|image| format!("\"{image}\" = \"{DIGEST}\"")).collect();
        format!("digests = {{ {} }}\n", digests.join(", "))
    };
    let chainguard = held(&["cgr.dev/chainguard/python:latest-dev", "cgr.dev/chainguard/python:latest"]);
    let distroless = held(&["gcr.io/distroless/python3-debian13:nonroot"]);
    vec![
        ("slim", String::new()),
        ("alpine", String::new()),
        ("uv", String::new()),
        ("chainguard", chainguard),
        ("distroless", distroless),
    ]
}

/// Every production and development Dockerfile of every base, lock and way of having code.
fn variants() -> Vec<(String, String, bool)> {
    let codes = [
        "lock = \"uv\"\n",
        "lock = \"uv\"\nsource = [\"app\", \"main.py\"]\ncopy = [\"alembic.ini\", \"migrations\"]\n",
        "lock = \"uv\"\nworkspace = \"orders-api\"\n",
        "lock = \"requirements\"\n",
        "lock = \"requirements-unhashed\"\nrequirements = \"requirements/prod.txt\"\nsource = \".\"\n",
        "index_secret = \"uv_index\"\npackages = { build = [\"gcc\", \"make=4.4\"] }\nargs = { REVISION = \"unknown\" }\n\
         labels = { \"org.opencontainers.image.revision\" = \"${REVISION}\" }\n",
    ];
    let mut all = Vec::new();
    for (base, digests) in bases() {
        for code in codes {
            let profile = of_server("uvicorn", &format!("base = \"{base}\"\n{digests}{code}"));
            all.push((format!("{base}, {code}"), production(&profile), false));
            all.push((format!("{base}, {code}, dev"), development(&profile), true));
        }
    }
    for server in SERVERS {
        all.push((server.to_owned(), production(&of_server(server, "")), false));
        all.push((format!("{server}, dev"), development(&of_server(server, "")), true));
    }
    all
}

/// The instructions of a Dockerfile, continued lines joined, without comments.
fn instructions(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut all: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        let bare = line.trim_end_matches('\\').trim();
        match all.last_mut().filter(|_| goes_on) {
            Some(last) => last.extend([" ", bare]),
            None => all.push(bare.to_owned()),
        }
        goes_on = line.ends_with('\\');
    }
    all
}

fn all_of<'a>(instructions: &'a [String], keyword: &str) -> Vec<&'a str> {
    let rest = instructions.iter().filter_map(|line| line.strip_prefix(keyword)?.strip_prefix(' '));
    rest.collect()
}

/// The instructions of the last stage.
fn last_stage(instructions: &[String]) -> Vec<String> {
    let from = instructions.iter().rposition(|line| line.starts_with("FROM ")).unwrap();
    instructions[from..].to_vec()
}

/// A list in exec form.
fn exec(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn each(check: impl Fn(&str, &[String], bool)) {
    let all = variants();
    assert!(all.len() >= 70, "{}", all.len());
    for (name, text, dev) in all {
        check(&name, &instructions(&text), dev);
    }
}

#[test]
fn what_is_started_is_a_list_of_words_that_no_shell_reads() {
    // Row 17, 54: a shell is the process then, and swallows the stop signal.
    each(|name, all, _| {
        let commands = all_of(all, "CMD");
        assert_eq!(commands.len(), 1, "{name}");
        let words = exec(commands[0]);
        assert!(!["sh", "bash", "/bin/sh"].contains(&words[0].as_str()), "{name}: {words:?}");
        for entrypoint in all_of(all, "ENTRYPOINT") {
            assert_eq!(entrypoint, "[]", "{name}");
        }
    });
}

#[test]
fn a_base_that_starts_python_by_itself_is_told_not_to() {
    for (base, digests) in bases() {
        let text = production(&of_server("uvicorn", &format!("base = \"{base}\"\n{digests}")));
        let resets = text.contains("ENTRYPOINT []");
        assert_eq!(resets, ["chainguard", "distroless"].contains(&base), "{base}");
    }
}

#[test]
fn the_health_check_is_pure_exec_form_and_asks_without_curl_or_a_proxy() {
    // Rows 1, 3, 4, 34, 40, 52, 56: `… || exit 1` behind a list makes a shell read it, and it fails for ever.
    each(|name, all, _| {
        let checks = all_of(all, "HEALTHCHECK");
        assert_eq!(checks.len(), 1, "{name}");
        let (options, command) = checks[0].split_once(" CMD ").unwrap();
        let words = exec(command);
        assert_eq!(words[..3], ["python", "-I", "-c"], "{name}");
        let script = &words[3];
        assert!(script.contains("http.client") && script.contains("'127.0.0.1', 8000, timeout=4"), "{name}: {script}");
        assert!(script.contains("'/healthz'") && !script.contains("localhost"), "{name}: {script}");
        for option in ["--interval=10s", "--timeout=5s", "--start-period=60s", "--start-interval=2s", "--retries=3"] {
            assert!(options.contains(option), "{name}: {options}");
        }
    });
}

#[test]
fn the_user_is_a_number_the_last_thing_before_the_start_and_owns_nothing() {
    // Rows 9, 10, 11, 32, 33, 50: a name may be root's to a cluster, and code that its process owns can be changed by it.
    each(|name, all, _| {
        let last = last_stage(all);
        let users = all_of(&last, "USER");
        assert_eq!(users.last(), Some(&"10001:10001"), "{name}");
        let user = last.iter().rposition(|line| line.starts_with("USER ")).unwrap();
        assert!(last[user..].iter().all(|line| !line.starts_with("RUN ") && !line.starts_with("COPY ")), "{name}");
        assert!(all.iter().all(|line| !line.contains("chown") && !line.contains("chmod")), "{name}");
        for run in all_of(all, "RUN").into_iter().filter(|run| run.contains("useradd ")) {
            assert!(run.contains("--no-log-init") && run.contains("--shell /usr/sbin/nologin"), "{name}: {run}");
            assert!(run.contains("--no-create-home") && run.starts_with("groupadd --gid 10001 app"), "{name}: {run}");
        }
    });
}

#[test]
fn every_image_has_the_tag_of_a_release_and_both_stages_the_same_system() {
    // Rows 5, 6, 25, 39, 46, 47, 61: what is compiled against one C library must find it again.
    each(|name, all, _| {
        for from in all_of(all, "FROM") {
            let image = from.split(" AS ").next().unwrap();
            let tag = image.rsplit('/').next().unwrap().split_once(':').expect(image).1;
            assert!(!image.contains('$'), "{name}: {image}");
            let floats = tag.starts_with("latest") || tag.starts_with("nonroot");
            assert!(!floats || tag.contains("@sha256:"), "{name}: {image}");
            assert!(!image.contains("/uv:") || tag.starts_with("0.13.8"), "{name}: {image}");
            let of_python = image.starts_with("python:") || image.starts_with("debian:");
            assert!(!of_python || tag.contains("trixie") || tag.ends_with("alpine3.23"), "{name}: {image}");
        }
        for copy in all_of(all, "COPY").into_iter().filter_map(|copy| copy.strip_prefix("--from=")) {
            let stage = copy.split(' ').next().unwrap();
            assert!(all_of(all, "FROM").iter().any(|from| from.ends_with(&format!(" AS {stage}"))), "{name}: {copy}");
        }
    });
}

#[test]
fn the_lock_is_held_against_the_project_and_what_it_names_is_a_layer_of_its_own() {
    // Rows 7, 12, 48, 49, 58, 70: `--frozen` installs the old set of a stale lock, and a first sync with the project fails
    // before its sources are there.
    each(|name, all, dev| {
        let runs: Vec<&str> = all_of(all, "RUN").into_iter().filter(|run| run.contains(" uv ")).collect();
        assert!(!runs.is_empty(), "{name}");
        for run in &runs {
            assert!(run.contains("--mount=type=cache,target=/root/.cache/uv"), "{name}: {run}");
            assert!(!run.contains("--no-cache") && !run.contains("pip install uv"), "{name}: {run}");
        }
        let locked = runs.iter().any(|run| run.contains("uv sync"));
        if locked {
            assert!(runs.last().unwrap().contains("uv sync --locked"), "{name}");
            let first = runs[0];
            assert!(
                first.contains("--no-install-project") || first.contains("--frozen --no-install-workspace"),
                "{name}"
            );
            assert_eq!(runs.iter().any(|run| run.contains("--frozen")), name.contains("workspace"), "{name}");
        } else {
            assert_eq!(runs[0].contains("uv pip sync --require-hashes"), !name.contains("unhashed"), "{name}");
        }
        let editable = |run: &&str| run.contains("uv sync --locked") && !run.contains("--no-install-project");
        for run in runs.iter().copied().filter(|run| editable(run)) {
            assert_eq!(run.contains("--no-editable"), !dev, "{name}: {run}");
        }
        // The code comes after what it needs: a change of it installs nothing anew.
        let position = |found: &dyn Fn(&String) -> bool| all.iter().position(found);
        let needs = position(&|line| line.starts_with("RUN ") && line.contains(" uv ")).unwrap();
        let code = position(&|line| line.starts_with("COPY ") && !line.contains("--from=uv")).unwrap();
        assert!(needs < code, "{name}");
    });
}

#[test]
fn mounts_are_absolute_and_secrets_are_neither_arguments_nor_variables() {
    // Rows 22, 64: not every builder takes a relative target, and a layer keeps what an argument said.
    each(|name, all, _| {
        for run in all_of(all, "RUN") {
            for mount in run.split(' ').filter_map(|word| word.strip_prefix("--mount=")) {
                let target = mount.split(',').find_map(|part| part.strip_prefix("target="));
                assert!(target.is_none_or(|target| target.starts_with('/')), "{name}: {mount}");
            }
            let wants_index = name.contains("index_secret") && run.contains(" uv ");
            let secret = "--mount=type=secret,id=uv_index,env=UV_DEFAULT_INDEX,required=true";
            assert_eq!(run.contains(secret), wants_index, "{name}: {run}");
        }
        assert!(all.iter().all(|line| !line.contains("PIP_INDEX_URL")), "{name}");
    });
}

#[test]
fn bytecode_is_made_in_the_build_and_never_at_run_time() {
    // Rows 14, 15, 16, 58: without it a read-only root means that every start compiles everything.
    each(|name, all, dev| {
        let stages: Vec<&[String]> = all.split(|line| line.starts_with("FROM ")).collect();
        let (runtime, builder) = (stages.last().unwrap(), stages[stages.len() - if dev { 1 } else { 2 }]);
        let env = |stage: &[String]| all_of(stage, "ENV").join(" ");
        assert_eq!(env(builder).contains("UV_COMPILE_BYTECODE=1"), !dev, "{name}");
        assert!(env(builder).contains("UV_LINK_MODE=copy"), "{name}");
        assert!(env(builder).contains("UV_PYTHON_DOWNLOADS=never"), "{name}");
        assert!(env(runtime).contains("PYTHONDONTWRITEBYTECODE=1"), "{name}");
        assert!(dev || !env(runtime).contains("UV_"), "{name}");
        let compiled = all_of(builder, "RUN").iter().any(|run| run.contains("compileall"));
        let copied = all_of(runtime, "COPY").iter().any(|copy| copy.contains("/code"));
        assert_eq!(compiled, copied, "{name}");
    });
}

#[test]
fn the_image_that_runs_has_nothing_of_the_build() {
    // Rows 8, 23, 27, 43, 68, and §1.4 of the policy: no uv, no compiler, no project but what is installed or asked for.
    each(|name, all, dev| {
        if dev {
            return;
        }
        let last = last_stage(all);
        let copies = all_of(&last, "COPY");
        assert!(copies.contains(&"--from=builder /app/.venv /app/.venv"), "{name}: {copies:?}");
        assert!(copies.iter().all(|copy| !copy.starts_with(". ") && !copy.contains("--from=uv")), "{name}: {copies:?}");
        assert!(!all_of(&last, "RUN").iter().any(|run| run.contains("gcc")), "{name}");
        assert!(all_of(all, "LABEL").len() == 1 && all_of(&last, "LABEL").len() == 1, "{name}");
        let workdir = last.iter().position(|line| line == "WORKDIR /app").unwrap();
        assert!(last.iter().position(|line| line.starts_with("COPY ")).unwrap() > workdir, "{name}");
        for asked in ["alembic.ini", "migrations"] {
            let copy = format!("{asked} /app/{asked}");
            assert_eq!(copies.contains(&copy.as_str()), name.contains("alembic"), "{name}: {copies:?}");
        }
    });
}

#[test]
fn packages_are_installed_without_what_they_recommend_and_leave_no_lists() {
    each(|name, all, _| {
        for run in all_of(all, "RUN").into_iter().filter(|run| run.contains("apt-get")) {
            assert!(run.contains("--yes --no-install-recommends"), "{name}: {run}");
            assert!(run.ends_with("rm -rf /var/lib/apt/lists/*"), "{name}: {run}");
        }
        for run in all_of(all, "RUN").into_iter().filter(|run| run.contains("apk add")) {
            assert!(run.contains("--no-cache"), "{name}: {run}");
        }
    });
}

#[test]
fn a_builder_that_is_not_root_becomes_it_before_it_installs_anything() {
    // Chainguard's image with a shell runs as 65532, who can neither add packages nor write the cache.
    each(|name, all, dev| {
        for stage in all.split(|line| line.starts_with("FROM ")) {
            let Some(install) = stage.iter().position(|line| line.starts_with("RUN ") && line.contains("apk add"))
            else {
                continue;
            };
            let root = stage.iter().position(|line| line == "USER 0:0");
            assert_eq!(root.is_some_and(|root| root < install), name.starts_with("chainguard"), "{name}: {stage:?}");
        }
        assert!(dev || !last_stage(all).iter().any(|line| line == "USER 0:0"), "{name}");
    });
}

#[test]
fn nothing_in_the_final_stage_needs_a_shell_where_the_base_has_none() {
    // Row 40: a HEALTHCHECK or a CMD for a shell cannot run there, and no RUN either.
    each(|name, all, dev| {
        let shell = !name.starts_with("chainguard") && !name.starts_with("distroless");
        if dev || shell {
            return;
        }
        let last = last_stage(all);
        assert!(all_of(&last, "RUN").is_empty(), "{name}: {last:?}");
        for started in all_of(&last, "CMD").into_iter().chain(all_of(&last, "HEALTHCHECK")) {
            assert!(exec(&started[started.find('[').unwrap()..]).len() > 1, "{name}: {started}");
        }
    });
}

#[test]
fn no_proxy_is_trusted_and_nothing_of_a_developer_is_in_production() {
    // Rows 30, 31: who trusts every proxy believes whatever a client says of its address.
    each(|name, all, dev| {
        let text = all.join("\n");
        assert!(!text.contains("forwarded-allow-ips") && !text.contains("FORWARDED_ALLOW_IPS"), "{name}");
        assert!(all_of(all, "CMD").iter().all(|command| !exec(command).contains(&"*".to_owned())), "{name}");
        for of_developers in ["--reload", "DEBUG", "LOG_LEVEL", "debugpy", "--all-groups"] {
            assert!(dev || !text.contains(of_developers), "{name}: {of_developers}");
        }
    });
}

#[test]
fn requests_in_flight_have_a_finite_time_to_end() {
    // Row 36: a server that waits for ever is killed, with all of its requests.
    let words = [
        ("uvicorn", "--timeout-graceful-shutdown"),
        ("gunicorn", "--graceful-timeout"),
        ("granian", "--workers-kill-timeout"),
        ("hypercorn", "--graceful-timeout"),
    ];
    for (server, flag) in words {
        let text =
            production(&of_server(server, "").replace("workers = 4", "workers = 4\nshutdown = { drain = \"7s\" }"));
        let command = exec(all_of(&instructions(&text), "CMD")[0]);
        let at = command.iter().position(|word| word == flag).unwrap_or_else(|| panic!("{server}: {command:?}"));
        assert_eq!(command[at + 1], "7", "{server}");
    }
    for server in SERVERS {
        // Row 35: the server is the process that signals reach, and nobody forwards them.
        assert_eq!(exec(all_of(&instructions(&production(&of_server(server, ""))), "CMD")[0])[0], server);
    }
}

#[test]
fn what_uv_fetched_stays_in_a_cache_that_no_layer_has() {
    // Rows 13, 49: uv does cache, where its variable says.
    each(|name, all, _| {
        let folder = "/root/.cache/uv";
        assert!(all_of(all, "ENV").iter().any(|env| env.contains(&format!("UV_CACHE_DIR={folder}"))), "{name}");
        for run in all_of(all, "RUN").into_iter().filter(|run| run.contains(" uv ")) {
            assert!(run.contains(&format!("type=cache,target={folder}")), "{name}: {run}");
        }
    });
}

#[test]
fn requirements_are_installed_with_what_lies_beside_them() {
    let mounted = |file: &str| {
        let text = production(&of_server("uvicorn", &format!("lock = \"requirements\"\nrequirements = \"{file}\"\n")));
        let all = instructions(&text);
        let run = all_of(&all, "RUN").into_iter().find(|run| run.contains("uv pip")).unwrap().to_owned();
        assert!(run.ends_with(&format!("uv pip sync --require-hashes {file}")), "{run}");
        run.split(' ').find_map(|word| word.strip_prefix("--mount=type=bind,")).unwrap().to_owned()
    };
    assert_eq!(mounted("requirements.lock.txt"), "source=requirements.lock.txt,target=/app/requirements.lock.txt");
    // `-r base.txt` is read from there.
    assert_eq!(mounted("requirements/prod.txt"), "source=requirements,target=/app/requirements");
}

#[test]
fn the_count_of_workers_is_never_in_the_image() {
    // Rows 29, 53, 55: whoever runs it says so, and what the image says would win.
    for server in SERVERS {
        let text = production(&of_server(server, ""));
        for word in ["--workers\"", "WEB_CONCURRENCY", "UVICORN_WORKERS", "GRANIAN_WORKERS", "--preload"] {
            assert!(!text.contains(word), "{server}: {word}");
        }
    }
}

#[test]
fn the_image_starts_what_kubernetes_and_compose_start() {
    for server in SERVERS {
        let profile = of_server(server, "");
        let text = production(&profile);
        let image = exec(all_of(&instructions(&text), "CMD")[0]);
        let words = |node: &render::tree::Node| -> Vec<String> {
            let value = Value::from(node);
            value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
        };
        let k8s = rendered(&profile, "k8s", false).bundle;
        let pod = k8s.files.iter().find_map(|file| file.root.get("spec")?.get("template")?.get("spec")).unwrap();
        let container = &pod.get("containers").unwrap().as_seq().unwrap()[0];
        let compose = rendered(&profile, "compose", false).bundle;
        let service = compose.files[0].root.get("services").unwrap().get("orders").unwrap();
        for there in [words(container.get("command").unwrap()), words(service.get("entrypoint").unwrap())] {
            // The count is theirs to say.
            let count = there.iter().position(|word| word == "--workers");
            let without = there.iter().enumerate().filter(|(i, _)| count.is_none_or(|at| *i != at && *i != at + 1));
            let without: Vec<String> = without.map(|(_, word)| word.clone()).collect();
            assert_eq!(image, without, "{server}");
        }
    }
}

#[test]
fn image_user_port_and_health_are_those_of_every_target() {
    // Rows 44, 45, 57: one profile, one number.
    let profile = of_server("uvicorn", "").replace("workers = 4", "workers = 4\nport = 9000\nuid = 20001\ngid = 20002");
    let text = production(&profile);
    for line in ["USER 20001:20002", "EXPOSE 9000", "\"--port\", \"9000\"", "'127.0.0.1', 9000", "groupadd --gid 20002"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    let compose = rendered(&profile, "compose", false).bundle.files[0].text(None);
    assert!(compose.contains("user: \"20001:20002\"") || compose.contains("user: 20001:20002"), "{compose}");
    let check = text.lines().find(|line| line.trim_start().starts_with("CMD [\"python\", \"-I\"")).unwrap();
    let script = exec(check.trim_start().strip_prefix("CMD ").unwrap())[3].clone();
    assert!(compose.contains(&script), "the same question: {script}");
}

#[test]
fn gunicorn_has_a_worker_that_is_not_deprecated_and_no_shell() {
    // Row 54.
    let text = production(&of_server("gunicorn", ""));
    for words in ["\"uvicorn_worker.UvicornWorker\"", "\"--worker-tmp-dir\", \"/dev/shm\"", "\"--no-control-socket\""] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn development_keeps_its_environment_out_of_reach_of_mounts_and_reloads() {
    // Rows 21, 28, 57: a mount over /app would hide /app/.venv.
    each(|name, all, dev| {
        if !dev {
            return;
        }
        let text = all.join("\n");
        assert!(text.contains("/opt/venv") && !text.contains("/app/.venv"), "{name}");
        assert!(text.contains("\"--reload") || text.contains("\"dev\""), "{name}");
        assert!(text.contains("COPY . /app"), "{name}");
        assert!(!text.contains("uv sync") || text.contains("--all-groups"), "{name}");
    });
}

#[test]
fn secrets_and_what_tools_make_are_out_of_reach_of_the_build_and_the_readme_is_not() {
    // Rows 26, 43: `*.md` alone would hide the README that the project is built with.
    for dev in [false, true] {
        let name = if dev { "Dockerfile.dev.dockerignore" } else { ".dockerignore" };
        let text = file(&of_server("uvicorn", ""), name, dev);
        let lines: Vec<&str> = text.lines().collect();
        for pattern in [".git", "**/.env", "**/.env.*", "secrets", "**/.venv", "**/__pycache__", "Dockerfile*", "docs"]
        {
            assert!(lines.contains(&pattern), "{pattern}: {text}");
        }
        let at = |pattern: &str| lines.iter().position(|line| *line == pattern).unwrap();
        for needed in ["!README*", "!readme*", "!LICENSE*"] {
            assert!(at("*.md") < at(needed), "the last one that fits decides");
        }
        assert_eq!(lines.contains(&"tests"), !dev, "a developer tests in the image");
        assert!(lines.iter().all(|line| !line.contains("uv.lock") && !line.contains("pyproject")));
    }
}

#[test]
fn what_is_copied_is_not_ignored() {
    let text = file(&of_server("uvicorn", "copy = [\"docs/help\", \"CHANGES.md\"]\n"), ".dockerignore", false);
    let lines: Vec<&str> = text.lines().collect();
    assert!(!lines.contains(&"docs") && lines.contains(&"!CHANGES.md") && lines.contains(&"tests"), "{text}");
}

#[test]
fn code_is_found_where_its_modules_are() {
    let path = |app: &str, source: &str| {
        let profile = format!("{APP}[server]\napp = \"{app}\"\n[build]\nsource = {source}\n");
        let text = production(&profile);
        text.lines().find_map(|line| Some(line.trim().strip_prefix("PYTHONPATH=")?.to_owned())).unwrap_or_default()
    };
    assert_eq!(path("orders.main:app", "\"src\""), "/app/src");
    assert_eq!(path("app.main:app", "\"app\""), "/app");
    assert_eq!(path("app.main:app", "\"backend/app/\""), "/app/backend");
    assert_eq!(path("main:app", "[\"main.py\", \"./lib\"]"), "/app:/app/lib");
    // What lies beside the app is a package: as a root, its `types.py` would be taken for Python's.
    assert_eq!(path("main:app", "[\"main.py\", \"routers\", \"core\"]"), "/app");
    assert_eq!(path("app.main:app", "[\"app\", \"shared\"]"), "/app");
    assert_eq!(path("config.wsgi:application", "[\"docs.py\", \"src\"]"), "/app:/app/src");
    assert_eq!(path("main:app", "\".\""), "/app");
    assert_eq!(path("orders.main:app", "\"package\""), "");
}

#[test]
fn code_is_found_by_the_words_of_a_command_as_well() {
    let path = |words: &str, source: &str| {
        let profile = format!("{APP}command = {words}\n[build]\npython = \"3.13\"\nsource = {source}\n");
        let text = production(
            &profile.replace("probes = { liveness = \"/healthz\", readiness = \"/readyz\" }", "probes = false"),
        );
        text.lines().find_map(|line| Some(line.trim().strip_prefix("PYTHONPATH=")?.to_owned())).unwrap_or_default()
    };
    assert_eq!(path(r#"["python", "-m", "orders"]"#, r#"["orders", "shared"]"#), "/app");
    assert_eq!(path(r#"["celery", "--app=orders.tasks", "worker"]"#, r#""orders""#), "/app");
    assert_eq!(path(r#"["python", "-m", "orders"]"#, r#""src""#), "/app/src");
    assert_eq!(path(r#"["python", "backend/main.py"]"#, r#""backend""#), "/app");
}

#[test]
fn the_syntax_line_is_first_and_can_be_left_out() {
    let first = |build: &str| production(&of_server("uvicorn", build)).lines().next().unwrap().to_owned();
    assert_eq!(first(""), "# syntax=docker/dockerfile:1");
    assert_eq!(
        first("syntax = \"mirror.example.com/dockerfile:1.20\"\n"),
        "# syntax=mirror.example.com/dockerfile:1.20"
    );
    assert!(!production(&of_server("uvicorn", "syntax = false\n")).contains("syntax"));
}

#[test]
fn values_stand_for_themselves() {
    let build = "args = { NOTE = 'a \"b\" $HOME \\ c' }\nlabels = { note = 'x \"y\" $$HOME ${NOTE} \\' }\n";
    let text = production(&of_server("uvicorn", build));
    assert!(text.contains(r#"ARG NOTE="a \"b\" \$HOME \\ c""#), "{text}");
    assert!(text.contains(r#"note="x \"y\" \$HOME ${NOTE} \\""#), "{text}");
}

#[test]
fn a_number_of_the_image_s_own_users_gets_no_name_again() {
    let text = production(&of_server("uvicorn", "").replace("workers = 4", "workers = 4\nuid = 33"));
    assert!(text.contains("USER 33:33") && !text.contains("useradd"), "{text}");
    let text = production(&of_server("uvicorn", "").replace("workers = 4", "workers = 4\nuid = 10001\ngid = 33"));
    assert!(text.contains("useradd --uid 10001 --gid 33 ") && !text.contains("groupadd"), "{text}");
}

#[test]
fn what_nothing_can_ask_has_no_health_check() {
    let profile = of_server("uvicorn", "").replace("{ liveness = \"/healthz\", readiness = \"/readyz\" }", "false");
    assert!(production(&profile).contains("HEALTHCHECK NONE"));
}

#[test]
fn a_worker_is_built_as_well_when_the_profile_says_that_it_is_python() {
    let profile = "name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\nprobes = false\n\
                   command = [\"celery\", \"-A\", \"orders\", \"worker\"]\nargs = [\"--loglevel\", \"info\"]\n\
                   resources = { memory = \"256Mi\" }\n[build]\npython = \"3.13\"\n";
    let text = production(profile);
    assert!(text.contains(r#"CMD ["celery", "-A", "orders", "worker", "--loglevel", "info"]"#), "{text}");
    assert!(!text.contains("EXPOSE") && text.contains("HEALTHCHECK NONE"), "{text}");
}

fn bake(build: &str) -> Value {
    let bundle = rendered(&of_server("uvicorn", build), "dockerfile", false).bundle;
    let file = bundle.files.iter().find(|file| file.path == "docker-bake.json").unwrap();
    serde_json::from_str(&file.text(None)).unwrap()
}

#[test]
fn one_command_builds_every_platform_under_the_name_that_everything_runs() {
    // Rows 42, 66: arguments are declared, and come from the shell of whoever builds.
    let build = "platforms = [\"linux/amd64\", \"linux/arm64\"]\nargs = { REVISION = \"${un}known\" }\n\
                 index_secret = \"uv_index\"\n";
    let bake = bake(build);
    let target = &bake["target"]["orders"];
    assert_eq!(target["platforms"], serde_json::json!(["linux/amd64", "linux/arm64"]));
    assert_eq!(target["tags"], serde_json::json!(["ghcr.io/acme/orders:1.4.2"]));
    assert_eq!(target["dockerfile"], "Dockerfile");
    assert_eq!(target["args"]["REVISION"], "${REVISION}");
    assert_eq!(bake["variable"]["REVISION"]["default"], "$${un}known", "no reference of bake's");
    assert_eq!(target["secret"], serde_json::json!(["id=uv_index,env=UV_DEFAULT_INDEX"]));
    assert_eq!(bake["group"]["default"]["targets"], serde_json::json!(["orders"]));
}

#[test]
fn an_own_dockerfile_is_built_by_the_same_command_and_never_rendered() {
    let build = "dockerfile = \"docker/Dockerfile.app\"\ntarget = \"runtime\"\nplatforms = [\"linux/arm64\"]\n";
    let bundle = rendered(&of_server("uvicorn", build), "dockerfile", false).bundle;
    assert!(bundle.texts.is_empty());
    let target = &bake(build)["target"]["orders"];
    assert_eq!((&target["dockerfile"], &target["target"]), (&"docker/Dockerfile.app".into(), &"runtime".into()));
    let Rendered { problems, bundle } = rendered(&of_server("uvicorn", build), "dockerfile", true);
    assert!(bundle.files.is_empty() && bundle.texts.is_empty());
    assert_eq!(codes(&problems), BTreeSet::from([Code::OwnDockerfile]));
}

fn codes(problems: &[Problem]) -> BTreeSet<Code> {
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn every_line_says_why() {
    let profile = of_server("uvicorn", "");
    let app = app(&profile);
    let bundle = rendered(&profile, "dockerfile", false).bundle;
    let text = bundle.texts[0].text(Some(&app.provenance));
    let whys = text.lines().filter(|line| line.starts_with("# why: ")).count();
    assert_eq!(whys, instructions(&text).len() + 1, "{text}");
    assert!(text.contains("# why: by number, as Compose and Kubernetes run it"), "{text}");
}

#[test]
fn a_developer_mounts_the_code_wherever_it_is() {
    let over = |source: &str| {
        let profile = of_server("uvicorn", &format!("source = {source}\n"));
        let bundle = rendered(&profile, "compose", true).bundle;
        let service = Value::from(bundle.files[0].root.get("services").unwrap().get("orders").unwrap());
        let mounts =
            service["volumes"].as_array().unwrap().iter().map(|one| one["target"].as_str().unwrap().to_owned());
        let words = service["entrypoint"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned());
        let watched = words.skip_while(|word| word != "--reload").filter(|word| word.starts_with('/'));
        (mounts.collect::<Vec<_>>(), watched.collect::<Vec<_>>())
    };
    let both = |path: &str| (vec![path.to_owned()], vec![path.to_owned()]);
    assert_eq!(over("\"package\""), both("/app/src"));
    assert_eq!(over("\"app\""), both("/app/app"));
    // Whatever lies beside the code is mounted with it; the server watches its working directory.
    assert_eq!(over("[\"main.py\", \"lib\"]"), (vec!["/app".to_owned()], Vec::new()));
    assert_eq!(over("\".\""), (vec!["/app".to_owned()], Vec::new()));
}

fn compose(build: &str, dev: bool) -> Value {
    let profile = of_server("uvicorn", build);
    Value::from(&rendered(&profile, "compose", dev).bundle.files[0].root)
}

#[test]
fn a_host_builds_the_image_only_when_it_is_asked_to() {
    let plain = compose("", false);
    assert!(plain["services"]["orders"].get("build").is_none() && plain["services"]["orders"]["pull_policy"].is_null());
    let built = compose("[compose]\nbuild = true\n", false);
    let service = &built["services"]["orders"];
    assert_eq!(service["build"]["dockerfile"], "Dockerfile");
    assert_eq!(service["image"], "ghcr.io/acme/orders:1.4.2");
    assert_eq!(service["pull_policy"], "build", "an image of that name may be there, of another build");
    // Development builds its own, under a name of its own.
    let dev = compose("[compose]\nbuild = true\n", true);
    assert_eq!(dev["services"]["orders"]["build"]["dockerfile"], "Dockerfile.dev");
    assert_eq!(dev["services"]["orders"]["image"], "orders:1.4.2-local");
}

#[test]
fn a_private_index_reaches_builds_on_compose_as_a_secret_of_the_build_alone() {
    let build = "index_secret = \"uv_index\"\n";
    assert!(compose(build, false).get("secrets").is_none());
    for (build, dev) in [(build.to_owned(), true), (format!("{build}[compose]\nbuild = true\n"), false)] {
        let file = compose(&build, dev);
        assert_eq!(file["services"]["orders"]["build"]["secrets"], serde_json::json!(["uv_index"]));
        assert_eq!(file["secrets"]["uv_index"]["environment"], "UV_DEFAULT_INDEX");
        assert!(file["services"]["orders"].get("secrets").is_none(), "what runs sees none of it");
    }
}
