//! Jobs and crons: when they run, what they wait for, and what they are called.

use render::{flow, layers::Request, problem::Code};
use serde_json::{Value, json};

use crate::rendered::{documents, text};

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\nworkers = 2\nport = 8000\n\
                   command = [\"python\", \"-m\", \"orders\"]\n\
                   [probes]\nliveness = \"/healthz\"\nreadiness = \"/readyz\"\n[resources]\nmemory = \"256Mi\"\n\
                   [compose]\npublish = false\n[env]\nA = \"app\"\n[secrets]\nTOKEN = \"a token\"\n\
                   [processes.worker]\ncommand = [\"work\"]\nresources = { memory = \"64Mi\" }\n\
                   [defaults.job]\nresources = { memory = \"64Mi\" }\n[defaults.cron]\nresources = { memory = \"64Mi\" }\n";

const ALL: &str = "[jobs.migrate]\ncommand = [\"migrate\"]\n[jobs.check]\ncommand = [\"check\"]\n\
                   [jobs.warm]\ncommand = [\"warm\"]\nwhen = \"after\"\n\
                   [jobs.adduser]\ncommand = [\"adduser\"]\nwhen = \"manual\"\n\
                   [crons.cleanup]\ncommand = [\"clean\"]\nschedule = \"0 3 * * *\"\n";

fn with(more: &str) -> String {
    format!("{APP}{more}")
}

fn objects(profile: &str) -> Vec<Value> {
    documents("k8s", profile, false).unwrap_or_else(|problems| panic!("{problems}"))
}

fn name(object: &Value) -> String {
    text(&object["metadata"]["name"])
}

/// The object of a kind whose pods have this instance label.
fn runs(profile: &str, kind: &str, instance: &str) -> Value {
    let is_it = |object: &&Value| {
        object["kind"] == kind && object["metadata"]["labels"]["app.kubernetes.io/instance"] == instance
    };
    let objects = objects(profile);
    objects.iter().find(is_it).unwrap_or_else(|| panic!("no {kind} {instance}")).clone()
}

fn services(profile: &str, dev: bool) -> Value {
    documents("compose", profile, dev).unwrap_or_else(|problems| panic!("{problems}"))[0]["services"].clone()
}

#[test]
fn a_job_has_what_the_app_shares_and_what_all_jobs_have_and_no_more() {
    let profile = with("[jobs.migrate]\ncommand = [\"migrate\"]\nenv = { B = \"job\" }\nretries = 0\n");
    let job = runs(&profile, "Job", "orders-migrate");
    assert_eq!((&job["spec"]["backoffLimit"], &job["spec"]["activeDeadlineSeconds"]), (&json!(0), &json!(900)));
    let pod = &job["spec"]["template"]["spec"];
    assert_eq!(pod["restartPolicy"], "Never");
    let container = &pod["containers"][0];
    let names: Vec<_> = container["env"].as_array().unwrap().iter().map(|one| text(&one["name"])).collect();
    assert_eq!(names, ["TOKEN", "A", "B"]);
    assert_eq!(container["resources"]["limits"]["memory"], "64Mi");
    for own in ["livenessProbe", "readinessProbe", "startupProbe", "ports", "lifecycle"] {
        assert!(container.get(own).is_none(), "{own}");
    }
    let of_job: Vec<String> = objects(&profile)
        .iter()
        .filter(|object| object["metadata"]["labels"]["app.kubernetes.io/component"] == "migrate")
        .map(|object| text(&object["kind"]))
        .collect();
    assert_eq!(of_job, ["ServiceAccount", "NetworkPolicy", "Job"]);
}

#[test]
fn a_job_is_like_another() {
    let profile =
        with("[jobs.a]\ncommand = [\"a\"]\nwhen = \"after\"\nretries = 5\n[jobs.b]\nlike = \"a\"\nretries = 1\n");
    let spec = |instance| runs(&profile, "Job", instance)["spec"].clone();
    assert_eq!(spec("orders-b")["template"]["spec"]["containers"][0]["command"], json!(["a"]));
    assert_eq!((&spec("orders-a")["backoffLimit"], &spec("orders-b")["backoffLimit"]), (&json!(5), &json!(1)));
}

#[test]
fn another_content_is_another_job_and_the_same_content_the_same() {
    let named = |keys: &str| name(&runs(&with(&format!("[jobs.migrate]\n{keys}\n")), "Job", "orders-migrate"));
    let plain = named("command = [\"migrate\"]");
    let hash = plain.strip_prefix("orders-migrate-").unwrap();
    assert!(hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{plain}");
    // What a Job may change while it lives.
    assert_eq!(plain, named("command = [\"migrate\"]\ndeadline = \"1h\"\nretries = 1\nkeep = \"1h\""));
    // What it may not.
    for other in ["command = [\"migrate\", \"2\"]", "command = [\"migrate\"]\nenv = { A = \"other\" }"] {
        assert_ne!(plain, named(other), "{other}");
    }
}

#[test]
fn a_patch_finds_a_job_by_the_name_that_stays_and_the_hash_follows() {
    let job = "[jobs.migrate]\ncommand = [\"migrate\"]\n[jobs.check]\ncommand = [\"check\"]\n";
    let patched = |merge: &str| {
        let patch =
            format!("[[patches]]\ntarget = \"k8s\"\nname = \"orders-migrate\"\nkind = \"Job\"\nyaml = {merge:?}\n");
        let profile = with(&format!("{job}{patch}"));
        (runs(&profile, "Job", "orders-migrate"), runs(&profile, "Job", "orders-check"))
    };
    let before = with(job);
    let (migrate, check) = patched("spec: { template: { spec: { priorityClassName: high } } }");
    assert_eq!(migrate["spec"]["template"]["spec"]["priorityClassName"], "high");
    assert_ne!(name(&migrate), name(&runs(&before, "Job", "orders-migrate")));
    assert_eq!(name(&check), name(&runs(&before, "Job", "orders-check")));
    let (named, _) = patched("metadata: { name: mine }");
    assert_eq!(name(&named), "mine");
}

/// Every selector of pods, with what it is of.
fn selectors(objects: &[Value]) -> Vec<(String, Value)> {
    let places = [
        ("Deployment", "/spec/selector/matchLabels"),
        ("Service", "/spec/selector"),
        ("PodDisruptionBudget", "/spec/selector/matchLabels"),
        ("NetworkPolicy", "/spec/podSelector/matchLabels"),
    ];
    let at = |object: &Value| {
        let (_, path) = places.iter().find(|(kind, _)| object["kind"] == *kind)?;
        Some((format!("{} {}", text(&object["kind"]), name(object)), object.pointer(path)?.clone()))
    };
    objects.iter().filter_map(at).collect()
}

#[test]
fn nothing_but_its_own_policy_selects_a_job() {
    for tool in ["plain", "argocd", "helm"] {
        let profile = with(&format!("{ALL}[k8s]\njobs = {tool:?}\n"));
        let objects = objects(&profile);
        let templates = objects.iter().filter_map(|object| match object["kind"].as_str() {
            Some("Job") => Some((object, &object["spec"]["template"])),
            Some("CronJob") => Some((object, &object["spec"]["jobTemplate"]["spec"]["template"])),
            _ => None,
        });
        let mut seen = 0;
        for (object, template) in templates {
            let labels = template["metadata"]["labels"].as_object().unwrap();
            let matches = |selector: &Value| {
                selector.as_object().unwrap().iter().all(|(key, value)| labels.get(key) == Some(value))
            };
            let found: Vec<_> =
                selectors(&objects).into_iter().filter(|(_, one)| matches(one)).map(|(who, _)| who).collect();
            let own = text(&object["metadata"]["labels"]["app.kubernetes.io/instance"]);
            assert_eq!(found, [format!("NetworkPolicy {own}")], "{tool}");
            seen += 1;
        }
        assert_eq!(seen, 5);
    }
}

/// The annotations of all objects of a job, by kind.
fn marks(profile: &str, job: &str) -> Vec<(String, Value)> {
    let own = |object: &&Value| object["metadata"]["labels"]["app.kubernetes.io/component"] == job;
    objects(profile)
        .iter()
        .filter(own)
        .map(|object| (text(&object["kind"]), object["metadata"]["annotations"].clone()))
        .collect()
}

fn kinds(account: Value, policy: Value, runs: (&str, Value)) -> Vec<(String, Value)> {
    let (kind, own) = runs;
    vec![("ServiceAccount".into(), account), ("NetworkPolicy".into(), policy), (kind.into(), own)]
}

#[test]
fn argo_cd_runs_a_job_and_what_it_needs_in_the_wave_before_the_rest() {
    let profile = with(&format!("{ALL}[k8s]\njobs = \"argocd\"\n"));
    let wave = json!({ "argocd.argoproj.io/sync-wave": "-1" });
    let hook = json!({
        "argocd.argoproj.io/hook": "Sync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        "argocd.argoproj.io/sync-wave": "-1",
    });
    assert_eq!(marks(&profile, "migrate"), kinds(wave.clone(), wave, ("Job", hook)));
    let after = json!({
        "argocd.argoproj.io/hook": "PostSync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
    });
    assert_eq!(marks(&profile, "warm"), kinds(Value::Null, Value::Null, ("Job", after)));
    for (job, kind) in [("adduser", "CronJob"), ("cleanup", "CronJob"), ("worker", "Deployment")] {
        let marks = marks(&profile, job);
        assert!(marks.iter().any(|(one, _)| one == kind) && marks.iter().all(|(_, all)| all.is_null()), "{job}");
    }
    assert_eq!(name(&runs(&profile, "Job", "orders-migrate")), "orders-migrate");
}

#[test]
fn helm_has_what_a_job_needs_before_the_job_and_the_job_before_the_release() {
    let profile = with(&format!("{ALL}[k8s]\njobs = \"helm\"\n"));
    let hook = |when: &str, weight: &str| {
        json!({
            "helm.sh/hook": when,
            "helm.sh/hook-delete-policy": "before-hook-creation",
            "helm.sh/hook-weight": weight,
        })
    };
    let (needed, job) = (hook("pre-install,pre-upgrade", "-10"), hook("pre-install,pre-upgrade", "-5"));
    assert_eq!(marks(&profile, "migrate"), kinds(needed.clone(), needed, ("Job", job)));
    let after = json!({
        "helm.sh/hook": "post-install,post-upgrade",
        "helm.sh/hook-delete-policy": "before-hook-creation",
    });
    assert_eq!(marks(&profile, "warm"), kinds(Value::Null, Value::Null, ("Job", after)));
}

#[test]
fn helm_makes_of_braces_the_braces_that_the_profile_says() {
    let braces = "{{ .Values.name }} {{{- a }}";
    let rendered = |tool: &str, more: &str| {
        let env = format!("[jobs.migrate]\ncommand = [\"migrate\"]\nargs = [{braces:?}]\nenv = {{ B = {braces:?} }}\n");
        runs(&with(&format!("{env}[k8s]\njobs = {tool:?}\n{more}")), "Job", "orders-migrate")["spec"].clone()
    };
    let (plain, helm) = (rendered("plain", ""), rendered("helm", ""));
    assert_eq!(plain["template"]["spec"]["containers"][0]["args"][0], braces);
    // As Go's text/template reads it: a text in backticks is that text.
    let written = helm.to_string();
    let read = written.replace("{{`{{`}}", "{{");
    assert!(read != written && !written.replace("{{`{{`}}", "").contains("{{"), "{helm}");
    assert_eq!(read, plain.to_string());
    // Who patches one in means a template.
    let release = "{{ .Release.Name }}";
    let patch = format!(
        "spec: {{ template: {{ spec: {{ containers: [{{ name: orders-migrate, args: ['{release}'] }}] }} }} }}"
    );
    let patched = rendered("helm", &format!("[[patches]]\ntarget = \"k8s\"\nkind = \"Job\"\nyaml = {patch:?}\n"));
    assert_eq!(patched["template"]["spec"]["containers"][0]["args"], json!([release]));
}

#[test]
fn an_annotation_of_the_profile_holds() {
    let profile = with(
        "[jobs.migrate]\ncommand = [\"migrate\"]\nannotations = { \"argocd.argoproj.io/sync-wave\" = \"-7\" }\n\
         [k8s]\njobs = \"argocd\"\n",
    );
    let all = marks(&profile, "migrate");
    assert!(all.iter().all(|(_, marks)| marks["argocd.argoproj.io/sync-wave"] == "-7"), "{all:?}");
    assert_eq!(all[2].1["argocd.argoproj.io/hook"], "Sync");
}

#[test]
fn what_is_started_by_hand_is_a_template_that_never_starts() {
    let job = runs(&with(ALL), "CronJob", "orders-adduser");
    assert_eq!((&job["spec"]["suspend"], &job["spec"]["schedule"]), (&json!(true), &json!("0 0 31 2 *")));
    assert_eq!(name(&job), "orders-adduser");
}

#[test]
fn a_cron_runs_as_it_says() {
    let cron = |keys: &str| {
        let profile = with(&format!("[crons.cleanup]\ncommand = [\"clean\"]\n{keys}\n"));
        runs(&profile, "CronJob", "orders-cleanup")["spec"].clone()
    };
    let plain = cron("schedule = \"0 3 * * *\"");
    for (key, value) in [
        ("schedule", json!("0 3 * * *")),
        ("timeZone", json!("Etc/UTC")),
        ("concurrencyPolicy", json!("Forbid")),
        ("successfulJobsHistoryLimit", json!(3)),
        ("failedJobsHistoryLimit", json!(3)),
    ] {
        assert_eq!(plain[key], value, "{key}");
    }
    assert!(plain.get("suspend").is_none());
    assert_eq!(plain["jobTemplate"]["spec"]["activeDeadlineSeconds"], 3600);
    let other = cron(
        "schedule = \"@hourly\"\ntimezone = \"Europe/Berlin\"\nconcurrency = \"replace\"\nkeep = 0\nsuspend = true\n\
         deadline = \"90s\"\nretries = 7",
    );
    assert_eq!((&other["schedule"], &other["timeZone"]), (&json!("@hourly"), &json!("Europe/Berlin")));
    assert_eq!((&other["concurrencyPolicy"], &other["suspend"]), (&json!("Replace"), &json!(true)));
    assert_eq!((&other["successfulJobsHistoryLimit"], &other["failedJobsHistoryLimit"]), (&json!(0), &json!(0)));
    let job = &other["jobTemplate"]["spec"];
    assert_eq!((&job["activeDeadlineSeconds"], &job["backoffLimit"]), (&json!(90), &json!(7)));
}

#[test]
fn on_compose_all_processes_wait_for_what_is_before_them_and_what_is_after_waits_for_all() {
    let services = services(&with(ALL), false);
    let waits = |service: &str| services[service].get("depends_on").cloned().unwrap_or_default();
    let done = json!({ "condition": "service_completed_successfully" });
    let before = json!({ "orders-check": done, "orders-migrate": done });
    assert_eq!((waits("orders"), waits("orders-worker")), (before.clone(), before));
    let after = json!({
        "orders": { "condition": "service_healthy" },
        "orders-check": done,
        "orders-migrate": done,
        "orders-worker": { "condition": "service_started" },
    });
    assert_eq!(waits("orders-warm"), after);
    // `docker compose run` starts what a service waits for.
    for alone in ["orders-migrate", "orders-check", "orders-adduser", "orders-cleanup"] {
        assert_eq!(waits(alone), Value::Null, "{alone}");
    }
}

#[test]
fn on_compose_what_ends_is_not_started_again_and_who_starts_it_is_told() {
    let services = services(&with(&format!("{ALL}[jobs.once]\ncommand = [\"once\"]\nretries = 0\n")), false);
    for (service, restart, profiles) in [
        ("orders-migrate", "on-failure:2", Value::Null),
        ("orders-warm", "on-failure:2", Value::Null),
        ("orders-once", "no", Value::Null),
        ("orders-adduser", "no", json!(["manual"])),
        ("orders-cleanup", "no", json!(["cron"])),
    ] {
        let one = &services[service];
        assert_eq!(one["restart"], restart, "{service}");
        assert_eq!(one.get("profiles").cloned().unwrap_or_default(), profiles, "{service}");
        assert_eq!(one["healthcheck"], json!({ "disable": true }), "{service}");
        assert!(one.get("ports").is_none(), "{service}");
        assert_eq!((&one["read_only"], &one["cap_drop"]), (&json!(true), &json!(["ALL"])), "{service}");
    }
}

#[test]
fn in_development_jobs_run_the_code_that_is_edited() {
    let other = "[jobs.seed]\nimage = \"example.com/seed:1.0\"\n[dev]\nsync = [\"src\"]\n";
    let services = services(&with(&format!("{ALL}{other}")), true);
    for own in ["orders-migrate", "orders-cleanup"] {
        assert_eq!(services[own]["image"], "orders:1.4.2-local", "{own}");
        assert_eq!(services[own]["volumes"][0]["target"], "/app/src", "{own}");
    }
    assert_eq!(services["orders-seed"]["image"], "example.com/seed:1.0");
    assert!(services["orders-seed"].get("build").is_none());
    // Nobody copies files into what has ended.
    let watched = with(&format!("{ALL}[dev]\nwatch = true\n"));
    let services = self::services(&watched, true);
    assert!(services["orders"].get("develop").is_some() && services["orders-migrate"].get("develop").is_none());
}

#[test]
fn files_of_secrets_are_there_for_jobs_too() {
    let file = "[jobs.migrate]\ncommand = [\"migrate\"]\nsecrets = { CA = { mount = \"/etc/ca.crt\" } }\n";
    let documents = documents("compose", &with(file), false).unwrap();
    assert_eq!(documents[0]["secrets"], json!({ "CA": { "file": "./secrets/CA" } }));
    assert_eq!(documents[0]["services"]["orders-migrate"]["secrets"][0]["target"], "/etc/ca.crt");
}

const CHAIN: &str = "[jobs.init]\ncommand = [\"init\"]\n[jobs.migrate]\ncommand = [\"migrate\"]\nneeds = [\"init\"]\n\
                     [jobs.load]\ncommand = [\"load\"]\nneeds = [\"init\", \"migrate\"]\n[jobs.check]\ncommand = [\"check\"]\n\
                     [jobs.warm]\ncommand = [\"warm\"]\nwhen = \"after\"\n\
                     [jobs.tell]\ncommand = [\"tell\"]\nwhen = \"after\"\nneeds = [\"warm\"]\n";

#[test]
fn jobs_run_after_those_that_they_need() {
    let services = services(&with(CHAIN), false);
    let waits = |job: &str| -> Vec<String> {
        let all = services[format!("orders-{job}")].get("depends_on").cloned().unwrap_or_default();
        all.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    assert!(waits("init").is_empty() && waits("check").is_empty());
    assert_eq!(waits("load"), ["orders-init", "orders-migrate"]);
    assert!(waits("tell").contains(&"orders-warm".to_owned()) && !waits("warm").contains(&"orders-tell".to_owned()));
    let places = |tool: &str, annotation: &str| -> Vec<Option<i64>> {
        let profile = with(&format!("{CHAIN}[k8s]\njobs = {tool:?}\n"));
        let place = |job: &&str| {
            let marks = marks(&profile, job);
            let (_, own) = marks.iter().find(|(kind, _)| kind == "Job").unwrap();
            let at = own.get(annotation).map(|text| text.as_str().unwrap().parse().unwrap());
            // What it needs is there before it, or at the same time in the order of kinds.
            let others = marks.iter().filter_map(|(_, all)| all.get(annotation)?.as_str()?.parse::<i64>().ok());
            assert!(others.max() <= at.or(Some(0)), "{marks:?}");
            at
        };
        ["init", "migrate", "load", "check", "warm", "tell"].iter().map(place).collect()
    };
    let argo = places("argocd", "argocd.argoproj.io/sync-wave");
    assert_eq!(argo, [Some(-3), Some(-2), Some(-1), Some(-1), Some(-1), None]);
    let helm = places("helm", "helm.sh/hook-weight");
    assert_eq!(helm, [Some(-7), Some(-6), Some(-5), Some(-5), Some(-1), None]);
}

#[test]
fn what_runs_to_its_end_may_take_its_steps_in_a_shell() {
    let told = |more: &str| {
        let profile = with(&format!("{more}\ncommand = [\"sh\", \"-c\", \"ready && migrate\"]\n"));
        let outcome = flow::app(&Request::alone("profile.toml", profile.as_bytes()));
        assert!(outcome.app.is_some(), "{:?}", outcome.problems);
        outcome.problems.iter().filter(|problem| problem.code == Code::ShellCommand).count()
    };
    assert_eq!(["[jobs.a]", "[inits.a]", "[crons.a]\nschedule = \"@daily\""].map(told), [0, 0, 0]);
    assert_eq!(told("[processes.a]"), 1);
}

#[test]
fn the_line_for_the_crontab_names_the_files_of_the_environment() {
    let profile = "name = \"shop\"\nimage = \"example.com/shop:1.0.0\"\n[crons.clean]\ncommand = [\"c\"]\n\
                   schedule = \"@daily\"\n[environments.prod]\nlabels = { a = \"b\" }\n";
    let line = |env| {
        let request =
            render::layers::Request { env, ..render::layers::Request::alone("profile.toml", profile.as_bytes()) };
        let app = render::flow::app(&request).app.expect("an app");
        let told = app.problems(render::app::Runtime::SingleHost).into_iter();
        told.filter(|one| one.code == render::problem::Code::NoScheduler).filter_map(|one| one.help).collect::<String>()
    };
    assert!(line(None).contains("docker compose run --rm shop-clean"), "{}", line(None));
    let files = "docker compose -f docker-compose.yml -f docker-compose.prod.yml run --rm shop-clean";
    assert!(line(Some("prod")).contains(files), "{}", line(Some("prod")));
}

#[test]
fn a_process_that_is_not_asked_for_its_health_tells_which_job_does_not_wait() {
    let profile = "name = \"shop\"\nimage = \"example.com/shop:1.0.0\"\nport = 8000\nprobes = { liveness = \"/l\" }\n\
                   [jobs.warm]\ncommand = [\"w\"]\nwhen = \"after\"\n[jobs.first]\ncommand = [\"f\"]\n";
    let app =
        render::flow::app(&render::layers::Request::alone("profile.toml", profile.as_bytes())).app.expect("an app");
    let target = render::targets::find("compose").expect("a target");
    let rendered = (target.render)(&render::targets::Wish { app: &app, base: None, dev: false, full: false });
    let told = rendered.problems.iter().find(|one| one.code == render::problem::Code::NoComposeHealthcheck);
    let labels: Vec<&str> = told.expect("a note").related.iter().map(|(_, label)| label.as_str()).collect();
    assert_eq!(labels, ["`warm` starts as soon as the process has started, ready or not"]);
}
