//! The fields of a Compose file: how Compose merges each, and where it stands for a reader.
//!
//! Merge classes: compose-go v2.9.1 (Docker Compose 2.40), `override/merge.go`, `override/uncity.go`, `transform/`;
//! where v2.16 differs, a class is chosen that both agree with. Names: the Compose specification's schema of the same
//! version. Reading order: dclint 3.1.0, `service-keys-order` and `top-level-properties-order`.
//! The test `compose_oracle` holds the classes against the real `docker compose config`, `compose_schema` the names
//! against the specification.

use std::{collections::BTreeMap, sync::LazyLock};

use Class::{Choice, DependsOn, Logging, Map, Names, Opaque, Pairs, Short, Value, Whole};
use Order::{Free, Kept};
use Unique::{BeforeEquals, Device, Mount, No, Path, Port, Target, Text};

/// What Compose does with a field that two files give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// One value, and a later one replaces it; null says nothing.
    Value,
    /// Like [`Class::Value`], but the specification's schema refuses a text that is not among a few.
    Choice,
    /// Replaced as a whole, whatever its form, and by null too.
    Whole,
    /// Merged key by key; null is an empty map.
    Map,
    /// A map, or a text that stands for one key of it.
    Short(&'static str),
    /// A map, or a list of its keys.
    Names,
    /// Like [`Class::Names`]; a key alone waits for the start of that service.
    DependsOn,
    /// A map of plain values, or a list of `key=value`; a later value replaces an earlier one of the same key.
    Pairs,
    /// A map that is merged unless both sides name a driver, and not the same one.
    Logging,
    /// A list (a text alone is a list of one, a map a list of `key=value`) to which later items are appended.
    List(Unique, Order),
    /// Merged by rules that hang on its form or on the version of Compose, or unknown: an override that changes it
    /// replaces it.
    Opaque,
}

/// What makes an appended item replace an earlier one, in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    /// Nothing: an item twice is twice in the list, which Compose often refuses.
    No,
    /// The whole text.
    Text,
    /// The text before `=`.
    BeforeEquals,
    /// Address, published port, port and protocol.
    Port,
    /// The path in the container of a volume.
    Target,
    /// The path in the container of a device.
    Device,
    /// The path in the container of a config or secret, which are mounted below this folder.
    Mount(&'static str),
    /// The path of a file on the host.
    Path,
}

/// Whether the order of a list means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Kept,
    Free,
}

/// The fields of the maps at some places.
#[derive(Debug)]
pub struct Group {
    /// Where these maps stand; `*` is any key, or any item of a list.
    pub at: &'static [&'static str],
    /// The fields by class, separated by blanks; `*` is any other key.
    pub fields: &'static [(Class, &'static str)],
    /// The fields without which the specification's schema refuses such a map, so that an override repeats them.
    pub needs: &'static [&'static str],
    /// The fields that come first, in this order; a final `*` there stands for a beginning. Others follow by name.
    pub first: &'static [&'static str],
}

const fn group(at: &'static [&'static str], fields: &'static [(Class, &'static str)]) -> Group {
    Group { at, fields, needs: &[], first: &[] }
}

const APPEND: Class = Class::List(No, Kept);
const ADD: Class = Class::List(No, Free);
const SET: Class = Class::List(BeforeEquals, Free);

/// Every field of the Compose specification.
#[rustfmt::skip] // one group, one glance
pub const GROUPS: &[Group] = &[
    Group {
        first: &["x-*", "version", "name", "include", "services", "networks", "volumes", "secrets", "configs"],
        ..group(&[""], &[
            (Value, "name version"),
            (Map, "configs models networks secrets services volumes"),
            (Opaque, "include"), // each file's own, before any merge: no override can take it back
        ])
    },
    Group {
        first: &[
            "image", "build", "container_name", "depends_on", "volumes", "volumes_from", "configs", "secrets",
            "environment", "env_file", "ports", "networks", "network_mode", "extra_hosts", "command", "entrypoint",
            "working_dir", "restart", "healthcheck", "logging", "labels", "user", "isolation",
        ],
        ..group(&["services.*"], &[
            (Value, "attach cgroup_parent container_name cpu_count cpu_percent cpu_period cpu_quota"),
            (Value, "cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset domainname hostname image init ipc"),
            (Value, "isolation mac_address mem_limit mem_reservation mem_swappiness memswap_limit network_mode"),
            (Value, "oom_kill_disable oom_score_adj pid pids_limit platform privileged"),
            (Value, "pull_refresh_after read_only restart runtime scale shm_size stdin_open stop_grace_period"),
            (Value, "stop_signal tty user userns_mode uts working_dir"),
            (Choice, "cgroup pull_policy use_api_socket"),
            (Whole, "command entrypoint"),
            (Map, "blkio_config credential_spec deploy develop healthcheck provider storage_opt ulimits"),
            (Short("context"), "build"),
            (Names, "models networks"),
            (DependsOn, "depends_on"),
            (Pairs, "annotations environment labels sysctls"),
            (Logging, "logging"),
            (SET, "cap_add cap_drop dns_opt links profiles tmpfs"),
            (ADD, "external_links group_add security_opt"),
            (APPEND, "device_cgroup_rules label_file post_start pre_stop volumes_from"),
            (Class::List(BeforeEquals, Kept), "dns dns_search"),
            (Class::List(Text, Free), "expose"),
            (Class::List(Text, Kept), "extra_hosts"),
            (Class::List(Path, Kept), "env_file"),
            (Class::List(Port, Free), "ports"),
            (Class::List(Target, Free), "volumes"),
            (Class::List(Device, Free), "devices"),
            (Class::List(Mount("/run/secrets"), Free), "secrets"),
            (Class::List(Mount(""), Free), "configs"),
            (Opaque, "extends gpus"), // `extends` like `include`; `gpus: all` beside a list is an error
        ])
    },
    group(&["services.*.blkio_config"], &[
        (Value, "weight"),
        (APPEND, "device_read_bps device_read_iops device_write_bps device_write_iops weight_device"),
    ]),
    group(&[
        "services.*.blkio_config.device_read_bps.*", "services.*.blkio_config.device_read_iops.*",
        "services.*.blkio_config.device_write_bps.*", "services.*.blkio_config.device_write_iops.*",
    ], &[(Value, "path rate")]),
    group(&["services.*.blkio_config.weight_device.*"], &[(Value, "path weight")]),
    group(&["services.*.build"], &[
        (Value, "context dockerfile dockerfile_inline isolation network no_cache privileged provenance pull sbom"),
        (Value, "shm_size target"),
        (Map, "ulimits"),
        (Pairs, "additional_contexts args labels"),
        (SET, "tags"),
        (ADD, "entitlements platforms secrets"),
        (APPEND, "cache_from cache_to"),
        (Class::List(Text, Kept), "extra_hosts"),
        (Opaque, "ssh"), // a list over anything is an error
    ]),
    group(&["services.*.credential_spec"], &[(Value, "config file registry")]),
    Group {
        needs: &["condition"],
        ..group(&["services.*.depends_on.*"], &[(Value, "restart"), (Choice, "condition required")])
    },
    group(&["services.*.deploy"], &[
        (Value, "endpoint_mode mode replicas"),
        (Map, "placement resources restart_policy rollback_config update_config"),
        (Pairs, "labels"),
    ]),
    group(&["services.*.deploy.placement"], &[
        (Value, "max_replicas_per_node"),
        (APPEND, "constraints preferences"),
    ]),
    group(&["services.*.deploy.placement.preferences.*"], &[(Value, "spread")]),
    group(&["services.*.deploy.resources"], &[(Map, "limits reservations")]),
    group(&["services.*.deploy.resources.limits"], &[(Value, "cpus memory pids")]),
    group(&["services.*.deploy.resources.reservations"], &[
        (Value, "cpus memory"),
        (APPEND, "devices generic_resources"),
    ]),
    group(&["services.*.deploy.resources.reservations.devices.*", "services.*.gpus.*"], &[
        (Value, "count driver"),
        (APPEND, "capabilities device_ids"),
        (Opaque, "options"),
    ]),
    group(&["services.*.deploy.resources.reservations.generic_resources.*"], &[(Map, "discrete_resource_spec")]),
    group(&["services.*.deploy.resources.reservations.generic_resources.*.discrete_resource_spec"], &[
        (Value, "kind value"),
    ]),
    group(&["services.*.deploy.restart_policy"], &[(Value, "condition delay max_attempts window")]),
    group(&["services.*.deploy.rollback_config", "services.*.deploy.update_config"], &[
        (Value, "delay failure_action max_failure_ratio monitor parallelism"),
        (Choice, "order"),
    ]),
    group(&["services.*.develop"], &[(APPEND, "watch")]),
    group(&["services.*.develop.watch.*"], &[
        (Value, "path target"),
        (Choice, "action initial_sync"),
        (Map, "exec"),
        (APPEND, "ignore include"),
    ]),
    group(&["services.*.develop.watch.*.exec", "services.*.post_start.*", "services.*.pre_stop.*"], &[
        (Value, "privileged user working_dir"),
        (Whole, "command"),
        (Pairs, "environment"),
    ]),
    group(&["services.*.devices.*"], &[(Value, "permissions source target")]),
    group(&["services.*.env_file.*"], &[(Value, "format path required")]),
    group(&["services.*.extends"], &[(Value, "file service")]),
    group(&["services.*.healthcheck"], &[
        (Value, "disable interval retries start_interval start_period timeout"),
        (Whole, "test"),
    ]),
    group(&["services.*.logging"], &[(Value, "driver"), (Map, "options")]),
    group(&["services.*.models.*"], &[(Value, "endpoint_var model_var")]),
    group(&["services.*.networks.*"], &[
        (Value, "interface_name ipv4_address ipv6_address mac_address"),
        (Choice, "gw_priority priority"),
        (Map, "driver_opts"),
        (SET, "aliases link_local_ips"),
    ]),
    group(&["services.*.ports.*"], &[(Value, "app_protocol host_ip mode name protocol published target")]),
    Group { needs: &["type"], ..group(&["services.*.provider"], &[(Value, "type"), (Map, "options")]) },
    group(&["services.*.build.secrets.*", "services.*.configs.*", "services.*.secrets.*"], &[
        (Value, "gid mode source target uid"),
    ]),
    group(&["services.*.ulimits"], &[(Whole, "*")]),
    group(&["services.*.ulimits.*"], &[(Value, "hard soft")]),
    Group { needs: &["hard", "soft"], ..group(&["services.*.build.ulimits.*"], &[(Value, "hard soft")]) },
    group(&["services.*.volumes.*"], &[
        (Value, "consistency read_only source target"),
        (Choice, "type"),
        (Map, "bind image tmpfs volume"),
    ]),
    group(&["services.*.volumes.*.bind"], &[
        (Value, "create_host_path propagation"),
        (Choice, "recursive selinux"),
    ]),
    group(&["services.*.volumes.*.image"], &[(Value, "subpath")]),
    group(&["services.*.volumes.*.tmpfs"], &[(Value, "mode size")]),
    group(&["services.*.volumes.*.volume"], &[(Value, "nocopy subpath"), (Pairs, "labels")]),
    group(&["configs.*"], &[
        (Value, "content environment file name template_driver"),
        (Opaque, "external labels"), // labels: by form before v2.16
    ]),
    group(&["configs.*.external", "networks.*.external", "secrets.*.external", "volumes.*.external"], &[
        (Value, "name"),
    ]),
    group(&["include.*"], &[(Value, "project_directory"), (APPEND, "env_file path")]),
    Group {
        needs: &["model"],
        ..group(&["models.*"], &[(Value, "model name"), (Choice, "context_size"), (APPEND, "runtime_flags")])
    },
    group(&["networks.*"], &[
        (Value, "attachable driver enable_ipv4 enable_ipv6 internal name"),
        (Map, "driver_opts ipam"),
        (Pairs, "labels"),
        (Opaque, "external"),
    ]),
    group(&["networks.*.ipam"], &[
        (Value, "driver"),
        (Map, "options"),
        (Opaque, "config"), // paired by subnet, losing items on the way
    ]),
    group(&["networks.*.ipam.config.*"], &[(Value, "gateway ip_range subnet"), (Map, "aux_addresses")]),
    group(&["secrets.*"], &[
        (Value, "driver environment file name template_driver"),
        (Map, "driver_opts"),
        (Opaque, "external labels"),
    ]),
    group(&["volumes.*"], &[
        (Value, "driver name"),
        (Map, "driver_opts"),
        (Opaque, "external labels"), // labels: a list may hold one twice, or be none, and is refused, before v2.16
    ]),
];

/// A place of [`GROUPS`], with what is below it: every value of a document is looked up, some many times.
#[derive(Default)]
struct Place {
    group: Option<&'static Group>,
    classes: BTreeMap<&'static str, Class>,
    below: BTreeMap<&'static str, Place>,
}

static PLACES: LazyLock<Place> = LazyLock::new(|| {
    let mut root = Place::default();
    for group in GROUPS {
        for pattern in group.at {
            let steps = pattern.split('.').filter(|step| !step.is_empty());
            let place = steps.fold(&mut root, |place, step| place.below.entry(step).or_default());
            place.group = Some(group);
            let fields = |(class, names): &(Class, &'static str)| names.split(' ').map(|name| (name, *class)).collect();
            place.classes = group.fields.iter().flat_map::<Vec<_>, _>(fields).collect();
        }
    }
    root
});

impl Place {
    fn find(path: &[&str]) -> Option<&'static Place> {
        let root: &'static Place = &PLACES;
        path.iter().try_fold(root, |place, key| place.below.get(*key).or_else(|| place.below.get("*")))
    }

    /// The class of a field of such a map.
    fn class(&self, field: &str) -> Option<Class> {
        self.classes.get(field).or_else(|| self.classes.get("*")).copied()
    }
}

/// The group of the maps at a place, if the specification knows it.
pub fn group_at(path: &[&str]) -> Option<&'static Group> {
    Place::find(path)?.group
}

/// The class of the field at a place. What the specification does not know is [`Class::Opaque`].
pub fn class_at(path: &[&str]) -> Class {
    let Some((field, parents)) = path.split_last() else { return Map };
    let listed = Place::find(parents).and_then(|place| place.class(field));
    listed.or_else(|| group_at(path).map(|_| Map)).unwrap_or(Opaque)
}
