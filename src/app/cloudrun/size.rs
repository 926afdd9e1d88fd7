//! What Cloud Run sets aside for a container: CPU in steps, and memory between bounds that each step has. What stands
//! beside a process needs no whole core.
//!
//! Sources: Cloud Run documentation, "Configure CPU limits for services" and "Configure memory limits for services".

use crate::{
    app::{App, Bytes, Demand, MilliCpu, Process, Runtime, Volume},
    key::Key,
    profile::Flavor,
};

/// CPU and memory of a container, and what they follow from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    pub cpu: MilliCpu,
    pub memory: Bytes,
    /// What the process needs by itself.
    pub needs: (MilliCpu, Bytes),
    /// Whether less CPU would not have so much memory.
    pub cpu_by_memory: bool,
    pub misfit: Option<Misfit>,
}

/// Why no container of Cloud Run is of a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// Not a step, or more than there is.
    Cpu(MilliCpu),
    /// More than goes with the CPU that was asked for, or with any.
    Memory { most: Bytes },
}

/// Whole cores, each with the least and the most memory that goes with them.
const STEPS: [(MilliCpu, Bytes, Bytes); 5] = [
    (MilliCpu(1000), Bytes(0), Bytes::mebi(4 << 10)),
    (MilliCpu(2000), Bytes(0), Bytes::mebi(8 << 10)),
    (MilliCpu(4000), Bytes::mebi(2 << 10), Bytes::mebi(16 << 10)),
    (MilliCpu(6000), Bytes::mebi(4 << 10), Bytes::mebi(24 << 10)),
    (MilliCpu(8000), Bytes::mebi(4 << 10), Bytes::mebi(32 << 10)),
];

/// The least part of a core, and the least with which there is more than [`SMALL`] memory.
const LEAST_CPU: MilliCpu = MilliCpu(80);
const HALF: MilliCpu = MilliCpu(500);
const SMALL: Bytes = Bytes::mebi(512);
const LARGE: Bytes = Bytes::mebi(1024);

/// The least memory of the first generation, which alone has parts of a core, and of the second.
const FIRST_LEAST: Bytes = Bytes::mebi(128);
const SECOND_LEAST: Bytes = Bytes::mebi(512);

impl Size {
    /// Only the first generation of Cloud Run's machines has less than a core, for one request at a time.
    pub fn is_part_of_a_core(&self) -> bool {
        self.cpu.0 < 1000
    }

    /// Whether the platform gives more than the process needs.
    pub fn is_raised(&self) -> bool {
        self.memory > self.needs.1
    }

    /// What the CPU of another size would have to be, for the memory that is needed.
    pub fn enough(memory: Bytes) -> Option<MilliCpu> {
        STEPS.iter().find(|(.., most)| memory <= *most).map(|(cpu, ..)| *cpu)
    }
}

/// The least and the most memory that goes with so much CPU; `None` if there is no such step.
fn bounds(cpu: MilliCpu) -> Option<(Bytes, Bytes)> {
    match cpu {
        _ if cpu < LEAST_CPU => None,
        _ if cpu < HALF => Some((FIRST_LEAST, SMALL)),
        MilliCpu(0..1000) => Some((FIRST_LEAST, LARGE)),
        _ => STEPS.iter().find(|(step, ..)| *step == cpu).map(|(_, least, most)| ((*least).max(SECOND_LEAST), *most)),
    }
}

/// The most of an instance, whatever its containers are.
pub const MOST_CPU: MilliCpu = MilliCpu(8000);
pub const MOST_MEMORY: Bytes = Bytes::mebi(32 << 10);

/// The least CPU that there is for so much. `part`: of a core does.
fn enough_cpu(wanted: MilliCpu, part: bool) -> Option<MilliCpu> {
    match wanted {
        MilliCpu(0..1000) if part => Some(wanted.max(LEAST_CPU)),
        _ => STEPS.iter().find(|(step, ..)| wanted <= *step).map(|(step, ..)| *step),
    }
}

/// The least CPU that has so much memory.
fn with_memory(memory: Bytes, part: bool) -> Option<MilliCpu> {
    match memory {
        _ if part && memory <= SMALL => Some(LEAST_CPU),
        _ if part && memory <= LARGE => Some(HALF),
        _ => Size::enough(memory),
    }
}

impl App {
    /// What a container may write that lies in memory: on Cloud Run all of it. There an instance has its memory in all, so
    /// what is shared is on the account of the process.
    pub fn written_in_memory(&self, process: &Process) -> Bytes {
        match self.cloudrun.flavor {
            Flavor::Knative => process.written_in_memory(),
            Flavor::Cloudrun => {
                let volumes = process.volumes.iter().filter(|volume| !self.is_of_hosts(process, volume));
                let volumes = volumes.map(|volume| volume.scratch().unwrap_or_default() + volume.memory());
                process.security.scratch.iter().map(|scratch| scratch.size).chain(volumes).sum()
            }
        }
    }

    /// Whether every process that a container stands beside mounts a volume, too.
    fn is_of_hosts(&self, process: &Process, volume: &Volume) -> bool {
        let mounts = |host: &Process| host.volumes.iter().any(|one| one.name == volume.name);
        process.is_attached() && self.hosts(process).all(mounts)
    }

    /// The size of a container of one worker. Its whole file system lies in memory, so scratch space counts.
    pub fn size(&self, process: &Process) -> Size {
        let Demand { cpu_request, cpu_limit, memory_request: _, memory_limit } =
            process.resources.of_container(&process.start, 1, self.written_in_memory(process));
        let wanted = cpu_limit.unwrap_or(cpu_request);
        let asked = process.cloudrun.cpu;
        let by_cpu = enough_cpu(wanted, process.is_attached());
        let by_memory = with_memory(memory_limit, process.is_attached());
        let fits = by_cpu.zip(by_memory).map(|(a, b)| a.max(b));
        let cpu = asked.or(fits).unwrap_or(STEPS[4].0);
        let misfit = match bounds(cpu) {
            None => Some(Misfit::Cpu(cpu)),
            Some(_) if asked.is_none() && by_cpu.is_none() => Some(Misfit::Cpu(wanted)),
            Some((_, most)) if memory_limit > most => Some(Misfit::Memory { most }),
            Some(_) => None,
        };
        let least = bounds(cpu).map_or(SECOND_LEAST, |(least, _)| least);
        Size {
            cpu,
            memory: memory_limit.max(least),
            needs: (wanted, memory_limit),
            cpu_by_memory: asked.is_none() && by_cpu < by_memory,
            misfit,
        }
    }

    /// The keys that decide the CPU of an instance.
    pub fn size_cpu_keys(&self, process: &Process, size: &Size) -> Vec<Key> {
        let own = if process.is_attached() { Vec::new() } else { process.keys(&["cloudrun.cpu"]) };
        if process.cloudrun.cpu.is_some() {
            return own;
        }
        let because = if size.cpu_by_memory {
            let unset = (!self.sets(process, "resources.cpu")).then(|| process.key("resources.cpu"));
            let memory = self.range_keys(process, "resources.memory", "resources.memory.limit");
            memory.into_iter().chain(unset).collect()
        } else if self.sets(process, "resources.cpu.limit") {
            process.keys(&["resources.cpu.limit"])
        } else {
            self.range_keys(process, "resources.cpu", "resources.cpu.request")
        };
        [own, because].concat()
    }

    /// The keys that decide the memory of an instance.
    pub fn size_memory_keys(&self, process: &Process, size: &Size) -> Vec<Key> {
        let plan = self.parallelism(process, Runtime::Serverless);
        let volumes = if process.volumes.is_empty() { Vec::new() } else { vec![process.key("volumes")] };
        if !size.is_raised() {
            let keys = self.memory_keys(process, "resources.memory.limit", &plan, true);
            return keys.into_iter().chain(volumes).collect();
        }
        // What is not written could ask for more than the least that there is, which goes by the CPU, but for whole cores
        // below four.
        let unset = ["resources.memory", "security.writable"].into_iter().filter(|name| !self.sets(process, name));
        let mut keys = process.keys(&unset.collect::<Vec<_>>());
        if size.is_part_of_a_core() || size.cpu.0 >= 4000 {
            keys.extend(self.size_cpu_keys(process, size));
        }
        keys
    }
}
