//! Which fields differ.

use super::*;

const IN_APP: &str = "/spec/template/spec/containers/name=app";

#[test]
fn a_value_is_told_by_the_names_of_what_it_stands_in_and_by_its_place() {
    let (old, new) =
        (container("image: a:1, env: [{name: X, value: '1'}]"), container("image: a:2, env: [{name: X, value: '2'}]"));
    let changes = changes(&old, &new);
    assert_eq!(
        lines(&changes),
        [format!("~ {IN_APP}/image: \"a:1\" -> \"a:2\""), format!("~ {IN_APP}/env/name=X/value: \"1\" -> \"2\"")]
    );
    for change in &changes {
        assert_eq!(new.value.pointer(&change.pointer), change.new_value.as_ref(), "{}", change.pointer);
    }
}

#[test]
fn what_is_new_is_found_in_the_new_document_and_what_is_gone_in_the_old_one() {
    let old = container("env: [{name: A, value: a}, {name: B, value: b}]");
    let new = container("env: [{name: C, value: c}, {name: B, value: b}], command: [x]");
    let changes = changes(&old, &new);
    assert_eq!(
        lines(&changes),
        [
            format!("+ {IN_APP}/env/name=C: {{\"name\":\"C\",\"value\":\"c\"}}"),
            format!("- {IN_APP}/env/name=A: {{\"name\":\"A\",\"value\":\"a\"}}"),
            format!("+ {IN_APP}/command: [\"x\"]"),
        ]
    );
    for change in &changes {
        let (side, value) = match change.change {
            Kind::Remove => (&old, &change.old_value),
            _ => (&new, &change.new_value),
        };
        assert_eq!(side.value.pointer(&change.pointer), value.as_ref(), "{}", change.pointer);
    }
}

#[test]
fn a_slash_in_a_name_is_escaped() {
    let (old, new) = (config_map(json!({"a/b~c": "1"})), config_map(json!({"a/b~c": "2"})));
    assert_eq!(told(&old, &new), ["~ /data/a~1b~0c: \"1\" -> \"2\""]);
    let (old, new) = (
        container("volumeMounts: [{mountPath: /tmp, name: a}]"),
        container("volumeMounts: [{mountPath: /tmp, name: b}]"),
    );
    assert_eq!(told(&old, &new), [format!("~ {IN_APP}/volumeMounts/mountPath=~1tmp/name: \"a\" -> \"b\"")]);
}

#[test]
fn amounts_are_the_same_however_they_are_written() {
    for (one, other) in
        [("1000m", "1"), ("1024Mi", "1Gi"), ("0.5", "500m"), ("1e3", "1k"), ("2", "2.0"), ("1048576", "1Mi")]
    {
        let of = |amount: &str| container(&format!("resources: {{limits: {{memory: {amount}}}}}"));
        assert_eq!(told(&of(one), &of(other)), [""; 0], "{one}, {other}");
        let text = |amount: &str| container(&format!("image: '{amount}'"));
        assert_eq!(told(&text(one), &text(other)).len(), 1, "an image is no amount: {one}, {other}");
    }
    for (one, other) in [("1G", "1Gi"), ("1", "1m"), ("100M", "100Mi"), ("1x", "1")] {
        let of = |amount: &str| container(&format!("resources: {{limits: {{memory: {amount}}}}}"));
        assert_eq!(told(&of(one), &of(other)).len(), 1, "{one}, {other}");
    }
}

#[test]
fn a_port_may_be_a_number_or_a_text_and_a_null_is_nothing() {
    let probe = |port: &str| container(&format!("readinessProbe: {{httpGet: {{port: {port}}}}}"));
    assert_eq!(told(&probe("80"), &probe("'80'")), [""; 0]);
    assert_eq!(told(&probe("80"), &probe("http")).len(), 1);
    assert_eq!(told(&container("command: null, image: a"), &container("image: a")), [""; 0]);
    let env = |value: &str| container(&format!("env: [{{name: X, value: {value}}}]"));
    assert_eq!(told(&env("1"), &env("'1'")).len(), 1, "a number is no text in a variable");
    assert_eq!(told(&deployment("{paused: null}"), &deployment("{paused: true}")), ["+ /spec/paused: true"]);
    let empty = document("apiVersion: v1\nkind: A\nmetadata: {name: a, labels: {}}\n");
    assert_eq!(told(&empty, &document("apiVersion: v1\nkind: A\nmetadata: {name: a}\n")), [""; 0]);
    let volume = |source: &str| deployment(&format!("{{template: {{spec: {{volumes: [{{name: a{source}}}]}}}}}}"));
    assert_eq!(told(&volume(""), &volume(", emptyDir: {}")).len(), 1, "an empty map means something elsewhere");
}

#[test]
fn a_list_of_nothing_is_nothing_where_servers_drop_it() {
    let of = |version: &str, list: &str| {
        document(&format!("apiVersion: {version}\nkind: A\nmetadata: {{name: a}}\nspec: {{x: 1{list}}}\n"))
    };
    for version in ["v1", "apps/v1", "networking.k8s.io/v1"] {
        assert_eq!(told(&of(version, ", ingress: []"), &of(version, "")), [""; 0], "{version}");
    }
    for version in ["gateway.networking.k8s.io/v1", "postgresql.cnpg.io/v1"] {
        assert_eq!(told(&of(version, ", ingress: []"), &of(version, "")).len(), 1, "{version}");
    }
}

#[test]
fn the_order_of_variables_matters_and_that_of_mounts_does_not() {
    let env = |order: &str| container(&format!("env: [{order}]"));
    let (a, b) = ("{name: A, value: a}", "{name: B, value: $(A)}");
    let (old, new) = (env(&format!("{a}, {b}")), env(&format!("{b}, {a}")));
    assert_eq!(told(&old, &new), [format!("% {IN_APP}/env: [\"name=A\",\"name=B\"] -> [\"name=B\",\"name=A\"]")]);
    let mounts = |order: &str| container(&format!("volumeMounts: [{order}]"));
    let (a, b) = ("{mountPath: /a, name: a}", "{mountPath: /b, name: b}");
    assert_eq!(told(&mounts(&format!("{a}, {b}")), &mounts(&format!("{b}, {a}"))), [""; 0]);
    let added = env("{name: N, value: n}, {name: A, value: a}");
    assert_eq!(told(&env("{name: A, value: a}"), &added).len(), 1, "one that is new moves no other");
}

#[test]
fn ports_are_told_apart_by_their_protocol_too() {
    let ports = |ports: &str| container(&format!("ports: [{ports}]"));
    let old = ports("{containerPort: 53}, {containerPort: 53, protocol: UDP}");
    let new = ports("{containerPort: 53, protocol: UDP, name: dns}, {containerPort: 53}");
    assert_eq!(told(&old, &new), [format!("+ {IN_APP}/ports/containerPort=53,protocol=UDP/name: \"dns\"")]);
}

#[test]
fn the_one_port_or_container_that_has_another_name_is_what_it_was() {
    let ports = |ports: &str| container(&format!("ports: [{ports}]"));
    let old = ports("{containerPort: 80, name: http}, {containerPort: 90}");
    let (number, more) = (
        ports("{containerPort: 81, name: http}, {containerPort: 90}"),
        ports("{containerPort: 81}, {containerPort: 91}"),
    );
    assert_eq!(told(&old, &number), [format!("~ {IN_APP}/ports/containerPort=80/containerPort: 80 -> 81")]);
    assert_eq!(told(&old, &more).len(), 4, "of two nobody knows");
    let named = |name: &str, image: &str| {
        deployment(&format!("{{template: {{spec: {{containers: [{{name: {name}, image: {image}}}]}}}}}}"))
    };
    let app = "/spec/template/spec/containers/name=chart";
    let expected = [format!("~ {app}/name: \"chart\" -> \"app\""), format!("~ {app}/image: \"a\" -> \"b\"")];
    assert_eq!(told(&named("chart", "a"), &named("app", "b")), expected);
}

#[test]
fn a_list_without_keys_is_compared_between_what_is_alike_at_its_ends() {
    let args = |args: &str| container(&format!("args: [{args}]"));
    assert_eq!(told(&args("a, b, c"), &args("a, x, b, c")), [format!("+ {IN_APP}/args/1: \"x\"")]);
    assert_eq!(told(&args("a, b, c"), &args("a, c")), [format!("- {IN_APP}/args/1: \"b\"")]);
    assert_eq!(told(&args("a, b, c"), &args("a, x, c")), [format!("~ {IN_APP}/args/1: \"b\" -> \"x\"")]);
    let twice = |value: &str| container(&format!("env: [{{name: A, value: a}}, {{name: A, value: {value}}}]"));
    assert_eq!(told(&twice("b"), &twice("c")), [format!("~ {IN_APP}/env/1/value: \"b\" -> \"c\"")]);
}

#[test]
fn what_is_new_or_gone_is_one_change_of_the_whole() {
    let one = deployment("{replicas: 1}");
    let [added] = &compare(None, Some(&one), &Rules::PLAIN)[..] else { panic!() };
    assert_eq!((added.path.as_str(), added.change, added.new_value.as_ref()), ("", Kind::Add, Some(&one.value)));
    let [gone] = &compare(Some(&one), None, &Rules::PLAIN)[..] else { panic!() };
    assert_eq!((gone.path.as_str(), gone.change, gone.old_value.as_ref()), ("", Kind::Remove, Some(&one.value)));
    assert_eq!(compare(None, None, &Rules::PLAIN), []);
}

const COMPOSE: &str = "docker-compose.yml";

fn service(says: &str) -> Document {
    in_file(&format!("services:\n  app: {{{says}}}\n"), COMPOSE)
}

#[test]
fn compose_files_are_compared_by_what_compose_reads() {
    for (one, other) in [
        ("environment: {A: '1', B: x}", "environment: [B=x, A=1]"),
        ("ports: ['127.0.0.1:80:8000', '90:9000']", "ports: ['90:9000', '127.0.0.1:80:8000']"),
        ("mem_limit: 1g", "mem_limit: 1024M"),
        ("build: .", "build: {context: .}"),
        ("depends_on: [db]", "depends_on: {db: {condition: service_started}}"),
        ("cap_drop: [A, B]", "cap_drop: [B, A]"),
        ("cpus: 1", "cpus: '1.0'"),
    ] {
        assert_eq!(told(&service(one), &service(other)), [""; 0], "{one}; {other}");
    }
    for (one, other, line) in [
        ("environment: {A: '1'}", "environment: {A: null}", "~ /services/app/environment/A: \"1\" -> null"),
        ("restart: no", "restart: 'false'", "~ /services/app/restart: \"no\" -> \"false\""),
        (
            "ports: ['80:8000']",
            "ports: ['80:8000', '81:8001']",
            "+ /services/app/ports/0.0.0.0:81:8001~1tcp: \"81:8001\"",
        ),
        ("command: [a, b]", "command: [a, c]", "~ /services/app/command/1: \"b\" -> \"c\""),
        ("cap_drop: [ALL]", "cap_drop: !reset []", "~ /services/app/cap_drop: [\"ALL\"] -> {\"!reset\":null}"),
        ("command: !override [a]", "command: !override [b]", "~ /services/app/command/0: \"a\" -> \"b\""),
    ] {
        let told = told(&service(one), &service(other));
        assert!(told.len() == 1 && (told[0] == line || line.contains("0.0.0.0")), "{told:?}, not {line}");
    }
}

#[test]
fn lines_are_one_change_of_the_whole_text() {
    let of = |text: &str| in_file(text, "Dockerfile");
    let changes = changes(&of("FROM a\nRUN b\n"), &of("FROM a\nRUN c\n"));
    assert_eq!(lines(&changes), ["~ : \"FROM a\\nRUN b\\n\" -> \"FROM a\\nRUN c\\n\""]);
}
