//! `render fn`: what becomes of the list that a pipeline hands over.

use render::krm;
use serde_json::Value;

use super::examples::yaml as value;
use crate::cli::Place;

/// As `kpt` hands a package over: the profile is an item, too, comments are kept, and other people's files are there.
const LIST: &str = r#"# the package
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
# of the platform team
- apiVersion: v1
  kind: Namespace # ours
  metadata:
    name: shop
    annotations:
      internal.config.kubernetes.io/path: 'namespace.yaml'
      internal.config.kubernetes.io/index: '0'
  # nothing else

# the profile
- apiVersion: render.dev/v1alpha1
  kind: RenderProfile
  metadata:
    name: orders
    annotations:
      config.kubernetes.io/local-config: "true"
      internal.config.kubernetes.io/path: 'apps/profile.yaml'
  spec: &spec {image: "ghcr.io/acme/orders:1.4.2"}
functionConfig:
  apiVersion: render.dev/v1alpha1
  kind: RenderProfile
  metadata:
    name: orders
    annotations:
      config.kubernetes.io/local-config: "true"
      internal.config.kubernetes.io/path: 'apps/profile.yaml'
  spec:
    image: "ghcr.io/acme/orders:1.4.2" # pinned
    port: 8000
    workers: 2
    server: {app: "orders.main:app"}
    probes:
      liveness: /healthz
      readiness: /readyz
    resources:
      memory: 256Mi
    environments:
      prod: {workers: 3}
"#;

/// The list that goes out, of a run that must go well.
fn run(list: &str) -> String {
    let answer = krm::run(list);
    assert!(!answer.is_error(), "{:#?}", answer.told);
    answer.list.unwrap()
}

fn items(text: &str) -> Vec<Value> {
    value(text)["items"].as_array().unwrap().clone()
}

fn named(text: &str, kind: &str) -> Value {
    let all = items(text);
    all.iter().find(|item| item["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {text}")).clone()
}

#[test]
fn what_came_in_goes_out_as_it_is_and_the_objects_after_it() {
    let out = run(LIST);
    let (above, below) = LIST.split_once("functionConfig:").unwrap();
    assert!(out.starts_with(above), "{out}");
    assert!(out.contains(&format!("functionConfig:{below}")), "{out}");
    let kinds: Vec<String> = items(&out).iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds[..2], ["Namespace", "RenderProfile"]);
    assert!(
        ["ServiceAccount", "Service", "Deployment", "NetworkPolicy"].iter().all(|kind| kinds.contains(&(*kind).into())),
        "{kinds:?}"
    );
    let deployment = named(&out, "Deployment");
    assert_eq!(deployment["metadata"]["name"], "orders");
    assert_eq!(deployment["spec"]["replicas"], 2);
    let annotations = &deployment["metadata"]["annotations"];
    assert_eq!(annotations["render.dev/profile"], "orders");
    assert_eq!(annotations["internal.config.kubernetes.io/path"], "apps/orders/deployment.yaml");
    assert_eq!(annotations["internal.config.kubernetes.io/index"], "0");
}

#[test]
fn what_is_rendered_is_what_the_command_renders() {
    let place = Place::empty();
    place.write(
        "profile.toml",
        "name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\nport = 8000\nworkers = 2\nserver = { app = \"orders.main:app\" }\n\
         probes = { liveness = \"/healthz\", readiness = \"/readyz\" }\nresources = { memory = \"256Mi\" }\n\
         [environments.prod]\nworkers = 3\n",
    );
    for (list, command) in [
        (LIST.to_owned(), "k8s -q"),
        (LIST.replace("  spec:\n    image", "  options: {env: prod}\n  spec:\n    image"), "k8s -q --env prod"),
    ] {
        let mut own: Vec<Value> = items(&run(&list)).split_off(2);
        for item in &mut own {
            let metadata = item["metadata"].as_object_mut().unwrap();
            let annotations = metadata["annotations"].as_object_mut().unwrap();
            annotations.retain(|key, _| !key.starts_with("internal.config") && key != "render.dev/profile");
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
        let stream = place.run(command).silently();
        let rendered: Vec<Value> = stream.split("---\n").map(value).collect();
        assert_eq!(own, rendered);
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let once = run(LIST);
    assert_eq!(run(&once), once);
    // Nor where whoever runs functions has its own annotations, order and comments.
    let edited = once
        .replace(
            "internal.config.kubernetes.io/index: \"0\"",
            "internal.config.kubernetes.io/index: \"0\"\n      config.k8s.io/id: \"7\" # theirs",
        )
        .replace("- apiVersion: apps/v1", "# looked at\n- apiVersion: apps/v1");
    assert_ne!(edited, once);
    assert_eq!(run(&edited), edited);
}

#[test]
fn what_has_changed_is_replaced_where_it_stands() {
    let once = run(LIST);
    let moved = once.replace("apps/orders/deployment.yaml", "elsewhere.yaml").replace("workers: 2", "workers: 5");
    let again = run(&moved);
    let deployment = named(&again, "Deployment");
    assert_eq!(deployment["spec"]["replicas"], 5);
    assert_eq!(deployment["metadata"]["annotations"]["internal.config.kubernetes.io/path"], "elsewhere.yaml");
    let kinds = |text: &str| items(text).iter().map(|item| item["kind"].to_string()).collect::<Vec<_>>();
    assert_eq!(kinds(&again), kinds(&once));
}

#[test]
fn what_is_rendered_no_more_is_taken_away_and_nobody_elses() {
    let scaled = LIST
        .replace("workers: 2\n", "workers: 2\n    autoscale: {max: 9, cpu: 70}\n")
        .replace("    resources:\n", "    resources:\n      cpu: 250m\n");
    let once = run(&scaled);
    named(&once, "HorizontalPodAutoscaler");
    let other = once.replace("functionConfig:", "- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: x, annotations: {render.dev/profile: billing}}\nfunctionConfig:");
    let less = other.replace("    autoscale: {max: 9, cpu: 70}\n", "");
    let answer = krm::run(&less);
    let out = answer.list.unwrap();
    assert!(!items(&out).iter().any(|item| item["kind"] == "HorizontalPodAutoscaler"), "{out}");
    named(&out, "ConfigMap");
    named(&out, "Namespace");
    let results = value(&out)["results"].clone();
    assert_eq!(results[0]["message"], "HorizontalPodAutoscaler orders is rendered no more, and was taken away");
    assert_eq!(results[0]["severity"], "info");
    assert_eq!(results[0]["resourceRef"]["kind"], "HorizontalPodAutoscaler");
}

#[test]
fn an_object_that_another_function_put_into_a_namespace_is_the_same() {
    let once = run(LIST);
    let moved = once.replace(
        "\n    name: orders\n    annotations:\n",
        "\n    name: orders\n    namespace: shop\n    annotations:\n",
    );
    let out = run(&moved);
    assert_eq!(items(&out).len(), items(&once).len(), "{out}");
}

#[test]
fn an_object_of_the_same_name_that_is_not_ours_is_replaced_and_told() {
    let foreign = LIST.replace("functionConfig:", "- apiVersion: v1\n  kind: Service\n  metadata:\n    name: orders\n  spec: {type: LoadBalancer}\nfunctionConfig:");
    let answer = krm::run(&foreign);
    let out = answer.list.clone().unwrap();
    assert_eq!(items(&out).iter().filter(|item| item["kind"] == "Service").count(), 1);
    assert_ne!(named(&out, "Service")["spec"]["type"], "LoadBalancer");
    assert!(named(&out, "Service")["metadata"]["annotations"].get("internal.config.kubernetes.io/path").is_none());
    assert!(answer.told.iter().any(|(_, text)| text.contains("Service orders was there and is not of this profile")));
    assert_eq!(run(&out).split("results:").next(), out.split("results:").next());
}

#[test]
fn any_layout_of_a_list_will_do() {
    let expected = items(&run(LIST));
    // As JSON, which has no comments, and with other orders and indentations.
    let json = value(LIST).to_string();
    assert_eq!(items(&run(&json)), expected);
    let (above, config) = LIST.split_once("functionConfig:").unwrap();
    let (head, list) = above.split_once("items:\n").unwrap();
    let other = format!("{head}functionConfig:{config}items:\n{list}");
    assert_eq!(items(&run(&other)), expected);
    assert!(run(&other).starts_with(&other));
    let indented: String =
        list.lines().map(|line| if line.is_empty() { "\n".into() } else { format!("  {line}\n") }).collect();
    let other = format!("---\n{head}items:\n{indented}functionConfig:{config}");
    let out = run(&other);
    assert_eq!(items(&out), expected);
    assert!(out.starts_with(other.split("functionConfig").next().unwrap()), "{out}");
    // None at all, as a kustomize generator.
    for empty in ["items: []\n", "items:\n", ""] {
        let out = run(&format!("{head}{empty}functionConfig:{config}"));
        assert_eq!(items(&out), expected[2..]);
    }
    // An alias reaches over items: its text alone would not be a document.
    let alias = LIST.replace("  # nothing else\n", "  spec: &x {finalizers: [kubernetes]}\n  status: *x\n");
    let out = run(&alias);
    assert_eq!(items(&out)[0]["status"]["finalizers"][0], "kubernetes");
    assert_eq!(run(&out), out);
}

#[test]
fn the_program_is_the_function_by_its_name_alone() {
    let place = Place::empty();
    let with = place.run_with_input("fn", LIST);
    assert_eq!((with.code, &with.stdout), (0, &run(LIST)));
    #[cfg(unix)]
    {
        let link = place.path().join("render-fn");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_render"), &link).unwrap();
        let mut child = std::process::Command::new(&link)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), LIST.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), with.stdout);
    }
}
