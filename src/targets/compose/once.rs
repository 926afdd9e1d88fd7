//! What runs to its end: a service that is not started again, and not asked for its health.

use docker_compose_types::Healthcheck;

use super::service::Part;
use crate::app::{Cron, Job, Process, When};

/// A process that ends.
#[derive(Clone, Copy)]
pub enum Once<'a> {
    Job(&'a Job),
    Cron(&'a Cron),
    /// What stands before another.
    Init(&'a Process),
}

impl Once<'_> {
    /// Whether it is started by `up`, or only by its name.
    fn when(self) -> Option<When> {
        match self {
            Once::Job(job) => Some(job.when),
            Once::Cron(_) | Once::Init(_) => None,
        }
    }
}

/// Whatever the image says of a health check is about the app.
pub fn healthcheck(part: &mut Part<'_>) -> Healthcheck {
    part.notes.add("healthcheck", "what runs to its end is not asked whether it is well", Vec::new());
    Healthcheck { disable: true, ..Healthcheck::default() }
}

/// Services of a profile of Compose are left out by `up`, and started by `docker compose run --rm NAME`.
///
/// What stands beside such a service is left out with it, and started with it.
pub fn profiles(part: &mut Part<'_>) -> Vec<String> {
    let once = match part.host {
        Some(host) => host.once,
        None => part.once,
    };
    let name = part.pod_name();
    let (profile, who, keys) = match once {
        Some(Once::Job(job)) if job.when == When::Manual => ("manual", "somebody", vec![job.process.key("when")]),
        Some(Once::Job(_) | Once::Init(_)) | None => return Vec::new(),
        Some(Once::Cron(cron)) => ("cron", "the host", vec![cron.process.at.clone()]),
    };
    part.notes.add("profiles", format!("left out by `up`: {who} starts it, by docker compose run --rm {name}"), keys);
    vec![profile.into()]
}

/// Docker tries again what failed; whoever waits for it waits until it has given up.
pub fn restart(part: &mut Part<'_>, once: Once<'_>) -> String {
    let keys = part.process.keys(&["retries", "when"]);
    match (once, once.when()) {
        (Once::Init(_), _) => {
            part.notes.add("restart", "tried again until it succeeds, as in a pod", Vec::new());
            "on-failure".into()
        }
        (Once::Job(job), Some(When::Before | When::After)) if job.retries > 0 => {
            part.notes.add("restart", "so many more runs after one that failed", keys);
            format!("on-failure:{}", job.retries)
        }
        (_, Some(When::Before | When::After)) => {
            part.notes.add("restart", "asked for: what failed is not tried again", keys);
            "no".into()
        }
        (_, Some(When::Manual) | None) => {
            part.notes.add("restart", "whoever starts it sees how it ends", part.process.keys(&["when"]));
            "no".into()
        }
    }
}
