//! `[cloudrun]`: where the platform runs as many instances as requests need.

mod annotations;
mod ending;
mod managed;
mod size;

pub use annotations::{Reader, readers};
pub use ending::{Ending, MOST};
pub use managed::{is_managed_label, managed_directory};
pub use size::{MOST_CPU, MOST_MEMORY, Misfit, Size};

use super::{
    App, MilliCpu, Process, Seconds, defaults,
    findings::Findings,
    lifecycle::{HOUR, time},
    resources::amount,
};
use crate::{
    key::Key,
    profile::{self, Exposure, Flavor, State},
};

/// Settings that only Cloud Run and Knative have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloudrun {
    pub flavor: Flavor,
}

/// What they alone are told of one process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessCloudrun {
    /// Absent: as few as its state allows.
    pub min: Option<u32>,
    /// Absent: what `[autoscale]` says, or `workers`.
    pub max: Option<u32>,
    /// Absent: what its resources say.
    pub cpu: Option<MilliCpu>,
    /// Absent: the platform's default.
    pub concurrency: Option<u32>,
    pub timeout: Seconds,
    pub ingress: Exposure,
    /// Absent: the platform's default.
    pub service_account: Option<String>,
    pub cpu_boost: bool,
}

/// What holds where the profile says nothing.
impl Default for ProcessCloudrun {
    fn default() -> Self {
        ProcessCloudrun {
            min: None,
            max: None,
            cpu: None,
            concurrency: None,
            timeout: defaults::REQUEST_TIMEOUT,
            ingress: Exposure::All,
            service_account: None,
            cpu_boost: true,
        }
    }
}

/// Cloud Run kills an instance so long after telling it to stop (Cloud Run documentation, "Container runtime contract").
pub const STOP: Seconds = Seconds(10);

/// As much of that is left for the lifespan's end.
const AFTER_DRAIN: Seconds = Seconds(2);

/// The longest start that Cloud Run waits for (Cloud Run documentation, "Configure container health checks").
pub const START: Seconds = Seconds(240);

/// The settings of the app, and those of its main process, which are decided with it.
pub fn cloudrun(wanted: Option<profile::Cloudrun>) -> (Cloudrun, profile::ProcessCloudrun) {
    let profile::Cloudrun { flavor, process } = wanted.unwrap_or_default();
    (Cloudrun { flavor: flavor.unwrap_or(Flavor::Cloudrun) }, process)
}

pub fn process_cloudrun(wanted: profile::ProcessCloudrun, at: &Key, findings: &mut Findings<'_>) -> ProcessCloudrun {
    let profile::ProcessCloudrun { min, max, cpu, concurrency, timeout, ingress, service_account, cpu_boost } = wanted;
    let (key, unset) = (at.below("cloudrun"), ProcessCloudrun::default());
    ProcessCloudrun {
        min,
        max,
        cpu: cpu.and_then(|cpu| amount(&cpu, &key.below("cpu"), findings)),
        concurrency,
        timeout: timeout.map_or(unset.timeout, |text| time(&text, (1, HOUR), &key.below("timeout"), findings)),
        ingress: ingress.unwrap_or(unset.ingress),
        service_account,
        cpu_boost: cpu_boost.unwrap_or(unset.cpu_boost),
    }
}

impl Cloudrun {
    /// The longest drain, and the longest start, that the platform allows.
    pub fn drain(&self, wanted: Seconds) -> Seconds {
        match self.flavor {
            Flavor::Cloudrun => wanted.min(Seconds(STOP.0 - AFTER_DRAIN.0)),
            Flavor::Knative => wanted,
        }
    }

    pub fn start(&self, wanted: Seconds) -> Seconds {
        match self.flavor {
            Flavor::Cloudrun => wanted.min(START),
            Flavor::Knative => wanted,
        }
    }
}

/// Between how many instances the platform scales, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instances {
    pub min: u32,
    pub min_reason: &'static str,
    pub min_keys: Vec<Key>,
    pub max: u32,
    pub max_reason: String,
    pub max_keys: Vec<Key>,
}

impl App {
    pub fn instances(&self, process: &Process) -> Instances {
        let (given_min, given_max) = (process.cloudrun.min, process.cloudrun.max);
        let stateful = process.state != State::None;
        let (min, min_reason) = match given_min {
            Some(min) => (min, "asked for"),
            None if stateful => (1, "what it keeps in memory would go with its last instance"),
            None => (0, "none runs while nobody asks"),
        };
        let min_keys = match given_min {
            Some(_) => process.keys(&["cloudrun.min"]),
            None => process.keys(&["state", "cloudrun.min"]),
        };
        let scaled = process.autoscale.as_ref().map(|autoscale| autoscale.max);
        let (max, max_reason, because) = match (given_max, scaled) {
            (Some(max), _) => (max, "asked for".to_owned(), Vec::new()),
            (None, Some(max)) => {
                (max, "as many as the autoscaler may run elsewhere".into(), process.keys(&["autoscale"]))
            }
            (None, None) => {
                let reason = format!("workers-vs-replicas: {} wanted, one in each instance", process.workers);
                (process.workers, reason, [self.wanted_keys(process), process.keys(&["autoscale"])].concat())
            }
        };
        let max_keys = [process.keys(&["cloudrun.max"]), because].concat();
        Instances { min, min_reason, min_keys, max, max_reason, max_keys }
    }

    /// Requests that an instance takes at once; absent: as many as come.
    pub fn concurrency(&self, process: &Process) -> Option<u32> {
        process.cloudrun.concurrency.or(match self.cloudrun.flavor {
            Flavor::Knative => None,
            Flavor::Cloudrun if self.size(process).is_part_of_a_core() => Some(1),
            Flavor::Cloudrun => Some(defaults::CONCURRENCY),
        })
    }
}
