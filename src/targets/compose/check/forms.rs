//! Which values are written how: what Compose and the Engine check beyond the types.
//!
//! Sources: compose-go v2.9.1, loader/interpolate.go (`interpolateTypeCastMapping`) and the `DecodeMapstructure` of
//! types/; Docker Engine for what Compose hands on unseen. They are not in the schema: there a value may be any text,
//! as the specification says, and an override says `!reset null`.

use super::form::Form::{self, *};
use crate::{
    targets::check::{At, Found, Rule, Weight},
    tree::{Content, Step},
};

pub const RULES: &[Rule] = &[Rule {
    name: "every value is written as its key needs it",
    source: "Docker Compose, `docker compose config` refuses it; Docker Engine",
    weight: Weight::Invalid,
    find: forms,
}];

/// Forms of the fields of the maps at a place: `*` is any key and any item, `[]` an item. Fields are separated by
/// blanks, `*` is each.
type Group = (&'static str, &'static [(Form, &'static str)]);

const OBSOLETE: &str = "Compose reads no version, and warns of it; leave it out";

const LIMITS: &[(Form, &str)] = &[(Number, "cpus"), (Bytes, "memory"), (Whole, "pids")];
const DEVICES: &[(Form, &str)] = &[(Form::Devices, "count")];
const UPDATE: &[(Form, &str)] =
    &[(Form::Duration, "delay monitor"), (Number, "max_failure_ratio"), (AtLeast(0), "parallelism")];
const EXTERNAL: &[(Form, &str)] = &[(Flag, "external")];
const RATES: &[(Form, &str)] = &[(Bytes, "rate")];
const ULIMIT: &[(Form, &str)] = &[(Whole, "hard soft")];
const FILE: &[(Form, &str)] = &[(Octal, "mode")];
const HOOK: &[(Form, &str)] = &[(Flag, "privileged"), (CommandLine, "command")];

#[rustfmt::skip] // one group, one glance
const GROUPS: &[Group] = &[
    ("", &[(Never(OBSOLETE), "version"), (Project, "name")]),
    ("services.*", &[
        (Bytes, "mem_limit mem_reservation mem_swappiness memswap_limit shm_size"),
        (Number, "cpus"),
        (AtLeast(0), "cpu_count cpu_percent scale"),
        (Whole, "cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares oom_score_adj pids_limit"),
        (Flag, "attach init oom_kill_disable privileged read_only stdin_open tty"),
        (Form::Duration, "stop_grace_period"),
        (CommandLine, "command entrypoint"),
        (Form::Restart, "restart"),
    ]),
    ("services.*.devices.[]", &[(DeviceMapping, "")]),
    ("services.*.extra_hosts.[]", &[(Host, "")]),
    ("services.*.build", &[(Bytes, "shm_size"), (Flag, "no_cache privileged pull")]),
    ("services.*.build.extra_hosts.[]", &[(Host, "")]),
    ("services.*.build.ulimits", &[(Unquoted, "*")]),
    ("services.*.build.ulimits.*", ULIMIT),
    ("services.*.ulimits", &[(Whole, "*")]),
    ("services.*.ulimits.*", ULIMIT),
    ("services.*.healthcheck", &[
        (Form::Duration, "interval start_interval start_period timeout"),
        (AtLeast(0), "retries"),
        (Flag, "disable"),
    ]),
    ("services.*.deploy", &[(AtLeast(0), "replicas")]),
    ("services.*.deploy.placement", &[(AtLeast(0), "max_replicas_per_node")]),
    ("services.*.deploy.resources.limits", LIMITS),
    ("services.*.deploy.resources.reservations", LIMITS),
    ("services.*.deploy.resources.reservations.devices.*", DEVICES),
    ("services.*.gpus.*", DEVICES),
    ("services.*.deploy.restart_policy", &[(Form::Duration, "delay window"), (AtLeast(0), "max_attempts")]),
    ("services.*.deploy.update_config", UPDATE),
    ("services.*.deploy.rollback_config", UPDATE),
    ("services.*.depends_on.*", &[(Flag, "restart")]),
    ("services.*.env_file.*", &[(Flag, "required")]),
    ("services.*.ports.*", &[
        (Form::Port, "target"),
        (Form::Ports, "published"),
        (Address, "host_ip"),
        (OneOf(&["tcp", "udp", "sctp"]), "protocol"),
        (OneOf(&["host", "ingress"]), "mode"),
    ]),
    ("services.*.volumes.*", &[(Flag, "read_only")]),
    ("services.*.volumes.*.bind", &[(Flag, "create_host_path")]),
    ("services.*.volumes.*.volume", &[(Flag, "nocopy")]),
    ("services.*.volumes.*.tmpfs", &[(Bytes, "size"), (Unquoted, "mode")]),
    ("services.*.secrets.*", FILE),
    ("services.*.configs.*", FILE),
    ("services.*.build.secrets.*", FILE),
    ("services.*.post_start.*", HOOK),
    ("services.*.pre_stop.*", HOOK),
    ("services.*.blkio_config", &[(Whole, "weight")]),
    ("services.*.blkio_config.weight_device.*", &[(Whole, "weight")]),
    ("services.*.blkio_config.device_read_bps.*", RATES),
    ("services.*.blkio_config.device_read_iops.*", RATES),
    ("services.*.blkio_config.device_write_bps.*", RATES),
    ("services.*.blkio_config.device_write_iops.*", RATES),
    ("networks.*", &[(Flag, "attachable enable_ipv4 enable_ipv6 external internal")]),
    ("volumes.*", EXTERNAL),
    ("secrets.*", EXTERNAL),
    ("configs.*", EXTERNAL),
];

fn forms(files: &[At<'_>], found: &mut Found) {
    for at in files.iter().flat_map(At::all) {
        let is_scalar = at.node.is_some_and(|node| !matches!(node.content, Content::Map(_) | Content::Seq(_)));
        let form = if is_scalar { form(at.path.steps()) } else { None };
        if let Some(misfit) = form.and_then(|form| form.misfit(&at)) {
            found.add(&at, format!("`{}` is `{}`: {misfit}", at.path, at.scalar().unwrap_or_default()));
        }
    }
}

fn form(steps: &[Step]) -> Option<Form> {
    GROUPS.iter().find_map(|(at, fields)| {
        let fits = |names: &str| names.split(' ').any(|name| is(steps, at.split('.').chain([name])));
        fields.iter().find(|(_, names)| fits(names)).map(|(form, _)| *form)
    })
}

/// Whether these are the steps of a pattern; an empty step is none.
fn is<'a>(steps: &[Step], pattern: impl Iterator<Item = &'a str>) -> bool {
    let mut steps = steps.iter();
    let fits = pattern.filter(|step| !step.is_empty()).all(|wanted| match steps.next() {
        Some(Step::Key(key)) => wanted == "*" || key == wanted,
        Some(Step::Item { .. } | Step::Index(_)) => wanted == "*" || wanted == "[]",
        None => false,
    });
    fits && steps.next().is_none()
}
