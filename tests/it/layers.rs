//! How texts become one profile.

use std::{collections::BTreeMap, io};

use render::{
    key::Key,
    layers::{Layered, Outside, PRESETS, Request, check, load},
    problem::{Code, Problem},
};
use serde_json::json;

/// A repository in memory. The first file is the profile; what lies above the root is outside.
struct Repo<'a> {
    files: &'a [(&'a str, &'a str)],
    env: Option<&'a str>,
    set: &'a [&'a str],
}

fn repo<'a>(files: &'a [(&'a str, &'a str)]) -> Repo<'a> {
    Repo { files, env: None, set: &[] }
}

pub fn profile(text: &str) -> Result<Layered, Vec<Problem>> {
    repo(&[("profile.toml", text)]).load()
}

impl<'a> Repo<'a> {
    fn env(self, env: &'a str) -> Self {
        Repo { env: Some(env), ..self }
    }

    fn set(self, set: &'a [&'a str]) -> Self {
        Repo { set, ..self }
    }

    fn load(&self) -> Result<Layered, Vec<Problem>> {
        let files: BTreeMap<_, _> = self.files.iter().copied().collect();
        let read = |path: &str| match files.get(path) {
            _ if path.starts_with("../") => Err(Outside.into()),
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        let set: Vec<String> = self.set.iter().map(|&set| set.to_owned()).collect();
        let (name, text) = self.files[0];
        load(&Request { env: self.env, set: &set, read: &read, ..Request::alone(name, text.as_bytes()) })
            .map_err(|(problems, _)| problems)
    }

    fn value(&self) -> serde_json::Value {
        self.load().expect("loads").value
    }
}

fn codes(problems: &[Problem]) -> Vec<Code> {
    problems.iter().map(|problem| problem.code).collect()
}

/// `file:line` of the key, and the text of the value.
fn origin<'a>(layered: &'a Layered, key: &str) -> (String, &'a str) {
    let key = key.split('.').fold(Key::ROOT, |key, segment| key.child(segment));
    let origin = layered.provenance.origins.get(&key).unwrap_or_else(|| panic!("no origin of {key}"));
    (layered.provenance.sources.line(&origin.key), layered.provenance.sources.text(&origin.value))
}

#[test]
fn a_table_merges_deeply_and_anything_else_replaces() {
    let base = "args = ['a', 'b']\n[resources]\ncpu = '250m'\nmemory = { request = '1Gi', limit = '2Gi' }";
    let over = "extends = './base.toml'\nargs = ['c']\n[resources]\nmemory = '512Mi'";
    let value = repo(&[("profile.toml", over), ("base.toml", base)]).value();
    assert_eq!(value, json!({"args": ["c"], "resources": {"cpu": "250m", "memory": "512Mi"}}));
}

#[test]
fn a_table_replaces_a_scalar_and_the_other_way_round() {
    let base = "probes = false\n[env]\nA = { value = 'x', public = true }";
    let over = "extends = 'base.toml'\n[probes]\nliveness = '/livez'\n[env]\nA = 'y'";
    let value = repo(&[("profile.toml", over), ("base.toml", base)]).value();
    assert_eq!(value, json!({"probes": {"liveness": "/livez"}, "env": {"A": "y"}}));
}

#[test]
fn layers_apply_from_the_preset_to_the_command_line() {
    let team = "extends = 'fastapi'\nworkers = 3\nport = 1\nuid = 1";
    let over = "extends = 'team.toml'\nworkers = 4\nport = 2\n[environments.staging]\nport = 3\nuid = 3";
    let layered = repo(&[("profile.toml", over), ("team.toml", team)]).env("staging").set(&["uid=4"]).load().unwrap();
    assert_eq!(layered.value["server"]["kind"], "uvicorn");
    assert_eq!(layered.value["workers"], 4);
    assert_eq!(layered.value["port"], 3);
    assert_eq!(layered.value["uid"], 4);
    assert!(origin(&layered, "server.kind").0.starts_with("preset:fastapi:"));
    assert_eq!(origin(&layered, "workers"), ("profile.toml:2".into(), "4"));
    assert_eq!(origin(&layered, "port"), ("profile.toml:5".into(), "3"));
    assert_eq!(origin(&layered, "uid"), ("--set:1".into(), "4"));
}

#[test]
fn every_table_key_and_item_has_an_origin() {
    let text = "name = 'x'\n[k8s]\nnamespace = 'y'\n[[patches]]\ntarget = 'k8s'\nmerge = { a = [1, { b = 2 }] }";
    let layered = profile(text).unwrap();
    assert_eq!(origin(&layered, "name"), ("profile.toml:1".into(), "'x'"));
    assert_eq!(origin(&layered, "k8s"), ("profile.toml:2".into(), "[k8s]"));
    assert_eq!(origin(&layered, "k8s.namespace"), ("profile.toml:3".into(), "'y'"));
    assert_eq!(origin(&layered, "patches.0"), ("profile.toml:4".into(), "[[patches]]"));
    assert_eq!(origin(&layered, "patches.0.merge.a.0"), ("profile.toml:6".into(), "1"));
    assert_eq!(origin(&layered, "patches.0.merge.a.1.b"), ("profile.toml:6".into(), "2"));
}

#[test]
fn patches_of_every_layer_are_kept_in_order() {
    let base = "[[patches]]\ntarget = 'k8s'";
    let over =
        "extends = 'base.toml'\n[[patches]]\ntarget = 'compose'\n[[environments.a.patches]]\ntarget = 'cloudrun'";
    let layered = repo(&[("profile.toml", over), ("base.toml", base)]).env("a").load().unwrap();
    let targets: Vec<_> = layered.value["patches"].as_array().unwrap().iter().map(|patch| &patch["target"]).collect();
    assert_eq!(targets, ["k8s", "compose", "cloudrun"]);
    assert_eq!(origin(&layered, "patches.0.target").0, "base.toml:2");
    assert_eq!(origin(&layered, "patches.2.target").0, "profile.toml:5");
}

#[test]
fn a_command_drops_an_inherited_server_and_the_other_way_round() {
    let server = "[server]\napp = 'a:b'\n[processes.worker]\ncommand = ['x']\nargs = ['y']";
    let command = "extends = 'base.toml'\ncommand = ['python']\n[processes.worker.server]\napp = 'c:d'";
    let layered = repo(&[("profile.toml", command), ("base.toml", server)]).load().unwrap();
    assert_eq!(layered.value, json!({"command": ["python"], "processes": {"worker": {"server": {"app": "c:d"}}}}));
    assert_eq!(origin(&layered, "server"), ("profile.toml:2".into(), "command"));
    assert_eq!(origin(&layered, "processes.worker.args").0, "profile.toml:3");
}

#[test]
fn a_command_and_a_server_of_one_layer_both_stay() {
    let text = "extends = 'fastapi'\ncommand = ['python']\n[server]\napp = 'a:b'";
    let value = profile(text).unwrap().value;
    assert!(value.get("command").is_some() && value.get("server").is_some());
}

#[test]
fn variables_called_command_and_server_are_only_variables() {
    let over = "extends = 'base.toml'\n[env]\ncommand = 'x'";
    let value = repo(&[("profile.toml", over), ("base.toml", "[env]\nserver = 'y'")]).value();
    assert_eq!(value, json!({"env": {"server": "y", "command": "x"}}));
}

#[test]
fn unset_removes_what_lower_layers_set_and_remembers_who_said_so() {
    let base = "[autoscale]\nmax = 4\n[probes]\nliveness = '/a'\nreadiness = '/b'\n[labels]\n'a.b/c' = 'd'";
    let over = "extends = 'base.toml'\nunset = [\n  'autoscale',\n  'probes.liveness',\n  'labels.\"a.b/c\"',\n]";
    let layered = repo(&[("profile.toml", over), ("base.toml", base)]).load().unwrap();
    assert_eq!(layered.value, json!({"probes": {"readiness": "/b"}, "labels": {}}));
    assert_eq!(origin(&layered, "autoscale"), ("profile.toml:3".into(), "'autoscale'"));
    assert_eq!(origin(&layered, "probes.liveness"), ("profile.toml:4".into(), "'probes.liveness'"));
    assert!(!layered.provenance.has(&Key::new("autoscale.max")));
    assert!(layered.warnings.is_empty());
}

#[test]
fn unset_comes_before_what_its_own_layer_sets() {
    let base = "[probes]\nliveness = '/a'\nreadiness = '/b'";
    let over = "extends = 'base.toml'\nunset = ['probes']\n[probes]\nreadiness = '/c'";
    let value = repo(&[("profile.toml", over), ("base.toml", base)]).value();
    assert_eq!(value, json!({"probes": {"readiness": "/c"}}));
}

#[test]
fn an_environment_and_the_command_line_can_unset_too() {
    let text = "workers = 2\nport = 1\n[environments.a]\nunset = ['workers']";
    let value = repo(&[("profile.toml", text)]).env("a").set(&["unset=['port']"]).value();
    assert_eq!(value, json!({}));
}

#[test]
fn unset_of_nothing_is_a_warning() {
    let layered = profile("workers = 2\nunset = ['probes.liveness', 'worker']").unwrap_or_else(|p| panic!("{p:?}"));
    assert_eq!(codes(&layered.warnings), [Code::UnsetNothing, Code::UnsetNothing]);
}

#[test]
fn a_named_table_with_enabled_false_is_gone() {
    let base = "[processes.worker]\nworkers = 1\n[services.db]\nkind = 'postgres'\nenabled = false\n[ports]\na = 1";
    let over = "extends = 'base.toml'\n[processes.worker]\nenabled = false\n[ports]\na = { enabled = false }\n\
                [environments.a.services.db]\nenabled = true";
    let files = [("profile.toml", over), ("base.toml", base)];
    let plain = repo(&files).load().unwrap();
    assert_eq!(plain.value, json!({"processes": {}, "services": {}, "ports": {}}));
    assert_eq!(origin(&plain, "processes.worker"), ("profile.toml:3".into(), "false"));
    assert_eq!(repo(&files).env("a").value()["services"], json!({"db": {"kind": "postgres"}}));
    let set = repo(&files).set(&["processes.worker.enabled=true"]).value();
    assert_eq!(set["processes"], json!({"worker": {"workers": 1}}));
}

#[test]
fn an_environment_can_disable_what_the_profile_has() {
    let text = "[processes.worker]\nworkers = 1\n[environments.a.processes.worker]\nenabled = false";
    assert_eq!(repo(&[("profile.toml", text)]).env("a").value(), json!({"processes": {}}));
}

#[test]
fn environments_merge_over_layers_and_leave_the_value() {
    let base = "[environments.a]\nport = 1\nunset = ['uid']\n[environments.b]\nport = 2";
    let over = "extends = 'base.toml'\nuid = 5\nworkers = 2\n[environments.a]\nworkers = 3\nunset = ['name']\n";
    let layered = repo(&[("profile.toml", over), ("base.toml", base)]).env("a").load().unwrap();
    assert_eq!(layered.value, json!({"workers": 3, "port": 1}));
    assert_eq!(json!(layered.environments), json!({"a": {"port": 1, "workers": 3}, "b": {"port": 2}}));
    assert_eq!(codes(&layered.warnings), [Code::UnsetNothing]);
    assert_eq!(origin(&layered, "environments.b.port").0, "base.toml:5");
}

#[test]
fn set_takes_its_type_from_the_schema() {
    let set = [
        "name=007",
        "port=8080",
        "env.PORT=8080",
        "env.DEBUG=true",
        "env.DAY=2024-01-01",
        "uid=image",
        "k8s.version=1.34",
        "k8s.network_policy=false",
        "args=['a', \"b\"]",
        "server={ app = 'a:b' }",
        "labels.\"acme.io/team\"=shop=1",
        "state=disk",
        "resources.memory=1Gi",
        "image=",
        "processes.w.workers=2",
    ];
    let value = repo(&[("profile.toml", "")]).set(&set).value();
    assert_eq!(
        value,
        json!({
            "name": "007", "port": 8080, "env": {"PORT": 8080, "DEBUG": "true", "DAY": "2024-01-01"}, "uid": "image",
            "k8s": {"version": "1.34", "network_policy": false}, "args": ["a", "b"], "server": {"app": "a:b"},
            "labels": {"acme.io/team": "shop=1"}, "state": "disk", "resources": {"memory": "1Gi"}, "image": "",
            "processes": {"w": {"workers": 2}},
        })
    );
}

#[test]
fn set_points_into_its_own_text() {
    let layered = repo(&[("profile.toml", "[resources]\ncpu = '1'")]).set(&["resources.memory=1Gi"]).load().unwrap();
    assert_eq!(origin(&layered, "resources.memory"), ("--set:1".into(), "1Gi"));
    assert_eq!(origin(&layered, "resources"), ("profile.toml:1".into(), "[resources]"));
    let array = repo(&[("profile.toml", "")]).set(&["args=['a', 'b']"]).load().unwrap();
    assert_eq!(origin(&array, "args.1").1, "'b'");
}

#[test]
fn extends_is_relative_to_the_file_it_stands_in() {
    let files = [
        ("shop/orders/profile.toml", "extends = '../base.toml'"),
        ("shop/base.toml", "extends = './more/x.toml'\nworkers = 2"),
        ("shop/more/x.toml", "extends = 'gunicorn'\nuid = 3"),
    ];
    let layered = repo(&files).load().unwrap();
    assert_eq!((&layered.value["workers"], &layered.value["uid"]), (&json!(2), &json!(3)));
    assert_eq!(layered.value["server"]["kind"], "gunicorn");
    assert!(layered.value.get("extends").is_none());
}

#[test]
fn a_circle_of_extends_names_the_whole_chain() {
    let files = [
        ("profile.toml", "extends = 'a.toml'"),
        ("a.toml", "extends = 'b/b.toml'"),
        ("b/b.toml", "extends = '../a.toml'"),
    ];
    let problems = repo(&files).load().unwrap_err();
    assert_eq!(codes(&problems), [Code::ExtendsCycle]);
    assert_eq!(problems[0].title, "`extends` runs in a circle: `a.toml` → `b/b.toml` → `a.toml`");
    assert_eq!(problems[0].related.len(), 1);
}

#[test]
fn extends_stays_in_the_repository() {
    for (path, code) in [
        ("../x.toml", Code::ExtendsOutside),
        ("/etc/passwd", Code::ExtendsOutside),
        ("C:\\\\x.toml", Code::ExtendsOutside),
        ("https://acme.io/x.toml", Code::ExtendsOutside),
        ("a/../../x.toml", Code::ExtendsOutside),
        ("x.toml", Code::CannotRead),
        ("fastpi", Code::UnknownPreset),
    ] {
        let problems = profile(&format!("extends = \"{path}\"")).unwrap_err();
        assert_eq!(codes(&problems), [code], "{path}");
    }
}

#[test]
fn an_unknown_environment_is_an_error_that_lists_the_known() {
    let problems = repo(&[("profile.toml", "[environments.staging]\n")]).env("stagin").load().unwrap_err();
    assert_eq!(codes(&problems), [Code::UnknownEnvironment]);
    assert!(problems[0].help.as_ref().unwrap().contains("`staging`"));
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_profile() {
    let layered = profile("\u{feff}name = 'x'").unwrap();
    assert_eq!(origin(&layered, "name").1, "'x'");
}

#[test]
fn text_that_is_not_a_profile_is_refused_whatever_its_size_and_depth() {
    let problem = |text: &str| profile(text).unwrap_err()[0].code;
    assert_eq!(problem(&"#".repeat((1 << 20) + 1)), Code::TooLarge);
    for (open, close) in [("[", "]"), ("{a=", "}"), ("{a=[", "]}")] {
        assert_eq!(problem(&format!("a={}1{}", open.repeat(70), close.repeat(70))), Code::TooDeep);
        assert_eq!(problem(&format!("a={}", open.repeat(100_000))), Code::TooDeep);
    }
    assert_eq!(problem(&format!("a{}=1", ".a".repeat(100_000))), Code::TooDeep);
    assert_eq!(problem(&format!("[a{0}]\na{0}=1", ".a".repeat(40))), Code::TooDeep);
    profile(&format!("a={}1{}", "[".repeat(60), "]".repeat(60))).unwrap();
}

#[test]
fn bytes_that_are_not_utf8_are_named_with_line_and_column() {
    let load = |text: &[u8]| {
        let read = |_: &str| Err(io::ErrorKind::NotFound.into());
        load(&Request { read: &read, ..Request::alone("p.toml", text) }).unwrap_err().0
    };
    let problems = load(b"name = 'x'\nimage = '\xc3\xa9\xe9'");
    assert_eq!(codes(&problems), [Code::NotUtf8]);
    assert!(problems[0].title.contains("0xE9 in line 2, column 11"), "{}", problems[0].title);
    assert_eq!(codes(&load(b"\xff\xfen\0")), [Code::NotUtf8]);
}

#[test]
fn every_syntax_error_is_reported_once() {
    let problems = profile("name = x\nport = \nimage = 'ok'\nuid = 1 2\n[server\n").unwrap_err();
    assert_eq!(codes(&problems), [Code::Syntax; 4], "{problems:#?}");
}

#[test]
fn every_preset_loads() {
    for (name, text) in PRESETS {
        let layered = profile(text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert_eq!(profile(&format!("extends = '{name}'")).unwrap().value, layered.value);
    }
}

#[test]
fn a_good_profile_has_no_problems() {
    let text = "extends = 'fastapi'\nname = 'orders'\nimage = 'ghcr.io/acme/orders:1'\nserver.app = 'orders.main:app'\n\
                [env]\nA = 'b'\nB = 4\n\"name\" = 'x'\n[environments.staging]\nworkers = 1\n[environments.staging.k8s]\n\
                namespace = 'x'\n[[patches]]\ntarget = 'k8s'\nmerge = { spec = { a = 1.0 } }";
    let layered = repo(&[("profile.toml", text)]).env("staging").load().unwrap();
    assert_eq!(check(&layered), []);
}

#[test]
fn a_character_that_nobody_sees_is_named() {
    for (text, name) in
        [("\"x\0y\"", "U+0000"), ("'x\0y'", "U+0000"), ("\"x\u{1b}[0m\"", "U+001B"), ("1 # \0", "U+0000")]
    {
        let problems = profile(&format!("port = 8000\nx = {text}")).unwrap_err();
        let [problem] = problems.as_slice() else { panic!("{problems:#?}") };
        assert!(problem.title.contains(name) && problem.help.is_some(), "{problem:#?}");
    }
}

#[test]
fn a_text_that_is_not_closed_is_not_blamed_on_the_brackets_around_it() {
    for text in
        ["labels = { a = \"x }", "labels = { a = 'x }\nport = 8000", "args = [\"a\", \"b]\nport = 8000\n[env]\n"]
    {
        let problems = profile(text).unwrap_err();
        let titles: Vec<_> = problems.iter().map(|problem| problem.title.as_str()).collect();
        assert_eq!(titles, ["a text is not closed"], "{text}");
    }
}

#[test]
fn a_key_with_too_many_dots_is_pointed_at() {
    for line in [format!("{} = 1", ["a"; 3000].join(".")), format!("[{}]", ["a"; 100].join("."))] {
        let text = format!("name = \"orders\"\nimage = \"a.b.c/d:1.4.2\"\n{line}\n");
        let problems = profile(&text).unwrap_err();
        let span = problems[0].span.clone().unwrap();
        assert_eq!(codes(&problems), [Code::TooDeep]);
        assert!(text[span.range].starts_with("a.a"), "{line}");
    }
}

#[test]
fn an_environment_without_a_name_is_answered_with_what_can_be_done() {
    let text = "name = \"orders\"\n";
    let help = |text: &str| repo(&[("profile.toml", text)]).env("").load().unwrap_err()[0].help.clone().unwrap();
    assert!(help(text).contains("drop `--env`"));
    assert!(help("[environments.staging]\nworkers = 2").contains("staging"));
}
