//! The way to a cluster: addresses, credentials, proxies, patience.

use super::*;

fn connect(file: &Kubeconfig) -> Connection {
    Connection { kubeconfig: Some(file.path.clone()), ..Connection::default() }
}

fn refused(looked: Looked) -> (String, String) {
    let failure = looked.unwrap_err();
    (failure.title, failure.help.unwrap_or_default())
}

#[test]
fn a_server_that_is_not_there_is_told_of_once() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let file = kubeconfig(&format!("http://127.0.0.1:{port}"), json!({}), json!({}));
    let (title, help) = refused(look(&connect(&file), &how(Mode::Auto), &[deployment(), deployment()]));
    assert!(title.starts_with("the cluster cannot be reached: "), "{title}");
    assert!(title.contains("refused"), "{title}");
    assert!(help.contains("proxy"), "{help}");
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for() {
    let server = Server::start(|_| Answer::Silence);
    let patience = How { timeout: Duration::from_secs(1), ..how(Mode::Auto) };
    let (title, _) = refused(ask(&server, &patience, &[deployment()]));
    assert_eq!(title, "the cluster does not answer within 1 s");
}

#[test]
fn credentials_that_are_not_accepted_are_told_of_once() {
    let server = Server::start(|_| Answer::status(401, "Unauthorized", "Unauthorized"));
    let (title, help) = refused(ask(&server, &how(Mode::Auto), &[deployment(), deployment()]));
    assert_eq!(title, "the cluster does not accept the credentials: Unauthorized");
    assert!(help.contains("log in"), "{help}");
}

#[test]
fn something_else_at_the_address_is_told() {
    let server = Server::start(|_| Answer::Text(502, "bad gateway"));
    let (title, _) = refused(ask(&server, &how(Mode::Auto), &[deployment()]));
    assert!(title.contains("bad gateway"), "{title}");
}

fn plugin(script: &str) -> Value {
    let api_version = "client.authentication.k8s.io/v1";
    json!({ "exec": { "apiVersion": api_version, "command": "sh", "args": ["-c", script], "interactiveMode": "Never" } })
}

#[test]
fn plugins_give_credentials() {
    let server = has(live("helm", "Apply"));
    let credential = json!({
        "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": { "token": "from-the-plugin" },
    });
    let file = kubeconfig(&server.url, json!({}), plugin(&format!("echo '{credential}'")));
    look(&connect(&file), &how(Mode::Auto), &[deployment()]).unwrap();
    assert!(server.asked().iter().all(|request| request.headers["authorization"] == "Bearer from-the-plugin"));
}

#[test]
fn a_plugin_that_fails_is_told_of_without_what_it_prints() {
    let server = has(live("helm", "Apply"));
    let script = "echo token-in-clear; echo 'please log in: corp login' >&2; exit 3";
    let file = kubeconfig(&server.url, json!({}), plugin(script));
    let (title, help) = refused(look(&connect(&file), &how(Mode::Auto), &[deployment()]));
    assert_eq!(
        title,
        "there are no credentials: the plugin of the context ends with exit status: 3: please log in: corp login"
    );
    assert!(!title.contains("token-in-clear") && !help.contains("token-in-clear"));
    assert_eq!(server.lines(), [""; 0]);
}

#[test]
fn a_proxy_of_the_kubeconfig_is_used() {
    let proxy = has(live("helm", "Apply"));
    // What the proxy is to reach need not be there: it answers itself.
    let file = kubeconfig("http://cluster.example:6443", json!({ "proxy-url": proxy.url }), json!({}));
    let (_, seen) = look(&connect(&file), &how(Mode::Get), &[deployment()]).unwrap();
    assert_eq!(changes(&seen[0]), [""; 0]);
    assert_eq!(proxy.lines()[0], "CONNECT cluster.example:6443");
}

#[test]
fn a_context_that_is_not_there_names_those_that_are() {
    let file = kubeconfig("http://127.0.0.1:1", json!({}), json!({}));
    let connection = Connection { context: Some("prod".into()), ..connect(&file) };
    let (title, help) = refused(look(&connection, &how(Mode::Auto), &[deployment()]));
    assert_eq!(title, "the kubeconfig has no context `prod`");
    assert_eq!(help, "name one: `--context test`; it has test");
}

#[test]
fn no_kubeconfig_and_no_pod_say_what_to_name() {
    let connection = Connection { kubeconfig: Some("/nowhere/config".into()), ..Connection::default() };
    let (title, help) = refused(look(&connection, &how(Mode::Auto), &[deployment()]));
    assert!(title.starts_with("there is no kubeconfig to read: "), "{title}");
    assert!(help.contains("--in-cluster"), "{help}");
    let connection = Connection { in_cluster: true, ..Connection::default() };
    let (title, _) = refused(look(&connection, &how(Mode::Auto), &[deployment()]));
    assert!(title.starts_with("this runs in no pod of a cluster"), "{title}");
}

/// The program, in surroundings of its own.
fn run(file: &Kubeconfig, words: &[&str], surroundings: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_render"))
        .args(["diff", "--live", "--kubeconfig"])
        .arg(&file.path)
        .args(words)
        .arg("examples/minimal/profile.toml")
        .env_remove("CI")
        .envs(surroundings.iter().copied())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn proxies_of_the_surroundings_are_used_but_for_what_needs_none() {
    let proxy = has(live("helm", "Apply"));
    let file = kubeconfig("http://cluster.example:6443", json!({}), json!({}));
    run(&file, &[], &[("HTTPS_PROXY", &proxy.url), ("NO_PROXY", "")]);
    assert_eq!(proxy.lines()[0], "CONNECT cluster.example:6443");
    let (proxy, direct) = (has(live("helm", "Apply")), has(live("helm", "Apply")));
    let file = kubeconfig(&direct.url, json!({}), json!({}));
    run(&file, &[], &[("HTTPS_PROXY", &proxy.url), ("NO_PROXY", "127.0.0.1")]);
    assert_eq!(proxy.lines(), [""; 0]);
    assert_eq!(direct.lines()[0], "GET /version");
}

#[test]
fn a_pipeline_names_its_cluster() {
    let server = has(live("helm", "Apply"));
    let file = kubeconfig(&server.url, json!({}), json!({}));
    let (code, said) = run(&file, &[], &[("CI", "true")]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--context") && said.contains("--in-cluster"), "{said}");
    assert_eq!(server.lines(), [""; 0]);
    let (code, said) = run(&file, &["--context", "test"], &[("CI", "true")]);
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn a_cluster_that_cannot_be_reached_or_refuses_has_an_exit_code_of_its_own() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let file = kubeconfig(&format!("http://127.0.0.1:{port}"), json!({}), json!({}));
    let (code, said) = run(&file, &[], &[]);
    assert_eq!((code, said.matches("cannot be reached").count()), (Some(3), 1), "{said}");
    let server = Server::start(|request| match request.at() {
        "/version" => Answer::ok(json!({ "gitVersion": "v1" })),
        _ => Answer::status(
            403,
            "Forbidden",
            "services \"a\" is forbidden: User \"ci\" cannot get resource \"services\" in API group \"\"",
        ),
    });
    let (code, said) = run(&kubeconfig(&server.url, json!({}), json!({})), &[], &[]);
    assert_eq!(code, Some(3));
    assert!(said.contains("Service hello: not permitted"), "{said}");
    assert!(said.contains("grant `get` on `services`"), "{said}");
}
