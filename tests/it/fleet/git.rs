//! `--changed-since`, in a repository made for the test.

use std::process::Command;

use super::{select::apps, *};

pub fn git(place: &Place, folder: &str, line: &str) {
    let mut command = Command::new("git");
    command.current_dir(place.path().join(folder)).args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    command.args(["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"]).args(line.split_whitespace());
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    let output = command.output().expect("git is there");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

pub fn object(name: &str) -> String {
    format!("apiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata:\n  name: {name}\nspec:\n  compress: {{}}\n")
}

/// Two apps and their tree, committed as `first`; one of them extends a file, and brings files along.
pub fn committed() -> Place {
    let place = repository();
    fs::remove_dir(place.path().join(".git")).unwrap();
    place.write("shared/base.toml", "annotations = { owner = \"shop\" }\n");
    place.write("apps/orders/conf/app.ini", "x = 1\n");
    place.write("apps/orders/extra/one.yaml", &object("one"));
    let more = "extends = \"../../shared/base.toml\"\n\n[files]\n\"/etc/orders/app.ini\" = { source = \"conf/app.ini\" }\n\n\
                [k8s]\nextra = [\"extra/*.yaml\"]\n\n[server]";
    let text = ORDERS.replace("\n[server]", more);
    place.write("apps/orders/profile.toml", &text);
    git(&place, ".", "init -q -b main");
    place.run("all -o deploy -q").told(0);
    git(&place, ".", "add -A");
    git(&place, ".", "commit -q -m first");
    git(&place, ".", "tag first");
    place
}

const SINCE: &str = "--changed-since first -o deploy";

#[test]
fn nothing_has_changed_and_that_is_no_error() {
    let place = committed();
    assert_eq!(apps(&place, SINCE), Vec::<String>::new());
    assert!(place.run(&format!("all --check {SINCE}")).told(0).contains("0 of 2 profiles"));
}

#[test]
fn a_profile_what_it_reads_and_what_is_written_of_it() {
    for file in [
        "apps/orders/profile.toml",
        "shared/base.toml",
        "apps/orders/conf/app.ini",
        "apps/orders/extra/one.yaml",
        "apps/orders/extra/two.yaml",
        "deploy/k8s/staging/orders/service.yaml",
        "deploy/compose/orders/new.txt",
    ] {
        let place = committed();
        let text = fs::read_to_string(place.path().join(file)).unwrap_or_else(|_| object("two"));
        place.write(file, &format!("{text}# changed\n"));
        assert_eq!(apps(&place, SINCE), ["orders"], "{file} in the working folder");
        git(&place, ".", "add -A");
        git(&place, ".", "commit -q -m second");
        assert_eq!(apps(&place, SINCE), ["orders"], "{file}, committed");
        assert_eq!(apps(&place, "--changed-since HEAD -o deploy"), Vec::<String>::new());
    }
}

#[test]
fn what_others_changed_since_the_branch_began_does_not_count() {
    let place = committed();
    git(&place, ".", "checkout -q -b mine");
    place.write("apps/billing/profile.toml", &BILLING.replace("2.0.0", "2.0.1"));
    git(&place, ".", "commit -q -a -m mine");
    git(&place, ".", "checkout -q main");
    place.write("apps/orders/profile.toml", &ORDERS.replace("1.4.2", "1.4.3"));
    git(&place, ".", "commit -q -a -m theirs");
    git(&place, ".", "checkout -q mine");
    assert_eq!(apps(&place, "--changed-since main -o deploy"), ["billing"]);
    let ran = place.run("all --check -q --changed-since main -o deploy");
    assert!(ran.code == 1 && ran.stdout.lines().all(|line| line.contains("billing")), "{}", ran.stdout);
}

#[test]
fn settings_are_part_of_every_profile_and_a_profile_that_is_gone_leaves_orphans() {
    let place = committed();
    place.write("render.toml", "kustomization = false\n");
    assert_eq!(apps(&place, SINCE), ["billing", "orders"]);
    fs::remove_file(place.path().join("render.toml")).unwrap();
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    let ran = place.run(&format!("all --check -q {SINCE}"));
    assert!(ran.code == 1 && ran.stdout.lines().all(|line| line.starts_with("orphan ")), "{}", ran.stdout);
}

#[test]
fn a_history_that_is_not_there_is_never_nothing_changed() {
    let place = committed();
    for command in ["list", "all --check -o deploy"] {
        let told = place.run(&format!("{command} --changed-since nothing")).told(2);
        assert!(told.contains("git knows no `nothing`"), "{told}");
    }
    assert_eq!(place.run("list --changed-since=--output=x").code, 2);
    place.write("apps/orders/profile.toml", ORDERS);
    git(&place, ".", "commit -q -a -m second");
    let url = format!("file://{}", place.path().display());
    git(&place, ".", &format!("clone -q --depth 1 --branch main {url} shallow"));
    let told = place.run_in("shallow", "list --changed-since first").told(2);
    assert!(told.contains("fetch-depth: 0"), "{told}");
    let outside = Place::empty();
    outside.write("profile.toml", ORDERS);
    let told = outside.run("list --changed-since main").told(2);
    assert!(told.contains("git says: "), "{told}");
}
