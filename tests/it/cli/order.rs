//! The same profile gives the same bytes: again, elsewhere, and in whatever order it is written.

use super::Place;

/// Every table, and several keys in each.
const TOP: &[&str] = &[
    "name = \"orders\"",
    "image = \"ghcr.io/acme/orders:1.4.2\"",
    "port = 8080",
    "workers = 4",
    "uid = 20001",
    "gid = 20002",
    "labels = { team = \"shop\", tier = \"web\", area = \"eu\" }",
    "annotations = { b = \"2\", a = \"1\" }",
    "port_env = \"LISTEN\"",
];
const TABLES: &[(&str, &[&str])] = &[
    (
        "server",
        &[
            "app = \"orders.main:app\"",
            "kind = \"gunicorn\"",
            "timeout = \"30s\"",
            "keep_alive = \"5s\"",
            "max_requests = 1000",
        ],
    ),
    ("ports", &["metrics = 9090", "admin = 9091", "gossip = { port = 7282, protocol = \"udp\" }"]),
    ("service", &["port = 80", "type = \"load-balancer\""]),
    ("probes", &["liveness = \"/healthz\"", "readiness = { http = \"/readyz\", headers = { B = \"2\", A = \"1\" } }"]),
    ("probes.startup", &["within = \"90s\"", "timeout = \"4s\""]),
    (
        "resources",
        &["cpu = { request = \"250m\", limit = \"1\" }", "memory = { request = \"256Mi\", limit = \"300Mi\" }"],
    ),
    ("autoscale", &["max = 10", "min = 4", "cpu = 80", "memory = 90"]),
    ("shutdown", &["drain = \"25s\"", "pre_stop = \"7s\""]),
    ("rollout", &["surge = \"50%\"", "unavailable = 1"]),
    ("env", &["LOG_LEVEL = \"info\"", "A = \"${secrets.API}\"", "Z = 1", "M = \"${inputs.REGION} ${ports.metrics}\""]),
    ("secrets", &["API = \"key\"", "ZED = \"other\"", "CERT = { mount = \"/etc/orders/ca.crt\" }"]),
    ("inputs", &["REGION = { default = \"eu\" }", "ZONE = { default = \"a\" }"]),
    (
        "security",
        &["capabilities = [\"NET_BIND_SERVICE\"]", "writable = [\"/tmp\", \"/run/orders\"]", "kube_api = true"],
    ),
    (
        "network",
        &["ingress_from = [\"same-namespace\", \"namespace:tools\"]", "egress = [\"dns\", \"10.0.0.0/8:5432\"]"],
    ),
    (
        "build",
        &["context = \".\"", "dockerfile = \"Dockerfile\"", "target = \"runtime\"", "args = { B = \"2\", A = \"1\" }"],
    ),
    ("k8s", &["namespace = \"shop\"", "node_selector = { b = \"2\", a = \"1\" }", "priority_class = \"high\""]),
    ("compose", &["pids = 300", "publish = \"0.0.0.0:80\"", "networks = { front = {}, back = { internal = true } }"]),
    ("dev", &["sync = [\"src\", \"lib\"]", "debug_port = 5678", "env = { Z = \"2\", B = \"1\" }"]),
    ("environments.staging", &["workers = 2", "env = { LOG_LEVEL = \"debug\", NEW = \"1\" }"]),
];

/// Numbers that look random, and are the same on every machine (Marsaglia, "Xorshift RNGs").
struct Dice(u64);

impl Dice {
    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            items.swap(last, usize::try_from(self.0 % (last as u64 + 1)).unwrap());
        }
    }
}

fn profile(dice: Option<&mut Dice>) -> String {
    let mut top = TOP.to_vec();
    let mut tables: Vec<_> = TABLES.iter().map(|(name, keys)| (*name, keys.to_vec())).collect();
    if let Some(dice) = dice {
        dice.shuffle(&mut top);
        dice.shuffle(&mut tables);
        tables.iter_mut().for_each(|(_, keys)| dice.shuffle(keys));
    }
    let tables = tables.iter().map(|(name, keys)| format!("[{name}]\n{}\n", keys.join("\n")));
    format!("{}\n{}", top.join("\n"), tables.collect::<String>())
}

const COMMANDS: &[&str] = &[
    "k8s -q",
    "k8s -q --env staging",
    "compose -q",
    "compose -q --dev",
    "compose -q --env staging",
    "compose -q --dev --full",
];

fn all(place: &Place) -> Vec<String> {
    COMMANDS.iter().map(|line| place.run(line).silently()).collect()
}

#[test]
fn the_order_of_keys_and_tables_changes_nothing() {
    let place = Place::empty();
    place.write("profile.toml", &profile(None));
    let expected = all(&place);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..6 {
        let shuffled = profile(Some(&mut dice));
        assert_ne!(shuffled, profile(None));
        place.write("profile.toml", &shuffled);
        assert_eq!(all(&place), expected, "{shuffled}");
    }
}

#[test]
fn where_and_when_it_runs_changes_nothing() {
    let place = Place::empty();
    place.write("apps/orders/profile.toml", &profile(None));
    let run = |line: &str, env: &[(&str, &str)]| {
        let output = place.command(line).env_clear().envs(env.iter().copied()).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    for target in ["k8s -q", "compose -q --dev"] {
        let expected = run(&format!("{target} apps/orders/profile.toml"), &[]);
        assert_eq!(run(&format!("{target} apps/orders"), &[("TZ", "Asia/Kolkata"), ("LANG", "tr_TR.UTF-8")]), expected);
        let seen = [("HOME", "/nonexistent"), ("WEB_CONCURRENCY", "9"), ("PORT", "1"), ("UID", "0"), ("COLUMNS", "20")];
        assert_eq!(run(&format!("{target} ./apps/orders/profile.toml"), &seen), expected);
    }
}
