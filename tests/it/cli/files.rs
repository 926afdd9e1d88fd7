//! Into a folder: `-o`, `--check`, `--force`.

use std::{fs, time::SystemTime};

use super::{PROFILE, Place};

const OBJECTS: &[&str] =
    &["deployment.yaml", "networkpolicy.yaml", "poddisruptionbudget.yaml", "service.yaml", "serviceaccount.yaml"];

/// A folder `out` as `render k8s -o out` makes it.
fn rendered() -> Place {
    let place = Place::new();
    place.run("k8s -o out").told(0);
    place
}

fn changed(place: &Place) -> Vec<SystemTime> {
    let time = |name: &&str| fs::metadata(place.path().join("out").join(name)).unwrap().modified().unwrap();
    OBJECTS.iter().map(time).collect()
}

#[test]
fn files_are_written_once() {
    let place = Place::new();
    let told = place.run("k8s -o out").told(0);
    assert_eq!(told.lines().filter(|line| line.starts_with("wrote ")).count(), 5, "{told}");
    assert!(told.ends_with("out: 5 files, 5 written, 0 unchanged\n"), "{told}");
    assert_eq!(place.list("out"), OBJECTS);
    let deployment = place.read("out/deployment.yaml");
    assert!(deployment.starts_with("# ") && deployment.contains("profile.toml"), "{deployment}");
    let before = changed(&place);
    assert_eq!(place.run("k8s -o out").told(0), "out: 5 files, 0 written, 5 unchanged\n");
    assert_eq!(changed(&place), before, "what is as rendered stays untouched");
    assert_eq!(place.run("k8s -o out --quiet").told(0), "");
}

#[test]
fn files_say_what_the_stream_says() {
    let place = rendered();
    let stream = place.run("k8s").silently();
    for name in OBJECTS {
        let file = place.read(&format!("out/{name}"));
        let body: String =
            file.lines().skip_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
        assert!(stream.contains(&body), "{name}");
    }
}

#[test]
fn a_check_is_a_line_for_each_file_that_differs() {
    let place = rendered();
    assert_eq!(place.run("k8s -o out --check").told(0), "out: 5 files as rendered\n");
    place.write("profile.toml", &PROFILE.replace("workers = 4", "workers = 5"));
    fs::remove_file(place.path().join("out/service.yaml")).unwrap();
    let ran = place.run("k8s -o out --check");
    let lines: Vec<_> = ran.stdout.lines().map(|line| line.split(':').next().unwrap()).collect();
    // The others say nothing that depends on the number of workers.
    let expected = [
        "missing      out/service.yaml",
        "stale        out/deployment.yaml",
        "stale        out/poddisruptionbudget.yaml",
    ];
    assert_eq!(lines, expected);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    assert!(!place.list("out").contains(&"service.yaml".to_owned()), "a check writes nothing");
    place.run("k8s -o out").told(0);
    assert_eq!(place.run("k8s -o out --check -q").told(0), "");
}

#[test]
fn what_is_not_rendered_any_more_is_told() {
    let place = rendered();
    place.write("profile.toml", &format!("{PROFILE}[k8s]\nnetwork_policy = false\n"));
    let ran = place.run("k8s -o out --check");
    assert!(ran.code == 1 && ran.stdout.contains("orphan       out/networkpolicy.yaml"), "{}", ran.stdout);
}

#[test]
fn what_a_person_changed_is_not_overwritten_unasked() {
    let place = rendered();
    let edited = place.read("out/deployment.yaml").replace("replicas: 4", "replicas: 3");
    place.write("out/deployment.yaml", &edited);
    place.write("profile.toml", &PROFILE.replace("256Mi", "512Mi"));
    let told = place.run("k8s -o out").told(2);
    assert!(told.starts_with("error: nothing was written") && told.contains("out/deployment.yaml"), "{told}");
    assert_eq!(place.read("out/deployment.yaml"), edited);
    let told = place.run("k8s -o out --force").told(0);
    assert!(told.contains("replaced     out/deployment.yaml (stale+edited)"), "{told}");
    assert!(place.read("out/deployment.yaml").contains("replicas: 4"));
    place.write("out/service.yaml", "# mine\n");
    assert_eq!(place.run("k8s -o out").code, 2);
}

#[test]
fn compose_files_bear_the_names_that_compose_looks_for() {
    let place = Place::new();
    for line in ["compose -o .", "compose --dev -o .", "compose --env staging -o ."] {
        place.run(line).told(0);
    }
    let own = ["docker-compose.override.yml", "docker-compose.staging.yml", "docker-compose.yml", "profile.toml"];
    assert_eq!(place.list("."), [&[".env.dev.example"][..], &own].concat());
    for (line, files) in [("compose", "1 file"), ("compose --dev", "2 files"), ("compose --env staging", "1 file")] {
        assert_eq!(place.run(&format!("{line} -o . --check")).told(0), format!(".: {files} as rendered\n"));
    }
}

#[test]
fn a_file_that_compose_would_read_instead_is_refused() {
    let place = Place::new();
    place.write("compose.yaml", "services: {}\n");
    for line in ["compose --dev -o .", "compose -o .", "compose -o . --force"] {
        let told = place.run(line).told(2);
        assert!(told.contains("./compose.yaml: would be read instead"), "{told}");
    }
    assert_eq!(place.list("."), ["compose.yaml", "profile.toml"]);
    assert_eq!(place.run("compose -o . --check").code, 1);
}

#[test]
fn an_error_writes_nothing() {
    let place = Place::new();
    place.write("profile.toml", &PROFILE.replace("1.4.2", "latest"));
    assert!(place.run("k8s -o out").told(2).contains("floating-tag"));
    assert_eq!(place.list("."), ["profile.toml"]);
    place.write("out", "a file\n");
    place.write("profile.toml", PROFILE);
    assert!(place.run("k8s -o out").told(2).starts_with("error: "));
}

#[test]
fn a_file_that_is_mounted_is_named_from_where_the_compose_file_lies_and_watched_by_check() {
    let place = Place::empty();
    place.write(".git/HEAD", "");
    place.write("apps/orders/profile.toml", &format!("{PROFILE}\n[files]\n\"/etc/a\" = {{ source = \"conf/a\" }}\n"));
    place.write("apps/orders/conf/a", "one\n");
    for (folder, path) in [("apps/orders", "./conf/a"), ("deploy/compose", "../../apps/orders/conf/a")] {
        assert_eq!(place.run(&format!("compose apps/orders/profile.toml -q -o {folder}")).code, 0);
        assert!(place.read(&format!("{folder}/docker-compose.yml")).contains(&format!("file: {path}\n")), "{folder}");
    }
    assert!(place.run("compose apps/orders/profile.toml").stdout.contains("file: ./conf/a\n"), "beside the profile");
    place.run("k8s apps/orders/profile.toml -q -o deploy/k8s");
    for target in ["k8s", "compose"] {
        let check = format!("{target} apps/orders/profile.toml -q -o deploy/{target} --check");
        assert_eq!(place.run(&check).code, 0);
    }
    place.write("apps/orders/conf/a", "other\n");
    for target in ["k8s", "compose"] {
        let check = format!("{target} apps/orders/profile.toml -q -o deploy/{target} --check");
        assert_eq!(place.run(&check).code, 1, "{target}");
    }
}

#[test]
fn each_service_of_cloud_run_is_a_file() {
    let place = Place::new();
    let more = "[processes.mailer]\ncommand = [\"mail\"]\nresources = { memory = \"512Mi\" }\n\
                [jobs.migrate]\ncommand = [\"migrate\"]\nresources = { memory = \"512Mi\" }\n";
    place.write("profile.toml", &(PROFILE.to_owned() + more));
    place.run("cloudrun -o out").told(0);
    assert_eq!(place.list("out"), ["job-migrate.yaml", "service.yaml", "workerpool-mailer.yaml"]);
    place.run("cloudrun -o out --check").told(0);
    let staging = place.run("cloudrun --env staging").stdout;
    assert!(staging.contains("autoscaling.knative.dev/maxScale: \"2\""), "{staging}");
}
