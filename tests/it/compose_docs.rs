//! Plausible Compose documents for the properties of merge and difference, and for their oracle: few names and few
//! values, so that two documents often agree, nearly agree and contradict each other. Every one is valid to Compose.

use proptest::{
    prelude::*,
    sample::{select, subsequence},
};
use render::tree::Node;
use serde_json::{Map, Value, json};

pub type Gen = BoxedStrategy<Value>;

/// One of some values.
fn one(values: Value) -> Gen {
    select(array(values)).boxed()
}

/// A list of some of the items, in any order.
fn some(items: Value) -> Gen {
    let items = array(items);
    let all = 0..=items.len();
    subsequence(items, all).prop_shuffle().prop_map(Value::Array).boxed()
}

/// A list of at most one of each of the rows, in any order: Compose has a rule for two items with one key in one file,
/// but it is by chance, and hangs on their forms.
fn rows(rows: Value) -> Gen {
    let rows: Vec<_> = array(rows).into_iter().map(|row| prop::option::of(one(row))).collect();
    rows.prop_map(|items| items.into_iter().flatten().collect::<Vec<_>>()).prop_shuffle().prop_map(Value::Array).boxed()
}

/// A map of some of the keys.
fn map(fields: Vec<(&'static str, Gen)>, often: f64) -> Gen {
    let entries: Vec<_> = fields
        .into_iter()
        .map(|(key, value)| prop::option::weighted(often, value).prop_map(move |value| Some((key.to_owned(), value?))))
        .collect();
    entries.prop_map(|entries| Value::Object(entries.into_iter().flatten().collect())).boxed()
}

fn half(fields: Vec<(&'static str, Gen)>) -> Gen {
    map(fields, 0.5)
}

fn any(forms: Vec<Gen>) -> Gen {
    prop::strategy::Union::new(forms).boxed()
}

fn array(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        other => vec![other],
    }
}

/// Values by name, as a map or as a list.
fn pairs() -> Gen {
    let value = || one(json!(["1", "2", "a=b", 1, true, ""]));
    let as_map = half(vec![("A", value()), ("B_C", value()), ("d.e", value()), ("F", value())]);
    any(vec![as_map.clone(), as_map, some(json!(["A=1", "A=2", "B_C=1", "d.e=a=b", "F="]))])
}

fn variables() -> Gen {
    any(vec![pairs(), half(vec![("A", one(json!(["1", null]))), ("G", one(json!([null])))]), some(json!(["A", "G=1"]))])
}

/// Every field of a service that the generator knows, with what it may hold; it may hold it beside all others.
pub fn service_fields() -> Vec<(&'static str, Gen)> {
    let mut fields = plain_fields();
    fields.extend(list_fields());
    fields.extend(map_fields());
    fields.extend([("build", build()), ("deploy", deploy()), ("healthcheck", healthcheck()), ("networks", networks())]);
    fields
}

fn plain_fields() -> Vec<(&'static str, Gen)> {
    let argv = || any(vec![some(json!(["a", "b", "c"])), one(json!(["a b", "c", null]))]);
    vec![
        ("command", argv()),
        ("entrypoint", argv()),
        ("hostname", one(json!(["a", "b"]))),
        ("init", one(json!([true, false]))),
        ("mem_swappiness", one(json!([0, 10]))),
        ("oom_score_adj", one(json!([0, 10]))),
        ("pid", one(json!(["host", "private"]))),
        ("pull_policy", one(json!(["always", "build", "never"]))),
        ("read_only", one(json!([true, false]))),
        ("restart", one(json!(["no", "always", "unless-stopped"]))),
        ("shm_size", one(json!(["64m", "128m", 1024]))),
        ("stop_grace_period", one(json!(["5s", "30s"]))),
        ("stop_signal", one(json!(["SIGINT", "SIGTERM"]))),
        ("user", one(json!(["10001:10001", "1000"]))),
        ("working_dir", one(json!(["/app", "/src"]))),
        ("x-team", one(json!(["a", { "b": [1] }, { "b": [1, 2], "c": "d" }, [1, 2]]))),
    ]
}

fn list_fields() -> Vec<(&'static str, Gen)> {
    let text_or = |items: Value| any(vec![some(items.clone()), one(items)]);
    let mounts = |target: &str| {
        let below = json!([{ "source": "s1", "target": target }, { "source": "s2", "target": target }]);
        rows(json!([["s1", { "source": "s1", "mode": 256 }], ["s2", { "source": "s2" }], below]))
    };
    vec![
        ("cap_add", some(json!(["CHOWN", "NET_BIND_SERVICE"]))),
        ("cap_drop", some(json!(["ALL", "CHOWN", "SETUID"]))),
        ("configs", mounts("/etc/x")),
        ("device_cgroup_rules", some(json!(["c 1:3 mr", "a 7:* rmw"]))),
        (
            "devices",
            rows(json!([
                ["/dev/a:/dev/x", "/dev/b:/dev/x:r"],
                ["/dev/c", { "source": "/dev/d", "target": "/dev/c" }],
            ])),
        ),
        ("dns", text_or(json!(["1.1.1.1", "8.8.8.8", "9.9.9.9"]))),
        ("dns_opt", some(json!(["use-vc", "timeout:1"]))),
        ("dns_search", text_or(json!(["a.example", "b.example"]))),
        (
            "env_file",
            any(vec![some(json!(["a.env", { "path": "b.env", "required": false }, "c.env"])), one(json!(["a.env"]))]),
        ),
        ("expose", some(json!(["80", "81", "90-91"]))),
        (
            "extra_hosts",
            any(vec![
                some(json!(["a=1.1.1.1", "a=2.2.2.2", "b=1.1.1.1"])),
                half(vec![
                    ("a", one(json!(["1.1.1.1", "2.2.2.2", ["1.1.1.1", "3.3.3.3"]]))),
                    ("b", one(json!(["1.1.1.1"]))),
                ]),
            ]),
        ),
        ("group_add", some(json!(["1", "2", "video"]))),
        (
            "ports",
            rows(json!([
                ["80"],
                ["8000:80", { "target": 80, "published": "8000" }],
                ["127.0.0.1:8000:80", { "target": 80, "published": "8000", "host_ip": "127.0.0.1", "mode": "host" }],
                ["127.0.0.1:8000:80/udp"],
                ["3000-3001:3000-3001"],
                ["[::1]:9000:90", "[::1]:9001:90"],
            ])),
        ),
        ("post_start", some(json!([{ "command": ["a"] }, { "command": "b", "user": "root" }]))),
        ("secrets", mounts("/run/x")),
        ("security_opt", some(json!(["no-new-privileges:true", "apparmor:unconfined", "seccomp:a.json"]))),
        (
            "tmpfs",
            any(vec![
                rows(json!([["/tmp", "/tmp:rw,size=1m", "/tmp:rw,size=2m"], ["/run"]])),
                one(json!(["/tmp", "/run"])),
            ]),
        ),
        (
            "volumes",
            rows(json!([
                ["v1:/data", "v2:/data", { "type": "volume", "source": "v1", "target": "/data", "volume": { "nocopy": true } }],
                ["./src:/app/:ro", { "type": "bind", "source": "./src", "target": "/app" }],
                ["/anonymous", "/v1:/anonymous:rw"],
                [
                    { "type": "tmpfs", "target": "/cache", "tmpfs": { "size": 1024 } },
                    { "type": "tmpfs", "target": "/cache", "tmpfs": { "size": 2048 } },
                ],
            ])),
        ),
    ]
}

fn map_fields() -> Vec<(&'static str, Gen)> {
    let limit = || one(json!([10, 20, { "soft": 1, "hard": 2 }, { "soft": 2, "hard": 2 }]));
    let option = || one(json!(["1", "10m", "3"]));
    let watch = json!([
        { "path": "./src", "action": "sync", "target": "/app" },
        { "path": "./src", "action": "sync+restart", "target": "/app", "ignore": ["a/"] },
        { "path": "./uv.lock", "action": "rebuild" },
    ]);
    vec![
        ("annotations", pairs()),
        (
            "blkio_config",
            half(vec![
                ("weight", one(json!([10, 20]))),
                ("weight_device", some(json!([{ "path": "/a", "weight": 1 }]))),
            ]),
        ),
        (
            "depends_on",
            any(vec![some(json!(["cache", "db"])), half(vec![("cache", dependency()), ("db", dependency())])]),
        ),
        ("develop", half(vec![("watch", some(watch))])),
        ("environment", variables()),
        ("gpus", one(json!(["all", [{ "driver": "a" }], [{ "driver": "a" }, { "count": 1 }]]))),
        ("labels", pairs()),
        (
            "logging",
            half(vec![
                ("driver", one(json!(["json-file", "local"]))),
                ("options", half(vec![("max-size", option()), ("max-file", option())])),
            ]),
        ),
        (
            "sysctls",
            half(vec![("net.core.somaxconn", one(json!([1, "2"]))), ("kernel.shm_rmid_forced", one(json!(["1"])))]),
        ),
        ("ulimits", half(vec![("nofile", limit()), ("nproc", limit())])),
    ]
}

fn dependency() -> Gen {
    one(json!([
        { "condition": "service_healthy" },
        { "condition": "service_healthy", "required": true },
        { "condition": "service_started", "restart": true },
        { "condition": "service_started", "required": false },
    ]))
}

fn build() -> Gen {
    let long = half(vec![
        ("context", one(json!([".", "./b"]))),
        ("dockerfile", one(json!(["Dockerfile.dev"]))),
        ("target", one(json!(["dev", "prod"]))),
        ("args", pairs()),
        ("labels", pairs()),
        (
            "additional_contexts",
            any(vec![half(vec![("a", one(json!(["./a", "./b"])))]), some(json!(["a=./a", "b=./c"]))]),
        ),
        ("cache_from", some(json!(["a", "b"]))),
        ("entitlements", some(json!(["network.host"]))),
        ("extra_hosts", some(json!(["a=1.1.1.1", "b=1.1.1.1"]))),
        ("platforms", some(json!(["linux/amd64", "linux/arm64"]))),
        ("secrets", some(json!(["s1", { "source": "s2", "target": "x" }]))),
        // One key at a time: Compose prints several in any order.
        ("ssh", one(json!([["default"], { "default": null }, { "a": "/b" }, ["a=/c"]]))),
        ("tags", some(json!(["a:1", "a:2", "b:1"]))),
        ("ulimits", half(vec![("nofile", one(json!([10, 20, { "soft": 1, "hard": 2 }])))])),
    ]);
    any(vec![one(json!([".", "./b"])), long.clone(), long])
}

fn deploy() -> Gen {
    let limits = || half(vec![("cpus", one(json!(["0.5", "2"]))), ("memory", one(json!(["128M", "1G"])))]);
    let devices = json!([{ "capabilities": ["gpu"], "count": 1 }, { "capabilities": ["tpu"], "driver": "a" }]);
    half(vec![
        ("labels", pairs()),
        ("replicas", one(json!([1, 3]))),
        (
            "resources",
            half(vec![
                ("limits", limits()),
                ("reservations", half(vec![("memory", one(json!(["64M"]))), ("devices", some(devices))])),
            ]),
        ),
        ("restart_policy", half(vec![("condition", one(json!(["any", "on-failure"]))), ("delay", one(json!(["5s"])))])),
        (
            "update_config",
            half(vec![("order", one(json!(["start-first", "stop-first"]))), ("parallelism", one(json!([1, 2])))]),
        ),
        ("placement", half(vec![("constraints", some(json!(["node.role==manager", "node.labels.a==b"])))])),
    ])
}

fn healthcheck() -> Gen {
    half(vec![
        ("test", one(json!(["true", ["CMD", "a"], ["CMD", "a", "b"], ["CMD-SHELL", "a"]]))),
        ("interval", one(json!(["5s", "10s"]))),
        ("retries", one(json!([3, 5]))),
        ("start_interval", one(json!(["1s"]))),
        ("disable", one(json!([false]))),
    ])
}

fn networks() -> Gen {
    let attached = || {
        let aliases = ("aliases", some(json!(["a", "b", "c"])));
        any(vec![one(json!([null])), half(vec![aliases, ("priority", one(json!([1, 2])))])])
    };
    any(vec![some(json!(["front", "back"])), half(vec![("front", attached()), ("back", attached())])])
}

/// A document of one service with one field, for two files that are merged as they are.
pub fn with_field(field: &'static str, value: Gen) -> impl Strategy<Value = Node> {
    value.prop_map(move |value| {
        let service = json!({ "image": "a:1", field: value });
        let others = json!({ "api": service, "db": { "image": "db:1" }, "cache": { "image": "cache:1" } });
        Node::from(complete(others, json!({})))
    })
}

/// Any document: two services that are always there, to be depended on, and two that may be.
pub fn document() -> impl Strategy<Value = Node> {
    let service = |name: &'static str| {
        let leaf = matches!(name, "cache" | "db");
        let fields = service_fields().into_iter().filter(move |(field, _)| !leaf || *field != "depends_on").collect();
        (one(json!(["a:1", "a:2"])), map(fields, 0.3)).prop_map(move |(image, service)| {
            let mut service = service;
            service["image"] = image;
            (name.to_owned(), service)
        })
    };
    let services =
        ((service("cache"), service("db")), prop::option::of(service("api")), prop::option::of(service("worker")));
    (services, top()).prop_map(|((always, api, worker), top)| {
        let services: Map<String, Value> = [always.0, always.1].into_iter().chain(api).chain(worker).collect();
        Node::from(complete(Value::Object(services), top))
    })
}

/// What the services refer to, which may say more than that it is there.
fn top() -> Gen {
    let network = half(vec![
        ("driver", one(json!(["bridge", "overlay"]))),
        ("driver_opts", half(vec![("a", one(json!(["1", "2"]))), ("b", one(json!([1])))])),
        ("internal", one(json!([true, false]))),
        ("labels", pairs()),
        (
            "ipam",
            half(vec![(
                "config",
                some(json!([{ "subnet": "10.0.0.0/24" }, { "subnet": "10.1.0.0/24", "gateway": "10.1.0.1" }])),
            )]),
        ),
    ]);
    let volume =
        half(vec![("driver", one(json!(["local", "nfs"]))), ("labels", pairs()), ("external", one(json!([false])))]);
    half(vec![
        ("networks", half(vec![("front", any(vec![network.clone(), one(json!([null]))])), ("extra", network)])),
        ("volumes", half(vec![("v1", any(vec![volume.clone(), one(json!([null]))])), ("extra", volume)])),
        ("secrets", half(vec![("s1", one(json!([{ "file": "./a" }, { "file": "./b", "labels": { "a": "b" } }])))])),
        ("configs", half(vec![("s1", one(json!([{ "content": "a" }, { "file": "./b" }])))])),
        ("x-note", one(json!(["a", { "b": { "c": 1 } }]))),
    ])
}

fn complete(services: Value, top: Value) -> Value {
    let mut document = json!({
        "name": "app",
        "services": services,
        "networks": { "front": null, "back": null },
        "volumes": { "v1": null, "v2": {} },
        "secrets": { "s1": { "file": "./s1" }, "s2": { "file": "./s2" } },
        "configs": { "s1": { "file": "./s1" }, "s2": { "content": "x" } },
    });
    for (key, value) in top.as_object().into_iter().flatten() {
        match (document.get_mut(key), value.as_object()) {
            (Some(Value::Object(entries)), Some(more)) => entries.extend(more.clone()),
            _ => document[key] = value.clone(),
        }
    }
    document
}
