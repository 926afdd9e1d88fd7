//! How a process ends and how its successor comes: `[shutdown]` and `[rollout]`.

use super::{defaults, findings::Findings};
use crate::{
    key::Key,
    problem::{Code, Problem},
    profile::{self, Duration, ServiceType, State, Strategy, Surge},
};

/// A time span in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Seconds(pub u32);

impl Seconds {
    /// Reads what the schema admits (`500ms`, `30s`, `5m`, `1h`); parts of a second are rounded up.
    pub fn parse(text: &Duration) -> Self {
        let text = text.0.as_str();
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let number: u32 = text[..digits].parse().unwrap_or(u32::MAX);
        Seconds(match &text[digits..] {
            "ms" => number.div_ceil(1000),
            "m" => number.saturating_mul(60),
            "h" => number.saturating_mul(3600),
            _ => number,
        })
    }
}

/// Reads a time span, and reports one that is shorter or longer than makes sense, or than a target takes.
pub fn time(text: &Duration, (least, most): (u32, u32), key: &Key, findings: &mut Findings<'_>) -> Seconds {
    let time = Seconds::parse(text);
    if !(least..=most).contains(&time.0) {
        let label = match least {
            0 => format!("must be at most {}", shown(most)),
            _ => format!("must be between {} and {}", shown(least), shown(most)),
        };
        let span = findings.provenance.value(key);
        findings.report(Problem::new(Code::OutOfRange, format!("`{key}` is out of range")).at(span, label));
    }
    time
}

/// Longer than anybody waits: `kubelet` and people have given up long before.
pub const HOUR: u32 = 3600;
pub const DAY: u32 = 24 * HOUR;

fn shown(seconds: u32) -> String {
    match seconds {
        _ if seconds.is_multiple_of(HOUR) => format!("{}h", seconds / HOUR),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

impl std::ops::Add for Seconds {
    type Output = Seconds;
    fn add(self, other: Seconds) -> Seconds {
        Seconds(self.0.saturating_add(other.0))
    }
}

/// How a process ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shutdown {
    /// Requests in flight have so long.
    pub drain: Seconds,
    /// A proxy has so long to learn that the replica goes, before that is told to stop. Zero: nobody has to learn it.
    pub pre_stop: Seconds,
}

impl Shutdown {
    /// The time from being told to stop to being killed, without [`Shutdown::pre_stop`].
    pub fn grace(&self) -> Seconds {
        self.drain + defaults::LIFESPAN + defaults::GRACE_MARGIN
    }
}

/// Who has to learn that a process goes, or has learned it already.
pub enum Ended {
    /// Nobody sends it requests.
    Alone,
    /// Its clients.
    Offered(ServiceType),
    /// It ends after the only one that sent it requests.
    WithItsPod,
}

pub fn shutdown(wanted: Option<profile::Shutdown>, ended: Ended, at: &Key, findings: &mut Findings<'_>) -> Shutdown {
    let key = at.below("shutdown");
    let profile::Shutdown { drain, pre_stop } = wanted.unwrap_or_default();
    let (in_flight, learned) = match ended {
        Ended::WithItsPod => (Seconds(0), Seconds(0)),
        Ended::Alone => (defaults::DRAIN, Seconds(0)),
        Ended::Offered(ServiceType::LoadBalancer) => (defaults::DRAIN, defaults::PRE_STOP_LOAD_BALANCER),
        Ended::Offered(_) => (defaults::DRAIN, defaults::PRE_STOP),
    };
    // Every rollout waits for both.
    let mut read =
        |text: Option<Duration>, name: &str| text.map(|text| time(&text, (0, HOUR), &key.child(name), findings));
    Shutdown {
        drain: read(drain, "drain").unwrap_or(in_flight),
        pre_stop: read(pre_stop, "pre_stop").unwrap_or(learned),
    }
}

/// How a new version comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rollout {
    /// New replicas first.
    Rolling { surge: Surge, unavailable: Surge },
    /// Old replicas go first.
    Recreate,
}

pub fn rollout(wanted: Option<profile::Rollout>, state: State, at: &Key, findings: &mut Findings<'_>) -> Rollout {
    let key = at.below("rollout");
    let profile::Rollout { strategy, surge, unavailable } = wanted.unwrap_or_default();
    let strategy = match (strategy, state) {
        (Some(Strategy::Rolling), State::Memory | State::Disk) => {
            findings.conflict(
                &key.below("strategy"),
                &at.below("state"),
                "a process with state cannot be rolled",
                "drop `strategy`: two processes would run at once",
            );
            Strategy::Recreate
        }
        (Some(strategy), _) => strategy,
        (None, State::None) => Strategy::Rolling,
        (None, State::Memory | State::Disk) => Strategy::Recreate,
    };
    if strategy == Strategy::Recreate {
        let given = [("surge", surge.is_some()), ("unavailable", unavailable.is_some())];
        for (name, _) in given.into_iter().filter(|(_, given)| *given) {
            findings.key(
                Code::BadRollout,
                &key.child(name),
                format!("`{name}` has no meaning when pods are recreated"),
                "of rolling updates",
                "drop it, or use `strategy = \"rolling\"`",
            );
        }
        return Rollout::Recreate;
    }
    let surge = surge.unwrap_or(Surge::Pods(1));
    let unavailable = unavailable.unwrap_or(Surge::Pods(0));
    if is_zero(&surge) && is_zero(&unavailable) {
        findings.value(
            Code::BadRollout,
            &key.below("surge"),
            "a rollout with neither surge nor unavailable replicas can never start",
            "no pod more",
            "allow one pod more (`surge = 1`) or one less (`unavailable = 1`)",
        );
    }
    Rollout::Rolling { surge, unavailable }
}

fn is_zero(surge: &Surge) -> bool {
    match surge {
        Surge::Pods(count) => *count == 0,
        Surge::Percent(text) => text.trim_end_matches('%').trim_start_matches('0').is_empty(),
    }
}
