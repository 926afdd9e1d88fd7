//! Cloud Run and Knative: what becomes of processes and jobs, how large instances are, and where secrets are found.

use serde_json::{Value, json};

use crate::rendered::{Platform, documents, flag, text};

const SERVER: &str = "name = \"orders\"\nimage = \"eu.gcr.io/acme/orders:1.4.2\"\n\
                      [server]\napp = \"orders.main:app\"\n\
                      [probes]\nliveness = \"/healthz\"\nreadiness = \"/readyz\"\n";

/// With memory, and more.
fn server(memory: &str, more: &str) -> String {
    format!("{SERVER}[resources]\nmemory = \"{memory}\"\n{more}")
}

fn cloudrun(profile: &str) -> Platform {
    Platform::of("cloudrun", profile).unwrap_or_else(|problems| panic!("{problems}"))
}

fn knative(profile: &str) -> Platform {
    Platform::of("knative", profile).unwrap_or_else(|problems| panic!("{problems}"))
}

fn refused(profile: &str) -> String {
    documents("cloudrun", profile, false).expect_err("refused")
}

fn limits(platform: &Platform) -> (String, String) {
    let limits = &platform.container()["resources"]["limits"];
    (text(&limits["cpu"]), text(&limits["memory"]))
}

#[test]
fn what_has_a_port_is_a_service_what_has_none_a_worker_pool_and_what_ends_a_job() {
    let profile = server(
        "512Mi",
        "[defaults.process]\nresources = { memory = \"512Mi\" }\n\
         [processes.admin]\ncommand = [\"admin\"]\nport = 9000\n[processes.mailer]\ncommand = [\"mail\"]\nworkers = 3\n\
         [defaults.job]\nresources = { memory = \"512Mi\" }\n[defaults.cron]\nresources = { memory = \"512Mi\" }\n\
         [jobs.migrate]\ncommand = [\"migrate\"]\n[jobs.warm]\ncommand = [\"warm\"]\nwhen = \"after\"\n\
         [crons.report]\ncommand = [\"report\"]\nschedule = \"0 3 * * *\"\n",
    );
    let objects = documents("cloudrun", &profile, false).unwrap();
    let kinds: Vec<_> = objects.iter().map(|one| (text(&one["kind"]), text(&one["metadata"]["name"]))).collect();
    let kinds: Vec<_> = kinds.iter().map(|(kind, name)| (kind.as_str(), name.as_str())).collect();
    // In the order in which they are deployed: what others wait for first.
    assert_eq!(
        kinds,
        [
            ("Job", "orders-migrate"),
            ("Service", "orders"),
            ("Service", "orders-admin"),
            ("WorkerPool", "orders-mailer"),
            ("Job", "orders-warm"),
            ("Job", "orders-report"),
        ]
    );
    assert_eq!(objects[3]["metadata"]["annotations"]["run.googleapis.com/manualInstanceCount"], "3");
    let of_cluster = profile + "[cloudrun]\nflavor = \"knative\"\n";
    let kinds: Vec<_> = documents("cloudrun", &of_cluster, false).unwrap();
    assert!(kinds.iter().all(|one| one["kind"] == "Service") && kinds.len() == 2, "Knative has services alone");
}

#[test]
fn a_job_is_tried_again_and_ended_as_it_says() {
    let job = "[jobs.migrate]\ncommand = [\"migrate\"]\nretries = 1\ndeadline = \"20m\"\n\
               resources = { memory = \"1Gi\" }\ncloudrun = { cpu = \"2\", service_account = \"schema@acme.iam\" }\n";
    let objects = documents("cloudrun", &server("512Mi", job), false).unwrap();
    let task = &objects[0]["spec"]["template"]["spec"]["template"]["spec"];
    assert_eq!((&task["maxRetries"], &task["timeoutSeconds"]), (&json!(1), &json!(1200)));
    assert_eq!(task["serviceAccountName"], "schema@acme.iam");
    let container = &task["containers"][0];
    assert_eq!(container["resources"]["limits"], json!({ "cpu": "2", "memory": "1088Mi" }));
    for own in ["ports", "livenessProbe", "startupProbe"] {
        assert!(container.get(own).is_none(), "{own}");
    }
}

#[test]
fn an_annotation_stands_where_it_is_read() {
    let annotations = "annotations = { \"run.googleapis.com/cloudsql-instances\" = \"a:b:c\", \
                       \"run.googleapis.com/description\" = \"orders\", \"acme.io/owner\" = \"shop\" }\n";
    let job = "[jobs.migrate]\ncommand = [\"migrate\"]\nresources = { memory = \"512Mi\" }\n";
    let profile = annotations.to_owned() + &server("512Mi", job);
    let objects = documents("cloudrun", &profile, false).unwrap();
    let names = |annotations: &Value| -> Vec<String> {
        let own =
            |name: &&String| !name.contains("Scale") && !name.contains("ingress") && !name.contains("environment");
        let all = annotations.as_object().unwrap().keys().filter(own);
        all.filter(|name| !name.ends_with("boost"))
            .map(|name| name.split('/').next_back().unwrap().to_owned())
            .collect()
    };
    let [job, service] = objects.as_slice() else { panic!("a job and a service") };
    for (object, own, of_template) in [
        (job, &["owner"][..], &["owner", "cloudsql-instances"][..]),
        (service, &["owner", "description"], &["owner", "cloudsql-instances"]),
    ] {
        assert_eq!(names(&object["metadata"]["annotations"]), own);
        assert_eq!(names(&object["spec"]["template"]["metadata"]["annotations"]), of_template);
    }
}

#[test]
fn cpu_is_rounded_up_to_a_step_and_memory_to_what_goes_with_it() {
    for (cpu, memory, expected) in [
        ("250m", "100Mi", ("1", "512Mi")),
        ("1", "600Mi", ("1", "664Mi")),
        ("1100m", "600Mi", ("2", "664Mi")),
        ("3", "600Mi", ("4", "2Gi")),
        ("5", "600Mi", ("6", "4Gi")),
        ("250m", "6Gi", ("2", "6208Mi")),
        ("250m", "30Gi", ("8", "30784Mi")),
    ] {
        let profile = format!("{SERVER}[resources]\nmemory = \"{memory}\"\ncpu = \"{cpu}\"\n");
        let (is_cpu, is_memory) = limits(&cloudrun(&profile));
        assert_eq!((is_cpu.as_str(), is_memory.as_str()), expected, "{cpu} and {memory}");
    }
}

#[test]
fn a_part_of_a_core_takes_one_request_at_a_time_on_the_first_generation() {
    let profile = server("100Mi", "[cloudrun]\ncpu = \"250m\"\n");
    let objects = documents("cloudrun", &profile, false).unwrap();
    let template = &objects[0]["spec"]["template"];
    assert_eq!(template["metadata"]["annotations"]["run.googleapis.com/execution-environment"], "gen1");
    assert_eq!(template["spec"]["containerConcurrency"], 1);
    let limits = &template["spec"]["containers"][0]["resources"]["limits"];
    assert_eq!(*limits, json!({ "cpu": "250m", "memory": "164Mi" }));
    assert!(refused(&(profile.clone() + "concurrency = 2\n")).contains("one request at a time"));
    assert!(refused(&profile.replace("100Mi", "600Mi")).contains("664Mi of memory do not go with 250m CPU"));
}

#[test]
fn what_is_told_about_instances_is_written_as_each_platform_reads_it() {
    let profile = |flavor: &str| {
        server(
            "512Mi",
            &format!("[cloudrun]\nflavor = \"{flavor}\"\nmin = 1\nmax = 5\nconcurrency = 20\ntimeout = \"90s\"\n"),
        )
    };
    for (flavor, least, most) in [("cloudrun", "minScale", "maxScale"), ("knative", "min-scale", "max-scale")] {
        let objects = documents("cloudrun", &profile(flavor), false).unwrap();
        let template = &objects[0]["spec"]["template"];
        let annotations = &template["metadata"]["annotations"];
        assert_eq!(annotations[format!("autoscaling.knative.dev/{least}")], "1", "{flavor}");
        assert_eq!(annotations[format!("autoscaling.knative.dev/{most}")], "5", "{flavor}");
        let spec = &template["spec"];
        assert_eq!((&spec["containerConcurrency"], &spec["timeoutSeconds"]), (&json!(20), &json!(90)), "{flavor}");
    }
}

#[test]
fn instances_keep_state_in_memory_and_are_none_without_requests_otherwise() {
    let least = |profile: &str| cloudrun(profile).annotation("autoscaling.knative.dev/minScale");
    assert_eq!(least(&server("512Mi", "")), Some("0".into()));
    let stateful = format!("state = \"memory\"\n{}", server("512Mi", ""));
    assert_eq!(least(&stateful), Some("1".into()));
    assert_eq!(cloudrun(&stateful).annotation("autoscaling.knative.dev/maxScale"), Some("1".into()));
}

#[test]
fn cloud_run_kills_after_ten_seconds_so_that_the_server_stops_in_eight() {
    let profile = server("512Mi", "[shutdown]\ndrain = \"5s\"\n");
    let drain = |platform: Platform| flag(&platform.argv(), "--timeout-graceful-shutdown").map(str::to_owned);
    assert_eq!(drain(cloudrun(&profile)), Some("5".into()));
    assert_eq!(drain(cloudrun(&server("512Mi", ""))), Some("8".into()));
    assert_eq!(drain(knative(&server("512Mi", ""))), Some("20".into()));
}

#[test]
fn the_platform_tells_the_port_so_that_nobody_else_does() {
    let profile = |name: &str| format!("port = 9000\nport_env = \"{name}\"\n{}", server("512Mi", ""));
    let names = |platform: Platform| platform.env().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    for flavored in [cloudrun, knative] {
        assert!(!names(flavored(&profile("PORT"))).contains(&"PORT".to_owned()));
        assert!(names(flavored(&profile("ORDERS_PORT"))).contains(&"ORDERS_PORT".to_owned()));
        assert_eq!(
            flavored(&profile("PORT")).container()["ports"],
            json!([{ "name": "http1", "containerPort": 9000 }])
        );
    }
    let again = server("512Mi", "[env]\nK_SERVICE = \"orders\"\n");
    assert!(refused(&again).contains("`K_SERVICE` is set by the platform"));
}

#[test]
fn a_port_whose_probes_speak_grpc_speaks_http2() {
    let profile = "name = \"orders\"\nimage = \"eu.gcr.io/acme/orders:1.4.2\"\ncommand = [\"serve\"]\nport = 9000\n\
                   [resources]\nmemory = \"512Mi\"\n[probes]\nliveness = { grpc = true }\n";
    assert_eq!(cloudrun(profile).container()["ports"], json!([{ "name": "h2c", "containerPort": 9000 }]));
    assert_eq!(cloudrun(profile).container()["livenessProbe"]["grpc"], json!({ "port": 9000 }));
}

#[test]
fn cloud_run_asks_for_readiness_at_the_start_and_knative_again_and_again() {
    let asked = |platform: &Platform, probe: &str| platform.container()[probe]["httpGet"]["path"].clone();
    let (managed, cluster) = (cloudrun(&server("512Mi", "")), knative(&server("512Mi", "")));
    assert_eq!(asked(&managed, "startupProbe"), "/readyz");
    assert_eq!(asked(&managed, "readinessProbe"), Value::Null);
    assert_eq!(asked(&cluster, "startupProbe"), "/healthz");
    assert_eq!(asked(&cluster, "readinessProbe"), "/readyz");
    for platform in [&managed, &cluster] {
        assert_eq!(asked(platform, "livenessProbe"), "/healthz");
    }
}

#[test]
fn a_secret_is_one_of_secret_manager_or_of_the_cluster() {
    let secrets = "[secrets]\nTOKEN = \"a token\"\nDB = { from = \"orders-db/password\" }\n\
                   KEY = { from = \"orders-key/3\" }\nCERT = { from = \"orders.tls/tls.crt\" }\n";
    let places = |platform: Platform| -> Vec<(String, String, String)> {
        let all = platform.container()["env"].as_array().unwrap().clone();
        let all = all.iter().filter_map(|one| Some((one, one["valueFrom"].get("secretKeyRef")?)));
        all.map(|(one, place)| (text(&one["name"]), text(&place["name"]), text(&place["key"]))).collect()
    };
    let own = |places: Vec<(String, String, String)>| -> Vec<String> {
        places.into_iter().map(|(name, object, key)| format!("{name} {object} {key}")).collect()
    };
    assert_eq!(
        own(places(cloudrun(&server("512Mi", secrets)))),
        [
            "CERT orders-tls-tls-crt latest",
            "DB orders-db-password latest",
            "KEY orders-key 3",
            "TOKEN orders-TOKEN latest"
        ]
    );
    assert_eq!(
        own(places(knative(&server("512Mi", secrets)))),
        ["CERT orders.tls tls.crt", "DB orders-db password", "KEY orders-key 3", "TOKEN orders-secrets TOKEN"]
    );
}

#[test]
fn a_file_of_cloud_run_has_its_directory_to_itself_and_a_file_of_knative_lies_alone() {
    let profile = server("512Mi", "[secrets.CA]\nfrom = \"orders-ca/ca.crt\"\nmount = \"/etc/orders/ca.crt\"\n");
    for (platform, mount) in [
        (cloudrun(&profile), json!({ "name": "secret-ca", "mountPath": "/etc/orders" })),
        (
            knative(&profile),
            json!({ "name": "secret-ca", "mountPath": "/etc/orders/ca.crt", "subPath": "ca.crt", "readOnly": true }),
        ),
    ] {
        let mounts = platform.container()["volumeMounts"].as_array().unwrap();
        assert!(mounts.contains(&mount), "{mounts:?}");
        let volumes = platform.instance()["volumes"].as_array().unwrap();
        let secret = volumes.iter().find(|volume| volume["name"] == "secret-ca").unwrap();
        assert_eq!(secret["secret"]["items"][0]["path"], "ca.crt");
        assert_eq!(secret["secret"]["defaultMode"], 0o444);
    }
}

#[test]
fn a_container_of_knative_is_hardened_and_one_of_cloud_run_isolated_by_its_host() {
    let (managed, cluster) = (cloudrun(&server("512Mi", "")), knative(&server("512Mi", "")));
    assert!(managed.container().get("securityContext").is_none());
    assert_eq!(
        cluster.container()["securityContext"],
        json!({
            "allowPrivilegeEscalation": false,
            "capabilities": { "drop": ["ALL"] },
            "readOnlyRootFilesystem": true,
            "runAsGroup": 10001,
            "runAsNonRoot": true,
            "runAsUser": 10001,
            "seccompProfile": { "type": "RuntimeDefault" },
        })
    );
    let instance = cluster.instance();
    assert_eq!(
        (&instance["automountServiceAccountToken"], &instance["enableServiceLinks"]),
        (&json!(false), &json!(false))
    );
    // Behind features that are off by default.
    for gated in ["securityContext", "affinity", "topologySpreadConstraints", "initContainers"] {
        assert!(instance.get(gated).is_none(), "{gated}");
    }
}

#[test]
fn what_other_targets_are_told_changes_nothing_here() {
    let plain = cloudrun(&server("512Mi", ""));
    let others = "[k8s]\nreplicas = 7\nworkers_per_pod = 2\n[compose]\nworkers = 1\n[rollout]\nsurge = 1\n";
    assert_eq!(cloudrun(&server("512Mi", others)).object(), plain.object());
}

#[test]
fn an_environment_may_be_another_platform() {
    let profile = server("512Mi", "[environments.cluster.cloudrun]\nflavor = \"knative\"\n");
    let request = render::layers::Request {
        env: Some("cluster"),
        ..render::layers::Request::alone("profile.toml", profile.as_bytes())
    };
    let app = render::flow::app(&request).app.expect("an app");
    let wish = render::targets::Wish { app: &app, base: None, dev: false, full: true };
    let rendered = (render::targets::cloudrun::TARGET.render)(&wish);
    let text = rendered.bundle.files[0].text(None);
    assert!(text.contains("autoscaling.knative.dev/max-scale") && text.contains("runAsNonRoot: true"), "{text}");
}
