//! What is rendered no more: told, and with `--prune` deleted.

use super::*;

fn orphans(place: &Place, arguments: &str) -> Vec<String> {
    let ran = place.run(&format!("all -o deploy --check -q {arguments}"));
    let mut found = brief(&ran.stdout);
    found.retain(|line| line.starts_with("orphan "));
    found.iter().map(|line| line["orphan deploy/".len()..].to_owned()).collect()
}

#[test]
fn an_object_an_environment_an_app_and_a_target_that_are_gone_leave_orphans() {
    let place = delivered();
    let without = ORDERS.split("[environments.production]").next().unwrap();
    place.write("apps/orders/profile.toml", without);
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    let found = orphans(&place, "");
    for gone in [
        "cloudrun/default/billing/service.yaml",
        "compose/billing/docker-compose.yml",
        "compose/orders/docker-compose.production.yml",
        "k8s/default/billing/deployment.yaml",
        "k8s/production/orders/horizontalpodautoscaler.yaml",
    ] {
        assert!(found.contains(&gone.to_owned()), "{gone}: {found:#?}");
    }
    assert!(!found.iter().any(|file| file.contains("staging")), "{found:#?}");
    let told = place.run("all -o deploy").told(0);
    assert!(told.contains("orphan ") && place.path().join("deploy/k8s/production").exists(), "{told}");
    let told = place.run("all -o deploy --prune").told(0);
    assert!(told.contains(&format!(", {} deleted\n", found.len())), "{told}");
    assert_eq!(orphans(&place, ""), Vec::<String>::new());
    assert_eq!(place.list("deploy"), ["compose", "k8s"], "folders that are empty then are gone, too");
    place.run("all -o deploy --check -q").told(0);
}

#[test]
fn an_orphan_that_was_edited_stays_unless_forced() {
    let place = delivered();
    let file = "deploy/k8s/default/billing/service.yaml";
    place.write(file, &place.read(file).replace("port: 80\n", "port: 81\n"));
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    let told = place.run("all -o deploy --prune").told(2);
    assert!(told.contains("edited by hand") && place.path().join(file).exists(), "{told}");
    assert_eq!(place.list("deploy/k8s/default/billing"), ["service.yaml"]);
    place.run("all -o deploy --prune --force -q").told(0);
    assert!(!place.path().join("deploy/k8s/default").exists());
}

#[test]
fn what_others_render_is_theirs() {
    let place = delivered();
    assert_eq!(orphans(&place, "apps/orders"), Vec::<String>::new(), "billing is another run's");
    assert_eq!(orphans(&place, "--env staging"), Vec::<String>::new(), "so is production");
    assert_eq!(orphans(&place, "--target k8s"), Vec::<String>::new());
    assert_eq!(orphans(&place, "-l team=shop"), Vec::<String>::new());
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    assert_eq!(orphans(&place, "apps/orders"), Vec::<String>::new(), "even if it is gone");
    assert!(!orphans(&place, "apps").is_empty());
}

#[test]
fn nobody_knows_what_a_profile_with_errors_renders() {
    let place = delivered();
    place.write("apps/billing/profile.toml", "name = \"billing\"\n");
    place.run("all -o deploy --prune -q").told(2);
    assert!(place.path().join("deploy/k8s/default/billing/service.yaml").exists());
}

#[test]
fn a_renamed_app_leaves_its_old_folders() {
    let place = delivered();
    place.write("apps/billing/profile.toml", &BILLING.replace("\"billing\"", "\"invoices\""));
    assert!(orphans(&place, "").contains(&"k8s/default/billing/service.yaml".to_owned()));
    place.run("all -o deploy --prune -q").told(0);
    assert_eq!(place.list("deploy/k8s/default"), ["invoices"]);
}

#[test]
fn a_development_override_has_no_place_in_a_tree() {
    let place = delivered();
    place.write("apps/orders/profile.toml", &format!("{ORDERS}[build]\ndockerfile = \"Dockerfile\"\n"));
    place.run("compose apps/orders --dev -o deploy/compose/orders -q").told(0);
    let expected = ["compose/orders/.env.dev.example", "compose/orders/docker-compose.override.yml"];
    assert_eq!(orphans(&place, ""), expected);
}

#[test]
fn files_of_people_and_of_other_tools_stay() {
    let place = delivered();
    for file in ["deploy/README.md", "deploy/k8s/staging/orders/notes.txt", "deploy/k8s/staging/application.yaml"] {
        place.write(file, "kind: Application\n");
    }
    place.run("all -o deploy --check -q").told(0);
    place.run("all -o deploy --prune -q").told(0);
    assert!(place.path().join("deploy/k8s/staging/application.yaml").exists());
}

#[test]
fn what_is_rendered_beside_a_profile_is_no_orphan_of_a_tree_around_it() {
    let place = repository();
    place.run("compose apps/billing -o apps/billing -q").told(0);
    place.run("all -o . -q").told(0);
    place.run("all -o . --prune -q").told(0);
    assert!(place.path().join("apps/billing/docker-compose.yml").exists());
    fs::remove_dir_all(place.path().join("apps/orders")).unwrap();
    place.run("all -o . --prune -q").told(0);
    assert!(!place.path().join("k8s/staging").exists());
}

#[test]
fn a_tree_without_a_repository_knows_its_profiles_by_the_way_to_them() {
    let place = repository();
    fs::remove_dir(place.path().join(".git")).unwrap();
    place.run("all -o deploy -q").told(0);
    place.run("all -o deploy --check -q").told(0);
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    assert!(orphans(&place, "").contains(&"k8s/default/billing/service.yaml".to_owned()));
    place.run("all -o deploy --prune -q").told(0);
    assert_eq!(place.list("deploy/k8s"), ["production", "staging"]);
}

#[test]
fn each_orphan_is_the_business_of_one_shard() {
    let place = delivered();
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    place.write("apps/other/profile.toml", &BILLING.replace("\"billing\"", "\"other\""));
    let all = orphans(&place, "");
    let mut parts: Vec<String> = (1..=3).flat_map(|at| orphans(&place, &format!("--shard {at}/3"))).collect();
    parts.sort();
    assert_eq!(parts, all);
}
