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
    let told = place.run("all -o deploy --check -q").stdout;
    assert!(told.contains("move it away, or `render all … --prune --force` deletes it"), "{told}");
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
fn what_lies_below_a_folder_that_is_rendered_is_left_over_too() {
    let place = delivered();
    let folder = "deploy/k8s/staging/orders";
    let (before, file) = (place.list(folder), place.read(&format!("{folder}/service.yaml")));
    for copy in ["old/service.yaml", "old/older/service.yaml", ".hidden/service.yaml"] {
        place.write(&format!("{folder}/{copy}"), &file);
    }
    place.write(&format!("{folder}/old/.render-killed.tmp"), "half a fi");
    let expected = ["k8s/staging/orders/old/older/service.yaml", "k8s/staging/orders/old/service.yaml"];
    assert_eq!(orphans(&place, ""), expected);
    place.run("all -o deploy --prune -q").told(0);
    fs::remove_dir_all(place.path().join(folder).join(".hidden")).unwrap();
    assert_eq!(place.list(folder), before);
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

#[test]
fn what_the_settings_turn_off_is_left_over() {
    let place = delivered();
    place.write("render.toml", "[select]\ntargets = [\"k8s\"]\n");
    let found = orphans(&place, "");
    assert!(found.iter().any(|file| file.starts_with("cloudrun/")), "{found:#?}");
    assert!(found.iter().any(|file| file.starts_with("compose/orders/")), "{found:#?}");
    assert!(!found.iter().any(|file| file.starts_with("k8s/")), "{found:#?}");
    // What is asked for by name is rendered all the same, and nobody else's business is told.
    assert_eq!(orphans(&place, "--target k8s"), Vec::<String>::new());
    assert_eq!(orphans(&place, "--target compose"), Vec::<String>::new());
    place.run("all -o deploy --prune -q").told(0);
    assert_eq!(place.list("deploy"), ["k8s"]);
    place.write("render.toml", "[select]\ntargets = [\"k8s\"]\nexclude = [\"apps/billing\"]\n");
    assert_eq!(orphans(&place, "apps/orders"), Vec::<String>::new());
    assert_eq!(orphans(&place, "-l team=shop"), Vec::<String>::new());
    assert!(orphans(&place, "").iter().all(|file| file.starts_with("k8s/default/billing/")));
    place.run("all -o deploy --prune -q").told(0);
    assert_eq!(place.list("deploy/k8s"), ["production", "staging"]);
    assert!(place.path().join("apps/billing/profile.toml").exists());
}

#[test]
fn of_one_environment_what_is_gone_of_it_is_left_over_and_nothing_else() {
    let place = delivered();
    place.write("apps/other/profile.toml", &ORDERS.replace("\"orders\"", "\"other\""));
    place.run("all -o deploy -q").told(0);
    let without = ORDERS.replace("[environments.staging]\nworkers = 2\n", "");
    place.write("apps/orders/profile.toml", &without);
    let found = orphans(&place, "--env staging");
    assert!(found.contains(&"k8s/staging/orders/deployment.yaml".to_owned()), "{found:#?}");
    assert!(found.iter().all(|file| file.starts_with("k8s/staging/orders/") || file.contains("compose.staging")));
    // Overrides of all environments lie in one folder, and each is the business of its own.
    assert!(found.contains(&"compose/orders/docker-compose.staging.yml".to_owned()), "{found:#?}");
    assert_eq!(orphans(&place, "--env production"), Vec::<String>::new());
    // Of an app that is gone likewise.
    fs::remove_dir_all(place.path().join("apps/orders")).unwrap();
    place.run("all -o deploy --prune --env staging -q").told(0);
    assert!(!place.path().join("deploy/k8s/staging/orders").exists());
    assert!(place.path().join("deploy/k8s/production/orders").exists());
    // And of the last app that had it, which is no misspelt name then.
    place.write("apps/other/profile.toml", &without.replace("\"orders\"", "\"other\""));
    place.run("all -o deploy --prune --env staging -q").told(0);
    assert!(!place.path().join("deploy/k8s/staging").exists());
    assert!(place.run("all -o deploy --prune --env staging -q").told(2).contains("an environment of this name"));
}

#[test]
fn the_last_app_leaves_its_files_like_any_other() {
    let place = delivered();
    fs::remove_dir_all(place.path().join("apps")).unwrap();
    let told = place.run("all -o deploy").told(2);
    assert!(
        told.contains("there is no profile.toml any more, and ") && told.contains(" files in deploy are left over"),
        "{told}"
    );
    assert!(told.contains("help: `render all -o deploy --prune` deletes what nobody edited"), "{told}");
    assert!(!orphans(&place, "").is_empty());
    assert_eq!(place.run("all -o deploy --check -q").code, 1);
    place.run("all -o deploy --prune -q").told(0);
    assert_eq!(files(&place.path().join("deploy")), Vec::<String>::new());
    let told = place.run("all -o deploy --prune").told(2);
    assert!(told.contains("there is no profile.toml to render"), "{told}");
}

#[test]
fn an_app_that_moves_takes_its_files_along() {
    let place = delivered();
    fs::create_dir(place.path().join("teams")).unwrap();
    fs::rename(place.path().join("apps/orders"), place.path().join("teams/orders")).unwrap();
    let ran = place.run("all -o deploy --check -q");
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("stale        deploy/k8s/staging/orders/service.yaml: was rendered from apps/orders/"));
    let edited = "deploy/k8s/staging/orders/service.yaml";
    let whole = place.read(edited);
    place.write(edited, &whole.replace("port: 80\n", "port: 81\n"));
    let told = place.run("all -o deploy").told(2);
    assert!(told.contains(&format!("other        {edited}")) && told.contains("edited by hand"), "{told}");
    place.write(edited, &whole);
    place.run("all -o deploy -q").told(0);
    assert!(place.read(edited).contains("# source: teams/orders/profile.toml (env=staging target=k8s)"));
    place.run("all -o deploy --check -q").told(0);
}

#[test]
fn a_profile_that_is_still_there_keeps_its_files() {
    let place = delivered();
    // Under another name it makes room for nobody.
    place.write("more/orders/profile.toml", ORDERS);
    let told = place.run("all more -o deploy").told(2);
    assert!(told.contains("apps/orders/profile.toml and more/orders/profile.toml would both be written"), "{told}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_whose_name_is_no_text_stops_nobody() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let place = delivered();
    let odd = place.path().join("deploy").join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&odd).unwrap();
    fs::write(odd.join(OsStr::from_bytes(b"caf\xe9.yaml")), "a: 1\n").unwrap();
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    assert!(!orphans(&place, "").is_empty());
    place.run("all -o deploy --prune -q").told(0);
    place.run("all -o deploy --check -q").told(0);
    assert!(odd.exists());
}
