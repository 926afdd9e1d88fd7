//! What `examples/gitops` tells people to write is run here, in the words in which it stands there.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::cli::{Place, Ran, served};

/// With the environments and names that the examples speak of.
pub const ORDERS: &str = concat!(
    r#"name = "orders"
image = "ghcr.io/acme/orders:1.4.2"
workers = 2

"#,
    served!("orders"),
    r#"
[resources]
memory = "256Mi"

[environments.staging]

[environments.prod]
workers = 4
"#
);

pub fn example(path: &str) -> String {
    fs::read_to_string(Path::new("examples/gitops").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn yaml(text: &str) -> Value {
    serde_norway::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A repository with one app, and with `render` and other programs on the PATH.
pub fn repository(stubs: &[(&str, &str)]) -> Place {
    let place = Place::repository();
    place.write("apps/orders/profile.toml", ORDERS);
    fs::create_dir(place.path().join("bin")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        symlink(env!("CARGO_BIN_EXE_render"), place.path().join("bin/render")).unwrap();
        for (name, text) in stubs {
            place.write(&format!("bin/{name}"), &format!("#!/usr/bin/env bash\n{text}\n"));
            let executable = fs::Permissions::from_mode(0o755);
            fs::set_permissions(place.path().join("bin").join(name), executable).unwrap();
        }
    }
    place
}

/// A script as GitHub and GitLab run it, in a folder of the place; every variable that it may see is given.
pub fn bash(place: &Place, script: &str, variables: &[(&str, String)]) -> Ran {
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(place.path());
    let path = format!("{}:{}", place.path().join("bin").display(), std::env::var("PATH").unwrap());
    command.env_clear().env("PATH", path).envs(variables.iter().map(|(name, value)| (*name, value)));
    Ran::from(command.output().unwrap())
}

#[test]
fn argo_cd_renders_the_application_that_is_shown() {
    let place = Place::empty();
    place.write("apps/orders/profile.toml", ORDERS);
    let spec = &yaml(&example("argocd/application-plugin.yaml"))["spec"]["source"];
    let plugin = &yaml(&example("argocd/plugin.yaml"))["spec"];
    let run = |words: &Value| {
        let words: Vec<&str> = words.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        assert_eq!(words[0], "render");
        let mut command = place.command(&words[1..].join(" "));
        command.current_dir(place.path().join(spec["path"].as_str().unwrap())).env_clear();
        command.env("ARGOCD_APP_PARAMETERS", spec["plugin"]["parameters"].to_string());
        Ran::from(command.output().unwrap()).silently()
    };
    let objects = run(&plugin["generate"]["command"]);
    let expected = place.run("k8s apps/orders --env prod --set image=ghcr.io/acme/orders:1.5.0").silently();
    assert_eq!(objects, expected);
    assert!(objects.contains("replicas: 4\n"));
    let announced = yaml(&run(&plugin["parameters"]["dynamic"]["command"]));
    // Whatever the Application says is announced, by the plugin itself or for the profile.
    let own = plugin["parameters"]["static"].as_array().unwrap();
    let all: Vec<&Value> = announced.as_array().unwrap().iter().chain(own).collect();
    for parameter in spec["plugin"]["parameters"].as_array().unwrap() {
        assert!(all.iter().any(|one| one["name"] == parameter["name"]), "{parameter}");
    }
}

#[test]
fn the_folders_that_argo_cd_and_flux_read_are_those_of_the_tree() {
    let place = repository(&[]);
    place.run("all -o deploy -q").told(0);
    let set = yaml(&example("argocd/applicationset.yaml"));
    let pattern = set["spec"]["generators"][0]["git"]["directories"][0]["path"].as_str().unwrap();
    let parent = pattern.strip_suffix("/*").unwrap();
    assert_eq!(place.list(parent), ["orders"]);
    for name in place.list(&format!("{parent}/orders")) {
        let object = yaml(&place.read(&format!("{parent}/orders/{name}")));
        assert!(object["kind"].is_string() && object["apiVersion"].is_string(), "{name}");
    }
    let flux = example("flux/git.yaml");
    let kustomization = yaml(flux.split("---\n").nth(1).unwrap());
    let path = kustomization["spec"]["path"].as_str().unwrap();
    assert_eq!(place.list(path), ["orders"]);
}

#[cfg(unix)]
#[test]
fn the_artifact_for_flux_is_pushed_signed_and_tagged_only_where_the_tree_is_as_rendered() {
    let stubs = [
        (
            "git",
            r#"case "$*" in *--abbrev-ref*) echo main ;; rev-parse*) echo 3f2c ;; *) echo https://git.example.com/apps ;; esac"#,
        ),
        ("flux", r#"echo "flux $*" >>calls; if [ "$1" = push ]; then echo '{"digest": "sha256:abc"}'; fi"#),
        ("cosign", r#"echo "cosign $*" >>calls"#),
    ];
    let place = repository(&stubs);
    let script = format!("set -- oci://ghcr.io/example/apps-prod\n{}", example("flux/push.sh"));
    let ran = bash(&place, &script, &[]);
    assert!(ran.code == 1 && !place.path().join("calls").exists(), "{ran:?}");
    place.run("all -o deploy -q").told(0);
    let ran = bash(&place, &script, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let artifact = "oci://ghcr.io/example/apps-prod:3f2c";
    let expected = format!(
        "flux push artifact {artifact} --path=deploy/k8s/prod --source=https://git.example.com/apps \
         --revision=main@sha1:3f2c --reproducible --output json\n\
         cosign sign --yes ghcr.io/example/apps-prod@sha256:abc\nflux tag artifact {artifact} --tag main\n"
    );
    assert_eq!(place.read("calls"), expected);
    assert!(place.path().join("deploy/k8s/prod/orders/deployment.yaml").exists());
}

#[cfg(unix)]
#[test]
fn a_release_sets_the_image_renders_and_commits() {
    let git = r#"echo "git $*" >>calls; if [ "$1 $2" = "diff --cached" ]; then exit 1; fi"#;
    let place = repository(&[("git", git)]);
    place.run("all -o deploy -q").told(0);
    let workflow = yaml(&example("github/release.yml"));
    let image = format!("ghcr.io/acme/orders:v1.5.0@sha256:{}", "ab".repeat(32));
    let variables = [("IMAGE", image.clone()), ("GITHUB_REF_NAME", "v1.5.0".to_owned())];
    let steps = workflow["jobs"]["staging"]["steps"].as_array().unwrap();
    let scripts: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    for script in &scripts {
        let ran = bash(&place, script, &variables);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert_eq!(scripts.len(), 2);
    let expected =
        ORDERS.replace("[environments.staging]\n", &format!("[environments.staging]\nimage = \"{image}\"\n"));
    assert_eq!(place.read("apps/orders/profile.toml"), expected);
    assert!(place.read("deploy/k8s/staging/orders/deployment.yaml").contains(&image));
    assert!(!place.read("deploy/k8s/prod/orders/deployment.yaml").contains(&image));
    let calls = place.read("calls");
    assert!(calls.contains("git commit --message Run v1.5.0 on staging\n") && calls.contains("git push"), "{calls}");
}

#[test]
fn the_hooks_of_pre_commit_are_the_commands_that_they_should_be() {
    let hooks = yaml(&fs::read_to_string(".pre-commit-hooks.yaml").unwrap());
    let place = repository(&[]);
    let run = |id: &str| {
        let hook = hooks.as_array().unwrap().iter().find(|hook| hook["id"] == id).unwrap().clone();
        let args = hook["args"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
        let words: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').chain(args).collect();
        assert_eq!(words[0], "render");
        place.run(&words[1..].join(" "))
    };
    assert_eq!(run("render-check").code, 1);
    run("render").told(0);
    assert_eq!(run("render-check").silently(), "");
    place.write("apps/orders/profile.toml", "name = 1\n");
    assert_eq!(run("render-check").code, 2);
    assert_eq!(run("render").code, 2);
}

#[test]
fn renovate_finds_the_images_of_profiles_and_of_nothing_else() {
    let preset: Value = serde_json::from_str(&example("renovate.json")).unwrap();
    let manager = &preset["customManagers"][0];
    let pattern = regex::Regex::new(manager["matchStrings"][0].as_str().unwrap()).unwrap();
    let found = |text: &str| {
        let part =
            |found: &regex::Captures<'_>, name| found.name(name).map(|part: regex::Match<'_>| part.as_str().to_owned());
        let all = pattern.captures_iter(text);
        all.map(|one| {
            (part(&one, "depName").unwrap(), part(&one, "currentValue").unwrap(), part(&one, "currentDigest"))
        })
        .collect::<Vec<_>>()
    };
    let digest = format!("sha256:{}", "0f".repeat(32));
    let own = |name: &str, value: &str, digest: Option<&String>| (name.to_owned(), value.to_owned(), digest.cloned());
    for (text, expected) in [
        ("image = \"ghcr.io/acme/orders:1.4.2\"\n".to_owned(), own("ghcr.io/acme/orders", "1.4.2", None)),
        (format!("image='redis:8.0@{digest}'"), own("redis", "8.0", Some(&digest))),
        ("a = { image = \"reg.io:5000/a/b:1-alpine\" }".to_owned(), own("reg.io:5000/a/b", "1-alpine", None)),
        ("environments.prod.image = \"a/b:2\"".to_owned(), own("a/b", "2", None)),
    ] {
        assert_eq!(found(&text), [expected], "{text}");
    }
    for text in ["my_image = \"a:1\"", "image = \"a\"", "images = [\"a:1\"]", "image_pull_secrets = [\"a:1\"]"] {
        assert_eq!(found(text), [], "{text}");
    }
    // Every image of every example, as the profile's reader finds it.
    let file = regex::Regex::new(manager["managerFilePatterns"][0].as_str().unwrap().trim_matches('/')).unwrap();
    let mut count = 0;
    for entry in fs::read_dir("examples").unwrap() {
        let path = entry.unwrap().path().join("profile.toml");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        assert!(file.is_match(path.to_str().unwrap()));
        let shown: Vec<String> = found(&text)
            .into_iter()
            .map(|(name, tag, digest)| {
                format!("{name}:{tag}{}", digest.map(|one| format!("@{one}")).unwrap_or_default())
            })
            .collect();
        let table: toml::Table = text.parse().unwrap();
        let mut images = Vec::new();
        collect(&toml::Value::Table(table), &mut images);
        assert!(
            images.iter().filter(|image| image.contains(':')).all(|image| shown.contains(image)),
            "{images:?}: {shown:?}"
        );
        count += images.len();
    }
    assert!(count >= 8, "{count} images were looked for");
    // What is rendered is nobody's to update.
    assert_eq!(preset["ignorePaths"][0], "deploy/**");
}

/// Every text at a key `image`.
fn collect(value: &toml::Value, images: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => table.iter().for_each(|(key, value)| match value {
            toml::Value::String(image) if key == "image" => images.push(image.clone()),
            value => collect(value, images),
        }),
        toml::Value::Array(items) => items.iter().for_each(|item| collect(item, images)),
        _ => {}
    }
}
