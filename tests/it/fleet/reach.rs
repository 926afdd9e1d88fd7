//! A profile that cannot be reached is not gone: nothing of it is called left over.

use std::{
    os::unix::{
        fs::{PermissionsExt, chown, symlink},
        process::CommandExt,
    },
    path::PathBuf,
};

use super::{git::git, *};
use crate::cli::Ran;

/// Runs as a user whom permissions bind, as which root is nobody. Nothing where nobody may not run what was built.
fn run(place: &Place, line: &str) -> Option<Ran> {
    const NOBODY: u32 = 65534;
    let mut command = place.command(line);
    let probe = place.path().join("probe");
    fs::write(&probe, "").unwrap();
    fs::set_permissions(&probe, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&probe).is_ok() {
        let all = files(place.path()).into_iter().map(PathBuf::from);
        for at in all.flat_map(|file| file.ancestors().map(PathBuf::from).collect::<Vec<_>>()) {
            chown(place.path().join(at), Some(NOBODY), None).unwrap();
        }
        command.uid(NOBODY);
    }
    fs::remove_file(probe).unwrap();
    command.output().ok().map(Ran::from)
}

#[test]
fn a_folder_that_may_not_be_listed_is_an_error_and_nothing_below_is_left_over() {
    let place = delivered();
    let before = texts(&place.path().join("deploy"));
    let closed = place.path().join("apps/billing");
    // Neither to be listed nor entered; to be entered, but not listed; and to be listed, but not entered.
    for mode in [0o000, 0o111, 0o444] {
        let listed = mode & 0o444 != 0;
        for line in ["all -o deploy --prune", "all -o deploy --check", "all apps -o deploy --prune --force"] {
            fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).unwrap();
            let ran = run(&place, line);
            fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
            let Some(ran) = ran else { return };
            let what = if listed { "apps/billing/profile.toml" } else { "apps/billing" };
            assert!(ran.code == 2 && ran.stderr.contains(what), "{mode:o} {line}: {ran:?}");
            assert!(ran.stderr.contains("Permission denied"), "{mode:o} {line}: {ran:?}");
            assert!(!ran.stdout.contains("orphan") && !ran.stderr.contains("deleted"), "{mode:o} {line}: {ran:?}");
            assert!(texts(&place.path().join("deploy")) == before, "{mode:o} {line}");
        }
    }
}

#[test]
fn of_a_profile_out_of_reach_nothing_is_left_over_for_those_who_are_asked_for() {
    let place = delivered();
    // What its header names may be seen by nobody, and no walk comes by.
    fs::rename(place.path().join("apps/billing"), place.path().join("hidden")).unwrap();
    symlink("loop", place.path().join("apps/loop")).unwrap();
    symlink("loop", place.path().join("apps/billing")).unwrap();
    place.run("all apps -o deploy --prune -q").told(0);
    assert!(place.path().join("deploy/k8s/default/billing/service.yaml").exists());
}

#[test]
fn a_profile_that_is_a_link_to_nowhere_is_an_error_and_not_gone() {
    let place = delivered();
    let profile = place.path().join("apps/billing/profile.toml");
    fs::remove_file(&profile).unwrap();
    symlink("nowhere.toml", &profile).unwrap();
    for line in ["--prune", "--check", "--prune --force"] {
        let ran = place.run(&format!("all -o deploy {line}"));
        assert!(ran.code == 2 && ran.stderr.contains("apps/billing/profile.toml cannot be read"), "{ran:?}");
        assert!(ran.stderr.contains("it is a link that leads nowhere") && !ran.stdout.contains("orphan"), "{ran:?}");
        assert!(place.path().join("deploy/k8s/default/billing/service.yaml").exists());
    }
    // The others are rendered all the same.
    place.write("apps/orders/profile.toml", &ORDERS.replace("1.4.2", "2.0.0"));
    let told = place.run("all -o deploy --prune").told(2);
    assert!(told.contains("replaced     deploy/k8s/staging/orders/deployment.yaml"), "{told}");
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_not_gone() {
    let place = git::committed();
    git(&place, ".", "sparse-checkout set apps/orders deploy shared");
    assert!(!place.path().join("apps/billing").exists());
    place.run("all -o deploy --check -q").told(0);
    place.run("all -o deploy --prune -q").told(0);
    let kept = place.path().join("deploy/k8s/default/billing/service.yaml");
    assert!(kept.exists());
    // Where git has it no more, it is gone.
    git(&place, ".", "rm -q --cached --sparse apps/billing/profile.toml");
    let ran = place.run("all -o deploy --check -q");
    assert!(ran.code == 1 && ran.stdout.contains("orphan "), "{ran:?}");
    place.run("all -o deploy --prune -q").told(0);
    assert!(!kept.exists());
}

#[test]
fn what_looks_like_a_profile_and_is_none_is_told() {
    let place = delivered();
    symlink("../apps/billing", place.path().join("apps/again")).unwrap();
    let told = place.run("all apps -o deploy").told(0);
    assert!(!told.contains("warning: `"), "what it leads to is rendered: {told}");
    place.write("shared/web/profile.toml", &BILLING.replace("\"billing\"", "\"web\""));
    symlink("../shared/web", place.path().join("apps/web")).unwrap();
    fs::create_dir(place.path().join("apps/profile.toml")).unwrap();
    let told = place.run("all apps -o deploy").told(0);
    assert!(told.contains("warning: `apps/web` is a link, and folders are not looked for behind links\n"), "{told}");
    assert!(told.contains("warning: `apps/profile.toml` is a folder, and no profile\n"), "{told}");
    assert_eq!(place.run("all apps -o deploy -q").told(0), "");
}
