//! Objects that a profile brings as they are: `[k8s] extra`.

use std::io;

use render::{
    bundle::File,
    flow,
    layers::Request,
    problem::{Code, any_error},
    targets::{self, Wish},
};
use serde_json::{Value, json};

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\nlabels = { team = \"shop\" }\n\
                   annotations = { owner = \"shop\" }\n[server]\napp = \"a:app\"\n\
                   [probes]\nliveness = \"/healthz\"\n[resources]\nmemory = \"64Mi\"\n";

const THING: &str = "apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: NAME }\nspec: { a: 1 }\n";

fn thing(name: &str) -> String {
    THING.replace("NAME", name)
}

/// A repository: `app/profile.toml`, and files beside it.
struct Repo<'a>(&'a str, &'a [(&'a str, &'a str)]);

impl Repo<'_> {
    fn rendered(&self) -> (Vec<File>, Vec<Code>, Value) {
        let text = format!("{APP}{}", self.0);
        let read = |path: &str| {
            let found = self.1.iter().find(|(name, _)| *name == path);
            found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        let list = |folder: &str| {
            let names = self.1.iter().filter_map(|(name, _)| name.strip_prefix(folder)?.strip_prefix('/'));
            Ok(names.filter(|name| !name.contains('/')).map(str::to_owned).collect())
        };
        let request = Request { read: &read, list: &list, ..Request::alone("app/profile.toml", text.as_bytes()) };
        let outcome = flow::app(&request);
        let mut problems = outcome.problems;
        let mut files = Vec::new();
        if let Some(app) = &outcome.app {
            let wish = Wish { app, base: None, dev: false, full: false };
            let rendered = (targets::find("k8s").unwrap().render)(&wish);
            problems.extend(rendered.problems);
            files = if any_error(&problems) { Vec::new() } else { rendered.bundle.files };
        }
        (files, problems.iter().map(|problem| problem.code).collect(), outcome.model)
    }

    fn paths(&self) -> Vec<String> {
        self.rendered().0.into_iter().map(|file| file.path).collect()
    }

    fn object(&self, path: &str) -> Value {
        let (files, problems, _) = self.rendered();
        let file = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}: {problems:?}"));
        Value::from(&file.root)
    }
}

const ALL: &str = "[k8s]\nnamespace = \"shop\"\nextra = [\"extra/*.yaml\"]\n";

#[test]
fn an_object_lives_and_is_labelled_like_the_others_unless_it_says_otherwise() {
    let own = "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: own\n  namespace: other\n  \
               labels: { team: ops, app.kubernetes.io/part-of: more }\n";
    let cluster = "apiVersion: example.com/v1\nkind: ClusterThing\nmetadata: { name: all }\n";
    let files = [("app/extra/a.yaml", &*thing("plain")), ("app/extra/b.yaml", own), ("app/extra/c.yaml", cluster)];
    let repo = Repo(ALL, &files);
    let metadata = |path: &str| repo.object(path)["metadata"].clone();
    let ours =
        json!({ "app.kubernetes.io/managed-by": "render", "app.kubernetes.io/part-of": "orders", "team": "shop" });
    let annotations = json!({ "owner": "shop" });
    let plain = json!({ "name": "plain", "namespace": "shop", "labels": ours, "annotations": annotations });
    assert_eq!(metadata("thing-plain.yaml"), plain);
    let own = json!({ "app.kubernetes.io/managed-by": "render", "app.kubernetes.io/part-of": "more", "team": "ops" });
    assert_eq!(metadata("thing-own.yaml")["labels"], own);
    assert_eq!(metadata("thing-own.yaml")["namespace"], "other");
    assert!(metadata("clusterthing-all.yaml").get("namespace").is_none());
    assert_eq!(repo.object("thing-plain.yaml")["spec"], json!({ "a": 1 }));
}

#[test]
fn what_others_need_comes_first_and_a_file_may_hold_several() {
    let several = format!(
        "# all\n---\n{}---\napiVersion: v1\nkind: Namespace\nmetadata: {{ name: shop }}\n...\n---\n# nothing\n",
        thing("orders-thing")
    );
    let paths = Repo(ALL, &[("app/extra/a.yaml", &several)]).paths();
    assert_eq!((paths[0].as_str(), paths[paths.len() - 1].as_str()), ("namespace-shop.yaml", "thing-thing.yaml"));
}

#[test]
fn patterns_find_files_by_name_in_their_order() {
    let things = ["b", "a", "ab", "hidden"].map(thing);
    let files = [
        ("app/extra/b.yaml", things[0].as_str()),
        ("app/extra/a.yaml", &things[1]),
        ("app/extra/ab.yml", &things[2]),
        ("app/extra/.hidden.yaml", &things[3]),
        ("app/extra/deep/c.yaml", "no: object"),
        ("app/extra/README.md", "no object"),
    ];
    let found = |patterns: &str| {
        let toml = format!("[k8s]\nextra = [{patterns}]\n");
        let all = Repo(&toml, &files).paths().into_iter();
        all.filter_map(|path| Some(path.strip_prefix("thing-")?.strip_suffix(".yaml")?.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(found("\"extra/*.yaml\""), ["a", "b"]);
    assert_eq!(found("\"extra/*.y*ml\""), ["a", "ab", "b"]);
    assert_eq!(found("\"extra/?.yaml\""), ["a", "b"]);
    assert_eq!(found("\"./extra/b.yaml\", \"extra/*.yaml\""), ["b", "a"]);
    assert_eq!(found("\"extra/.*.yaml\", \"extra/*b*\""), ["hidden", "ab", "b"]);
}

#[test]
fn a_pattern_is_relative_to_the_file_that_writes_it() {
    let base = "[k8s]\nextra = [\"extra/*.yaml\"]\n";
    let profile = "[k8s]\nnamespace = \"shop\"\n";
    let things = ["theirs", "ours"].map(thing);
    let files =
        [("shared/base.toml", base), ("shared/extra/a.yaml", things[0].as_str()), ("app/extra/a.yaml", &things[1])];
    let text = format!("extends = \"../shared/base.toml\"\n{APP}");
    let repo = Repo(profile, &files);
    let read = |path: &str| {
        let found = files.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    };
    let list = |folder: &str| match folder {
        "shared/extra" => Ok(vec!["a.yaml".to_owned()]),
        _ => Err(io::ErrorKind::NotFound.into()),
    };
    let whole = text + repo.0;
    let request = Request { read: &read, list: &list, ..Request::alone("app/profile.toml", whole.as_bytes()) };
    let outcome = flow::app(&request);
    let found = &outcome.model["k8s"]["found"][0][0];
    assert_eq!(found["path"], "../shared/extra/a.yaml", "{:#?}", outcome.problems);
    assert_eq!(found["text"], things[0]);
}

#[test]
fn patches_reach_them_and_are_held_against_what_is_known() {
    let repo = |patch: &str| format!("{ALL}[[patches]]\ntarget = \"k8s\"\n{patch}");
    let flags = "apiVersion: v1\nkind: LimitRange\nmetadata: { name: flags }\nspec: { limits: [] }\n";
    let files = [("app/extra/a.yaml", thing("x")), ("app/extra/b.yaml", flags.to_owned())];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let toml = repo("kind = \"Thing\"\nmerge = { spec = { a = 2, anything = true } }\n");
    assert_eq!(Repo(&toml, &files).object("thing-x.yaml")["spec"], json!({ "a": 2, "anything": true }));
    let wrong = repo("kind = \"LimitRange\"\nmerge = { spec = { anything = true } }\n");
    assert!(Repo(&wrong, &files).rendered().1.contains(&Code::PatchedInvalid));
}

#[test]
fn what_is_rendered_already_cannot_be_brought() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: { name: orders }\nspec: { ports: [{ port: 80 }] }\n";
    let codes = |text: &str| Repo(ALL, &[("app/extra/a.yaml", text)]).rendered().1;
    assert!(codes(service).contains(&Code::BadExtra));
    // Somebody else's kind of the same name, and the same name in another namespace.
    assert!(!codes(&service.replace("v1\n", "serving.knative.dev/v1\n")).contains(&Code::BadExtra));
    assert!(!codes(&service.replace("orders }", "orders, namespace: other }")).contains(&Code::BadExtra));
    assert!(codes(&format!("{0}---\n{0}", thing("x"))).contains(&Code::BadExtra));
    let scaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: mine }\nspec:\n  \
                  maxReplicas: 3\n  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: orders }\n";
    assert!(codes(scaler).contains(&Code::BadExtra), "replicas beside an autoscaler");
}

#[test]
fn what_a_file_holds_makes_no_other_file_stale() {
    let decided = ["one", "two"].map(|name| {
        let (files, _, model) = Repo(ALL, &[("app/extra/a.yaml", &thing(name))]).rendered();
        let kind = |file: &File| file.root.get("kind").and_then(|kind| kind.as_text().map(str::to_owned));
        let others = files.iter().filter(|file| kind(file).as_deref() != Some("Thing"));
        others.map(|file| (file.path.clone(), file.decided_by(&[&model]))).collect::<Vec<_>>()
    });
    assert!(!decided[0].is_empty());
    assert_eq!(decided[0], decided[1]);
}
