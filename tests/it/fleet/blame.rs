//! Which line of a profile a difference is blamed on.

use super::{
    git::{committed, git},
    *,
};

const APP: &str = r#"name = "shop"
image = "ghcr.io/acme/shop:1.0.0"
port = 8000
workers = 2

[server]
app = "shop.main:app"

[shutdown]
drain = "20s"

[resources]
memory = "128Mi"

[probes]
liveness = "/live"
readiness = "/ready"

[env]
LOG_LEVEL = "info"

[files]
"/etc/shop/a.ini" = { content = "a = 1" }
"/etc/shop/b.ini" = { content = "b = 1" }
"#;

/// Delivered and committed, and then edited.
fn edited(from: &str, to: &str) -> Place {
    let place = Place::repository();
    fs::remove_dir(place.path().join(".git")).unwrap();
    place.write("apps/shop/profile.toml", APP);
    git(&place, ".", "init -q -b main");
    place.run("all -o deploy -q").told(0);
    git(&place, ".", "add -A");
    git(&place, ".", "commit -q -m first");
    assert!(APP.contains(from), "{from}");
    place.write("apps/shop/profile.toml", &APP.replace(from, to));
    place
}

/// The line of the profile that says this, as a report names it.
fn line(place: &Place, says: &str) -> String {
    let text = place.read("apps/shop/profile.toml");
    let at = text.lines().position(|line| line.contains(says)).unwrap_or_else(|| panic!("{says}: {text}"));
    format!("(apps/shop/profile.toml:{})", at + 1)
}

/// Whatever is compared with, the lines of the report on one field.
fn of_field(place: &Place, field: &str) -> Vec<String> {
    let mut all = Vec::new();
    for more in ["", " --git HEAD", " --git HEAD --rerender"] {
        let ran = place.run(&format!("diff -q -o deploy --target k8s{more}"));
        assert_eq!(ran.code, 1, "{more}: {}", ran.stderr);
        let found: Vec<&str> = ran.stdout.lines().filter(|line| line.contains(field)).collect();
        assert!(!found.is_empty(), "{more}: {}", ran.stdout);
        all.extend(found.into_iter().map(str::to_owned));
    }
    all
}

fn blamed(place: &Place, field: &str, says: &str) {
    let line = line(place, says);
    let of_field = of_field(place, field);
    assert!(of_field.iter().all(|one| one.ends_with(&line)), "{field} is not of {line}: {of_field:#?}");
}

#[test]
fn a_word_of_a_command_is_of_the_key_that_says_it() {
    let place = edited("port = 8000", "port = 9000");
    blamed(&place, ": 8000 → 9000", "port = 9000");
    let place = edited("drain = \"20s\"", "drain = \"40s\"");
    blamed(&place, ": 20 → 40", "drain = ");
}

#[test]
fn a_number_that_is_worked_out_is_of_the_key_by_the_name_of_its_field() {
    let place = edited("[env]", "startup = { within = \"120s\" }\n\n[env]");
    blamed(&place, "startupProbe.", "within = ");
    // Or by that of which another field tells that it has changed.
    let ran = place.run("diff -q -o deploy --target compose");
    let line = line(&place, "within = ");
    let interval = ran.stdout.lines().find(|line| line.contains("healthcheck.start_interval")).unwrap();
    assert!(interval.ends_with(&line), "{line}: {}", ran.stdout);
}

#[test]
fn a_hash_is_of_what_has_changed_besides() {
    let place = edited("content = \"b = 1\"", "content = \"b = 2\"");
    blamed(&place, "checksum/files", "b = 2");
    let place = edited("content = \"a = 1\"", "content = \"a = 2\"");
    blamed(&place, "checksum/files", "a = 2");
}

#[test]
fn what_is_gone_with_its_line_has_none() {
    let place = edited("LOG_LEVEL = \"info\"", "");
    let lines = of_field(&place, "env[LOG_LEVEL]");
    assert!(lines.iter().all(|line| line.ends_with(" is gone")), "{lines:#?}");
}

#[test]
fn what_is_new_has_the_line_that_brings_it_about() {
    let place = edited("workers = 2", "workers = 2\nautoscale = { max = 9 }");
    blamed(&place, "+ HorizontalPodAutoscaler shop", "autoscale");
    let place = edited("name = \"shop\"", "name = \"shop\"");
    place.write("apps/other/profile.toml", &APP.replace("\"shop\"", "\"other\""));
    let ran = place.run("diff -q -o deploy --target k8s");
    assert!(ran.code == 1 && ran.stdout.contains("+ Deployment other: "), "{}", ran.stdout);
    assert!(
        ran.stdout.lines().filter(|line| line.contains("  + ")).all(|line| line.contains("(apps/other/profile.toml:")),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_number_of_replicas_is_told_when_an_autoscaler_comes_or_goes() {
    let place = committed();
    let profile = "apps/orders/profile.toml";
    let text = place.read(profile);
    let diff = "diff -q -o deploy --target k8s --env production";
    place.write(profile, &text.replace("autoscale = { max = 9, cpu = 70 }", "workers = 5"));
    let ran = place.run(diff);
    assert!(ran.stdout.contains("spec.replicas: 5 is new  (apps/orders/profile.toml:"), "{}", ran.stdout);
    assert!(ran.stdout.contains("- HorizontalPodAutoscaler orders: delete"), "{}", ran.stdout);
    // And back.
    place.run("all -o deploy -q --prune").told(0);
    place.write(profile, &text);
    let at = text.lines().position(|line| line.starts_with("autoscale")).unwrap() + 1;
    let ran = place.run(diff);
    assert!(ran.stdout.contains(&format!("spec.replicas: 5 is gone  ({profile}:{at})")), "{}", ran.stdout);
    let json = place.run(&format!("{diff} --format json")).stdout;
    assert!(json.contains("more replicas under load") && !json.contains("keeps the pods of this"), "{json}");
    // What a hand has set meanwhile is the autoscaler's.
    place.run("all -o deploy -q").told(0);
    let file = "deploy/k8s/production/orders/deployment.yaml";
    place.write(file, &place.read(file).replace("spec:\n  minReady", "spec:\n  replicas: 7\n  minReady"));
    assert!(place.read(file).contains("replicas: 7"));
    let ran = place.run(diff);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
}
