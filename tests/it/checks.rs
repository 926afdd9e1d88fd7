//! Rendered documents are right: every rendering of every profile that we have, and what patches make of one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use render::{
    app::App,
    bundle::File,
    flow,
    layers::Request,
    problem::any_error,
    targets::{Rendered, TARGETS, Target, Wish, check::Finding, cloudrun, compose, k8s},
    tree::{self, Content, Node},
};
use snapbox::{Assert, Data};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn plain() -> PathBuf {
    root().join("tests/cases/plain/profile.toml")
}

/// Every profile that is meant to be rendered.
fn profiles() -> Vec<PathBuf> {
    let folders = ["examples", "tests/cases", "tests/cases/corpus"].map(|folder| fs::read_dir(root().join(folder)));
    let folders = folders.into_iter().flatten().flatten();
    let mut profiles: Vec<_> = folders.map(|folder| folder.unwrap().path().join("profile.toml")).collect();
    profiles.retain(|profile| profile.is_file());
    profiles.sort();
    profiles
}

fn app(profile: &Path, text: &str, env: Option<&str>) -> App {
    let read = |path: &str| fs::read(profile.parent().unwrap().join(path));
    let outcome = flow::app(&Request { env, read: &read, ..Request::alone("profile.toml", text.as_bytes()) });
    outcome.app.unwrap_or_else(|| panic!("{}: {:?}", profile.display(), outcome.problems))
}

fn environments(text: &str) -> Vec<Option<String>> {
    let profile: toml::Table = text.parse().unwrap();
    let names = profile.get("environments").and_then(toml::Value::as_table).into_iter().flatten();
    std::iter::once(None).chain(names.map(|(name, _)| Some(name.clone()))).collect()
}

fn rendered(target: &Target, app: &App, dev: bool) -> Rendered {
    (target.render)(&Wish { app, base: None, dev, full: true })
}

/// Whether it says that a service writes to its root file system, whose image starts on no other: the catalogue knows.
fn is_of_its_image(app: &App, message: &str) -> bool {
    let writes = app.services.iter().filter(|backing| !backing.facts().read_only);
    let mut names = writes.flat_map(|backing| [backing.name().to_owned(), format!("{}-{}", app.name, backing.name())]);
    names.any(|name| message.ends_with(&format!("`{name}` can write to its root file system")))
}

/// Whether it says that a token of the API is there, and a process asks for it.
fn is_asked(app: &App, message: &str) -> bool {
    message == "every container gets a token of the API" && app.containers().any(|process| process.security.kube_api)
}

#[test]
fn every_rendering_of_every_profile_is_right() {
    let mut count = 0;
    for profile in profiles() {
        let text = fs::read_to_string(&profile).unwrap();
        let wanted = serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap();
        for env in environments(&text) {
            let app = app(&profile, &text, env.as_deref());
            for (target, dev) in TARGETS.iter().flat_map(|target| [(target, false), (target, true)]) {
                let Rendered { bundle, problems } = rendered(target, &app, dev);
                let place = format!("{} {env:?} {} dev: {dev}", profile.display(), target.name);
                if any_error(&problems) && !target.is_wanted(&wanted) {
                    continue;
                }
                assert!(!any_error(&problems), "{place}: {problems:#?}");
                let mut findings = (target.check)(&bundle.files);
                findings
                    .retain(|finding| !is_of_its_image(&app, &finding.message) && !is_asked(&app, &finding.message));
                assert!(findings.is_empty(), "{place}: {findings:#?}");
                count += 1;
            }
        }
    }
    assert!(count >= 8, "{count}");
}

/// A line of a table of patches: `KIND[@ENVIRONMENT]: PATCH`.
struct Case<'a> {
    env: Option<&'a str>,
    kind: &'a str,
    patch: &'a str,
}

impl<'a> Case<'a> {
    fn parse(line: &'a str) -> Self {
        let (document, patch) = line.split_once(": ").expect("a document and a patch");
        let (kind, env) = document.split_once('@').map_or((document, None), |(kind, env)| (kind, Some(env)));
        Case { env, kind, patch }
    }

    /// The patch as a profile says it.
    fn toml(&self, target: &Target) -> String {
        let kind = if self.kind == "file" { String::new() } else { format!("kind = {:?}\n", self.kind) };
        let change = match self.patch.starts_with('/') {
            true => format!("remove = [{:?}]", self.patch),
            false => format!("yaml = {:?}", self.patch),
        };
        format!("\n[[patches]]\ntarget = {:?}\n{kind}{change}\n", target.name)
    }
}

/// Every Compose file of the table that we find nothing to refuse in, with its line.
pub fn accepted_compose_files() -> Vec<(String, Node)> {
    let table = fs::read_to_string(root().join("tests/cases/patches/compose.txt")).unwrap();
    let profile = fs::read_to_string(plain()).unwrap();
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with([' ', '#']));
    let files = lines.filter_map(|line| {
        let case = Case::parse(line);
        let app = app(&plain(), &(profile.clone() + &case.toml(&compose::TARGET)), case.env);
        let Rendered { mut bundle, problems } = rendered(&compose::TARGET, &app, false);
        (!any_error(&problems)).then(|| (line.to_owned(), bundle.files.remove(0).root))
    });
    files.collect()
}

/// Holds a table of patches against what is said of each; returns the rules that they broke.
fn hold(target: &Target, table: &str, settings: &str) -> Vec<&'static str> {
    let path = root().join(format!("tests/cases/patches/{table}.txt"));
    let (table, profile) = (fs::read_to_string(&path).unwrap(), fs::read_to_string(plain()).unwrap() + settings);
    let (mut actual, mut broken) = (String::new(), Vec::new());
    for line in table.lines().filter(|line| !line.starts_with(' ')) {
        actual += &format!("{line}\n");
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let case = Case::parse(line);
        let app = app(&plain(), &(profile.clone() + &case.toml(target)), case.env);
        let Rendered { bundle, problems } = rendered(target, &app, false);
        let own = rendered(target, &self::app(&plain(), &profile, case.env), false).problems;
        for problem in problems.into_iter().filter(|problem| !own.contains(problem)) {
            actual += &format!("    {}: {}\n", problem.code.name(), problem.title);
        }
        broken.extend((target.check)(&bundle.files).into_iter().map(|finding: Finding| finding.rule.0));
    }
    Assert::new().action_env("SNAPSHOTS").eq(actual, Data::read_from(&path, None).raw());
    broken
}

#[test]
fn patches_of_kubernetes_objects_are_told_what_they_broke() {
    let mut broken = hold(&k8s::TARGET, "k8s", "");
    broken.extend(by_hand().into_iter().map(|finding| finding.rule.0));
    let unbroken: Vec<_> =
        k8s::check::rules().filter(|rule| !broken.contains(&rule.name)).map(|rule| rule.name).collect();
    assert!(unbroken.is_empty(), "no case breaks {unbroken:#?}");
}

#[test]
fn patches_of_compose_files_are_told_what_they_broke() {
    let broken = hold(&compose::TARGET, "compose", "");
    let unbroken: Vec<_> =
        compose::check::rules().filter(|rule| !broken.contains(&rule.name)).map(|rule| rule.name).collect();
    assert!(unbroken.is_empty(), "no case breaks {unbroken:#?}");
}

#[test]
fn patches_of_services_are_told_what_they_broke() {
    let mut broken = hold(&cloudrun::TARGET, "cloudrun", "");
    broken.extend(hold(&cloudrun::TARGET, "knative", "\n[cloudrun]\nflavor = \"knative\"\n"));
    broken.extend(twice().into_iter().map(|finding| finding.rule.0));
    let unbroken: Vec<_> =
        cloudrun::check::rules().filter(|rule| !broken.contains(&rule.name)).map(|rule| rule.name).collect();
    assert!(unbroken.is_empty(), "no case breaks {unbroken:#?}");
}

/// A service with every item of its lists twice, and then that twice.
fn twice() -> Vec<Finding> {
    let app = app(&plain(), &fs::read_to_string(plain()).unwrap(), None);
    let mut files: Vec<File> = rendered(&cloudrun::TARGET, &app, false).bundle.files;
    let of_pod = ["volumes", "containers[name=orders].env", "containers"];
    for list in of_pod {
        let pod = tree::Path::new("spec.template.spec").find_mut(&mut files[0].root).expect("a pod");
        let list = tree::Path::new(list).find_mut(pod).expect("a list");
        if let Content::Seq(items) = &mut list.content {
            items.extend_from_within(..);
        }
    }
    files.extend(files.clone());
    (cloudrun::TARGET.check)(&files)
}

/// What no patch can do alone: a second workload with the labels of the first, and lists with an item twice.
fn by_hand() -> Vec<Finding> {
    let app = app(&plain(), &fs::read_to_string(plain()).unwrap(), None);
    let mut files: Vec<File> = rendered(&k8s::TARGET, &app, false).bundle.files;
    files.extend(files.clone().into_iter().filter(|file| file.path == "deployment.yaml"));
    let before = (k8s::TARGET.check)(&files);
    let copy = &mut files.last_mut().unwrap().root;
    copy.get_mut("metadata").unwrap().set("name", Node::text("copy"));
    let volumes = tree::Path::new("spec.template.spec.volumes").find_mut(copy).unwrap();
    if let Content::Seq(volumes) = &mut volumes.content {
        volumes.extend_from_within(..);
    }
    before.into_iter().chain((k8s::TARGET.check)(&files)).collect()
}

/// The plain profile with something at its end, rendered; each problem with the text that it points at.
fn blamed(target: &Target, end: &str) -> Vec<(String, String)> {
    let app = app(&plain(), &(fs::read_to_string(plain()).unwrap() + end), None);
    let problems = rendered(target, &app, false).problems.into_iter();
    let blamed = problems.map(|problem| {
        let span = problem.span.expect("a patch stands somewhere");
        (problem.title, app.provenance.sources.text(&span).to_owned())
    });
    blamed.collect()
}

fn said(title: &str, at: &str) -> (String, String) {
    (title.to_owned(), at.to_owned())
}

#[test]
fn a_finding_points_at_the_words_of_the_patch_that_brought_it() {
    let patches = r#"
        [[patches]]
        target = "k8s"
        kind = "Deployment"
        merge.metadata.annotations.fine = "yes"

        [[patches]]
        target = "k8s"
        kind = "Deployment"
        [patches.merge.spec]
        replica = 3
        template.spec.containers = [{ name = "orders", env = [{ name = "A", valeu = "b" }] }]
    "#;
    let unknown = "Deployment `orders`: Kubernetes does not know";
    assert_eq!(
        blamed(&k8s::TARGET, patches),
        [
            said(&format!("{unknown} `spec.replica`"), "replica"),
            said(&format!("{unknown} `spec.template.spec.containers[name=orders].env[name=A].valeu`"), "valeu"),
        ]
    );
}

#[test]
fn a_finding_points_at_what_was_removed_and_at_the_second_of_two_patches() {
    let patches = r#"
        [[patches]]
        target = "compose"
        kind = "service"
        merge = { user = "root" }
        remove = ["/healthcheck/start_period"]

        [[patches]]
        target = "compose"
        merge = { services = { orders = { networks = ["other"] } } }
    "#;
    assert_eq!(
        blamed(&compose::TARGET, patches),
        [
            said("Compose file: service `orders` does not run as a user by number other than root", "user"),
            said(
                "Compose file: service `orders` has `start_interval` without `start_period`",
                "\"/healthcheck/start_period\"",
            ),
            said("Compose file: service `orders` uses `other`, which is not among the networks", "\"other\""),
        ]
    );
}

#[test]
fn a_patch_is_not_blamed_for_another_nor_for_the_profile() {
    let patch =
        |kind: &str, merge: &str| format!("\n[[patches]]\ntarget = \"k8s\"\nkind = \"{kind}\"\nmerge = {merge}\n");
    // The first is wrong until the second mends it.
    let mended = patch("Service", "{ spec = { selector = { color = \"blue\" } } }")
        + &patch("Deployment", "{ spec = { template = { metadata = { labels = { color = \"blue\" } } } } }");
    assert_eq!(blamed(&k8s::TARGET, &mended), []);
    // Wrong in two ways, and there since the first.
    let both = patch("Deployment", "{ metadata = { labels = { \"a b\" = \"c\" } } }")
        + &patch("Deployment", "{ metadata = { labels = { \"a b\" = \"d\" } } }");
    let title = "Deployment `orders`: `metadata.labels.a b` is `d`: the key is not one that a label takes";
    assert_eq!(blamed(&k8s::TARGET, &both), [said(title, "\"a b\"")]);
    // What the profile gave up in its own words is told there.
    let writable = format!("\n[security]\nread_only = false\n{}", patch("Deployment", "{ spec = { paused = true } }"));
    assert_eq!(blamed(&k8s::TARGET, &writable), []);
}
