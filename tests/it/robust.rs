//! Whatever a profile says, it is rendered into what its targets take, or refused with words: nothing panics, nothing
//! is lost on the way.

use proptest::{prelude::*, sample::select};
use render::{
    flow::{self, Outcome},
    layers::Request,
    problem::{any_error, show},
    targets::{TARGETS, Wish},
};

/// Plausible and implausible values, as TOML, for every key; the first of each is at home there.
const KEYS: &[(&str, &[&str])] = &[
    ("name", &["'orders'", "'a'", "'granian'", "''", "'Orders'", "'ünïcode'", "'a-'", "'-a'", "'LONG'", "'a\\nb'"]),
    (
        "image",
        &[
            "'ghcr.io/acme/orders:1.4.2'",
            "'orders:latest'",
            "'orders'",
            "'a..b:1'",
            "'x:1@sha256:0'",
            "'a b:1'",
            "'localhost:5000/x:_'",
        ],
    ),
    ("main", &["'web'", "'a'", "'web.1'", "'LONG'"]),
    (
        "command",
        &[
            "['orders']",
            "['']",
            "['python -m x']",
            "['sh', '-c', 'a && b']",
            "['a', '', '$(X) ${Y} $$']",
            "['uvicorn', '--reload']",
        ],
    ),
    (
        "args",
        &["['--verbose']", "[]", "['']", "['${port}']", "['${secrets.API_KEY}', '$$', '$']", "['${x', 'é\\u2028']"],
    ),
    ("workers_env", &["'WORKERS'", "'PORT'", "'1X'"]),
    ("port_env", &["'PORT'", "'WEB_CONCURRENCY'", "'WORKERS'"]),
    ("port", &["8000", "1", "80", "443", "65535", "0", "70000", "-1"]),
    ("workers", &["2", "1", "3", "255", "1000", "0", "5000"]),
    ("state", &["'none'", "'memory'", "'disk'"]),
    ("uid", &["10001", "0", "1000", "'image'", "2147483647", "4294967296"]),
    ("gid", &["10001", "0", "1000", "2147483647"]),
    (
        "server",
        &[
            "{ app = 'orders.main:app' }",
            "{}",
            "{ app = 'a:b', kind = 'gunicorn', timeout = '30s', preload = true }",
            "{ app = 'a:b', kind = 'granian' }",
            "{ app = 'a:b', kind = 'hypercorn', keep_alive = '999999999h' }",
            "{ app = 'a:b()', kind = 'fastapi', args = ['--root-path', '/$x'] }",
            "{ app = 'a:b', max_requests = 1000 }",
            "{ app = 'a:b', max_requests = 4294967296, max_requests_jitter = 4294967295 }",
            "{ app = 'a:b', trusted_proxies = ['10.0.0.0/8', '::1'] }",
            "{ app = 'a:b', args = ['-w4', ''] }",
        ],
    ),
    (
        "ports",
        &[
            "{ metrics = 9090 }",
            "{ metrics = 8000 }",
            "{ a = 80, b = { port = 80, protocol = 'udp' } }",
            "{ 'LONG' = 9090 }",
            "{ http = 1 }",
            "{ '8' = 9 }",
        ],
    ),
    (
        "service",
        &[
            "{ port = 80 }",
            "{ type = 'headless' }",
            "{ port = 9090, type = 'load-balancer' }",
            "{ type = 'node-port' }",
            "{}",
        ],
    ),
    (
        "probes",
        &[
            "{ liveness = '/healthz', readiness = '/readyz' }",
            "false",
            "{}",
            "{ liveness = { tcp = true }, startup = { within = '999999h' } }",
            "{ readiness = { exec = ['check', \"it's \\\\ $(X) ${Y}\"] } }",
            "{ liveness = { grpc = true, service = 'a' }, readiness = { http = '/x', port = 'metrics', headers = { Host = 'a' } } }",
            "{ liveness = { http = \"/x'y\\\\z$(A)\", every = '1ms', timeout = '59m', failures = 1000 } }",
            "{ startup = { within = '5m' } }",
            "{ readiness = { http = '/x', port = 9090 } }",
            "{ liveness = { exec = [''] } }",
        ],
    ),
    (
        "resources",
        &[
            "{ memory = '256Mi' }",
            "{}",
            "{ cpu = '0' }",
            "{ cpu = '0.0001', memory = '1' }",
            "{ cpu = '999999999999999Ti', memory = '999999999999999Ti' }",
            "{ cpu = { request = '2', limit = '1' } }",
            "{ cpu = { limit = 'none' }, memory = { request = '100M', limit = '1.5Gi' } }",
            "{ memory = { limit = 'none' } }",
            "{ ephemeral_storage = '1' }",
            "{ ephemeral_storage = '16Ti', memory = '16Ti' }",
            "{ cpu = '256', memory = '6291457' }",
            "{ memory = {} }",
        ],
    ),
    (
        "autoscale",
        &[
            "{ max = 10 }",
            "{}",
            "{ max = 1, min = 1000 }",
            "{ max = 1000, cpu = 10000 }",
            "{ max = 9, memory = 1 }",
            "{ max = 9, behavior = { scale_up = { stabilization = '0s', select = 'disabled', tolerance = 100, policies = [{ pods = 1000, every = '30m' }] } } }",
            "{ max = 9, behavior = { scale_down = { policies = [{ percent = 1, every = '0s' }] } } }",
        ],
    ),
    (
        "shutdown",
        &[
            "{ drain = '20s' }",
            "{ drain = '0s', pre_stop = '0s' }",
            "{ drain = '1h', pre_stop = '1h' }",
            "{ drain = '999999999h' }",
            "{ pre_stop = '1ms' }",
        ],
    ),
    (
        "rollout",
        &[
            "{ surge = 1 }",
            "{ surge = 0 }",
            "{ surge = '0%', unavailable = '100%' }",
            "{ strategy = 'recreate' }",
            "{ strategy = 'recreate', surge = 1 }",
            "{ strategy = 'rolling', surge = 1000 }",
        ],
    ),
    (
        "env",
        &[
            "{ LOG_LEVEL = 'info' }",
            "{ A = '$', B = '$$', C = '$${x}', D = '$(A)', E = '' }",
            "{ A = \"a\\nb\\u0085\\u2028\\t'\\\"\" }",
            "{ API_KEY = 'x' }",
            "{ API_KEY = { value = 'x', public = true }, N = -9223372036854775808 }",
            "{ WEB_CONCURRENCY = 4 }",
            "{ '' = 'x' }",
            "{ 'LONG' = 'x' }",
            "{ URL = 'http://${secrets.API_KEY}@${inputs.REGION}:${port}/${ports.metrics}' }",
            "{ no = 'no', y = 'y', 'null' = '~', x1 = '1e3' }",
            "{ A = \"\\u0000\" }",
        ],
    ),
    (
        "secrets",
        &[
            "{ API_KEY = 'key of the provider' }",
            "{ API_KEY = { optional = true, from = 'a/b' } }",
            "{ API_KEY = { mount = '/etc/key', mode = '000' } }",
            "{ API_KEY = { mount = '/tmp' } }",
            "{ API_KEY = { mount = '/a$b' }, B = { mount = '/a$b/c' } }",
            "{ API_KEY = { from = 'a..b/c' } }",
            "{ REGION = '' }",
            "{ API_KEY = { mount = '/e\\u0301/ ' } }",
        ],
    ),
    (
        "inputs",
        &[
            "{ REGION = { default = 'eu' } }",
            "{ REGION = {} }",
            "{ REGION = { default = 'a{b}c' } }",
            "{ REGION = { default = \"a$b\\n'\\\"\" } }",
            "{ REGION = { default = -1 } }",
            "{ API_KEY = { default = '' } }",
        ],
    ),
    (
        "security",
        &[
            "{ read_only = true }",
            "{ read_only = false, writable = [] }",
            "{ writable = ['/tmp', '/var/cache/'] }",
            "{ writable = ['/tmp', '/tmp/x'] }",
            "{ writable = ['/proc', '/dev/shm'] }",
            "{ writable = [{ path = '/a b', size = '1', medium = 'memory', seed = true }, '/a-b', '/A.b'] }",
            "{ writable = ['/LONG', '/LONG2'] }",
            "{ capabilities = ['NET_BIND_SERVICE'] }",
            "{ capabilities = ['ALL', 'chown'] }",
            "{ service_account = 'default', kube_api = true, user_namespace = true }",
            "{ service_account = { name = 'default' } }",
            "{ service_account = { name = 'a..b' } }",
            "{ service_account = { name = 'LONG', create = false } }",
        ],
    ),
    (
        "network",
        &[
            "{ egress = ['any'] }",
            "{ ingress_from = [], egress = [] }",
            "{ ingress_from = ['app:LONG'] }",
            "{ ingress_from = ['10.0.0.1/8'] }",
            "{ egress = ['dns', 'internet', '::/0:1', 'fd00::/8', 'namespace:x'] }",
            "{ egress = ['10.0.0.0/8:0'] }",
            "{ ingress_from = ['same-namespace', 'same-namespace', '0.0.0.0/0'] }",
        ],
    ),
    (
        "labels",
        &[
            "{ team = 'shop' }",
            "{ 'a/b/c' = 'x' }",
            "{ team = 'LONGER' }",
            "{ team = '' }",
            "{ 'app.kubernetes.io/name' = 'x' }",
            "{ team = '$x' }",
        ],
    ),
    (
        "annotations",
        &["{ 'acme.io/owner' = 'shop' }", "{ 'a b' = 'x' }", "{ a = \"line\\nline\\u0007$x\" }", "{ 'LONG' = 'x' }"],
    ),
    (
        "build",
        &[
            "{ context = '.' }",
            "{ context = '../$x', dockerfile = 'a b', target = '${t}', args = { A = '$' } }",
            "{ args = { '' = '' } }",
        ],
    ),
    (
        "k8s",
        &[
            "{ namespace = 'orders' }",
            "{ namespace = '' }",
            "{ workers_per_pod = 64 }",
            "{ workers_per_pod = 2, replicas = 1000 }",
            "{ version = '1.37', topology_spread = 'hard' }",
            "{ node_selector = { 'a b' = '' } }",
            "{ node_selector = { disk = 'ssd' }, tolerations = [{}, { key = 'a', value = 'b', effect = 'NoExecute', seconds = 4294967295 }] }",
            "{ tolerations = [{ value = 'x' }] }",
            "{ priority_class = '', image_pull_secrets = [''] }",
            "{ network_policy = false, disruption_budget = false, topology_spread = 'none', pull_policy = 'Never' }",
        ],
    ),
    (
        "cloudrun",
        &[
            "{ min = 1 }",
            "{ flavor = 'knative' }",
            "{ flavor = 'knative', cpu = '3', ingress = 'internal-and-cloud-load-balancing', cpu_boost = false }",
            "{ cpu = '500m' }",
            "{ cpu = '500m', concurrency = 2 }",
            "{ cpu = '3' }",
            "{ cpu = '79m', concurrency = 1 }",
            "{ cpu = '8', max = 1, min = 2 }",
            "{ min = 1000, max = 1000, timeout = '1h', concurrency = 1000 }",
            "{ timeout = '2h' }",
            "{ service_account = 'orders' }",
            "{ service_account = 'orders@$x', ingress = 'internal' }",
        ],
    ),
    (
        "compose",
        &[
            "{ publish = '127.0.0.1:8000' }",
            "{ publish = false }",
            "{ publish = '[::]:1' }",
            "{ publish = '999.0.0.1:80' }",
            "{ publish = '99999' }",
            "{ cpus = 0.01, pids = 1 }",
            "{ cpus = nan }",
            "{ cpus = inf }",
            "{ cpus = 1e-2, workers = 1000, pids = 4194304 }",
            "{ project = 'a_b', restart = 'on-failure' }",
            "{ networks = { a = {}, default = { internal = true } } }",
            "{ networks = { a = { external = true, internal = false } } }",
            "{ logging = { driver = '$x', options = { '' = '$' } } }",
        ],
    ),
    (
        "dev",
        &[
            "{ reload = true }",
            "{ sync = [], watch = true, mounts = ['.:/app'] }",
            "{ sync = ['.', 'a b', 'a b/'] }",
            "{ sync = ['a$b'] }",
            "{ mounts = ['a:b', '', ':', '~/.aws:/aws', './a:/tmp'] }",
            "{ command = [''] }",
            "{ command = ['$x'], env = { A = '$${x}', PORT = 1 }, user = 'app' }",
            "{ debug_port = 8000 }",
            "{ debug_port = 5678, user = 0 }",
            "{ user = 4294967295 }",
        ],
    ),
    (
        "patches",
        &[
            "[{ target = 'k8s', kind = 'Deployment', merge = { spec = { paused = true } } }]",
            "[{ target = 'k8s' }]",
            "[{ target = 'k8s', merge = {} }]",
            "[{ target = 'compose', yaml = 'x-a: 1' }]",
            "[{ target = 'compose', name = 'orders', yaml = 'volumes: [{}]' }]",
            "[{ target = 'k8s', remove = ['', '/', '/metadata/~', '/spec'] }]",
            "[{ target = 'k8s', yaml = '[1, 2' }]",
            "[{ target = 'k8s', kind = 'Deployment', yaml = 'spec: null' }]",
            "[{ target = 'compose', merge = { services = 1 } }]",
            "[{ target = 'k8s', env = 'nowhere', remove = ['/spec'] }]",
        ],
    ),
];

/// A value of a key: mostly the one that is at home there, so that many profiles get far.
fn value(values: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop_oneof![9 => Just(values[0]), 1 => select(values)]
}

/// Some keys. `name` and `image` are nearly always there, for without them nothing else is looked at.
fn profile() -> impl Strategy<Value = String> {
    let lines = KEYS.iter().map(|(key, values)| {
        let often = if matches!(*key, "name" | "image") { 0.98 } else { 0.3 };
        prop::option::weighted(often, value(values))
            .prop_map(move |value| value.map(|value| format!("{key} = {value}\n")))
    });
    let lines = lines.collect::<Vec<_>>().prop_map(|lines| lines.into_iter().flatten().collect::<Vec<_>>());
    // A server and a command exclude each other, and that would be all that is ever said.
    (lines, any::<bool>()).prop_map(|(lines, server)| {
        let others: &[&str] = if server { &["command =", "args =", "workers_env ="] } else { &["server ="] };
        let lines = lines.into_iter().filter(|line| !others.iter().any(|other| line.starts_with(other)));
        expand(&lines.collect::<String>())
    })
}

/// The values of the table with their long names in them.
fn expand(text: &str) -> String {
    text.replace("LONGER", &"l".repeat(64)).replace("LONG", &"l".repeat(63))
}

/// Renders a profile for every target, for production and development.
fn check(text: &str) -> Result<(), TestCaseError> {
    let read = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
    let request = Request { read: &read, ..Request::alone("profile.toml", text.as_bytes()) };
    let Outcome { app, problems, sources, model: _, environments: _ } = flow::app(&request);
    problems.iter().for_each(|problem| drop(show(problem, &sources, false)));
    let Some(app) = app else {
        prop_assert!(any_error(&problems), "nothing said why there is no app");
        return Ok(());
    };
    for (target, dev) in TARGETS.iter().flat_map(|target| [(target, false), (target, true)]) {
        let rendered = (target.render)(&Wish { app: &app, base: None, dev, full: true });
        rendered.problems.iter().for_each(|problem| drop(show(problem, &sources, false)));
        if any_error(&rendered.problems) {
            continue;
        }
        for file in &rendered.bundle.files {
            let yaml = file.text(None);
            let value: Result<serde_json::Value, _> = serde_norway::from_str(&yaml);
            prop_assert!(value.is_ok(), "{}: {:?}\n{yaml}", target.name, value.err());
        }
        let wrong: Vec<_> = (target.check)(&rendered.bundle.files)
            .into_iter()
            .filter(|finding| finding.weight == render::targets::check::Weight::Invalid)
            .map(|finding| (finding.path.to_string(), finding.message))
            .collect();
        prop_assert!(wrong.is_empty(), "{} would refuse {wrong:?}", target.name);
    }
    Ok(())
}

#[test]
fn each_value_alone_is_rendered_or_refused() {
    let home = "name = 'orders'\nimage = 'ghcr.io/acme/orders:1.4.2'\n";
    let starts = ["", "server = { app = 'orders.main:app' }\n", "command = ['orders']\nport = 8000\n"];
    let mut wrong = Vec::new();
    for (key, values) in KEYS {
        for (value, start) in values.iter().flat_map(|value| starts.map(|start| (value, start))) {
            let others = format!("{home}{start}");
            let others = others.lines().filter(|line| !line.starts_with(&format!("{key} =")));
            let text = expand(&format!("{}\n{key} = {value}\n", others.collect::<Vec<_>>().join("\n")));
            wrong.extend(check(&text).err().map(|error| format!("{error}\n{text}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_together_are_rendered_or_refused(text in profile()) {
        check(&text)?;
    }
}
