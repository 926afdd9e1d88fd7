//! What a commit links to is no reason to read, print or change what else lies on this machine.

use std::os::unix::fs::symlink;

use super::*;

const SECRET: &str = "TOKEN=swordfish\n";

/// A repository, and a file outside of it.
fn beside() -> (Place, tempfile::TempDir) {
    let (place, outside) = (repository(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("token"), SECRET).unwrap();
    (place, outside)
}

fn refuses(place: &Place, line: &str) {
    let ran = place.run(line);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {}", ran.stderr);
    assert!(ran.stderr.contains("it is a link that leads out of the repository"), "{line}: {}", ran.stderr);
    assert!(!ran.stderr.contains("swordfish"), "{line}: {}", ran.stderr);
}

const COMMANDS: [&str; 5] = [
    "k8s apps/orders",
    "all apps/orders -o deploy",
    "list apps/orders",
    "diff apps/orders -o apps",
    "set image orders=ghcr.io/acme/orders:2.0.0 apps/orders",
];

#[test]
fn a_profile_behind_a_link_out_of_the_repository_is_not_read() {
    let (place, outside) = beside();
    let profile = place.path().join("apps/orders/profile.toml");
    fs::remove_file(&profile).unwrap();
    symlink(outside.path().join("token"), &profile).unwrap();
    COMMANDS.iter().for_each(|line| refuses(&place, line));
    // Nor is one in a folder outside, even in a repository of its own; nor what git keeps for itself.
    fs::remove_dir_all(place.path().join("apps/orders")).unwrap();
    fs::create_dir_all(outside.path().join(".git")).unwrap();
    fs::write(outside.path().join("profile.toml"), ORDERS).unwrap();
    symlink(outside.path(), place.path().join("apps/orders")).unwrap();
    COMMANDS.iter().for_each(|line| refuses(&place, line));
    assert_eq!(fs::read_to_string(outside.path().join("profile.toml")).unwrap(), ORDERS);
    place.write(".git/config", SECRET);
    fs::remove_file(place.path().join("apps/orders")).unwrap();
    fs::create_dir(place.path().join("apps/orders")).unwrap();
    symlink("../../.git/config", &profile).unwrap();
    COMMANDS.iter().for_each(|line| refuses(&place, line));
}

#[test]
fn what_git_keeps_for_itself_is_not_mounted() {
    let (place, _) = beside();
    place.write(".git/config", SECRET);
    let file = "[files]\n\"/etc/x\" = { source = \"../../.git/config\" }\n\n[server]";
    place.write("apps/orders/profile.toml", &ORDERS.replace("[server]", file));
    let ran = place.run("k8s apps/orders");
    assert!(ran.code == 2 && !ran.stdout.contains("swordfish"), "{ran:?}");
    assert!(ran.stderr.contains("lies outside of the repository"), "{}", ran.stderr);
}

#[test]
fn settings_behind_a_link_out_of_the_repository_are_not_read() {
    let (place, outside) = beside();
    let settings = place.path().join("render.toml");
    symlink(outside.path().join("token"), &settings).unwrap();
    refuses(&place, "all -o deploy");
    fs::remove_file(&settings).unwrap();
    symlink("nowhere", &settings).unwrap();
    let told = place.run("all -o deploy").told(2);
    assert!(told.contains("render.toml cannot be read: it is a link that leads nowhere"), "{told}");
}

#[test]
fn links_within_the_repository_and_without_one_lead_where_they_lead() {
    let (place, outside) = beside();
    place.write("shared/orders.toml", ORDERS);
    let profile = place.path().join("apps/orders/profile.toml");
    fs::remove_file(&profile).unwrap();
    symlink("../../shared/orders.toml", &profile).unwrap();
    place.run("all apps/orders -o deploy -q").told(0);
    // The way up and out is no link.
    let name = place.path().file_name().unwrap().to_str().unwrap().to_owned();
    fs::create_dir(place.path().join("sub")).unwrap();
    assert_eq!(place.run_in("sub", &format!("k8s ../../{name}/apps/orders -q")).code, 0);
    fs::remove_dir(place.path().join(".git")).unwrap();
    fs::write(outside.path().join("orders.toml"), ORDERS).unwrap();
    fs::remove_file(&profile).unwrap();
    symlink(outside.path().join("orders.toml"), &profile).unwrap();
    assert_eq!(place.run("k8s apps/orders -q").code, 0);
}

#[test]
fn what_a_linked_profile_mounts_lies_where_people_find_the_profile() {
    let (place, _) = beside();
    place.write("shared/orders.toml", &format!("{ORDERS}\n[files]\n\"/etc/a\" = {{ source = \"a\" }}\n"));
    place.write("apps/orders/a", "one\n");
    let profile = place.path().join("apps/orders/profile.toml");
    fs::remove_file(&profile).unwrap();
    symlink("../../shared/orders.toml", &profile).unwrap();
    symlink("apps", place.path().join("again")).unwrap();
    for (at, line) in ["all apps/orders/profile.toml -o", "all again/orders/profile.toml -o"].iter().enumerate() {
        place.run(&format!("{line} {at} -q")).told(0);
        let text = place.read(&format!("{at}/compose/orders/docker-compose.yml"));
        assert!(text.contains("file: ../../../apps/orders/a\n"), "{text}");
    }
}

#[test]
fn a_pipe_is_no_profile() {
    let (place, _) = beside();
    let profile = place.path().join("apps/orders/profile.toml");
    fs::remove_file(&profile).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&profile).status().unwrap().success());
    for line in ["k8s apps/orders", "all -o deploy"] {
        let ran = place.run(line);
        assert!(ran.code == 2 && ran.stderr.contains("it is not a regular file"), "{ran:?}");
    }
}
