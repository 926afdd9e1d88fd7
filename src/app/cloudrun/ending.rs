//! How Cloud Run ends a run of a job.

use crate::app::{Cron, Job, Seconds};

/// How often a run that failed is tried again, and how long each may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub retries: u32,
    pub deadline: Seconds,
}

/// The most of both (Cloud Run documentation, "Set maximum retries for jobs" and "Set task timeout for jobs").
pub const MOST: Ending = Ending { retries: 10, deadline: Seconds(168 * 60 * 60) };

impl Ending {
    fn within(self, most: Ending) -> Ending {
        Ending { retries: self.retries.min(most.retries), deadline: self.deadline.min(most.deadline) }
    }
}

impl Job {
    /// As Cloud Run can do it.
    pub fn ending(&self) -> Ending {
        Ending { retries: self.retries, deadline: self.deadline }.within(MOST)
    }
}

impl Cron {
    /// As Cloud Run can do it.
    pub fn ending(&self) -> Ending {
        Ending { retries: self.retries, deadline: self.deadline }.within(MOST)
    }
}
