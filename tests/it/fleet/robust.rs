//! What nobody plans for: kills, full disks, links, other runs.

use std::{
    os::unix::fs::{PermissionsExt, symlink},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::*;

/// Whether a file is exactly what one of the two renderings has at its place.
fn is_whole(name: &str, text: &str, renderings: &[Vec<(String, String)>]) -> bool {
    renderings.iter().flatten().any(|(known, expected)| known == name && expected == text)
}

const APPS: usize = 8;

/// Several apps, so that a run takes a while.
fn many() -> Place {
    let place = Place::repository();
    set_version(&place, "1.0.0");
    place
}

fn set_version(place: &Place, version: &str) {
    for at in 0..APPS {
        let text = ORDERS.replace("\"orders\"", &format!("\"a{at}\"")).replace("1.4.2", version);
        place.write(&format!("apps/a{at}/profile.toml"), &text);
    }
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_one_finishes() {
    let place = many();
    place.run("all -o 1.0.0 -q").told(0);
    set_version(&place, "2.0.0");
    let start = Instant::now();
    place.run("all -o 2.0.0 -q").told(0);
    let whole = start.elapsed();
    let known = ["1.0.0", "2.0.0"].map(|folder| texts(&place.path().join(folder)));
    place.run("all -o deploy -q").told(0);
    const KILLS: u32 = 8;
    for at in 1..=KILLS {
        set_version(&place, ["2.0.0", "1.0.0"][at as usize % 2]);
        let mut child = place.command("all -o deploy -q").stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(whole * at / KILLS);
        let _ = child.kill();
        child.wait().unwrap();
        for (name, text) in texts(&place.path().join("deploy")) {
            let unfinished = name.rsplit('/').next().unwrap().starts_with(".render-");
            assert!(unfinished || is_whole(&name, &text, &known), "{name} is torn");
        }
    }
    place.write("deploy/k8s/staging/a1/.render-killed.tmp", "half a fi");
    set_version(&place, "2.0.0");
    place.run("all -o deploy -q").told(0);
    assert_eq!(texts(&place.path().join("deploy")), known[1], "and nothing unfinished is left");
}

#[test]
fn two_runs_at_once_leave_what_one_of_them_renders() {
    let place = many();
    place.run("all -o before -q").told(0);
    let spawn = || place.command("all -o deploy -q").stderr(Stdio::piped()).spawn().unwrap();
    for _ in 0..2 {
        let runs = [spawn(), spawn(), spawn()];
        for run in runs {
            let output = run.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        assert_eq!(texts(&place.path().join("deploy")), texts(&place.path().join("before")));
        fs::remove_dir_all(place.path().join("deploy")).unwrap();
    }
}

#[test]
fn a_run_waits_for_another_and_says_so() {
    let place = delivered();
    let folder = fs::File::open(place.path().join("deploy")).unwrap();
    folder.lock().unwrap();
    let mut waiting = place.command("all -o deploy").stderr(Stdio::piped()).spawn().unwrap();
    thread::sleep(Duration::from_millis(300));
    assert!(waiting.try_wait().unwrap().is_none(), "it waits");
    // A comparison writes nothing, and waits for nobody.
    place.run("all -o deploy --check -q").told(0);
    drop(folder);
    let output = waiting.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && told.starts_with("waiting for another run that writes into deploy\n"), "{told}");
}

#[test]
fn a_full_disk_leaves_each_app_as_it_was_and_says_so() {
    let place = delivered();
    let before = texts(&place.path().join("deploy"));
    // One file of it is larger than what the disk takes.
    let long = format!("annotations = {{ note = \"{}\" }}\nworkers = 4", "x".repeat(40_000));
    place.write("apps/orders/profile.toml", &ORDERS.replace("workers = 4", &long).replace("1.4.2", "2.0.0"));
    let script = r#"trap "" XFSZ; ulimit -f 16; exec "$0" all -o deploy"#;
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_render")]).current_dir(place.path()).stdin(Stdio::null());
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("error: cannot write `deploy/") && told.contains("too large"), "{told}");
    assert_eq!(texts(&place.path().join("deploy")), before);
}

/// A disk of its own takes a mount, which not everybody may do.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_for_all_is_told_once() {
    let place = many();
    fs::create_dir(place.path().join("deploy")).unwrap();
    let script = r#"mount -t tmpfs -o size=8k none deploy || exit 99; exec "$0" all -o deploy -j 3"#;
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script, env!("CARGO_BIN_EXE_render")]).current_dir(place.path());
    let Ok(output) = command.stdin(Stdio::null()).output() else { return };
    let told = String::from_utf8(output.stderr).unwrap();
    if output.status.code() != Some(2) || told.contains("unshare") {
        assert!(output.status.code() == Some(99) || told.contains("unshare"), "{told}");
        return;
    }
    assert_eq!(told.matches("No space left on device").count(), 1, "{told}");
    assert!(told.contains(" more profiles are not written\n"), "{told}");
}

/// Root may write everywhere but there.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_an_error_that_says_so() {
    let place = repository();
    let told = place.run("all -o /proc/self/deploy").told(2);
    assert!(told.contains("cannot make the folder `/proc/self/deploy`"), "{told}");
    let told = place.run("all -o apps/orders/profile.toml").told(2);
    assert!(told.contains("cannot use as a folder `apps/orders/profile.toml`"), "{told}");
}

#[test]
fn a_read_only_folder_is_left_alone() {
    let place = delivered();
    let before = texts(&place.path().join("deploy"));
    place.write("apps/orders/profile.toml", &ORDERS.replace("1.4.2", "2.0.0"));
    let folder = place.path().join("deploy/k8s/production/orders");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let binds = fs::write(folder.join("probe"), "").is_err();
    let ran = place.run("all -o deploy");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    if binds {
        assert!(
            ran.code == 2 && ran.stderr.contains("cannot make a file in `deploy/k8s/production/orders`"),
            "{}",
            ran.stderr
        );
        assert_eq!(texts(&place.path().join("deploy")), before);
    } else {
        // Permissions do not bind root.
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}

#[test]
fn a_link_in_the_tree_is_never_written_or_deleted_through() {
    for link in ["deploy/k8s", "deploy/k8s/production", "deploy/k8s/production/orders"] {
        let place = delivered();
        let outside = tempfile::tempdir().unwrap();
        let moved = outside.path().join("moved");
        fs::rename(place.path().join(link), &moved).unwrap();
        symlink(&moved, place.path().join(link)).unwrap();
        let before = texts(&moved);
        place.write("apps/orders/profile.toml", &ORDERS.replace("1.4.2", "2.0.0"));
        for arguments in ["", "--force", "--prune", "--prune --force"] {
            let told = place.run(&format!("all -o deploy {arguments}")).told(2);
            assert!(told.contains(&format!("`{link}` is a symbolic link")), "{told}");
        }
        fs::remove_dir_all(place.path().join("apps/orders")).unwrap();
        place.run("all apps -o deploy --prune --force -q");
        assert_eq!(texts(&moved), before, "{link}");
    }
}

#[test]
fn names_that_lead_out_of_the_tree_are_no_names() {
    let place = repository();
    for name in ["../../out", "/out", "a/b", ".."] {
        place.write("apps/orders/profile.toml", &ORDERS.replace("\"orders\"", &format!("{name:?}")));
        let ran = place.run("all apps/orders -o deploy");
        assert!(ran.code == 2 && ran.stderr.contains("apps/orders/profile.toml:1"), "{}", ran.stderr);
        place.write(
            "apps/orders/profile.toml",
            &ORDERS.replace("environments.staging", &format!("environments.{name:?}")),
        );
        assert_eq!(place.run("all apps/orders -o deploy").code, 2, "{name}");
    }
    assert!(!place.path().join("deploy").exists() && !place.path().join("out").exists());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let place = many();
    let script = r#""$0" all -o deploy --check -q | head -n 1; exit ${PIPESTATUS[0]}"#;
    let mut command = Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_render")]).current_dir(place.path());
    let output = command.output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(1), 0));
}
