//! `render diff` of what was moved, renamed, or is no more: what is asked for, and no more.

use super::{
    diff::{edit, objects},
    git::{committed, git},
    *,
};

const PROFILE: &str = "apps/orders/profile.toml";

#[test]
fn what_is_not_asked_for_is_not_told_as_deleted() {
    let place = committed();
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    for more in ["", " --git first", " --git first --rerender"] {
        let all = objects(&place, &format!("-o deploy --target k8s{more}"));
        assert!(all.len() > 3 && all.iter().all(|one| one.starts_with("REMOVE delete ")), "{more}: {all:#?}");
        assert!(!all.iter().any(|one| one.contains("compose")), "{more}: {all:#?}");
        let ran = place.run(&format!("diff -q -o deploy --env staging{more}"));
        assert!(!ran.stdout.contains("Deployment"), "{more}: {}", ran.stdout);
    }
    // In a folder with overrides for others, too.
    let place = committed();
    place.write("apps/ledger/profile.toml", &ORDERS.replace("orders", "ledger"));
    fs::remove_dir_all(place.path().join("apps/orders")).unwrap();
    for more in ["", " --git first", " --git first --rerender"] {
        let all = objects(&place, &format!("-o deploy --env staging --target compose{more}"));
        let gone: Vec<&String> = all.iter().filter(|one| one.starts_with("REMOVE ")).collect();
        assert!(gone.iter().any(|one| one.contains("orders/docker-compose.staging.yml")), "{more}: {all:#?}");
        assert!(!gone.iter().any(|one| one.contains("production")), "{more}: {all:#?}");
    }
    // Of a profile that is there, an environment that is not asked for.
    let place = committed();
    edit(&place, PROFILE, "[environments.staging]\nworkers = 2\n\n", "");
    for more in ["", " --git first", " --git first --rerender"] {
        assert_eq!(objects(&place, &format!("-o deploy --env production{more}")), [""; 0], "{more}");
    }
}

#[test]
fn a_profile_that_lies_elsewhere_now_has_lost_nothing() {
    let place = committed();
    fs::rename(place.path().join("apps/billing"), place.path().join("apps/people")).unwrap();
    place.run("all -qo deploy apps/people --force").told(0);
    for more in ["", " --git first", " --git first --rerender"] {
        for target in ["", " --target k8s", " --target compose"] {
            assert_eq!(objects(&place, &format!("-o deploy{target}{more}")), [""; 0], "{target}{more}");
        }
    }
    edit(&place, "apps/people/profile.toml", "workers = 2", "workers = 3");
    let all = objects(&place, "-o deploy --git first --rerender --target k8s");
    assert!(all.contains(&"MODIFY in-place Deployment billing: /spec/replicas".to_owned()), "{all:#?}");
    assert!(all.iter().all(|one| one.starts_with("MODIFY ")), "{all:#?}");
}

#[test]
fn an_environment_that_one_of_the_apps_has_no_more_is_deleted_there() {
    let place = committed();
    place.write("apps/billing/profile.toml", &format!("{BILLING}\n[environments.staging]\n"));
    place.run("all -qo deploy --prune").told(0);
    git(&place, ".", "add -A");
    git(&place, ".", "commit -q -m second");
    place.write("apps/billing/profile.toml", BILLING);
    for more in ["", " --git HEAD"] {
        let all = objects(&place, &format!("-o deploy --env staging{more}"));
        assert!(all.contains(&"REMOVE delete Deployment billing".to_owned()), "{more}: {all:#?}");
        let compose = "REMOVE rollout deploy/compose/billing/docker-compose.staging.yml";
        assert!(all.contains(&compose.to_owned()), "{more}: {all:#?}");
        assert!(all.iter().all(|one| one.starts_with("REMOVE ") && !one.contains("docker-compose.yml")), "{all:#?}");
        let k8s = objects(&place, &format!("-o deploy --env staging --target k8s{more}"));
        assert!(!k8s.is_empty() && !k8s.iter().any(|one| one.contains("compose")), "{more}: {k8s:#?}");
        assert_eq!(objects(&place, &format!("-o deploy --env staging -l team=shop{more}")), [""; 0], "{more}");
        assert_eq!(objects(&place, &format!("-o deploy --env production{more}")), [""; 0], "{more}");
    }
}

#[test]
fn another_name_of_an_app_and_another_namespace_are_told_as_that() {
    let place = committed();
    edit(&place, "apps/billing/profile.toml", "name = \"billing\"", "name = \"bills\"");
    for more in ["", " --git first", " --git first --rerender"] {
        let ran = place.run(&format!("diff -q -o deploy{more}"));
        let signs: Vec<&str> =
            ran.stdout.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).collect();
        assert!(signs.len() > 5 && signs.iter().all(|line| line.starts_with("  ~ ")), "{more}: {}", ran.stdout);
        assert!(ran.stdout.contains("~ ServiceAccount bills: recreate"), "{more}: {}", ran.stdout);
        assert!(ran.stdout.contains("it was Deployment billing, and says nearly the same"), "{more}: {}", ran.stdout);
        assert!(ran.stdout.contains("it was deploy/compose/billing/docker-compose.yml"), "{more}: {}", ran.stdout);
    }
    let place = committed();
    place.write("apps/billing/profile.toml", &format!("{BILLING}\n[k8s]\nnamespace = \"one\"\n"));
    place.run("all -qo deploy").told(0);
    edit(&place, "apps/billing/profile.toml", "namespace = \"one\"", "namespace = \"two\"");
    let all = objects(&place, "-o deploy --target k8s");
    assert!(all.len() > 3 && all.iter().all(|one| one.starts_with("MODIFY recreate ")), "{all:#?}");
}

#[test]
fn what_is_gone_stands_under_its_environment_and_target() {
    let place = committed();
    edit(&place, PROFILE, "[environments.staging]\nworkers = 2\n\n", "");
    for more in ["", " --git first", " --git first --rerender"] {
        let ran = place.run(&format!("diff -q -o deploy{more}"));
        assert!(ran.stdout.contains("apps/orders/profile.toml (staging, k8s)\n  - "), "{more}: {}", ran.stdout);
        assert!(ran.stdout.contains("apps/orders/profile.toml (staging, compose)\n  - "), "{more}: {}", ran.stdout);
    }
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    for more in ["", " --git first", " --git first --rerender"] {
        let ran = place.run(&format!("diff -q -o deploy{more}"));
        assert!(ran.stdout.contains("apps/billing/profile.toml (default, k8s)\n  - "), "{more}: {}", ran.stdout);
    }
}
