//! A process as Cloud Run and Knative know it.

use crate::app::{App, Flavor, Parallelism, Process, Runtime, Size};

pub struct Part<'a> {
    pub app: &'a App,
    pub process: &'a Process,
    pub plan: Parallelism,
    /// Of an instance on Cloud Run.
    pub size: Size,
}

impl<'a> Part<'a> {
    pub fn new(app: &'a App, process: &'a Process) -> Self {
        Part { app, process, plan: app.parallelism(process, Runtime::Serverless), size: app.size(process) }
    }

    pub fn name(&self) -> String {
        self.app.workload(self.process)
    }

    pub fn is_knative(&self) -> bool {
        self.app.cloudrun.flavor == Flavor::Knative
    }
}
