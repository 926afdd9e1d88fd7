//! Whose files lie in a folder, and what happens when a profile, an environment or a folder gets another name.

use std::fs;

use super::{PROFILE, Place};

/// Production scales by load, staging has one worker.
const SCALED: &str = r#"
[environments.prod]
autoscale = { max = 9, cpu = 70 }
resources = { cpu = "250m" }

[environments.one]
workers = 1
"#;

/// A profile with [`SCALED`], in a repository.
fn repository() -> Place {
    let place = Place::repository();
    place.write("profile.toml", &format!("{PROFILE}{SCALED}"));
    place
}

fn source(place: &Place, file: &str) -> String {
    let text = place.read(file);
    text.lines().find_map(|line| line.strip_prefix("# source: ")).expect("a header").to_owned()
}

#[test]
fn another_environment_is_not_mixed_in() {
    let place = repository();
    place.run("k8s --env prod -o d -q").told(0);
    let before = place.read("d/deployment.yaml");
    let told = place.run("k8s --env one -o d -q").told(2);
    assert!(
        told.contains("other        d/deployment.yaml: was rendered from profile.toml (env=prod target=k8s)"),
        "{told}"
    );
    assert_eq!(place.read("d/deployment.yaml"), before);
    let ran = place.run("k8s --env one -o d --check -q");
    let orphans: Vec<_> = ran.stdout.lines().filter_map(|line| line.strip_prefix("orphan       d/")).collect();
    assert_eq!((ran.code, orphans.len()), (1, 2), "{}", ran.stdout);
    assert!(orphans[0].starts_with("horizontalpodautoscaler.yaml: was rendered from profile.toml (env=prod"));
    assert!(orphans[1].starts_with("poddisruptionbudget.yaml: "));
}

#[test]
fn what_another_environment_left_is_told_until_it_is_gone() {
    let place = repository();
    place.run("k8s --env prod -o d -q").told(0);
    let told = place.run("k8s --env one -o d --force").told(0);
    assert!(
        told.contains("orphan       d/horizontalpodautoscaler.yaml: was rendered from profile.toml (env=prod"),
        "{told}"
    );
    assert_eq!(place.run("k8s --env one -o d --check -q").code, 1);
    for name in ["horizontalpodautoscaler", "poddisruptionbudget"] {
        fs::remove_file(place.path().join(format!("d/{name}.yaml"))).unwrap();
    }
    place.run("k8s --env one -o d --check -q").told(0);
}

#[test]
fn another_app_is_not_overwritten_wherever_its_profile_comes_from() {
    for git in [true, false] {
        let place = if git { repository() } else { Place::new() };
        place.write("apps/billing/profile.toml", &PROFILE.replace("orders", "billing"));
        place.run("k8s -o d -q").told(0);
        let told = place.run("k8s apps/billing -o d -q").told(2);
        assert!(told.contains("billing/profile.toml (target=k8s)") && told.contains("--force"), "{told}");
        assert!(place.run_with_input("k8s - -o d -q", PROFILE).told(2).contains("not from stdin:orders"));
        place.run("compose -o c -q").told(0);
        place.run("compose apps/billing -o c -q").told(2);
        place.run("k8s -o d --check -q").told(0);
    }
}

#[test]
fn of_standard_input_an_app_is_known_by_its_name() {
    let place = Place::empty();
    place.run_with_input("k8s - -o d -q", PROFILE).told(0);
    place.run_with_input("k8s - -o d -q", &PROFILE.replace("256Mi", "512Mi")).told(0);
    place.run_with_input("k8s - -o d -q", &PROFILE.replace("orders", "billing")).told(2);
}

#[test]
fn a_profile_that_moved_takes_its_files_over_by_force() {
    let place = repository();
    place.run("k8s -o d -q").told(0);
    fs::create_dir(place.path().join("app")).unwrap();
    fs::rename(place.path().join("profile.toml"), place.path().join("app/profile.toml")).unwrap();
    let told = place.run("k8s app -o d -q").told(2);
    let both = "was rendered from profile.toml (target=k8s), not from app/profile.toml (target=k8s)";
    assert!(told.contains(both) && told.contains("moved, overwrite it with --force"), "{told}");
    place.run("k8s app -o d -q --force").told(0);
    place.run("k8s app -o d -q --check").told(0);
}

#[test]
fn compose_files_of_one_profile_share_a_folder_and_a_renamed_environment_leaves_an_orphan() {
    let place = repository();
    let modes = ["compose -o c -q", "compose --dev -o c -q", "compose --env staging -o c -q"];
    modes.iter().for_each(|line| drop(place.run(line).told(0)));
    modes.iter().for_each(|line| drop(place.run(&format!("{line} --check")).told(0)));
    let renamed = place.read("profile.toml").replace("environments.staging", "environments.stage");
    place.write("profile.toml", &renamed);
    for line in ["compose -o c -q --check", "compose --dev -o c -q --check"] {
        let ran = place.run(line);
        let orphan =
            "orphan       c/docker-compose.staging.yml: was rendered from profile.toml (env=staging target=compose)";
        assert!(ran.code == 1 && ran.stdout.starts_with(orphan), "{}", ran.stdout);
    }
}

#[test]
fn in_a_repository_a_profile_is_named_from_its_root() {
    let place = repository();
    place.write("apps/orders/profile.toml", PROFILE);
    place.run("k8s apps/orders -o deploy/orders -q").told(0);
    assert_eq!(source(&place, "deploy/orders/service.yaml"), "apps/orders/profile.toml (target=k8s)");
    place.run_in("apps/orders", "k8s -o ../../deploy/orders -q --check").told(0);
}

#[test]
fn without_a_repository_a_profile_is_named_from_the_folder_of_its_files() {
    let place = Place::empty();
    place.write("apps/orders/profile.toml", PROFILE);
    place.run("k8s apps/orders -o deploy/orders -q").told(0);
    assert_eq!(source(&place, "deploy/orders/service.yaml"), "../../apps/orders/profile.toml (target=k8s)");
    place.run_in("apps/orders", "k8s -o ../../deploy/orders -q --check").told(0);
    place.run_in("deploy", "k8s ../apps/orders/profile.toml -o ../apps/../deploy/orders -q --check").told(0);
    let absolute = place.path().join("deploy/orders");
    place.run(&format!("k8s apps/orders -o {} -q --check", absolute.display())).told(0);
    fs::rename(place.path().join("apps"), place.path().join("moved")).unwrap();
    place.write("all/here", "");
    for name in ["moved", "deploy"] {
        fs::rename(place.path().join(name), place.path().join("all").join(name.replace("moved", "apps"))).unwrap();
    }
    place.run("k8s all/apps/orders -o all/deploy/orders -q --check").told(0);
}

#[test]
fn what_does_not_decide_a_file_leaves_it_as_it_is() {
    let place = Place::new();
    let modes =
        ["k8s -o k", "k8s --env staging -o ks", "compose -o c", "compose --env staging -o c", "compose --dev -o c"];
    modes.iter().for_each(|line| drop(place.run(&format!("{line} -q")).told(0)));
    let patch = |target: &str, env: &str| {
        let merge = if target == "k8s" { "kind = \"Deployment\"\nmerge.metadata" } else { "kind = \"service\"\nmerge" };
        format!("[[patches]]\ntarget = \"{target}\"\n{env}{merge}.labels.patched = \"yes\"\n")
    };
    let staging = "env = \"staging\"\n";
    // Which of the modes see it.
    for (addition, seen) in [
        ("[dev]\ndebug_port = 5678\n".to_owned(), "....x"),
        ("[build.args]\nTEAM = \"shop\"\n".to_owned(), "....x"),
        ("[compose]\npids = 99\n".to_owned(), "..x.."),
        ("[k8s]\nnamespace = \"shop\"\n".to_owned(), "xx..."),
        (patch("k8s", ""), "xx..."),
        (patch("k8s", staging), ".x..."),
        (patch("compose", ""), "..x.."),
        (patch("compose", staging), "...x."),
        ("[environments.other]\nworkers = 3\n".to_owned(), "....."),
    ] {
        place.write("profile.toml", &format!("{PROFILE}{addition}"));
        for (line, seen) in modes.iter().zip(seen.chars()) {
            let ran = place.run(&format!("{line} -q --check"));
            assert_eq!(ran.code, i32::from(seen == 'x'), "{addition}{line}: {}{}", ran.stdout, ran.stderr);
        }
    }
}

#[test]
fn everything_is_not_written_under_the_name_of_a_difference() {
    let place = Place::new();
    for line in ["compose --dev --full -o c", "compose --env staging --full -o c --check"] {
        let told = place.run(line).told(2);
        assert!(told.contains("Compose would lay it over the base") && told.contains("> FILE"), "{told}");
    }
    assert_eq!(place.list("."), ["profile.toml"]);
}

#[test]
fn files_keep_the_name_of_a_profile_that_becomes_part_of_a_repository_or_is_copied_out_of_it() {
    let place = Place::empty();
    place.write("apps/orders/profile.toml", PROFILE);
    place.run("k8s apps/orders -o deploy/orders -q").told(0);
    place.write(".git/HEAD", "");
    place.run("k8s apps/orders -o deploy/orders -q --check").told(0);
    place.run("k8s apps/orders -o deploy/orders -q").told(0);
    let name = "../../apps/orders/profile.toml (target=k8s)";
    assert_eq!(source(&place, "deploy/orders/service.yaml"), name);

    let place = Place::new();
    place.write(".git/HEAD", "");
    place.write("apps/orders/profile.toml", PROFILE);
    place.run("k8s apps/orders -o deploy/orders -q").told(0);
    fs::remove_dir_all(place.path().join(".git")).unwrap();
    place.run("k8s apps/orders -o deploy/orders -q --check").told(0);
    // Another profile of the same name is another.
    assert_eq!(place.run("k8s profile.toml -o deploy/orders -q --check").code, 1);
}
