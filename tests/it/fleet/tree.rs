//! What a tree looks like.

use super::*;

#[test]
fn every_target_and_environment_has_a_folder_of_its_own() {
    let place = delivered();
    let all = files(&place.path().join("deploy"));
    let folders: std::collections::BTreeSet<&str> = all.iter().map(|file| file.rsplit_once('/').unwrap().0).collect();
    let expected = [
        "cloudrun/default/billing",
        "compose/billing",
        "compose/orders",
        "k8s/default/billing",
        "k8s/production/orders",
        "k8s/staging/orders",
    ];
    assert_eq!(folders.into_iter().collect::<Vec<_>>(), expected);
    let of = |folder: &str| -> Vec<String> {
        all.iter().filter_map(|file| Some(file.strip_prefix(folder)?.strip_prefix('/')?.to_owned())).collect()
    };
    let compose = ["docker-compose.production.yml", "docker-compose.staging.yml", "docker-compose.yml"];
    assert_eq!(of("compose/orders"), compose, "all environments, and nothing for developers");
    assert!(of("k8s/production/orders").contains(&"horizontalpodautoscaler.yaml".to_owned()));
    assert!(!of("k8s/staging/orders").contains(&"horizontalpodautoscaler.yaml".to_owned()));
    assert_eq!(of("cloudrun/default/billing"), ["service.yaml"]);
}

#[test]
fn a_file_is_what_its_target_renders_alone() {
    let place = delivered();
    place.run("k8s apps/orders --env staging -o alone -q").told(0);
    place.run("compose apps/orders -o compose -q").told(0);
    place.run("compose apps/orders --env staging -o compose -q").told(0);
    for (one, folder) in [("alone", "k8s/staging/orders"), ("compose", "compose/orders")] {
        for (name, text) in texts(&place.path().join(one)) {
            assert_eq!(text, place.read(&format!("deploy/{folder}/{name}")), "{name}");
        }
    }
    let header = place.read("deploy/k8s/staging/orders/service.yaml");
    assert!(header.contains("# source: apps/orders/profile.toml (env=staging target=k8s)\n"), "{header}");
}

#[test]
fn a_second_run_touches_nothing_and_says_so() {
    let place = repository();
    let told = place.run("all -o deploy").told(0);
    let count = files(&place.path().join("deploy")).len();
    assert!(told.ends_with(&format!("deploy: 2 profiles, {count} files, {count} written, 0 unchanged\n")), "{told}");
    let time = |name: &str| fs::metadata(place.path().join("deploy").join(name)).unwrap().modified().unwrap();
    let before = time("k8s/staging/orders/service.yaml");
    let told = place.run("all -o deploy").told(0);
    assert_eq!(told, format!("deploy: 2 profiles, {count} files, 0 written, {count} unchanged\n"));
    assert_eq!(time("k8s/staging/orders/service.yaml"), before);
}

#[test]
fn bytes_do_not_depend_on_threads_or_on_where_the_command_runs() {
    let place = delivered();
    let first = texts(&place.path().join("deploy"));
    place.run("all -o one -q -j 1").told(0);
    place.run("all -o many -q -j 8").told(0);
    place.run_in("apps/orders", "all .. -o ../../far -q").told(0);
    for other in ["one", "many", "far"] {
        assert_eq!(texts(&place.path().join(other)), first, "{other}");
    }
}

#[test]
fn a_change_for_one_environment_leaves_the_others_alone() {
    let place = delivered();
    place.write("apps/orders/profile.toml", &ORDERS.replace("max = 9", "max = 10"));
    let told = place.run("all -o deploy").told(0);
    let written: Vec<&str> = told.lines().filter(|line| line.starts_with("replaced")).collect();
    // Files of Compose do not say what scales a cluster.
    assert!(!written.is_empty() && written.iter().all(|line| line.contains("/production/")), "{told}");
}

#[test]
fn apps_of_one_name_are_an_error_that_names_both_and_neither_is_written() {
    let place = repository();
    place.write("apps/shop/profile.toml", ORDERS);
    for command in ["all -o deploy -q", "all -o deploy -q --check"] {
        let ran = place.run(command);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("apps/orders/profile.toml and apps/shop/profile.toml"), "{}", ran.stderr);
        assert!(!ran.stdout.contains("orders"), "{}", ran.stdout);
    }
    let written = files(&place.path().join("deploy"));
    assert!(!written.is_empty() && written.iter().all(|file| file.contains("billing")), "{written:?}");
}

#[test]
fn an_error_in_one_profile_does_not_stop_the_others() {
    let place = repository();
    place.write("apps/orders/profile.toml", &ORDERS.replace("workers = 4", "wrokers = 4"));
    let told = place.run("all -o deploy").told(2);
    assert!(told.contains("unknown-key") && told.contains("apps/orders/profile.toml:4"), "{told}");
    assert!(told.ends_with("; 1 profile with errors\n"), "{told}");
    let written = files(&place.path().join("deploy"));
    assert!(!written.is_empty() && written.iter().all(|file| file.contains("billing")), "{written:?}");
}

#[test]
fn an_error_of_one_environment_says_which() {
    let place = repository();
    let text = format!("{ORDERS}server = {{ timeout = \"1s\", app = \"orders.main:app\" }}\n");
    place.write("apps/orders/profile.toml", &text.replace("max = 9", "max = 1"));
    let told = place.run("all apps/orders -o deploy").told(2);
    assert!(told.contains("  = environment: production\n"), "{told}");
    assert!(!place.path().join("deploy").exists(), "a folder that was made for nothing is gone");
}

#[test]
fn kustomize_finds_its_list_if_it_is_asked_for() {
    let place = repository();
    place.run("all -o deploy -q --kustomization").told(0);
    let list = place.read("deploy/k8s/staging/orders/kustomization.yaml");
    let resources: Vec<&str> = list.lines().filter_map(|line| line.trim().strip_prefix("- ")).collect();
    let mut beside = place.list("deploy/k8s/staging/orders");
    beside.retain(|name| name != "kustomization.yaml");
    let mut sorted = resources.clone();
    sorted.sort();
    assert_eq!(sorted, beside);
    assert!(!place.path().join("deploy/cloudrun/default/billing/kustomization.yaml").exists());
    // It is as much ours as the rest.
    let ran = place.run("all -o deploy -q --check");
    assert!(ran.code == 1 && ran.stdout.lines().all(|line| line.contains("kustomization.yaml")), "{}", ran.stdout);
}

#[test]
fn warnings_of_many_are_counted_and_of_one_told() {
    let place = repository();
    place.write("apps/orders/profile.toml", &ORDERS.replace("memory = \"256Mi\"", ""));
    let told = place.run("all -o deploy").told(0);
    assert!(
        told.contains("about 1 profile\nhelp: `render all apps/orders/profile.toml -o deploy --check` tells"),
        "{told}"
    );
    assert!(!told.contains("default-memory"), "{told}");
    let told = place.run("all apps/orders -o deploy").told(0);
    assert_eq!(told.matches("default-memory").count(), 1, "once for all environments: {told}");
}

#[test]
fn a_folder_keeps_the_name_that_its_files_have_for_a_profile_unless_one_of_them_has_its_own() {
    let place = Place::empty();
    place.write("apps/orders/profile.toml", ORDERS);
    place.run("all -o deploy -q").told(0);
    let folder = "deploy/k8s/staging/orders";
    let service = place.read(&format!("{folder}/service.yaml"));
    let way = "# source: ../../../../apps/orders/profile.toml (";
    assert!(service.contains(way), "{service}");
    place.write(".git/HEAD", "");
    place.run("all -o deploy --check -q").told(0);
    // Whichever of them is left, even one that is rendered no more.
    for name in place.list(folder) {
        fs::remove_file(place.path().join(folder).join(name)).unwrap();
    }
    place.write(&format!("{folder}/ingress.yaml"), &service);
    place.run("all -o deploy -q").told(0);
    assert_eq!(place.read(&format!("{folder}/service.yaml")), service);
    place.write(&format!("{folder}/ingress.yaml"), &service.replace(way, "# source: apps/orders/profile.toml ("));
    let ran = place.run("all -o deploy --check -q");
    assert!(ran.code == 1 && ran.stdout.contains(&format!("other        {folder}/service.yaml")), "{}", ran.stdout);
}
