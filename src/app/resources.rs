//! `[resources]`: what one worker needs, and what a container of several needs.

use super::{Bytes, MilliCpu, Start, defaults, findings::Findings};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, GpuTable, Quantity, Range, RangeTable},
};

/// What ONE worker needs; disk is the container's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resources {
    pub cpu_request: MilliCpu,
    /// Absent: no limit.
    pub cpu_limit: Option<MilliCpu>,
    pub memory_request: Bytes,
    pub memory_limit: Bytes,
    pub ephemeral_storage: Bytes,
    pub gpu: Option<Gpu>,
}

/// Devices that a process has for itself: they are not shared with what it would fork.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gpu {
    pub count: u32,
    /// What a cluster calls them.
    pub resource: String,
}

impl Gpu {
    /// Whether these are whole GPUs of the one vendor whose driver a single host knows by name.
    pub fn is_nvidia(&self) -> bool {
        self.resource == defaults::GPU
    }
}

/// What one container needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    pub cpu_request: MilliCpu,
    pub cpu_limit: Option<MilliCpu>,
    pub memory_request: Bytes,
    pub memory_limit: Bytes,
}

impl Resources {
    /// The sum over the workers, plus the supervisor's share where the server keeps a parent process, plus scratch
    /// space that lies in memory. There is no hidden factor: what one worker needs is what the user measured.
    pub fn of_container(&self, start: &Start, workers: u32, scratch_in_memory: Bytes) -> Demand {
        let supervisor = |worker: Bytes| match start.server() {
            Some(server) => server.supervisor(workers, worker),
            None => Bytes(0),
        };
        let memory = |worker: Bytes| worker * workers + supervisor(worker) + scratch_in_memory;
        Demand {
            cpu_request: self.cpu_request * workers,
            cpu_limit: self.cpu_limit.map(|limit| limit * workers),
            memory_request: memory(self.memory_request),
            memory_limit: memory(self.memory_limit),
        }
    }

    /// How the memory of a container adds up: `4 workers × 256Mi + 48Mi supervisor + 64Mi scratch`.
    pub fn memory_sum(worker: Bytes, start: &Start, workers: u32, scratch_in_memory: Bytes) -> String {
        let mut sum = times(workers, worker);
        let supervisor = start.server().map_or(Bytes(0), |server| server.supervisor(workers, worker));
        for (part, what) in [(supervisor, "supervisor"), (scratch_in_memory, "scratch")] {
            if part > Bytes(0) {
                sum.push_str(&format!(" + {part} {what}"));
            }
        }
        sum
    }
}

/// What each worker needs, times the workers.
pub fn times(workers: u32, each: impl std::fmt::Display) -> String {
    let s = if workers == 1 { "" } else { "s" };
    format!("{workers} worker{s} × {each}")
}

/// `on_disk`: what scratch directories may hold there.
pub fn resources(
    wanted: Option<profile::Resources>,
    start: &Start,
    on_disk: Bytes,
    at: &Key,
    findings: &mut Findings<'_>,
) -> Resources {
    let key = at.below("resources");
    let profile::Resources { cpu, memory, ephemeral_storage, gpu } = wanted.unwrap_or_default();
    let gpu = gpu.map(|gpu| self::gpu(gpu, &key.below("gpu"), findings));
    // What feeds a GPU uses more than one core.
    let default_limit = (start.server().is_some() && gpu.is_none()).then_some(defaults::PYTHON_CPU_LIMIT);
    let (cpu_request, cpu_limit) = self::cpu(cpu, default_limit, &key.below("cpu"), findings);
    let (memory_request, memory_limit) = self::memory(memory, at, findings);
    let storage_key = key.below("ephemeral_storage");
    let default_storage = (on_disk + defaults::LOGS).max(defaults::EPHEMERAL_STORAGE);
    let ephemeral_storage =
        ephemeral_storage.and_then(|text| amount(&text, &storage_key, findings)).unwrap_or(default_storage);
    Resources { cpu_request, cpu_limit, memory_request, memory_limit, ephemeral_storage, gpu }
}

/// An extended resource is of somebody's domain (Kubernetes documentation, "Extended resources").
fn gpu(wanted: profile::Gpu, key: &Key, findings: &mut Findings<'_>) -> Gpu {
    let GpuTable { count, resource } = match wanted {
        profile::Gpu::Count(count) => GpuTable { count: Some(count), resource: None },
        profile::Gpu::Table(table) => table,
    };
    let resource = resource.unwrap_or_else(|| defaults::GPU.to_owned());
    let domain = resource.split('/').next().unwrap_or_default();
    if domain == "kubernetes.io" || domain.ends_with(".kubernetes.io") || domain.starts_with("requests.") {
        findings.value(
            Code::BadResources,
            &key.below("resource"),
            format!("`{resource}` is no device that a cluster offers"),
            "Kubernetes keeps this domain for itself",
            "name the resource as its device plugin does, as in \"nvidia.com/gpu\" or \"amd.com/gpu\"",
        );
    }
    Gpu { count: count.unwrap_or(1), resource }
}

fn cpu(
    wanted: Option<Range>,
    default_limit: Option<MilliCpu>,
    key: &Key,
    findings: &mut Findings<'_>,
) -> (MilliCpu, Option<MilliCpu>) {
    let RangeTable { request, limit } = table(wanted);
    let read = |text: &Quantity, key: &Key, findings: &mut Findings<'_>| amount(text, key, findings);
    let request_key = spot(key, "request", findings);
    let given = request.as_ref().and_then(|text| read(text, &request_key, findings));
    let limit_key = key.below("limit");
    let limit = match limit.as_deref() {
        None => default_limit.map(|limit| limit.max(given.unwrap_or(limit))),
        Some("none") => None,
        Some(text) => read(&Quantity(text.to_owned()), &limit_key, findings),
    };
    // A request beyond a given limit is the user's mistake; the default request only follows a small limit down.
    let request =
        given.unwrap_or_else(|| limit.map_or(defaults::CPU_REQUEST, |limit| limit.min(defaults::CPU_REQUEST)));
    if let Some(limit) = limit {
        request_within(request.0, limit.0, key, findings);
    }
    (request, limit)
}

fn memory(wanted: Option<Range>, at: &Key, findings: &mut Findings<'_>) -> (Bytes, Bytes) {
    let key = &at.below("resources").below("memory");
    if wanted.is_none() {
        findings.key(
            Code::DefaultMemory,
            &findings.written(at, &["resources", "server", "command"]),
            format!("`{key}` is not set: 256Mi for each worker is a guess"),
            "the memory of a worker is unknown",
            "measure one worker under load and write it down, as in `memory = \"256Mi\"`",
        );
    }
    let RangeTable { request, limit } = table(wanted);
    if limit.as_deref() == Some("none") {
        findings.value(
            Code::BadResources,
            &key.below("limit"),
            "memory needs a limit",
            "no limit",
            "give an amount: without one, a leak takes the whole node down",
        );
        return (defaults::MEMORY, defaults::MEMORY);
    }
    let request_key = spot(key, "request", findings);
    let request = request.and_then(|text| amount(&text, &request_key, findings));
    let limit = limit.and_then(|text| amount(&Quantity(text), &key.below("limit"), findings));
    let (request, limit) = match (request, limit) {
        (Some(request), Some(limit)) => (request, limit),
        (Some(one), None) | (None, Some(one)) => (one, one),
        (None, None) => (defaults::MEMORY, defaults::MEMORY),
    };
    request_within(request.0, limit.0, key, findings);
    if limit < LEAST_MEMORY {
        findings.value(
            Code::BadResources,
            &spot(key, "limit", findings),
            format!("{} bytes of memory are too few to start anything", limit.0),
            "below 6Mi, which Docker refuses",
            Bytes::HELP,
        );
    }
    (request, limit)
}

/// The key of a table, or the value that stands instead of the table.
fn spot(key: &Key, name: &str, findings: &Findings<'_>) -> Key {
    let inner = key.child(name);
    if findings.provenance.has(&inner) { inner } else { key.clone() }
}

/// Docker starts no container with less (`docker run` documentation, `--memory`).
const LEAST_MEMORY: Bytes = Bytes::mebi(6);

fn request_within(request: u64, limit: u64, key: &Key, findings: &mut Findings<'_>) {
    if request > limit {
        findings.value(
            Code::BadResources,
            &spot(key, "request", findings),
            format!("`{key}` requests more than its limit"),
            "the request is above the limit",
            "lower the request or raise the limit: Kubernetes refuses the pod",
        );
    }
}

fn table(range: Option<Range>) -> RangeTable {
    match range {
        None => RangeTable::default(),
        Some(Range::Amount(amount)) => RangeTable { request: Some(amount), limit: None },
        Some(Range::Table(table)) => table,
    }
}

/// An amount of something that a machine has so much of.
pub trait Amount: Copy + Default + PartialOrd {
    /// More than any machine has: a slip of the unit. The sum over a thousand workers still fits 63 bits.
    const MOST: Self;
    /// How to write it.
    const HELP: &str;

    /// Reads a Kubernetes quantity; `None` if it is too fine, or too much.
    fn read(text: &str) -> Option<Self>;
}

impl Amount for Bytes {
    const MOST: Self = Bytes::mebi(1 << 24);
    const HELP: &str =
        "mind the unit, as in \"256Mi\" or \"1Gi\": `m` is a thousandth, and a number alone counts bytes";

    fn read(text: &str) -> Option<Self> {
        Bytes::parse(text)
    }
}

impl Amount for MilliCpu {
    const MOST: Self = MilliCpu(256_000);
    const HELP: &str =
        "mind the unit, as in \"250m\" or \"2\": `m` is a thousandth of a core, and a number alone counts cores";

    fn read(text: &str) -> Option<Self> {
        MilliCpu::parse(text)
    }
}

/// Reads an amount that is worth something, and no slip of the unit.
pub fn amount<T: Amount>(text: &Quantity, key: &Key, findings: &mut Findings<'_>) -> Option<T> {
    let read = T::read(&text.0).filter(|amount| *amount != T::default() && *amount <= T::MOST);
    if read.is_none() {
        let title = format!("`{}` is not an amount that can be asked for", text.0);
        findings.value(Code::BadResources, key, title, "zero, too fine, or more than a machine has", T::HELP);
    }
    read
}
