//! `[autoscale]`: more replicas under load.

use super::{
    Seconds, defaults,
    findings::Findings,
    lifecycle::{HOUR, time},
};
use crate::{
    key::Key,
    problem::Code,
    profile::{self, ScalingPolicy, ScalingSelect, State},
};

/// Bounds and aims of an autoscaler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autoscale {
    /// Absent: what `workers` gives.
    pub min: Option<u32>,
    pub max: u32,
    /// Per cent of the CPU request.
    pub cpu: Option<u32>,
    /// Per cent of the memory request.
    pub memory: Option<u32>,
    pub behavior: Behavior,
}

/// How fast replicas come and go. Where a direction is absent, the platform's default holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behavior {
    pub up: Option<Scaling>,
    pub down: Option<Scaling>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scaling {
    pub stabilization: Option<Seconds>,
    pub select: Option<ScalingSelect>,
    pub policies: Vec<Policy>,
    /// Per cent.
    pub tolerance: Option<u32>,
}

/// How much may change in which time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    Percent { value: u32, every: Seconds },
    Pods { value: u32, every: Seconds },
}

pub fn autoscale(
    wanted: Option<profile::Autoscale>,
    state: State,
    at: &Key,
    findings: &mut Findings<'_>,
) -> Option<Autoscale> {
    let key = at.below("autoscale");
    let profile::Autoscale { max, min, cpu, memory, behavior } = wanted?;
    if state != State::None {
        findings.conflict(
            &key,
            &at.below("state"),
            "a process with state cannot be scaled",
            "drop `[autoscale]`, or keep the state elsewhere",
        );
    }
    let Some(max) = max else {
        findings.key(
            Code::MissingKey,
            &key,
            "`[autoscale]` needs `max`",
            "no upper bound",
            "say how many replicas there may be at most, as in `max = 10`",
        );
        return None;
    };
    let cpu = cpu.or_else(|| memory.is_none().then_some(defaults::AUTOSCALE_CPU));
    Some(Autoscale { min, max, cpu, memory, behavior: self::behavior(behavior, &key, findings) })
}

fn behavior(wanted: Option<profile::Behavior>, key: &Key, findings: &mut Findings<'_>) -> Behavior {
    let key = key.below("behavior");
    let profile::Behavior { scale_up, scale_down } = wanted.unwrap_or_default();
    // Scaling down slowly keeps a dip in the traffic from ending warm processes.
    let gently = Scaling {
        stabilization: Some(Seconds(300)),
        select: None,
        policies: vec![Policy::Percent { value: 25, every: Seconds(60) }],
        tolerance: None,
    };
    Behavior {
        up: scale_up.map(|wanted| scaling(wanted, &key.below("scale_up"), findings)),
        down: Some(scale_down.map_or(gently, |wanted| scaling(wanted, &key.below("scale_down"), findings))),
    }
}

fn scaling(wanted: profile::Scaling, key: &Key, findings: &mut Findings<'_>) -> Scaling {
    let profile::Scaling { stabilization, select, policies, tolerance } = wanted;
    // The bounds of the Kubernetes API (`autoscaling/v2`, `HPAScalingRules` and `HPAScalingPolicy`).
    let stabilization = stabilization.map(|text| time(&text, (0, HOUR), &key.below("stabilization"), findings));
    let policies_key = key.below("policies");
    let policies = policies.unwrap_or_default().into_iter().enumerate();
    let policies =
        policies.filter_map(|(i, wanted)| policy(wanted, &policies_key.child(i.to_string()), findings)).collect();
    Scaling { stabilization, select, policies, tolerance }
}

fn policy(wanted: ScalingPolicy, key: &Key, findings: &mut Findings<'_>) -> Option<Policy> {
    let ScalingPolicy { percent, pods, every } = wanted;
    let every = time(&every, (1, HOUR / 2), &key.below("every"), findings);
    match (percent, pods) {
        (Some(value), None) => Some(Policy::Percent { value, every }),
        (None, Some(value)) => Some(Policy::Pods { value, every }),
        _ => {
            findings.value(
                Code::Conflict,
                key,
                "a scaling policy counts either `percent` or `pods`",
                "exactly one of them",
                "write one, as in `{ percent = 25, every = \"60s\" }`",
            );
            None
        }
    }
}
