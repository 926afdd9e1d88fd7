//! `render set image`: a pipeline writes what it has built into the profile.

use std::fs;

use crate::cli::{PROFILE, Place};

const NEW: &str = "ghcr.io/acme/orders:1.5.0";

fn place(profile: &str) -> Place {
    let place = Place::empty();
    place.write("profile.toml", profile);
    place
}

#[test]
fn the_image_of_the_app_changes_and_nothing_else() {
    let place = Place::new();
    let told = place.run(&format!("set image orders={NEW}")).told(0);
    assert_eq!(told, format!("profile.toml:2: image: ghcr.io/acme/orders:1.4.2 → {NEW}\n"));
    assert_eq!(place.read("profile.toml"), PROFILE.replace("ghcr.io/acme/orders:1.4.2", NEW));
    assert!(place.run("k8s").silently().contains(&format!("image: {NEW}\n")));
    assert_eq!(place.run("set image orders=ghcr.io/acme/orders:1.4.2 -q").told(0), "");
    assert_eq!(place.read("profile.toml"), PROFILE);
}

#[test]
fn a_file_that_says_it_already_is_not_touched() {
    let place = Place::new();
    let file = place.path().join("profile.toml");
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    let told = place.run("set image orders=ghcr.io/acme/orders:1.4.2").told(0);
    assert_eq!(told, "profile.toml:2: image: ghcr.io/acme/orders:1.4.2 already\n");
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), before);
}

#[test]
fn an_environment_has_an_image_of_its_own() {
    let place = Place::new();
    let told = place.run(&format!("set image orders={NEW} --env staging")).told(0);
    let over = "over ghcr.io/acme/orders:1.4.2 (profile.toml:2)";
    assert_eq!(told, format!("profile.toml:19: environments.staging.image: {NEW} is new, {over}\n"));
    let expected = PROFILE.replace("[environments.staging]\n", &format!("[environments.staging]\nimage = \"{NEW}\"\n"));
    assert_eq!(place.read("profile.toml"), expected);
    // What holds everywhere no longer holds there.
    let told = place.run("set image orders=ghcr.io/acme/orders:1.6.0").told(0);
    assert!(told.contains(&format!("environment `staging` keeps {NEW}\n")), "{told}");
    assert!(told.contains("`render set image orders=ghcr.io/acme/orders:1.6.0 --env staging`"), "{told}");
    let told = place.run("set image orders=ghcr.io/acme/orders:1.6.0 --env staging").told(0);
    assert!(told.contains(&format!("environments.staging.image: {NEW} → ghcr.io/acme/orders:1.6.0")), "{told}");
}

#[test]
fn an_environment_that_is_not_there_is_not_made() {
    let place = Place::new();
    for (env, help) in [
        ("production", "help: it has `staging`; write `[environments.production]` into it to add one"),
        ("stagin", "help: did you mean `staging`?"),
        ("Dev/x", "is not the name of an environment"),
    ] {
        let told = place.run(&format!("set image orders={NEW} --env {env}")).told(2);
        assert!(told.contains(help), "{told}");
        assert_eq!(place.read("profile.toml"), PROFILE);
    }
    let bare = PROFILE.split("\n[environments").next().unwrap();
    place.write("profile.toml", bare);
    let told = place.run(&format!("set image orders={NEW} --env staging")).told(2);
    assert!(told.contains("profile.toml has no environment `staging`\nhelp: it has none; write"), "{told}");
    assert_eq!(place.read("profile.toml"), bare);
    // One that is there and says nothing takes it.
    place.write("profile.toml", &format!("{bare}\n[environments.staging]\n"));
    place.run(&format!("set image orders={NEW} --env staging -q")).told(0);
    assert!(place.read("profile.toml").ends_with(&format!("[environments.staging]\nimage = \"{NEW}\"\n")));
}

#[test]
fn what_runs_an_image_of_its_own_is_called_as_in_the_manifests_or_by_its_table() {
    let profile = format!(
        "{PROFILE}\n[processes.worker]\nimage = \"ghcr.io/acme/worker:1.0.0\"\ncommand = [\"work\"]\n\n\
         [processes.mailer]\ncommand = [\"mail\"]\n\n[companions.mailpit]\nimage = \"axllent/mailpit:v1.21\"\n"
    );
    for name in ["orders-worker", "processes.worker"] {
        let place = place(&profile);
        place.run(&format!("set image {name}=ghcr.io/acme/worker:1.1.0")).told(0);
        assert_eq!(place.read("profile.toml"), profile.replace("worker:1.0.0", "worker:1.1.0"));
    }
    let place = place(&profile);
    place.run("set image mailpit=axllent/mailpit:v1.27").told(0);
    assert_eq!(place.read("profile.toml"), profile.replace("v1.21", "v1.27"));
    let told = place.run(&format!("set image orders-mailer={NEW}")).told(2);
    assert!(told.contains("`orders-mailer` has no image of its own: it runs the app's"), "{told}");
    let told = place.run(&format!("set image orders-workr={NEW}")).told(2);
    assert!(
        told.contains("profile.toml has no image of `orders-workr`\nhelp: did you mean `orders-worker`?"),
        "{told}"
    );
    let told = place.run(&format!("set image billing={NEW}")).told(2);
    assert!(told.contains("name the app, as its profile does"), "{told}");
}

#[test]
fn who_shares_the_old_image_is_told() {
    let image = "ghcr.io/acme/orders:1.4.2";
    let place =
        place(&format!("{PROFILE}\n[jobs.migrate]\nwhen = \"before\"\nimage = \"{image}\"\ncommand = [\"m\"]\n"));
    let told = place.run(&format!("set image orders={NEW}")).told(0);
    assert!(told.contains(&format!("`orders-migrate` keeps {image}\n")), "{told}");
    assert!(told.contains(&format!("help: `render set image orders-migrate={NEW}` sets it too")), "{told}");
}

#[test]
fn an_image_from_another_file_stays_there() {
    let place = place("extends = \"../base.toml\"\nname = \"orders\" # ours\nworkers = 4\n");
    let base = PROFILE.lines().filter(|line| !line.starts_with("name")).collect::<Vec<_>>().join("\n");
    place.write("repo/base.toml", &base);
    place.write("repo/orders/profile.toml", "extends = \"../base.toml\"\nname = \"orders\" # ours\nworkers = 4\n");
    let told = place.run_in("repo", &format!("set image orders={NEW} orders")).told(0);
    let over = "over ghcr.io/acme/orders:1.4.2 (base.toml:1)";
    assert_eq!(told, format!("orders/profile.toml:3: image: {NEW} is new, {over}\n"));
    let expected = format!("extends = \"../base.toml\"\nname = \"orders\" # ours\nimage = \"{NEW}\"\nworkers = 4\n");
    assert_eq!(place.read("repo/orders/profile.toml"), expected);
    assert_eq!(place.read("repo/base.toml"), base);
}

#[test]
fn a_reference_that_no_profile_may_have_is_refused() {
    for (reference, why) in [
        ("ghcr.io/acme/orders", "floating-tag"),
        ("ghcr.io/acme/orders:latest", "floating-tag"),
        ("Not an image", "bad-image"),
        ("ghcr.io/acme/orders@sha256:abc", "bad-image"),
        ("a\"b:1", "bad-image"),
    ] {
        let place = Place::new();
        let mut command = place.command("set image");
        let output = command.arg(format!("orders={reference}")).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains(why), "{reference}: {told}");
        assert!(told.contains("nothing was written"), "{told}");
        assert_eq!(place.read("profile.toml"), PROFILE);
    }
    for wrong in ["orders", "orders=", "=x:1"] {
        let told = Place::new().run(&format!("set image {wrong}")).told(2);
        assert!(told.contains("orders=ghcr.io/acme/orders:1.5.0"), "{told}");
    }
}

#[test]
fn a_profile_with_errors_stays_as_it_is() {
    let broken = PROFILE.replace("workers = 4", "workrs = 4");
    let place = place(&broken);
    let told = place.run(&format!("set image orders={NEW}")).told(2);
    assert!(told.contains("unknown-key"), "{told}");
    assert_eq!(place.read("profile.toml"), broken);
    place.write("profile.toml", "name = \n");
    let told = place.run(&format!("set image orders={NEW}")).told(2);
    assert!(told.contains("syntax"), "{told}");
    fs::remove_file(place.path().join("profile.toml")).unwrap();
    assert!(place.run(&format!("set image orders={NEW}")).told(2).contains("there is no profile.toml"));
}

#[test]
fn of_many_profiles_those_of_the_app_change_or_none() {
    let place = Place::empty();
    let billing = PROFILE.replace("orders", "billing");
    place.write("apps/orders/profile.toml", PROFILE);
    place.write("apps/billing/profile.toml", &billing);
    let told = place.run(&format!("set image orders={NEW}")).told(0);
    assert_eq!(told, format!("apps/orders/profile.toml:2: image: ghcr.io/acme/orders:1.4.2 → {NEW}\n"));
    assert_eq!(place.read("apps/billing/profile.toml"), billing);
    let told = place.run(&format!("set image ordrs={NEW} apps")).told(2);
    assert!(told.contains("none of 2 profiles has an image of `ordrs`\nhelp: did you mean `orders`?"), "{told}");
    let told = place.run(&format!("set image processes.worker={NEW} apps")).told(2);
    assert!(told.contains("`processes.worker` is a key, and there are several profiles"), "{told}");
    // One that cannot be read keeps nobody else's image from being set.
    place.write("apps/broken/profile.toml", "name = \n");
    let told = place.run("set image orders=ghcr.io/acme/orders:1.6.0 apps").told(0);
    assert!(told.contains("apps/broken/profile.toml has errors, so nobody knows whether it is meant"), "{told}");
    assert!(place.read("apps/orders/profile.toml").contains("orders:1.6.0"));
    // One profile of two is wrong with it: neither is written.
    place.write("more/one/profile.toml", PROFILE);
    let worker = "\n[processes.worker]\ncommand = [\"x\"]\n[companions.mail]\nimage = \"a/b:1\"\n";
    place.write("more/two/profile.toml", &format!("{PROFILE}{worker}"));
    let told = place.run("set image orders=a/b:latest more").told(2);
    assert!(told.contains("more/one/profile.toml") && told.contains("more/two/profile.toml"), "{told}");
    assert_eq!(place.read("more/one/profile.toml"), PROFILE);
}

#[test]
fn standard_input_is_changed_on_its_way_to_standard_output() {
    let place = Place::empty();
    let profile = PROFILE.trim_end();
    let ran = place.run_with_input(&format!("set image orders={NEW} - -q"), profile);
    assert_eq!(ran.silently(), profile.replace("ghcr.io/acme/orders:1.4.2", NEW));
    let ran = place.run_with_input("set image orders=ghcr.io/acme/orders:1.4.2 - -q", profile);
    assert_eq!(ran.silently(), profile);
    let ran = place.run_with_input("set image orders=ghcr.io/acme/orders:latest -", profile);
    assert!(ran.code == 2 && ran.stdout.is_empty(), "{ran:?}");
    assert!(place.run(&format!("set image orders={NEW} - x.toml")).told(2).contains("by itself"));
}

#[cfg(unix)]
#[test]
fn a_link_and_its_permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::empty();
    place.write("real.toml", PROFILE);
    let real = place.path().join("real.toml");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, place.path().join("profile.toml")).unwrap();
    place.run(&format!("set image orders={NEW} -q")).told(0);
    assert!(place.path().join("profile.toml").is_symlink());
    assert!(place.read("real.toml").contains(NEW));
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
}
