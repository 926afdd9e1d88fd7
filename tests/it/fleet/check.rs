//! `render all --check`: states, reasons, exit codes.

use super::*;

#[test]
fn what_is_as_rendered_is_a_line_for_people_and_none_for_pipelines() {
    let place = delivered();
    let told = place.run("all -o deploy --check").told(0);
    assert!(told.starts_with("deploy: 2 profiles, ") && told.ends_with(" files as rendered\n"), "{told}");
    assert_eq!(place.run("all -o deploy --check -q").told(0), "");
}

#[test]
fn line_ends_of_windows_are_as_rendered() {
    let place = delivered();
    let file = "deploy/k8s/staging/orders/service.yaml";
    place.write(file, &place.read(file).replace('\n', "\r\n"));
    place.run("all -o deploy --check -q").told(0);
}

/// One of each state.
#[test]
fn every_state_is_a_line_of_its_own() {
    let place = delivered();
    let edit = |file: &str, from: &str, to: &str| {
        let text = place.read(file);
        assert!(text.contains(from), "{text}");
        place.write(file, &text.replace(from, to));
    };
    let of = |file: &str| format!("deploy/k8s/staging/orders/{file}");
    place.write("apps/orders/profile.toml", &ORDERS.replace("workers = 2", "workers = 3"));
    edit(&of("deployment.yaml"), "replicas: 2\n", "replicas: 9\n");
    fs::remove_file(place.path().join(of("networkpolicy.yaml"))).unwrap();
    place.write(&of("serviceaccount.yaml"), "kind: ServiceAccount\n");
    fs::copy(place.path().join(of("deployment.yaml")), place.path().join(of("old.yaml"))).unwrap();
    edit("deploy/k8s/default/billing/service.yaml", "port: 80\n", "port: 81\n");
    edit("deploy/k8s/default/billing/networkpolicy.yaml", "metadata:\n", "metadata:\n\n");
    let ran = place.run("all -o deploy --check");
    assert_eq!(ran.code, 1);
    let mut found = brief(&ran.stdout);
    found.sort();
    let expected = [
        "edited deploy/k8s/default/billing/service.yaml",
        "foreign deploy/k8s/staging/orders/serviceaccount.yaml",
        "missing deploy/k8s/staging/orders/networkpolicy.yaml",
        "orphan deploy/k8s/staging/orders/old.yaml",
        "reformatted deploy/k8s/default/billing/networkpolicy.yaml",
        "stale deploy/compose/orders/docker-compose.staging.yml",
        "stale deploy/k8s/staging/orders/poddisruptionbudget.yaml",
        "stale+edited deploy/k8s/staging/orders/deployment.yaml",
    ];
    assert_eq!(found, expected, "{}", ran.stdout);
    assert!(ran.stderr.contains("1 edited, 1 foreign, 1 missing, 1 orphan, 1 reformatted, 2 stale, 1 stale+edited"));
}

#[test]
fn a_line_says_which_value_differs_and_where_it_is_written() {
    let place = delivered();
    place.write("apps/orders/profile.toml", &ORDERS.replace("workers = 2", "workers = 3"));
    let report = place.run("all -o deploy --check -q").stdout;
    let line = report.lines().find(|line| line.contains("staging/orders/deployment.yaml")).unwrap();
    let same = report.lines().find(|line| line.contains("staging/orders/poddisruptionbudget.yaml")).unwrap();
    assert!(same.contains(": no value differs; the profile or the renderer changed"), "{same}");
    assert!(line.contains(": spec.replicas: 2 → 3; ") && line.contains("apps/orders/profile.toml:18)"), "{line}");
    assert!(
        !report.contains("service.yaml") && !report.contains("networkpolicy.yaml"),
        "say nothing of workers: {report}"
    );
}

/// What a process inherits is no part of what names it: accounts, policies and budgets stay as they are.
#[test]
fn a_variable_of_all_processes_touches_the_files_that_say_it() {
    let place = repository();
    let of = |value: &str| {
        format!(
            "{ORDERS}\n[env]\nLOG_LEVEL = \"{value}\"\n\n[processes.worker]\ncommand = [\"python\", \"-m\", \"w\"]\n"
        )
    };
    place.write("apps/orders/profile.toml", &of("info"));
    place.run("all apps/orders -o deploy -q").told(0);
    place.write("apps/orders/profile.toml", &of("debug"));
    let report = place.run("all apps/orders -o deploy --check -q").stdout;
    assert!(report.contains("deployment-worker.yaml") && !report.contains("no value differs"), "{report}");
    assert_eq!(report.lines().count(), 5, "two deployments in each of two environments, and a Compose file: {report}");
}

#[test]
fn a_missing_file_says_why_it_should_be_there() {
    let place = delivered();
    fs::remove_file(place.path().join("deploy/k8s/production/orders/horizontalpodautoscaler.yaml")).unwrap();
    let report = place.run("all -o deploy --check -q").stdout;
    assert!(report.contains("apps/orders/profile.toml:21") && report.lines().count() == 1, "{report}");
}

#[test]
fn an_edit_says_what_was_edited() {
    let place = delivered();
    let file = "deploy/k8s/staging/orders/service.yaml";
    place.write(file, &place.read(file).replace("port: 80\n", "port: 8081\n"));
    let report = place.run("all -o deploy --check -q").stdout;
    assert!(report.contains("spec.ports[8081].port: 8081 → 80; "), "{report}");
    // The same of one target.
    let report = place.run("k8s apps/orders --env staging -o deploy/k8s/staging/orders --check -q").stdout;
    assert!(report.contains("spec.ports[8081].port: 8081 → 80; "), "{report}");
}

#[test]
fn what_was_edited_is_not_overwritten_and_the_others_are() {
    let place = delivered();
    let file = "deploy/k8s/staging/orders/service.yaml";
    let edited = place.read(file).replace("port: 80\n", "port: 81\n");
    place.write(file, &edited);
    place.write("apps/orders/profile.toml", &ORDERS.replace("1.4.2", "1.5.0"));
    place.write("apps/billing/profile.toml", &BILLING.replace("2.0.0", "2.1.0"));
    let told = place.run("all -o deploy").told(2);
    assert!(told.contains("stale+edited deploy/k8s/staging/orders/service.yaml"), "{told}");
    assert_eq!(place.read(file), edited);
    assert!(
        place.read("deploy/k8s/production/orders/deployment.yaml").contains("1.4.2"),
        "all of a profile, or nothing"
    );
    assert!(place.read("deploy/k8s/default/billing/deployment.yaml").contains("2.1.0"));
    place.run("all -o deploy --force -q").told(0);
    place.run("all -o deploy --check -q").told(0);
}

#[test]
fn errors_weigh_more_than_differences() {
    let place = delivered();
    fs::remove_file(place.path().join("deploy/k8s/staging/orders/service.yaml")).unwrap();
    assert_eq!(place.run("all -o deploy --check -q").code, 1);
    place.write("apps/billing/profile.toml", "name = 1\n");
    let ran = place.run("all -o deploy --check -q");
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stdout.lines().count(), 1, "and nothing of the one with an error: {}", ran.stdout);
}

#[test]
fn a_tree_that_is_not_there_is_all_missing_and_not_made() {
    let place = repository();
    let ran = place.run("all -o deploy --check -q");
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.lines().count() > 10 && ran.stdout.lines().all(|line| line.starts_with("missing ")));
    assert!(!place.path().join("deploy").exists());
}

const EVIL: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: evil\n";

#[test]
fn an_object_that_nobody_renders_is_told_where_it_would_be_applied() {
    let place = delivered();
    for file in ["README.md", ".gitkeep", "kustomization.yaml", "values.txt"] {
        place.write(&format!("deploy/k8s/production/orders/{file}"), EVIL);
    }
    // Nobody applies these folders as a whole, or something is rendered into them.
    for file in ["compose/orders/extra.yaml", "k8s/production/one.yaml", "k8s/production/gone/one.yaml"] {
        place.write(&format!("deploy/{file}"), EVIL);
    }
    place.run("all -o deploy --check -q").told(0);
    let lost = "deploy/k8s/staging/orders/old.yaml";
    let evil = "deploy/k8s/production/orders/evil.yaml";
    place.write(evil, EVIL);
    place.write(lost, &place.read("deploy/k8s/staging/orders/service.yaml").lines().skip(3).collect::<String>());
    place.write("deploy/cloudrun/default/billing/evil.json", "{}");
    let ran = place.run("all -o deploy --check -q");
    assert_eq!(ran.code, 1);
    let expected = [
        "foreign deploy/cloudrun/default/billing/evil.json".to_owned(),
        format!("foreign {evil}"),
        format!("foreign {lost}"),
    ];
    assert_eq!(brief(&ran.stdout), expected);
    assert!(ran.stdout.contains("whoever applies this folder applies it, too"), "{}", ran.stdout);
    // It is nobody's to delete.
    let told = place.run("all -o deploy --prune --force").told(0);
    assert!(told.contains(evil) && place.read(evil) == EVIL, "{told}");
    assert!(place.run("all apps/billing -o deploy --check -q --target compose").stdout.is_empty());
}

#[test]
fn a_repository_may_tolerate_objects_that_nobody_renders() {
    let place = delivered();
    place.write("deploy/k8s/production/orders/evil.yaml", EVIL);
    place.write("render.toml", "foreign = \"warn\"\n");
    let told = place.run("all -o deploy --check").told(0);
    assert!(told.contains("warning: foreign      deploy/k8s/production/orders/evil.yaml"), "{told}");
    let ran = place.run("all -o deploy --check -q --format json");
    assert!(ran.code == 0 && ran.stdout.contains("\"foreign\"") && ran.stdout.contains("evil.yaml"), "{ran:?}");
    place.write("render.toml", "foreign = \"allow\"\n");
    assert!(!place.run("all -o deploy --check").told(0).contains("evil"));
    place.write("render.toml", "foreign = \"never\"\n");
    assert!(place.run("all -o deploy --check").told(2).contains("unknown variant `never`"));
}

#[test]
fn a_report_points_into_the_file_that_somebody_edited_and_at_the_line_that_changed_another() {
    let place = delivered();
    let edited = "deploy/k8s/staging/orders/deployment.yaml";
    place.write(edited, &place.read(edited).replace("replicas: 2", "replicas: 5"));
    place.write("apps/billing/profile.toml", &BILLING.replace("2.0.0", "2.0.1"));
    for (format, start) in [("github", "file="), ("rdjsonl", "\"path\":\"")] {
        let report = place.run(&format!("all -o deploy --check -q --format {format}")).stdout;
        assert!(report.contains(&format!("{start}{edited}")), "{report}");
        assert!(report.contains(&format!("{start}apps/billing/profile.toml")), "{report}");
        assert!(!report.contains(&format!("{start}apps/orders/profile.toml")), "{report}");
    }
}
